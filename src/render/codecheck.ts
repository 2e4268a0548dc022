/**
 * The manifest of a CODECHECK: which files an independent person should be able to make again.
 *
 * @module
 */

/** What a manifest says. */
export interface CodecheckManifest {
  /** The paper's title. */
  readonly title: string;
  /** The paper's authors. */
  readonly authors: readonly string[];
  /** The files to reproduce, by their path from the root of the repository, with what each is. */
  readonly files: readonly { readonly path: string; readonly comment: string }[];
}

/**
 * The content of `codecheck.yml` (CODECHECK configuration 1.0). What only the person who checks can say, and the
 * address of the repository, are left out, with a comment for each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const files = [{ path: "results/quick/table2.csv", comment: 'Table 2: "bounds"' }];
 * const lines = codecheckManifest({ title: "A paper", authors: ["Anonymous"], files }).split("\n");
 * assertEquals(lines.slice(6, 9), [
 *   "manifest:",
 *   '  - file: "results/quick/table2.csv"',
 *   '    comment: "Table 2: \\"bounds\\""',
 * ]);
 * ```
 */
export function codecheckManifest({ title, authors, files }: CodecheckManifest): string {
  const lines = [
    "---",
    `version: ${quoted("https://codecheck.org.uk/spec/config/1.0/")}`,
    "paper:",
    `  title: ${quoted(title)}`,
    "  authors:",
    ...authors.map((name) => `    - name: ${quoted(name)}`),
    files.length > 0 ? "manifest:" : "manifest: []",
    ...files.flatMap(({ path, comment }) => [
      `  - file: ${quoted(path)}`,
      `    comment: ${quoted(comment)}`,
    ]),
    "# repository: where this repository can be read",
    "# codechecker: who checked, a list of name and ORCID",
    "# summary, check_time, certificate, report: what the check came to",
  ];
  return lines.join("\n") + "\n";
}

/** Text in double quotes: YAML reads those of JSON. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
