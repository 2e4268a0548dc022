// The passes that products consist of, compiled for the instruction sets that processors have.

#pragma once

#include "few.h"
#include "product.h"
#include "sparse.h"
#include "vectors.h"

namespace prunebound {

// What a product consists of, for one instruction set.
struct Passes {
  int rows, width;  // of a tile, and of a vector
  // What a product without the zeros of op(a) costs in the time of one that takes them: when there is nothing else, and for
  // each entry that is not zero.
  double leastCost, entryCost;
  void (*packRows)(const Product& product, Range rows, float* packed);
  void (*multiply)(const Product& product, const float* packedRows, Range rows, Range columns);
  void (*markTerms)(const Product& product, Range rows, std::atomic<uint64_t>* needed);
  void (*packSparseRows)(const Product& product, Range rows, const SparseRows& packed);
  void (*multiplySparse)(const Product& product, const SparseRows& packedRows, Range rows, Range columns);
  void (*multiplyFew)(const Product& product, const float* rows, Range columns);
  void (*multiplyTerms)(const Product& product, const float* rows, Range terms, float* sums);
  void (*learn)(const Product& product, const float* rows, Range terms);
};

#define PASSES(name, target, leastCost, entryCost, ...)                                                                \
  target inline void packRows##name(const Product& product, Range rows, float* packed) {                              \
    packRows<TileShape<__VA_ARGS__>>(product, rows, packed);                                                          \
  }                                                                                                                   \
  target inline void multiply##name(const Product& product, const float* packed, Range rows, Range columns) {         \
    multiplyPart<TileShape<__VA_ARGS__>>(product, packed, rows, columns);                                             \
  }                                                                                                                   \
  target inline void markTerms##name(const Product& product, Range rows, std::atomic<uint64_t>* needed) {             \
    markTerms(product, rows, needed);                                                                                 \
  }                                                                                                                   \
  target inline void packSparseRows##name(const Product& product, Range rows, const SparseRows& packed) {             \
    packSparseRows(product, rows, packed);                                                                            \
  }                                                                                                                   \
  target inline void multiplySparse##name(const Product& product, const SparseRows& packed, Range rows, Range columns) { \
    multiplySparse<StripShape<TileShape<__VA_ARGS__>::kWidth>>(product, packed, rows, columns);                       \
  }                                                                                                                   \
  target inline void multiplyFew##name(const Product& product, const float* rows, Range columns) {                    \
    multiplyFew<TileShape<__VA_ARGS__>>(product, rows, columns);                                                      \
  }                                                                                                                   \
  target inline void multiplyTerms##name(const Product& product, const float* rows, Range terms, float* sums) {       \
    multiplyTerms<TileShape<__VA_ARGS__>>(product, rows, terms, sums);                                                \
  }                                                                                                                   \
  target inline void learn##name(const Product& product, const float* rows, Range terms) {                            \
    learn(product, rows, terms, {0, product.columns});                                                                \
  }                                                                                                                   \
  constexpr Passes k##name{TileShape<__VA_ARGS__>::kRows,                                                             \
                           TileShape<__VA_ARGS__>::kWidth,                                                            \
                           leastCost,                                                                                 \
                           entryCost,                                                                                 \
                           packRows##name,                                                                            \
                           multiply##name,                                                                            \
                           markTerms##name,                                                                           \
                           packSparseRows##name,                                                                      \
                           multiplySparse##name,                                                                      \
                           multiplyFew##name,                                                                         \
                           multiplyTerms##name,                                                                       \
                           learn##name};

// Costs are as measured with AVX-512 on an Intel Xeon, the others on an AMD EPYC; not on AArch64.
#if defined(__x86_64__)
PASSES(Avx512, __attribute__((target("avx512f,bmi"))), 0.24, 1.4, 8, 3, 16)
PASSES(Avx2, __attribute__((target("avx2,fma,bmi"))), 0.15, 1.2, 4, 3, 8)
PASSES(Portable, , 0.08, 1.1, 3, 3, 4)
#else
PASSES(Portable, , 0.08, 1.1, 8, 3, 4)
#endif

inline const Passes& passesOfThisMachine() {
#if defined(__x86_64__)
  const auto has = [](bool vectors) { return vectors && __builtin_cpu_supports("bmi"); };
  static const Passes& best = has(__builtin_cpu_supports("avx512f"))                                  ? kAvx512
                              : has(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) ? kAvx2
                                                                                                      : kPortable;
  return best;
#else
  return kPortable;
#endif
}

}  // namespace prunebound
