#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/review/case_act.h"
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
    ASSIGN_OR_RETURN(const std::vector<CaseRow> rows,
                     TakeList(step, deps_, call, kAction, asked.ids));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, rows.front().round_id));
    const Grants grants = ReadGrants(step.txn(), rows.front().round_id);
    const std::optional<FrozenList> list = LoadList(step.txn(), asked.list_id, call.caller);
    const bool exactly = IsExactly(list, rows, request.list_digest());
    ASSIGN_OR_RETURN(std::vector<Together> cases,
                     DecideList(rows, asked.ids, kAction, call, [&](const CaseRow& row) {
                       domain::Facts facts = FactsOf(row, *pack, grants, call.caller, step.now());
                       AddListFacts(request, exactly, facts);
                       return facts;
                     }));

    RETURN_IF_ERROR(CheckIsDrafted(request.formal_letter(), list->row));
    const ForwardingRow forwarding = {.id = base::NewUuid7(),
                                      .round_id = rows.front().round_id,
                                      .region = rows.front().region,
                                      .city = rows.front().parent_region,
                                      .list_digest = list->row.list_digest,
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
                 .rules_digest = pack->digest(),
                 .sealed = {InsertForwarding(step.txn(), forwarding)}});
    std::vector<audit::SealedRow> sealed = InsertForwardingLines(step.txn(), forwarding.id, rows);
    for (size_t i = 0; i < cases.size(); ++i) {
      cases[i].sealed = {std::move(sealed[i])};
      cases[i].row.forwarding = forwarding.id;
      cases[i].row.office = forwarding.city;
      answer->add_review_cases(CaseName(cases[i].row));
    }
    RETURN_IF_ERROR(
        StoreAll(step, *pack, kAction, cases, {.paper_digest = forwarding.letter.sha256}));
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
