import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import {
  backThroughLayer,
  disposeOperands,
  type LayerOperand,
  layerOperands,
  throughLayer,
} from "../../src/network/layer_products.ts";

/** Gaussian entries, of which about the given share is left. */
function sparse(rows: number, columns: number, share: number, name: string): Matrix {
  const stream = new RandomStream(1, name);
  const entry = (): number => stream.uniform() < share ? stream.normal() : 0;
  return matrix(rows, columns, Float32Array.from({ length: rows * columns }, entry));
}

type Product = (values: tf.Tensor2D, layer: LayerOperand) => tf.Tensor2D;

/** The operands of each product that tfjs was asked for while `run` ran: which shapes stood on the left. */
function leftShapes(run: () => tf.Tensor): number[][] {
  const shapes: number[][] = [];
  const plain = tf.getKernel("BatchMatMul", "wasm");
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({
    ...plain,
    kernelFunc: (call) => {
      if (call.inputs.a) shapes.push(call.inputs.a.shape);
      return plain.kernelFunc(call);
    },
  });
  run().dispose();
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel(plain);
  return shapes;
}

/** A product with the layer as it is, and with one that claims to have no zeros, so that the examples stand left. */
function bothWays(product: Product, layer: LayerOperand, values: tf.Tensor2D): Float32Array[] {
  return [layer, { ...layer, nonzeroShare: 1 }].map((operand) =>
    tf.tidy(() => product(values, operand).dataSync<"float32">())
  );
}

Deno.test("a pruned layer gives the same bits on either side of a product, whatever the shapes", async () => {
  await wasmEngine.select();
  const sizes = [[12, 9, 7], [10, 784, 70], [130, 600, 64], [33, 5, 21], [9, 9, 9], [3, 40, 30], [64, 64, 3]];
  for (const [outputs, inputs, count] of sizes) {
    for (const share of [0.02, 0.1, 0.3, 1]) {
      const [layer] = layerOperands([sparse(outputs, inputs, share, "layer")]);
      const examples = tf.tensor2d(sparse(count, inputs, 0.9, "examples").data as Float32Array, [
        count,
        inputs,
      ]);
      const gradients = tf.tensor2d(sparse(count, outputs, 0.9, "back").data as Float32Array, [
        count,
        outputs,
      ]);
      const [there, plainThere] = bothWays(throughLayer, layer, examples);
      const [back, plainBack] = bothWays(backThroughLayer, layer, gradients);
      assertEquals(there, plainThere, `${outputs} x ${inputs}, ${count} examples`);
      assertEquals(back, plainBack, `${outputs} x ${inputs}, ${count} examples`);
      tf.dispose([examples, gradients]);
      disposeOperands([layer]);
    }
  }
});

Deno.test("both products are sums over plain loops", async () => {
  await wasmEngine.select();
  const weights = sparse(12, 15, 0.1, "layer");
  const values = sparse(20, 15, 1, "examples");
  const [layer] = layerOperands([weights]);
  const examples = tf.tensor2d(values.data as Float32Array, [20, 15]);
  const outputs = tf.tidy(() => throughLayer(examples, layer).arraySync());
  const inputs = tf.tidy(() => backThroughLayer(tf.tensor2d(outputs), layer).arraySync());
  const entry = ({ data, columns }: Matrix, row: number, column: number): number =>
    data[row * columns + column];
  outputs.forEach((row, example) =>
    row.forEach((output, unit) => {
      let sum = 0;
      for (let k = 0; k < 15; k++) sum += entry(weights, unit, k) * entry(values, example, k);
      assertAlmostEquals(output, sum, 1e-5);
    })
  );
  inputs.forEach((row, example) =>
    row.forEach((input, k) => {
      const sum = outputs[example].reduce(
        (total, output, unit) => total + output * entry(weights, unit, k),
        0,
      );
      assertAlmostEquals(input, sum, 1e-5);
    })
  );
  tf.dispose(examples);
  disposeOperands([layer]);
});

Deno.test("on the left stands what has more zeros: pruned weights, or examples whose units are dead", async () => {
  await wasmEngine.select();
  const dead = sparse(40, 32, 1, "examples");
  dead.data.forEach((_, index) => {
    if (index % 32 > 0) dead.data[index] = 0;
  });
  const [pruned, dense] = layerOperands([sparse(24, 32, 0.05, "layer"), sparse(24, 32, 1, "layer")]);
  const leftOf = (layer: LayerOperand, { data }: Matrix): number => {
    const examples = tf.tensor2d(data as Float32Array, [40, 32]);
    const [[rows]] = leftShapes(() => tf.tidy(() => throughLayer(examples, layer)));
    examples.dispose();
    return rows;
  };
  const alive = sparse(40, 32, 1, "examples");
  assertEquals([leftOf(pruned, alive), leftOf(dense, alive)], [24, 40]);
  assertEquals([leftOf(pruned, dead), leftOf(dense, dead)], [40, 40]);
  disposeOperands([pruned, dense]);
});

Deno.test("an infinity or NaN meets the pruned weights as it does all others", async () => {
  await wasmEngine.select();
  const [layer] = layerOperands([sparse(16, 24, 0.05, "layer")]);
  const before = tf.memory().numTensors;
  for (const special of [Infinity, NaN]) {
    const { data } = sparse(12, 24, 1, "examples");
    data[5] = special;
    const examples = tf.tensor2d(data as Float32Array, [12, 24]);
    const [left, right] = bothWays(throughLayer, layer, examples);
    assertEquals(left, right);
    assert(left.subarray(0, 16).every((output) => !Number.isFinite(output)));
    examples.dispose();
  }
  assertEquals(tf.memory().numTensors, before);
  disposeOperands([layer]);
});
