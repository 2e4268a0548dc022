// A product of matrices in single precision, and what all ways to compute it share: how operands are brought into the
// order in which they are read, and where sums belong.
//
// An entry of the result is the same sum in the same order however the work is shared.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "team.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Code that is compiled for the instruction set of the function that it becomes a part of.
#define PART_OF_CALLER inline __attribute__((always_inline))

// A function that is compiled for several instruction sets, of which the best is taken.
#if defined(__x86_64__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

namespace prunebound {

// Rounds up to whole blocks.
inline int64_t whole(int64_t count, int64_t block) { return (count + block - 1) / block * block; }

// Whether numbers are zero, by their bits without the sign. The first decides in most cases.
PART_OF_CALLER bool areZero(const float* numbers, int64_t count) {
  if (numbers[0] != 0) return false;
  uint32_t bits = 0;
  for (int64_t i = 0; i < count; i++) {
    uint32_t number;
    std::memcpy(&number, numbers + i, sizeof number);
    bits |= number;
  }
  return bits << 1 == 0;
}

// Adam's settings, the bias correction in the rate, and where a matrix and its moments are.
struct Adam {
  float rate, beta1, beta2, epsilon;
  float *parameter, *firstMoment, *secondMoment;

  // Takes the gradient of `count` parameters from `begin` on.
  PART_OF_CALLER void step(const float* gradient, int64_t begin, int64_t count) const {
    for (int64_t i = 0; i < count; i += kTogether) {
      stepOfSome(gradient + i, begin + i, std::min(kTogether, count - i));
    }
  }

 private:
  // How many parameters rest together: those of a unit that ReLU has silenced for good, whose first moments have decayed.
  static constexpr int64_t kTogether = 64;

  PART_OF_CALLER void stepOfSome(const float* __restrict gradient, int64_t begin, int64_t count) const {
    float *__restrict p = parameter + begin, *__restrict m = firstMoment + begin, *__restrict v = secondMoment + begin;
    if (areZero(gradient, count) && areZero(m, count)) {
      for (int64_t i = 0; i < count; i++) v[i] += (0 - v[i]) * (1 - beta2);
      return;
    }
    for (int64_t i = 0; i < count; i++) {
      m[i] += (gradient[i] - m[i]) * (1 - beta1);
      v[i] += (gradient[i] * gradient[i] - v[i]) * (1 - beta2);
      p[i] -= m[i] * rate / (std::sqrt(v[i]) + epsilon);
    }
  }
};

// result = op(a) op(b), all row-major, op(a) of rows x inner and op(b) of inner x columns. All sizes are at least 1.
struct Product {
  bool transposedA, transposedB;
  int64_t rows, columns, inner;
  const float *a, *b;
  float* result;
  bool relu = false;                // The result is the ReLU of the product.
  const float* features = nullptr;  // The result is zero where these, of the result's shape, are not positive.
  const Adam* learning = nullptr;   // Adam steps for b after the product of few rows: its gradient is a^T features.
  bool transposedResult = false;    // The result, and the features, are transposed in memory.
  float background = 0;             // What a product without zeros leaves out of op(a): by far the most entries.
};

// The same result as the product of the transposed operands, the other one first.
inline Product turned(Product product) {
  std::swap(product.a, product.b);
  std::swap(product.rows, product.columns);
  const bool transposedA = product.transposedA;
  product.transposedA = !product.transposedB;
  product.transposedB = !transposedA;
  product.transposedResult = !product.transposedResult;
  return product;
}

// The numbers of a tile of the result: kVectors vectors of kWidth columns each.
template <int rows, int vectors, int width>
struct TileShape {
  static constexpr int kRows = rows, kVectors = vectors, kWidth = width, kColumns = vectors * width;
  typedef float Vector __attribute__((vector_size(width * sizeof(float)), aligned(4), may_alias));
};

// Some terms of the sums, of which there are `all`.
struct Terms {
  int64_t begin, end, all;

