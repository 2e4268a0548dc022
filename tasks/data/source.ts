/**
 * What a place is that raw files can come from.
 *
 * @module
 */
import type { DatasetName } from "../../src/datasets/dataset.ts";
import type { RawFile } from "../../src/datasets/raw_files.ts";
import type { Progress } from "./progress.ts";

/** What a source is asked for. */
export interface Wanted {
  /** The data set. */
  readonly name: DatasetName;
  /** Its raw files. */
  readonly files: readonly RawFile[];
  /** A folder that the source may write to; it is removed afterwards. */
  readonly partialFolder: string;
  /** Aborted when the process is interrupted. */
  readonly signal: AbortSignal;
  /** Who hears how the transfer goes. */
  readonly progress: Progress;
}

/** A place that raw files can come from. */
export interface Source {
  /** The place, as it is called in messages. */
  readonly label: string;
  /** What the user can do when content from here is refused, as a sentence. */
  readonly advice: string;
  /**
   * Reads every wanted file in its canonical form, by name. The content is not verified yet.
   *
   * @throws {Error} If any file cannot be had here.
   */
  read(wanted: Wanted): Promise<ReadonlyMap<string, Uint8Array>>;
}
