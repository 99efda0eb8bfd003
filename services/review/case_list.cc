#include "services/review/case_list.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/case/refusals.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"

namespace alliance::review {
namespace {

constexpr int kMostCases = 500;

using domain::Reason;
using domain::Refuse;

// Where a case stands in the request; `ids` is its order.
std::string PathOf(const CaseRow& row, const std::vector<std::string>& ids) {
  const auto at = std::find(ids.begin(), ids.end(), row.id) - ids.begin();
  return base::StrCat("review_cases[", at, "]");
}

// Refuses for all cases in which the caller has declared an interest.
absl::Status CheckNoInterest(act::Step& step, const std::vector<CaseRow>& rows,
                             const std::vector<std::string>& ids) {
  const std::set<std::string> interests = ListInterests(step.txn(), step.caller().account);
  cases::Refusals refusals("review_case");
  for (const CaseRow& row : rows) {
    if (!interests.contains(row.id)) continue;
    refusals.Add(PathOf(row, ids), CaseName(row), Refuse(Reason::kConflictOfInterest));
  }
  return refusals.Done();
}

}  // namespace

std::vector<std::string> CheckCaseNames(const CaseNames& names, act::Shape& shape) {
  shape.Between("review_cases", names.size(), 1, kMostCases);
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (int i = 0; i < std::min(names.size(), kMostCases); ++i) {
    const std::string field = base::StrCat("review_cases[", i, "]");
    ids.push_back(shape.Name(field, kCasePrefix, names[i]));
    shape.Check(seen.insert(names[i]).second, field, "DUPLICATE", "重复", "is named twice");
  }
  return ids;
}

void CheckLetter(const filing::v1::Document& letter, act::Shape& shape) {
  shape.Document("formal_letter", letter);
  shape.Text("formal_letter.document_number", letter.document_number(), 100);
  shape.Text("formal_letter.issuer", letter.issuer(), 200);
  shape.Check(!letter.issue_date().empty(), "formal_letter.issue_date", "REQUIRED", "必填",
              "is required");
}

absl::StatusOr<std::vector<CaseRow>> LockList(act::Step& step, domain::Action action,
                                              const std::vector<std::string>& ids) {
  std::vector<CaseRow> rows = LockCases(step.txn(), ids, Scope::ToAct(step.caller()));
  act::Shape shape;
  for (const CaseRow& row : rows) {
    RETURN_IF_ERROR(cases::Check<ReviewCase>(step, action, row, std::nullopt));
    shape.Check(row.round_id == rows.front().round_id, PathOf(row, ids), "OTHER_ROUND",
                "不属于同一批次", "is of another round");
  }
  if (rows.size() != ids.size()) return Refuse(Reason::kNotPermitted);
  RETURN_IF_ERROR(shape.Done());
  RETURN_IF_ERROR(CheckNoInterest(step, rows, ids));
  RETURN_IF_ERROR(CloseDue(step, absl::MakeSpan(rows)));
  return rows;
}

absl::StatusOr<CaseMoves> DecideList(
    act::Step& step, domain::Action action, const std::vector<CaseRow>& rows,
    const std::vector<std::string>& ids,
    const std::function<absl::Status(const CaseRow&, domain::Facts&)>& gather) {
  CaseMoves moves;
  cases::Refusals refusals("review_case");
  for (CaseRow row : rows) {
    absl::StatusOr<domain::Decision> decision =
        cases::Decide<ReviewCase>(step, action, row, gather);
    if (decision.ok()) {
      moves.push_back({.row = std::move(row), .decision = *decision});
    } else {
      refusals.Add(PathOf(row, ids), CaseName(row), decision.status());
    }
  }
  RETURN_IF_ERROR(refusals.Done());
  return moves;
}

}  // namespace alliance::review
