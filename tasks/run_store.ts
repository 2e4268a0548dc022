/**
 * The run store on disk: one folder a run.
 *
 * @module
 */
import type { RunFiles, RunStore } from "../src/experiments/run_store.ts";
import { ifExists, writeWhole } from "./files.ts";

/** Opens the store in `folder`, which is made when something is written. */
export function openRunStore(folder: string): RunStore {
  return {
    run: (identity) => filesIn(`${folder}/${identity}`),
    async identities(): Promise<string[]> {
      const entries = await ifExists(Array.fromAsync(Deno.readDir(folder)));
      return (entries ?? []).filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
    },
  };
}

function filesIn(folder: string): RunFiles {
  return {
    read: (name) => ifExists(Deno.readFile(`${folder}/${name}`)),
    write: (name, bytes) => writeWhole(`${folder}/${name}`, bytes),
    async remove(name): Promise<void> {
      await ifExists(Deno.remove(`${folder}/${name}`));
    },
  };
}
