import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../src/math/random_stream.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { emulatedKernelsModule, kernelsModule } from "../../src/network/kernels/kernels_module.js";
import type { KernelExports } from "../../src/network/kernels/kernels.ts";
import { compileKernels, kernelModules } from "../../tasks/kernels.ts";
import { bits, orderedProduct } from "./ordered_product.ts";

/** Unit roundoff of float32. */
const ROUNDOFF = 2 ** -24;

/** A sum of n products in any order is off by at most n roundoffs, and a little, times the sum of magnitudes. */
const MARGIN = 1.01;

/** Rows, columns, depth: small, odd, prime, whole tiles, beyond one block or panel, few rows, few terms, one column. */
const SHAPES = [
  [1, 1, 1],
  [3, 5, 7],
  [13, 17, 11],
  [16, 24, 32],
  [29, 31, 37],
  [300, 18, 9],
  [9, 10, 1030],
  [1030, 9, 515],
  [70, 150, 400],
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((rows) => [rows, 23, 19]),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((depth) => [21, 10, depth]),
  [40, 1, 50],
] as const;

const TRANSPOSITIONS = [[false, false], [false, true], [true, false], [true, true]] as const;

function normals(length: number, name: string): Float32Array {
  const stream = new RandomStream(7, name);
  return Float32Array.from({ length }, () => stream.normal());
}

function entryOf(values: Float32Array, height: number, width: number, isTransposed: boolean) {
  return (row: number, column: number) =>
    isTransposed ? values[column * height + row] : values[row * width + column];
}

/** The product and the product of magnitudes in float64, by the definition. */
function exactProduct(
  rows: number,
  columns: number,
  depth: number,
  a: (row: number, column: number) => number,
  b: (row: number, column: number) => number,
): { product: Float64Array; magnitude: Float64Array } {
  const product = new Float64Array(rows * columns), magnitude = new Float64Array(rows * columns);
  for (let at = 0; at < product.length; at++) {
    for (let p = 0; p < depth; p++) {
      const term = a(Math.floor(at / columns), p) * b(p, at % columns);
      product[at] += term;
      magnitude[at] += Math.abs(term);
    }
  }
  return { product, magnitude };
}

function assertWithin(
  actual: ArrayLike<number>,
  expected: Float64Array,
  bound: (at: number) => number,
): void {
  assertEquals(actual.length, expected.length);
  for (let at = 0; at < expected.length; at++) {
    assertAlmostEquals(actual[at], expected[at], bound(at), `entry ${at}`);
  }
}

/** Runs `body` on the wasm engine and checks that it leaves no tensor behind. */
async function onWasm(body: () => void): Promise<void> {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  tf.tidy(body);
  assertEquals(tf.memory().numTensors, before);
  wasmEngine.dispose();
}

function sides(height: number, width: number, isTransposed: boolean): [number, number] {
  return isTransposed ? [width, height] : [height, width];
}

for (const file of Object.keys(kernelModules)) {
  Deno.test(`the committed ${file} is what its sources compile to`, async () => {
    const committed = await Deno.readFile(new URL(`../../src/${file}`, import.meta.url));
    assertEquals(committed, await compileKernels(file));
  });
}

Deno.test("the modules import the memory and would write nothing of their own into it", async () => {
  for (const module of [kernelsModule, emulatedKernelsModule]) {
    assertEquals(WebAssembly.Module.imports(module), [{ module: "env", name: "memory", kind: "memory" }]);
    const memory = new WebAssembly.Memory({ initial: 256 });
    const pages = new Uint8Array(memory.buffer).fill(170);
    await WebAssembly.instantiate(module, { env: { memory } });
    assert(pages.every((byte) => byte === 170));
  }
});

for (const [transposeA, transposeB] of TRANSPOSITIONS) {
  Deno.test(`multiplies as float64 does, transposed ${transposeA}, ${transposeB}`, () =>
    onWasm(() => {
      for (const [rows, columns, depth] of SHAPES) {
        const a = normals(rows * depth, "a"), b = normals(depth * columns, "b");
        const product = tf.matMul(
          tf.tensor2d(a, sides(rows, depth, transposeA)),
          tf.tensor2d(b, sides(depth, columns, transposeB)),
          transposeA,
          transposeB,
        );
        const exact = exactProduct(
          rows,
          columns,
          depth,
          entryOf(a, rows, depth, transposeA),
          entryOf(b, depth, columns, transposeB),
        );
        assertEquals(product.shape, [rows, columns]);
        const bound = (at: number) => MARGIN * (depth + 1) * ROUNDOFF * exact.magnitude[at];
        assertWithin(product.dataSync(), exact.product, bound);
      }
    }));
}

