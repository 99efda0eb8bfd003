#include "common/domain/papers.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/domain/credit_code.h"
#include "common/domain/problem.h"

namespace alliance::domain {
namespace {

const PaperSlot* FindSlot(const PaperRules& rules, std::string_view id) {
  for (const PaperSlot& slot : rules.slots) {
    if (slot.id == id) return &slot;
  }
  return nullptr;
}

// both years count, the proof is for all of them.
bool CountsIntellectualProperty(const Form& form) {
  for (const auto& count : {form.lead.ip_class1.y1, form.lead.ip_class1.y2, form.lead.ip_class2.y1,
                            form.lead.ip_class2.y2}) {
    if (count.value_or(0) > 0) return true;
  }
  return false;
}

class PaperChecker {
 public:
  PaperChecker(const Form& form, const PaperRules& rules, const std::vector<PaperGiven>& given)
      : form_(form), rules_(rules) {
    for (const PaperGiven& paper : given) {
      if (KnowsSlot(rules, paper.slot)) {
        given_.emplace(paper.slot, NormaliseCode(paper.member_credit_code));
        slots_.insert(paper.slot);
      } else {
        problems_.push_back(MakeProblem(Problem::kPaperSlotUnknown, "papers." + paper.slot,
                                        {{"slot", paper.slot}}));
      }
    }
  }

  std::vector<FieldProblem> Run() {
    for (const PaperRequirement& requirement : rules_.requirements) {
      switch (requirement.need) {
        case PaperNeed::kGenerated:
          break;
        case PaperNeed::kAlways:
          Alternatives(requirement, Problem::kPaperMissing);
          break;
        case PaperNeed::kIfIntellectualProperty:
          if (CountsIntellectualProperty(form_)) Alternatives(requirement, Problem::kX12);
          break;
        case PaperNeed::kPerMember:
          PerMember(requirement);
          break;
      }
    }
    return std::move(problems_);
  }

 private:
  size_t Lacking(const std::vector<std::string>& alternative) const {
    return std::count_if(alternative.begin(), alternative.end(),
                         [&](const std::string& slot) { return !slots_.contains(slot); });
  }

  void Alternatives(const PaperRequirement& requirement, Problem problem) {
    const auto nearest =
        std::min_element(requirement.any_of.begin(), requirement.any_of.end(),
                         [&](const auto& a, const auto& b) { return Lacking(a) < Lacking(b); });
    if (nearest == requirement.any_of.end() || Lacking(*nearest) == 0) return;
    std::string zh;
    std::string en;
    for (const std::vector<std::string>& alternative : requirement.any_of) {
      absl::StrAppend(&zh, zh.empty() ? "" : "或");
      absl::StrAppend(&en, en.empty() ? "" : " or ");
      for (size_t i = 0; i < alternative.size(); ++i) {
        const PaperSlot* slot = FindSlot(rules_, alternative[i]);
        absl::StrAppend(&zh, i == 0 ? "" : "和", slot == nullptr ? alternative[i] : slot->zh);
        absl::StrAppend(&en, i == 0 ? "" : " and ", slot == nullptr ? alternative[i] : slot->en);
      }
    }
    const auto first_lacking =
        std::find_if(nearest->begin(), nearest->end(),
                     [&](const std::string& slot) { return !slots_.contains(slot); });
    Find(problem, "papers." + *first_lacking, requirement, en, zh);
  }

  // one per member row, the lead's own included. A talent team has no licence.
  void PerMember(const PaperRequirement& requirement) {
    if (requirement.any_of.empty() || requirement.any_of.front().empty()) return;
    const std::string& slot_id = requirement.any_of.front().front();
    const PaperSlot* slot = FindSlot(rules_, slot_id);
    for (size_t i = 0; i < form_.members.size(); ++i) {
      const std::string code = NormaliseCode(form_.members[i].credit_code);
      if (code.empty() && form_.members[i].kind == MemberKind::kTalentTeam) continue;
      if (!code.empty() && given_.contains({slot_id, code})) continue;
      const std::string& name = form_.members[i].member_name;
      Find(Problem::kPaperMissing, absl::StrCat("papers.", slot_id, "[", i, "]"), requirement,
           absl::StrCat(slot == nullptr ? slot_id : slot->en, " (", name, ")"),
           absl::StrCat(slot == nullptr ? slot_id : slot->zh, "（", name, "）"));
    }
  }

  void Find(Problem problem, std::string_view field, const PaperRequirement& requirement,
            const std::string& en, const std::string& zh) {
    FieldProblem found = MakeProblem(problem, field, {{"paper", en}, {"paper_zh", zh}});
    if (!requirement.clause.empty()) found.clause = requirement.clause;
    problems_.push_back(std::move(found));
  }

  const Form& form_;
  const PaperRules& rules_;
  std::set<std::pair<std::string, std::string>> given_;
  std::set<std::string> slots_;
  std::vector<FieldProblem> problems_;
};

}  // namespace

bool KnowsSlot(const PaperRules& rules, std::string_view slot) {
  return FindSlot(rules, slot) != nullptr;
}

bool IsPerMember(const PaperRules& rules, std::string_view slot) {
  for (const PaperRequirement& requirement : rules.requirements) {
    if (requirement.need != PaperNeed::kPerMember) continue;
    for (const auto& alternative : requirement.any_of) {
      if (std::find(alternative.begin(), alternative.end(), slot) != alternative.end()) return true;
    }
  }
  return false;
}

std::vector<FieldProblem> CheckPapers(const Form& form, const PaperRules& rules,
                                      const std::vector<PaperGiven>& given) {
  return PaperChecker(form, rules, given).Run();
}

}  // namespace alliance::domain
