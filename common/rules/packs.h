// Packs: the rules of all rounds that are still served.
//
// Packs are only ever added (a round is published while the services run), never changed or taken
// out: a pointer to a Pack stays good as long as the Packs. Readers take no lock: they look at the
// latest of a few immutable indexes, one for each pack that was ever added, all kept.

#ifndef ALLIANCE_COMMON_RULES_PACKS_H_
#define ALLIANCE_COMMON_RULES_PACKS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rules/pack.h"

namespace alliance::rules {

class Packs {
 public:
  // At least one file, no round twice.
  static absl::StatusOr<Packs> Load(const std::vector<std::string>& paths);

  Packs();
  Packs(Packs&&) noexcept;
  Packs& operator=(Packs&&) noexcept;
  ~Packs();

  // Adds a pack and answers the one that is kept. `number` counts the packs of its round as they
  // superseded each other: the highest is the round's, 0 for one that came with the installation. A
  // pack that is there already is not added again, but keeps the higher number. From any thread.
  const Pack* Add(Pack pack, int number = 0);
  // Is it there, with that number or a higher one?
  bool Has(std::string_view digest, int number) const;

  // "rounds/2023-tsl": the round's pack as published last; nullptr for an unknown round.
  const Pack* Find(std::string_view round_name) const;
  // The pack of the round that opens last.
  const Pack* Latest() const { return all().back(); }
  // The pack that rules the yearly cycle of `year`: that of the round with form year `year` - 1, or
  // nullptr.
  const Pack* ForYear(int year) const;
  // By digest, 32 bytes, superseded ones too.
  const Pack* FindByDigest(std::string_view digest) const;

  // One of each round, in the order of their opening.
  const std::vector<const Pack*>& all() const;

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_PACKS_H_
