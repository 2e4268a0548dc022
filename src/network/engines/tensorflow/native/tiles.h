// Products of matrices in single precision by the tile registers of recent processors (AMX), which multiply bfloat16.
//
// A number in single precision is the sum of three in bfloat16, each the rest of those before, to 24 bits. Of the nine
// products of the parts of two numbers, six are computed; the others are below the rounding of single precision (Henry,
// Tang and Heinecke 2019). Sums are in single precision. Terms that are zero are not left out, and where an operand is
// not finite, or beyond the range of bfloat16 (3.39e38), the sums that it enters are not numbers.

#pragma once

#include "product.h"

#if defined(__x86_64__) && defined(__linux__) && defined(__has_include)
#if __has_include(<amxbf16intrin.h>)
#define PRUNEBOUND_TILES 1
#endif
#endif

#if defined(PRUNEBOUND_TILES)

#include <csignal>

#include <sys/syscall.h>
#include <unistd.h>

#define WITH_TILES __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512bf16")))

namespace prunebound {
namespace tiles {

// The numbers of a tile: of rows or columns, of pairs of terms, and of terms. A pair is a term and the one kPairs later.
constexpr int64_t kTile = 16, kPairs = 16, kTerms = 32;

// A panel is two tiles of rows or of columns; a product of two panels fills half of the registers.
constexpr int64_t kPanel = 2 * kTile;

// The parts of a number, and the entries of a tile.
constexpr int64_t kParts = 3, kTileEntries = kTile * kTerms;

// What a panel has for one step of kTerms terms: its tiles of each part.
constexpr int64_t kStepEntries = kParts * 2 * kTileEntries;

// The most steps whose sums stay in registers, few enough for what all have packed for them to stay in the second cache
// beside the packed steps of a strip (0.8 MB).
constexpr int64_t kMostSteps = 13, kStripSteps = 128;

// Steps after which a tile is stored although its sums are not complete, to where they will be. On the processor that was
// measured, a Xeon with AVX10, what is stored after six or more steps without such a pause costs as much as two of them.
constexpr int64_t kPauseSteps = 2;

using Entry = uint16_t;

inline int64_t stepsOf(int64_t terms) { return (terms + kTerms - 1) / kTerms; }

// An operand of a product: `count` rows of op(a), or columns of op(b), of `inner` terms each.
struct Operand {
  const float* numbers;
  int64_t count, inner;
  bool areTermsTogether;  // in memory: else it is the numbers of one term that are.
  bool areRows;           // and not columns, which a tile has the other way round.
};

inline Operand rowsOf(const Product& product) {
  return {product.a, product.rows, product.inner, !product.transposedA, true};
}

inline Operand columnsOf(const Product& product) {
  return {product.b, product.columns, product.inner, product.transposedB, false};
}

// The first `count` of 16 lanes.
WITH_TILES inline __mmask16 lanes(int64_t count) { return count >= 16 ? 0xffff : count <= 0 ? 0 : (1 << count) - 1; }

// The upper halves of 16 numbers and of 16 others, in pairs of one and the other.
WITH_TILES inline __m512i upperHalves(__m512i ones, __m512i others) {
  return _mm512_mask_blend_epi16(0xaaaaaaaa, _mm512_srli_epi32(ones, 16), others);
}

// The parts of 16 numbers and 16 others, in pairs. The last is not rounded: it fits, and a NaN remains one.
WITH_TILES inline void split(__m512 ones, __m512 others, __m512i (&parts)[kParts]) {
  const __m512i half = _mm512_set1_epi32(0x8000), upper = _mm512_set1_epi32(0xffff0000);
  for (int part = 0; part < kParts - 1; part++) {
    const __m512i first = _mm512_and_si512(_mm512_add_epi32((__m512i)ones, half), upper);
    const __m512i second = _mm512_and_si512(_mm512_add_epi32((__m512i)others, half), upper);
    parts[part] = upperHalves(first, second);
    ones -= (__m512)first;
    others -= (__m512)second;
  }
  parts[kParts - 1] = upperHalves((__m512i)ones, (__m512i)others);
}

// Transposes 16 x 16 numbers.
WITH_TILES inline void transpose(__m512 (&lines)[16]) {
  for (int i = 0; i < 16; i += 4) {
    const __m512 a = _mm512_unpacklo_ps(lines[i], lines[i + 1]), b = _mm512_unpackhi_ps(lines[i], lines[i + 1]);
    const __m512 c = _mm512_unpacklo_ps(lines[i + 2], lines[i + 3]), d = _mm512_unpackhi_ps(lines[i + 2], lines[i + 3]);
    lines[i] = _mm512_shuffle_ps(a, c, 0x44);
    lines[i + 1] = _mm512_shuffle_ps(a, c, 0xee);
    lines[i + 2] = _mm512_shuffle_ps(b, d, 0x44);
    lines[i + 3] = _mm512_shuffle_ps(b, d, 0xee);
  }
  for (int i = 0; i < 4; i++) {
    const __m512 a = _mm512_shuffle_f32x4(lines[i], lines[i + 4], 0x88);
    const __m512 b = _mm512_shuffle_f32x4(lines[i + 8], lines[i + 12], 0x88);
    const __m512 c = _mm512_shuffle_f32x4(lines[i], lines[i + 4], 0xdd);
    const __m512 d = _mm512_shuffle_f32x4(lines[i + 8], lines[i + 12], 0xdd);
    lines[i] = _mm512_shuffle_f32x4(a, b, 0x88);
    lines[i + 8] = _mm512_shuffle_f32x4(a, b, 0xdd);
    lines[i + 4] = _mm512_shuffle_f32x4(c, d, 0x88);
    lines[i + 12] = _mm512_shuffle_f32x4(c, d, 0xdd);
  }
}

// Numbers of a tile, as they lie in memory: the first of each pair, and the others.
struct Lines {
  __m512 ones[16], others[16];
};

// Reads numbers of a tile, each line the terms of one row or column, from `first` on; zeros beyond the last.
WITH_TILES inline void readTerms(const Operand& operand, int64_t first, int64_t term, Lines& lines) {
  const int64_t remain = operand.inner - term;
  for (int line = 0; line < kTile; line++) {
    const bool exists = first + line < operand.count;
    const float* from = operand.numbers + (exists ? first + line : 0) * operand.inner + term;
    lines.ones[line] = _mm512_maskz_loadu_ps(exists ? lanes(remain) : 0, from);
    lines.others[line] = _mm512_maskz_loadu_ps(exists ? lanes(remain - kPairs) : 0, from + kPairs);
  }
}

// Reads numbers of a tile, each line one term of all its rows or columns; zeros beyond the last.
WITH_TILES inline void readPairs(const Operand& operand, int64_t first, int64_t term, Lines& lines) {
  const __mmask16 exist = lanes(operand.count - first);
  for (int pair = 0; pair < kPairs; pair++) {
    const int64_t k = term + pair;
    const float* from = operand.numbers + k * operand.count + first;
    lines.ones[pair] = _mm512_maskz_loadu_ps(k < operand.inner ? exist : 0, from);
    lines.others[pair] = _mm512_maskz_loadu_ps(k + kPairs < operand.inner ? exist : 0, from + kPairs * operand.count);
  }
}

// Packs a tile's numbers of one step: to[part][0] is the tile, and the panel's other one lies between the parts.
WITH_TILES inline void packTile(const Operand& operand, int64_t first, int64_t term, Entry* to) {
  Lines lines;
  if (operand.areTermsTogether) {
    readTerms(operand, first, term, lines);
  } else {
    readPairs(operand, first, term, lines);
  }
  if (operand.areTermsTogether != operand.areRows) {
    transpose(lines.ones);
    transpose(lines.others);
  }
  for (int line = 0; line < 16; line++, to += kTerms) {
    __m512i parts[kParts];
    split(lines.ones[line], lines.others[line], parts);
    for (int part = 0; part < kParts; part++) _mm512_store_si512(to + part * 2 * kTileEntries, parts[part]);
  }
}

// Packs a panel's numbers of one step.
WITH_TILES inline void packPanel(const Operand& operand, int64_t first, int64_t step, Entry* to) {
  packTile(operand, first, step * kTerms, to);
  packTile(operand, first + kTile, step * kTerms, to + kTileEntries);
}

// Packs the panels of a range, for some steps: packed[panel][step]. What lies together in memory is read in a row.
WITH_TILES inline void pack(const Operand& operand, Range range, Range steps, Entry* packed) {
  const int64_t panelEntries = (steps.end - steps.begin) * kStepEntries, panels = (range.end - range.begin + kPanel - 1) / kPanel;
  const auto packOne = [&](int64_t panel, int64_t step) WITH_TILES {
    packPanel(operand, range.begin + panel * kPanel, step, packed + panel * panelEntries + (step - steps.begin) * kStepEntries);
  };
  if (operand.areTermsTogether) {
    for (int64_t panel = 0; panel < panels; panel++) {
      for (int64_t step = steps.begin; step < steps.end; step++) packOne(panel, step);
    }
  } else {
    for (int64_t step = steps.begin; step < steps.end; step++) {
      for (int64_t panel = 0; panel < panels; panel++) packOne(panel, step);
    }
  }
}

// Sets the tile registers up for whole tiles, until it goes. Their configuration is a constant: some compilers believe that
// only the first bytes of it are read, and would leave out what a function writes beyond them.
class Registers {
 public:
  WITH_TILES Registers() {
    alignas(64) static constexpr struct {
      uint8_t palette = 1, row = 0, unused[14] = {};
      uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } configuration;
    _tile_loadconfig(&configuration);
  }
  WITH_TILES ~Registers() { _tile_release(); }
  Registers(const Registers&) = delete;
  Registers& operator=(const Registers&) = delete;
};

// Where a thread handles signals on a stack of its own, makes it large enough, until the thread ends: what the system saves
// there is larger by the tile registers' 8 KB. Without, the handler of a profiler has no room left, and the program crashes.
class SignalStack {
 public:
  static void ofThisThread() { static thread_local SignalStack stack; }

