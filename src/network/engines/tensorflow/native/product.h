// Products of matrices in single precision, for one to a few cores and the instruction sets that they have.
//
// The form is that of BLIS (Van Zee and van de Geijn 2015): both operands are packed in the order in which tiles of the
// result read them, a tile's sums stay in registers, its rows in the first cache and a strip of columns in the second.
// Tiles side by side come after each other, as tiles on top of each other would take a page of memory a row. An entry of
// the result is the same sum in the same order however the work is shared.
//
// Terms that are zero in all rows of op(a) that a tile has are left out: units that ReLU has silenced for good, and what
// pruning has removed, cost next to nothing. A sum is the same without them, unless what they multiply is not finite.

#pragma once

#include <algorithm>
#include <atomic>
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
  const Adam* adam = nullptr;       // The product is a gradient that Adam takes instead of there being a result.
  const Adam* learning = nullptr;   // Adam steps for b after the product of few rows: its gradient is a^T features.
  bool transposedResult = false;    // The result, and the features, are transposed in memory.
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

// How many terms of a sum are added up in registers. Blocks of one product are of equal length, as far as they can be.
constexpr int64_t kDeepest = 272;

// Tiles side by side whose packed columns stay in the second cache: 0.6 MB with the widest vectors.
constexpr int64_t kStripTiles = 12;

// Some terms of the sums, the block of this index, and how many there are in `all`.
struct Terms {
  int64_t begin, end, all, block;

  int64_t depth() const { return end - begin; }
  bool areFirst() const { return begin == 0; }
  bool areLast() const { return end == all; }
};

// What remains is cut into blocks of equal length, of which this is the first.
inline Terms termsFrom(int64_t begin, int64_t all, int64_t block) {
  const int64_t remain = all - begin, blocks = (remain + kDeepest - 1) / kDeepest;
  return {begin, begin + (blocks == 0 ? 0 : (remain + blocks - 1) / blocks), all, block};
}

inline Terms firstTerms(int64_t all) { return termsFrom(0, all, 0); }

inline Terms termsAfter(const Terms& terms) { return termsFrom(terms.end, terms.all, terms.block + 1); }

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

// Which of some terms are needed: all where there is no list, else those with a number that is not zero.
using Needed = const std::atomic<uint8_t>*;

PART_OF_CALLER bool isNeeded(Needed needed, int64_t k) {
  return !needed || needed[k].load(std::memory_order_relaxed);
}

PART_OF_CALLER bool anyOfFourIsNeeded(Needed needed, int64_t k) {
  return isNeeded(needed, k) || isNeeded(needed, k + 1) || isNeeded(needed, k + 2) || isNeeded(needed, k + 3);
}

