import { isDeepStrictEqual } from "node:util";

/**
 * Tells whether two values are deeply equal: same prototypes, same own enumerable keys, equal values under them.
 *
 * NaN equals NaN, 0 equals -0, a key that holds `undefined` differs from a missing key, and an object without
 * prototype equals a plain one. The order of the members of a Set or a Map is of no account.
 *
 * @param actual The value that was found.
 * @param expected The value that was wanted.
 * @returns Whether the two are deeply equal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(equal({ layers: [784, 10] }, { layers: [784, 10] }), true);
 * assertEquals(equal([0], [-0]), true);
 * assertEquals(equal({ bias: undefined }, {}), false);
 * ```
 */
export function equal(actual: unknown, expected: unknown): boolean {
  if (isDeepStrictEqual(actual, expected)) return true;
  return isDeepStrictEqual(
    withoutZeroSigns(actual, new Map()),
    withoutZeroSigns(expected, new Map()),
  );
}

/** Copy in which every -0 is 0 and every object without prototype is a plain one; `copies` ends circular walks. */
function withoutZeroSigns(
  value: unknown,
  copies: Map<object, unknown>,
): unknown {
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  return copyContainer(value, copies);
}

function copyContainer(value: object, copies: Map<object, unknown>): unknown {
  if (isFloatArray(value)) {
    return value.map((number) => number === 0 ? 0 : number);
  }
  if (value instanceof Map) return copyMap(value, copies);
  if (value instanceof Set) return copySet(value, copies);
  return hasOnlyOwnKeys(value) ? copyKeys(value, copies) : value;
}

function isFloatArray(value: object): value is Float32Array | Float64Array {
  return value instanceof Float32Array || value instanceof Float64Array;
}

/** Dates, regular expressions, URLs and their like keep their value in internal slots, which no copy of keys has. */
function hasOnlyOwnKeys(value: object): boolean {
  return Array.isArray(value) ||
    Object.prototype.toString.call(value) === "[object Object]";
}

function copyMap(
  map: Map<unknown, unknown>,
  copies: Map<object, unknown>,
): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  copies.set(map, copy);
  for (const [key, value] of map) {
    copy.set(withoutZeroSigns(key, copies), withoutZeroSigns(value, copies));
  }
  return copy;
}

function copySet(
  set: Set<unknown>,
  copies: Map<object, unknown>,
): Set<unknown> {
  const copy = new Set<unknown>();
  copies.set(set, copy);
  for (const value of set) copy.add(withoutZeroSigns(value, copies));
  return copy;
}

function copyKeys(value: object, copies: Map<object, unknown>): object {
  const copy: object = emptyLike(value);
  copies.set(value, copy);
  for (const key of Reflect.ownKeys(value)) copyKey(value, copy, key, copies);
  return copy;
}

function emptyLike(value: object): object {
  if (Array.isArray(value)) return new Array(value.length);
  return Object.create(Object.getPrototypeOf(value) ?? Object.prototype);
}

function copyKey(
  from: object,
  to: object,
  key: PropertyKey,
  copies: Map<object, unknown>,
): void {
  if (!Object.prototype.propertyIsEnumerable.call(from, key)) return;
  Object.defineProperty(to, key, {
    value: withoutZeroSigns(Reflect.get(from, key), copies),
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
