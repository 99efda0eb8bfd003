#include "services/review/notice_plan.h"

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/domain/workflow.h"
#include "services/review/convert.h"

namespace alliance::review {
namespace {

// A scheme, then something, and nothing that would end an address in a text.
bool IsWebAddress(std::string_view link) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (!link.starts_with(scheme)) continue;
    link.remove_prefix(scheme.size());
    return !link.empty() && link.find_first_of(" \t\r\n\"'<>\\") == std::string_view::npos;
  }
  return false;
}

}  // namespace

void CheckNotice(const v1::Notice& notice, act::Shape& shape) {
  shape.Text("notice.channel", notice.channel(), 200);
  // Shown as a link to everybody: nothing but an address of the web.
  shape.OptionalText("notice.link", notice.link(), 500);
  shape.Check(IsWebAddress(notice.link()), "notice.link", "LINK",
              "应为 http:// 或 https:// 开头的网址",
              "must be an address that begins with http:// or https://");
  if (notice.has_text()) shape.Document("notice.text", notice.text());
}

absl::StatusOr<BatchRow> PlanBatch(const rules::Pack& pack, std::string_view round_id,
                                   std::string_view region, domain::CivilDay start,
                                   absl::Time deadline, const v1::Notice& notice,
                                   std::string_view reason, absl::Time now) {
  ASSIGN_OR_RETURN(const domain::NoticePeriod period,
                   domain::PlanNotice(pack.calendar(), pack.notice_rule(region), start));
  return BatchRow{.id = base::NewUuid7(),
                  .round_id = std::string(round_id),
                  .region = std::string(region),
                  .start_date = domain::FormatDay(period.first_day),
                  .last_date = domain::FormatDay(period.last_day),
                  .opens = period.opens,
                  .closes = period.closes,
                  .ends_after_deadline = period.closes >= deadline,
                  .channel = notice.channel(),
                  .link = notice.link(),
                  .text = FromWire(notice.text()),
                  .reason = std::string(reason),
                  .create = now};
}

std::string ChainOf(const BatchRow& batch) { return base::StrCat(kBatchPrefix, batch.id); }

void OpenBatch(act::Step& step, const rules::Pack& pack, const BatchRow& batch) {
  audit::SealedRow sealed = InsertBatch(step.txn(), batch);
  step.Record({.case_id = ChainOf(batch),
               .action = std::string(domain::WordOf(domain::Action::kOpenNotice)),
               .from_state = "",
               .to_state = "OPEN",
               .reason = batch.reason,
               .paper_digest = batch.text.sha256,
               .rules_digest = pack.digest(),
               .sealed = {std::move(sealed)}});
}

absl::Status CloseBatchByClock(act::Step& step, const rules::Pack& pack, BatchRow& batch) {
  if (!batch.open) return absl::OkStatus();
  if (!SaveClosed(step.txn(), batch, batch.closes)) {
    return domain::Refuse(domain::Reason::kEtagStale);
  }
  step.RecordByClock({.case_id = ChainOf(batch),
                      .action = std::string(domain::WordOf(domain::Action::kCloseNotice)),
                      .from_state = "OPEN",
                      .to_state = "CLOSED",
                      .reason = "",
                      .rules_digest = pack.digest(),
                      .sealed = {SealBatch(batch)}},
                     batch.closes);
  return absl::OkStatus();
}

void EndEarly(act::Step& step, CaseMoves& moves) {
  std::vector<CaseRow> rows;
  for (cases::Moving<CaseRow>& one : moves) {
    // Whoever objects from now on hears when it really ended.
    one.row.notice_closes = step.now();
    rows.push_back(one.row);
  }
  std::vector<audit::SealedRow> ends = InsertQuietEnds(step.txn(), rows, step.now());
  for (size_t i = 0; i < moves.size(); ++i) moves[i].note.sealed.push_back(std::move(ends[i]));
}

absl::Status CloseBatchNow(act::Step& step, const rules::Pack& pack, const std::string& reason,
                           BatchRow& batch) {
  if (!SaveClosed(step.txn(), batch, step.now())) {
    return domain::Refuse(domain::Reason::kEtagStale);
  }
  step.Record({.case_id = ChainOf(batch),
               .action = std::string(domain::WordOf(domain::Action::kCloseNotice)),
               .from_state = "OPEN",
               .to_state = "CLOSED",
               .reason = reason,
               .rules_digest = pack.digest(),
               .sealed = {SealBatch(batch)}});
  return absl::OkStatus();
}

NoticeLine LineOf(const BatchRow& batch, const CaseRow& row) {
  return {.batch_id = batch.id,
          .case_id = row.id,
          .version_number = row.version_number,
          .version_digest = row.version_digest,
          .alliance_name = row.alliance_name,
          .lead_name = row.lead_name,
          .technical_field = row.technical_field,
          .region = row.region,
          .high_tech_zone = row.high_tech_zone};
}

}  // namespace alliance::review
