/**
 * A Worker that answers "train" with the bits of a trained layer, and on "fail" asks the GPU for what it cannot do.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { webgpuEngine } from "../../../src/network/engines/webgpu/engine.ts";
import type { WebgpuBackend } from "../../../src/network/engines/webgpu/backend.ts";
import { shortTraining } from "./short_training.ts";

const scope = self as unknown as Worker;

scope.onmessage = async ({ data }) => {
  await webgpuEngine.select();
  if (data === "train") {
    scope.postMessage(new Uint32Array((await shortTraining(webgpuEngine, 6)).buffer));
  } else {
    const { device } = tf.backend() as unknown as WebgpuBackend;
    device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await device.queue.onSubmittedWorkDone();
    setTimeout(() => scope.postMessage("went on"), 200);
  }
};
