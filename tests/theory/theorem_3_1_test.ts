import { assertAlmostEquals, assertThrows } from "@std/assert";
import { compressionBound, compressionBoundPrinted } from "../../src/theory/theorem_3_1.ts";

const classifier = { marginLoss: 0.02, parameterCount: 70, levelCount: 8, exampleCount: 60000 };

Deno.test("bounds by the logarithm of the number of classifiers", () => {
  const count = Number(8n ** 70n);
  assertAlmostEquals(compressionBoundPrinted(classifier), 0.02 + Math.sqrt(Math.log(count) / 60000), 1e-15);
  assertAlmostEquals(
    compressionBoundPrinted(classifier, 3) - 0.02,
    3 * (compressionBoundPrinted(classifier) - 0.02),
  );
  assertAlmostEquals(
    compressionBound(classifier, 0.01),
    0.02 + Math.sqrt(Math.log(count / 0.01) / 120000),
    1e-15,
  );
});

Deno.test("charges nothing for parameters of one value", () => {
  assertAlmostEquals(compressionBoundPrinted({ ...classifier, levelCount: 1 }), 0.02);
});

Deno.test("refuses fields out of range", () => {
  assertThrows(() => compressionBoundPrinted({ ...classifier, marginLoss: 1.2 }), RangeError, "margin loss");
  assertThrows(
    () => compressionBoundPrinted({ ...classifier, parameterCount: -1 }),
    RangeError,
    "parameters",
  );
  assertThrows(() => compressionBoundPrinted({ ...classifier, levelCount: 0.5 }), RangeError, "values");
  assertThrows(() => compressionBoundPrinted({ ...classifier, exampleCount: 0 }), RangeError, "examples");
  assertThrows(() => compressionBound(classifier, 0), RangeError, "delta must be in (0, 1)");
});
