// FileSubsidyObjection: SUBSIDY_NOTICE → SUBSIDY_OBJECTED, by anybody, in writing and by real name
// (Q23).

#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/case/objection.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;

absl::Status SubsidyService::FileSubsidyObjection(const rpc::Call& call,
                                                  const v1::FileSubsidyObjectionRequest& request,
                                                  v1::FileSubsidyObjectionResponse* answer) {
  const cases::Objection filed{.objector_name = request.objector_name(),
                               .objector_contact = request.objector_contact(),
                               .grounds = request.grounds(),
                               .evidence = request.has_evidence() ? &request.evidence() : nullptr};
  act::Shape shape;
  const std::string id = shape.YearlyName("subsidy_case", kCases, request.subsidy_case());
  cases::CheckObjection(shape, filed);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, cases::Lock<SubsidyCase>(step, Action::kObject, id, std::nullopt));
    RETURN_IF_ERROR(cases::CheckOnNotice(row.state, row.notice_close));
    const auto gather = [&](const Case& now, domain::Facts& facts) {
      facts.notice_opens = now.notice_open.value_or(absl::InfiniteFuture());
      facts.notice_closes = now.notice_close.value_or(absl::InfiniteFuture());
      cases::GatherObjection(filed, facts);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kObject, row, gather));
    const Objection objection{.id = base::NewUuid7(),
                              .case_id = row.id,
                              .objector_name = request.objector_name(),
                              .objector_contact = request.objector_contact(),
                              .grounds = request.grounds(),
                              .evidence_title = request.evidence().title(),
                              .evidence_sha256 = request.evidence().sha256(),
                              .receive = step.now()};
    InsertObjection(step.txn(), objection);
    // The history keeps neither name nor grounds: they are in the sealed row of the objection.
    RETURN_IF_ERROR(cases::Move<SubsidyCase>(
                        step, decision, row,
                        {.paper_digest = objection.evidence_sha256, .sealed = {SealOf(objection)}})
                        .status());
    answer->set_name(base::StrCat("objections/", objection.id));
    act::SetTime(step.now(), answer->mutable_receive_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