// Four rows of `from` become four columns of `to`, for those of `depth` terms that are needed.
PART_OF_CALLER void transposeFour(const float* from, int64_t rowLength, int64_t depth, Needed needed, float* to,
                                  int64_t toLength) {
  int64_t k = 0;
#if defined(__x86_64__)
  for (; k + 4 <= depth; k += 4) {
    if (!anyOfFourIsNeeded(needed, k)) continue;
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

// `count` rows of `from` become columns of `to`, and zeros columns up to `filled`.
PART_OF_CALLER void transpose(const float* from, int64_t count, int64_t rowLength, int64_t depth, Needed needed,
                              float* to, int64_t filled, int64_t toLength) {
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) transposeFour(from + i * rowLength, rowLength, depth, needed, to + i, toLength);
  for (; i < filled; i++) {
    for (int64_t k = 0; k < depth; k++) to[k * toLength + i] = i < count ? from[i * rowLength + k] : 0;
  }
}

// Copies a part of each needed one of `depth` rows of `from`, cut into tiles of kLength: to[tile][k][i] = from[k][tile * kLength + i],
// and zeros beyond the last. A row is read as a whole, so that the processor foresees what comes next.
template <int kLength>
PART_OF_CALLER void copyTiles(const float* from, int64_t count, int64_t rowLength, int64_t depth, Needed needed,
                              float* to, int64_t tileLength) {
  for (int64_t k = 0; k < depth; k++) {
    if (!isNeeded(needed, k)) continue;
    const float* row = from + k * rowLength;
    int64_t i = 0;
    float* tile = to + k * kLength;
    for (; i + kLength <= count; i += kLength, tile += tileLength) std::memcpy(tile, row + i, kLength * sizeof(float));
    if (i == count) continue;
    std::fill_n(tile, kLength, 0.0f);
    std::copy_n(row + i, count - i, tile);
  }
}

// Rows of op(a) for tiles: of a block of terms, those that are not zero in all rows of the tile.
struct PackedRows {
  float* factors;   // [tile][k][row], those of a block from the place of its first term on.
  int32_t* places;  // [tile][k]: which of the block's terms each is.
  int32_t* counts;  // [tile][block]: how many there are.
  std::atomic<uint8_t>* needed;  // Of all terms: whether there is one among those of any tile.
};

// The blocks of terms that sums of `inner` terms are cut into.
constexpr int64_t blocksOf(int64_t inner) { return (inner + kDeepest - 1) / kDeepest; }

// What a tile reads of one block of terms: all of them, or those of the places.
struct TileRows {
  const float* factors;
  const int32_t* places;
  int64_t count;
  bool areAll;
};

template <typename Shape>
PART_OF_CALLER TileRows tileRows(const PackedRows& packed, int64_t row, const Terms& terms) {
  const int64_t tile = row / Shape::kRows, from = tile * terms.all + terms.begin;
  const int64_t count = packed.counts[tile * blocksOf(terms.all) + terms.block];
  return {packed.factors + from * Shape::kRows, packed.places + from, count, count == terms.depth()};
}

// Whether a term is zero in all rows of a tile, by its bits without the sign.
template <typename Shape>
PART_OF_CALLER bool isZero(const float* factors) {
  uint32_t rows[Shape::kRows], bits = 0;
  std::memcpy(rows, factors, sizeof rows);
  for (int i = 0; i < Shape::kRows; i++) bits |= rows[i];
  return bits << 1 == 0;
}

// Of how many terms one is looked at for whether there are zeros to leave out: to look at all takes a fiftieth of a product.
constexpr int64_t kTermsALook = 8;

template <typename Shape>
PART_OF_CALLER bool seemsToHaveZeros(const float* factors, int64_t depth) {
  for (int64_t k = 0; k < depth; k += kTermsALook) {
    if (isZero<Shape>(factors + k * Shape::kRows)) return true;
  }
  return false;
}

// Moves what is not zero in all rows to the front of a tile's block of terms; returns how many terms that are.
template <typename Shape>
PART_OF_CALLER int32_t leaveOutZeros(float* factors, int64_t depth, int32_t* places, std::atomic<uint8_t>* needed) {
  if (!seemsToHaveZeros<Shape>(factors, depth)) {
    for (int64_t k = 0; k < depth; k++) needed[k].store(1, std::memory_order_relaxed);
    return static_cast<int32_t>(depth);
  }
  int32_t count = 0;
  for (int64_t k = 0; k < depth; k++) {
    float rows[Shape::kRows];
    std::memcpy(rows, factors + k * Shape::kRows, sizeof rows);
    if (isZero<Shape>(rows)) continue;
    std::memcpy(factors + count * Shape::kRows, rows, sizeof rows);
    places[count++] = static_cast<int32_t>(k);
    needed[k].store(1, std::memory_order_relaxed);
  }
  return count;
}

// Packs rows of op(a), whole tiles of them.
template <typename Shape>
PART_OF_CALLER void packRows(const Product& product, Range rows, const PackedRows& packed) {
  const int64_t inner = product.inner;
  if (product.transposedA) {
    float* factors = packed.factors + rows.begin * inner;
    copyTiles<Shape::kRows>(product.a + rows.begin, rows.end - rows.begin, product.rows, inner, nullptr, factors,
                            Shape::kRows * inner);
  }
  for (int64_t row = rows.begin; row < rows.end; row += Shape::kRows) {
    const int64_t tile = row / Shape::kRows, count = std::min<int64_t>(Shape::kRows, rows.end - row);
    float* factors = packed.factors + row * inner;
    if (!product.transposedA) {
      transpose(product.a + row * inner, count, inner, inner, nullptr, factors, Shape::kRows, Shape::kRows);
    }
    for (Terms terms = firstTerms(inner); terms.begin < inner; terms = termsAfter(terms)) {
      int32_t* places = packed.places + tile * inner + terms.begin;
      packed.counts[tile * blocksOf(inner) + terms.block] = leaveOutZeros<Shape>(
          factors + terms.begin * Shape::kRows, terms.depth(), places, packed.needed + terms.begin);
    }
  }
}

// Packs terms of columns of op(b) for tiles: packed[tile][k][j] = op(b)[terms.begin + k][columns.begin + tile * kColumns + j].
template <typename Shape>
PART_OF_CALLER void packColumns(const Product& product, Range columns, const Terms& terms, Needed needed, float* packed) {
  const int64_t tileLength = Shape::kColumns * kDeepest, depth = terms.depth();
  needed += terms.begin;
  if (!product.transposedB) {
    const float* from = product.b + terms.begin * product.columns + columns.begin;
    copyTiles<Shape::kColumns>(from, columns.end - columns.begin, product.columns, depth, needed, packed, tileLength);
    return;
  }
  for (int64_t column = columns.begin; column < columns.end; column += Shape::kColumns, packed += tileLength) {
    const int64_t count = std::min<int64_t>(Shape::kColumns, columns.end - column);
    const float* from = product.b + column * product.inner + terms.begin;
    const int64_t filled = (count + Shape::kWidth - 1) / Shape::kWidth * Shape::kWidth;
    transpose(from, count, product.inner, depth, needed, packed, filled, Shape::kColumns);
  }
}

// A tile that is a number.
using OneNumber = TileShape<1, 1, 1>;

// Makes a vector of the product one of the result.
template <typename Shape>
PART_OF_CALLER void finish(const Product& product, typename Shape::Vector& entries, const float* features) {
  using Vector = typename Shape::Vector;
  const Vector zero{};
  if (product.relu) entries = entries < zero ? zero : entries;
  if (product.features) entries = *reinterpret_cast<const Vector*>(features) > zero ? entries : zero;
}

// Puts a vector of sums where it belongs: adds it to those of earlier terms, and finishes the last.
template <typename Shape>
PART_OF_CALLER void keepVector(const Product& product, const float* sums, const Terms& terms, int64_t at) {
  using Vector = typename Shape::Vector;
  Vector sum = *reinterpret_cast<const Vector*>(sums);
  Vector& to = *reinterpret_cast<Vector*>(product.result + at);
  if (!terms.areFirst()) sum += to;
  if (terms.areLast()) finish<Shape>(product, sum, product.features + at);
  to = sum;
}

// Puts sums that lie together in memory where they belong.
template <int kWidth>
PART_OF_CALLER void keepLine(const Product& product, const float* sums, const Terms& terms, int64_t at, int64_t count) {
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) keepVector<TileShape<1, 1, kWidth>>(product, sums + i, terms, at + i);
  for (; i < count; i++) keepVector<OneNumber>(product, sums + i, terms, at + i);
}

