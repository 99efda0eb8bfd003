#include "common/domain/credit_code.h"

#include <vector>

#include "services/ctl/commands.h"

namespace alliance::ctl {
namespace {

// Hints on the province are no part of a verdict, so any will do here: Liaoning.
constexpr std::string_view kProvinceDigits = "21";

std::string_view WordOf(domain::CodeVerdict verdict) {
  switch (verdict) {
    case domain::CodeVerdict::kOk:
      return "ok";
    case domain::CodeVerdict::kWarning:
      return "warning";
    case domain::CodeVerdict::kError:
      return "error";
  }
  return "error";
}

Json Look(std::string_view code) {
  const domain::CodeCheck check = domain::CheckCreditCode(code, kProvinceDigits);
  std::vector<Json> reasons;
  for (const domain::FieldProblem& problem : domain::CodeProblems(check, "code")) {
    reasons.emplace_back(problem.reason);
  }
  return Json::Object({{"code", code},
                       {"normalized", check.code},
                       {"verdict", WordOf(check.verdict)},
                       {"reasons", Json::Array(reasons)}});
}

}  // namespace

absl::StatusOr<int> CreditCode(const Arguments& arguments, const Context& context) {
  for (const std::string& code : arguments.names) context.Print(Look(code));
  if (!arguments.names.empty()) return 0;
  while (const std::optional<std::string> line = context.io.read_line()) {
    if (!line->empty()) context.Print(Look(*line));
  }
  return 0;
}

}  // namespace alliance::ctl
