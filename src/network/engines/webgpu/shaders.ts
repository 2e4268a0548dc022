/**
 * The shaders, in WGSL. A thread does one entry in as many as there are threads, however many entries there are.
 *
 * @module
 */

/** Threads in a workgroup: what every WebGPU device can do. */
export const workgroupSize = 256;

/** dy where features > 0, else 0. Bindings: dy, features, result. */
export const reluGradShader: string = `
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> features: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var entry = id.x; entry < arrayLength(&result); entry += groups.x * ${workgroupSize}u) {
    result[entry] = select(0.0, dy[entry], features[entry] > 0.0);
  }
}`;

/**
 * A step of Adam in place. Bindings: parameter w, gradient g, moments m and v, and the numbers of the step:
 *
 * m += gain1 (g - m), v += gain2 (g g - v), w -= rate m / (sqrt(v) correction + epsilon).
 *
 * The moments are written as moves towards g because in single precision beta + (1 - beta) need not be 1.
 */
export const applyAdamShader: string = `
struct Step { gain1: f32, gain2: f32, rate: f32, correction: f32, epsilon: f32 }

@group(0) @binding(0) var<storage, read_write> parameter: array<f32>;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> firstMoment: array<f32>;
@group(0) @binding(3) var<storage, read_write> secondMoment: array<f32>;
@group(0) @binding(4) var<uniform> step: Step;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var entry = id.x; entry < arrayLength(&parameter); entry += groups.x * ${workgroupSize}u) {
    let g = gradient[entry];
    let m = firstMoment[entry] + step.gain1 * (g - firstMoment[entry]);
    let v = secondMoment[entry] + step.gain2 * (g * g - secondMoment[entry]);
    firstMoment[entry] = m;
    secondMoment[entry] = v;
    parameter[entry] -= step.rate * m / (sqrt(v) * step.correction + step.epsilon);
  }
}`;
