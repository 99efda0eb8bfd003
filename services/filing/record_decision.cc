// RecordDecision: the collective decision of the party group (厅党组审定, R-086) over an exact
// list.
//
// All or nothing: every case of the list is locked, decided and moved in one transaction, bound to
// the digest of exactly these versions. What is registered gets the next registry numbers, its row
// in the registry and its first year.

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "alliance/events/v1/events.pb.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/province_store.h"
#include "services/filing/registry_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;
using Verdict = v1::DecisionItem;

constexpr int kMostItems = 500;

Action ActionOf(v1::DecisionItem::Verdict verdict) {
  switch (verdict) {
    case Verdict::NOT_REGISTER:
      return Action::kNotRegister;
    case Verdict::DEFER:
      return Action::kDefer;
    default:
      return Action::kRegister;
  }
}

std::string ItemPath(int index) { return base::StrCat("items[", index, "]"); }

// The ids of the items, in their order.
std::vector<std::string> CheckItems(const v1::RecordDecisionRequest& request, act::Shape* shape) {
  shape->Check(request.items_size() >= 1 && request.items_size() <= kMostItems, "items",
               "OUT_OF_RANGE", "应有 1 至 500 件", "must be 1 to 500");
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (int i = 0; i < std::min(request.items_size(), kMostItems); ++i) {
    const v1::DecisionItem& item = request.items(i);
    ids.push_back(
        shape->Name(base::StrCat(ItemPath(i), ".application"), kApplications, item.application()));
    shape->Check(seen.insert(item.application()).second, base::StrCat(ItemPath(i), ".application"),
                 "DUPLICATE", "重复", "is in the list twice");
    shape->Check(item.verdict() != Verdict::VERDICT_UNSPECIFIED &&
                     v1::DecisionItem::Verdict_IsValid(item.verdict()),
                 base::StrCat(ItemPath(i), ".verdict"), "NOT_IN_LIST", "请选择审定结果",
                 "must be REGISTER, NOT_REGISTER or DEFER");
    shape->OptionalText(base::StrCat(ItemPath(i), ".reason"), item.reason());
  }
  return ids;
}

