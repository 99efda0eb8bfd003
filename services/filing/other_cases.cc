#include "services/filing/other_cases.h"

#include <algorithm>
#include <set>

#include "common/base/str.h"
#include "common/domain/credit_code.h"
#include "common/domain/problem.h"

namespace alliance::filing {
namespace {

using domain::FieldProblem;
using domain::Problem;

bool IsPlain(const std::string& code) {
  return !code.empty() && code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  });
}

// A recommender reads its own cases and, of a city, those of its zones (Q3).
bool Reads(const domain::Caller& reader, const rules::Pack& pack, std::string_view region) {
  if (reader.role != domain::Role::kRecommender) return true;
  const rules::Recommender* office = pack.FindRecommender(region);
  return region == reader.region || (office != nullptr && office->city == reader.region);
}

Problem ProblemOf(std::string_view kind, bool reads) {
  if (kind == kMentionRd) {
    return reads ? Problem::kSameFigures : Problem::kSameFiguresOfAnotherOffice;
  }
  return reads ? Problem::kMemberElsewhere : Problem::kMemberOfAnotherOffice;
}

std::string PlaceOf(const MentionElsewhere& found, const v1::ApplicationForm& form) {
  if (found.kind == kMentionRd) return "lead.rd_spend_fen";
  for (int i = 0; i < form.members_size(); ++i) {
    if (domain::NormaliseCode(form.members(i).credit_code()) == found.value) {
      return base::StrCat("members[", i, "].credit_code");
    }
  }
  return "members";
}

}  // namespace

std::vector<Mention> MentionsOf(const v1::ApplicationForm& form) {
  std::vector<Mention> mentions;
  std::set<std::string> seen;
  for (const v1::Member& member : form.members()) {
    const std::string code = domain::NormaliseCode(member.credit_code());
    if (IsPlain(code) && seen.insert(code).second) {
      mentions.push_back({std::string(kMentionMember), code});
    }
  }
  const v1::TwoYearFen& spent = form.lead().rd_spend_fen();
  if (spent.y1() > 0 && spent.y2() > 0) {
    mentions.push_back({std::string(kMentionRd), base::StrCat(spent.y1(), "-", spent.y2())});
  }
  return mentions;
}

std::vector<FieldProblem> OfficialNotes(db::Txn& txn, const Application& row,
                                        const v1::ApplicationForm& form, const rules::Pack& pack,
                                        const domain::Caller& reader) {
  std::vector<FieldProblem> notes;
  if (row.version_number == 0) return notes;
  for (const MentionElsewhere& found : FindMentionsElsewhere(txn, row)) {
    const bool reads = Reads(reader, pack, found.region);
    const Problem problem = ProblemOf(found.kind, reads);
    const rules::Recommender* office = pack.FindRecommender(found.region);
    const auto& severities = pack.form_rules().severities;
    const auto severity = severities.find(problem);
    const auto its = severity == severities.end() ? std::nullopt : std::optional(severity->second);
    const std::string at = PlaceOf(found, form);
    notes.push_back(reads ? domain::MakeProblem(problem, at,
                                                {{"alliance", found.alliance_name},
                                                 {"office", office == nullptr ? "" : office->name}},
                                                its)
                          : domain::MakeProblem(problem, at, {}, its));
  }
  return notes;
}

}  // namespace alliance::filing
