import { assert, assertEquals } from "@std/assert";
import { bisect, bisectIntegers } from "../../src/math/bisection.ts";

Deno.test("ends between neighbouring doubles, upwards and downwards", () => {
  const up = bisect(0, 10, (x) => x ** 3 < 5);
  assert(up.holds ** 3 < 5 && up.fails ** 3 >= 5 && up.holds + (up.fails - up.holds) / 2 === up.fails);
  const down = bisect(10, 0, (x) => x ** 3 > 5);
  assert(down.holds ** 3 > 5 && down.fails ** 3 <= 5 && down.holds > down.fails);
  assert(bisect(0, 1, (x) => x < 1e-300).fails <= 1.0000001e-300);
});

Deno.test("finds every integer boundary", () => {
  for (let boundary = -3; boundary < 12; boundary++) {
    assertEquals(bisectIntegers(-4, 12, (k) => k <= boundary), { holds: boundary, fails: boundary + 1 });
    assertEquals(bisectIntegers(13, -4, (k) => k > boundary), { holds: boundary + 1, fails: boundary });
  }
});
