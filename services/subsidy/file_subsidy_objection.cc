// FileSubsidyObjection: SUBSIDY_NOTICE → SUBSIDY_OBJECTED, by anybody, in writing and by real name
// (Q23).

#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/domain/errors.h"
#include "services/subsidy/case.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;
using domain::Reason;
using domain::Refuse;
using domain::State;

absl::Status SubsidyService::FileSubsidyObjection(const rpc::Call& call,
                                                  const v1::FileSubsidyObjectionRequest& request,
                                                  v1::FileSubsidyObjectionResponse* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("subsidy_case", kCases, request.subsidy_case());
  shape.OptionalText("objector_name", request.objector_name(), 200);
  shape.OptionalText("objector_contact", request.objector_contact(), 200);
  shape.OptionalText("grounds", request.grounds(), kLongText);
  if (request.has_evidence()) shape.Document("evidence", request.evidence());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, TakeFor(step, call, Action::kObject, id, std::nullopt));
    // The public is told of notices only; what is before one does not exist for it.
    if (!row.notice_open) return Refuse(Reason::kNotPermitted);
    if (row.state != State::kSubsidyNotice && row.state != State::kSubsidyObjected) {
      return Refuse(Reason::kObjectionLate,
                    {{"closed_at", domain::FormatInstant(*row.notice_close)}});
    }
    domain::Facts facts{.now = step.now(),
                        .notice_opens = *row.notice_open,
                        .notice_closes = *row.notice_close,
                        .objector_named = base::VisibleLength(request.objector_name()) > 0 &&
                                          base::VisibleLength(request.objector_contact()) > 0,
                        .objection_has_grounds = base::VisibleLength(request.grounds()) > 0};
    if (request.has_evidence()) facts.papers_given.Add(domain::Paper::kEvidence);
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(row), Action::kObject, call.caller, facts));
    const Objection objection{.id = base::NewUuid7(),
                              .case_id = row.id,
                              .objector_name = request.objector_name(),
                              .objector_contact = request.objector_contact(),
                              .grounds = request.grounds(),
                              .evidence_title = request.evidence().title(),
                              .evidence_sha256 = request.evidence().sha256(),
                              .receive = step.now()};
    AddObjection(step.txn(), objection);
    // The history keeps neither name nor grounds: they are in the sealed row of the objection.
    RETURN_IF_ERROR(
        Move(step, decision, row,
             {.paper_digest = objection.evidence_sha256, .sealed = {SealOf(objection)}}));
    answer->set_name(base::StrCat("objections/", objection.id));
    act::SetTime(step.now(), answer->mutable_receive_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
