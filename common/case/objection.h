// What the law asks of an objection to something in public notice, an application or a subsidy
// alike (Q23): in writing, inside the period, by real name, with contact, grounds and evidence.
//
//   act::Shape shape;
//   cases::CheckObjection(shape, objection);
//   …
//   RETURN_IF_ERROR(cases::CheckOnNotice(row.state, row.notice_close));
//   …in the gathering of facts: cases::GatherObjection(objection, facts);

#ifndef ALLIANCE_COMMON_CASE_OBJECTION_H_
#define ALLIANCE_COMMON_CASE_OBJECTION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/filing/v1/paper.pb.h"
#include "common/act/shape.h"
#include "common/domain/facts.h"
#include "common/domain/state.h"

namespace alliance::cases {

// In characters.
inline constexpr int64_t kObjectorLimit = 200;  // name and contact, each
inline constexpr int64_t kGroundsLimit = 5000;

// As it was filed. All of it is the request's, which outlives it.
struct Objection {
  std::string_view objector_name;
  std::string_view objector_contact;
  std::string_view grounds;
  const filing::v1::Document* evidence = nullptr;  // nullptr: none was filed
};

// Lengths, characters and the evidence's own shape. What is missing is for the rule to refuse, so
// that an objector hears of the period first.
void CheckObjection(act::Shape& shape, const Objection& objection);

// Something that a person can be called or reached by: not blank, and none of the words that people
// write instead.
bool IsRealName(std::string_view text);

// For the public. NOT_PERMITTED for what has never been on notice, `closes` being nothing: what is
// before a notice does not exist for it. OBJECTION_LATE for what is past it, whatever became of it.
absl::Status CheckOnNotice(domain::State state, std::optional<absl::Time> closes);

// What the rule looks at, beside the period of the notice.
void GatherObjection(const Objection& objection, domain::Facts& facts);

}  // namespace alliance::cases

#endif  // ALLIANCE_COMMON_CASE_OBJECTION_H_
