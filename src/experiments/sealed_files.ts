/**
 * The files of a run as long as they are whole: one that was damaged counts as missing, so that whatever makes missing
 * files makes it again.
 *
 * @module
 */
import type { z } from "zod";
import type { TensorFile } from "../network/weights.ts";
import { parseRecord, recordJson } from "./record.ts";
import { readText, type RunFiles, writeText } from "./run_store.ts";
import { openJson, openTensors, sealJson, sealTensors } from "./seal.ts";

/** A run's files under seals. */
export class SealedFiles {
  readonly #files: RunFiles;
  readonly #owner: string;
  readonly #onNote: (text: string) => void;

  /**
   * Nothing is read or written yet.
   *
   * @param owner What the files belong to: the text of the run's hyper-parameters.
   * @param onNote Called with a sentence for each damaged file that is read.
   */
  constructor(files: RunFiles, owner: string, onNote: (text: string) => void = () => {}) {
    this.#files = files;
    this.#owner = owner;
    this.#onNote = onNote;
  }

  /** The JSON text of a record, or undefined where it is missing or damaged. */
  async readJson(name: string): Promise<string | undefined> {
    const sealed = await readText(this.#files, name);
    return sealed === undefined ? undefined : this.#ifWhole(name, () => openJson(sealed, this.#owner, name));
  }

  /** A record, or undefined where it is missing, damaged or of another version. */
  async readRecord<T>(schema: z.ZodType<T>, name: string): Promise<T | undefined> {
    const text = await this.readJson(name);
    if (text === undefined) return undefined;
    return this.#unlessRefused(name, "is of another version", () => parseRecord(schema, text, name));
  }

  /** Writes a record: an object that is not empty. */
  async writeJson(name: string, record: unknown): Promise<void> {
    await writeText(this.#files, name, sealJson(recordJson(record), this.#owner));
  }

  /** The tensors of a file, or undefined where it is missing or damaged. */
  async readTensors(name: string): Promise<TensorFile | undefined> {
    const sealed = await this.#files.read(name);
    return sealed && this.#ifWhole(name, () => openTensors(sealed, this.#owner, name));
  }

  /** Writes tensors. */
  async writeTensors(name: string, file: TensorFile): Promise<void> {
    await this.#files.write(name, sealTensors(file, this.#owner));
  }

  /** Removes a file if it exists. */
  async remove(name: string): Promise<void> {
    await this.#files.remove(name);
  }

  #ifWhole<T>(name: string, open: () => T): T | undefined {
    return this.#unlessRefused(name, "was cut, altered or moved", open);
  }

  #unlessRefused<T>(name: string, fault: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#onNote(`${name} ${fault} and counts as missing: what it held is computed again`);
      return undefined;
    }
  }
}
