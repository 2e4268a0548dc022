// Sums that round once for each term: fused multiply-add, so that they are the same bits on every processor.

/** The sums with one more term. */
@inline
export function multiplyAdd(sums: v128, factor: v128, other: v128): v128 {
  return IS_EMULATED ? emulate(sums, factor, other) : f32x4.relaxed_madd(factor, other, sums);
}

/** The same for a single sum. */
@inline
export function multiplyAddOne(sum: f32, factor: f32, other: f32): f32 {
  return f32x4.extract_lane(multiplyAdd(f32x4.splat(sum), f32x4.splat(factor), f32x4.splat(other)), 0);
}

/** Whether `multiplyAdd` rounds once here: the standard lets `relaxed_madd` round the product too. */
export function roundsOnce(): bool {
  return multiplyAddOne(-1.00048828125, 1.000244140625, 1.000244140625) != 0;
}

/** Stores sums. One that underflowed to -0 becomes 0, as it would if a term that is 0 were added. */
@inline
export function storeSums(c: usize, sums: v128): void {
  v128.store(c, f32x4.add(sums, f32x4.splat(0)));
}

/** What the sums of C begin with: 0, or what is there. */
@inline
export function present(c: usize, isFirst: bool): v128 {
  return isFirst ? f32x4.splat(0) : v128.load(c);
}

function emulate(sums: v128, factor: v128, other: v128): v128 {
  const low = emulateTwo(sums, factor, other), high = emulateTwo(upper(sums), upper(factor), upper(other));
  return v128.shuffle<f32>(low, high, 0, 1, 4, 5);
}

@inline
function upper(values: v128): v128 {
  return v128.shuffle<f32>(values, values, 2, 3, 2, 3);
}

/**
 * The first two in double precision, where the product is exact and the sum rounded to odd: where it is not exact, to that
 * of the two numbers beside it whose last bit is 1. Rounding it to single precision is then rounding the exact sum (Boldo
 * and Melquiond 2008).
 */
@inline
function emulateTwo(sums: v128, factor: v128, other: v128): v128 {
  const product = f64x2.mul(f64x2.promote_low_f32x4(factor), f64x2.promote_low_f32x4(other));
  const addend = f64x2.promote_low_f32x4(sums), sum = f64x2.add(product, addend), part = f64x2.sub(sum, product);
  const error = f64x2.add(f64x2.sub(product, f64x2.sub(sum, part)), f64x2.sub(addend, part));
  const zero = f64x2.splat(0), isBelow = f64x2.lt(error, zero), isAbove = f64x2.gt(error, zero);
  const isEven = i64x2.eq(v128.and(sum, i64x2.splat(1)), zero);
  const isTowardsZero = v128.xor(isBelow, f64x2.lt(sum, zero));
  // A true lane is -1: the last bit moves by 1 away from zero, by 1 - 2 towards it.
  const move = i64x2.add(i64x2.splat(1), i64x2.add(isTowardsZero, isTowardsZero));
  return f32x4.demote_f64x2_zero(i64x2.add(sum, v128.and(move, v128.and(isEven, v128.or(isBelow, isAbove)))));
}