// Puts sums of a tile of `rows` x `columns` where they belong in a transposed result.
template <int kRows, int kColumns>
PART_OF_CALLER void keepTurned(const Product& product, const float* sums, const Terms& terms, int64_t row, int64_t column,
                               int64_t rows, int64_t columns) {
  float turned[kColumns][kRows];
  transpose(sums, kRows, kColumns, kColumns, nullptr, turned[0], kRows, kRows);
  for (int64_t j = 0; j < columns; j++) {
    keepLine<4>(product, turned[j], terms, (column + j) * product.rows + row, rows);
  }
}

// Puts sums of a tile of `rows` x `columns` where they belong.
template <typename Shape, int kUsed>
PART_OF_CALLER void keep(const Product& product, typename Shape::Vector (&sums)[Shape::kRows][kUsed], const Terms& terms,
                         int64_t row, int64_t column, int64_t rows, int64_t columns) {
  using Vector = typename Shape::Vector;
  const int64_t begin = row * product.columns + column;
  if (rows == Shape::kRows && columns == kUsed * Shape::kWidth && !product.adam && !product.transposedResult) {
#pragma GCC unroll 16
    for (int i = 0; i < Shape::kRows; i++) {
      const int64_t at = begin + i * product.columns;
#pragma GCC unroll 4
      for (int j = 0; j < kUsed; j++) {
        Vector& to = *reinterpret_cast<Vector*>(product.result + at + j * Shape::kWidth);
        if (!terms.areFirst()) sums[i][j] += to;
        if (terms.areLast()) finish<Shape>(product, sums[i][j], product.features + at + j * Shape::kWidth);
        to = sums[i][j];
      }
    }
    return;
  }
  float all[Shape::kRows][kUsed * Shape::kWidth];
  std::memcpy(all, sums, sizeof all);
  if (product.transposedResult) {
    return keepTurned<Shape::kRows, kUsed * Shape::kWidth>(product, all[0], terms, row, column, rows, columns);
  }
  for (int64_t i = 0; i < rows; i++) {
    const int64_t at = begin + i * product.columns;
    if (product.adam) {
      product.adam->step(all[i], at, columns);
    } else {
      keepLine<Shape::kWidth>(product, all[i], terms, at, columns);
    }
  }
}

