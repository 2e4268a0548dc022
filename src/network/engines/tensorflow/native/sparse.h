// Products that leave out what is zero in their left operand: units that ReLU has silenced, and pruned weights. Or what is
// its background, as the edge of scaled images: op(a) = background + what is not zero of op(a) - background, and the
// background's part is the same for all rows.
//
// Terms come in blocks, of which each row has a word that says which of them are not zero, and those entries alone. A block
// of a strip of columns lies in the first cache, and each row adds its multiples of those of the block's lines that it
// needs. A sum is the same without the others, unless what they multiply is not finite. Terms that no row needs, of units
// that ReLU has silenced for good, need not be in a block.

#pragma once

#include <atomic>

#include "product.h"

namespace prunebound {

// The terms of a block, one a bit.
constexpr int64_t kBlockTerms = 64;

// Rows that are packed together: where op(a) is transposed, their numbers of one term lie together.
constexpr int64_t kRowsAPart = 32;

// Rows, whole parts of them, whose sums of one strip stay in the second cache.
constexpr int64_t kRowsTogether = 1024;

// The strip of columns whose sums a row has in registers; a block of it is of 32 KB with the widest vectors, else less.
constexpr int stripVectors(int width) { return width == 16 ? 8 : 12; }
template <int width>
using StripShape = TileShape<1, stripVectors(width), width>;

// Terms that are in blocks: all of them where there is no list.
struct BlockTerms {
  const int32_t* list;
  int64_t count;

  int64_t operator[](int64_t k) const { return list ? list[k] : k; }
  int64_t blocks() const { return std::max<int64_t>(1, (count + kBlockTerms - 1) / kBlockTerms); }
  int64_t depth(int64_t block) const { return std::min(kBlockTerms, count - block * kBlockTerms); }
};

// What is not zero of op(a), in blocks of terms.
struct SparseRows {
  BlockTerms terms;
  int64_t rows;       // Whole parts of them.
  float* entries;     // Those of a block of a part follow each other, row by row, from where they would be if none was zero.
  uint64_t* nonzero;  // Bit k says whether entry k of the block of the row is not zero.

