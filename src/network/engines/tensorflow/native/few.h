// Products of a few rows, which pass once over the other operand.

#pragma once

#include "product.h"

namespace prunebound {

// The most rows of a product that are few: it passes once over op(b), which is not packed as no other row would use it.
constexpr int64_t kFewRows = 4;

// Adds rows[i][0..3] times four rows of op(b), from `from` on, to columns of each result.
template <typename Shape>
PART_OF_CALLER void addFour(const float* rows, int64_t inner, const float* from, int64_t rowLength, Range columns,
                            float* const* results) {
  using Vector = typename Shape::Vector;
  int64_t column = columns.begin;
  for (; column + Shape::kWidth <= columns.end; column += Shape::kWidth) {
    Vector terms[4];
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) terms[k] = *reinterpret_cast<const Vector*>(from + k * rowLength + column);
#pragma GCC unroll 4
    for (int i = 0; i < kFewRows; i++) {
      Vector sum = *reinterpret_cast<const Vector*>(results[i] + column);
#pragma GCC unroll 4
      for (int k = 0; k < 4; k++) sum += rows[i * inner + k] * terms[k];
      *reinterpret_cast<Vector*>(results[i] + column) = sum;
    }
  }
  for (; column < columns.end; column++) {
    for (int i = 0; i < kFewRows; i++) {
      for (int k = 0; k < 4; k++) results[i][column] += rows[i * inner + k] * from[k * rowLength + column];
    }
  }
}

// Has Adam step for some columns of some rows of b, which lie in the first cache as the product has just read them.
PART_OF_CALLER void learn(const Product& product, const float* rows, Range terms, Range columns) {
  constexpr int64_t kTogether = 64;
  for (int64_t k = terms.begin; k < terms.end; k++) {
    for (int64_t column = columns.begin; column < columns.end; column += kTogether) {
      const int64_t count = std::min(kTogether, columns.end - column);
      float gradient[kTogether] = {};
      for (int64_t i = 0; i < product.rows; i++) {
        const float factor = rows[i * product.inner + k], *features = product.features + i * product.columns + column;
        for (int64_t j = 0; j < count; j++) gradient[j] += factor * features[j];
      }
      product.learning->step(gradient, k * product.columns + column, count);
    }
  }
}

// Some terms of columns of a product of few rows, where op(b) is b: each row of b is added, a number of times, to each
// result. Adam, if it learns, steps for the same rows.
template <typename Shape>
PART_OF_CALLER void addMultiples(const Product& product, const float* rows, Range terms, Range columns,
                                 float* const* results) {
  for (int i = 0; i < kFewRows; i++) std::fill_n(results[i] + columns.begin, columns.end - columns.begin, 0.0f);
  int64_t k = terms.begin;
  for (; k + 4 <= terms.end; k += 4) {
    addFour<Shape>(rows + k, product.inner, product.b + k * product.columns, product.columns, columns, results);
    if (product.learning) learn(product, rows, {k, k + 4}, columns);
  }
  for (; k < terms.end; k++) {
    for (int i = 0; i < kFewRows; i++) {
      const float factor = rows[i * product.inner + k];
      for (int64_t j = columns.begin; j < columns.end; j++) results[i][j] += factor * product.b[k * product.columns + j];
    }
    if (product.learning) learn(product, rows, {k, k + 1}, columns);
  }
}

// The sum of a vector's numbers, halves first.
template <typename Shape>
PART_OF_CALLER float total(const typename Shape::Vector& vector) {
  float lanes[Shape::kWidth];
  std::memcpy(lanes, &vector, sizeof lanes);
  for (int half = Shape::kWidth / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  }
  return lanes[0];
}

// The scalar products of kFewRows lines of `rows` and two columns of op(b), which is the transpose of b; the second column
// may be the first.
template <typename Shape>
PART_OF_CALLER void multiplyScalars(const float* rows, int64_t inner, const float* const (&columns)[2],
                                    float (&products)[kFewRows][2]) {
  using Vector = typename Shape::Vector;
  const int64_t whole = inner / Shape::kWidth * Shape::kWidth;
  Vector sums[kFewRows][2] = {};
  for (int64_t k = 0; k < whole; k += Shape::kWidth) {
    const Vector terms[2] = {*reinterpret_cast<const Vector*>(columns[0] + k), *reinterpret_cast<const Vector*>(columns[1] + k)};
#pragma GCC unroll 4
    for (int i = 0; i < kFewRows; i++) {
      const Vector row = *reinterpret_cast<const Vector*>(rows + i * inner + k);
      sums[i][0] += row * terms[0];
      sums[i][1] += row * terms[1];
    }
  }
  for (int i = 0; i < kFewRows; i++) {
    for (int j = 0; j < 2; j++) {
      float sum = total<Shape>(sums[i][j]);
      for (int64_t k = whole; k < inner; k++) sum += rows[i * inner + k] * columns[j][k];
      products[i][j] = sum;
    }
  }
}

// Where an entry of the result is.
PART_OF_CALLER int64_t placeOf(const Product& product, int64_t row, int64_t column) {
  return product.transposedResult ? column * product.rows + row : row * product.columns + column;
}

// Some columns of a product where op(b) is the transpose of b: two columns at a time.
template <typename Shape>
PART_OF_CALLER void multiplyLines(const Product& product, const float* rows, Range columns) {
  for (int64_t column = columns.begin; column < columns.end; column += 2) {
    const float* first = product.b + column * product.inner;
    const float* const from[2] = {first, column + 1 < columns.end ? first + product.inner : first};
    for (int64_t row = 0; row < product.rows; row += kFewRows) {
      float products[kFewRows][2];
      multiplyScalars<Shape>(rows + row * product.inner, product.inner, from, products);
      for (int64_t i = 0; i < std::min(kFewRows, product.rows - row); i++) {
        for (int64_t j = 0; j < std::min<int64_t>(2, columns.end - column); j++) {
          const int64_t at = placeOf(product, row + i, column + j);
          OneNumber::Vector entry{products[i][j]};
          finish<OneNumber>(product, entry, at);
          product.result[at] = entry[0];
        }
      }
    }
  }
}

// Some columns of a product of few rows, or of some where op(b) is the transpose of b, from the rows of op(a) as lines of
// `rows`, which are followed by zeros up to whole blocks of kFewRows.
template <typename Shape>
PART_OF_CALLER void multiplyFew(const Product& product, const float* rows, Range columns) {
  if (product.transposedB) return multiplyLines<Shape>(product, rows, columns);
  static thread_local Scratch<float> scratch;
  float* results[kFewRows];
  for (int64_t i = 0; i < kFewRows; i++) {
    results[i] = i < product.rows ? product.result + i * product.columns : scratch.have(product.columns);
  }
  addMultiples<Shape>(product, rows, {0, product.inner}, columns, results);
  for (int64_t i = 0; i < product.rows; i++) {
    for (int64_t j = columns.begin; j < columns.end; j++) {
      finish<OneNumber>(product, *reinterpret_cast<OneNumber::Vector*>(results[i] + j), i * product.columns + j);
    }
  }
}

// Some terms of a product of few rows, all columns: the sums, of which there are kFewRows lines.
template <typename Shape>
PART_OF_CALLER void multiplyTerms(const Product& product, const float* rows, Range terms, float* sums) {
  float* results[kFewRows];
  for (int64_t i = 0; i < kFewRows; i++) results[i] = sums + i * product.columns;
  addMultiples<Shape>(product, rows, terms, {0, product.columns}, results);
}

}  // namespace prunebound