  ~SignalStack() {
    if (memory_) sigaltstack(&kNone, nullptr);
  }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  static constexpr size_t kBytes = 65536;
  static constexpr stack_t kNone{nullptr, SS_DISABLE, 0};

  SignalStack() {
    stack_t present;
    if (sigaltstack(nullptr, &present) != 0 || present.ss_flags & SS_DISABLE || present.ss_size >= kBytes) return;
    memory_ = std::make_unique<char[]>(kBytes);
    const stack_t larger{memory_.get(), 0, kBytes};
    sigaltstack(&larger, nullptr);
  }

  std::unique_ptr<char[]> memory_;
};

// The product of two panels over some steps, the large parts first.
WITH_TILES inline void multiplyPanels(const Entry* rows, const Entry* columns, int64_t steps, float* sums) {
  constexpr int64_t kLine = kTerms * sizeof(Entry), kPart = 2 * kTileEntries, kBytes = kPanel * sizeof(float);
#define LOAD_ROWS(part)                                                        \
  _tile_loadd(4, rows + part * kPart, kLine);                                  \
  _tile_loadd(5, rows + part * kPart + kTileEntries, kLine)
#define LOAD_COLUMNS(part)                                                     \
  _tile_loadd(6, columns + part * kPart, kLine);                               \
  _tile_loadd(7, columns + part * kPart + kTileEntries, kLine)
#define MULTIPLY()                                                             \
  _tile_dpbf16ps(0, 4, 6);                                                     \
  _tile_dpbf16ps(1, 4, 7);                                                     \
  _tile_dpbf16ps(2, 5, 6);                                                     \
  _tile_dpbf16ps(3, 5, 7)
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t step = 0; step < steps; step++, rows += kStepEntries, columns += kStepEntries) {
    LOAD_ROWS(0);
    LOAD_COLUMNS(0);
    MULTIPLY();
    LOAD_COLUMNS(2);
    MULTIPLY();
    LOAD_COLUMNS(1);
    MULTIPLY();
    LOAD_ROWS(1);
    MULTIPLY();
    LOAD_COLUMNS(0);
    MULTIPLY();
    LOAD_ROWS(2);
    MULTIPLY();
    if (step % kPauseSteps == 0) _tile_stored(0, sums, kBytes);
  }
#undef LOAD_ROWS
#undef LOAD_COLUMNS
#undef MULTIPLY
  _tile_stored(0, sums, kBytes);
  _tile_stored(1, sums + kTile, kBytes);
  _tile_stored(2, sums + kTile * kPanel, kBytes);
  _tile_stored(3, sums + kTile * kPanel + kTile, kBytes);
}

// Puts the sums of two panels where they belong.
WITH_TILES inline void keepPanels(const Product& product, const float* sums, const Terms& steps, Range rows, Range columns) {
  for (int64_t row = rows.begin; row < rows.end; row++, sums += kPanel) {
    keepLine<16>(product, sums, steps, row * product.columns + columns.begin, columns.end - columns.begin);
  }
}

// The products of one panel and the panels of a strip of the other operand, of rows or else of columns, over some steps.
WITH_TILES inline void multiplyStrip(const Product& product, const Entry* packedPanel, Range panel, const Entry* packedStrip,
                                     Range strip, bool isStripOfRows, const Terms& steps) {
  alignas(64) float sums[kPanel * kPanel];
  for (int64_t begin = strip.begin; begin < strip.end; begin += kPanel, packedStrip += steps.depth() * kStepEntries) {
    const Range other{begin, std::min(strip.end, begin + kPanel)};
    if (isStripOfRows) {
      multiplyPanels(packedStrip, packedPanel, steps.depth(), sums);
      keepPanels(product, sums, steps, other, panel);
    } else {
      multiplyPanels(packedPanel, packedStrip, steps.depth(), sums);
      keepPanels(product, sums, steps, panel, other);
    }
  }
}

// Some rows of the result, or else columns, whole panels of them, from what all have packed of the other operand.
WITH_TILES inline void multiplyPart(const Product& product, const Entry* shared, Range part, bool isOfRows) {
  static thread_local Scratch<Entry> scratch;
  SignalStack::ofThisThread();
  const Registers registers;
  const Operand operand = isOfRows ? rowsOf(product) : columnsOf(product);
  const int64_t others = isOfRows ? product.columns : product.rows;
  const int64_t all = stepsOf(product.inner), blocks = (all + kMostSteps - 1) / kMostSteps;
  const int64_t most = (all + blocks - 1) / blocks, stripLength = kStripSteps / most * kPanel;
  Entry* packed = scratch.have(kStripSteps * kStepEntries);
  for (int64_t begin = part.begin; begin < part.end; begin += stripLength) {
    const Range strip{begin, std::min(part.end, begin + stripLength)};
    for (int64_t first = 0; first < all; first += most) {
      const Terms steps{first, std::min(all, first + most), all};
      pack(operand, strip, {steps.begin, steps.end}, packed);
      for (int64_t other = 0; other < others; other += kPanel) {
        const Entry* panel = shared + (other / kPanel * all + first) * kStepEntries;
        multiplyStrip(product, panel, {other, std::min(others, other + kPanel)}, packed, strip, isOfRows, steps);
      }
    }
  }
}

// Whether the processor has tile registers, and the system lets this process use them.
inline bool areThere() {
  static const bool there = [] {
    constexpr int kRequestPermission = 0x1023, kTileData = 18;
    return __builtin_cpu_supports("amx-bf16") && __builtin_cpu_supports("avx512bf16") &&
           syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  }();
  return there;
}

}  // namespace tiles
}  // namespace prunebound

#endif
