import * as tf from "@tensorflow/tfjs";
import { wasmEngine } from "../src/network/engines/wasm.ts";
const med = (xs: number[]) => [...xs].sort((a, b) => a - b)[xs.length >> 1];
const stat = (xs: number[]) => `median ${med(xs).toFixed(2)} min ${Math.min(...xs).toFixed(2)} ms`;
const time = (fn: () => void, n: number) => { fn(); fn(); return Array.from({ length: n }, () => { const s = performance.now(); fn(); return performance.now() - s; }); };
const run = (k: string, i: any, a: any = {}) => (tf.engine() as any).runKernel(k, i, a);
function gflops() {
  for (const [m, n, d] of [[256, 784, 784], [784, 784, 256]]) for (const [ta, tb] of [[false, false], [false, true], [true, false], [true, true]]) {
    const a = tf.randomNormal(ta ? [d, m] : [m, d]) as tf.Tensor2D, b = tf.randomNormal(tb ? [n, d] : [d, n]) as tf.Tensor2D;
    const t = time(() => tf.matMul(a, b, ta, tb).dispose(), 12);
    console.log(`  ${m}x${n}x${d} ${ta ? "T" : "N"}${tb ? "T" : "N"}`, stat(t), (2 * m * n * d / med(t) / 1e6).toFixed(1), "GF median", (2 * m * n * d / Math.min(...t) / 1e6).toFixed(1), "GF best");
    a.dispose(); b.dispose();
  }
}
function stepper(widths: number[], batch: number) {
  const L = widths.length - 1; const x = tf.randomUniform([batch, widths[0]]); const y = tf.oneHot(tf.randomUniform([batch], 0, 10, "int32") as any, 10);
  const W = [...Array(L).keys()].map((l) => { const t = tf.randomNormal([widths[l + 1], widths[l]], 0, 1 / Math.sqrt(3 * widths[l])); const z = tf.zeros(t.shape); const r = { w: wasmEngine.variable(t), m: wasmEngine.variable(z), v: wasmEngine.variable(z) }; t.dispose(); z.dispose(); return r; });
  let t = 0;
  const at: Record<string, number> = {};
  const step = () => { t++; tf.tidy(() => {
    const clock = (n: string, s: number) => { const e = performance.now(); at[n] = (at[n] ?? 0) + e - s; return e; };
    let s = performance.now();
    const h: any[] = [x];
    for (let l = 0; l < L; l++) { const z = tf.matMul(h[l], W[l].w.handle as any, false, true); s = clock("fwd", s); h.push(l < L - 1 ? tf.relu(z) : z); s = clock("relu", s); }
    let d: any = tf.div(tf.sub(tf.softmax(h[L]), y), batch); s = clock("softmax", s);
    for (let l = L - 1; l >= 0; l--) { const g = tf.matMul(d, h[l], true, false); s = clock("dW", s); if (l > 0) { d = tf.matMul(d, W[l].w.handle as any); s = clock("dX", s); d = run("ReluGrad", { dy: d, features: h[l] }); s = clock("relugrad", s); }
      run("ApplyAdam", { parameter: W[l].w.handle, gradient: g, firstMoment: W[l].m.handle, secondMoment: W[l].v.handle }, { learningRate: 1e-3, beta1: .9, beta2: .999, epsilon: 1e-8, step: t }); s = clock("adam", s); g.dispose(); }
  }); };
  return { step, at, free() { x.dispose(); y.dispose(); W.forEach((w) => { w.w.dispose(); w.m.dispose(); w.v.dispose(); }); } };
}
function steps(h: number, batch: number, n: number) {
  const s = stepper([784, h, h, h, h, 10], batch); time(s.step, 2); for (const k in s.at) s.at[k] = 0; const t = time(s.step, n); console.log(`step h=${h} batch ${batch}`, stat(t), Object.entries(s.at).map(([k, v]) => `${k} ${(v / (n + 2)).toFixed(2)}`).join(" ")); s.free(); return med(t);
}
async function fit(h: number, batch: number) {
  const m = tf.sequential(); for (let l = 0; l < 4; l++) m.add(tf.layers.dense({ units: h, activation: "relu", useBias: false, ...(l ? {} : { inputShape: [784] }) })); m.add(tf.layers.dense({ units: 10, activation: "softmax", useBias: false }));
  m.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" }); const x = tf.randomUniform([batch, 784]), y = tf.oneHot(tf.randomUniform([batch], 0, 10, "int32") as any, 10);
  await m.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0 }); const t: number[] = []; for (let i = 0; i < 3; i++) { const s = performance.now(); await m.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0 }); t.push(performance.now() - s); } console.log("model.fit", h, batch, stat(t)); return med(t);
}
await wasmEngine.select(); wasmEngine.dispose();
const what = Deno.args[0] ?? "all";
if (what != "step") { console.log("tfjs own kernels"); gflops(); await fit(784, 256); }
await wasmEngine.select();
if (what != "step") { console.log("ours"); gflops(); await fit(784, 256); }
steps(784, 256, 8); steps(784, 4, 20); steps(784, 256, 8); steps(784, 4, 20); if (what != "step") steps(2500, 256, 4);
console.log(tf.memory().numTensors, (tf.backend() as any).wasm.asm.memory.buffer.byteLength / 2**20);
