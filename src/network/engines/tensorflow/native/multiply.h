// How a product is computed, and by whom: one of few rows, without zeros, by vectors or by tiles, and each part by a thread
// of the team.

#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>

#include "passes.h"
#include "product.h"
#include "team.h"
#include "tiles.h"

namespace prunebound {

// How many numbers of a pass belong together: a part is worth a few microseconds.
constexpr int64_t kPassBlock = 4096;

// Packed rows that a second cache holds.
constexpr int64_t kCachedTerms = 250'000;

// Terms of a product below which to share the work takes longer than to do it.
constexpr int64_t kSharedTerms = 100'000;

// The few rows of op(a) as lines, followed by zeros up to whole blocks of kFewRows, until the next product.
inline const float* fewRows(const Product& product) {
  static thread_local Scratch<float> scratch;
  const int64_t count = whole(product.rows, kFewRows);
  float* rows = scratch.have(count * product.inner);
  for (int64_t i = 0; i < count; i++) {
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

// By vectors: first all pack rows of op(a), then each computes columns of the result, or rows where columns are few.
inline void multiplyByVectors(const Product& product, const Passes& passes, Team& team) {
  static thread_local Scratch<float> scratch;
  const int64_t rows = product.rows, columns = product.columns, inner = product.inner;
  float* packed = scratch.have(whole(rows, passes.rows) * inner);
  if (rows * columns * inner < kSharedTerms) {
    passes.packRows(product, {0, rows}, packed);
    return passes.multiply(product, packed, {0, rows}, {0, columns});
  }
  team.share(rows, passes.rows, [&](Range range) { passes.packRows(product, range, packed); });
  if (columns < 2 * team.size() * passes.width) {
    // Every part packs all columns: one is enough for each thread.
    const int64_t block = whole(rows / team.size() + 1, passes.rows);
    team.share(rows, block, [&](Range range) { passes.multiply(product, packed, range, {0, columns}); });
  } else {
    // Every part reads all packed rows: one is enough for each thread where they exceed the second cache.
    const int64_t block = rows * inner > kCachedTerms ? whole(columns / team.size() + 1, passes.width) : passes.width;
    team.share(columns, block, [&](Range range) { passes.multiply(product, packed, {0, rows}, range); });
  }
}

// The share of the terms, as sampled and in truth, below which it pays to leave out those that are not needed.
constexpr double kFewTerms = 0.5;

// The terms that some row of op(a) needs, until the next product; all of them where those are not few.
inline BlockTerms neededTerms(const Product& product, const Passes& passes, Team& team) {
  static thread_local Scratch<std::atomic<uint64_t>> words;
  static thread_local Scratch<int32_t> list;
  const int64_t blocks = BlockTerms{nullptr, product.inner}.blocks();
  std::atomic<uint64_t>* needed = words.have(blocks);
  for (int64_t block = 0; block < blocks; block++) needed[block].store(0, std::memory_order_relaxed);
  team.share(product.rows, kRowsAPart, [&](Range range) { passes.markTerms(product, range, needed); });
  int32_t* terms = list.have(product.inner);
  int64_t count = 0;
  for (int64_t block = 0; block < blocks; block++) {
    for (uint64_t bits = needed[block].load(std::memory_order_relaxed); bits; bits &= bits - 1) {
      terms[count++] = static_cast<int32_t>(block * kBlockTerms + __builtin_ctzll(bits));
    }
  }
  const BlockTerms all{nullptr, product.inner}, few{terms, count};
  return count < kFewTerms * product.inner ? few : all;
}

// Strips of columns for each thread from which on it is better that no two bring the same column into order.
constexpr int64_t kStripsEach = 2;

// Without the zeros of op(a): each computes rows of the result, which it packs itself, for all of op(b); or columns, where
// there are many, or op(b) is so much larger that it is better read once.
inline void multiplySparse(const Product& product, const BlockTerms& terms, const Passes& passes, Team& team) {
  static thread_local Scratch<float> entries;
  static thread_local Scratch<uint64_t> nonzero;
  const int64_t rows = product.rows, columns = product.columns, packedRows = whole(rows, kRowsAPart);
  const int64_t words = terms.blocks() * packedRows;
  const SparseRows packed{terms, packedRows, entries.have(words * kBlockTerms), nonzero.have(words)};
  if (2 * rows >= columns && columns < kStripsEach * team.size() * stripVectors(passes.width) * passes.width) {
    return team.share(rows, whole(rows / team.size() + 1, kRowsAPart), [&](Range range) {
      passes.packSparseRows(product, range, packed);
      passes.multiplySparse(product, packed, range, {0, columns});
    });
  }
  team.share(rows, kRowsAPart, [&](Range range) { passes.packSparseRows(product, range, packed); });
  const int64_t block = whole(columns / team.size() + 1, passes.width);
  team.share(columns, block, [&](Range range) { passes.multiplySparse(product, packed, {0, rows}, range); });
}

#if defined(PRUNEBOUND_TILES)

// A product by tiles: all pack the operand with less, then each packs strips of the other one and computes those rows of
// the result, or columns.
class TiledProduct {
 public:
  explicit TiledProduct(const Product& product)
      : product_(product),
        areOfRows_(product.rows > product.columns),
        shared_(areOfRows_ ? tiles::columnsOf(product) : tiles::rowsOf(product)),
        panelEntries_(tiles::stepsOf(product.inner) * tiles::kStepEntries) {}

  int64_t panels() const { return (shared_.count + tiles::kPanel - 1) / tiles::kPanel; }
  int64_t entries() const { return panels() * panelEntries_; }
  void packInto(tiles::Entry* packed) { packed_ = packed; }

  void pack(int64_t panel) const {
    const Range range{panel * tiles::kPanel, std::min(shared_.count, (panel + 1) * tiles::kPanel)};
    tiles::pack(shared_, range, {0, tiles::stepsOf(product_.inner)}, packed_ + panel * panelEntries_);
  }

  // The first parts are as long as any.
  void multiply(int64_t part, int64_t parts) const {
    const int64_t count = areOfRows_ ? product_.rows : product_.columns;
    const int64_t block = whole(count / parts + 1, tiles::kPanel);
    const Range range{part * block, std::min(count, (part + 1) * block)};
    if (range.begin < range.end) tiles::multiplyPart(product_, packed_, range, areOfRows_);
  }

 private:
  Product product_;
  bool areOfRows_;
  tiles::Operand shared_;
  int64_t panelEntries_;
  tiles::Entry* packed_ = nullptr;
};

// Products by tiles that do not need each other, the longest first: who has done a part of one goes on with another's.
template <size_t count>
void multiplyByTiles(TiledProduct (&&products)[count], Team& team) {
  static thread_local Scratch<tiles::Entry> scratch;
  int64_t entries = 0, panels = 0, parts = team.size();
  for (const TiledProduct& product : products) {
    entries += product.entries();
    panels += product.panels();
  }
  tiles::Entry* packed = scratch.have(entries);
  for (TiledProduct& product : products) {
    product.packInto(packed);
    packed += product.entries();
  }
  team.share(panels, 1, [&](Range range) {
    for (int64_t index = range.begin; index < range.end; index++) {
      const TiledProduct* product = products;
      int64_t panel = index;
      while (panel >= product->panels()) panel -= product++->panels();
      product->pack(panel);
    }
  });
  team.share(parts * count, 1, [&](Range range) {
    for (int64_t index = range.begin; index < range.end; index++) {
      const int64_t order = parts * count - 1 - index;  // The last of a range are taken first.
      products[order % count].multiply(order / count, parts);
    }
  });
}

#endif

// Rows, columns and terms of a product from which on it matters how it is computed.
constexpr int64_t kFewestToChoose = 64, kFewestTermsToChoose = 1'000'000;

// What a product costs in the time that it takes by vectors: by tiles, measured with AVX-512; and what it costs more when
// its result is transposed.
constexpr double kTilesCost = 0.62, kTurningCost = 0.03;

// What is not zero in a sample of op(a), or not its background where that is what most entries are: the share of the
// entries, and that of the terms that have an entry other than zero.
struct Nonzero {
  double entries, terms;
  float background;

  double cost(const Passes& passes) const { return passes.leastCost + passes.entryCost * entries; }
};

// Samples op(a) in lines of numbers that lie together in memory. The background is taken to be what the first entry is, the
// corner of an image.
inline Nonzero sampledNonzero(const Product& product) {
  constexpr int64_t kTogether = 16, kPlaces = 8, kTerms = kPlaces * kTogether;
  const auto spread = [](int64_t i, int64_t parts, int64_t length) { return i * (length - 1) / (parts - 1); };
  const int64_t rows = product.rows, inner = product.inner;
  const float corner = product.a[0];
  int64_t entries = 0, differing = 0, terms = 0;
  for (int64_t k = 0; k < kTerms; k++) {
    int64_t count = 0;
    for (int64_t i = 0; i < kTogether; i++) {
      const float entry = product.transposedA
                              ? product.a[spread(k, kTerms, inner) * rows + spread(k, kTerms, rows - kTogether + 1) + i]
                              : product.a[spread(i, kTogether, rows) * inner +
                                          spread(k / kTogether, kPlaces, inner - kTogether + 1) + k % kTogether];
      count += entry != 0;
      differing += entry != corner;
    }
    entries += count;
    terms += count > 0;
  }
  constexpr double kSampled = kTerms * kTogether;
  if (differing < entries && std::isfinite(corner)) return {differing / kSampled, 1, corner};
  return {entries / kSampled, static_cast<double>(terms) / kTerms, 0};
}

inline bool areTilesThere() {
#if defined(PRUNEBOUND_TILES)
  return tiles::areThere();
#else
  return false;
#endif
}

// The most columns that are few beside the rows: op(b) stays in the first cache while op(a) passes.
constexpr int64_t kFewColumns = 16;

// Whether, turned, it is a product of few rows by scalar products of what lies together in memory.
inline bool isNarrow(const Product& product) {
  return product.columns <= kFewColumns && !product.transposedA && product.transposedB;
}

// How a product is computed.
struct Way {
  enum { kFew, kByVectors, kByTiles, kSparse } kind;
  Product product;    // Turned, where that leaves out more zeros.
  bool areFewNeeded;  // Of the terms of a sparse one.
};

inline Way wayOf(const Product& product) {
  const int64_t rows = product.rows, columns = product.columns, inner = product.inner;
  if (rows <= kFewRows) return {Way::kFew, product, false};
  if (isNarrow(product)) return {Way::kFew, turned(product), false};
  if (std::min({rows, columns, inner}) < kFewestToChoose || rows * columns * inner < kFewestTermsToChoose) {
    return {Way::kByVectors, product, false};
  }
  const Product turnedProduct = turned(product);
  const Nonzero nonzero = sampledNonzero(product), turnedNonzero = sampledNonzero(turnedProduct);
  const Passes& passes = passesOfThisMachine();
  const bool isTurned = kTurningCost + turnedNonzero.cost(passes) < nonzero.cost(passes);
  const Nonzero& ofLeft = isTurned ? turnedNonzero : nonzero;
  if (ofLeft.cost(passes) > (areTilesThere() ? kTilesCost : 1)) {
    return {areTilesThere() ? Way::kByTiles : Way::kByVectors, product, false};
  }
  Product sparse = isTurned ? turnedProduct : product;
  sparse.background = ofLeft.background;
  return {Way::kSparse, sparse, ofLeft.terms < kFewTerms};
}

// Has the team compute a product in its way.
inline void multiply(const Way& way, Team& team) {
  const Passes& passes = passesOfThisMachine();
  const Product& product = way.product;
  if (way.kind == Way::kFew) return multiplyFew(product, passes, team);
  if (way.kind == Way::kByVectors) return multiplyByVectors(product, passes, team);
#if defined(PRUNEBOUND_TILES)
  if (way.kind == Way::kByTiles) return multiplyByTiles({TiledProduct(product)}, team);
#endif
  const BlockTerms all{nullptr, product.inner};
  multiplySparse(product, way.areFewNeeded ? neededTerms(product, passes, team) : all, passes, team);
}

// Has the team compute a product: without the zeros of op(a) or, turned, of op(b), if there are enough of them.
inline void multiply(const Product& product, Team& team) { multiply(wayOf(product), team); }

FOR_EACH_PROCESSOR inline void stepOfRange(const Adam& adam, const float* gradient, Range range) {
  adam.step(gradient + range.begin, range.begin, range.end - range.begin);
}

// Has the team take Adam's step for `count` parameters.
inline void applyAdam(const Adam& adam, const float* gradient, int64_t count, Team& team) {
  team.share(count, kPassBlock, [&](Range range) { stepOfRange(adam, gradient, range); });
}

FOR_EACH_PROCESSOR inline void stepOfRows(const Adam& adam, const float* const* gradients, int64_t columns, Range rows) {
  for (int64_t row = rows.begin; row < rows.end; row++) adam.step(gradients[row], row * columns, columns);
}

// Where an example makes rows of a^T b other than zero, as terms of it.
inline Product examplesOf(const Product& product) {
  return {false, false, product.inner, product.columns, product.rows, product.a, nullptr, nullptr};
}

// Whether it seems that few rows of a^T b are other than zero.
inline bool areFewRowsLive(const Product& product) {
  return product.transposedA && product.rows >= kFewestToChoose && sampledNonzero(examplesOf(product)).terms < kFewTerms;
}

// The rows of a^T b that some example makes other than zero, until the next product; all of them where those are not few.
inline BlockTerms liveRows(const Product& product, Team& team) {
  if (!areFewRowsLive(product)) return {nullptr, product.rows};
  return neededTerms(examplesOf(product), passesOfThisMachine(), team);
}

// Has Adam take a^T b as a gradient of which only the live rows are computed: units that ReLU has silenced have none.
inline void multiplyLiveForAdam(const Product& product, const BlockTerms& live, const Adam& adam, Team& team) {
  static thread_local Scratch<float> lines, results;
  static thread_local Scratch<const float*> rows;
  const int64_t columns = product.columns, examples = product.inner;
  float *a = lines.have(examples * live.count), *result = results.have((live.count + 1) * columns);
  float* none = result + live.count * columns;
  const float** gradients = rows.have(product.rows);
  std::fill_n(none, columns, 0.0f);
  std::fill_n(gradients, product.rows, none);
  for (int64_t i = 0; i < live.count; i++) gradients[live[i]] = result + i * columns;
  for (int64_t example = 0; example < examples; example++) {
    for (int64_t i = 0; i < live.count; i++) a[example * live.count + i] = product.a[example * product.rows + live[i]];
  }
  if (live.count > 0) multiply({true, false, live.count, columns, examples, a, product.b, result}, team);
  team.share(product.rows, kPassBlock / columns + 1, [&](Range range) { stepOfRows(adam, gradients, columns, range); });
}

// Memory for a gradient, until the next one.
inline float* gradientOf(int64_t count) {
  static thread_local Scratch<float> scratch;
  return scratch.have(count);
}

// Has Adam take a product as a gradient, when it is complete: to pass through memory in its order is faster than to go
// from tile to tile of it.
inline void multiplyForAdam(Product product, const Adam& adam, Team& team) {
  if (product.transposedA && !product.transposedB && product.inner <= kFewRows) {
    Product few{false, false, product.inner, product.columns, product.rows, product.a, nullptr, nullptr};
    few.features = product.b;
    few.learning = &adam;
    const Passes& passes = passesOfThisMachine();
    return team.share(product.rows, 8, [&](Range terms) { passes.learn(few, few.a, terms); });
  }
  const BlockTerms live = liveRows(product, team);
  if (live.list) return multiplyLiveForAdam(product, live, adam, team);
  product.result = gradientOf(product.rows * product.columns);
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
  const int64_t outputs = product.inner, inputs = product.columns, examples = product.rows;
  Product ofWeights{true, false, outputs, inputs, examples, product.a, product.features, nullptr};
  const Way way = wayOf(product);
#if defined(PRUNEBOUND_TILES)
  if (way.kind == Way::kByTiles && !areFewRowsLive(ofWeights) && wayOf(ofWeights).kind == Way::kByTiles) {
    ofWeights.result = gradientOf(outputs * inputs);
    multiplyByTiles({TiledProduct(product), TiledProduct(ofWeights)}, team);
    return applyAdam(adam, ofWeights.result, outputs * inputs, team);
  }
#endif
  multiply(way, team);
  multiplyForAdam(ofWeights, adam, team);
}

}  // namespace prunebound
