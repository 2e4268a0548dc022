/**
 * Goldens: the numbers that a reproduction must give again.
 *
 * @module
 */
import type { Artifact } from "../src/artifacts/artifact.ts";
import {
  type CellDifference,
  columnTolerance,
  differingCells,
  noTolerance,
  type ToleranceOf,
} from "../src/artifacts/compare.ts";
import { seedToleranceColumns, seedToleranceOf, seedTolerances } from "../src/artifacts/seed_tolerances.ts";
import { type ProfileName, profiles } from "../src/experiments/presets.ts";
import { fromCsv, toCsv } from "../src/render/csv.ts";
import type { Column, Row } from "../src/render/table.ts";
import { ifExists, writeWhole } from "./files.ts";
import { artifactCsv } from "./reproduce.ts";

/** How fresh rows compare with a golden. */
export interface Comparison {
  /** The golden's path. */
  readonly path: string;
  /** Whether both files are equal, byte for byte. */
  readonly isIdentical: boolean;
  /** The cells that disagree: at all where bytes must be equal, else beyond tolerance. */
  readonly differences: readonly CellDifference[];
}

/** The golden's path. */
export function goldenPath({ id }: Artifact, profile: ProfileName): string {
  return `tests/golden/${profile}/${id}.csv`;
}

/** Beside the golden of a profile with several seeds: how far each column may be off, as its seeds justify. */
export function tolerancesPath({ id }: Artifact, profile: ProfileName): string {
  return `tests/golden/${profile}/${id}.tolerances.csv`;
}

/**
 * Compares fresh rows with the golden.
 *
 * @param mustBeIdentical Whether bytes must be equal, as on an engine that is bit-exact.
 * @throws {Error} If there is no golden.
 * @throws {SyntaxError} If the golden or its tolerances lack a column, has one too many, or a cell that is no number.
 */
export async function compareWithGolden(
  artifact: Artifact,
  profile: ProfileName,
  rows: readonly Row[],
  mustBeIdentical: boolean,
): Promise<Comparison> {
  const path = goldenPath(artifact, profile);
  const golden = await goldenText(artifact, path);
  const fresh = artifactCsv(artifact, rows);
  const differences = differingCells(
    artifact,
    readRows(artifact.columns, golden, path),
    fromCsv(fresh, artifact.columns),
    mustBeIdentical ? noTolerance : await storedTolerances(artifact, profile),
  );
  return { path, isIdentical: golden === fresh, differences };
}

/**
 * The rows of a golden.
 *
 * @throws {Error} If there is no golden.
 * @throws {SyntaxError} If it lacks a column, has one too many, or a cell that is no number.
 */
export async function goldenRows(artifact: Artifact, profile: ProfileName): Promise<readonly Row[]> {
  const path = goldenPath(artifact, profile);
  return readRows(artifact.columns, await goldenText(artifact, path), path);
}

/** Whether a profile has a golden of the artifact. */
export async function hasGolden(artifact: Artifact, profile: ProfileName): Promise<boolean> {
  return await ifExists(Deno.stat(goldenPath(artifact, profile))) !== undefined;
}

async function goldenText({ id }: Artifact, path: string): Promise<string> {
  const golden = await ifExists(Deno.readTextFile(path));
  if (golden !== undefined) return golden;
  throw new Error(`Cannot verify ${id} as there is no golden ${path}: deno task accept:${id} writes it`);
}

/**
 * Makes the fresh rows the golden and returns its path with the cells that change. What its seeds, or runs that were
 * trained once more, differ by becomes the tolerance beside it.
 *
 * @param again The rows of runs that were trained once more.
 */
export async function acceptGolden(
  artifact: Artifact,
  profile: ProfileName,
  rows: readonly Row[],
  again: readonly Row[] = [],
): Promise<Comparison> {
  const path = goldenPath(artifact, profile);
  const fresh = artifactCsv(artifact, rows);
  const golden = await ifExists(Deno.readTextFile(path));
  await writeWhole(path, fresh);
  if (profiles[profile].seeds > 1 || again.length > 0) {
    const tolerances = toCsv(seedToleranceColumns, seedTolerances(artifact, [...rows, ...again]));
    await writeWhole(tolerancesPath(artifact, profile), tolerances);
  }
  const before = golden === undefined ? [] : readable(artifact, golden, path);
  const differences = differingCells(artifact, before, fromCsv(fresh, artifact.columns), noTolerance);
  return { path, isIdentical: golden === fresh, differences };
}

/** A golden whose columns have changed cannot be compared by cell: all of it counts as new. */
function readable(artifact: Artifact, golden: string, path: string): readonly Row[] {
  try {
    return readRows(artifact.columns, golden, path);
  } catch {
    return [];
  }
}

async function storedTolerances(artifact: Artifact, profile: ProfileName): Promise<ToleranceOf> {
  const path = tolerancesPath(artifact, profile);
  const text = await ifExists(Deno.readTextFile(path));
  return text === undefined ? columnTolerance : seedToleranceOf(readRows(seedToleranceColumns, text, path));
}

function readRows(columns: readonly Column[], text: string, path: string): readonly Row[] {
  try {
    return fromCsv(text, columns);
  } catch (error) {
    throw new SyntaxError(
      `Cannot read the golden ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
}
