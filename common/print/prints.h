// The prints: the filing form as Annex 2 lays it out, the receipt, and Annexes 1 and 3. PDF, A4;
// the same input gives the same bytes (sheet.h).

#ifndef ALLIANCE_COMMON_PRINT_PRINTS_H_
#define ALLIANCE_COMMON_PRINT_PRINTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/domain/form.h"

namespace alliance::print {

// A locked version of a case.
struct Version {
  std::string case_name;  // applications/{uuid}
  int number = 0;
  std::string digest;  // 32 bytes
  absl::Time receive;
  std::string rules_digest;  // hexadecimal
};

// One of the form's notes (填表说明).
struct FormNote {
  std::string term;
  std::string text;
};

// What the round's notice says about the form.
struct FormTexts {
  std::string title;
  int form_year = 0;  // y1
  int64_t narrative_limit = 0;
  int64_t goals_limit = 0;
  std::vector<FormNote> notes;
  std::string source;  // "2023-tsl, rules 041d2ac6…": which version of the notice's texts this is
  absl::Time released;  // the notice's day: the date of what is printed from it alone
};

// A form, with what its codes mean.
struct FilledForm {
  std::string case_name;
  domain::Form form;
  std::string zone_name;         // of form.high_tech_zone
  std::string recommender_name;  // of form.recommender_region
  std::string phone;             // of the contact, masked unless the reader may see it
};

// Annex 2 to be filled in by hand.
absl::StatusOr<std::string> PrintBlankForm(const FormTexts& texts);
// The form as saved at `saved`, with a watermark that says that it is no official paper.
absl::StatusOr<std::string> PrintDraft(const FormTexts& texts, const FilledForm& filled,
                                       absl::Time saved);
// The form of a locked version: number, check code and receive instant on it, and a QR code of case
// and digest.
absl::StatusOr<std::string> PrintFinal(const FormTexts& texts, const FilledForm& filled,
                                       const Version& version);

struct Receipt {
  Version version;
  std::string round_title;
  std::string alliance_name;
  std::string lead_name;
  std::string lead_credit_code;
  std::string recommender_name;
  int32_t history_sequence = 0;
  std::string history_hash;  // 32 bytes
};
absl::StatusOr<std::string> PrintReceipt(const Receipt& receipt);

// Annex 1: the articles, a line end parts paragraphs.
struct RulesText {
  std::string title;
  std::vector<std::string> articles;
  std::string source;
  absl::Time released;
};
absl::StatusOr<std::string> PrintRules(const RulesText& rules);

// Annex 3.
struct OfficeLine {
  std::string name;
  std::string place;
  std::string contact;
  std::string phone;  // as everybody may see it
};
struct Directory {
  std::string title;
  std::vector<OfficeLine> offices;
  std::string source;
  absl::Time released;
};
absl::StatusOr<std::string> PrintDirectory(const Directory& directory);

// What the QR code of a print says: "applications/… <digest in hexadecimal>".
std::string QrText(const Version& version);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_PRINTS_H_
