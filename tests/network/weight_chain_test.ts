import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { RandomStream } from "../../src/math/random_stream.ts";
import { compareNames, type FoundNetwork, networkFromTensors } from "../../src/network/weight_chain.ts";
import { decodeSafetensors, type NamedTensor } from "../../src/network/weights.ts";
import facts from "../fixtures/own_network/facts.json" with { type: "json" };

const stream = new RandomStream(1, "tensors");

function tensor(...shape: number[]): NamedTensor {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length }, () => stream.uniform() - 0.5) };
}

function saved(name: string): Readonly<Record<string, NamedTensor>> {
  const path = new URL(`../fixtures/own_network/${name}.safetensors`, import.meta.url);
  return decodeSafetensors(Deno.readFileSync(path)).tensors;
}

/** The network of matrices of these shapes, in this order in their file. */
function networkOf(shapes: Record<string, [number, number]>, inputs?: number): FoundNetwork {
  const tensors = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tensor(...shape)]));
  return networkFromTensors(tensors, inputs === undefined ? {} : { inputs });
}

/** The name of each layer's tensor. */
function orderOf(shapes: Record<string, [number, number]>, inputs?: number): string[] {
  return [...networkOf(shapes, inputs).names];
}

function hasOtherOrders(shapes: Record<string, [number, number]>): boolean {
  return networkOf(shapes, 9).hasOtherOrders;
}

Deno.test("the usual names of PyTorch are put in order, 10 after 2", () => {
  for (
    const nameOf of [
      (i: number) => `net.${i}.weight`,
      (i: number) => `fc${i}.weight`,
      (i: number) => `${i}.weight`,
    ]
  ) {
    const names = [1, 2, 10].map(nameOf);
    assertEquals(orderOf({ [names[2]]: [3, 8], [names[0]]: [8, 5], [names[1]]: [8, 8] }), names);
  }
});

Deno.test("names that say nothing are put in the order in which the shapes fit", () => {
  const shapes: Record<string, [number, number]> = { hidden: [6, 7], head: [2, 6], stem: [7, 9] };
  assertEquals(orderOf(shapes, 9), ["stem", "hidden", "head"]);
  assertEquals(orderOf({ output: [2, 6], input: [6, 6], middle: [6, 6] }, 6), ["input", "middle", "output"]);
});

/** Square layers between the first and the last, as the paper's networks have. */
function deep(first: string, ...rest: string[]): Record<string, [number, number]> {
  const last = rest.pop()!;
  return { [first]: [6, 9], ...Object.fromEntries(rest.map((name) => [name, [6, 6]])), [last]: [2, 6] };
}

/** The same layers in another order of the file. */
function reordered<T>(tensors: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, tensors[name]]));
}

Deno.test("numbers in names decide between layers that fit equally, wherever the first and the last are by name", () => {
  for (
    const names of [
      ["input", "hidden.0", "hidden.1", "hidden.2", "classifier"],
      ["first", "block_9.fc", "block_10.fc", "output"],
      ["stem", "dense", "dense_1", "dense_2", "head"],
      ["0_in.weight", "1_mid.weight", "2_deep.weight", "10_out.weight"],
    ]
  ) {
    const shapes = deep(names[0], ...names.slice(1));
    for (const stored of [names, names.toSorted(), names.toReversed()]) {
      const tensors = reordered(shapes, stored);
      assertEquals(orderOf(tensors, 9), names);
      assertEquals(hasOtherOrders(tensors), false, names.join());
    }
  }
});

Deno.test("where names have no numbers, the order in which the file was written decides, if it is one of the network", () => {
  const names = ["first", "second", "third", "fourth", "output"];
  const shapes = deep("first", ...names.slice(1));
  assertEquals([orderOf(shapes, 9), hasOtherOrders(shapes)], [names, false]);
  const alphabetical = ["first", "fourth", "second", "third", "output"];
  for (const stored of [names.toSorted(), names.toReversed()]) {
    const tensors = reordered(shapes, stored);
    assertEquals([orderOf(tensors, 9), hasOtherOrders(tensors)], [alphabetical, true]);
  }
});

Deno.test("that other orders fit is said also where the alphabet is one of the network's orders", () => {
  assertEquals(hasOtherOrders(deep("a", "b", "c", "d")), true);
  assertEquals(hasOtherOrders(deep("a", "b", "d")), false);
});

Deno.test("an order is found whenever there is one, as trying all of them shows", () => {
  const sides = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(sides, fc.integer({ min: 1, max: 3 }), (shapes, inputs) => {
      const turned = shapes.map(([rows, columns]): [number, number] => [columns, rows]);
      const exists = [shapes, turned].some((layers) => canFollow(inputs, layers));
      const tensors = Object.fromEntries(shapes.map((shape, index) => ["cabed"[index], shape]));
      if (!exists) return void assertThrows(() => orderOf(tensors, inputs), TypeError);
      const { layers } = networkOf(tensors, inputs).weights;
      layers.forEach(({ columns }, index) => assertEquals(columns, index ? layers[index - 1].rows : inputs));
      assertEquals(layers.length, shapes.length);
    }),
    { numRuns: 300 },
  );
});

/** Whether some order of the layers takes `width` inputs, by trying all. */
function canFollow(width: number, layers: readonly (readonly [number, number])[]): boolean {
  return layers.length === 0 || layers.some(([rows, columns], index) => {
    return columns === width && canFollow(rows, layers.toSpliced(index, 1));
  });
}

