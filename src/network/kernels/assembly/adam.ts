// One step of Adam in one pass over the memory.

/**
 * Moments below this count as 0, and so does the square of a gradient below its root. A moment whose gradient has
 * become 0 decays into the subnormal numbers, which cost seventeen times the time; the quotient that it enters is
 * far below any weight's last bit long before.
 */
const TINY: f32 = 7.703719777548943e-34;
const TINY_ROOT: f32 = 2.7755575615628914e-17;

/** Bytes of the entries that rest together: those of a unit that ReLU has silenced, whose first moments have decayed. */
const REST_BYTES: usize = 64;

@inline
function flush(values: v128, limit: v128): v128 {
  return v128.andnot(values, f32x4.lt(f32x4.abs(values), limit));
}

@inline
function loadEntries(from: usize, isSingle: bool): v128 {
  return isSingle ? v128.load_zero<f32>(from) : v128.load(from);
}

@inline
function storeEntries(to: usize, values: v128, isSingle: bool): void {
  if (isSingle) v128.store_lane<f32>(to, values, 0);
  else v128.store(to, values);
}

/**
 * Moves the moments towards the gradient g and its square, then the parameter against their quotient:
 * m += (g - m) firstRate, v += (g g - v) secondRate, w -= stepSize m / (sqrt(v) rootScale + epsilon).
 */
export function applyAdam(
  length: i32, parameter: usize, gradient: usize, first: usize, second: usize,
  firstRate: f32, secondRate: f32, stepSize: f32, rootScale: f32, epsilon: f32,
): void {
  const rate1 = f32x4.splat(firstRate), rate2 = f32x4.splat(secondRate), size = f32x4.splat(stepSize);
  const scale = f32x4.splat(rootScale), shift = f32x4.splat(epsilon);
  const tiny = f32x4.splat(TINY), tinyRoot = f32x4.splat(TINY_ROOT);
  const blocked = <usize>(length & ~3) * 4, end = <usize>length * 4;
  let at: usize = 0;
  while (at < blocked) {
    if (at + REST_BYTES <= blocked && areZero(gradient + at, first + at)) {
      for (const rested = at + REST_BYTES; at < rested; at += 16) letDecay(second + at, rate2, tiny);
      continue;
    }
    for (const moved = min(at + REST_BYTES, blocked); at < moved; at += 16) {
      moveEntries(
        parameter + at, gradient + at, first + at, second + at, rate1, rate2, size, scale, shift, tiny, tinyRoot, false,
      );
    }
  }
  for (; at < end; at += 4) {
    moveEntries(
      parameter + at, gradient + at, first + at, second + at, rate1, rate2, size, scale, shift, tiny, tinyRoot, true,
    );
  }
}

/** Whether entries that rest together have neither a gradient nor a first moment. The first decides in most cases. */
@inline
function areZero(gradient: usize, first: usize): bool {
  if (v128.any_true(v128.load(gradient))) return false;
  const gradients = v128.or(
    v128.or(v128.load(gradient), v128.load(gradient, 16)), v128.or(v128.load(gradient, 32), v128.load(gradient, 48)),
  );
  const moments = v128.or(
    v128.or(v128.load(first), v128.load(first, 16)), v128.or(v128.load(first, 32), v128.load(first, 48)),
  );
  return !v128.any_true(v128.or(gradients, moments));
}

/** What the step is where there is neither: the second moments decay, in the same bits. */
@inline
function letDecay(second: usize, rate2: v128, tiny: v128): void {
  const v = v128.load(second);
  v128.store(second, flush(f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.splat(0), v), rate2)), tiny));
}

/** The step for four entries, or for one. */
@inline
function moveEntries(
  parameter: usize, gradient: usize, first: usize, second: usize,
  rate1: v128, rate2: v128, size: v128, scale: v128, shift: v128, tiny: v128, tinyRoot: v128, isSingle: bool,
): void {
  const g = loadEntries(gradient, isSingle), root = flush(g, tinyRoot);
  let m = loadEntries(first, isSingle), v = loadEntries(second, isSingle);
  m = flush(f32x4.add(m, f32x4.mul(f32x4.sub(g, m), rate1)), tiny);
  v = flush(f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(root, root), v), rate2)), tiny);
  storeEntries(first, m, isSingle), storeEntries(second, v, isSingle);
  const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), scale), shift);
  const move = f32x4.div(f32x4.mul(m, size), divisor);
  storeEntries(parameter, f32x4.sub(loadEntries(parameter, isSingle), move), isSingle);
}
