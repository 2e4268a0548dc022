/**
 * The contract of `@std/assert`, as its documentation states it, for the functions that this package uses. node:assert
 * is the judge, so that no assertion under test vouches for itself.
 */
import judge from "node:assert/strict";
import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
  fail,
  unreachable,
} from "@std/assert";

/** The assertion fails, with an AssertionError whose message contains every text of `parts`. */
function fails(assertion: () => unknown, ...parts: string[]): void {
  judge.throws(assertion, (error) => {
    judge.ok(error instanceof AssertionError, `not an AssertionError: ${error}`);
    for (const part of parts) judge.ok(error.message.includes(part), `"${part}" is not in: ${error.message}`);
    return true;
  });
}

async function failsLater(assertion: () => Promise<unknown>, ...parts: string[]): Promise<void> {
  const outcome = await assertion().then(() => () => {}, (error) => () => {
    throw error;
  });
  fails(outcome, ...parts);
}

const equalPairs: [unknown, unknown][] = [
  ["a", "a"],
  [NaN, NaN],
  [0, -0],
  [[1, [0]], [1, [-0]]],
  [{ a: 1, b: { c: 0 } }, { b: { c: -0 }, a: 1 }],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  [new Map([["a", [0]], ["b", [1]]]), new Map([["b", [1]], ["a", [-0]]])],
  [new Set([1, 2, 3]), new Set([3, 2, 1])],
  [new Set([1, new Set([2, 3])]), new Set([new Set([3, 2]), 1])],
  [new Map([[{ x: 1 }, true]]), new Map([[{ x: 1 }, true]])],
  [new Float64Array([0, NaN]), new Float64Array([-0, NaN])],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [/d/g, /d/g],
  [new Date(Number.NaN), new Date(Number.NaN)],
  [new URL("https://example.test"), new URL("https://example.test")],
  [{ [Symbol.for("a")]: 1 }, { [Symbol.for("a")]: 1 }],
];

const unequalPairs: [unknown, unknown][] = [
  [1, "1"],
  [1, 1n],
  [null, undefined],
  [{}, null],
  [[1, 2, 3], [1, 3, 2]],
  [[1, 2, 3, 4], [1, 2, 3]],
  [{ a: undefined }, {}],
  [{ a: undefined, b: undefined }, { a: undefined, c: undefined }],
  [{ a: [0, 1] }, { a: [-0, 2] }],
  [new Set([1, 2]), new Set([3, 2, 1])],
  [new Map([["a", "b"]]), new Map([["b", "a"]])],
  [new Uint8Array([1]), new Int8Array([1])],
  [new Float32Array([0.1]), new Float64Array([0.1])],
  [/d/, /d/g],
  [new Date(0), new Date(1)],
  [new URL("https://example.test"), new URL("https://example.test/path")],
  [{ [Symbol("a")]: 1 }, { [Symbol("a")]: 1 }],
  [new (class A {})(), new (class B {})()],
];

Deno.test("equal() compares deeply", () => {
  for (const [left, right] of equalPairs) judge.equal(equal(left, right), true, Deno.inspect([left, right]));
  for (const [left, right] of unequalPairs) {
    judge.equal(equal(left, right), false, Deno.inspect([left, right]));
  }
});

Deno.test("equal() is symmetric", () => {
  for (const [left, right] of [...equalPairs, ...unequalPairs]) {
    judge.equal(equal(left, right), equal(right, left), Deno.inspect([left, right]));
  }
});

Deno.test("equal() ends on circular objects", () => {
  const circular = (zero: number) => {
    const object: Record<string, unknown> = { zero };
    object.self = object;
    return object;
  };
  judge.equal(equal(circular(0), circular(-0)), true);
  judge.equal(equal(circular(0), circular(1)), false);
});

Deno.test("assertEquals() and assertNotEquals() agree with equal()", () => {
  for (const [left, right] of equalPairs) {
    assertEquals(left, right);
    fails(() => assertNotEquals(left, right));
  }
  for (const [left, right] of unequalPairs) {
    assertNotEquals(left, right);
    fails(() => assertEquals(left, right));
  }
});

Deno.test("assertEquals() shows the difference and the caller's words", () => {
  fails(() => assertEquals({ width: 784 }, { width: 500 }), "Values are not equal.", "784", "500");
  fails(() => assertEquals(1, 2, "widths"), "Values are not equal: widths");
});

