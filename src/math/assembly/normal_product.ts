// Adds A^T A x to an image, in double precision: what the Lanczos method asks of a matrix.
//
// A row is read twice in a row, for its sum and for what it adds, and eight rows side by side, as a processor waits for one
// sum. Every sum has its terms in the order of the columns and rows, so that it does not depend on what is side by side.

/** A^T A x of a matrix in single precision. */
export function addSingleNormalProduct(rows: i32, columns: i32, a: usize, x: usize, image: usize): void {
  addNormalProduct<f32>(rows, columns, a, x, image);
}

/** A^T A x of a matrix in double precision. */
export function addDoubleNormalProduct(rows: i32, columns: i32, a: usize, x: usize, image: usize): void {
  addNormalProduct<f64>(rows, columns, a, x, image);
}

@inline
function addNormalProduct<T>(rows: i32, columns: i32, a: usize, x: usize, image: usize): void {
  const length = <usize>columns * sizeof<T>();
  let row = 0;
  for (; row + 8 <= rows; row += 8, a += 8 * length) addEightRows<T>(a, length, columns, x, image);
  for (; row < rows; row++, a += length) addRow<T>(a, columns, x, image);
}

/** Adds r r^T x of a row r. */
@inline
function addRow<T>(row: usize, columns: i32, x: usize, image: usize): void {
  let sum: f64 = 0;
  for (let column: usize = 0; column < <usize>columns; column++) sum += one<T>(row, column) * one<f64>(x, column);
  for (let column: usize = 0; column < <usize>columns; column++) {
    store<f64>(image + 8 * column, one<f64>(image, column) + sum * one<T>(row, column));
  }
}

/** The same for eight rows, each of which begins `length` bytes after the one before. */
@inline
function addEightRows<T>(rows: usize, length: usize, columns: i32, x: usize, image: usize): void {
  const c = rows + 2 * length, e = rows + 4 * length, g = rows + 6 * length, pairs = <usize>columns & ~1;
  let ab = f64x2.splat(0), cd = f64x2.splat(0), ef = f64x2.splat(0), gh = f64x2.splat(0);
  for (let column: usize = 0; column < pairs; column += 2) {
    ab = withTwoTerms<T>(ab, rows, length, x, column);
    cd = withTwoTerms<T>(cd, c, length, x, column);
    ef = withTwoTerms<T>(ef, e, length, x, column);
    gh = withTwoTerms<T>(gh, g, length, x, column);
  }
  for (let column = pairs; column < <usize>columns; column++) {
    ab = withTerm<T>(ab, rows, length, x, column);
    cd = withTerm<T>(cd, c, length, x, column);
    ef = withTerm<T>(ef, e, length, x, column);
    gh = withTerm<T>(gh, g, length, x, column);
  }
  for (let column: usize = 0; column < pairs; column += 2) {
    let sum = pair<f64>(image, column);
    sum = withTwoRows<T>(sum, ab, rows, length, column);
    sum = withTwoRows<T>(sum, cd, c, length, column);
    sum = withTwoRows<T>(sum, ef, e, length, column);
    sum = withTwoRows<T>(sum, gh, g, length, column);
    v128.store(image + 8 * column, sum);
  }
  // Of the last column of an odd number: what follows it in memory is computed with, and not stored.
  for (let column = pairs; column < <usize>columns; column++) {
    let sum = v128.load64_splat(image + 8 * column);
    sum = withTwoRows<T>(sum, ab, rows, length, column);
    sum = withTwoRows<T>(sum, cd, c, length, column);
    sum = withTwoRows<T>(sum, ef, e, length, column);
    sum = withTwoRows<T>(sum, gh, g, length, column);
    v128.store64_lane(image + 8 * column, sum, 0);
  }
}

/** The sums of a row and of the next with their terms of two columns. */
@inline
function withTwoTerms<T>(sums: v128, row: usize, length: usize, x: usize, column: usize): v128 {
  const first = pair<T>(row, column), second = pair<T>(row + length, column);
  const one = f64x2.mul(v128.shuffle<f64>(first, second, 0, 2), v128.load64_splat(x + 8 * column));
  const other = f64x2.mul(v128.shuffle<f64>(first, second, 1, 3), v128.load64_splat(x + 8 * column + 8));
  return f64x2.add(f64x2.add(sums, one), other);
}

/** The sums of a row and of the next with their terms of one column. */
@inline
function withTerm<T>(sums: v128, row: usize, length: usize, x: usize, column: usize): v128 {
  const terms = f64x2.replace_lane(f64x2.splat(one<T>(row, column)), 1, one<T>(row + length, column));
  return f64x2.add(sums, f64x2.mul(terms, v128.load64_splat(x + 8 * column)));
}

/** The image at two columns with what a row and the next add to it, given their sums. */
@inline
function withTwoRows<T>(image: v128, sums: v128, row: usize, length: usize, column: usize): v128 {
  const first = f64x2.mul(v128.shuffle<f64>(sums, sums, 0, 0), pair<T>(row, column));
  const second = f64x2.mul(v128.shuffle<f64>(sums, sums, 1, 1), pair<T>(row + length, column));
  return f64x2.add(f64x2.add(image, first), second);
}

/** A number of a list, in double precision. */
@inline
function one<T>(list: usize, index: usize): f64 {
  return <f64>load<T>(list + sizeof<T>() * index);
}

/** A number of a list and the next, in double precision. */
@inline
function pair<T>(list: usize, index: usize): v128 {
  const at = list + sizeof<T>() * index;
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}
