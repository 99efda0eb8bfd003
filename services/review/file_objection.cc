#include <algorithm>
#include <array>

#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::State;

constexpr int64_t kGroundsLimit = 5000;

// What people write instead of a name.
constexpr std::array<std::string_view, 6> kNoName = {"匿名", "匿名者",    "不具名",
                                                     "佚名", "anonymous", "Anonymous"};

bool IsName(std::string_view text) {
  const std::string_view name = base::Trim(text);
  return base::VisibleLength(name) > 0 &&
         std::find(kNoName.begin(), kNoName.end(), name) == kNoName.end();
}

// The public is told about notices only: what became of a case afterwards is not its to know.
absl::Status CheckOnNotice(const CaseRow& row) {
  if (row.state == State::kInNotice || row.state == State::kObjected) return absl::OkStatus();
  if (!row.notice_closes) return Refuse(Reason::kNotPermitted);
  return Refuse(Reason::kObjectionLate, {{"closed_at", domain::FormatInstant(*row.notice_closes)}});
}

}  // namespace

// IN_NOTICE → OBJECTED, by anybody: in writing, real name, contact, grounds, evidence (Q23).
absl::Status ReviewService::FileObjection(const rpc::Call& call,
                                          const v1::FileObjectionRequest& request,
                                          v1::FileObjectionResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("review_case", kCasePrefix, request.review_case());
  shape.OptionalText("objector_name", request.objector_name(), 200);
  shape.OptionalText("objector_contact", request.objector_contact(), 200);
  shape.OptionalText("grounds", request.grounds(), kGroundsLimit);
  if (request.has_evidence()) shape.Document("evidence", request.evidence());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    std::optional<CaseRow> row = LockCase(step.txn(), id, Scope::ToAct(call.caller));
    if (!row || !domain::MayEver(ViewOf(*row), domain::Action::kObject, call.caller)) {
      return Refuse(Reason::kNotPermitted);
    }
    RETURN_IF_ERROR(CheckOnNotice(*row));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, row->round_id));
    Taken taken{.row = *std::move(row), .pack = pack, .action = domain::Action::kObject};
    taken.facts = FactsOf(taken.row, *pack, {}, call.caller, step.now());
    taken.facts.objector_named =
        IsName(request.objector_name()) && IsName(request.objector_contact());
    taken.facts.objection_has_grounds = base::VisibleLength(request.grounds()) > 0;
    if (request.has_evidence()) taken.facts.papers_given.Add(domain::Paper::kEvidence);
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));

    const ObjectionRow objection = {.id = base::NewUuid7(),
                                    .case_id = taken.row.id,
                                    .batch_id = taken.row.notice_batch,
                                    .objector_name = request.objector_name(),
                                    .objector_contact = request.objector_contact(),
                                    .grounds = request.grounds(),
                                    .evidence = FromWire(request.evidence()),
                                    .receive = step.now()};
    ++taken.row.objection_count;
    // The history keeps neither name nor grounds: they are in the sealed row of the objection.
    RETURN_IF_ERROR(Store(step, taken, decision,
                          {.paper_digest = objection.evidence.sha256,
                           .sealed = {InsertObjection(step.txn(), objection)}}));
    answer->set_name(base::StrCat(kObjectionPrefix, objection.id));
    act::SetTime(step.now(), answer->mutable_receive_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