Deno.test("assertNotEquals() prints the caller's words", () => {
  fails(() => assertNotEquals(1, 1, "seeds"), "Expected actual: 1 not to be: 1: seeds");
});

Deno.test("assertStrictEquals() is Object.is", () => {
  const object = {};
  assertStrictEquals(object, object);
  assertStrictEquals(NaN, NaN);
  fails(() => assertStrictEquals({}, {}));
  fails(() => assertStrictEquals(0, -0));
  fails(() => assertStrictEquals(1, 2, "ids"), "Values are not strictly equal: ids");
});

Deno.test("assertAlmostEquals() allows 1e-7 of the expected value by default", () => {
  assertAlmostEquals(1.000000001e-8, 1.000000002e-8);
  assertAlmostEquals(1 + 0.9e-7, 1);
  assertAlmostEquals(-1e9 - 99, -1e9);
  fails(() => assertAlmostEquals(1 + 1.1e-7, 1));
  fails(() => assertAlmostEquals(-1e9 - 101, -1e9));
  fails(() => assertAlmostEquals(1e-8, 1e-9));
});

Deno.test("assertAlmostEquals() allows nothing around zero by default", () => {
  assertAlmostEquals(-0, 0);
  fails(() => assertAlmostEquals(Number.MIN_VALUE, 0));
});

Deno.test("assertAlmostEquals() takes an absolute tolerance, which it includes", () => {
  assertAlmostEquals(0.01, 0.02, 0.1);
  assertAlmostEquals(0.1 + 0.2, 0.3, 1e-16);
  assertAlmostEquals(1.5, 1, 0.5);
  fails(() => assertAlmostEquals(0.1 + 0.2, 0.3, 1e-17));
  fails(() => assertAlmostEquals(1, 2, 0.5, "chi"), 'Expected actual: "1" to be close to "2"', "chi");
});

Deno.test("assertAlmostEquals() treats NaN and the infinities as equal to themselves only", () => {
  assertAlmostEquals(NaN, NaN);
  assertAlmostEquals(Infinity, Infinity);
  fails(() => assertAlmostEquals(NaN, 1, 1e300));
  fails(() => assertAlmostEquals(1, NaN, 1e300));
  fails(() => assertAlmostEquals(1, Infinity));
  fails(() => assertAlmostEquals(Infinity, -Infinity));
});

Deno.test("the comparisons hold at and around equality", () => {
  assertGreater(2, 1);
  assertGreaterOrEqual(2, 2);
  assertLess(1, 2);
  assertLessOrEqual(2, 2);
  fails(() => assertGreater(2, 2), "Expect 2 > 2");
  fails(() => assertGreaterOrEqual(1, 2), "Expect 1 >= 2");
  fails(() => assertLess(2, 2), "Expect 2 < 2");
  fails(() => assertLessOrEqual(2, 1), "Expect 2 <= 1");
});

Deno.test("the comparisons fail on NaN and print the caller's words", () => {
  for (const compare of [assertGreater, assertGreaterOrEqual, assertLess, assertLessOrEqual]) {
    fails(() => compare(NaN, 1), "NaN");
    fails(() => compare(NaN, NaN, "no order"), "no order");
  }
});

Deno.test("assert() takes any truthy value", () => {
  for (const value of [true, 1, "a", [], {}]) assert(value);
  for (const value of [false, 0, "", null, undefined, NaN]) fails(() => assert(value, "falsy"), "falsy");
});

Deno.test("assertExists() refuses null and undefined only", () => {
  for (const value of [0, "", false, NaN]) assertExists(value);
  fails(() => assertExists(null), 'Expected actual: "null" to not be null or undefined.');
  fails(() => assertExists(undefined, "margin"), "margin");
});

Deno.test("assertStringIncludes() and assertMatch() search the text", () => {
  assertStringIncludes("Lemma 5.1", "5.1");
  assertMatch("Lemma 5.1", /\d\.\d$/);
  fails(() => assertStringIncludes("Lemma", "5", "where"), 'Expected actual: "Lemma" to contain: "5": where');
  fails(() => assertMatch("Lemma", /5/, "where"), 'Expected actual: "Lemma" to match: "/5/": where');
});

Deno.test("assertArrayIncludes() wants every element, deeply", () => {
  assertArrayIncludes([1, 2, 3], [3, 1]);
  assertArrayIncludes([{ h: 1 }, { h: 2 }], [{ h: 2 }]);
  assertArrayIncludes(new Uint8Array([1, 2]), new Uint8Array([2]));
  assertArrayIncludes([NaN, 0], [NaN, -0]);
  fails(() => assertArrayIncludes([1, 2], [2, 3], "layers"), "layers", "missing", "3");
});

