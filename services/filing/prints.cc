#include "services/filing/prints.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/check_code.h"
#include "common/crypto/digest.h"
#include "common/domain/calendar.h"
#include "services/filing/convert.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

constexpr size_t kShownDigits = 16;
constexpr size_t kMostBytes = 4 << 20;  // what v1::Print promises

std::string NameOfRecommender(const rules::Pack& pack, std::string_view code) {
  const rules::Recommender* recommender = pack.FindRecommender(code);
  return recommender != nullptr ? recommender->name : std::string(code);
}

std::string NameOfZone(const rules::Pack& pack, std::string_view code) {
  const auto& zones = pack.proto().zones();
  const auto zone =
      std::find_if(zones.begin(), zones.end(), [&](const auto& row) { return row.code() == code; });
  return zone != zones.end() ? zone->zone_name() : std::string(code);
}

}  // namespace

std::string SourceOf(const rules::Pack& pack) {
  return base::StrCat(pack.proto().round().id(), "　规则包 ",
                      pack.digest_hex().substr(0, kShownDigits));
}

absl::Time ReleasedOf(const rules::Pack& pack) {
  // The pack reader has checked that the day exists.
  const auto day = domain::ParseDay(pack.proto().round().notice_date());
  return absl::FromCivil(absl::CivilSecond(*day), domain::Shanghai());
}

print::FormTexts TextsOf(const rules::Pack& pack) {
  print::FormTexts texts{.title = pack.proto().annexes().form_title(),
                         .form_year = pack.form_year(),
                         .narrative_limit = pack.form_rules().narrative_limit,
                         .goals_limit = pack.form_rules().goals_limit,
                         .source = SourceOf(pack),
                         .released = ReleasedOf(pack)};
  for (const rules::v1::FieldNote& note : pack.proto().form().field_notes()) {
    texts.notes.push_back({.term = note.term(), .text = note.text()});
  }
  return texts;
}

print::FilledForm FilledOf(const rules::Pack& pack, const Application& row,
                           const v1::ApplicationForm& form, std::string_view recommender_region,
                           const domain::Caller& reader) {
  v1::ApplicationForm shown = form;
  if (!MaySeeContact(row, reader)) MaskContact(&shown);
  return {.case_name = base::StrCat(kApplications, row.id),
          .form = ToDomain(shown, recommender_region),
          .zone_name = NameOfZone(pack, form.high_tech_zone()),
          .recommender_name = NameOfRecommender(pack, recommender_region),
          .phone = shown.contact().phone()};
}

absl::StatusOr<LockedPrint> LoadLocked(const act::Deps& deps, db::Txn& txn, const Application& row,
                                       int32_t number) {
  const int32_t wanted = number == 0 ? row.version_number : number;
  std::optional<std::string> content;
  if (wanted > 0) content = FindVersion(txn, row.id, wanted);
  if (!content) {
    act::Shape shape;
    shape.Check(false, "version_number", "NOT_IN_LIST",
                "此案件没有这个锁定版本：提交后才有正式版本，提交前请打印草稿",
                "this case has no such locked version: print the draft until it is submitted");
    return shape.Done();
  }
  LockedPrint locked;
  if (!locked.content.ParseFromString(*content)) {
    return absl::InternalError(base::StrCat("version ", wanted, " of ", row.id, " does not parse"));
  }
  const std::string digest = crypto::Unhex(locked.content.rules_digest()).value_or("");
  locked.pack = deps.packs.FindByDigest(digest);
  // A pack that is not served any more: the round's present one has the names that are printed.
  if (locked.pack == nullptr) {
    ASSIGN_OR_RETURN(locked.pack, PackOf(deps, row.round_id));
  }
  locked.version = {.case_name = base::StrCat(kApplications, row.id),
                    .number = wanted,
                    .digest = crypto::Sha256(*content),
                    .receive = absl::FromUnixMicros(locked.content.receive_time_us()),
                    .rules_digest = locked.content.rules_digest()};
  return locked;
}

absl::Status Answer(absl::StatusOr<std::string> pdf, std::string_view file_name,
                    const print::Version* version, v1::Print* answer) {
  RETURN_IF_ERROR(pdf.status());
  if (pdf->size() > kMostBytes) {
    return absl::InternalError(base::StrCat("print: ", pdf->size(), " bytes are too many"));
  }
  answer->set_media_type("application/pdf");
  answer->set_file_name(std::string(file_name));
  answer->set_sha256(crypto::Sha256(*pdf));
  answer->set_content(*std::move(pdf));
  if (version != nullptr) answer->set_check_code(crypto::CheckCode(version->digest));
  return absl::OkStatus();
}

}  // namespace alliance::filing
