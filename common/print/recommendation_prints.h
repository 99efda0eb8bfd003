// What a recommender sends with its cases (article 6(2)): the letter (推荐函) and the summary table
// (汇总表), as PDF; the table also as a sheet (xlsx). The same input gives the same bytes.

#ifndef ALLIANCE_COMMON_PRINT_RECOMMENDATION_PRINTS_H_
#define ALLIANCE_COMMON_PRINT_RECOMMENDATION_PRINTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace alliance::print {

struct Letter {
  std::string title;
  std::string number;  // 文号
  std::string addressee;
  std::vector<std::string> paragraphs;
  std::string attachment;
  std::string issuer;
  std::string date;
  std::string source;  // recommendationLists/{uuid}: which frozen list it speaks of
  absl::Time prepared;
};
// To be stamped by hand.
absl::StatusOr<std::string> PrintLetter(const Letter& letter);

struct SummaryLine {
  std::string alliance_name;
  std::string lead_name;
  std::string lead_code;
  std::string technical_field;
  std::string zone_name;
  std::string verified_rd_wan;
  std::string outcome;
  std::string version;
  std::string version_digest;  // hexadecimal
};
struct Summary {
  std::string title;
  std::string round_title;
  std::string number;  // of the letter
  std::string issuer;
  std::string date;
  std::string digest;  // of the list, hexadecimal
  std::string source;
  absl::Time prepared;
  std::vector<SummaryLine> lines;  // numbered from 1 in this order
};
absl::StatusOr<std::string> PrintSummary(const Summary& summary);
// The same and the digests of the versions, one row a line; every cell is text.
absl::StatusOr<std::string> SummarySheet(const Summary& summary);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_RECOMMENDATION_PRINTS_H_
