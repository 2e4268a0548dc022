import type { RunFiles, RunStore } from "../../src/experiments/run_store.ts";

/** A run store in memory, with a count of writes by file name. */
export class MemoryStore implements RunStore {
  readonly files = new Map<string, Uint8Array>();
  readonly writes = new Map<string, number>();

  run(identity: string): RunFiles {
    return {
      read: (name) => Promise.resolve(this.files.get(`${identity}/${name}`)),
      write: (name, bytes) => {
        this.files.set(`${identity}/${name}`, bytes.slice());
        this.writes.set(name, (this.writes.get(name) ?? 0) + 1);
        return Promise.resolve();
      },
      remove: (name) => {
        this.files.delete(`${identity}/${name}`);
        return Promise.resolve();
      },
    };
  }

  identities(): Promise<string[]> {
    return Promise.resolve([...new Set([...this.files.keys()].map((path) => path.split("/")[0]))].sort());
  }
}
