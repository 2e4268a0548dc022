import { assertEquals } from "@std/assert";
import { escapeXml, plainMath, svgMath } from "../../src/render/math_text.ts";

Deno.test("plainMath() turns commands into characters and leaves text alone", () => {
  assertEquals(plainMath("$\\max(j_r, j_c) / (3 p \\chi)$"), "max(jr, jc) / (3 p χ)");
  assertEquals(plainMath("max $\\|f(x) - \\hat f(x)\\|_2$"), "max ‖f(x) - f\u0302(x)‖2");
  assertEquals(plainMath("costs 5 $, \\chi stays"), "costs 5 $, \\chi stays");
});

Deno.test("svgMath() comes back to the base line after an index", () => {
  assertEquals(
    svgMath("$j_r, x^{l}$ & y"),
    'j<tspan dy=".3em" font-size=".75em">r</tspan><tspan dy="-.225em">, x</tspan>' +
      '<tspan dy="-.4em" font-size=".75em">l</tspan> &amp; y',
  );
});

Deno.test("escapeXml() leaves nothing that XML would read", () => {
  assertEquals(escapeXml(`<a href="x">&</a>`), "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;");
});
