import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import type { WasmBackend } from "../../../src/network/kernels/wasm_backend.ts";

Deno.test("a tensor for which the engine has no memory left is refused and overwrites no other one", async () => {
  await wasmEngine.select();
  const backend = tf.backend() as unknown as WasmBackend;
  const kept = tf.tensor1d([1, 2, 3]);
  await kept.data();
  // With the little that is taken already, four bytes less than 4 GiB is too much.
  const message = `Cannot allocate ${2 ** 32 - 4} bytes as the memory of the wasm engine, 4 GiB, is full`;
  for (let attempt = 0; attempt < 2; attempt++) {
    assertThrows(() => backend.makeOutput([2 ** 30 - 1], "float32"), RangeError, message);
  }
  assertEquals([...await tf.mul(kept, 2).data()], [2, 4, 6]);
  kept.dispose();
  wasmEngine.dispose();
});
