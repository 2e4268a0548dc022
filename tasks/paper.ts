/**
 * Builds `paper/main.pdf` from the committed main.tex and what `reproduce` wrote beside it.
 *
 * @module
 */
import { takesNoArguments } from "./arguments.ts";

/** The Debian packages that have everything main.tex needs. */
const packages =
  "latexmk texlive-latex-recommended texlive-latex-extra texlive-pictures texlive-fonts-recommended lmodern";

/**
 * Runs latexmk in `folder`. Dates are fixed, so that equal sources give equal files.
 *
 * @throws {Error} If there is no latexmk, or LaTeX refuses the source: with the lines of the log that say why.
 */
export async function buildPaper(folder: string, source = "main.tex"): Promise<string> {
  const output = await latexmk(folder, source);
  const name = source.replace(/\.tex$/, "");
  if (!output.success) {
    const log = await Deno.readTextFile(`${folder}/${name}.log`).catch(() => "");
    throw new Error(
      `Cannot build the paper as LaTeX stopped:\n${
        errorLines(log) || new TextDecoder().decode(output.stderr)
      }`,
    );
  }
  return `${folder}/${name}.pdf`;
}

async function latexmk(folder: string, source: string): Promise<Deno.CommandOutput> {
  const command = new Deno.Command("latexmk", {
    args: ["-pdf", "-interaction=nonstopmode", "-halt-on-error", "-silent", source],
    cwd: folder,
    env: { SOURCE_DATE_EPOCH: "0", FORCE_SOURCE_DATE: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  try {
    return await command.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Cannot build the paper as latexmk was not found: install TeX Live, on Debian ${packages}`,
    );
  }
}

/** The first errors of a LaTeX log with the lines that follow each. */
function errorLines(log: string): string {
  const lines = log.split("\n");
  return lines.flatMap((line, index) => line.startsWith("!") ? lines.slice(index, index + 4) : []).slice(
    0,
    12,
  ).join("\n");
}

if (import.meta.main) {
  takesNoArguments("paper", "Builds paper/main.pdf from what reproduce wrote");
  try {
    console.log(`Built ${await buildPaper("paper")}`);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
