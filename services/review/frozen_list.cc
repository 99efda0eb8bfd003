#include "services/review/frozen_list.h"

#include <algorithm>
#include <utility>

#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/calendar.h"
#include "common/domain/form.h"
#include "common/domain/money.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"

namespace alliance::review {
namespace {

std::string ListName(const ListRow& row) { return base::StrCat(kListPrefix, row.id); }

std::string FieldZh(int32_t field) {
  return std::string(domain::NameZh(static_cast<domain::TechnicalField>(field)));
}

v1::NoticeItem::Outcome OutcomeOf(const std::string& word) {
  v1::NoticeItem::Outcome outcome = v1::NoticeItem::OUTCOME_UNSPECIFIED;
  v1::NoticeItem::Outcome_Parse(word, &outcome);
  return outcome;
}

// "2023年4月27日"
std::string DayZh(std::string_view iso) {
  const std::optional<domain::CivilDay> day = domain::ParseDay(iso);
  if (!day) return std::string(iso);
  return base::StrCat(day->year(), "年", day->month(), "月", day->day(), "日");
}

int64_t CountOf(const FrozenList& list, Outcome outcome) {
  return std::count_if(list.lines.begin(), list.lines.end(),
                       [&](const ListLine& line) { return line.outcome == WordOf(outcome); });
}

// The city that the list goes to; nullptr: to the province.
const rules::Recommender* CityOf(const FrozenList& list, const rules::Pack& pack) {
  const rules::Recommender* office = pack.FindRecommender(list.row.region);
  return office != nullptr && office->via_city ? pack.FindRecommender(office->city) : nullptr;
}

std::string TableTitle(const FrozenList& list, const rules::Pack& pack) {
  return CityOf(list, pack) == nullptr ? "推荐备案联盟汇总表" : "报送联盟汇总表";
}

// "大连市智能装备联盟等3个联盟"
std::string WhoIsMeant(const FrozenList& list) {
  const auto count = list.lines.size();
  return base::StrCat(list.lines.front().alliance_name,
                      count > 1 ? base::StrCat("等", count, "个联盟") : "");
}

std::string ResultOfNotice(const FrozenList& list) {
  const int64_t renoticed = CountOf(list, Outcome::kNoObjectionAfterRenotice);
  return base::StrCat("公示结果：无异议", CountOf(list, Outcome::kNoObjection), "个",
                      renoticed > 0 ? base::StrCat("，处理后再次公示无异议", renoticed, "个") : "",
                      "。");
}

// The letter's text (article 6(2), R-036): what was done, who is recommended, which list it is. An
// office below a city reports to it, and the city puts the list on notice (Q3).
void FillLetter(const FrozenList& list, const rules::Pack& pack, v1::LetterDraft* out) {
  const rules::Recommender* city = CityOf(list, pack);
  int64_t verified_rd_fen = 0;
  for (const ListLine& line : list.lines) verified_rd_fen += line.verified_rd_fen;
  out->set_title(city == nullptr ? "关于推荐备案实质性产学研联盟的函"
                                 : "关于报送实质性产学研联盟的函");
  out->set_document_number(list.row.letter_number);
  out->set_issue_date(list.row.letter_date);
  out->set_issuer(list.row.letter_issuer);
  out->set_addressee(city == nullptr ? pack.proto().round().issuer() : city->name);
  out->add_paragraphs(base::StrCat("按照《", pack.proto().round().title(),
                                   "》要求，我单位依据实施细则第四条所列条件逐项审核确认",
                                   city == nullptr ? "并组织公示，现推荐" : "，现报送",
                                   WhoIsMeant(list), city == nullptr ? "备案" : "",
                                   "，核定研发投入合计",
                                   domain::FormatWan(domain::Fen(verified_rd_fen)), "万元。"));
  if (city == nullptr) out->add_paragraphs(ResultOfNotice(list));
  out->add_paragraphs(base::StrCat(city == nullptr ? "推荐" : "报送",
                                   "名单及所依据的申请版本以附件汇总表为准，名单摘要（SHA-256）：",
                                   crypto::Hex(list.row.list_digest), "。"));
  out->add_paragraphs(city == nullptr ? "特此函报，请予备案。" : "特此函报，请予公示、推荐。");
  out->set_attachment(
      base::StrCat("附件：", TableTitle(list, pack), "（共", list.lines.size(), "个）"));
}

// These cases are, line by line, what was frozen; `digest_hex` is what the request is bound to.
bool IsExactly(const std::optional<FrozenList>& list, const std::vector<CaseRow>& cases,
               std::string_view digest_hex) {
  if (!list || crypto::Unhex(digest_hex) != list->row.list_digest ||
      list->row.list_digest != ListDigest(cases)) {
    return false;
  }
  const auto frozen = [&](const CaseRow& row) {
    return std::any_of(list->lines.begin(), list->lines.end(), [&](const ListLine& line) {
      return line.case_id == row.id && line.version_number == row.version_number &&
             line.version_digest == row.version_digest &&
             line.verified_rd_fen == row.verified_rd_fen;
    });
  };
  // No case stands twice, in either.
  return cases.size() == list->lines.size() && std::all_of(cases.begin(), cases.end(), frozen);
}

absl::Status CheckIsDrafted(const filing::v1::Document& letter, const ListRow& list) {
  act::Shape shape;
  const auto same = [&](std::string_view field, std::string_view scanned,
                        std::string_view drafted) {
    shape.Check(scanned == drafted, base::StrCat("formal_letter.", field), "OTHER_THAN_PREPARED",
                base::StrCat("与冻结名单时的“", drafted, "”不一致"),
                base::StrCat("is not what the list was frozen with: ", drafted));
  };
  same("document_number", letter.document_number(), list.letter_number);
  same("issuer", letter.issuer(), list.letter_issuer);
  same("issue_date", letter.issue_date(), list.letter_date);
  return shape.Done();
}

}  // namespace

std::optional<FrozenList> FindFrozenList(db::Txn& txn, std::string_view id,
                                         const domain::Caller& reader) {
  const Scope scope = Scope::ToRead(reader);
  std::optional<ListRow> row = FindList(txn, id, scope);
  if (!row || !MayReadOffice(reader, row->region)) return std::nullopt;
  std::vector<ListLine> lines = ListLinesOf(txn, id, scope);
  return FrozenList{.row = *std::move(row), .lines = std::move(lines)};
}

absl::StatusOr<ListMoves> DecideFrozenList(act::Step& step, domain::Action action,
                                           const ListRequest& asked) {
  ASSIGN_OR_RETURN(const std::vector<CaseRow> rows, LockList(step, action, asked.ids));
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(step.deps(), rows.front().round_id));
  const Grants grants = ListGrants(step.txn(), rows.front().round_id);
  std::optional<FrozenList> list = FindFrozenList(step.txn(), asked.list_id, step.caller());
  const bool exactly = IsExactly(list, rows, asked.digest_hex);
  ASSIGN_OR_RETURN(
      CaseMoves moves,
      DecideList(step, action, rows, asked.ids, [&](const CaseRow& row, domain::Facts& facts) {
        GatherCase(row, *pack, grants, step.caller(), facts);
        facts.list_matches = exactly;
        if (asked.letter != nullptr) facts.papers_given.Add(domain::Paper::kFormalLetter);
        // The summary table is the list that the digest stands for.
        if (!asked.digest_hex.empty()) facts.papers_given.Add(domain::Paper::kSummaryTable);
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(CheckIsDrafted(*asked.letter, list->row));
  for (cases::Moving<CaseRow>& move : moves) move.note.paper_digest = asked.letter->sha256();
  return ListMoves{.pack = pack, .list = *std::move(list), .cases = std::move(moves)};
}

void FillList(const FrozenList& list, const rules::Pack& pack, v1::RecommendationList* out) {
  out->set_name(ListName(list.row));
  out->set_round(base::StrCat(kRoundPrefix, list.row.round_id));
  out->set_region(list.row.region);
  out->set_list_digest(crypto::Hex(list.row.list_digest));
  act::SetTime(list.row.prepare, out->mutable_prepare_time());
  for (const ListLine& line : list.lines) {
    v1::RecommendationItem* item = out->add_items();
    item->set_review_case(base::StrCat(kCasePrefix, line.case_id));
    item->set_version_number(line.version_number);
    item->set_version_digest(crypto::Hex(line.version_digest));
    item->set_alliance_name(line.alliance_name);
    item->set_lead_name(line.lead_name);
    item->set_lead_credit_code(line.lead_code);
    item->set_technical_field(FieldZh(line.technical_field));
    item->set_high_tech_zone(line.high_tech_zone);
    item->set_verified_rd_fen(line.verified_rd_fen);
    item->set_outcome(OutcomeOf(line.outcome));
    item->set_outcome_label(std::string(OutcomeZh(item->outcome())));
  }
  FillLetter(list, pack, out->mutable_letter());
}

print::Letter LetterOf(const FrozenList& list, const rules::Pack& pack) {
  v1::LetterDraft draft;
  FillLetter(list, pack, &draft);
  return {.title = draft.title(),
          .number = draft.document_number(),
          .addressee = draft.addressee(),
          .paragraphs = {draft.paragraphs().begin(), draft.paragraphs().end()},
          .attachment = draft.attachment(),
          .issuer = draft.issuer(),
          .date = DayZh(draft.issue_date()),
          .source = ListName(list.row),
          .prepared = list.row.prepare};
}

print::Summary SummaryOf(const FrozenList& list, const rules::Pack& pack) {
  print::Summary summary = {.title = TableTitle(list, pack),
                            .round_title = pack.proto().round().title(),
                            .number = list.row.letter_number,
                            .issuer = list.row.letter_issuer,
                            .date = DayZh(list.row.letter_date),
                            .digest = crypto::Hex(list.row.list_digest),
                            .source = ListName(list.row),
                            .prepared = list.row.prepare};
  for (const ListLine& line : list.lines) {
    const rules::Recommender* zone = pack.FindRecommender(line.high_tech_zone);
    summary.lines.push_back(
        {.alliance_name = line.alliance_name,
         .lead_name = line.lead_name,
         .lead_code = line.lead_code,
         .technical_field = FieldZh(line.technical_field),
         .zone_name = zone == nullptr ? line.high_tech_zone : zone->name,
         .verified_rd_wan = domain::FormatWan(domain::Fen(line.verified_rd_fen)),
         .outcome = std::string(OutcomeZh(OutcomeOf(line.outcome))),
         .version = base::StrCat(line.version_number),
         .version_digest = crypto::Hex(line.version_digest)});
  }
  return summary;
}

}  // namespace alliance::review
