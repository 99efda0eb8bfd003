#include <algorithm>
#include <set>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/form_path.h"
#include "services/review/replay_store.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

constexpr int kMostMarks = 200;

bool IsPathOfSomeRound(std::string_view path, const rules::Packs& packs) {
  return std::any_of(packs.all().begin(), packs.all().end(), [&](const rules::Pack* pack) {
    return IsFormPath(path, pack->paper_rules());
  });
}

// A mark's path must lead somewhere: it is the id of the control that the applicant will see
// marked. Whether there is a mark at all, and a reason with each, is the rule's to say.
void CheckMarks(const google::protobuf::RepeatedPtrField<filing::v1::FieldMark>& marks,
                const rules::Packs& packs, act::Shape& shape) {
  shape.Check(marks.size() <= kMostMarks, "marks", "TOO_MANY_ROWS", "标注过多", "too many marks");
  std::set<std::string_view> seen;
  for (int i = 0; i < marks.size(); ++i) {
    const std::string at = base::StrCat("marks[", i, "]");
    shape.Check(IsPathOfSomeRound(marks[i].field(), packs), base::StrCat(at, ".field"),
                "NO_SUCH_FIELD", "申请表中没有此项", "is no field of the form and no paper");
    shape.Check(seen.insert(marks[i].field()).second, base::StrCat(at, ".field"), "DUPLICATE",
                "重复标注", "is marked twice");
    shape.OptionalText(base::StrCat(at, ".reason"), marks[i].reason());
  }
}

events::v1::Event ReturnedEvent(const v1::ReturnCaseRequest& request, const CaseRow& row) {
  events::v1::Event event;
  events::v1::ApplicationReturned* body = event.mutable_application_returned();
  *body->mutable_marks() = request.marks();
  body->set_reason(cases::Written(request.reason()));
  if (row.office != row.region) body->set_office(row.office);
  return event;
}

}  // namespace

// REVIEWING → RETURNED: filing holds the case again, with the marks.
absl::Status ReviewService::ReturnCase(const rpc::Call& call, const v1::ReturnCaseRequest& request,
                                       v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason());
  CheckMarks(request.marks(), deps_.packs, shape);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kReturn;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      facts.reason = request.reason();
      facts.marks = request.marks_size();
      for (const filing::v1::FieldMark& mark : request.marks()) {
        if (base::VisibleLength(mark.reason()) == 0) ++facts.marks_without_reason;
      }
      return Gather(step, kAction, now, desk, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    row.marks = PackMarks(request.marks());
    const DecidedBy by = {.case_id = id,
                          .version_number = row.version_number,
                          .account = call.caller.account,
                          .at = step.now()};
    RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row,
                                            {.reason = InWhosePlace(desk, request.reason()),
                                             .sealed = {InsertReturn(step.txn(), by, row.marks)},
                                             .events = {ReturnedEvent(request, row)}})
                        .status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
