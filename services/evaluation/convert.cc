#include "services/evaluation/convert.h"

#include <vector>

#include "absl/time/time.h"
#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "services/evaluation/evaluation_case.h"

namespace alliance::evaluation {
namespace {

using domain::Caller;
using domain::Role;
using domain::State;

// Totals and grades are told from the preliminary result on; to a firm never: it gives scores.
bool SeesResult(const Evaluation& evaluation, const Caller& reader) {
  return reader.role != Role::kFirm &&
         (evaluation.state == State::kPreliminary || evaluation.state == State::kAppealed ||
          evaluation.state == State::kEvaluated);
}

}  // namespace

std::string NameOf(const Evaluation& evaluation) {
  return base::StrCat(kEvaluations, evaluation.id);
}

void FillCampaign(const Campaign& campaign, const rules::Pack& pack, v1::Campaign* out) {
  out->set_name(base::StrCat(kCampaigns, campaign.id));
  out->set_state(v1::Campaign::OPEN);
  out->set_rules_digest(pack.digest_hex());
  out->set_appeal_days(pack.proto().evaluation().appeal_days());
}

void FillHead(const Evaluation& evaluation, const Caller& reader, v1::Evaluation* out) {
  out->set_name(NameOf(evaluation));
  v1::Evaluation::State state = v1::Evaluation::STATE_UNSPECIFIED;
  v1::Evaluation::State_Parse(std::string(domain::WordOf(evaluation.state)), &state);
  out->set_state(state);
  out->set_alliance(base::StrCat("alliances/", evaluation.alliance_id));
  out->set_year(evaluation.year);
  out->set_alliance_name(evaluation.alliance_name);
  out->set_region(evaluation.region);
  if (SeesResult(evaluation, reader)) {
    out->set_total_hundredths(evaluation.total_hundredths.value_or(0));
    out->set_grade(evaluation.grade);
    out->set_veto(evaluation.veto);
    if (evaluation.appeal_close) {
      act::SetTime(*evaluation.appeal_close, out->mutable_appeal_deadline_time());
    }
  }
  out->set_verified_rd_fen(evaluation.verified_rd_fen);
  const domain::CaseView view = EvaluationCase::View(evaluation);
  // Once handed over, its next holder says what may be done.
  if (view.holder == domain::Owner::kEvaluation) {
    for (const domain::Action action : domain::AllowedActions(view, reader)) {
      out->add_allowed_actions(std::string(domain::WordOf(action)));
    }
  }
  out->set_etag(act::Etag(evaluation.version));
}

absl::Status FillEvaluation(db::Txn& txn, const Evaluation& evaluation, const Caller& reader,
                            v1::Evaluation* out) {
  FillHead(evaluation, reader, out);
  if (evaluation.report_id) {
    const std::optional<std::string> report = FindReport(txn, *evaluation.report_id);
    if (!report || !out->mutable_report()->ParseFromString(*report)) {
      return absl::InternalError("a stored report cannot be read");
    }
  }
  const bool firm = reader.role == Role::kFirm;
  const bool lead = reader.role == Role::kApplicant;
  if (firm) {
    out->add_firms(reader.organisation);
  } else if (!lead) {
    for (std::string& name : ListFirms(txn, evaluation.id)) out->add_firms(std::move(name));
  }
  if (firm || SeesResult(evaluation, reader)) {
    for (const Score& score :
         ListScores(txn, evaluation.id, firm ? std::string_view(reader.organisation) : "")) {
      v1::Score* shown = out->add_scores();
      FillScore(score, shown);
      if (lead) {  // an expert gives an opinion inside; the lead sees its numbers
        shown->clear_firm();
        shown->clear_expert();
        shown->clear_comment();
      }
    }
  }
  if (!firm && evaluation.appeal_id) {
    if (const std::optional<AppealTexts> appeal = FindAppeal(txn, *evaluation.appeal_id)) {
      out->set_appeal_grounds(appeal->grounds);
      out->set_appeal_answer(appeal->answer);
    }
  }
  if (!firm)
    act::FillTimeline(audit::ReadTimeline(txn, evaluation.id), reader, out->mutable_timeline());
  return absl::OkStatus();
}

void FillScore(const Score& score, v1::Score* out) {
  out->set_evaluation(base::StrCat(kEvaluations, score.evaluation_id));
  out->set_expert(score.expert);
  for (const int64_t item : score.item_hundredths) {
    out->add_item_hundredths(static_cast<int32_t>(item));
  }
  out->set_comment(score.comment);
  out->set_revision(score.revision);
  out->set_firm(score.firm);
  out->set_total_hundredths(score.total_hundredths);
}

}  // namespace alliance::evaluation
