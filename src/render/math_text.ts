/**
 * The little mathematics of titles and labels, where there is no LaTeX to set it.
 *
 * @module
 */

/** The commands that titles and labels use. */
const symbols: Readonly<Record<string, string>> = {
  "\\chi": "χ",
  "\\gamma": "γ",
  "\\Gamma": "Γ",
  "\\Delta": "Δ",
  "\\delta": "δ",
  "\\epsilon": "ε",
  "\\kappa": "κ",
  "\\lambda": "λ",
  "\\Psi": "Ψ",
  "\\rho": "ρ",
  "\\|": "‖",
  "\\sqrt": "√",
  "\\max": "max",
  "\\min": "min",
  "\\ln": "ln",
  "\\log": "log",
  "\\sum": "∑",
  "\\cdot": "·",
  "\\times": "×",
  "\\pm": "±",
  "\\le": "≤",
  "\\ge": "≥",
};

/**
 * A label as plain text: commands become characters, indices lose their marks.
 *
 * @param text Text; mathematics between two dollar signs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(plainMath("bound $3 p \\chi$ with $\\|\\Delta^l\\|_2$"), "bound 3 p χ with ‖Δl‖2");
 * ```
 */
export function plainMath(text: string): string {
  return parts(text).map(({ content, isMath }) => isMath ? unicode(content).replace(/[_^{}]/g, "") : content)
    .join("");
}

/**
 * A label as the content of an SVG text element: escaped, with raised and lowered indices.
 *
 * @param text Text; mathematics between two dollar signs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(svgMath("a < $b$"), "a &lt; b");
 * assertEquals(svgMath("$10^{-3}$"), '10<tspan dy="-.4em" font-size=".75em">-3</tspan>');
 * ```
 */
export function svgMath(text: string): string {
  return parts(text).map(({ content, isMath }) => isMath ? indexed(unicode(content)) : escapeXml(content))
    .join("");
}

/**
 * Writes text so that XML reads it as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(escapeXml('a < "b" & c'), "a &lt; &quot;b&quot; &amp; c");
 * ```
 */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

function parts(text: string): { content: string; isMath: boolean }[] {
  const pieces = text.split("$");
  if (pieces.length % 2 === 0) return [{ content: text, isMath: false }];
  return pieces.map((content, index) => ({ content, isMath: index % 2 === 1 }));
}

function unicode(math: string): string {
  return math
    .replace(/\\hat\s*\{?(\w)\}?/g, "$1\u0302")
    .replace(/\\(?:[A-Za-z]+|\|)\s?/g, (command) => symbols[command.trim()] ?? command);
}

/** An index moves the pen for all that follows, so the next piece moves it back. */
function indexed(math: string): string {
  let shift = 0;
  return [...math.matchAll(/([_^])(?:\{([^}]*)\}|(.))|([^_^]+)/gu)].map(([, mark, group, single, plain]) => {
    const back = -shift * 0.75;
    if (mark === undefined) {
      shift = 0;
      const content = escapeXml(plain.replace(/[{}]/g, ""));
      return back === 0 ? content : `<tspan dy="${em(back)}">${content}</tspan>`;
    }
    // Lengths in em follow the smaller size of an index itself.
    const own = mark === "_" ? 0.3 : -0.4;
    const dy = own - shift;
    shift = own;
    return `<tspan dy="${em(dy)}" font-size=".75em">${escapeXml(group ?? single)}</tspan>`;
  }).join("");
}

function em(length: number): string {
  return `${Number(length.toFixed(3))}em`.replace(/^(-?)0\./, "$1.");
}
