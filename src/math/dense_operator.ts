/**
 * A dense matrix as a linear operator, by the WebAssembly that `assembly/normal_product.ts` compiles to.
 *
 * @module
 */
import type { Matrix } from "./matrix.ts";
import { normalProductModule } from "./normal_product_module.js";
import type { LinearOperator } from "./spectral_norm.ts";

/** What the module exports. Addresses are in bytes; it keeps nothing of its own in its memory. */
interface NormalProduct {
  readonly memory: WebAssembly.Memory;
  readonly addSingleNormalProduct: AddNormalProduct;
  readonly addDoubleNormalProduct: AddNormalProduct;
}

/** Adds A^T A x to the image. */
type AddNormalProduct = (rows: number, columns: number, a: number, x: number, image: number) => void;

const [pageBytes, entryBytes] = [65536, 8];

/** Where the matrix is in the module's memory. */
const atMatrix = 0;

/** Made for the first norm. Its memory grows with the largest matrix. */
let loaded: NormalProduct | undefined;

/** The entries that are in the module's memory. */
let placed: Matrix["data"] | undefined;

/**
 * A dense matrix as a linear operator. Its entries are not to be changed while it is used.
 *
 * Every sum is in double precision and has its terms in the order of the rows and columns.
 */
export function denseOperator({ rows, columns, data }: Matrix): LinearOperator {
  const product = loaded ??= new WebAssembly.Instance(normalProductModule)
    .exports as unknown as NormalProduct;
  const add = data instanceof Float32Array ? product.addSingleNormalProduct : product.addDoubleNormalProduct;
  const atVector = Math.ceil(data.byteLength / entryBytes) * entryBytes;
  const atImage = atVector + entryBytes * columns;
  growTo(product.memory, atImage + entryBytes * columns);
  placed = undefined;
  return {
    rows,
    columns,
    normalTimes(x: Float64Array): Float64Array {
      const buffer = product.memory.buffer as ArrayBuffer;
      if (placed !== data) place(buffer, data);
      new Float64Array(buffer, atVector, columns).set(x);
      const image = new Float64Array(buffer, atImage, columns).fill(0);
      add(rows, columns, atMatrix, atVector, atImage);
      return image.slice();
    },
  };
}

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

/** Copies entries to where the matrix is. Another operator may have put its own there. */
function place(buffer: ArrayBuffer, data: Matrix["data"]): void {
  const Entries = data instanceof Float32Array ? Float32Array : Float64Array;
  new Entries(buffer, atMatrix, data.length).set(data);
  placed = data;
}