Deno.test("Keras's kernels are transposed, biases are not, and both files are the same network", () => {
  const [fromKeras, fromPyTorch] = ["keras", "biased"].map((name) => networkFromTensors(saved(name)));
  assertEquals([fromKeras.isTransposed, fromPyTorch.isTransposed], [true, false]);
  assertEquals(fromKeras.weights, fromPyTorch.weights);
  assertEquals(fromKeras.names, ["dense/kernel", "dense_1/kernel", "dense_2/kernel"]);
});

Deno.test("one matrix is turned as the inputs or its name say", () => {
  const isTransposed = (name: string, shape: [number, number], inputs?: number): boolean =>
    networkFromTensors({ [name]: tensor(...shape) }, inputs === undefined ? {} : { inputs }).isTransposed;
  assertEquals(isTransposed("weight", [3, 5], 5), false);
  assertEquals(isTransposed("weight", [5, 3], 5), true);
  assertEquals(isTransposed("dense/kernel", [4, 4]), true);
  assertEquals(isTransposed("weight", [4, 4]), false);
});

Deno.test("every type of PyTorch's files gives the sums that PyTorch prints", () => {
  for (const kind of ["f64", "f16", "bf16"] as const) {
    const tensors = saved(kind);
    for (const [name, sum] of Object.entries(facts[kind])) {
      assertAlmostEquals(
        tensors[name].data.reduce((total, entry) => total + entry, 0),
        sum,
        1e-6,
        `${kind} ${name}`,
      );
    }
  }
});

Deno.test("a network that torch.nn.utils.prune pruned has its masks applied", () => {
  const { weights, names } = networkFromTensors(saved("pruned"));
  assertEquals(names, ["0.weight", "2.weight", "4.weight"]);
  weights.layers.forEach(({ data }, index) => {
    assertEquals(data.filter((entry) => entry === 0).length, data.length / 2);
    assertAlmostEquals([...data].reduce((total, entry) => total + entry, 0), facts.pruned[index], 1e-6);
  });
  const badMask = { w_orig: tensor(2, 3), w_mask: tensor(3, 2) };
  assertThrows(() => networkFromTensors(badMask), TypeError, "must have the shape 2 x 3: it has 3 x 2");
});

Deno.test("a layer without a bias beside layers with one has zeros", () => {
  const tensors = { "a.weight": tensor(3, 4), "a.bias": tensor(3), "b.weight": tensor(2, 3) };
  assertEquals(networkFromTensors(tensors).weights.biases[1], new Float32Array(2));
  assertEquals(
    networkFromTensors({ w1: tensor(3, 4), b1: tensor(3), w2: tensor(2, 3), b2: tensor(2) }).weights.biases
      .length,
    2,
  );
});

Deno.test("what is no chain is refused with the reason", () => {
  const refused = (tensors: Record<string, NamedTensor>, message: string, inputs?: number): void => {
    const options = inputs === undefined ? {} : { inputs };
    assertThrows(() => networkFromTensors(tensors, options), TypeError, message);
  };
  refused({}, "they have none");
  refused({ "fc.bias": tensor(3) }, "they have none");
  refused({ a: tensor(3, 4), b: tensor(5, 6) }, "a is 3 x 4, b is 5 x 6");
  refused({ a: tensor(3, 4) }, "must take the 784 inputs of the data: it takes 4 or 3", 784);
  refused({ "conv.weight": tensor(8, 3, 5, 5) }, "its shape is 8 x 3 x 5 x 5");
  refused({ "bn.num_batches_tracked": tensor() }, "its shape is a single number");
  refused({ "fc.weight": tensor(0, 4) }, "its shape is 0 x 4");
  refused({ "fc.weight": tensor(3, 4), "fc.bias": tensor(4) }, "each of 3 outputs: it has 4");
  refused({ "fc.weight": tensor(3, 4), "bn.running_mean": tensor(3) }, "bn.running_mean");
  refused(
    { "fc.weight": tensor(3, 4), "fc.bias": tensor(3), "fc.scale": tensor(3) },
    "the bias of one layer",
  );
  const infinite = { shape: [1, 2], data: Float32Array.of(1, NaN) };
  assertThrows(() => networkFromTensors({ w: infinite }), RangeError, "entry 1 is NaN");
});

Deno.test("names compare as a total order", () => {
  const name = fc.array(fc.constantFrom("a", "b", ".", "2", "10", "01"), { maxLength: 5 }).map((parts) =>
    parts.join("")
  );
  fc.assert(fc.property(name, name, name, (a, b, c) => {
    assertEquals(Math.sign(compareNames(a, b)), -Math.sign(compareNames(b, a)) + 0);
    if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) assertEquals(compareNames(a, c) <= 0, true);
  }));
});

Deno.test("shuffled chains of distinct widths are found again, in either orientation", () => {
  const widths = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(widths, fc.boolean(), fc.nat(), (sides, isKernel, seed) => {
      const order = new RandomStream(seed, "names").permutation(sides.length - 1);
      const tensors = Object.fromEntries(
        Array.from(order, (name, layer) => {
          const shape = [sides[layer + 1], sides[layer]];
          return [`${isKernel ? "kernel" : "w"}${name}`, tensor(...(isKernel ? shape.reverse() : shape))];
        }),
      );
      const { weights } = networkFromTensors(tensors, { inputs: sides[0] });
      assertEquals(weights.layers.map(({ columns }) => columns), sides.slice(0, -1));
      assertEquals(weights.layers.map(({ rows }) => rows), sides.slice(1));
    }),
    { numRuns: 50 },
  );
});