Deno.test("multiplies batches that broadcast, matrix by matrix", () =>
  onWasm(() => {
    const batches = [[[2], [2]], [[1], [3]], [[4], []], [[2, 1], [1, 3]], [[2, 3], [3]], [[], [2, 2]]];
    for (const [batchA, batchB] of batches) {
      const a = tf.tensor(normals(tf.util.sizeFromShape(batchA) * 15, "batch a"), [...batchA, 3, 5]);
      const b = tf.tensor(normals(tf.util.sizeFromShape(batchB) * 35, "batch b"), [...batchB, 7, 5]);
      const product = tf.matMul(a, b, false, true);
      const batch = product.shape.slice(0, -2);
      assertEquals(batch, tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB));
      const matricesA = tf.unstack(tf.broadcastTo(a, [...batch, 3, 5]).reshape([-1, 3, 5]));
      const matricesB = tf.unstack(tf.broadcastTo(b, [...batch, 7, 5]).reshape([-1, 7, 5]));
      const products = matricesA.map((matrix, at) => tf.matMul(matrix, matricesB[at], false, true));
      assertEquals(product.dataSync(), tf.stack(products).dataSync());
    }
  }));

Deno.test("a product without terms is 0", () =>
  onWasm(() => {
    tf.fill([16], 3);
    assertEquals(tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).arraySync(), [[0, 0, 0], [0, 0, 0]]);
  }));

Deno.test("a product without rows, or without columns, is empty", () =>
  wasmEngine.select().then(() => {
    for (const [transposeA, transposeB] of TRANSPOSITIONS) {
      for (const [rows, columns, depth] of [[0, 3, 5], [3, 0, 5], [0, 0, 5], [0, 20, 20]]) {
        const a = tf.ones<tf.Rank.R2>(transposeA ? [depth, rows] : [rows, depth]);
        const b = tf.ones<tf.Rank.R2>(transposeB ? [columns, depth] : [depth, columns]);
        const product = tf.matMul(a, b, transposeA, transposeB);
        assertEquals([product.shape, [...product.dataSync()]], [[rows, columns], []]);
        tf.dispose([a, b, product]);
      }
    }
  }));

Deno.test("a product takes nothing over from what its memory held before, in every path", () =>
  onWasm(() => {
    for (
      const [rows, columns, depth] of [[1, 9, 3], [2, 9, 4], [5, 9, 6], [20, 9, 3], [20, 9, 4], [20, 9, 11]]
    ) {
      for (const transposeB of [false, true]) {
        const [a, b] = [[rows, depth], sides(depth, columns, transposeB)].map((shape) => tf.ones(shape));
        // What is freed last is handed out first.
        tf.fill([rows, columns], NaN).dispose();
        const product = tf.matMul(a, b, false, transposeB);
        assertEquals(product.dataSync(), new Float32Array(rows * columns).fill(depth));
      }
    }
  }));

Deno.test("NaN and infinities go where IEEE arithmetic takes them, in every path", () =>
  onWasm(() => {
    for (const [rows, columns, depth] of [[2, 13, 11], [17, 13, 11], [17, 13, 3], [17, 1, 11]]) {
      for (const [transposeA, transposeB] of TRANSPOSITIONS) {
        const a = normals(rows * depth, "a"), b = normals(depth * columns, "b");
        a[0] = Infinity, a[a.length - 1] = NaN, b[b.length - 1] = -Infinity, b[0] = 0;
        const product = tf.matMul(
          tf.tensor2d(a, sides(rows, depth, transposeA)),
          tf.tensor2d(b, sides(depth, columns, transposeB)),
          transposeA,
          transposeB,
        );
        const entryA = entryOf(a, rows, depth, transposeA), entryB = entryOf(b, depth, columns, transposeB);
        const exact = exactProduct(rows, columns, depth, entryA, entryB).product;
        const finiteOrKind = (value: number) => Number.isFinite(value) ? "finite" : value;
        assertEquals(Array.from(product.dataSync(), finiteOrKind), Array.from(exact, finiteOrKind));
      }
    }
  }));

