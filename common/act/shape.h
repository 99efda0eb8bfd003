// Shape: the first step of a handler, every wrong field of a request at once.
//
//   act::Shape shape;
//   const std::string id = shape.Name("name", "applications/", request.name());
//   shape.Etag(request.etag());
//   shape.Document("minutes", request.minutes());
//   RETURN_IF_ERROR(shape.Done());

#ifndef ALLIANCE_COMMON_ACT_SHAPE_H_
#define ALLIANCE_COMMON_ACT_SHAPE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "alliance/filing/v1/paper.pb.h"
#include "common/domain/errors.h"

namespace alliance::act {

class Shape {
 public:
  // The id behind `prefix`: a UUID, or a UUID with "-yyyy" where `yearly`. Empty when wrong.
  std::string Name(std::string_view field, std::string_view prefix, std::string_view name);
  std::string YearlyName(std::string_view field, std::string_view prefix, std::string_view name);
  // The id behind `prefix` of lower-case letters, digits and hyphens (rounds, campaigns, plans).
  std::string Slug(std::string_view field, std::string_view prefix, std::string_view name);

  // Missing: ETAG_REQUIRED, said by Done() when nothing else is wrong.
  void Etag(std::string_view etag);
  // Some visible text, no control characters, at most `limit` characters.
  void Text(std::string_view field, std::string_view text, int64_t limit = 2000);
  // As Text, or nothing at all.
  void OptionalText(std::string_view field, std::string_view text, int64_t limit = 2000);
  // Title and a digest of 32 bytes.
  void Document(std::string_view field, const filing::v1::Document& document);
  // 64 hexadecimal digits.
  void HexDigest(std::string_view field, std::string_view digest);
  // An ISO 8601 day that exists.
  void Day(std::string_view field, std::string_view day);
  void Between(std::string_view field, int64_t value, int64_t least, int64_t most);
  // Anything else: `wrong` adds a problem with this reason word and texts.
  void Check(bool right, std::string_view field, std::string_view reason, std::string_view zh,
             std::string_view en);

  // OK, or INVALID_REQUEST with all that was found.
  absl::Status Done() const;

 private:
  std::vector<domain::FieldProblem> problems_;
  bool etag_missing_ = false;
};

// Freshness (AIP-154): the version in quotes.
std::string Etag(int64_t version);
// ETAG_STALE with the current etag in its metadata when `etag` is not of this version.
absl::Status CheckEtag(std::string_view etag, int64_t version);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_SHAPE_H_
