/**
 * tfjs's `BatchMatMul` and `_FusedMatMul` on the matrix product of `assembly/multiply.ts`.
 *
 * @module
 */
import { broadcast_util, util } from "@tensorflow/tfjs";
import type { Kernels, ProductOperands } from "./kernels.ts";
import type { KernelCall, KernelConfig, TensorInfo } from "./wasm_backend.ts";

/** One operand of a product, as the module reads it: a transposition is an exchange of the strides (bytes). */
interface Operand {
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** The shape of the batch of matrices: all sides but the last two. */
  readonly batch: number[];
}

/** tfjs's own kernels for the activations that may follow a product. */
const ACTIVATION_KERNELS = new Map([
  ["relu", "Relu"],
  ["relu6", "Relu6"],
  ["elu", "Elu"],
  ["sigmoid", "Sigmoid"],
  ["leakyrelu", "LeakyRelu"],
  ["prelu", "Prelu"],
]);

/**
 * The kernel that takes the place of tfjs's `BatchMatMul`: all four transpositions, and batches that broadcast as
 * in NumPy. Operands that the original refuses go to the original, for its message.
 */
export function batchMatMul(kernels: Kernels, original: KernelConfig): KernelConfig {
  const kernelFunc = (call: KernelCall) =>
    isProduct(call) ? multiply(kernels, call) : original.kernelFunc(call);
  return { ...original, kernelFunc };
}

/**
 * The kernel that takes the place of tfjs's `_FusedMatMul`: the product, then the bias, then tfjs's own kernel for
 * the activation. What the original refuses goes to the original; nothing else may, because it keeps a packed copy
 * of its right operand and would not see a variable change.
 */
export function fusedMatMul(kernels: Kernels, original: KernelConfig): KernelConfig {
  const kernelFunc = (call: KernelCall) =>
    isProduct(call) && isFusable(call) ? multiplyFused(kernels, call) : original.kernelFunc(call);
  return { ...original, kernelFunc };
}

/** Whether the operands are of float32 and their inner sides agree. */
function isProduct({ inputs, attrs }: KernelCall): boolean {
  const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
  if (a.dtype !== "float32" || b.dtype !== "float32") return false;
  return a.shape.at(attrs?.transposeA ? -2 : -1) === b.shape.at(attrs?.transposeB ? -1 : -2);
}

function isFusable({ inputs: { bias }, attrs }: KernelCall): boolean {
  const isBiasFit = !bias || (bias.shape.length === 1 && bias.dtype === "float32");
  const activation = attrs?.activation as string;
  return isBiasFit && (activation === "linear" || ACTIVATION_KERNELS.has(activation));
}

function multiplyFused(kernels: Kernels, call: KernelCall): TensorInfo {
  const product = multiply(kernels, call);
  const sum = call.inputs.bias ? addBias(kernels, product, call.inputs.bias) : product;
  const kernelName = ACTIVATION_KERNELS.get(call.attrs?.activation as string);
  if (!kernelName) return sum;
  const inputs = { x: sum, alpha: call.inputs.preluActivationWeights };
  return kernels.replace(sum, kernelName, inputs, { alpha: call.attrs?.leakyreluAlpha ?? 0 });
}

function addBias(kernels: Kernels, product: TensorInfo, bias: TensorInfo): TensorInfo {
  const columns = product.shape[product.shape.length - 1];
  if (bias.shape[0] !== columns) return kernels.replace(product, "Add", { a: product, b: bias });
  const rows = util.sizeFromShape(product.shape.slice(0, -1));
  kernels.run.addBias(rows, columns, kernels.addressOf(bias), kernels.addressOf(product));
  return product;
}

function multiply(kernels: Kernels, { inputs, attrs }: KernelCall): TensorInfo {
  const a = operand(kernels, inputs.a as TensorInfo, Boolean(attrs?.transposeA));
  const b = operand(kernels, inputs.b as TensorInfo, Boolean(attrs?.transposeB));
  const batch = broadcast_util.assertAndGetBroadcastShape(a.batch, b.batch);
  const product = kernels.makeOutput([...batch, a.rows, b.columns]);
  multiplyBatch(kernels, a, b, batch, kernels.addressOf(product));
  return product;
}

function operand(kernels: Kernels, tensor: TensorInfo, isTransposed: boolean): Operand {
  const [height, width] = tensor.shape.slice(-2);
  const place = { address: kernels.addressOf(tensor), batch: tensor.shape.slice(0, -2) };
  return isTransposed
    ? { ...place, rows: width, columns: height, rowStride: 4, columnStride: 4 * width }
    : { ...place, rows: height, columns: width, rowStride: 4 * width, columnStride: 4 };
}

function multiplyBatch(kernels: Kernels, a: Operand, b: Operand, batch: number[], product: number): void {
  for (let index = 0; index < util.sizeFromShape(batch); index++) {
    const left = { ...a, address: matrixAddress(a, batch, index) };
    const right = { ...b, address: matrixAddress(b, batch, index) };
    multiplyMatrices(kernels, left, right, product + 4 * index * a.rows * b.columns);
  }
}

/** The kernel skips what is zero on the left: where there is more of it on the right, the product is transposed. */
function multiplyMatrices(kernels: Kernels, a: Operand, b: Operand, product: number): void {
  const { run, scratch } = kernels;
  if (!run.isFasterTransposed(...productOperands(a, b))) {
    run.multiply(...productOperands(a, b), product, scratch);
    return;
  }
  const beside = kernels.makeOutput([b.columns, a.rows]), address = kernels.addressOf(beside);
  run.multiply(...productOperands(transposed(b), transposed(a)), address, scratch);
  run.transpose(b.columns, a.rows, address, product);
  kernels.free(beside);
}

function productOperands(a: Operand, b: Operand): ProductOperands {
  const left = [a.address, a.rowStride, a.columnStride] as const;
  return [a.rows, b.columns, a.columns, ...left, b.address, b.rowStride, b.columnStride];
}

function transposed({ rows, columns, rowStride, columnStride, ...rest }: Operand): Operand {
  return { ...rest, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride };
}

/** The address of the matrix that `operand` gives to the product number `index` of the batch. */
function matrixAddress(operand: Operand, batch: number[], index: number): number {
  let matrix = 0, stride = 1;
  for (let axis = 1; axis <= operand.batch.length; axis++) {
    const side = operand.batch.at(-axis)!, batchSide = batch.at(-axis)!;
    if (side > 1) matrix += stride * (index % batchSide);
    stride *= side;
    index = Math.floor(index / batchSide);
  }
  return operand.address + 4 * matrix * operand.rows * operand.columns;
}
