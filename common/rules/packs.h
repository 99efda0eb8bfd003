// Packs: the rules of all rounds that are still served.

#ifndef ALLIANCE_COMMON_RULES_PACKS_H_
#define ALLIANCE_COMMON_RULES_PACKS_H_

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

  // "rounds/2023-tsl"; nullptr for an unknown round.
  const Pack* Find(std::string_view round_name) const;
  // The pack of the round that opened last.
  const Pack* Latest() const { return &packs_.back(); }
  // The pack that rules the yearly cycle of `year`: that of the round with form year `year` - 1, or
  // nullptr.
  const Pack* ForYear(int year) const;
  // By digest, 32 bytes.
  const Pack* FindByDigest(std::string_view digest) const;

  const std::vector<Pack>& all() const { return packs_; }

 private:
  std::vector<Pack> packs_;  // in the order of their opening
};

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_PACKS_H_
