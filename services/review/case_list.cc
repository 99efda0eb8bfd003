#include "services/review/case_list.h"

#include <algorithm>
#include <set>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"

namespace alliance::review {
namespace {

constexpr int kMostCases = 500;

using domain::Reason;
using domain::Refuse;

// Refuses for all cases in which the caller has declared an interest; `ids` is the order of the
// request.
absl::Status CheckNoInterest(act::Step& step, const rpc::Call& call,
                             const std::vector<CaseRow>& rows,
                             const std::vector<std::string>& ids) {
  const std::set<std::string> interests = ReadInterests(step.txn(), call.caller.account);
  Refusals refusals;
  for (const CaseRow& row : rows) {
    if (!interests.contains(row.id)) continue;
    const auto at = std::find(ids.begin(), ids.end(), row.id) - ids.begin();
    refusals.Add(base::StrCat("review_cases[", at, "]"), CaseName(row),
                 Refuse(Reason::kConflictOfInterest));
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

absl::StatusOr<std::vector<CaseRow>> TakeList(act::Step& step, const act::Deps& deps,
                                              const rpc::Call& call, domain::Action action,
                                              const std::vector<std::string>& ids) {
  std::vector<CaseRow> rows = LockCases(step.txn(), ids, Scope::ToAct(call.caller));
  std::vector<CaseRow*> due;
  act::Shape shape;
  for (CaseRow& row : rows) {
    if (!domain::MayEver(ViewOf(row), action, call.caller)) return Refuse(Reason::kNotPermitted);
    if (IsDue(row, step.now())) due.push_back(&row);
    const auto at = std::find(ids.begin(), ids.end(), row.id) - ids.begin();
    shape.Check(row.round_id == rows.front().round_id, base::StrCat("review_cases[", at, "]"),
                "OTHER_ROUND", "不属于同一批次", "is of another round");
  }
  if (rows.size() != ids.size()) return Refuse(Reason::kNotPermitted);
  RETURN_IF_ERROR(shape.Done());
  RETURN_IF_ERROR(CheckNoInterest(step, call, rows, ids));
  if (!due.empty()) RETURN_IF_ERROR(CloseByClock(step, deps, std::move(due)));
  return rows;
}

absl::StatusOr<std::vector<Together>> DecideList(
    const std::vector<CaseRow>& rows, const std::vector<std::string>& ids, domain::Action action,
    const rpc::Call& call, absl::FunctionRef<domain::Facts(const CaseRow&)> facts_of) {
  std::vector<Together> cases;
  Refusals refusals;
  for (const CaseRow& row : rows) {
    absl::StatusOr<domain::Decision> decision =
        domain::Decide(ViewOf(row), action, call.caller, facts_of(row));
    if (decision.ok()) {
      cases.push_back({.row = row, .decision = *decision});
    } else {
      const auto at = std::find(ids.begin(), ids.end(), row.id) - ids.begin();
      refusals.Add(base::StrCat("review_cases[", at, "]"), CaseName(row), decision.status());
    }
  }
  RETURN_IF_ERROR(refusals.Done());
  return cases;
}

}  // namespace alliance::review