function transposed(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  return values.map((_, at) => values[at % rows * columns + Math.floor(at / rows)]);
}

Deno.test("terms in which an operand is zero are skipped without changing a bit", () =>
  onWasm(() => {
    // Beyond one block of rows, of terms, and one panel; the products of the tiny ones underflow.
    const [rowsApart, termsApart] = [[1030, 45, 300], [40, 90, 1100]];
    const isDead = (term: number) => term % 29 < 11 || (term > 290 && term < 1050);
    for (
      const [[rows, columns, depth], share, scale] of [
        [rowsApart, 0, 1],
        [rowsApart, 0.05, 1],
        [rowsApart, 0.4, 1],
        [rowsApart, 0.4, 1e-45],
        [rowsApart, 0.9, 1],
        [termsApart, 0.1, 1],
        [termsApart, 1, 1],
      ] as const
    ) {
      const b = normals(depth * columns, "dense").map((value) => scale * value);
      const transposedB = transposed(b, columns);
      const stream = new RandomStream(7, "zeros");
      const a = normals(rows * depth, "sparse").map((value, at) =>
        stream.uniform() < share && !isDead(at % depth) ? value : 0
      );
      const expected = orderedProduct(a, b, columns, depth), mirroredExpected = transposed(expected, columns);
      const transposedA = transposed(a, depth);
      for (const [transposeA, transposeB] of TRANSPOSITIONS) {
        const left = transposeA ? tf.tensor2d(transposedA, [depth, rows]) : tf.tensor2d(a, [rows, depth]);
        const right = transposeB
          ? tf.tensor2d(transposedB, [columns, depth])
          : tf.tensor2d(b, [depth, columns]);
        const product = tf.matMul(left, right, transposeA, transposeB).dataSync<"float32">();
        assertEquals(bits(product), bits(expected));
        const mirrored = tf.matMul(right, left, !transposeB, !transposeA).dataSync<"float32">();
        assertEquals(bits(mirrored), bits(mirroredExpected));
      }
    }
  }));

Deno.test("the product is transposed where the right operand has more zeros to skip than the left", () => {
  const memory = new WebAssembly.Memory({ initial: 256 });
  const kernels = new WebAssembly.Instance(kernelsModule, { env: { memory } }).exports as KernelExports;
  const [rows, columns, depth, second] = [100, 128, 200, 2 ** 15];
  const isTransposed = (shareOfA: number, shareOfB: number, few = rows) => {
    const stream = new RandomStream(7, "shares"), entries = new Float32Array(memory.buffer);
    const place = (at: number, length: number, share: number) =>
      entries.set(Float32Array.from({ length }, () => stream.uniform() < share ? 1 : 0), at);
    place(0, rows * depth, shareOfA), place(second, columns * depth, shareOfB);
    return Boolean(
      kernels.isFasterTransposed(few, columns, depth, 0, 4 * depth, 4, 4 * second, 4, 4 * depth),
    );
  };
  assertEquals([isTransposed(1, 0.05), isTransposed(0.3, 0.05), isTransposed(0.6, 0.3)], [true, true, true]);
  assertEquals([isTransposed(1, 1), isTransposed(0.05, 1), isTransposed(0.05, 0.1)], [false, false, false]);
  assertEquals(isTransposed(1, 0.05, 8), false);
});

Deno.test("no term is skipped where the other operand has an infinity or NaN", () =>
  onWasm(() => {
    const [rows, columns, depth] = [37, 41, 90];
    const zeros = tf.zeros([rows, depth]);
    for (const special of [Infinity, -Infinity, NaN]) {
      for (const place of [0, 5 * columns + 40, depth * columns - 1]) {
        const b = normals(depth * columns, "dense").with(place, special);
        const operands = [
          tf.tensor2d(b, [depth, columns]),
          tf.tensor2d(transposed(b, columns), [columns, depth]),
        ];
        operands.forEach((operand, index) => {
          const product = tf.matMul(zeros, operand, false, index === 1).dataSync();
          assert(
            product.every((value, at) => Number.isNaN(value) === (at % columns === place % columns)),
          );
          const mirrored = tf.matMul(operand, zeros, index === 0, true).dataSync();
          assert(
            mirrored.every((value, at) =>
              Number.isNaN(value) === (Math.floor(at / rows) === place % columns)
            ),
          );
        });
      }
    }
  }));

