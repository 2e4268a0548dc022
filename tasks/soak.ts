/**
 * `deno task soak`: kills training at random moments, lets it go on, and compares what it ends in with an uninterrupted
 * training, byte for byte.
 *
 * @module
 */
import { RandomStream } from "../src/math/random_stream.ts";
import { takesNoArguments } from "./arguments.ts";
import { inOneSentence } from "./ending.ts";
import { makeFolder } from "./files.ts";
import { soakIdentity } from "./soak/training.ts";

/** What to do. */
export interface SoakOptions {
  /** How many processes to kill while they train. */
  readonly kills: number;
  /** Of the moments at which they are killed. */
  readonly seed: number;
  /** Epochs of the network that is trained. */
  readonly epochs: number;
  /** A folder for the runs; what is in it is lost. */
  readonly folder: string;
  /** Called with a line after each training that came to its end. */
  readonly onLine: (line: string) => void;
}

/** What came of it. */
export interface SoakReport {
  /** Processes killed. */
  readonly kills: number;
  /** Trainings that came to their end in spite of it. */
  readonly trainings: number;
  /** Files that differ from those of the uninterrupted training, or are missing or left over. */
  readonly differences: readonly string[];
}

const program = new URL("./soak/training.ts", import.meta.url).pathname;

/**
 * Kills `kills` processes with SIGKILL, each at a moment that is uniform over half the time that a whole training takes:
 * the later moments come when the next process goes on.
 *
 * @throws {Error} If the folder cannot be written, or a training fails other than by being killed.
 */
export async function soak({ kills, seed, epochs, folder, onLine }: SoakOptions): Promise<SoakReport> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await makeFolder(folder);
  const [reference, store] = [`${folder}/reference`, `${folder}/killed`];
  const { milliseconds } = await trainAndKill(reference, epochs, Infinity);
  const moments = new RandomStream(seed, "soak/moments");
  const differences: string[] = [];
  let done = 0;
  for (let trainings = 0;; trainings++) {
    let killed = true;
    for (; killed; done += Number(killed)) {
      const moment = done < kills ? moments.uniform() * milliseconds / 2 : Infinity;
      ({ killed } = await trainAndKill(store, epochs, moment));
    }
    differences.push(...await differingFiles(`${reference}/${soakIdentity}`, `${store}/${soakIdentity}`));
    onLine(`${done} kills, ${trainings + 1} trainings ended, ${differences.length} files differ`);
    await Deno.remove(store, { recursive: true });
    if (done >= kills) return { kills: done, trainings: trainings + 1, differences };
  }
}

/**
 * The files that are not the same in two folders of a run; measurements of single epochs are intermediate results, and
 * may be left over.
 */
export async function differingFiles(expected: string, found: string): Promise<string[]> {
  const [expectedFiles, foundFiles] = [await filesOf(expected), await filesOf(found)];
  const names = new Set([...expectedFiles.keys(), ...foundFiles.keys()]);
  return [...names].filter((name) => expectedFiles.get(name) !== foundFiles.get(name))
    .filter((name) => expectedFiles.has(name) || !/^epoch-\d+\.json$/.test(name));
}

async function filesOf(folder: string): Promise<Map<string, string>> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return new Map(
    await Promise.all(entries.map(async ({ name }): Promise<[string, string]> => {
      return [name, (await Deno.readFile(`${folder}/${name}`)).toBase64()];
    })),
  );
}

/** Trains in a process of its own, which is killed so many milliseconds after training has begun. */
async function trainAndKill(
  store: string,
  epochs: number,
  moment: number,
): Promise<{ killed: boolean; milliseconds: number }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", `--allow-write=${store}`, program, store, String(epochs)],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.stdout.getReader();
  await output.read();
  const begun = performance.now();
  const timer = Number.isFinite(moment) ? setTimeout(() => kill(child), moment) : undefined;
  const { success, signal } = await child.status;
  clearTimeout(timer);
  await output.cancel();
  if (!success && signal !== "SIGKILL") throw new Error("Cannot go on as training failed: see above");
  return { killed: !success, milliseconds: performance.now() - begun };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It may have come to its end just now.
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function main(): Promise<void> {
  const seed = Date.now() % 1e6;
  const started = performance.now();
  console.log(`Killing 200 trainings at random moments, seed ${seed}`);
  const options = { kills: 200, seed, epochs: 6, folder: "results/soak", onLine: console.log };
  const { kills, trainings, differences } = await soak(options);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${kills} kills over ${trainings} trainings in ${seconds} s: ${differences.length} files differ`,
  );
  if (differences.length > 0) throw new Error(`Not the same bits: ${differences.join(", ")}`);
}

if (import.meta.main) {
  takesNoArguments("soak", "Kills and resumes training at random moments and compares bits");
  await inOneSentence(main);
}
