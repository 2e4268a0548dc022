/**
 * Goldens: the numbers that a reproduction must give again.
 *
 * @module
 */
import type { Artifact, WantedRun } from "../src/artifacts/artifact.ts";
import {
  type CellDifference,
  columnTolerance,
  differingCells,
  noTolerance,
  type ToleranceOf,
  wholeRowColumn,
} from "../src/artifacts/compare.ts";
import { networkName } from "../src/artifacts/narrow_networks.ts";
import {
  seedToleranceColumns,
  seedToleranceKeys,
  seedToleranceOf,
  seedTolerances,
} from "../src/artifacts/seed_tolerances.ts";
import { type ProfileName, profiles } from "../src/experiments/presets.ts";
import { fromCsv, toCsv } from "../src/render/csv.ts";
import type { Cell, Column, Row } from "../src/render/table.ts";
import { ifExists, writeWhole } from "./files.ts";
import { artifactCsv, type RunSelection } from "./reproduce.ts";

/** How fresh rows compare with a golden. */
export interface Comparison {
  /** The golden's path. */
  readonly path: string;
  /** Whether both files are equal, byte for byte. */
  readonly isIdentical: boolean;
  /** The cells that disagree: at all where bytes must be equal, else beyond tolerance. */
  readonly differences: readonly CellDifference[];
  /** How many rows of the golden were not asked for. */
  readonly leftOut: number;
}

/** What {@linkcode acceptGolden} changed. */
export interface Accepted {
  /** The golden's path. */
  readonly path: string;
  /** The cells of the golden that changed. */
  readonly differences: readonly CellDifference[];
  /** The cells of its tolerances that changed. */
  readonly toleranceDifferences: readonly CellDifference[];
}

/** Options of {@linkcode compareWithGolden}. */
export interface Strictness {
  /** Whether cells must be equal, as on an engine that is bit-exact. */
  readonly mustBeIdentical: boolean;
  /** The artifact's runs that were not asked for: the golden's rows of their networks are left out, and no other ones. */
  readonly leftOutRuns?: readonly WantedRun[];
}

/** Whether rows must be their golden's bit for bit: where both come from the engine that gives the same bits everywhere. */
export function isBitExact({ profile, engine }: Pick<RunSelection, "profile" | "engine">): boolean {
  return engine === "wasm" && profiles[profile].engine === "wasm";
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
 * @throws {Error} If there is no golden.
 * @throws {SyntaxError} If the golden or its tolerances lack a column, has one too many, or a cell that is no number.
 */
export async function compareWithGolden(
  artifact: Artifact,
  profile: ProfileName,
  rows: readonly Row[],
  { mustBeIdentical, leftOutRuns = [] }: Strictness,
): Promise<Comparison> {
  const path = goldenPath(artifact, profile);
  const golden = await goldenText(artifact, path);
  const fresh = artifactCsv(artifact, rows);
  const all = readRows(artifact.columns, golden, path);
  const askedFor = all.filter((row) => !leftOutRuns.some((run) => isRowOf(row, run)));
  const differences = differingCells(
    artifact,
    askedFor,
    fromCsv(fresh, artifact.columns),
    mustBeIdentical ? noTolerance : await storedTolerances(artifact, profile),
  );
  return { path, isIdentical: golden === fresh, differences, leftOut: all.length - askedFor.length };
}

/** What a row says of its network, in those of these columns that its artifact has. */
const networkColumns: Readonly<Record<string, (run: WantedRun) => Cell>> = {
  dataset: ({ hyperparameters }) => hyperparameters.dataset,
  paper_width: ({ paperWidth }) => paperWidth,
  network: networkName,
};

/** Whether a row names the network of a run; a row that names none is of all runs, and asked for with any. */
function isRowOf(row: Row, run: WantedRun): boolean {
  const named = Object.keys(networkColumns).filter((name) => name in row);
  return named.length > 0 && named.every((name) => row[name] === networkColumns[name](run));
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

/**
 * Refuses to go on without goldens, before anything is trained.
 *
 * @throws {Error} If an artifact has no golden in the profile: which, and what to do.
 */
export async function requireGoldens(artifacts: readonly Artifact[], profile: ProfileName): Promise<void> {
  const has = await Promise.all(artifacts.map((artifact) => hasGolden(artifact, profile)));
  const without = artifacts.filter((_, index) => !has[index]).map(({ id }) => id);
  if (without.length === 0) return;
  throw new Error(
    `Cannot verify ${
      without.join(", ")
    } as there is no golden in tests/golden/${profile}: name artifacts that have one, or make one by deno task accept:${
      without[0]
    } --profile ${profile}`,
  );
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

/** Options of {@linkcode acceptGolden}. */
export interface Acceptance {
  /** The rows of runs that were trained once more. */
  readonly again?: readonly Row[];
  /** Whether only some widths or data sets were asked for. */
  readonly isPart?: boolean;
}

/**
 * Makes the fresh rows the golden and returns its path with what changes. What its seeds, or runs that were trained once
 * more, differ by becomes the tolerance beside it.
 *
 * @throws {Error} If rows of a part would take the place of more.
 */
export async function acceptGolden(
  artifact: Artifact,
  profile: ProfileName,
  rows: readonly Row[],
  { again = [], isPart = false }: Acceptance = {},
): Promise<Accepted> {
  const path = goldenPath(artifact, profile);
  const fresh = artifactCsv(artifact, rows);
  const golden = await ifExists(Deno.readTextFile(path));
  const before = readable(artifact.columns, golden, path);
  const differences = differingCells(artifact, before, fromCsv(fresh, artifact.columns), noTolerance);
  const lost =
    differences.filter(({ column, fresh }) => column === wholeRowColumn && fresh === "missing").length;
  if (isPart && lost > 0) {
    throw new Error(
      `Cannot accept a part of ${path} as ${lost} of its rows would be lost: leave --width and --dataset out`,
    );
  }
  await writeWhole(path, fresh);
  const hasTolerances = profiles[profile].seeds > 1 || again.length > 0;
  const toleranceDifferences = hasTolerances
    ? await acceptTolerances(tolerancesPath(artifact, profile), seedTolerances(artifact, [...rows, ...again]))
    : [];
  return { path, differences, toleranceDifferences };
}

async function acceptTolerances(path: string, tolerances: readonly Row[]): Promise<CellDifference[]> {
  const fresh = toCsv(seedToleranceColumns, tolerances);
  const before = readable(seedToleranceColumns, await ifExists(Deno.readTextFile(path)), path);
  await writeWhole(path, fresh);
  const table = { columns: seedToleranceColumns, keys: seedToleranceKeys };
  return differingCells(table, before, fromCsv(fresh, seedToleranceColumns), noTolerance);
}

/** A golden whose columns have changed cannot be compared by cell: all of it counts as new, as where there is none. */
function readable(columns: readonly Column[], golden: string | undefined, path: string): readonly Row[] {
  try {
    return golden === undefined ? [] : readRows(columns, golden, path);
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
      `Cannot read the golden ${path}, which git restore brings back: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}
