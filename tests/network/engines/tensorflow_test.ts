import { assert, assertAlmostEquals, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { matrix } from "../../../src/math/matrix.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { initialWeights } from "../../../src/network/mlp.ts";
import { startingState, Trainer } from "../../../src/network/train.ts";
import { shortTraining } from "./short_training.ts";
import { describeTensorflow, tensorflowEngine } from "../../../src/network/engines/tensorflow/engine.ts";
import { isSetUp, libraryFolder } from "../../../src/network/engines/tensorflow/library_folder.ts";
import { loadBackend } from "../../../src/network/engines/tensorflow/node_package.ts";

const ignore = !isSetUp(libraryFolder());
const reason = ignore ? " (skipped: run deno task setup:tensorflow)" : "";
const adam = { learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 };

/** A test that needs the addon. */
function testEngine(name: string, run: () => Promise<void>): void {
  Deno.test({
    name: `${name}${reason}`,
    ignore,
    fn: async () => {
      await tensorflowEngine.select();
      await run();
    },
  });
}

function draws(name: string, count: number): Float32Array {
  const stream = new RandomStream(1, `tests/tensorflow/${name}`);
  return Float32Array.from({ length: count }, () => 2 * stream.uniform() - 1);
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assertEquals(actual.length, expected.length);
  for (let index = 0; index < expected.length; index++) {
    assertAlmostEquals(actual[index], expected[index], tolerance);
  }
}

/** The product of (rows, inner) and (inner, columns) matrices, given by their entries. */
function product(
  [rows, inner, columns]: readonly [number, number, number],
  left: (row: number, k: number) => number,
  right: (k: number, column: number) => number,
): number[] {
  const a = Float64Array.from({ length: rows * inner }, (_, at) => left(Math.floor(at / inner), at % inner));
  const b = Float64Array.from(
    { length: columns * inner },
    (_, at) => right(at % inner, Math.floor(at / inner)),
  );
  return Array.from({ length: rows * columns }, (_, entry) => {
    const [rowBegin, columnBegin] = [Math.floor(entry / columns) * inner, entry % columns * inner];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[rowBegin + k] * b[columnBegin + k];
    return sum;
  });
}

/** What a sum in single precision may be off for each of its terms, which are between -1 and 1. */
const errorOfTerm = 2e-7;

/**
 * Rows, inner and columns: few rows, parts of tiles, several blocks of the inner dimension, shared among threads, which
 * take rows or columns, and for each of two threads more rows than are multiplied together.
 */
const shapes: readonly (readonly [number, number, number])[] = [
  ...[[1, 1, 1], [1, 33, 12], [3, 7, 1], [4, 301, 470], [4, 256, 512], [5, 1, 17]] as const,
  ...[[7, 33, 12], [40, 33, 12], [9, 272, 49], [8, 273, 48], [61, 545, 83], [300, 90, 10]] as const,
  ...[[130, 1100, 70], [70, 1100, 130], [70, 130, 300], [2200, 70, 70]] as const,
];

for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    testEngine(`multiplies matrices, transposed ${transposeA}, ${transposeB}`, async () => {
      for (const shape of shapes) await checkProduct(shape, { transposeA, transposeB });
    });

    testEngine(`leaves out what is zero, transposed ${transposeA}, ${transposeB}`, async () => {
      for (const shape of shapes) {
        for (const isZero of zeros) {
          await checkProduct(shape, { transposeA, transposeB }, { inA: isZero });
          await checkProduct(shape, { transposeA, transposeB }, { inB: isZero });
        }
      }
    });

    testEngine(`leaves out the background of images, transposed ${transposeA}, ${transposeB}`, async () => {
      for (const shape of shapes.slice(-4)) {
        for (const isZero of backgrounds) {
          await checkProduct(shape, { transposeA, transposeB }, { inA: isZero, background: -0.42 });
          await checkProduct(shape, { transposeA, transposeB }, { inB: isZero, background: -0.42 });
        }
      }
    });
  }
}

/** Whether a term of a row of the left operand, or of a column of the right, is zero. */
type IsZero = (line: number, k: number) => boolean;

