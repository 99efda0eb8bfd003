// What differs between two forms and their papers, as people read it.

#ifndef ALLIANCE_SERVICES_FILING_FORM_DIFF_H_
#define ALLIANCE_SERVICES_FILING_FORM_DIFF_H_

#include <string>
#include <vector>

#include "alliance/filing/v1/filing.pb.h"

namespace alliance::filing {

struct FormChange {
  std::string path;  // as in the later form; a removed row as in the earlier one
  std::string before;
  std::string after;
};

using Papers = google::protobuf::RepeatedPtrField<v1::Paper>;

// Field by field in the order of the form. Rows of tables are matched by what they are about, a
// member's code or name and a partner's name, so that a row taken out does not change all below it.
// Amounts read "600.00万元", choices as printed.
std::vector<FormChange> DiffForms(const v1::ApplicationForm& before,
                                  const v1::ApplicationForm& after);
// Papers by slot and member: file name before and after. `after_form` tells the members' rows.
std::vector<FormChange> DiffPapers(const Papers& before, const Papers& after,
                                   const v1::ApplicationForm& after_form);

// "papers.A2_AGREEMENT", or "papers.A5_MEMBER_LICENCE[2]" for the paper of a member.
std::string PaperPath(const v1::ApplicationForm& form, const std::string& slot,
                      const std::string& member_code);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_FORM_DIFF_H_
