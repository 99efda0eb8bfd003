// DiffVersions: what changed between two versions, or since one, and what of it nobody asked for.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/domain/mask.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/interest_store.h"
#include "services/filing/rounds.h"
#include "services/filing/versions.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;
using Paths = google::protobuf::RepeatedPtrField<v1::FieldMark>;

// The two sides of a comparison, and the places that a return had not asked for.
struct Sides {
  events::v1::ApplicationVersion before;
  events::v1::ApplicationVersion after;
  Paths unrequested;
};

void AddPath(const std::string& path, Paths* out) { out->Add()->set_field(path); }

// Form and papers as saved now.
absl::Status ReadSaved(const act::Deps& deps, db::Txn& txn, const DraftedApplication& drafted,
                       const rules::Pack& pack, Sides* sides) {
  ASSIGN_OR_RETURN(*sides->after.mutable_form(), ReadForm(drafted.draft));
  const std::vector<PaperRow> papers = ListPapers(txn, drafted.id);
  for (const PaperRow& paper : papers) *sides->after.add_papers() = ToProto(drafted.id, paper);
  ASSIGN_OR_RETURN(const Checks checks,
                   RunChecks(deps, txn, drafted, sides->after.form(), papers, pack));
  for (const domain::FieldProblem& edit : checks.unrequested) {
    AddPath(edit.field, &sides->unrequested);
  }
  return absl::OkStatus();
}

absl::StatusOr<Sides> ReadSides(const act::Deps& deps, db::Txn& txn,
                                const DraftedApplication& drafted, const rules::Pack& pack,
                                int32_t from, int32_t to) {
  const Application& row = drafted;
  Sides sides;
  ASSIGN_OR_RETURN(sides.before, ReadVersion(txn, row.id, from));
  const int32_t last = to == 0 ? row.version_number : to;
  for (int32_t number = from + 1; number <= last; ++number) {
    ASSIGN_OR_RETURN(sides.after, ReadVersion(txn, row.id, number));
    for (const std::string& path : sides.after.unrequested_changes()) {
      AddPath(path, &sides.unrequested);
    }
  }
  if (to != 0) return sides;
  sides.after.Clear();
  RETURN_IF_ERROR(ReadSaved(deps, txn, drafted, pack, &sides));
  return sides;
}

void Mask(v1::FieldChange* change) {
  const auto mask = change->field() == "contact.phone"          ? domain::MaskPhone
                    : change->field() == "contact.display_name" ? domain::MaskName
                                                                : nullptr;
  if (mask == nullptr) return;
  change->set_before(mask(change->before()));
  change->set_after(mask(change->after()));
}

}  // namespace

absl::Status FilingService::DiffVersions(const rpc::Call& call,
                                         const v1::DiffVersionsRequest& request,
                                         v1::DiffVersionsResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Check(request.from_number() > 0, "from_number", "OUT_OF_RANGE", "版本号从1开始",
              "versions are numbered from 1");
  shape.Check(request.to_number() == 0 || request.to_number() > request.from_number(), "to_number",
              "OUT_OF_RANGE", "应晚于前一版本，或为0（当前内容）",
              "must be later than the other, or 0 for what is saved now");
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted ||
        std::max(request.from_number(), request.to_number()) > drafted->version_number) {
      return Refuse(Reason::kNotPermitted);
    }
    RETURN_IF_ERROR(CheckOpen(txn, *drafted, call.caller));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, drafted->round_id));
    ASSIGN_OR_RETURN(const Sides sides, ReadSides(deps_, txn, *drafted, *pack,
                                                  request.from_number(), request.to_number()));
    answer->Clear();
    for (v1::FieldChange& change :
         ChangesBetween(sides.before, sides.after, sides.unrequested, *pack)) {
      if (!MaySeeContact(*drafted, call.caller)) Mask(&change);
      *answer->add_changes() = std::move(change);
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
