// Sums of four entries at a time.

/** The sums with one more term. */
@inline
export function multiplyAdd(sums: v128, factor: v128, other: v128): v128 {
  return f32x4.add(sums, f32x4.mul(factor, other));
}

/** What the sums of C begin with: 0, or what is there. */
@inline
export function present(c: usize, isFirst: bool): v128 {
  return isFirst ? f32x4.splat(0) : v128.load(c);
}