/**
 * Zeros everywhere, in silenced units, all but a few of them, in blocks of a pruned matrix, in single entries, and so many
 * that few terms seem to be needed, though all are.
 */
const zeros: readonly IsZero[] = [
  () => true,
  (_, k) => k % 3 === 1,
  (_, k) => k % 97 !== 5,
  (line, k) => (Math.floor(line / 5) * 7 + k) % 11 > 2,
  (line, k) => (line * 7 + k * 5) % 13 > 2,
  (line, k) => (line + k) % 61 !== 0,
];

/** Backgrounds that begin in the corner: with nothing before them, the same terms in all rows, and other ones in each. */
const backgrounds: readonly IsZero[] = [
  () => true,
  (_, k) => k % 97 !== 5,
  (line, k) => (line * 7 + k * 5) % 13 < 10,
];

/** Where the operands are zero, or what else the background is. */
interface Zeros {
  readonly background?: number;
  readonly inA?: IsZero;
  readonly inB?: IsZero;
}

interface Transpositions extends tf.NamedAttrMap {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface Operands {
  readonly a: tf.Tensor2D;
  readonly b: tf.Tensor2D;
  readonly product: number[];
}

/** Two operands of a product, and the product in double precision. */
function operandsOf(
  [rows, inner, columns]: (typeof shapes)[number],
  { transposeA, transposeB }: Transpositions,
  { inA, inB, background = 0 }: Zeros = {},
): Operands {
  const [ofA, ofB] = [
    { lines: rows, inner, areTermsTogether: !transposeA, background },
    { lines: columns, inner, areTermsTogether: transposeB, background },
  ];
  const a = withZeros(draws("a", rows * inner), ofA, inA);
  const b = withZeros(draws("b", inner * columns), ofB, inB);
  return {
    a: tf.tensor2d(a, transposeA ? [inner, rows] : [rows, inner]),
    b: tf.tensor2d(b, transposeB ? [columns, inner] : [inner, columns]),
    product: product(
      [rows, inner, columns],
      (row, k) => transposeA ? a[k * rows + row] : a[row * inner + k],
      (k, column) => transposeB ? b[column * inner + k] : b[k * columns + column],
    ),
  };
}

function withZeros(
  numbers: Float32Array,
  { lines, inner, areTermsTogether, background }: {
    lines: number;
    inner: number;
    areTermsTogether: boolean;
    background: number;
  },
  isZero: IsZero = () => false,
): Float32Array {
  return numbers.map((number, index) => {
    const [line, k] = areTermsTogether
      ? [Math.floor(index / inner), index % inner]
      : [index % lines, Math.floor(index / lines)];
    return isZero(line, k) ? background || 0 * number : number;
  });
}

async function checkProduct(
  shape: (typeof shapes)[number],
  transposed: Transpositions,
  zeros?: Zeros,
): Promise<void> {
  const { a, b, product } = operandsOf(shape, transposed, zeros);
  const found = tf.matMul(a, b, transposed.transposeA, transposed.transposeB);
  const features = tf.tensor2d(draws("features", product.length), [shape[0], shape[2]]);
  const relu = tf.engine().runKernel("MatMulRelu", { a, b }, transposed) as tf.Tensor;
  const masked = tf.engine().runKernel("MatMulReluGrad", { a, b, features }, transposed) as tf.Tensor;
  const isOn = (await features.data()).map((feature) => Number(feature > 0));
  assertEquals(found.shape, [shape[0], shape[2]]);
  const tolerance = errorOfTerm * shape[1];
  assertClose(await found.data(), product, tolerance);
  assertClose(await relu.data(), product.map((entry) => Math.max(0, entry)), tolerance);
  assertClose(await masked.data(), product.map((entry, index) => isOn[index] * entry), tolerance);
  tf.dispose([a, b, found, features, relu, masked]);
}

testEngine("an infinity or NaN among zeros reaches its row", async () => {
  const [rows, inner, columns] = [70, 130, 300];
  const entries = new Float32Array(rows * inner).map((_, index) => Number(index % 7 === 0));
  [entries[3 * inner + 11], entries[68 * inner + 129]] = [Infinity, NaN];
  const [a, b] = [tf.tensor2d(entries, [rows, inner]), tf.ones<tf.Rank.R2>([inner, columns])];
  const found = tf.matMul(a, b);
  const sums = (await found.data()).filter((_, index) => index % columns === 7);
  assertEquals([sums[3], sums[68]], [Infinity, NaN]);
  assertEquals(sums.filter(Number.isFinite).length, rows - 2);
  tf.dispose([a, b, found]);
});

testEngine("an infinity that most entries are reaches no row without one", async () => {
  const [rows, inner, columns] = [70, 130, 300];
  const entries = new Float32Array(rows * inner).fill(Infinity, 0, 60 * inner).fill(1, 60 * inner);
  const [a, b] = [tf.tensor2d(entries, [rows, inner]), tf.ones<tf.Rank.R2>([inner, columns])];
  const found = tf.matMul(a, b);
  const sums = (await found.data()).filter((_, index) => index % columns === 7);
  assertEquals([...sums], Array.from({ length: rows }, (_, row) => row < 60 ? Infinity : inner));
  tf.dispose([a, b, found]);
});

testEngine("what is not finite reaches its row and no other, whatever its bits", async () => {
  const [rows, inner, columns] = [70, 90, 300];
  const b = tf.tensor2d(draws("b", inner * columns), [inner, columns]);
  for (const bits of [0x7f800000, 0xff800000, 0x7f800001, 0x7fc00000, 0x7fffffff, 0xffffffff]) {
    for (const transposeA of [false, true]) {
      const entries = draws("a", rows * inner);
      new Uint32Array(entries.buffer)[transposeA ? 11 * rows + 3 : 3 * inner + 11] = bits;
      const a = tf.tensor2d(entries, transposeA ? [inner, rows] : [rows, inner]);
      const found = tf.matMul(a, b, transposeA);
      const isFinite = Array.from(await found.data(), Number.isFinite);
      assertEquals(
        isFinite,
        isFinite.map((_, index) => Math.floor(index / columns) !== 3),
        bits.toString(16),
      );
      tf.dispose([a, found]);
    }
  }
  b.dispose();
});

testEngine("takes Adam's step for a product as for the gradient that it is", async () => {
  for (const shape of shapes) await checkStepForProduct(shape);
});

testEngine("takes Adam's step where units are silent: most, all but one, all", async () => {
  for (const shape of [[130, 70, 300], [1100, 70, 70], [300, 9, 70]] as const) {
    for (const live of [(unit: number) => unit % 7 === 3, (unit: number) => unit === 129, () => false]) {
      await checkStepForProduct(shape, { inA: (unit) => !live(unit) });
    }
  }
});

/** Takes a step for the product of a, transposed, and b, and compares with the one for the product in double precision. */
async function checkStepForProduct(shape: (typeof shapes)[number], zeros: Zeros = {}): Promise<void> {
  const [rows, , columns] = shape;
  const { a, b, product } = operandsOf(shape, { transposeA: true, transposeB: false }, zeros);
  const gradient = tf.tensor2d(product, [rows, columns]);
  const attributes = { ...adam, step: 3 };
  const [fused, plain] = [0, 1].map(() => stateOf(rows, columns));
  tf.tidy(() => {
    tf.engine().runKernel("ApplyAdamToMatMul", { a, b, ...handlesOf(fused) }, attributes);
    tf.engine().runKernel("ApplyAdam", { gradient, ...handlesOf(plain) }, attributes);
  });
  for (const part of ["parameter", "firstMoment", "secondMoment"] as const) {
    assertClose(await fused[part].handle.data(), await plain[part].handle.data(), 2e-5);
  }
  tf.dispose([a, b, gradient]);
  [fused, plain].flatMap(Object.values).forEach((variable) => variable.dispose());
}

testEngine("a step as one operation is the step of its parts, with few examples and with many", async () => {
  const weights = initialWeights({ inputs: 90, hidden: [130, 70], outputs: 10, bias: false }, 5);
  const masks = weights.layers.map(({ rows, columns }) =>
    matrix(rows, columns, new Float32Array(rows * columns).fill(1))
  );
  for (const examples of [1, 3, 4, 5, 64, 200]) {
    const labels = new Uint8Array(examples).map((_, index) => index % 10);
    const batches = [1, 2, 3].map((step) => ({ inputs: draws(`step ${step}`, examples * 90), labels }));
    const results = await Promise.all([{}, { masks }].map(async (options) => {
      const trainer = new Trainer(tensorflowEngine, startingState(weights), adam, options);
      batches.forEach((batch) => trainer.train(batch));
      const { weights: { layers } } = await trainer.state();
      const { lossSum, errorSum } = await trainer.takeTotals();
      trainer.dispose();
      return [...layers.map(({ data }) => data), [lossSum / examples], [errorSum / examples]];
    }));
    const [whole, parts] = results;
    whole.forEach((data, index) => assertClose(data, parts[index], 1e-4));
  }
});

testEngine("a step refuses what does not fit, and changes nothing", async () => {
  const state = stateOf(3, 2);
  const step = (images: tf.Tensor, labels: number[], parameters = Object.values(handlesOf(state))) => () => {
    const inputs = [images, tf.tensor1d(labels, "int32"), tf.scalar(0), tf.scalar(0), ...parameters];
    tf.engine().runKernel("TrainingStep", inputs as unknown as tf.NamedTensorMap, { ...adam, step: 1 });
  };
  const before = await state.parameter.handle.data();
  tf.tidy(() => {
    const { parameter, firstMoment } = handlesOf(state);
    const images = tf.ones([2, 2]);
    assertThrows(step(images, [0, 1, 2]), Error, "an image is needed for each label");
    assertThrows(step(images, []), Error, "an image is needed for each label");
    assertThrows(step(images, [0, 3]), Error, "labels that the network has no output for");
    assertThrows(step(images, [0, -1]), Error, "labels that the network has no output for");
    assertThrows(step(tf.ones([2, 3]), [0, 1]), Error, "as many inputs as the one before has outputs");
    assertThrows(step(images, [0, 1], [parameter, firstMoment, tf.ones([2, 2])]), Error, "as many inputs");
    assertThrows(step(images, [0, 1], []), Error);
  });
  assertEquals(await state.parameter.handle.data(), before);
  Object.values(state).forEach((variable) => variable.dispose());
});

function stateOf(rows: number, columns: number) {
  const variable = (name: string, sign: (value: number) => number) => {
    const initial = tf.tensor2d(draws(name, rows * columns).map(sign), [rows, columns]);
    const made = tensorflowEngine.variable(initial);
    initial.dispose();
    return made;
  };
  return {
    parameter: variable("parameter", (value) => value),
    firstMoment: variable("first", (value) => value),
    secondMoment: variable("second", Math.abs),
  };
}

function handlesOf(state: ReturnType<typeof stateOf>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(state).map(([name, { handle }]) => [name, handle]));
}