  int64_t depth() const { return end - begin; }
  bool areFirst() const { return begin == 0; }
  bool areLast() const { return end == all; }
};

// Memory that is kept from product to product.
template <typename Entry>
class Scratch {
 public:
  Entry* have(int64_t count) {
    if (count > count_) {
      const int64_t bytes = count * static_cast<int64_t>(sizeof(Entry));
      memory_.reset(static_cast<Entry*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64)));
      if (!memory_) throw std::bad_alloc();
      count_ = count;
    }
    return memory_.get();
  }

 private:
  struct Free {
    void operator()(Entry* memory) const { std::free(memory); }
  };
  std::unique_ptr<Entry, Free> memory_;
  int64_t count_ = 0;
};

// Four rows of `from` become four columns of `to`.
PART_OF_CALLER void transposeFour(const float* from, int64_t rowLength, int64_t depth, float* to, int64_t toLength) {
  int64_t k = 0;
#if defined(__x86_64__)
  for (; k + 4 <= depth; k += 4) {
    __m128 rows[4];
    for (int i = 0; i < 4; i++) rows[i] = _mm_loadu_ps(from + i * rowLength + k);
    _MM_TRANSPOSE4_PS(rows[0], rows[1], rows[2], rows[3]);
    for (int i = 0; i < 4; i++) _mm_storeu_ps(to + (k + i) * toLength, rows[i]);
  }
#endif
  for (; k < depth; k++) {
    for (int i = 0; i < 4; i++) to[k * toLength + i] = from[i * rowLength + k];
  }
}

// `count` rows of `from`, of `depth` terms each, become columns of `to`, and zeros columns up to `filled`.
PART_OF_CALLER void transpose(const float* from, int64_t count, int64_t rowLength, int64_t depth, float* to,
                              int64_t filled, int64_t toLength) {
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) transposeFour(from + i * rowLength, rowLength, depth, to + i, toLength);
  for (; i < filled; i++) {
    for (int64_t k = 0; k < depth; k++) to[k * toLength + i] = i < count ? from[i * rowLength + k] : 0;
  }
}

// Copies a line, and zeros beyond its end up to kLength.
template <int kLength>
PART_OF_CALLER void copyLine(const float* from, int64_t count, float* to) {
  if (count >= kLength) {
    std::memcpy(to, from, kLength * sizeof(float));
  } else {
    std::copy_n(from, count, to);
    std::fill(to + count, to + kLength, 0.0f);
  }
}

// A tile that is a number.
using OneNumber = TileShape<1, 1, 1>;

// Makes a vector of the product one of the result, at a place in it.
template <typename Shape>
PART_OF_CALLER void finish(const Product& product, typename Shape::Vector& entries, int64_t at) {
  using Vector = typename Shape::Vector;
  const Vector zero{};
  if (product.relu) entries = entries < zero ? zero : entries;
  if (product.features) entries = *reinterpret_cast<const Vector*>(product.features + at) > zero ? entries : zero;
}

// Puts a vector of sums where it belongs: adds it to those of earlier terms, and finishes the last.
template <typename Shape>
PART_OF_CALLER void keepVector(const Product& product, const float* sums, const Terms& terms, int64_t at) {
  using Vector = typename Shape::Vector;
  Vector sum = *reinterpret_cast<const Vector*>(sums);
  Vector& to = *reinterpret_cast<Vector*>(product.result + at);
  if (!terms.areFirst()) sum += to;
  if (terms.areLast()) finish<Shape>(product, sum, at);
  to = sum;
}

// Puts sums that lie together in memory where they belong.
template <int kWidth>
PART_OF_CALLER void keepLine(const Product& product, const float* sums, const Terms& terms, int64_t at, int64_t count) {
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) keepVector<TileShape<1, 1, kWidth>>(product, sums + i, terms, at + i);
  for (; i < count; i++) keepVector<OneNumber>(product, sums + i, terms, at + i);
}

// Puts sums of a tile of `rows` x `columns`, in lines of `length`, where they belong in a transposed result.
template <int kRows, int kColumns, int kWidth>
PART_OF_CALLER void keepTurned(const Product& product, const float* sums, int64_t length, const Terms& terms, int64_t row,
                               int64_t column, int64_t rows, int64_t columns) {
  float turned[kColumns][kRows];
  transpose(sums, kRows, length, columns, turned[0], kRows, kRows);
  for (int64_t j = 0; j < columns; j++) {
    keepLine<kWidth>(product, turned[j], terms, (column + j) * product.rows + row, rows);
  }
}

}  // namespace prunebound