Deno.test("a fused product is the product, the bias and the activation", () =>
  onWasm(() => {
    const a = tf.tensor2d(normals(6 * 9, "a"), [6, 9]), b = tf.tensor2d(normals(9 * 7, "b"), [9, 7]);
    const biases = [undefined, tf.tensor1d(normals(7, "bias")), tf.tensor1d([0.5])];
    const apply = {
      linear: (x: tf.Tensor) => x,
      relu: tf.relu,
      relu6: tf.relu6,
      elu: tf.elu,
      sigmoid: tf.sigmoid,
    };
    for (const bias of biases) {
      for (const [activation, expected] of Object.entries(apply)) {
        const fused = tf.fused.matMul({ a, b, activation: activation as "relu", ...(bias && { bias }) });
        const sum = bias ? tf.matMul(a, b).add(bias) : tf.matMul(a, b);
        assertEquals(fused.dataSync(), expected(sum).dataSync());
      }
    }
  }));

Deno.test("a fused product leaks a positive slope of its negative entries, fixed or learned", () =>
  onWasm(() => {
    const a = tf.tensor2d(normals(6 * 9, "a"), [6, 9]), b = tf.tensor2d(normals(9 * 7, "b"), [9, 7]);
    const slopes = tf.tensor1d([0.25]);
    const leaky = tf.fused.matMul({ a, b, activation: "leakyrelu", leakyreluAlpha: 0.25 });
    const learned = tf.fused.matMul({ a, b, activation: "prelu", preluActivationWeights: slopes });
    const expected = tf.matMul(a, b).dataSync().map((value) => value < 0 ? 0.25 * value : value);
    assertEquals(leaky.dataSync(), expected);
    assertEquals(learned.dataSync(), expected);
  }));

Deno.test("refuses what tfjs refuses, with tfjs's words", () =>
  onWasm(() => {
    assertThrows(() => tf.matMul(tf.ones([2, 3]), tf.ones([4, 2])), Error, "inner shapes (3) and (4)");
    const bias = tf.ones([2, 3]);
    assertThrows(
      () => tf.fused.matMul({ a: tf.ones([2, 3]), b: tf.ones([3, 3]), bias }),
      Error,
      "rank-1 bias",
    );
  }));

Deno.test("differentiates a product by tfjs's own rules", () =>
  onWasm(() => {
    const a = tf.tensor2d([1, 2, 3, 4], [2, 2]), b = tf.tensor2d([5, 6, 7, 8], [2, 2]);
    const [gradientA, gradientB] = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y).sum())([a, b]);
    assertEquals(gradientA.arraySync(), [[11, 15], [11, 15]]);
    assertEquals(gradientB.arraySync(), [[4, 4], [6, 6]]);
  }));

Deno.test("multiplies after the memory has grown", () =>
  onWasm(() => {
    const a = tf.tensor2d(normals(900, "a"), [30, 30]);
    const before = tf.matMul(a, a).dataSync();
    const bytes = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    const size = bytes();
    tf.zeros([Math.ceil(size / 4)]);
    assert(bytes() > size);
    assertEquals(tf.matMul(a, a).dataSync(), before);
  }));

Deno.test("ReluGrad passes the gradient where the output is positive", () =>
  onWasm(() => {
    for (const length of [1, 2, 3, 4, 5, 7, 8, 13]) {
      const dy = normals(length, "dy"), output = normals(length, "output").map((value) => Math.max(0, value));
      const inputs = { dy: tf.tensor1d(dy), features: tf.tensor1d(output) };
      const masked = tf.engine().runKernel("ReluGrad", inputs) as tf.Tensor;
      assertEquals(masked.dataSync(), dy.map((value, at) => output[at] > 0 ? value : 0));
    }
  }));

Deno.test("ReluGrad stops a NaN gradient where the unit is off and refuses two shapes", () =>
  onWasm(() => {
    const dy = tf.tensor1d([NaN, NaN, 1, 1, NaN]), features = tf.tensor1d([0, 1, NaN, Infinity, -1]);
    const masked = tf.engine().runKernel("ReluGrad", { dy, features }) as tf.Tensor;
    assertEquals(masked.arraySync(), [0, NaN, 0, 1, 0]);
    const message = "must have one shape: they are 5 and 4";
    const short = tf.zeros([4]);
    assertThrows(() => tf.engine().runKernel("ReluGrad", { dy, features: short }), TypeError, message);
  }));

