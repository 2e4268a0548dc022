// Products by vectors, for the instruction sets that processors have.
//
// The form is that of BLIS (Van Zee and van de Geijn 2015): both operands are packed in the order in which tiles of the
// result read them, a tile's sums stay in registers, its rows in the first cache and a strip of columns in the second.
// Tiles side by side come after each other, as tiles on top of each other would take a page of memory a row.

#pragma once

#include "product.h"

namespace prunebound {

// How many terms of a sum are added up in registers. Blocks of one product are of equal length, as far as they can be.
constexpr int64_t kDeepest = 272;

// Tiles side by side whose packed columns stay in the second cache: 0.6 MB with the widest vectors.
constexpr int64_t kStripTiles = 12;

// What remains is cut into blocks of equal length, of which this is the first.
inline Terms termsFrom(int64_t begin, int64_t all) {
  const int64_t remain = all - begin, blocks = (remain + kDeepest - 1) / kDeepest;
  return {begin, begin + (blocks == 0 ? 0 : (remain + blocks - 1) / blocks), all};
}

// Copies a part of each of `depth` rows of `from`, cut into tiles of kLength: to[tile][k][i] = from[k][tile * kLength + i],
// and zeros beyond the last. A row is read as a whole, so that the processor foresees what comes next.
template <int kLength>
PART_OF_CALLER void copyTiles(const float* from, int64_t count, int64_t rowLength, int64_t depth, float* to,
                              int64_t tileLength) {
  for (int64_t k = 0; k < depth; k++) {
    float* tile = to + k * kLength;
    for (int64_t i = 0; i < count; i += kLength, tile += tileLength) {
      copyLine<kLength>(from + k * rowLength + i, count - i, tile);
    }
  }
}

// Packs rows of op(a) for tiles, whole tiles of them: packed[tile][k][row].
template <typename Shape>
PART_OF_CALLER void packRows(const Product& product, Range rows, float* packed) {
  const int64_t inner = product.inner;
  float* to = packed + rows.begin * inner;
  if (product.transposedA) {
    const int64_t count = rows.end - rows.begin;
    return copyTiles<Shape::kRows>(product.a + rows.begin, count, product.rows, inner, to, Shape::kRows * inner);
  }
  for (int64_t row = rows.begin; row < rows.end; row += Shape::kRows, to += Shape::kRows * inner) {
    const int64_t count = std::min<int64_t>(Shape::kRows, rows.end - row);
    transpose(product.a + row * inner, count, inner, inner, to, Shape::kRows, Shape::kRows);
  }
}

// Packs terms of columns of op(b) for tiles: packed[tile][k][j] = op(b)[terms.begin + k][columns.begin + tile * kColumns + j].
template <typename Shape>
PART_OF_CALLER void packColumns(const Product& product, Range columns, const Terms& terms, float* packed) {
  const int64_t tileLength = Shape::kColumns * kDeepest, depth = terms.depth();
  if (!product.transposedB) {
    const float* from = product.b + terms.begin * product.columns + columns.begin;
    copyTiles<Shape::kColumns>(from, columns.end - columns.begin, product.columns, depth, packed, tileLength);
    return;
  }
  for (int64_t column = columns.begin; column < columns.end; column += Shape::kColumns, packed += tileLength) {
    const int64_t count = std::min<int64_t>(Shape::kColumns, columns.end - column);
    const float* from = product.b + column * product.inner + terms.begin;
    const int64_t filled = (count + Shape::kWidth - 1) / Shape::kWidth * Shape::kWidth;
    transpose(from, count, product.inner, depth, packed, filled, Shape::kColumns);
  }
}

// Puts sums of a tile of `rows` x `columns` where they belong.
template <typename Shape, int kUsed>
PART_OF_CALLER void keep(const Product& product, typename Shape::Vector (&sums)[Shape::kRows][kUsed], const Terms& terms,
                         int64_t row, int64_t column, int64_t rows, int64_t columns) {
  using Vector = typename Shape::Vector;
  const int64_t begin = row * product.columns + column;
  if (rows == Shape::kRows && columns == kUsed * Shape::kWidth && !product.transposedResult) {
#pragma GCC unroll 16
    for (int i = 0; i < Shape::kRows; i++) {
      const int64_t at = begin + i * product.columns;
#pragma GCC unroll 4
      for (int j = 0; j < kUsed; j++) {
        Vector& to = *reinterpret_cast<Vector*>(product.result + at + j * Shape::kWidth);
        if (!terms.areFirst()) sums[i][j] += to;
        if (terms.areLast()) finish<Shape>(product, sums[i][j], at + j * Shape::kWidth);
        to = sums[i][j];
      }
    }
    return;
  }
  float all[Shape::kRows][kUsed * Shape::kWidth];
  std::memcpy(all, sums, sizeof all);
  if (product.transposedResult) {
    constexpr int kColumns = kUsed * Shape::kWidth;
    return keepTurned<Shape::kRows, kColumns, 4>(product, all[0], kColumns, terms, row, column, rows, columns);
  }
  for (int64_t i = 0; i < rows; i++) {
    keepLine<Shape::kWidth>(product, all[i], terms, begin + i * product.columns, columns);
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
PART_OF_CALLER void multiplyVectors(const Product& product, const float* __restrict rowTerms,
                                    const float* __restrict columnTerms, const Terms& terms, int64_t row, int64_t column,
                                    int64_t columns) {
  using Vector = typename Shape::Vector;
  Vector sums[Shape::kRows][kUsed] = {};
  for (int64_t k = 0; k < terms.depth(); k++) {
    addTerm<Shape>(sums, rowTerms + k * Shape::kRows, columnTerms + k * Shape::kColumns);
  }
  keep<Shape, kUsed>(product, sums, terms, row, column, std::min<int64_t>(Shape::kRows, product.rows - row), columns);
}

// The tiles of a strip that lie side by side from `row` on, each with as many of its vectors as there are columns for.
template <typename Shape>
PART_OF_CALLER void multiplyRow(const Product& product, const float* rowTerms, const float* columnTerms,
                                const Terms& terms, int64_t row, Range strip) {
  static_assert(Shape::kVectors == 3);
  for (int64_t column = strip.begin; column < strip.end; column += Shape::kColumns) {
    const int64_t columns = std::min<int64_t>(Shape::kColumns, strip.end - column);
    if (columns > 2 * Shape::kWidth) {
      multiplyVectors<Shape, 3>(product, rowTerms, columnTerms, terms, row, column, columns);
    } else if (columns > Shape::kWidth) {
      multiplyVectors<Shape, 2>(product, rowTerms, columnTerms, terms, row, column, columns);
    } else {
      multiplyVectors<Shape, 1>(product, rowTerms, columnTerms, terms, row, column, columns);
    }
    columnTerms += Shape::kColumns * kDeepest;
  }
}

// Some rows and columns of the result, whole tiles of them, from the packed rows of op(a).
template <typename Shape>
PART_OF_CALLER void multiplyPart(const Product& product, const float* packedRows, Range rows, Range columns) {
  static thread_local Scratch<float> scratch;
  constexpr int64_t kStripColumns = kStripTiles * Shape::kColumns;
  const int64_t inner = product.inner;
  float* packed = scratch.have(kStripColumns * kDeepest);
  for (int64_t begin = columns.begin; begin < columns.end; begin += kStripColumns) {
    const Range strip{begin, std::min(columns.end, begin + kStripColumns)};
    for (Terms terms = termsFrom(0, inner); terms.begin < inner; terms = termsFrom(terms.end, inner)) {
      packColumns<Shape>(product, strip, terms, packed);
      for (int64_t row = rows.begin; row < rows.end; row += Shape::kRows) {
        multiplyRow<Shape>(product, packedRows + row * inner + terms.begin * Shape::kRows, packed, terms, row, strip);
      }
    }
  }
}

}  // namespace prunebound
