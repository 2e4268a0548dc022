import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import type { KernelExports } from "../../src/network/kernels/kernels.ts";
import { emulatedKernelsModule, kernelsModule } from "../../src/network/kernels/kernels_module.js";
import { hasFusedMultiplyAdd } from "../../src/network/kernels/fused_multiply_add.ts";
import { bits, halfWay, orderedProduct } from "./ordered_product.ts";

/** What the product of an operand's kinds of numbers can run into. */
const KINDS = {
  normal: (stream: RandomStream) => stream.normal(),
  /** Whose products lie so near a power of 2 that double precision rounds their sums half-way between two numbers. */
  nearPower: (stream: RandomStream) => {
    const power = 2 ** -Math.floor(13 * stream.uniform()), sign = stream.uniform() < 0.5 ? -1 : 1;
    return sign * power *
      (1 + (stream.uniform() < 0.5 ? -1 : 1) * 2 ** -Math.floor(16 + 7 * stream.uniform()));
  },
  /** Whose products are subnormal numbers, or less than the least. */
  tiny: (stream: RandomStream) => 2e-22 * stream.normal() ** 3,
  huge: (stream: RandomStream) => 1e19 * stream.normal() ** 3,
};

/** Rows, columns, depth, and whether the columns of B are contiguous: dense tiles, few rows, dot products, few terms. */
const SHAPES = [[21, 37, 50, false], [5, 37, 50, false], [5, 37, 50, true], [30, 9, 7, false], [
  21,
  1,
  9,
  false,
]] as const;

type Shape = (typeof SHAPES)[number];

/** C = A B by a module, on a memory of its own. */
function multiply(
  module: WebAssembly.Module,
  [rows, columns, depth, isTransposed]: Shape,
  a: Float32Array,
  b: Float32Array,
): Float32Array {
  const memory = new WebAssembly.Memory({ initial: 256 });
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as KernelExports;
  const [atA, atB, atC, scratch] = [0, 4096, 8192, 12288].map((entry) => 4 * entry);
  assert(scratch + kernels.scratchBytes() <= memory.buffer.byteLength);
  const entries = new Float32Array(memory.buffer);
  entries.set(a, atA / 4);
  b.forEach((value, at) => {
    const row = Math.floor(at / columns), column = at % columns;
    entries[atB / 4 + (isTransposed ? column * depth + row : at)] = value;
  });
  const stridesB = isTransposed ? [4, 4 * depth] : [4 * columns, 4];
  kernels.multiply(rows, columns, depth, atA, 4 * depth, 4, atB, stridesB[0], stridesB[1], atC, scratch);
  return entries.slice(atC / 4, atC / 4 + rows * columns);
}

for (const [kind, draw] of Object.entries(KINDS)) {
  Deno.test(`the emulated module gives the bits of the other one: ${kind} numbers`, () => {
    const stream = new RandomStream(7, kind);
    for (const shape of SHAPES) {
      const [rows, columns, depth] = shape;
      const a = Float32Array.from({ length: rows * depth }, () => draw(stream));
      const b = Float32Array.from({ length: depth * columns }, () => draw(stream));
      const emulated = multiply(emulatedKernelsModule, shape, a, b);
      if (hasFusedMultiplyAdd()) assertEquals(bits(multiply(kernelsModule, shape, a, b)), bits(emulated));
    }
  });

  Deno.test(`a product rounds once for each term: ${kind} numbers`, () => {
    const stream = new RandomStream(11, kind), [rows, columns, depth] = SHAPES[0];
    const a = Float32Array.from({ length: rows * depth }, () => draw(stream));
    const b = Float32Array.from({ length: depth * columns }, () => draw(stream));
    const before = halfWay.count, expected = bits(orderedProduct(a, b, columns, depth));
    assertEquals(bits(multiply(emulatedKernelsModule, SHAPES[0], a, b)), expected);
    if (hasFusedMultiplyAdd()) assertEquals(bits(multiply(kernelsModule, SHAPES[0], a, b)), expected);
    assert(kind !== "nearPower" || halfWay.count > before, "no sum was half-way between two numbers");
  });
}

async function productInProcess(
  ...flags: string[]
): Promise<{ isFused: boolean; detail: string; product: number[] }> {
  const program = new URL("../fixtures/product_of_wasm.ts", import.meta.url).href;
  const args = ["run", "--quiet", "--no-check", "--allow-read", "--allow-env", ...flags, program];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name:
    "the engine has the same bits where V8 does without the processor's instruction, and its state says so",
  ignore: Deno.build.arch !== "x86_64",
  fn: async () => {
    const [usual, without] = await Promise.all([
      productInProcess(),
      productInProcess("--v8-flags=--no-enable-fma3"),
    ]);
    assert(!without.isFused);
    assertStringIncludes(without.detail, "has no fused multiply-add");
    assertEquals(without.product, usual.product);
  },
});