testEngine("multiplies empty matrices, and refuses what does not fit", async () => {
  const [none, two] = [tf.zeros([2, 0]), tf.zeros([2, 3])];
  const found = tf.matMul(none, tf.zeros([0, 3]));
  assertEquals([...await found.data()], [0, 0, 0, 0, 0, 0]);
  const call = () =>
    tf.engine().runKernel("MatMulRelu", { a: two, b: two }, { transposeA: false, transposeB: false });
  assertThrows(call, Error, "inner dimensions must be equal");
});

testEngine("multiplies stacks of matrices by the package's kernel", async () => {
  const entries = draws("stack", 2 * 3 * 4);
  const stack = tf.tensor3d(entries, [2, 3, 4]);
  const found = tf.matMul(stack, stack, false, true);
  const expected = [0, 12].flatMap((start) =>
    product(
      [3, 4, 3],
      (row, k) => entries[start + row * 4 + k],
      (k, column) => entries[start + column * 4 + k],
    )
  );
  assertClose(await found.data(), expected, 1e-6);
  tf.dispose([stack, found]);
});

testEngine("gives tensors of this program's own class", () => {
  const [one] = [tf.scalar(1)];
  const sum = tf.add(one, one);
  assertInstanceOf(sum, tf.Tensor);
  tf.dispose([one, sum]);
  return Promise.resolve();
});