// What the digest of the list is over; see the proto.
std::string ListDigest(const std::vector<Application>& rows,
                       const std::map<std::string, const v1::DecisionItem*>& items) {
  std::vector<std::string> lines;
  for (const Application& row : rows) {
    lines.push_back(
        base::StrCat(kApplications, row.id, "\t", crypto::Hex(row.version_digest.value_or("")),
                     "\t", v1::DecisionItem::Verdict_Name(items.at(row.id)->verdict()), "\n"));
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return crypto::Sha256(text);
}

// The refusal of one case, saying which.
absl::Status AtItem(const absl::Status& refusal, int index, const std::string& application) {
  const auto details = domain::DetailsOf(refusal);
  const auto reason = details ? domain::ReasonOf(details->reason) : std::nullopt;
  if (!reason) return refusal;
  std::map<std::string, std::string> holes = details->metadata;
  holes.emplace("application", application);
  return domain::RefuseWith(*reason, std::move(holes),
                            {domain::ProblemAt(ItemPath(index), refusal)});
}

std::string RegistryNumber(const std::string& prefix, int32_t number) {
  char digits[16];
  std::snprintf(digits, sizeof(digits), "%04d", number);
  return base::StrCat(prefix, "-", digits);
}

AllianceRow AllianceOf(const Application& row, const rules::Pack& pack,
                       const std::string& decision_id, std::string registry_number,
                       absl::Time now) {
  const domain::CivilDay today = domain::DayOf(now);
  return {.id = row.id,
          .registry_number = std::move(registry_number),
          .round_id = row.round_id,
          .decision_id = decision_id,
          .alliance_name = row.alliance_name,
          .lead_name = row.lead_name,
          .lead_code = row.lead_code,
          .region = row.region,
          .city = row.city,
          .registered = now,
          .register_day = domain::FormatDay(today),
          .construction_day = domain::FormatDay(LastConstructionDay(pack, today))};
}

events::v1::Event RegisteredEvent(const AllianceRow& alliance, const Application& row,
                                  const events::v1::ApplicationVersion& version, int year) {
  events::v1::Event event;
  events::v1::AllianceRegistered* body = event.mutable_alliance_registered();
  body->set_alliance_id(alliance.id);
  body->set_registry_number(alliance.registry_number);
  body->set_alliance_name(alliance.alliance_name);
  body->set_lead_name(alliance.lead_name);
  body->set_lead_credit_code(alliance.lead_code);
  body->set_region(alliance.region);
  for (const v1::Member& member : version.form().members()) {
    if (!member.credit_code().empty()) body->add_member_credit_codes(member.credit_code());
  }
  body->set_first_receive_time_us(absl::ToUnixMicros(row.first_receive.value_or(row.create)));
  body->set_year(year);
  return event;
}

// One meeting act while it is being written.
class Meeting {
 public:
  Meeting(const act::Deps& deps, const v1::RecordDecisionRequest& request, const rules::Pack& pack,
          act::Step& step)
      : deps_(deps), request_(request), pack_(pack), step_(step) {}

  absl::Status Run(const std::string& round_id, const std::vector<std::string>& ids,
                   v1::Decision* answer) {
    for (size_t i = 0; i < ids.size(); ++i) {
      items_[ids[i]] = &request_.items(static_cast<int>(i));
      index_[ids[i]] = static_cast<int>(i);
    }
    std::vector<Application> rows = LockApplications(step_.txn(), round_id, ids);
    if (rows.size() != ids.size()) return Refuse(Reason::kNotPermitted);
    RETURN_IF_ERROR(Decide(rows));
    RETURN_IF_ERROR(Register(round_id, rows));
    RETURN_IF_ERROR(MoveAll(rows));
    answer->set_name(base::StrCat(kDecisions, decision_id_));
    answer->set_meeting_number(request_.meeting_number());
    answer->set_meeting_date(request_.meeting_date());
    answer->set_list_digest(crypto::Hex(list_digest_));
    for (const AllianceRow& alliance : alliances_) {
      answer->add_alliances(base::StrCat(kAlliances, alliance.id));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Decide(std::vector<Application>& rows) {
    list_digest_ = ListDigest(rows, items_);
    for (Application& row : rows) {
      const v1::DecisionItem& item = *items_.at(row.id);
      auto decision = cases::Decide<ApplicationCase>(
          step_, ActionOf(item.verdict()), row, [&](const Application&, domain::Facts& facts) {
            facts.list_matches = crypto::Unhex(request_.list_digest()) == list_digest_;
            facts.meeting_number = std::string(base::Trim(request_.meeting_number()));
            facts.meeting_dated = !request_.meeting_date().empty();
            facts.reason = std::string(base::Trim(item.reason()));
            if (request_.has_minutes()) facts.papers_given.Add(domain::Paper::kMinutes);
            return absl::OkStatus();
          });
      if (!decision.ok()) return AtItem(decision.status(), index_.at(row.id), item.application());
      decisions_.push_back(*std::move(decision));
    }
    return absl::OkStatus();
  }

  // The meeting's own rows, then numbers, registry and first years of what is registered.
  absl::Status Register(const std::string& round_id, const std::vector<Application>& rows) {
    decision_id_ = base::NewUuid7();
    const audit::SealedRow sealed =
        InsertDecision(step_.txn(),
                       {.id = decision_id_,
                        .round_id = round_id,
                        .meeting_number = request_.meeting_number(),
                        .meeting_day = request_.meeting_date(),
                        .minutes = request_.minutes().SerializeAsString(),
                        .list_digest = list_digest_},
                       step_.now());
    step_.Record({.case_id = base::StrCat(kDecisions, decision_id_),
                  .action = "record_decision",
                  .paper_digest = request_.minutes().sha256(),
                  .rules_digest = pack_.digest(),
                  .sealed = {sealed}});

    std::vector<DecisionLine> lines;
    for (const Application& row : rows) {
      const v1::DecisionItem& item = *items_.at(row.id);
      lines.push_back({.application_id = row.id,
                       .version_number = row.version_number,
                       .version_digest = row.version_digest.value_or(""),
                       .verdict = v1::DecisionItem::Verdict_Name(item.verdict()),
                       .reason = item.reason()});
      if (item.verdict() == Verdict::REGISTER) {
        alliances_.push_back(AllianceOf(row, pack_, decision_id_, "", step_.now()));
      }
    }
    line_seals_ = InsertDecisionLines(step_.txn(), decision_id_, lines);
    return alliances_.empty() ? absl::OkStatus() : EnterRegistry();
  }

  absl::Status EnterRegistry() {
    const std::string& prefix = pack_.proto().registration().number_prefix();
    const NumberRange numbers =
        TakeNumbers(step_.txn(), prefix, static_cast<int32_t>(alliances_.size()));
    step_.Record({.case_id = base::StrCat("registry/", prefix),
                  .action = "assign_numbers",
                  .sealed = {numbers.sealed}});
    std::vector<YearRow> years;
    const int year = static_cast<int>(domain::DayOf(step_.now()).year());
    for (size_t i = 0; i < alliances_.size(); ++i) {
      alliances_[i].registry_number =
          RegistryNumber(prefix, numbers.first + static_cast<int32_t>(i));
      ASSIGN_OR_RETURN(YearRow row, NewYear(deps_, alliances_[i], year, step_.now()));
      years.push_back(std::move(row));
    }
    alliance_seals_ = InsertAlliances(step_.txn(), alliances_);
    const std::vector<audit::SealedRow> sealed = InsertYears(step_.txn(), years);
    for (size_t i = 0; i < years.size(); ++i) {
      step_.Record({.case_id = years[i].id,
                    .action = "open_year",
                    .to_state = std::string(domain::WordOf(years[i].state)),
                    .sealed = {sealed[i]}});
    }
    return absl::OkStatus();
  }

  absl::Status MoveAll(std::vector<Application>& rows) {
    ASSIGN_OR_RETURN(std::vector<events::v1::Event> registered, RegisteredEvents(rows));
    size_t next_alliance = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      cases::Note note{.reason = std::string(base::Trim(items_.at(rows[i].id)->reason())),
                       .paper_digest = request_.minutes().sha256()};
      note.sealed.push_back(line_seals_[i]);
      if (decisions_[i].to == domain::State::kRegistered) {
        note.sealed.push_back(alliance_seals_[next_alliance]);
        note.events = {std::move(registered[next_alliance])};
        ++next_alliance;
        // Q6: over when the last day of the construction period has ended.
        rows[i].due = domain::StartOf(LastConstructionDay(pack_, domain::DayOf(step_.now())) + 1);
      }
      RETURN_IF_ERROR(
          cases::Move<ApplicationCase>(step_, decisions_[i], rows[i], std::move(note)).status());
    }
    return absl::OkStatus();
  }

  // One for each alliance, in their order.
  absl::StatusOr<std::vector<events::v1::Event>> RegisteredEvents(
      const std::vector<Application>& rows) {
    std::vector<Application> registered;
    for (const AllianceRow& alliance : alliances_) {
      const auto row = std::find_if(rows.begin(), rows.end(), [&](const Application& candidate) {
        return candidate.id == alliance.id;
      });
      registered.push_back(*row);
    }
    std::map<std::string, events::v1::ApplicationVersion> versions;
    for (const LockedVersion& version : FindVersions(step_.txn(), registered)) {
      if (!versions[version.application_id].ParseFromString(version.content)) {
        return absl::InternalError("a locked version cannot be read");
      }
    }
    const int year = static_cast<int>(domain::DayOf(step_.now()).year());
    std::vector<events::v1::Event> events;
    for (size_t i = 0; i < alliances_.size(); ++i) {
      events.push_back(
          RegisteredEvent(alliances_[i], registered[i], versions[alliances_[i].id], year));
    }
    return events;
  }

  const act::Deps& deps_;
  const v1::RecordDecisionRequest& request_;
  const rules::Pack& pack_;
  act::Step& step_;

  std::map<std::string, const v1::DecisionItem*> items_;  // by application id
  std::map<std::string, int> index_;
  std::string decision_id_;
  std::string list_digest_;
  std::vector<domain::Decision> decisions_;       // one per case, in the order of the ids
  std::vector<audit::SealedRow> line_seals_;      // likewise
  std::vector<AllianceRow> alliances_;            // of what is registered, in that order
  std::vector<audit::SealedRow> alliance_seals_;  // likewise
};

}  // namespace

absl::Status FilingService::RecordDecision(const rpc::Call& call,
                                           const v1::RecordDecisionRequest& request,
                                           v1::Decision* answer) {
  act::Shape shape;
  const std::string round_id = shape.Slug("round", kRounds, request.round());
  shape.OptionalText("meeting_number", request.meeting_number(), 100);  // missing: the rule says so
  if (!request.meeting_date().empty()) shape.Day("meeting_date", request.meeting_date());
  if (request.has_minutes()) shape.Document("minutes", request.minutes());
  shape.HexDigest("list_digest", request.list_digest());
  const std::vector<std::string> ids = CheckItems(request, &shape);
  const auto meeting_day = domain::ParseDay(request.meeting_date());
  shape.Check(!meeting_day || *meeting_day <= domain::DayOf(deps_.clock.Now()), "meeting_date",
              "FUTURE_DAY", "会议日期不得晚于今天", "the meeting cannot be in the future");
  RETURN_IF_ERROR(shape.Done());
  if (!domain::MayEver({.state = domain::State::kPendingDecision}, Action::kRegister,
                       call.caller)) {
    return Refuse(Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, round_id));
  return act::Once(deps_, call, request, answer, [&](act::Step& step) {
    return Meeting(deps_, request, *pack, step).Run(round_id, ids, answer);
  });
}

}  // namespace alliance::filing
