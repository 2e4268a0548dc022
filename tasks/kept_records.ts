/**
 * The records of runs, without their weights, that are kept with the goldens of a profile whose engine is not
 * bit-exact: its artifacts follow from them in seconds, and nobody has to train for hours to check a number.
 *
 * @module
 */
import type { ProfileName } from "../src/experiments/presets.ts";
import { damagedFiles, measurementFile, runFileNames, type RunRequest } from "../src/experiments/run.ts";
import type { RunFiles, RunStore } from "../src/experiments/run_store.ts";

/** Where a profile's records are kept. */
export function keptRecordsFolder(profile: ProfileName): string {
  return `tests/golden/${profile}/runs`;
}

/**
 * A store that reads each run from `own` or, if it was never begun there, from `kept`. It writes to `own` alone, and
 * never mixes the files of one run.
 */
export function withKeptRecords(own: RunStore, kept: RunStore): RunStore {
  return {
    run(identity): RunFiles {
      const [files, keptFiles] = [own.run(identity), kept.run(identity)];
      const isBegun = async (): Promise<boolean> =>
        await files.read(runFileNames.hyperparameters) !== undefined;
      return {
        ...files,
        read: async (name) => await isBegun() ? await files.read(name) : await keptFiles.read(name),
      };
    },
    async identities(): Promise<string[]> {
      return [...new Set([...await own.identities(), ...await kept.identities()])].sort();
    },
  };
}

/**
 * Refuses kept records that are damaged, or of another run or version: trained again, they would not come to the same
 * numbers.
 *
 * @param runs Runs that are not finished, neither where runs are stored nor in the records.
 * @param folder Where the records are kept.
 * @throws {Error} If there is a damaged record: its files and what to do.
 */
export async function requireWholeRecords(
  runs: readonly KeptRun[],
  kept: RunStore,
  folder: string,
): Promise<void> {
  for (const run of runs) {
    const damaged = await damagedFiles(run, kept.run(run.identity));
    if (damaged.length === 0) continue;
    const names = damaged.join(", ");
    throw new Error(
      `Cannot use the kept record ${folder}/${run.identity} as ${names} must be whole and of this run and version: git restore ${folder} brings it back`,
    );
  }
}

/**
 * Refuses a folder of runs that were trained once more where it has none of an artifact's: what they differ by would be 0.
 *
 * @param id The artifact's.
 * @param runs The artifact's.
 * @param folder Where `again` is.
 * @throws {Error} If the folder has none of the runs.
 */
export async function requireRunsAgain(
  id: string,
  runs: readonly KeptRun[],
  again: RunStore,
  folder: string,
): Promise<void> {
  const begun = await Promise.all(
    runs.map(({ identity }) => again.run(identity).read(runFileNames.hyperparameters)),
  );
  if (begun.some((bytes) => bytes !== undefined)) return;
  throw new Error(
    `Cannot take the tolerances of ${id} from ${folder} as it must hold one of the artifact's runs, trained once more: it has none`,
  );
}

/** A run with its name in the store. */
export interface KeptRun extends RunRequest {
  /** `runIdentity`. */
  readonly identity: string;
}

/**
 * Copies the records of runs, not their weights, and returns how many files are new or changed.
 *
 * @param runs Finished runs.
 */
export async function keepRecords(runs: readonly KeptRun[], from: RunStore, to: RunStore): Promise<number> {
  let changed = 0;
  for (const { identity, measurements } of runs) {
    const { hyperparameters, training, provenance } = runFileNames;
    const names = [hyperparameters, training, provenance, ...measurements.map(measurementFile)];
    for (const name of names) {
      changed += Number(await copyIfChanged(name, from.run(identity), to.run(identity)));
    }
  }
  return changed;
}

async function copyIfChanged(name: string, from: RunFiles, to: RunFiles): Promise<boolean> {
  const [bytes, before] = await Promise.all([from.read(name), to.read(name)]);
  if (bytes === undefined || (before && areEqual(bytes, before))) return false;
  await to.write(name, bytes);
  return true;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