testEngine("passes a ReLU's gradient where its output is positive", async () => {
  const [dy, features] = [draws("dy", 60), draws("features", 60).map((value) => Math.max(0, value))];
  const inputs = { dy: tf.tensor2d(dy, [5, 12]), features: tf.tensor2d(features, [5, 12]) };
  const found = tf.engine().runKernel("ReluGrad", inputs) as tf.Tensor;
  assertEquals(await found.data(), dy.map((value, index) => features[index] > 0 ? value : 0));
  tf.dispose([inputs, found]);
});

/** Adam as PyTorch documents it, in double precision: the parameters and their second moments. */
function referenceAdam(start: Float32Array, gradients: readonly Float32Array[]): [number[], number[]] {
  const { learningRate, beta1, beta2, epsilon } = adam;
  const [value, first, second] = [[...start], start.map(() => 0), start.map(() => 0)].map((
    part,
  ) => [...part]);
  gradients.forEach((gradient, index) => {
    gradient.forEach((slope, entry) => {
      first[entry] = beta1 * first[entry] + (1 - beta1) * slope;
      second[entry] = beta2 * second[entry] + (1 - beta2) * slope ** 2;
      const corrected = Math.sqrt(second[entry] / (1 - beta2 ** (index + 1)));
      value[entry] -= learningRate * first[entry] / (1 - beta1 ** (index + 1)) / (corrected + epsilon);
    });
  });
  return [value, second];
}