const ATTRIBUTES = { learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Adam by its definition, in float64. */
class ExactAdam {
  first: Float64Array;
  second: Float64Array;

  constructor(readonly parameter: Float64Array) {
    this.first = new Float64Array(parameter.length);
    this.second = new Float64Array(parameter.length);
  }

  apply(gradient: Float32Array, step: number): void {
    const { learningRate, beta1, beta2, epsilon } = ATTRIBUTES;
    gradient.forEach((g, at) => {
      this.first[at] = beta1 * this.first[at] + (1 - beta1) * g;
      this.second[at] = beta2 * this.second[at] + (1 - beta2) * g * g;
      const scale = Math.sqrt(this.second[at] / (1 - Math.pow(beta2, step))) + epsilon;
      this.parameter[at] -= learningRate * this.first[at] / (1 - Math.pow(beta1, step)) / scale;
    });
  }
}

function adamState(initial: Float32Array) {
  const [parameter, firstMoment, secondMoment] = [
    initial,
    ...[0, 0].map(() => new Float32Array(initial.length)),
  ]
    .map((values) => tf.tensor1d(values));
  return { parameter, firstMoment, secondMoment };
}

function applyAdam(state: ReturnType<typeof adamState>, gradient: tf.Tensor, step: number): void {
  tf.engine().runKernel("ApplyAdam", { ...state, gradient }, { ...ATTRIBUTES, step });
}

Deno.test("ApplyAdam follows float64 over many steps, at every length of the tail", () =>
  onWasm(() => {
    for (const length of [1, 2, 3, 4, 5, 6, 7, 8, 21, 47]) {
      const initial = normals(length, "parameter"), exact = new ExactAdam(Float64Array.from(initial));
      const state = adamState(initial);
      for (let step = 1; step <= 25; step++) {
        const gradient = normals(length, `gradient ${step}`).map((value) => value * 10 ** (step % 5 - 4));
        applyAdam(state, tf.tensor1d(gradient), step);
        exact.apply(gradient, step);
      }
      assertWithin(state.firstMoment.dataSync(), exact.first, () => 1e-7);
      assertWithin(state.secondMoment.dataSync(), exact.second, (at) => 1e-5 * exact.second[at]);
      assertWithin(state.parameter.dataSync(), exact.parameter, () => 2e-6);
    }
  }));

Deno.test("parameters without gradient and first moment rest, in the bits that they have beside others", () =>
  onWasm(() => {
    const length = 71, values = normals(length, "parameter"), squares = values.map((value) => value ** 2);
    for (const moves of [() => false, (at: number) => at % 16 === 9, (at: number) => at >= 32 && at < 48]) {
      const [gradient, beside] = [moves, (at: number) => moves(at) || at % 4 === 0].map((isGiven) =>
        tf.tensor1d(normals(length, "gradient").map((value, at) => isGiven(at) ? value : 0))
      );
      const [resting, moving] = [gradient, beside].map((given) => {
        const state = { ...adamState(values), secondMoment: tf.tensor1d(squares) };
        applyAdam(state, given, 7);
        return state;
      });
      for (const name of ["parameter", "firstMoment", "secondMoment"] as const) {
        const [rested, moved] = [resting, moving].map((state) =>
          new Uint32Array(state[name].dataSync().buffer)
        );
        assertEquals(rested.filter((_, at) => at % 4 !== 0), moved.filter((_, at) => at % 4 !== 0));
      }
      const decayed = resting.secondMoment.dataSync();
      assert(squares.every((square, at) => moves(at) || decayed[at] < square));
    }
  }));

Deno.test("a way back through a layer leaves the bits of a product, ReluGrad and ApplyAdam", () =>
  onWasm(() => {
    const sides = [[1, 1, 1], [3, 2, 1], [2, 3, 5], [4, 7, 9], [7, 10, 13], [8, 24, 16], [9, 6, 11], [
      40,
      21,
      19,
    ]];
    for (const [examples, outputs, inputs] of sides) {
      const a = tf.tensor2d(normals(examples * outputs, "gradient"), [examples, outputs]);
      const b = tf.relu(tf.tensor2d(normals(examples * inputs, "features"), [examples, inputs]));
      const initial = normals(outputs * inputs, "weights");
      const [fused, last, apart] = [0, 1, 2].map(() => layerState(initial, [outputs, inputs]));
      const attributes = { ...ATTRIBUTES, step: 2 };
      const expected = tf.engine().runKernel("ReluGrad", { dy: tf.matMul(a, apart.parameter), features: b });
      const gradient = tf.matMul(a, b, true, false);
      tf.engine().runKernel("ApplyAdam", { ...apart, gradient }, attributes);
      const passedOn = tf.engine().runKernel("LayerBackward", { ...fused, a, b }, attributes);
      tf.engine().runKernel("ApplyAdamToMatMul", { ...last, a, b }, attributes);
      assertEquals((passedOn as tf.Tensor).dataSync(), (expected as tf.Tensor).dataSync());
      for (const name of ["parameter", "firstMoment", "secondMoment"] as const) {
        assertEquals(fused[name].dataSync(), apart[name].dataSync());
        assertEquals(last[name].dataSync(), apart[name].dataSync());
      }
    }
  }));

function layerState(initial: Float32Array, shape: [number, number]) {
  const [parameter, firstMoment, secondMoment] = [
    initial,
    initial.map((value) => value / 7),
    initial.map((value) => value * value),
  ].map((values) => tf.tensor2d(values, shape));
  return { parameter, firstMoment, secondMoment };
}

Deno.test("ApplyAdam's first step is the learning rate against the gradient's sign", () =>
  onWasm(() => {
    const state = adamState(new Float32Array(5));
    applyAdam(state, tf.tensor1d([3, -1e-4, 0, 1e4, -2]), 1);
    const expected = Float64Array.of(-0.02, 0.02 / 1.0001, 0, -0.02, 0.02);
    assertWithin(state.parameter.dataSync(), expected, () => 1e-8);
  }));

Deno.test("moments without a gradient decay to exactly 0, not into subnormal numbers", () =>
  onWasm(() => {
    const state = adamState(new Float32Array(5));
    applyAdam(state, tf.tensor1d([1, 1e-6, 1e-18, -1, 0]), 1);
    assertEquals(state.secondMoment.dataSync()[2], 0);
    const gradient = tf.zeros([5]);
    for (let step = 2; step <= 1000; step++) applyAdam(state, gradient, step);
    assertEquals(state.firstMoment.arraySync(), [0, 0, 0, 0, 0]);
  }));

Deno.test("ApplyAdam carries NaN into the state and nowhere else", () =>
  onWasm(() => {
    const state = adamState(new Float32Array(6));
    applyAdam(state, tf.tensor1d([1, NaN, 1, 1, 1, NaN]), 1);
    for (const tensor of Object.values(state)) {
      assertEquals(Array.from(tensor.dataSync(), Number.isNaN), [false, true, false, false, false, true]);
    }
  }));

Deno.test("ApplyAdam refuses steps, rates, shapes and types that it cannot use", () =>
  onWasm(() => {
    const state = adamState(new Float32Array(3)), gradient = tf.zeros([3]);
    const apply = (attributes: object, inputs: object = {}) =>
      tf.engine().runKernel("ApplyAdam", { ...state, gradient, ...inputs }, { ...ATTRIBUTES, ...attributes });
    assertThrows(() => apply({ step: 0 }), RangeError, "step must be a positive integer: current value is 0");
    assertThrows(
      () => apply({ step: 1, beta1: 1 }),
      RangeError,
      "beta1 must be in [0, 1): current value is 1",
    );
    assertThrows(() => apply({ step: 1 }, { gradient: tf.zeros([4]) }), TypeError, "must have one shape");
    assertThrows(
      () => apply({ step: 1 }, { gradient: tf.zeros([3], "int32") }),
      TypeError,
      "must be float32",
    );
  }));

Deno.test("a product sees what ApplyAdam has changed in place", () =>
  onWasm(() => {
    const state = adamState(new Float32Array(64));
    const weights = state.parameter.reshape([8, 8]) as tf.Tensor2D, input = tf.ones([8, 8]) as tf.Tensor2D;
    const products = () => [
      tf.matMul(input, weights).dataSync()[0],
      tf.fused.matMul({ a: input, b: weights, activation: "sigmoid" }).dataSync()[0],
    ];
    assertEquals(products(), [0, 0.5]);
    applyAdam(state, tf.ones([64]), 1);
    assertAlmostEquals(products()[0], -0.16, 1e-6);
    assertAlmostEquals(products()[1], 1 / (1 + Math.exp(0.16)), 1e-6);
  }));
