#include "services/subsidy/case.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"

namespace alliance::subsidy {

using domain::Reason;
using domain::Refuse;

std::string ReadPlanName(act::Shape& shape, std::string_view field, std::string_view name) {
  const std::string_view year =
      name.starts_with(kPlans) ? name.substr(kPlans.size()) : std::string_view();
  const bool right = year.size() == 4 && std::all_of(year.begin(), year.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  shape.Check(right, field, "NAME", "名称应为 plans/{yyyy}", "must be plans/{yyyy}");
  return right ? std::string(year) : "";
}

void CheckCode(act::Shape& shape, std::string_view field, std::string_view code, size_t least,
               size_t most) {
  const bool right = code.size() >= least && code.size() <= most &&
                     std::all_of(code.begin(), code.end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                              (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
                     });
  shape.Check(right, field, "CODE",
              base::StrCat("应为 ", least, " 至 ", most, " 个字母、数字或 . _ -"),
              base::StrCat("must be ", least, " to ", most, " letters, digits or . _ -"));
}

absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view rules_digest) {
  const rules::Pack* pack = deps.packs.FindByDigest(rules_digest);
  if (pack == nullptr) {
    return Refuse(Reason::kPackInvalid,
                  {{"where", "rules"}, {"problem", "the pack of this plan is not loaded"}});
  }
  return pack;
}

absl::StatusOr<Case> TakeFor(act::Step& step, const rpc::Call& call, domain::Action action,
                             std::string_view id, std::optional<std::string_view> etag) {
  std::optional<Case> row = TakeCase(step.txn(), id);
  if (!row || !domain::MayEver(ViewOf(*row), action, call.caller)) {
    return Refuse(Reason::kNotPermitted);
  }
  if (etag) RETURN_IF_ERROR(act::CheckEtag(*etag, row->version));
  return *std::move(row);
}

absl::Status Move(act::Step& step, const domain::Decision& decision, Case& row, Note note) {
  row.state = decision.to;
  if (!SaveCase(step.txn(), row)) return Refuse(Reason::kEtagStale);
  note.sealed.push_back(SealOf(row));
  step.Record({.case_id = row.id,
               .action = std::string(domain::WordOf(decision.row->action)),
               .from_state = std::string(domain::WordOf(decision.row->from)),
               .to_state = std::string(domain::WordOf(row.state)),
               .reason = std::move(note.reason),
               .paper_digest = std::move(note.paper_digest),
               .rules_digest = std::move(note.rules_digest),
               .sealed = std::move(note.sealed)});
  return absl::OkStatus();
}

absl::Status DecideOne(const act::Deps& deps, const rpc::Call& call,
                       const v1::DecideSubsidyCaseRequest& request, v1::SubsidyCase* answer,
                       const Act& act, Gather gather, Change change) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason(), kLongText);
  if (request.has_document()) shape.Document("document", request.document());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, TakeFor(step, call, act.action, id, request.etag()));
    domain::Facts facts{.now = step.now(), .reason = request.reason()};
    if (act.paper && request.has_document()) facts.papers_given.Add(*act.paper);
    RETURN_IF_ERROR(gather(step, row, facts));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(row), act.action, call.caller, facts));
    Note note{.reason = request.reason()};
    if (request.has_document()) note.paper_digest = request.document().sha256();
    RETURN_IF_ERROR(change(step, row, note));
    RETURN_IF_ERROR(Move(step, decision, row, std::move(note)));
    ShowCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

absl::Status NoFacts(act::Step&, const Case&, domain::Facts&) { return absl::OkStatus(); }
absl::Status NoChange(act::Step&, Case&, Note&) { return absl::OkStatus(); }

}  // namespace alliance::subsidy
