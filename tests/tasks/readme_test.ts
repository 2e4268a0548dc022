import { assertEquals, assertRejects } from "@std/assert";
import { filledReadme } from "../../tasks/readme.ts";

Deno.test("every table in the README is what the goldens, the kept records and paper/data/bench.csv hold", async () => {
  const readme = await Deno.readTextFile("README.md");
  assertEquals(await filledReadme(readme), readme);
});

Deno.test("a README without a block's markers is refused", async () => {
  await assertRejects(() => filledReadme("# nothing"), Error, "no markers <!-- results -->");
});
