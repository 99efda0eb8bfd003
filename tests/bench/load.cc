// bench_load: calls a running suite and says how fast it answered, in one line of JSON.
//
//   bench_load --edge service|grpc|json --run FOLDER --target HOST:PORT [--review HOST:PORT]
//              --cases FILE --mix submit|get|half|follow (--callers N | --rate R)
//              --warmup SECONDS --seconds SECONDS [--pids NAME:PID,…] [--acknowledged FILE]
//
// FILE has a line "id etag credit-code" per case; each is submitted at most once, and reads go
// round all of them. `half` submits and reads in turn. `follow` submits, and asks review for every
// eighth case, from its answer on, until review has it. With --callers each caller has one call
// under way. With --rate calls begin at even distances, whatever became of those before, and their
// time counts from when they should have begun. What began before the warm-up was over is not
// counted. --pids: CPU time of these meanwhile.

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "tests/bench/edges.h"
#include "tests/bench/figures.h"

namespace alliance::bench {
namespace {

constexpr absl::Duration kVisibleLimit = absl::Seconds(5);
constexpr int kFollowEvery = 8;
// Between two questions about one case: 2 ms, or an eighth of the time it is late by now, which is
// then how much too long the answer may be. More often would be a load of its own, the heavier the
// later the cases are.
constexpr absl::Duration kAskEvery = absl::Milliseconds(2);
constexpr int kAskFraction = 8;

struct Plan {
  std::string edge, mix;
  int callers = 0;
  double rate = 0;  // calls a second; 0: by callers
  absl::Duration warmup, length;
  std::vector<std::pair<std::string, std::string>> pids;
  std::string acknowledged;
};

// User and system time of a process.
double CpuSeconds(const std::string& pid) {
  std::ifstream file(base::StrCat("/proc/", pid, "/stat"));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

class Load {
 public:
  Load(Plan plan, const std::vector<Case>& cases, Edge& edge)
      : plan_(std::move(plan)), cases_(cases), edge_(edge) {}

  // False when cases ran out.
  bool Run() {
    const absl::Time began = absl::Now();
    from_ = began + plan_.warmup;
    until_ = from_ + plan_.length;
    std::map<std::string, double> cpu;
    std::thread asking([this] { AskAgain(); });
    for (int i = 0; i < plan_.callers; ++i) Repeat();
    bool warm = false;
    const absl::Duration distance = plan_.rate > 0 ? absl::Seconds(1 / plan_.rate) : plan_.length;
    for (int64_t i = 0;; ++i) {
      absl::Time next = plan_.rate > 0 ? began + i * distance : until_;
      if (!warm && next >= from_) {
        absl::SleepFor(from_ - absl::Now());
        for (const auto& [name, pid] : plan_.pids) cpu[name] -= CpuSeconds(pid);
        warm = true;
      }
      absl::SleepFor(next - absl::Now());
      if (next >= until_) break;
      Begin(next, false);
    }
    for (const auto& [name, pid] : plan_.pids) cpu[name] += CpuSeconds(pid);
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
      mutex_.Await(absl::Condition(
          +[](int* under_way) { return *under_way == 0; }, &under_way_));
    }
    asking.join();
    Report(cpu);
    absl::MutexLock lock(&mutex_);
    return !exhausted_;
  }

 private:
  struct Tally {
    std::vector<double> ms;  // of what succeeded
    size_t in_time = 0;      // of these, answered before the end
    size_t bytes = 0;
    std::map<std::string, size_t> failed;
  };

  struct Again {
    size_t index = 0;
    absl::Time answered;
  };

  void Repeat() { Begin(absl::Now(), true); }

  void Begin(absl::Time intended, bool again) {
    const size_t turn = turn_++;
    const bool reads = plan_.mix == "get" || (plan_.mix == "half" && turn % 2 == 1);
    size_t index = reads ? turn % cases_.size() : next_case_++;
    {
      absl::MutexLock lock(&mutex_);
      if (index >= cases_.size()) exhausted_ = true;
      if (stopping_ || exhausted_) return;
      ++under_way_;
    }
    const Verb verb = reads ? Verb::kGet : Verb::kSubmit;
    edge_.Call(verb, index, [this, verb, index, intended, again, turn](const Answer& answer) {
      const absl::Time now = absl::Now();
      Note(NameOf(verb), answer, intended, now);
      if (verb == Verb::kSubmit && answer.ok) {
        if (!plan_.acknowledged.empty()) Acknowledge(index);
        if (plan_.mix == "follow" && turn % kFollowEvery == 0) {
          {
            absl::MutexLock lock(&mutex_);
            ++under_way_;
          }
          Follow(index, now);
        }
      }
      if (again) Repeat();
      Landed();
    });
  }

  static const char* NameOf(Verb verb) { return verb == Verb::kSubmit ? "submit" : "get"; }

  void Follow(size_t index, absl::Time answered) {
    edge_.Call(Verb::kVisible, index, [this, index, answered](const Answer& answer) {
      const absl::Time now = absl::Now();
      if (!answer.ok && now - answered < kVisibleLimit) {
        absl::MutexLock lock(&mutex_);
        const absl::Duration pause = std::max(kAskEvery, (now - answered) / kAskFraction);
        asked_again_.insert({now + pause, {.index = index, .answered = answered}});
        return;
      }
      Note("visible", answer, answered, now);
      Landed();
    });
  }

  // Until every case that is followed was seen.
  void AskAgain() {
    while (true) {
      Again next;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &Load::SomethingToAskOrAllSeen));
        if (asked_again_.empty()) return;
        if (const absl::Duration early = asked_again_.begin()->first - absl::Now();
            early > absl::ZeroDuration()) {
          // In steps, for an earlier one may come in meanwhile.
          absl::Condition never(
              +[](int*) { return false; }, &under_way_);
          mutex_.AwaitWithTimeout(never, std::min(early, kAskEvery / 4));
          continue;
        }
        next = asked_again_.begin()->second;
        asked_again_.erase(asked_again_.begin());
      }
      Follow(next.index, next.answered);
    }
  }

  bool SomethingToAskOrAllSeen() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !asked_again_.empty() || (stopping_ && under_way_ == 0);
  }

  void Landed() {
    absl::MutexLock lock(&mutex_);
    --under_way_;
  }

  void Acknowledge(size_t index) {
    absl::MutexLock lock(&mutex_);
    acknowledged_.push_back(index);
  }

  void Note(const char* what, const Answer& answer, absl::Time intended, absl::Time now) {
    // By callers: what was answered meanwhile. By rate: what should have begun meanwhile.
    const absl::Time counts = plan_.rate > 0 ? intended : now;
    if (counts < from_ || counts >= until_) return;
    absl::MutexLock lock(&mutex_);
    Tally& tally = tallies_[what];
    if (!answer.ok) {
      ++tally.failed[answer.why];
      return;
    }
    tally.ms.push_back(absl::ToDoubleMilliseconds(now - intended));
    tally.in_time += now < until_ ? 1 : 0;
    tally.bytes += answer.bytes;
  }

  void Report(const std::map<std::string, double>& cpu) {
    absl::MutexLock lock(&mutex_);
    std::string out = "{";
    size_t calls = 0;
    for (auto& [what, tally] : tallies_) {
      const size_t n = tally.ms.size();
      const Figures figures = Summarise(std::move(tally.ms), plan_.length);
      if (what != "visible") calls += n;
      base::StrAppend(&out, "\"", what, "\":{\"n\":", n, ",\"rate\":",
                      static_cast<double>(tally.in_time) / absl::ToDoubleSeconds(plan_.length),
                      ",\"p50_ms\":", figures.p50_ms, ",\"p99_ms\":", figures.p99_ms,
                      ",\"bytes\":", n == 0 ? 0 : tally.bytes / n, ",\"failed\":{");
      const char* comma = "";
      for (const auto& [why, count] : tally.failed) {
        base::StrAppend(&out, comma, "\"", why, "\":", count);
        comma = ",";
      }
      out += "}},";
    }
    out += "\"cpu_us_per_call\":{";
    const char* comma = "";
    for (const auto& [name, seconds] : cpu) {
      base::StrAppend(&out, comma, "\"", name,
                      "\":", calls == 0 ? 0 : seconds * 1e6 / static_cast<double>(calls));
      comma = ",";
    }
    base::StrAppend(&out, "},\"used\":", std::min<size_t>(next_case_, cases_.size()), "}");
    std::printf("%s\n", out.c_str());
    if (plan_.acknowledged.empty()) return;
    std::ofstream file(plan_.acknowledged);
    for (const size_t index : acknowledged_) file << cases_[index].id << "\n";
  }

  const Plan plan_;
  const std::vector<Case>& cases_;
  Edge& edge_;
  absl::Time from_, until_;
  std::atomic<size_t> turn_{0};
  std::atomic<size_t> next_case_{0};
  absl::Mutex mutex_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  std::multimap<absl::Time, Again> asked_again_ ABSL_GUARDED_BY(mutex_);  // by when
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool exhausted_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, Tally> tallies_ ABSL_GUARDED_BY(mutex_);
  std::vector<size_t> acknowledged_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace
}  // namespace alliance::bench

