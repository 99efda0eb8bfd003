#include "common/rules/packs.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"

namespace alliance::rules {
namespace {

struct Numbered {
  const Pack* pack;
  int number;
};

struct Index {
  std::vector<Numbered> ever;        // in the order of their coming
  std::vector<const Pack*> current;  // one of each round, in the order of their opening
};

// The one of each round with the highest number.
std::vector<const Pack*> CurrentOf(const std::vector<Numbered>& ever) {
  std::map<std::string, Numbered> of_round;
  for (const Numbered& one : ever) {
    const auto [at, fresh] = of_round.try_emplace(one.pack->round_name(), one);
    if (!fresh && one.number >= at->second.number) at->second = one;
  }
  std::vector<const Pack*> current;
  for (const auto& [round, one] : of_round) current.push_back(one.pack);
  std::stable_sort(current.begin(), current.end(),
                   [](const Pack* a, const Pack* b) { return a->opens() < b->opens(); });
  return current;
}

}  // namespace

struct Packs::Kept {
  absl::Mutex mutex;  // of writers
  std::vector<std::unique_ptr<const Pack>> packs;
  std::vector<std::unique_ptr<const Index>> indexes;
  std::atomic<const Index*> latest;
};

Packs::Packs() : kept_(std::make_unique<Kept>()) {
  kept_->indexes.push_back(std::make_unique<const Index>());
  kept_->latest.store(kept_->indexes.back().get());
}
Packs::Packs(Packs&&) noexcept = default;
Packs& Packs::operator=(Packs&&) noexcept = default;
Packs::~Packs() = default;

absl::StatusOr<Packs> Packs::Load(const std::vector<std::string>& paths) {
  if (paths.empty()) return absl::InvalidArgumentError("no rule pack is named");
  Packs packs;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(Pack pack, LoadPack(path));
    if (packs.Find(pack.round_name()) != nullptr) {
      return absl::InvalidArgumentError(
          base::StrCat(path, ": ", pack.round_name(), " is in another pack already"));
    }
    packs.Add(std::move(pack));
  }
  return packs;
}

const Pack* Packs::Add(Pack pack, int number) {
  const absl::MutexLock lock(&kept_->mutex);
  auto index = std::make_unique<Index>(*kept_->latest.load());
  auto known = std::find_if(index->ever.begin(), index->ever.end(), [&](const Numbered& one) {
    return one.pack->digest() == pack.digest();
  });
  if (known == index->ever.end()) {
    kept_->packs.push_back(std::make_unique<const Pack>(std::move(pack)));
    index->ever.push_back({kept_->packs.back().get(), number});
    known = std::prev(index->ever.end());
  } else if (known->number >= number) {
    return known->pack;
  }
  known->number = number;
  const Pack* kept = known->pack;
  index->current = CurrentOf(index->ever);
  kept_->indexes.push_back(std::move(index));
  kept_->latest.store(kept_->indexes.back().get());
  return kept;
}

bool Packs::Has(std::string_view digest, int number) const {
  const std::vector<Numbered>& ever = kept_->latest.load()->ever;
  return std::any_of(ever.begin(), ever.end(), [&](const Numbered& one) {
    return one.pack->digest() == digest && one.number >= number;
  });
}

const std::vector<const Pack*>& Packs::all() const { return kept_->latest.load()->current; }

const Pack* Packs::Find(std::string_view round_name) const {
  for (const Pack* pack : all()) {
    if (pack->round_name() == round_name) return pack;
  }
  return nullptr;
}

const Pack* Packs::ForYear(int year) const {
  for (const Pack* pack : all()) {
    if (pack->form_year() + 1 == year) return pack;
  }
  return nullptr;
}

const Pack* Packs::FindByDigest(std::string_view digest) const {
  for (const Numbered& one : kept_->latest.load()->ever) {
    if (one.pack->digest() == digest) return one.pack;
  }
  return nullptr;
}

}  // namespace alliance::rules