Deno.test("assertObjectMatch() wants a part, at every depth", () => {
  assertObjectMatch({ foo: 1, bar: 2 }, { foo: 1 });
  assertObjectMatch({ foo: { bar: 3, baz: 4 } }, { foo: { bar: 3 } });
  assertObjectMatch({ list: [1, { a: 1, b: 2 }] }, { list: [1, { a: 1 }] });
  fails(() => assertObjectMatch({ foo: "bar" }, { foo: "baz" }));
  fails(() => assertObjectMatch({ foo: 1 }, { foo: 1, bar: 2 }));
  fails(() => assertObjectMatch({ foo: { bar: 3 } }, { foo: { bar: 3, baz: 4 } }));
  fails(() => assertObjectMatch({ list: [1] }, { list: [1, 2] }, "record"), "record");
});

Deno.test("assertInstanceOf() knows subclasses and names the class found", () => {
  assertInstanceOf(new RangeError("x"), Error);
  fails(() => assertInstanceOf(new Error("x"), RangeError), '"RangeError"', '"Error"');
  fails(() => assertInstanceOf(null, Date, "when"), '"Date"', '"null"', "when");
  fails(() => assertInstanceOf(5, Date), '"number"');
});

Deno.test("fail() and unreachable() always fail", () => {
  fails(() => fail("on purpose"), "Failed assertion: on purpose");
  fails(() => unreachable(), "Unreachable.");
});

Deno.test("AssertionError is an Error with its own name and a cause", () => {
  const error = new AssertionError("message", { cause: "cause" });
  judge.ok(error instanceof Error);
  judge.deepEqual([error.name, error.message, error.cause], ["AssertionError", "message", "cause"]);
});

Deno.test("assertThrows() returns what was thrown", () => {
  const thrown = new RangeError("d must be >= 0");
  const throwing = () => {
    throw thrown;
  };
  judge.equal(assertThrows(throwing), thrown);
  const typed: RangeError = assertThrows(throwing, RangeError, "must be");
  judge.equal(typed, thrown);
  judge.equal(assertThrows(throwing, Error), thrown);
});

Deno.test("assertThrows() fails on silence, another class, another message", () => {
  const throwing = () => {
    throw new TypeError("wrong shape");
  };
  fails(() => assertThrows(() => 1), "Expected function to throw.");
  fails(() => assertThrows(() => 1, "quiet"), "Expected function to throw: quiet");
  fails(() => assertThrows(() => 1, Error, "x", "quiet"), "Expected function to throw: quiet");
  fails(() => assertThrows(throwing, RangeError), 'instance of "RangeError", but was "TypeError"');
  fails(() => assertThrows(throwing, TypeError, "wrong width"), '"wrong width"', '"wrong shape"');
});

Deno.test("assertThrows() takes any value without a class and errors only with one", () => {
  const throwing = () => {
    throw "text";
  };
  judge.equal(assertThrows(throwing), "text");
  fails(() => assertThrows(throwing, Error), "A non-Error object was thrown.");
});

Deno.test("assertRejects() resolves to the reason", async () => {
  const reason = new RangeError("no data");
  judge.equal(await assertRejects(() => Promise.reject(reason)), reason);
  const typed: RangeError = await assertRejects(() => Promise.reject(reason), RangeError, "data");
  judge.equal(typed, reason);
});

Deno.test("assertRejects() fails on success, another class, another message", async () => {
  const rejecting = () => Promise.reject(new TypeError("wrong shape"));
  await failsLater(() => assertRejects(() => Promise.resolve()), "Expected function to reject.");
  await failsLater(() => assertRejects(() => Promise.resolve(), Error, "x", "quiet"), "to reject: quiet");
  await failsLater(() => assertRejects(rejecting, RangeError), '"RangeError", but was "TypeError"');
  await failsLater(() => assertRejects(rejecting, TypeError, "wrong width"), '"wrong width"');
  await failsLater(
    () => assertRejects(() => Promise.reject("text"), Error),
    "A non-Error object was rejected.",
  );
});

Deno.test("assertRejects() fails on a function that throws before it returns a promise", async () => {
  const throwing = (): Promise<void> => {
    throw new TypeError("too early");
  };
  await failsLater(() => assertRejects(throwing, TypeError), "Function throws when expected to reject.");
});