// Adds a term of each row times the first kUsed vectors of columns.
template <typename Shape, int kUsed>
PART_OF_CALLER void addTerm(typename Shape::Vector (&sums)[Shape::kRows][kUsed], const float* __restrict rows,
                            const float* __restrict columns) {
  typename Shape::Vector factors[kUsed];
#pragma GCC unroll 4
  for (int j = 0; j < kUsed; j++) factors[j] = reinterpret_cast<const typename Shape::Vector*>(columns)[j];
#pragma GCC unroll 16
  for (int i = 0; i < Shape::kRows; i++) {
#pragma GCC unroll 4
    for (int j = 0; j < kUsed; j++) sums[i][j] += rows[i] * factors[j];
  }
}

// The first kUsed vectors of a tile of the result, from packed rows and columns.
template <typename Shape, int kUsed>
PART_OF_CALLER void multiplyVectors(const Product& product, const TileRows& tile, const float* __restrict columnTerms,
                                    const Terms& terms, int64_t row, int64_t column, int64_t columns) {
  using Vector = typename Shape::Vector;
  Vector sums[Shape::kRows][kUsed] = {};
  if (tile.areAll) {
    for (int64_t k = 0; k < tile.count; k++) {
      addTerm<Shape>(sums, tile.factors + k * Shape::kRows, columnTerms + k * Shape::kColumns);
    }
  } else {
    for (int64_t k = 0; k < tile.count; k++) {
      addTerm<Shape>(sums, tile.factors + k * Shape::kRows, columnTerms + tile.places[k] * Shape::kColumns);
    }
  }
  keep<Shape, kUsed>(product, sums, terms, row, column, std::min<int64_t>(Shape::kRows, product.rows - row), columns);
}

