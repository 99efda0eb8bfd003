#include "services/review/case_as_of.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/audit/history.h"
#include "common/base/status_macros.h"
#include "common/domain/workflow.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/replay_store.h"

namespace alliance::review {
namespace {

// The acts by `at`, in order.
std::vector<audit::HistoryRow> ActsBy(db::Txn& txn, const std::string& id, absl::Time at) {
  std::vector<audit::HistoryRow> acts = audit::ReadTimeline(txn, id);
  std::erase_if(acts, [&](const audit::HistoryRow& row) { return row.act.at > at; });
  return acts;
}

// What was recorded about the present version: the reason of the last record that gave one.
std::string OverrideReason(const std::vector<audit::HistoryRow>& acts) {
  for (auto row = acts.rbegin(); row != acts.rend(); ++row) {
    if (row->act.action == domain::WordOf(domain::Action::kSubmit)) return "";
    if (row->act.action == domain::WordOf(domain::Action::kRecord) && !row->act.reason.empty()) {
      const std::string_view reason = WithoutPlace(row->act.reason);
      if (!reason.empty()) return std::string(reason);
    }
  }
  return "";
}

// After the last act that moved it: what the clock tells of is written down later than it happened.
std::string StateWord(const std::vector<audit::HistoryRow>& acts) {
  const auto last = std::find_if(acts.rbegin(), acts.rend(), [](const audit::HistoryRow& row) {
    return row.act.from_state != row.act.to_state;
  });
  return last == acts.rend() ? "" : last->act.to_state;
}

bool WasForwarded(const std::vector<audit::HistoryRow>& acts) {
  return std::any_of(acts.begin(), acts.end(), [](const audit::HistoryRow& row) {
    return row.act.action == domain::WordOf(domain::Action::kForward);
  });
}

}  // namespace

absl::Status FillCaseAsOf(db::Txn& txn, const CaseRow& now, absl::Time at,
                          const domain::Caller& reader, bool withheld, v1::ReviewCase* out) {
  const std::vector<audit::HistoryRow> acts = ActsBy(txn, now.id, at);
  // Each submission brought the next version.
  const auto versions = std::count_if(acts.begin(), acts.end(), [](const audit::HistoryRow& row) {
    return row.act.action == domain::WordOf(domain::Action::kSubmit);
  });
  act::Shape shape;
  shape.Check(versions > 0, "as_of", "BEFORE_RECEIPT", "当时尚未收到该申请",
              "the case had not arrived then");
  RETURN_IF_ERROR(shape.Done());
  const std::optional<domain::State> state = domain::StateOf(StateWord(acts));
  const std::optional<VersionThen> version = FindNthVersion(txn, now.id, versions);
  if (!state || !version) return absl::InternalError("the history of the case cannot be replayed");
  const std::optional<std::string> bytes =
      FindVersion(txn, now.id, version->number, Scope::ToRead(reader));

  events::v1::ApplicationVersion locked;
  if (!bytes || !locked.ParseFromString(*bytes)) {
    return absl::InternalError("the locked version cannot be read");
  }
  const VerifiedRd rd = VerifiedRdAsOf(txn, now.id, version->number, at);
  const CaseRow then{
      .id = now.id,
      .round_id = now.round_id,
      .region = now.region,
      .office = WasForwarded(acts) ? now.office : now.region,
      .lead_code = now.lead_code,
      .state = *state,
      .version_number = version->number,
      .version_digest = version->digest,
      .declared_rd_fen = locked.form().lead().rd_spend_fen().y1(),
      .verified_rd_fen = rd.amount_fen,
      .verified_rd_evidence = rd.evidence,
      .override_reason = OverrideReason(acts),
      .conditions = PackConditions(ConditionsAsOf(txn, now.id, version->number, at)),
      .marks = MarksAsOf(txn, now.id, at),
      .notice_batch = NoticeAsOf(txn, now.id, at),
      .objection_count = CountObjectionsAsOf(txn, now.id, at),
      .receive = version->receive,
  };
  FillCase(then, reader, out);
  if (!FillVersion(*bytes, now, reader, out)) {
    return absl::InternalError("the locked version cannot be read");
  }
  out->set_alliance_name(out->form().alliance_name());
  out->set_lead_name(out->form().lead().enterprise_name());
  if (withheld) {
    out->clear_form();
    out->clear_papers();
    out->clear_warnings();
    out->clear_unrequested_changes();
    out->clear_requested_changes();
    out->clear_unrequested_edits();
    out->set_form_withheld(true);
  }
  // Nobody acts on the past.
  out->clear_etag();
  out->clear_allowed_actions();
  act::FillTimeline(acts, reader, out->mutable_timeline());
  return absl::OkStatus();
}

}  // namespace alliance::review
