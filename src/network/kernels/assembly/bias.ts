// The bias of a fused product.

/** Adds `bias` (columns) to each row of C (rows x columns). */
export function addBias(rows: i32, columns: i32, bias: usize, c: usize): void {
  for (let i = 0; i < rows; i++, c += 4 * columns) addVector(columns, bias, c);
}

function addVector(length: i32, vector: usize, c: usize): void {
  let j = 0;
  for (; j + 4 <= length; j += 4, vector += 16, c += 16) {
    v128.store(c, f32x4.add(v128.load(c), v128.load(vector)));
  }
  for (; j < length; j++, vector += 4, c += 4) store<f32>(c, load<f32>(c) + load<f32>(vector));
}
