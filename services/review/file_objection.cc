#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/case/objection.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {

// IN_NOTICE → OBJECTED, by anybody: in writing, real name, contact, grounds, evidence (Q23).
absl::Status ReviewService::FileObjection(const rpc::Call& call,
                                          const v1::FileObjectionRequest& request,
                                          v1::FileObjectionResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("review_case", kCasePrefix, request.review_case());
  const cases::Objection filed = {
      .objector_name = request.objector_name(),
      .objector_contact = request.objector_contact(),
      .grounds = request.grounds(),
      .evidence = request.has_evidence() ? &request.evidence() : nullptr};
  cases::CheckObjection(shape, filed);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kObject;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, std::nullopt));
    RETURN_IF_ERROR(cases::CheckOnNotice(row.state, row.notice_closes));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, row.round_id));
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      GatherCase(now, *pack, {}, call.caller, facts);
      cases::GatherObjection(filed, facts);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));

    const ObjectionRow objection = {.id = base::NewUuid7(),
                                    .case_id = row.id,
                                    .batch_id = row.notice_batch,
                                    .objector_name = request.objector_name(),
                                    .objector_contact = request.objector_contact(),
                                    .grounds = request.grounds(),
                                    .evidence = FromWire(request.evidence()),
                                    .receive = step.now()};
    ++row.objection_count;
    // The history keeps neither name nor grounds: they are in the sealed row of the objection.
    RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row,
                                            {.paper_digest = objection.evidence.sha256,
                                             .sealed = {InsertObjection(step.txn(), objection)}})
                        .status());
    answer->set_name(base::StrCat(kObjectionPrefix, objection.id));
    act::SetTime(step.now(), answer->mutable_receive_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
