/**
 * Claims with their verdicts as a table of a report: two columns, so that a phone shows them whole.
 *
 * @module
 */
import { escapeXml, plainMath } from "./math_text.ts";
import { printedNumber } from "./number_text.ts";

/** What became of a claim under one protocol. */
export interface ReportedVerdict {
  /** The protocol; empty where there is nothing to tell apart. */
  readonly protocol: string;
  /** `holds`, `fails` or `undecidable`: it is the class of the cell too. */
  readonly verdict: string;
  /** How far the deciding figure is on the claim's side; null where nothing decides. */
  readonly margin: number | null;
  /** What the margin is measured in. */
  readonly marginUnit: string;
  /** The figures that decided it, and what a reader must know. */
  readonly grounds: string;
}

/** A sentence of the paper with its verdicts. */
export interface ReportedClaim {
  /** Its name, which is its anchor too: letters, digits, dots and dashes. */
  readonly id: string;
  /** Where the paper says it. */
  readonly place: string;
  /** The sentence. */
  readonly sentence: string;
  /** A verdict a protocol. */
  readonly verdicts: readonly ReportedVerdict[];
}

/**
 * A table of claims, a row each: the verdicts with their margins on the left; sentence, place and grounds beside them.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * const verdict = { protocol: "", verdict: "fails", margin: -0.5, marginUnit: "ln", grounds: "x: 1" };
 * const html = claimsHtml([{ id: "small", place: "Section 7", sentence: "x < 1.", verdicts: [verdict] }]);
 * assertStringIncludes(html, '<p><span class="fails">fails</span><br>\u22120.50 ln</p>');
 * ```
 */
export function claimsHtml(claims: readonly ReportedClaim[]): string {
  return [
    '<table class="claims">',
    '<thead><tr><th scope="col" class="text">verdict, margin</th><th scope="col" class="text">claim</th></tr></thead>\n<tbody>',
    ...claims.map(claimRow),
    "</tbody></table>",
  ].join("\n");
}

function claimRow({ id, place, sentence, verdicts }: ReportedClaim): string {
  const told = verdicts.map((verdict) => `<p>${verdictHtml(verdict)}</p>`).join("");
  const grounds = verdicts.filter((verdict) => verdict.grounds !== "").map(groundsHtml).join("");
  const name = `<p class="note">${escapeXml(place)} · <code>${escapeXml(id)}</code></p>`;
  return `<tr id="claim-${escapeXml(id)}"><td class="text">${told}</td><td class="text"><p>${
    prose(sentence)
  }</p>${name}${grounds}</td></tr>`;
}

function verdictHtml({ protocol, verdict, margin, marginUnit }: ReportedVerdict): string {
  const under = protocol === "" ? "" : ` ${escapeXml(protocol)}`;
  const by = margin === null ? "" : `<br>${marginText(margin)} ${prose(marginUnit)}`;
  return `<span class="${escapeXml(verdict)}">${escapeXml(verdict)}</span>${under}${by}`;
}

function groundsHtml({ protocol, grounds }: ReportedVerdict): string {
  const under = protocol === "" ? "" : `<b>${escapeXml(protocol)}</b> `;
  return `<p class="note">${under}${prose(grounds)}</p>`;
}

function marginText(margin: number): string {
  return printedNumber(margin, 2).replace(/^-/, "\u2212");
}

function prose(text: string): string {
  return escapeXml(plainMath(text));
}