testEngine("takes the steps of PyTorch's Adam, epsilon included", async () => {
  await checkAdam([1, 2, 3, 4, 5].map((step) => {
    return draws(`gradient ${step}`, 12).map((value, entry) => value * 10 ** (-entry / 2));
  }));
});

testEngine("lets parameters rest whose gradients stay zero, and their second moments decay", async () => {
  const first = draws("gradient", 1000).map((value, entry) => entry < 300 ? 0 : value);
  const none = first.map(() => 0), few = first.map((value, entry) => entry % 400 === 399 ? value : 0);
  await checkAdam([first, ...Array.from({ length: 1000 }, () => none), few, none]);
});

/** Takes Adam's steps for some gradients, and compares with double precision. */
async function checkAdam(gradients: readonly Float32Array[]): Promise<void> {
  const count = gradients[0].length;
  const start = draws("start", count);
  const shape: [number, number] = [2, count / 2];
  const tensors = [start, start.map(() => 0), start.map(() => 0)].map((data) => tf.tensor2d(data, shape));
  const variables = tensors.map((tensor) => tensorflowEngine.variable(tensor));
  const [parameter, firstMoment, secondMoment] = variables.map(({ handle }) => handle);
  gradients.forEach((slopes, index) => {
    const gradient = tf.tensor2d(slopes, shape);
    const inputs = { parameter, gradient, firstMoment, secondMoment };
    tf.engine().runKernel("ApplyAdam", inputs, { ...adam, step: index + 1 });
    gradient.dispose();
  });
  const [value, second] = [variables[0].value(), variables[2].value()];
  const [expectedValue, expectedSecond] = referenceAdam(start, gradients);
  assertClose(await value.data(), expectedValue, 2e-6);
  assertClose(await second.data(), expectedSecond, 1e-6);
  assertEquals(await tensors[0].data(), start, "the initial tensor is the caller's and unchanged");
  variables.forEach((variable) => variable.dispose());
  tf.dispose([tensors, value, second]);
}

testEngine("leaves the arrays that variables began with alone, and frees the memory of variables", () => {
  const initial = new Float32Array(1e6).fill(1);
  const before = Deno.memoryUsage().rss;
  for (let repetition = 0; repetition < 50; repetition++) trainOnce(initial);
  assert(initial.every((value) => value === 1));
  assert(Deno.memoryUsage().rss - before < 200e6, "600 MB went through 150 variables");
  return Promise.resolve();
});

