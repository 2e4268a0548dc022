/**
 * Where an axis has its ticks, and what stands beside them.
 *
 * @module
 */

/**
 * Round numbers in [low, high], about `count` of them: multiples of 1, 2 or 5 times a power of ten.
 *
 * @throws {RangeError} If the interval is empty or not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(linearTicks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
 * ```
 */
export function linearTicks(low: number, high: number, count: number): number[] {
  requireInterval(low, high);
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // A product with a power of ten below 1 shows digits that no one wrote; a quotient does not.
  const multiple = (index: number): number => step < 1 ? index / Math.round(1 / step) : index * step;
  return Array.from({ length: last - first + 1 }, (_, index) => multiple(first + index));
}

/**
 * Powers of ten in [low, high], at most about `count`; 1, 2 and 5 times them where there would be fewer than three.
 *
 * @throws {RangeError} If the interval is empty, not finite or not positive.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(logarithmicTicks(1, 1000, 5), [1, 10, 100, 1000]);
 * assertEquals(logarithmicTicks(3, 60, 5), [5, 10, 20, 50]);
 * ```
 */
export function logarithmicTicks(low: number, high: number, count: number): number[] {
  requireInterval(low, high);
  if (!(low > 0)) {
    throw new RangeError(
      `Cannot place logarithmic ticks as the interval must be positive: current value is ${low}`,
    );
  }
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const isInside = (value: number): boolean => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const decades = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const inside = decades.filter((decade) => isInside(power(decade)));
  if (inside.length < 3) {
    return decades.flatMap((decade) => [1, 2, 5].map((digit) => digit * power(decade))).filter(isInside);
  }
  const every = Math.ceil(inside.length / count);
  return inside.filter((decade) => decade % every === 0).map(power);
}

/**
 * A tick's number as a label: plain where it is short, else a multiple of a power of ten, in mathematics.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([0, 0.25, 2000, 1e4, 2e-5].map(tickLabel), ["0", "0.25", "2000", "$10^{4}$", "$2 \\cdot 10^{-5}$"]);
 * ```
 */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e4)) return String(value).replace("-", "−");
  const [mantissa, exponent] = value.toExponential().split("e");
  const scale = `10^{${Number(exponent)}}`;
  return mantissa === "1" ? `$${scale}$` : `$${mantissa} \\cdot ${scale}$`;
}

function roundStep(step: number): number {
  const exponent = Math.floor(Math.log10(step));
  const leading = step / 10 ** exponent;
  const digit = leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10;
  return digit * 10 ** exponent;
}

/** Exact where `10 ** decade` may not be. */
function power(decade: number): number {
  return Number(`1e${decade}`);
}

function requireInterval(low: number, high: number): void {
  if (low < high && Number.isFinite(high - low)) return;
  throw new RangeError(
    `Cannot place ticks as the interval must be finite and not empty: current value is [${low}, ${high}]`,
  );
}
