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

// Some columns of a product of few rows, where op(b) is the transpose of b: scalar products, two columns at a time.
template <typename Shape>
PART_OF_CALLER void multiplyScalars(const Product& product, const float* rows, Range columns, float* const* results) {
  using Vector = typename Shape::Vector;
  const int64_t whole = product.inner / Shape::kWidth * Shape::kWidth;
  for (int64_t column = columns.begin; column < columns.end; column += 2) {
    const float* first = product.b + column * product.inner;
    const float* from[2] = {first, column + 1 < columns.end ? first + product.inner : first};
    Vector sums[kFewRows][2] = {};
    for (int64_t k = 0; k < whole; k += Shape::kWidth) {
      const Vector terms[2] = {*reinterpret_cast<const Vector*>(from[0] + k), *reinterpret_cast<const Vector*>(from[1] + k)};
#pragma GCC unroll 4
      for (int i = 0; i < kFewRows; i++) {
        const Vector row = *reinterpret_cast<const Vector*>(rows + i * product.inner + k);
        sums[i][0] += row * terms[0];
        sums[i][1] += row * terms[1];
      }
    }
    for (int64_t j = 0; j < 2 && column + j < columns.end; j++) {
      for (int i = 0; i < kFewRows; i++) {
        float sum = 0;
        for (int lane = 0; lane < Shape::kWidth; lane++) sum += sums[i][j][lane];
        for (int64_t k = whole; k < product.inner; k++) sum += rows[i * product.inner + k] * from[j][k];
        results[i][column + j] = sum;
      }
    }
  }
}

// Some columns of a product of few rows, from the rows of op(a), zeros where there are none, as lines of `rows`.
template <typename Shape>
PART_OF_CALLER void multiplyFew(const Product& product, const float* rows, Range columns) {
  static thread_local Scratch<float> scratch;
  float* results[kFewRows];
  for (int64_t i = 0; i < kFewRows; i++) {
    results[i] = i < product.rows ? product.result + i * product.columns : scratch.have(product.columns);
  }
  if (product.transposedB) {
    multiplyScalars<Shape>(product, rows, columns, results);
  } else {
    addMultiples<Shape>(product, rows, {0, product.inner}, columns, results);
  }
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
