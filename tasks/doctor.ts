/**
 * Says what the machine lacks for the engine `tensorflow`, and how to get it.
 *
 * @module
 */
import { isSetUp, libraryFolder } from "../src/network/engines/tensorflow/library_folder.ts";
import { thisMachine } from "./setup_tensorflow/machine.ts";
import { diskFinding, examine, type Finding, type Machine } from "./setup_tensorflow/prerequisites.ts";
import { takesNoArguments } from "./arguments.ts";
import { inOneSentence } from "./ending.ts";
import { loadEngine, neededBytes, wantedWheels } from "./setup_tensorflow.ts";

/**
 * Examines the machine and the set-up.
 *
 * @param machine The machine.
 * @param folder The private folder of the set-up.
 * @param tryOut Loads what is set up and says what it is.
 */
export async function diagnose(
  machine: Machine,
  folder: string,
  tryOut: () => Promise<string>,
): Promise<Finding[]> {
  const { findings } = await examine(machine);
  const wheels = wantedWheels("cuda", machine);
  const disk = isSetUp(folder) ? [] : [diskFinding(neededBytes(wheels, folder), machine.freeBytes(folder))];
  return [...findings, ...disk, await engineFinding(folder, tryOut)];
}

async function engineFinding(folder: string, tryOut: () => Promise<string>): Promise<Finding> {
  const name = "engine";
  if (!isSetUp(folder)) {
    const remedy = "deno task setup:tensorflow, with --cpu for half the download and without CUDA";
    return { name, verdict: "note", detail: "the engine tensorflow is not set up", remedy };
  }
  try {
    return { name, verdict: "fine", detail: `${await tryOut()}, set up in ${folder}` };
  } catch (error) {
    const remedy = `remove ${folder} and run: deno task setup:tensorflow`;
    return { name, verdict: "missing", detail: `a TensorFlow that loads (${causeOf(error)})`, remedy };
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : causeOf(error.cause);
}

/**
 * A finding as it is printed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const finding = { name: "tar", verdict: "missing", detail: "tar", remedy: "apt-get install tar" } as const;
 * assertEquals(line(finding), "missing  tar: tar\n         apt-get install tar");
 * ```
 */
export function line({ name, verdict, detail, remedy }: Finding): string {
  const first = `${verdict.padEnd(9)}${name}: ${detail}`;
  return remedy ? `${first}\n         ${remedy}` : first;
}

if (import.meta.main) {
  takesNoArguments("doctor", "What the tensorflow engine lacks on this machine, and how to get it");
  await inOneSentence(async () => {
    const findings = await diagnose(await thisMachine(), libraryFolder(), loadEngine);
    findings.forEach((finding) => console.log(line(finding)));
    if (findings.some(({ verdict }) => verdict === "missing")) Deno.exit(1);
  });
}
