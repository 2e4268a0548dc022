// Products that leave out what is zero in their left operand: units that ReLU has silenced, and pruned weights.
//
// Terms come in blocks, of which each row has a word that says which of them are not zero. A block of a strip of columns
// lies in the first cache, and each row adds its multiples of those of the block's lines that it needs. A sum is the same
// without the others, unless what they multiply is not finite.

#pragma once

#include "product.h"

namespace prunebound {

// The terms of a block, one a bit.
constexpr int64_t kBlockTerms = 64;

// Rows whose sums of one strip stay in the second cache.
constexpr int64_t kRowsTogether = 512;

// The strip of columns whose sums a row has in registers; a block of it is of 32 KB with the widest vectors.
template <int width>
using StripShape = TileShape<1, 8, width>;

inline int64_t blocksOf(int64_t inner) { return (inner + kBlockTerms - 1) / kBlockTerms; }

// op(a) in blocks of terms, zeros beyond the last.
struct SparseRows {
  float* entries;     // [block][row][k]
  uint64_t* nonzero;  // [block][row]: bit k says whether entry k is not zero.
};

// The bits of 64 bytes that are 0 or 1.
PART_OF_CALLER uint64_t bitsOf(const uint8_t* flags) {
  uint64_t bits = 0;
  for (int i = 0; i < 8; i++) {
    uint64_t eight;
    std::memcpy(&eight, flags + 8 * i, sizeof eight);
    bits |= (eight * 0x0102040810204080 >> 56) << 8 * i;
  }
  return bits;
}

PART_OF_CALLER uint64_t nonzeroOf(const float* entries) {
  uint8_t flags[kBlockTerms];
  for (int k = 0; k < kBlockTerms; k++) flags[k] = entries[k] != 0;
  return bitsOf(flags);
}

// Copies a block of terms of some rows of op(a).
PART_OF_CALLER void copyBlock(const Product& product, Range rows, int64_t term, float* to) {
  const int64_t depth = std::min(kBlockTerms, product.inner - term), count = rows.end - rows.begin;
  if (product.transposedA) {
    const float* from = product.a + term * product.rows + rows.begin;
    return transpose(from, depth, product.rows, count, to, kBlockTerms, kBlockTerms);
  }
  const float* from = product.a + rows.begin * product.inner + term;
  for (int64_t i = 0; i < count; i++) copyLine<kBlockTerms>(from + i * product.inner, depth, to + i * kBlockTerms);
}

// Packs some rows of op(a).
PART_OF_CALLER void packSparseRows(const Product& product, Range rows, const SparseRows& packed) {
  for (int64_t block = 0; block < blocksOf(product.inner); block++) {
    float* entries = packed.entries + (block * product.rows + rows.begin) * kBlockTerms;
    uint64_t* nonzero = packed.nonzero + block * product.rows + rows.begin;
    copyBlock(product, rows, block * kBlockTerms, entries);
    for (int64_t i = 0; i < rows.end - rows.begin; i++) nonzero[i] = nonzeroOf(entries + i * kBlockTerms);
  }
}

// Packs terms of a strip of op(b), of which kUsed vectors are wanted.
template <typename Shape, int kUsed>
PART_OF_CALLER void packStrip(const Product& product, Range strip, const Terms& terms, float* lines) {
  constexpr int kLength = kUsed * Shape::kWidth;
  const int64_t columns = strip.end - strip.begin, depth = terms.depth();
  if (product.transposedB) {
    const float* from = product.b + strip.begin * product.inner + terms.begin;
    return transpose(from, columns, product.inner, depth, lines, kLength, Shape::kColumns);
  }
  const float* from = product.b + terms.begin * product.columns + strip.begin;
  for (int64_t k = 0; k < depth; k++) copyLine<kLength>(from + k * product.columns, columns, lines + k * Shape::kColumns);
}

// Adds to a row's sums, the first kUsed vectors of a strip, its entries times lines of the strip.
template <typename Shape, int kUsed>
PART_OF_CALLER void addBlock(const float* __restrict entries, uint64_t nonzero, const float* __restrict lines,
                             bool areFirst, float* __restrict to) {
  using Vector = typename Shape::Vector;
  Vector sums[kUsed] = {};
  if (!areFirst) {
#pragma GCC unroll 8
    for (int j = 0; j < kUsed; j++) sums[j] = reinterpret_cast<const Vector*>(to)[j];
  }
  for (; nonzero; nonzero &= nonzero - 1) {
    const int64_t k = __builtin_ctzll(nonzero);
    const Vector* line = reinterpret_cast<const Vector*>(lines + k * Shape::kColumns);
#pragma GCC unroll 8
    for (int j = 0; j < kUsed; j++) sums[j] += entries[k] * line[j];
  }
#pragma GCC unroll 8
  for (int j = 0; j < kUsed; j++) reinterpret_cast<Vector*>(to)[j] = sums[j];
}

// Puts the sums of some rows of a strip where they belong.
template <typename Shape>
PART_OF_CALLER void keepStrip(const Product& product, const float* sums, Range rows, Range strip) {
  constexpr int kTurned = 16;
  const int64_t columns = strip.end - strip.begin, step = product.transposedResult ? kTurned : 1;
  const Terms terms{0, product.inner, product.inner};
  for (int64_t row = rows.begin; row < rows.end; row += step, sums += step * Shape::kColumns) {
    if (product.transposedResult) {
      const int64_t count = std::min<int64_t>(kTurned, rows.end - row);
      keepTurned<kTurned, Shape::kColumns>(product, sums, terms, row, strip.begin, count, columns);
    } else {
      keepLine<Shape::kWidth>(product, sums, terms, row * product.columns + strip.begin, columns);
    }
  }
}

// Some rows of one strip of columns, for which as many of the first kUsed vectors are taken as are needed.
template <typename Shape, int kUsed = Shape::kVectors>
PART_OF_CALLER void multiplyStrip(const Product& product, const SparseRows& packed, Range rows, Range strip, float* lines,
                                  float* sums) {
  if constexpr (kUsed > 1) {
    const bool areFewer = strip.end - strip.begin <= (kUsed - 1) * Shape::kWidth;
    if (areFewer) return multiplyStrip<Shape, kUsed - 1>(product, packed, rows, strip, lines, sums);
  }
  for (int64_t block = 0; block < blocksOf(product.inner); block++) {
    const int64_t begin = block * kBlockTerms, first = block * product.rows + rows.begin;
    packStrip<Shape, kUsed>(product, strip, {begin, std::min(product.inner, begin + kBlockTerms), product.inner}, lines);
    for (int64_t i = 0; i < rows.end - rows.begin; i++) {
      const float* entries = packed.entries + (first + i) * kBlockTerms;
      addBlock<Shape, kUsed>(entries, packed.nonzero[first + i], lines, block == 0, sums + i * Shape::kColumns);
    }
  }
  keepStrip<Shape>(product, sums, rows, strip);
}

// Some rows and columns of the result. Strips are of equal width, as far as they can be.
template <typename Shape>
PART_OF_CALLER void multiplySparse(const Product& product, const SparseRows& packed, Range rows, Range columns) {
  static thread_local Scratch<float> scratch;
  float* lines = scratch.have((kBlockTerms + kRowsTogether) * Shape::kColumns);
  float* sums = lines + kBlockTerms * Shape::kColumns;
  const int64_t vectors = (columns.end - columns.begin + Shape::kWidth - 1) / Shape::kWidth;
  const int64_t strips = (vectors + Shape::kVectors - 1) / Shape::kVectors;
  const auto edge = [&](int64_t strip) {
    return std::min(columns.end, columns.begin + vectors * strip / strips * Shape::kWidth);
  };
  for (int64_t row = rows.begin; row < rows.end; row += kRowsTogether) {
    const Range together{row, std::min(rows.end, row + kRowsTogether)};
    for (int64_t strip = 0; strip < strips; strip++) {
      multiplyStrip<Shape>(product, packed, together, {edge(strip), edge(strip + 1)}, lines, sums);
    }
  }
}

}  // namespace prunebound
