#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/review/case_list.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/frozen_list.h"
#include "services/review/review_service.h"

namespace alliance::review {

// PASSED, from a zone or district to its city, for exactly the listed versions, all or none (Q3).
absl::Status ReviewService::ForwardCases(const rpc::Call& call,
                                         const v1::ForwardCasesRequest& request,
                                         v1::Forwarding* answer) {
  act::Shape shape;
  const ListRequest asked = CheckListRequest(request, shape);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kForward;
    ASSIGN_OR_RETURN(ListMoves moves, DecideFrozenList(step, kAction, asked));
    const CaseRow& first = moves.cases.front().row;
    const ForwardingRow forwarding = {.id = base::NewUuid7(),
                                      .round_id = first.round_id,
                                      .region = first.region,
                                      .city = first.parent_region,
                                      .list_digest = moves.list.row.list_digest,
                                      .letter = FromWire(request.formal_letter()),
                                      .account = call.caller.account,
                                      .at = step.now(),
                                      .list_id = asked.list_id};
    const std::string name = base::StrCat(kForwardingPrefix, forwarding.id);
    step.Record({.case_id = name,
                 .action = std::string(domain::WordOf(kAction)),
                 .from_state = "",
                 .to_state = "",
                 .reason = "",
                 .paper_digest = forwarding.letter.sha256,
                 .rules_digest = moves.pack->digest(),
                 .sealed = {InsertForwarding(step.txn(), forwarding)}});
    for (cases::Moving<CaseRow>& one : moves.cases) {
      one.row.forwarding = forwarding.id;
      one.row.office = forwarding.city;
      answer->add_review_cases(CaseName(one.row));
    }
    RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, moves.cases));
    answer->set_name(name);
    answer->set_region(forwarding.region);
    answer->set_city(forwarding.city);
    answer->set_recommendation_list(request.recommendation_list());
    answer->set_list_digest(crypto::Hex(forwarding.list_digest));
    act::SetTime(step.now(), answer->mutable_forward_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