/** Takes a step of Adam with new variables, whose initial tensors share memory with an array. */
function trainOnce(initial: Float32Array): void {
  const variables = [1, 2, 3].map(() => {
    const tensor = tf.tensor1d(initial);
    const variable = tensorflowEngine.variable(tensor);
    tensor.dispose();
    return variable;
  });
  const [parameter, firstMoment, secondMoment] = variables.map(({ handle }) => handle);
  const gradient = tf.tensor1d(initial);
  tf.engine().runKernel("ApplyAdam", { parameter, gradient, firstMoment, secondMoment }, {
    ...adam,
    step: 1,
  });
  gradient.dispose();
  variables.forEach((variable) => variable.dispose());
}

testEngine("leaves no tensor behind after training", async () => {
  const counts = () => [tf.memory().numTensors, tf.backend().numDataIds()];
  const before = counts();
  const weights = initialWeights({ inputs: 20, hidden: [16, 16], outputs: 10, bias: true }, 1);
  const trainer = new Trainer(tensorflowEngine, startingState(weights), adam);
  const batch = { inputs: draws("inputs", 160), labels: Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]) };
  trainer.train(batch);
  const { lossSum: first } = await trainer.takeTotals();
  const during = counts();
  for (let step = 0; step < 20; step++) trainer.train(batch);
  await trainer.takeTotals();
  assertEquals(counts(), during);
  trainer.train(batch);
  assert((await trainer.takeTotals()).lossSum < 0.7 * first);
  trainer.dispose();
  assertEquals(counts(), before);
});

testEngine("trains in two workers at once, to the same bits as here", async () => {
  const [first, second, here] = await Promise.all([
    trainedByWorker(),
    trainedByWorker(),
    shortTraining(tensorflowEngine, 20),
  ]);
  assertEquals(first, here);
  assertEquals(second, here);
});

async function trainedByWorker(): Promise<Float32Array> {
  const worker = new Worker(new URL("./tensorflow_worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(20);
    });
  } finally {
    worker.terminate();
  }
}

testEngine("is selected again after it was disposed of", async () => {
  await tensorflowEngine.select();
  tensorflowEngine.dispose();
  assertThrows(() => tensorflowEngine.variable(tf.scalar(1)), Error, "it must be selected");
  await tensorflowEngine.select();
  assertEquals(tf.getBackend(), "tensorflow");
  assert(/^TensorFlow 2\.21\.\d+ on (the CPU|an NVIDIA GPU)$/.test(describeTensorflow()));
});

Deno.test("refuses to load TensorFlow where nothing is set up", () => {
  assertThrows(() => loadBackend("/there/is/no/such/folder"), Error, "run deno task setup:tensorflow");
});

Deno.test("the package is not in the module graph of the engines", async () => {
  const engines = new URL("../../../src/network/engines/mod.ts", import.meta.url).href;
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", engines] })
    .output();
  const graph = new TextDecoder().decode(stdout);
  assert(success && graph.includes("tensorflow/engine.ts"));
  assert(!graph.includes("tfjs-node"));
});

testEngine("takes denormal moments for zero, as TensorFlow's threads do", async () => {
  const [count, smallest] = [64, 2 ** -149];
  const parameter = tensorflowEngine.variable(tf.zeros([count]));
  const firstMoment = tensorflowEngine.variable(tf.fill([count], smallest));
  const secondMoment = tensorflowEngine.variable(tf.fill([count], smallest));
  const state = { parameter, firstMoment, secondMoment };
  tf.tidy(() => {
    const inputs = { ...handlesOf(state), gradient: tf.zeros([count]) };
    tf.engine().runKernel("ApplyAdam", inputs, { ...adam, step: 1 });
  });
  for (const { handle } of Object.values(state)) assertEquals([...await handle.data()], Array(count).fill(0));
  Object.values(state).forEach((variable) => variable.dispose());
});

testEngine("multiplies under a profiler, which interrupts the thread by signals", async () => {
  const program = new URL("../../fixtures/profiled_product.ts", import.meta.url).href;
  const args = ["run", "--quiet", "--no-check", "--no-prompt", "--allow-read", "--allow-env", "--allow-ffi"];
  const { code, signal, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "--allow-sys", program],
    env: { NO_COLOR: "1" },
    stderr: "null",
  }).output();
  assertEquals({ code, signal }, { code: 0, signal: null });
  assert(Number(new TextDecoder().decode(stdout)) > 0);
});