// The tiles of a strip that lie side by side from `row` on, each with as many of its vectors as there are columns for.
template <typename Shape>
PART_OF_CALLER void multiplyRow(const Product& product, const TileRows& tile, const float* columnTerms,
                                const Terms& terms, int64_t row, Range strip) {
  static_assert(Shape::kVectors == 3);
  if (tile.count == 0 && !terms.areFirst() && !terms.areLast()) return;
  for (int64_t column = strip.begin; column < strip.end; column += Shape::kColumns) {
    const int64_t columns = std::min<int64_t>(Shape::kColumns, strip.end - column);
    if (columns > 2 * Shape::kWidth) {
      multiplyVectors<Shape, 3>(product, tile, columnTerms, terms, row, column, columns);
    } else if (columns > Shape::kWidth) {
      multiplyVectors<Shape, 2>(product, tile, columnTerms, terms, row, column, columns);
    } else {
      multiplyVectors<Shape, 1>(product, tile, columnTerms, terms, row, column, columns);
    }
    columnTerms += Shape::kColumns * kDeepest;
  }
}

// Some rows and columns of the result, whole tiles of them, from the packed rows of op(a).
template <typename Shape>
PART_OF_CALLER void multiplyPart(const Product& product, const PackedRows& packedRows, Range rows, Range columns) {
  static thread_local Scratch<float> scratch;
  constexpr int64_t kStripColumns = kStripTiles * Shape::kColumns;
  float* packed = scratch.have(kStripColumns * kDeepest);
  for (int64_t begin = columns.begin; begin < columns.end; begin += kStripColumns) {
    const Range strip{begin, std::min(columns.end, begin + kStripColumns)};
    for (Terms terms = firstTerms(product.inner); terms.begin < terms.all; terms = termsAfter(terms)) {
      packColumns<Shape>(product, strip, terms, packedRows.needed, packed);
      for (int64_t row = rows.begin; row < rows.end; row += Shape::kRows) {
        multiplyRow<Shape>(product, tileRows<Shape>(packedRows, row, terms), packed, terms, row, strip);
      }
    }
  }
}

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
    const float* features = product.features + i * product.columns;
    for (int64_t j = columns.begin; j < columns.end; j++) {
      finish<OneNumber>(product, *reinterpret_cast<OneNumber::Vector*>(results[i] + j), features + j);
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

// What a product consists of, for one instruction set.
struct Passes {
  int rows, width;  // of a tile, and of a vector
  void (*pack)(const Product& product, Range rows, const PackedRows& packed);
  void (*multiply)(const Product& product, const PackedRows& packedRows, Range rows, Range columns);
  void (*multiplyFew)(const Product& product, const float* rows, Range columns);
  void (*multiplyTerms)(const Product& product, const float* rows, Range terms, float* sums);
  void (*learn)(const Product& product, const float* rows, Range terms);
};

#define PASSES(name, target, ...)                                                                                  \
  target inline void pack##name(const Product& product, Range rows, const PackedRows& packed) {                    \
    packRows<TileShape<__VA_ARGS__>>(product, rows, packed);                                                       \
  }                                                                                                                \
  target inline void multiply##name(const Product& product, const PackedRows& packed, Range rows, Range columns) { \
    multiplyPart<TileShape<__VA_ARGS__>>(product, packed, rows, columns);                                          \
  }                                                                                                                \
  target inline void multiplyFew##name(const Product& product, const float* rows, Range columns) {                 \
    multiplyFew<TileShape<__VA_ARGS__>>(product, rows, columns);                                                   \
  }                                                                                                                \
  target inline void multiplyTerms##name(const Product& product, const float* rows, Range terms, float* sums) {    \
    multiplyTerms<TileShape<__VA_ARGS__>>(product, rows, terms, sums);                                             \
  }                                                                                                                \
  target inline void learn##name(const Product& product, const float* rows, Range terms) {                         \
    learn(product, rows, terms, {0, product.columns});                                                             \
  }                                                                                                                \
  constexpr Passes k##name{TileShape<__VA_ARGS__>::kRows, TileShape<__VA_ARGS__>::kWidth, pack##name, multiply##name, \
                           multiplyFew##name, multiplyTerms##name, learn##name};

