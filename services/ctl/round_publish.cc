// round publish: PublishRound through the gateway, as the official whose login it is. There is no
// other way in: the operator's own configuration gives no right to it.

#include <string>

#include "absl/strings/ascii.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/rules/pack.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/ctl/commands.h"
#include "services/ctl/http_client.h"

namespace alliance::ctl {
namespace {

using google::protobuf::Struct;

constexpr absl::Duration kLongestPublish = absl::Seconds(30);

std::string TextOf(const Struct& object, const std::string& field) {
  const auto found = object.fields().find(field);
  return found == object.fields().end() ? "" : found->second.string_value();
}

// What went wrong and at which fields, in one line.
std::string RefusalOf(const HttpAnswer& answer, const Struct& body) {
  std::string text = base::StrCat("HTTP ", answer.code, ": ", TextOf(body, "message"));
  const auto details = body.fields().find("details");
  if (details == body.fields().end()) return text;
  for (const auto& detail : details->second.list_value().values()) {
    const auto& fields = detail.struct_value().fields();
    const auto debug = fields.find("debug");
    if (debug == fields.end()) continue;
    const Struct& content = debug->second.struct_value();
    if (const std::string reason = TextOf(content, "reason"); !reason.empty()) {
      base::StrAppend(&text, " (", reason, ")");
    }
    const auto violations = content.fields().find("fieldViolations");
    if (violations == content.fields().end()) continue;
    for (const auto& violation : violations->second.list_value().values()) {
      base::StrAppend(&text, "; ", TextOf(violation.struct_value(), "field"), ": ",
                      TextOf(violation.struct_value(), "description"));
    }
  }
  return text;
}

absl::StatusOr<Struct> Call(const std::string& gateway, std::string_view method,
                            const Json& request, std::string_view token) {
  ASSIGN_OR_RETURN(const HttpAnswer answer, HttpPost(gateway, base::StrCat("/", method),
                                                     request.text(), token, kLongestPublish));
  Struct body;
  const bool read = google::protobuf::util::JsonStringToMessage(answer.body, &body).ok();
  if (answer.code == 200 && read) return body;
  return absl::FailedPreconditionError(RefusalOf(answer, body));
}

}  // namespace

absl::StatusOr<int> RoundPublish(const Arguments& arguments, const Context& context) {
  if (arguments.names.empty()) return WrongUse("the pack's file is missing");
  for (const char* flag : {"--gateway", "--login", "--password-file"}) {
    if (!arguments.Has(flag)) return WrongUse(base::StrCat(flag, " is missing"));
  }
  ASSIGN_OR_RETURN(const std::string pack_text, rules::ReadText(arguments.names[0]));
  ASSIGN_OR_RETURN(const std::string password,
                   rules::ReadText(std::string(*arguments.Get("--password-file"))));
  const std::string gateway(*arguments.Get("--gateway"));
  ASSIGN_OR_RETURN(
      const Struct session,
      Call(gateway, "alliance.gateway.v1.AccountService/Login",
           Json::Object({{"login", *arguments.Get("--login")},
                         {"password", base::Std(absl::StripAsciiWhitespace(password))}}),
           ""));
  const std::string token = TextOf(session, "accessToken");
  const bool check = arguments.Has("--check");
  absl::StatusOr<Struct> round =
      Call(gateway, "alliance.filing.v1.FilingService/PublishRound",
           Json::Object({{"packText", pack_text},
                         {"supersedes", arguments.Get("--supersedes").value_or("")},
                         {"validateOnly", check},
                         {"requestId", base::NewUuid7()}}),
           token);
  // Whatever came of it, the session ends here.
  const absl::Status left =
      Call(gateway, "alliance.gateway.v1.AccountService/Logout", Json::Object({}), token).status();
  RETURN_IF_ERROR(round.status());
  RETURN_IF_ERROR(left);
  context.Print(Json::Object({{"round", TextOf(*round, "name")},
                              {"rules_digest", TextOf(*round, "rulesDigest")},
                              {"supersedes", TextOf(*round, "supersedes")},
                              {"published", !check}}));
  return 0;
}

}  // namespace alliance::ctl