  float* entriesOf(int64_t block, int64_t part) const { return entries + (block * rows + part) * kBlockTerms; }
  uint64_t* nonzeroOf(int64_t block, int64_t row) const { return nonzero + block * rows + row; }
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

PART_OF_CALLER uint64_t nonzeroOf(const float* entries, float background = 0) {
  uint8_t flags[kBlockTerms];
  for (int k = 0; k < kBlockTerms; k++) flags[k] = entries[k] != background;
  return bitsOf(flags);
}

// Marks terms that are needed: bit k % 64 of needed[k / 64]. Most are already.
PART_OF_CALLER void mark(std::atomic<uint64_t>& needed, uint64_t bits) {
  if (bits & ~needed.load(std::memory_order_relaxed)) needed.fetch_or(bits, std::memory_order_relaxed);
}

// Marks the terms that some rows of op(a) need.
PART_OF_CALLER void markTerms(const Product& product, Range rows, std::atomic<uint64_t>* needed) {
  const int64_t inner = product.inner;
  if (product.transposedA) {
    for (int64_t k = 0; k < inner; k++) {
      const bool isNeeded = !areZero(product.a + k * product.rows + rows.begin, rows.end - rows.begin);
      mark(needed[k / kBlockTerms], static_cast<uint64_t>(isNeeded) << k % kBlockTerms);
    }
    return;
  }
  for (int64_t row = rows.begin; row < rows.end; row++) {
    const float* entries = product.a + row * inner;
    int64_t k = 0;
    for (; k + kBlockTerms <= inner; k += kBlockTerms) {
      const bool areAllNeeded = ~needed[k / kBlockTerms].load(std::memory_order_relaxed) == 0;
      if (!areAllNeeded) mark(needed[k / kBlockTerms], nonzeroOf(entries + k));
    }
    for (; k < inner; k++) mark(needed[k / kBlockTerms], static_cast<uint64_t>(entries[k] != 0) << k % kBlockTerms);
  }
}

// Copies a block of terms of some rows of op(a).
PART_OF_CALLER void copyBlock(const Product& product, Range rows, const BlockTerms& terms, int64_t block, float* to) {
  const int64_t begin = block * kBlockTerms, depth = terms.depth(block), count = rows.end - rows.begin;
  const int64_t rowStep = product.transposedA ? 1 : product.inner, termStep = product.transposedA ? product.rows : 1;
  const float* from = product.a + rows.begin * rowStep;
  if (!terms.list && product.transposedA) {
    return transpose(from + begin * termStep, depth, product.rows, count, to, kBlockTerms, kBlockTerms);
  }
  for (int64_t i = 0; i < count; i++, from += rowStep, to += kBlockTerms) {
    if (!terms.list) {
      copyLine<kBlockTerms>(from + begin, depth, to);
    } else {
      for (int64_t k = 0; k < kBlockTerms; k++) to[k] = k < depth ? from[terms[begin + k] * termStep] : 0;
    }
  }
}

// Packs a block of terms of a part of the rows of op(a).
PART_OF_CALLER void packPart(const Product& product, Range part, int64_t block, const SparseRows& packed) {
  float entries[kRowsAPart * kBlockTerms], *row = entries, *to = packed.entriesOf(block, part.begin);
  const int64_t depth = packed.terms.depth(block);
  const uint64_t areThere = depth == kBlockTerms ? ~uint64_t{0} : (uint64_t{1} << depth) - 1;
  copyBlock(product, part, packed.terms, block, entries);
  for (int64_t i = part.begin; i < part.end; i++, row += kBlockTerms) {
    const uint64_t nonzero = *packed.nonzeroOf(block, i) = nonzeroOf(row, product.background) & areThere;
    for (uint64_t bits = nonzero; bits; bits &= bits - 1) *to++ = row[__builtin_ctzll(bits)] - product.background;
  }
}

// Packs some rows of op(a), whole parts of them.
PART_OF_CALLER void packSparseRows(const Product& product, Range rows, const SparseRows& packed) {
  for (int64_t row = rows.begin; row < rows.end; row += kRowsAPart) {
    const Range part{row, std::min(rows.end, row + kRowsAPart)};
    for (int64_t block = 0; block < packed.terms.blocks(); block++) packPart(product, part, block, packed);
  }
}

// Packs a block of terms of a strip of op(b), of which kUsed vectors are wanted.
template <typename Shape, int kUsed>
PART_OF_CALLER void packStrip(const Product& product, Range strip, const BlockTerms& terms, int64_t block, float* lines) {
  constexpr int kLength = kUsed * Shape::kWidth;
  const int64_t begin = block * kBlockTerms, depth = terms.depth(block), columns = strip.end - strip.begin;
  if (!product.transposedB) {
    for (int64_t k = 0; k < depth; k++) {
      const float* from = product.b + terms[begin + k] * product.columns + strip.begin;
      copyLine<kLength>(from, columns, lines + k * Shape::kColumns);
    }
    return;
  }
  const float* from = product.b + strip.begin * product.inner;
  if (!terms.list) return transpose(from + begin, columns, product.inner, depth, lines, kLength, Shape::kColumns);
  for (int64_t j = 0; j < kLength; j++) {
    for (int64_t k = 0; k < depth; k++) {
      lines[k * Shape::kColumns + j] = j < columns ? from[j * product.inner + terms[begin + k]] : 0;
    }
  }
}

// Adds to a row's sums, the first kUsed vectors of a strip, its entries times lines of the strip; returns the end of the
// entries.
template <typename Shape, int kUsed>
PART_OF_CALLER const float* addBlock(const float* __restrict entries, uint64_t nonzero, const float* __restrict lines,
                                     bool areFirst, float* __restrict to) {
  using Vector = typename Shape::Vector;
  Vector sums[kUsed] = {};
  if (!areFirst) {
#pragma GCC unroll 12
    for (int j = 0; j < kUsed; j++) sums[j] = reinterpret_cast<const Vector*>(to)[j];
  }
  for (; nonzero; nonzero &= nonzero - 1, entries++) {
    const int64_t k = __builtin_ctzll(nonzero);
    const Vector* line = reinterpret_cast<const Vector*>(lines + k * Shape::kColumns);
#pragma GCC unroll 12
    for (int j = 0; j < kUsed; j++) sums[j] += *entries * line[j];
  }
#pragma GCC unroll 12
  for (int j = 0; j < kUsed; j++) reinterpret_cast<Vector*>(to)[j] = sums[j];
  return entries;
}

// Adds lines of a strip up, each column for itself.
template <typename Shape, int kUsed>
PART_OF_CALLER void addLines(const float* lines, int64_t count, float* to) {
  for (int64_t k = 0; k < count; k++) {
    for (int j = 0; j < kUsed * Shape::kWidth; j++) to[j] += lines[k * Shape::kColumns + j];
  }
}

// Adds the background's part to the sums of rows of a strip.
template <typename Shape, int kUsed>
PART_OF_CALLER void addBackground(float background, const float* lineSums, int64_t rows, float* sums) {
  for (int64_t row = 0; row < rows; row++) {
    for (int j = 0; j < kUsed * Shape::kWidth; j++) sums[row * Shape::kColumns + j] += background * lineSums[j];
  }
}

// Puts the sums of some rows of a strip where they belong.
template <typename Shape>
PART_OF_CALLER void keepStrip(const Product& product, const float* sums, Range rows, Range strip) {
  constexpr int64_t kTurned = 16;
  const Terms terms{0, product.inner, product.inner};
  if (!product.transposedResult) {
    for (int64_t row = rows.begin; row < rows.end; row++, sums += Shape::kColumns) {
      keepLine<Shape::kWidth>(product, sums, terms, row * product.columns + strip.begin, strip.end - strip.begin);
    }
    return;
  }
  // Few lines of the result at a time, each from its begin to its end.
  for (int64_t column = strip.begin; column < strip.end; column += kTurned, sums += kTurned) {
    const int64_t columns = std::min(kTurned, strip.end - column);
    for (int64_t row = rows.begin; row < rows.end; row += kTurned) {
      const float* tile = sums + (row - rows.begin) * Shape::kColumns;
      const int64_t count = std::min(kTurned, rows.end - row);
      keepTurned<kTurned, kTurned, Shape::kWidth>(product, tile, Shape::kColumns, terms, row, column, count, columns);
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
  float lineSums[kUsed * Shape::kWidth] = {};
  for (int64_t block = 0; block < packed.terms.blocks(); block++) {
    packStrip<Shape, kUsed>(product, strip, packed.terms, block, lines);
    if (product.background != 0) addLines<Shape, kUsed>(lines, packed.terms.depth(block), lineSums);
    const float* entries = nullptr;
    for (int64_t row = rows.begin; row < rows.end; row++) {
      if (row % kRowsAPart == 0) entries = packed.entriesOf(block, row);
      float* to = sums + (row - rows.begin) * Shape::kColumns;
      entries = addBlock<Shape, kUsed>(entries, *packed.nonzeroOf(block, row), lines, block == 0, to);
    }
  }
  if (product.background != 0) addBackground<Shape, kUsed>(product.background, lineSums, rows.end - rows.begin, sums);
  keepStrip<Shape>(product, sums, rows, strip);
}

// Some rows, whole parts of them, and columns of the result. Strips are of equal width, as far as they can be.
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
