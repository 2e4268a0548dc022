// How a product is computed, and by whom: one of few rows, by vectors or by tiles, and each part by a thread of the team.

#pragma once

#include "product.h"
#include "team.h"
#include "tiles.h"

namespace prunebound {

// By vectors: first all pack rows of op(a), then each computes columns of the result. Where those are few it computes
// rows, and where Adam takes them, as rows lie together in memory.
inline void multiplyByVectors(const Product& product, const Passes& passes, Team& team) {
  const int64_t rows = product.rows, columns = product.columns, inner = product.inner;
  const PackedRows packed = packedRows(product, passes);
  if (rows * columns * inner < kSharedTerms) {
    passes.pack(product, {0, rows}, packed);
    return passes.multiply(product, packed, {0, rows}, {0, columns});
  }
  team.share(rows, passes.rows, [&](Range range) { passes.pack(product, range, packed); });
  if (product.adam || columns < 2 * team.size() * passes.width) {
    // Every part packs all columns: one is enough for each thread.
    const int64_t block = whole(rows / team.size() + 1, passes.rows);
    team.share(rows, block, [&](Range range) { passes.multiply(product, packed, range, {0, columns}); });
  } else {
    // Every part reads all packed rows: one is enough for each thread where they exceed the second cache.
    const int64_t block = rows * inner > kCachedTerms ? whole(columns / team.size() + 1, passes.width) : passes.width;
    team.share(columns, block, [&](Range range) { passes.multiply(product, packed, {0, rows}, range); });
  }
}

#if defined(PRUNEBOUND_TILES)

// By tiles: as by vectors, in panels.
inline void multiplyByTiles(const Product& product, Team& team) {
  static thread_local Scratch<tiles::Entry> scratch;
  const int64_t steps = tiles::stepsOf(product.inner), panelEntries = steps * tiles::kStepEntries;
  const int64_t rows = product.rows, columns = product.columns;
  tiles::Entry* packed = scratch.have(whole(rows, tiles::kPanel) / tiles::kPanel * panelEntries);
  team.share(rows, tiles::kPanel, [&](Range range) {
    tiles::pack(tiles::rowsOf(product), range, {0, steps}, packed + range.begin / tiles::kPanel * panelEntries);
  });
  if (product.adam) {
    const int64_t block = whole(rows / team.size() + 1, tiles::kPanel);
    team.share(rows, block, [&](Range range) { tiles::multiplyPart(product, packed, range, {0, columns}); });
  } else {
    const int64_t block = whole(columns / team.size() + 1, tiles::kPanel);
    team.share(columns, block, [&](Range range) { tiles::multiplyPart(product, packed, {0, rows}, range); });
  }
}

#endif

// Rows, columns and terms of a product from which on it matters how it is computed.
constexpr int64_t kFewestToChoose = 64, kFewestTermsToChoose = 10'000'000;

// What a product costs in the time that it takes by vectors with no zeros: by tiles; by vectors when all terms are left
// out, and for each that is not; what it costs more when its result is transposed. Measured with AVX-512.
constexpr double kTilesCost = 0.7, kLeastCost = 0.17, kTermCost = 0.92, kTurningCost = 0.12;

// Of the terms of groups of rows of op(a), sampled: the share that is not zero in all rows of its group.
inline double sampledShare(const Product& product, int64_t rowsTogether) {
  constexpr int64_t kGroups = 4, kTerms = 16;
  const int64_t rowStep = product.transposedA ? 1 : product.inner, termStep = product.transposedA ? product.rows : 1;
  int64_t count = 0;
  for (int64_t group = 0; group < kGroups; group++) {
    const float* first = product.a + group * (product.rows - rowsTogether) / (kGroups - 1) * rowStep;
    for (int64_t term = 0; term < kTerms; term++) {
      const float* entry = first + term * (product.inner - 1) / (kTerms - 1) * termStep;
      const float* end = entry + rowsTogether * rowStep;
      while (entry < end && *entry == 0) entry += rowStep;
      count += entry < end;
    }
  }
  return static_cast<double>(count) / (kGroups * kTerms);
}

inline double costByVectors(const Product& product, const Passes& passes) {
  return kLeastCost + kTermCost * sampledShare(product, passes.rows);
}

// Has the team compute the product: by vectors, leaving out zeros of op(a) or, turned, of op(b); or by tiles.
inline void multiply(const Product& product, Team& team) {
  const Passes& passes = passesOfThisMachine();
  const int64_t rows = product.rows, columns = product.columns, inner = product.inner;
  if (rows <= kFewRows) return multiplyFew(product, passes, team);
  if (std::min({rows, columns, inner}) < kFewestToChoose || rows * columns * inner < kFewestTermsToChoose) {
    return multiplyByVectors(product, passes, team);
  }
  const double cost = costByVectors(product, passes);
  const double turnedCost = product.adam ? cost : kTurningCost + costByVectors(turned(product), passes);
#if defined(PRUNEBOUND_TILES)
  if (std::min(cost, turnedCost) > kTilesCost && tiles::areThere()) return multiplyByTiles(product, team);
#endif
  multiplyByVectors(turnedCost < cost ? turned(product) : product, passes, team);
}

FOR_EACH_PROCESSOR inline void stepOfRange(const Adam& adam, const float* gradient, Range range) {
  adam.step(gradient + range.begin, range.begin, range.end - range.begin);
}

// Has the team take Adam's step for `count` parameters.
inline void applyAdam(const Adam& adam, const float* gradient, int64_t count, Team& team) {
  team.share(count, kPassBlock, [&](Range range) { stepOfRange(adam, gradient, range); });
}

// Has Adam take a product as a gradient, of which no more is ever in memory than tiles, if its sums have few terms.
inline void multiplyForAdam(Product product, const Adam& adam, Team& team) {
  static thread_local Scratch<float> scratch;
  if (product.transposedA && !product.transposedB && product.inner <= kFewRows) {
    Product few{false, false, product.inner, product.columns, product.rows, product.a, nullptr, nullptr};
    few.features = product.b;
    few.learning = &adam;
    const Passes& passes = passesOfThisMachine();
    return team.share(product.rows, 8, [&](Range terms) { passes.learn(few, few.a, terms); });
  }
  if (product.inner <= kDeepest && product.rows > kFewRows) {
    product.adam = &adam;
    return multiply(product, team);
  }
  product.result = scratch.have(product.rows * product.columns);
  multiply(product, team);
  applyAdam(adam, product.result, product.rows * product.columns, team);
}

// The way back through a layer: the gradient at its inputs, where they are positive, and Adam's step for its weights. The
// product is that of the gradient at the outputs and the weights as they were, its features are the inputs. Where there
// are few rows, the weights are read once for both.
inline void multiplyAndLearn(Product product, const Adam& adam, Team& team) {
  if (product.rows <= kFewRows) {
    product.learning = &adam;
    return multiplyFewAndLearn(product, passesOfThisMachine(), team);
  }
  multiply(product, team);
  const int64_t outputs = product.inner, inputs = product.columns, examples = product.rows;
  multiplyForAdam({true, false, outputs, inputs, examples, product.a, product.features, nullptr}, adam, team);
}

}  // namespace prunebound
