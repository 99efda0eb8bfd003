#include "common/act/shape.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/calendar.h"

namespace alliance::act {
namespace {

using domain::Reason;
using domain::Refuse;

constexpr size_t kUuidLength = 36;
constexpr int64_t kBytesPerCharacter = 4;

bool IsYear(std::string_view text) {
  return text.size() == 4 && text[0] == '2' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Exactly yyyy-mm-dd, and in the calendar: 2023-02-29 is not.
bool IsDay(std::string_view text) {
  absl::CivilDay day;
  return absl::ParseCivilTime(base::Absl(text), &day) && domain::FormatDay(day) == text;
}

bool IsSlug(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

void Shape::Check(bool right, std::string_view field, std::string_view reason, std::string_view zh,
                  std::string_view en) {
  if (right) return;
  problems_.push_back({.field = std::string(field),
                       .reason = std::string(reason),
                       .zh = std::string(zh),
                       .en = std::string(en)});
}

std::string Shape::Name(std::string_view field, std::string_view prefix, std::string_view name) {
  const bool right = name.starts_with(prefix) && base::IsUuid(name.substr(prefix.size()));
  Check(right, field, "NAME", base::StrCat("名称应为 ", prefix, "{uuid}"),
        base::StrCat("must be ", prefix, "{uuid}"));
  return right ? std::string(name.substr(prefix.size())) : "";
}

std::string Shape::YearlyName(std::string_view field, std::string_view prefix,
                              std::string_view name) {
  const std::string_view id = name.starts_with(prefix) ? name.substr(prefix.size()) : "";
  const bool right = id.size() == kUuidLength + 5 && base::IsUuid(id.substr(0, kUuidLength)) &&
                     id[kUuidLength] == '-' && IsYear(id.substr(kUuidLength + 1));
  Check(right, field, "NAME", base::StrCat("名称应为 ", prefix, "{uuid}-{yyyy}"),
        base::StrCat("must be ", prefix, "{uuid}-{yyyy}"));
  return right ? std::string(id) : "";
}

std::string Shape::Slug(std::string_view field, std::string_view prefix, std::string_view name) {
  const bool right = name.starts_with(prefix) && IsSlug(name.substr(prefix.size()));
  Check(right, field, "NAME", base::StrCat("名称应为 ", prefix, "…"),
        base::StrCat("must be ", prefix, "…"));
  return right ? std::string(name.substr(prefix.size())) : "";
}

void Shape::Etag(std::string_view etag) { etag_missing_ = etag.empty(); }

void Shape::Text(std::string_view field, std::string_view text, int64_t limit) {
  Check(!base::Trim(text).empty(), field, "REQUIRED", "必填", "is required");
  OptionalText(field, text, limit);
}

void Shape::OptionalText(std::string_view field, std::string_view text, int64_t limit) {
  Check(base::IsUtf8(text) && !base::HasForbiddenCharacter(text), field, "FORBIDDEN_CHARACTER",
        "含有不允许的字符", "has a character that is not allowed");
  // White space does not count as characters, but it is stored: bytes are limited too.
  Check(static_cast<int64_t>(base::CountCharacters(text)) <= limit &&
            static_cast<int64_t>(text.size()) <= limit * kBytesPerCharacter,
        field, "TOO_LONG", base::StrCat("不得超过 ", limit, " 字"),
        base::StrCat("at most ", limit, " characters"));
}

void Shape::Document(std::string_view field, const filing::v1::Document& document) {
  Text(base::StrCat(field, ".title"), document.title(), 200);
  OptionalText(base::StrCat(field, ".document_number"), document.document_number(), 100);
  OptionalText(base::StrCat(field, ".issuer"), document.issuer(), 200);
  if (!document.issue_date().empty())
    Day(base::StrCat(field, ".issue_date"), document.issue_date());
  Check(document.sha256().size() == crypto::kSha256Bytes, base::StrCat(field, ".sha256"), "DIGEST",
        "应为 32 字节的 SHA-256 摘要", "must be a SHA-256 digest of 32 bytes");
}

void Shape::HexDigest(std::string_view field, std::string_view digest) {
  const auto bytes = crypto::Unhex(digest);
  Check(bytes && bytes->size() == crypto::kSha256Bytes, field, "DIGEST",
        "应为 64 位十六进制 SHA-256 摘要", "must be a SHA-256 digest of 64 hexadecimal digits");
}

void Shape::Day(std::string_view field, std::string_view day) {
  Check(IsDay(day), field, "NOT_A_DAY", "应为存在的日期，如 2023-04-25",
        "must be a day that exists, as 2023-04-25");
}

void Shape::Between(std::string_view field, int64_t value, int64_t least, int64_t most) {
  Check(value >= least && value <= most, field, "OUT_OF_RANGE",
        base::StrCat("应在 ", least, " 与 ", most, " 之间"),
        base::StrCat("must be between ", least, " and ", most));
}

absl::Status Shape::Done() const {
  if (!problems_.empty()) return Refuse(Reason::kInvalidRequest, {}, problems_);
  if (etag_missing_) return Refuse(Reason::kEtagRequired);
  return absl::OkStatus();
}

std::string Etag(int64_t version) { return base::StrCat("\"", version, "\""); }

absl::Status CheckEtag(std::string_view etag, int64_t version) {
  const std::string current = Etag(version);
  if (etag == current) return absl::OkStatus();
  return Refuse(Reason::kEtagStale, {{"etag", current}});
}

}  // namespace alliance::act
