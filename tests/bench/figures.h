// What one round of a measurement gives, and its line of JSON.

#ifndef ALLIANCE_TESTS_BENCH_FIGURES_H_
#define ALLIANCE_TESTS_BENCH_FIGURES_H_

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/time/time.h"

namespace alliance::bench {

struct Figures {
  size_t n = 0;
  double rate = 0;  // calls per second
  double p50_ms = 0;
  double p99_ms = 0;
};

inline Figures Summarise(std::vector<double> latencies_ms, absl::Duration took) {
  std::sort(latencies_ms.begin(), latencies_ms.end());
  const size_t n = latencies_ms.size();
  if (n == 0) return {};
  return {.n = n,
          .rate = static_cast<double>(n) / absl::ToDoubleSeconds(took),
          .p50_ms = latencies_ms[n / 2],
          .p99_ms = latencies_ms[n * 99 / 100]};
}

inline void Print(const Figures& figures) {
  std::printf("{\"n\":%zu,\"rate\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", figures.n,
              figures.rate, figures.p50_ms, figures.p99_ms);
}

}  // namespace alliance::bench

#endif  // ALLIANCE_TESTS_BENCH_FIGURES_H_
