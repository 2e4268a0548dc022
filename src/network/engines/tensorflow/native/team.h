// Threads that share the work of one operation and stay awake between operations.

#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace prunebound {

// A range of indices.
struct Range {
  int64_t begin, end;
};

// Has the thread take denormal numbers for zero, as TensorFlow's own threads do, until it goes. Moments of weights that
// are no longer trained decay to such numbers and stay there, and a processor takes a hundred times as long for them.
class FlushDenormals {
 public:
  FlushDenormals() : before_(mode()) { setMode(before_ | kFlush); }
  ~FlushDenormals() { setMode(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__x86_64__)
  static constexpr uint64_t kFlush = 0x8040;  // Results that are denormal, and operands.
  static uint64_t mode() { return _mm_getcsr(); }
  static void setMode(uint64_t mode) { _mm_setcsr(static_cast<unsigned>(mode)); }
#elif defined(__aarch64__)
  static constexpr uint64_t kFlush = 1 << 24;  // Both.
  static uint64_t mode() {
    uint64_t mode;
    asm volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
  }
  static void setMode(uint64_t mode) { asm volatile("msr fpcr, %0" : : "r"(mode)); }
#else
  static constexpr uint64_t kFlush = 0;
  static uint64_t mode() { return 0; }
  static void setMode(uint64_t) {}
#endif

  const uint64_t before_;
};

// The calling thread and its helpers. Operations follow each other within a fraction of a millisecond, and to wake a
// sleeping thread takes as long as a small product: so a helper looks out for work for a while before it sleeps. Work
// comes in more parts than there are threads, and whoever is ready takes the next.
class Team {
 public:
  // The team of the calling thread: each of several networks in training has its own.
  static Team& ofThisThread() {
    static thread_local Team team(members());
    return team;
  }

  ~Team() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ends_ = true;
    }
    news_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
  }

  int size() const { return static_cast<int>(helpers_.size()) + 1; }

  // Calls `work(range)` for ranges that make up 0 to `total`, on whatever threads, and waits for all of them. Ranges
  // consist of whole blocks, and of the last, which may be shorter. What one of them throws is thrown when all have ended.
  template <typename Work>
  void share(int64_t total, int64_t block, const Work& work) {
    const int64_t blocks = (total + block - 1) / block, parts = std::min(blocks, kPartsEach * size());
    if (helpers_.empty() || parts < 2) return work(Range{0, total});
    const auto edge = [&](int64_t part) { return std::min(total, blocks * part / parts * block); };
    const auto part = [&](int64_t index) { work(Range{edge(index), edge(index + 1)}); };
    begin([](const void* context, int64_t index) { (*static_cast<decltype(part)*>(context))(index); }, &part, parts);
    while (takePart()) {}
    while (unfinished_.load(std::memory_order_acquire) > 0) rest();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  using Task = void (*)(const void* context, int64_t part);

  static constexpr int64_t kPartsEach = 4;
  static constexpr std::chrono::milliseconds kLookout{2};

  explicit Team(int members) {
    for (int i = 1; i < members; i++) helpers_.emplace_back([this] { help(); });
  }

  // As many as TensorFlow has threads: the variable that bounds those, or the cores.
  static int members() {
    const char* wanted = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int count = wanted ? std::atoi(wanted) : 0;
    return count > 0 ? count : std::max(1u, std::thread::hardware_concurrency());
  }

  static void rest() {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  void begin(Task task, const void* context, int64_t parts) {
    task_ = task;
    context_ = context;
    unfinished_.store(parts, std::memory_order_relaxed);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      untaken_.store(parts, std::memory_order_release);
    }
    news_.notify_all();
  }

  // Does the next part, if there is one. The task is read only by who has taken a part of it: it cannot end before.
  bool takePart() {
    int64_t untaken = untaken_.load(std::memory_order_relaxed);
    do {
      if (untaken == 0) return false;
    } while (!untaken_.compare_exchange_weak(untaken, untaken - 1, std::memory_order_acquire));
    try {
      task_(context_, untaken - 1);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      failure_ = std::current_exception();
    }
    unfinished_.fetch_sub(1, std::memory_order_release);
    return true;
  }

  void help() {
    const FlushDenormals flush;
    while (await()) {
      while (takePart()) {}
    }
  }

  // Waits for work; false if there will be none.
  bool await() {
    const auto end = std::chrono::steady_clock::now() + kLookout;
    do {
      for (int i = 0; i < 64; i++) {
        if (untaken_.load(std::memory_order_relaxed) > 0) return true;
        rest();
      }
    } while (std::chrono::steady_clock::now() < end);
    std::unique_lock<std::mutex> lock(mutex_);
    news_.wait(lock, [&] { return ends_ || untaken_.load(std::memory_order_relaxed) > 0; });
    return !ends_;
  }

  std::mutex mutex_;
  std::condition_variable news_;
  std::atomic<int64_t> untaken_{0}, unfinished_{0};
  Task task_ = nullptr;
  const void* context_ = nullptr;
  std::exception_ptr failure_;
  bool ends_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace prunebound
