// The four conditions of article 4 and the verified R&D: what a recommender decides at the
// preliminary review (R-020 … ).

#ifndef ALLIANCE_COMMON_DOMAIN_ELIGIBILITY_H_
#define ALLIANCE_COMMON_DOMAIN_ELIGIBILITY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/domain/errors.h"
#include "common/domain/money.h"

namespace alliance::domain {

struct ConditionRow {
  std::string_view id;
  std::string_view clause;
  std::string_view zh;
  std::string_view en;
};

// The words of article 4, in its order.
inline constexpr std::array<ConditionRow, 4> kConditions = {{
    {"A4_1", "实施细则第四条第1项",
     "盟主企业是在辽宁省内注册并实地经营的独立法人企业；成员包括高校或科研机构等单位",
     "The lead is an independent legal-person enterprise registered and actually operating in "
     "Liaoning; the members include a university or research institution"},
    {"A4_2", "实施细则第四条第2项", "盟主企业与高校、科研机构或人才团队已开展了实质性产学研合作",
     "The lead already has substantive cooperation with a university, institute or talent team"},
    {"A4_3", "实施细则第四条第3项", "盟主企业近一年开展了科技研发活动，并有一定的研发投入",
     "The lead did R&D in the last year and spent on it"},
    {"A4_4", "实施细则第四条第4项", "联盟定期组织盟员单位开展系列活动",
     "The alliance regularly organises activities of its members"},
}};

// Numbers as on the wire.
enum class ConditionVerdict { kOpen = 0, kPass = 1, kFail = 2, kCorrect = 3 };

struct ConditionRecord {
  std::string condition;  // an id of kConditions
  ConditionVerdict verdict = ConditionVerdict::kOpen;
  std::string reason;
  std::string evidence;  // paper slot and page
};

struct ConditionCount {
  int open = 0;    // undecided, or still to be corrected: the case cannot pass
  int failed = 0;  // the case can be rejected
};

// What is wrong with the records themselves: an unknown or repeated condition, a verdict without a
// reason or evidence. Paths are "conditions[i].reason" and so on.
std::vector<FieldProblem> CheckConditions(const std::vector<ConditionRecord>& records);

// A condition without a record counts as open.
ConditionCount CountConditions(const std::vector<ConditionRecord>& records);

// A reviewer's answer to one problem of severity kNeedsOverride.
struct Override {
  std::string field;
  std::string problem;  // the word
  std::string reason;
};

// Problems that need an override and have none with a reason.
int CountOverridesMissing(const std::vector<FieldProblem>& problems,
                          const std::vector<Override>& overrides);

// Where an R&D figure comes from, best evidence first (Q7).
enum class RdSource { kAuditReport, kA107012Row40, kForm };
// "audit_report", "a107012_row40", "form"
std::string_view WordOf(RdSource source);
std::optional<RdSource> RdSourceOf(std::string_view word);

struct VerifiedRd {
  Fen amount;                           // the lower of declared and evidenced: the subsidy's base
  std::optional<FieldProblem> differs;  // X09, when they are further apart than the tolerance
};

// 核定数 as proposed to the reviewer. `tolerance_percent` is of the evidenced amount. With kForm as
// source the declared amount is its own evidence.
absl::StatusOr<VerifiedRd> VerifyRd(Fen declared, RdSource source, Fen evidenced,
                                    int64_t tolerance_percent);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_ELIGIBILITY_H_