#if defined(__x86_64__)
PASSES(Avx512, __attribute__((target("avx512f"))), 8, 3, 16)
PASSES(Avx2, __attribute__((target("avx2,fma"))), 4, 3, 8)
PASSES(Portable, , 3, 3, 4)
#else
PASSES(Portable, , 8, 3, 4)
#endif

inline const Passes& passesOfThisMachine() {
#if defined(__x86_64__)
  static const Passes& best = __builtin_cpu_supports("avx512f")                                ? kAvx512
                              : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? kAvx2
                                                                                                : kPortable;
  return best;
#else
  return kPortable;
#endif
}

// How many numbers of a pass belong together: a part is worth a few microseconds.
constexpr int64_t kPassBlock = 4096;

// Packed rows that a second cache holds.
constexpr int64_t kCachedTerms = 250'000;

// Terms of a product below which to share the work takes longer than to do it.
constexpr int64_t kSharedTerms = 100'000;

// Rounds up to whole blocks.
inline int64_t whole(int64_t count, int64_t block) { return (count + block - 1) / block * block; }

// Memory for the rows of op(a), until the next product.
inline PackedRows packedRows(const Product& product, const Passes& passes) {
  static thread_local Scratch<float> factors;
  static thread_local Scratch<int32_t> places, counts;
  static thread_local Scratch<std::atomic<uint8_t>> needed;
  const int64_t tiles = whole(product.rows, passes.rows) / passes.rows, terms = tiles * product.inner;
  const PackedRows packed{factors.have(terms * passes.rows), places.have(terms),
                          counts.have(tiles * blocksOf(product.inner)), needed.have(product.inner)};
  for (int64_t k = 0; k < product.inner; k++) packed.needed[k].store(0, std::memory_order_relaxed);
  return packed;
}

// The few rows of op(a) as lines, of zeros where there are none, until the next product.
inline const float* fewRows(const Product& product) {
  static thread_local Scratch<float> scratch;
  float* rows = scratch.have(kFewRows * product.inner);
  for (int64_t i = 0; i < kFewRows; i++) {
    for (int64_t k = 0; k < product.inner; k++) {
      const float* from = product.a + (product.transposedA ? k * product.rows + i : i * product.inner + k);
      rows[i * product.inner + k] = i < product.rows ? *from : 0;
    }
  }
  return rows;
}

// A product of few rows: columns by the team.
inline void multiplyFew(const Product& product, const Passes& passes, Team& team) {
  const float* rows = fewRows(product);
  // Parts of rows of op(b) are read in a row: the longer, the better the processor foresees what comes next.
  const bool isShared = product.inner * product.columns >= kSharedTerms;
  const int64_t block = isShared ? whole(product.columns / team.size() + 1, passes.width) : product.columns;
  team.share(product.columns, block, [&](Range columns) { passes.multiplyFew(product, rows, columns); });
}

// A product of few rows after which Adam steps for b: terms by the team, so that each reads and writes whole rows of b.
inline void multiplyFewAndLearn(const Product& product, const Passes& passes, Team& team) {
  static thread_local Scratch<float> scratch;
  constexpr int64_t kParts = 8;
  const float* rows = fewRows(product);
  const int64_t length = product.rows * product.columns, partLength = kFewRows * product.columns;
  float* sums = scratch.have(kParts * partLength);
  team.share(kParts, 1, [&](Range parts) {
    for (int64_t part = parts.begin; part < parts.end; part++) {
      const Range terms{product.inner * part / kParts, product.inner * (part + 1) / kParts};
      passes.multiplyTerms(product, rows, terms, sums + part * partLength);
    }
  });
  for (int64_t i = 0; i < length; i++) {
    float sum = 0;
    for (int64_t part = 0; part < kParts; part++) sum += sums[part * partLength + i];
    product.result[i] = product.features[i] > 0 ? sum : 0;
  }
}

}  // namespace prunebound