int main(int argc, char** argv) {
  using namespace alliance;  // NOLINT(google-build-using-namespace)
  std::map<std::string, std::string> flags;
  for (int i = 1; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  bench::Plan plan{
      .edge = flags["--edge"],
      .mix = flags["--mix"],
      .callers = static_cast<int>(std::strtol(flags["--callers"].c_str(), nullptr, 10)),
      .rate = std::strtod(flags["--rate"].c_str(), nullptr),
      .warmup = absl::Seconds(std::strtod(flags["--warmup"].c_str(), nullptr)),
      .length = absl::Seconds(std::strtod(flags["--seconds"].c_str(), nullptr)),
      .acknowledged = flags["--acknowledged"]};
  for (const auto& pair : absl::StrSplit(flags["--pids"], ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> named = absl::StrSplit(pair, ':');
    plan.pids.push_back(named);
  }
  std::vector<bench::Case> cases;
  std::ifstream file(flags["--cases"]);
  for (bench::Case one; file >> one.id >> one.etag >> one.code;) cases.push_back(one);
  const auto edge =
      bench::MakeEdge(plan.edge, {flags["--run"], flags["--target"], flags["--review"]}, cases);
  if (cases.empty() || edge == nullptr || plan.length <= absl::ZeroDuration()) {
    std::fprintf(stderr, "bench_load: no cases, no edge or no time; see tests/bench/load.cc\n");
    return 2;
  }
  bench::Load load(std::move(plan), cases, *edge);
  if (load.Run()) return 0;
  std::fprintf(stderr, "bench_load: too few cases for this rate\n");
  return 1;
}
