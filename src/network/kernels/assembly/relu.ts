// The gradient of the rectified linear unit.

/** Writes `gradient` where `output` is positive, else 0. */
export function reluGradient(length: i32, gradient: usize, output: usize, result: usize): void {
  let i = 0;
  for (; i + 4 <= length; i += 4, gradient += 16, output += 16, result += 16) {
    v128.store(result, v128.and(v128.load(gradient), f32x4.gt(v128.load(output), f32x4.splat(0))));
  }
  for (; i < length; i++, gradient += 4, output += 4, result += 4) {
    store<f32>(result, load<f32>(output) > 0 ? load<f32>(gradient) : 0);
  }
}
