#include "services/ctl/command.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"

namespace alliance::ctl {
namespace {

constexpr char kWrongUsePayload[] = "ctl/wrong_use";
constexpr int kExitFailed = 1;
constexpr int kExitWrongUse = 2;

std::vector<std::string> WordsOf(std::string_view text) {
  return absl::StrSplit(base::Absl(text), ' ', absl::SkipEmpty());
}

// The command with the most words that `words` begins with.
const Command* Find(std::span<const Command> commands, std::span<const std::string> words) {
  const Command* best = nullptr;
  for (const Command& command : commands) {
    const std::vector<std::string> own = WordsOf(command.words);
    if (own.size() <= words.size() && std::equal(own.begin(), own.end(), words.begin()) &&
        (best == nullptr || command.words.size() > best->words.size())) {
      best = &command;
    }
  }
  return best;
}

std::string Usage(const Command& command) {
  return base::StrCat("alliancectl ", command.words, command.arguments.empty() ? "" : " ",
                      command.arguments);
}

std::string Help(std::span<const Command> commands) {
  std::string text = "alliancectl [--json] [--config FILE] COMMAND\n\n";
  for (const Command& command : commands) {
    base::StrAppend(&text, "  ", Usage(command).substr(sizeof("alliancectl")), "\n      ",
                    command.what, "\n");
  }
  return text;
}

Json JsonOf(const absl::Status& status) {
  domain::ErrorDetails details;
  if (const auto found = domain::DetailsOf(status); found.has_value()) {
    details = *found;
  } else {
    details.reason = IsWrongUse(status) ? "WRONG_USE" : "FAILED";
    details.en = details.zh = std::string(status.message());
  }
  std::vector<Json> fields;
  for (const domain::FieldProblem& field : details.fields) {
    fields.push_back(Json::Object({{"field", field.field},
                                   {"reason", field.reason},
                                   {"text_zh", field.zh},
                                   {"text_en", field.en}}));
  }
  return Json::Object({{"error", Json::Object({{"code", absl::StatusCodeToString(status.code())},
                                               {"reason", details.reason},
                                               {"text_zh", details.zh},
                                               {"text_en", details.en},
                                               {"fields", Json::Array(fields)}})}});
}

// One line: the reason word, the text, and each wrong field.
std::string LineOf(const absl::Status& status) {
  std::string line = "alliancectl: ";
  const auto details = domain::DetailsOf(status);
  if (!details.has_value()) return base::StrCat(line, std::string(status.message()));
  base::StrAppend(&line, details->reason, ": ", details->en);
  for (const domain::FieldProblem& field : details->fields) {
    base::StrAppend(&line, " ", field.field, ": ", field.en);
  }
  return line;
}

int Fail(const absl::Status& status, const Command* command, const Context& context) {
  std::string line = LineOf(status);
  std::replace(line.begin(), line.end(), '\n', ' ');
  if (IsWrongUse(status) && command != nullptr) {
    base::StrAppend(&line, " (usage: ", Usage(*command), ")");
  }
  context.io.err(line + "\n");
  if (context.json) context.Print(JsonOf(status));
  return IsWrongUse(status) ? kExitWrongUse : kExitFailed;
}

// Takes --json and --config FILE out of `words`, wherever they stand.
absl::Status TakeGlobals(std::vector<std::string>& words, Context& context) {
  std::vector<std::string> rest;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--json") {
      context.json = true;
    } else if (words[i] == "--config") {
      if (++i == words.size()) return WrongUse("--config needs a file");
      context.config_path = words[i];
    } else if (words[i].starts_with("--config=")) {
      context.config_path = words[i].substr(sizeof("--config=") - 1);
    } else {
      rest.push_back(words[i]);
    }
  }
  words = std::move(rest);
  return absl::OkStatus();
}

}  // namespace

std::optional<std::string_view> Arguments::Get(std::string_view flag) const {
  const auto found = flags.find(flag);
  if (found == flags.end()) return std::nullopt;
  return found->second;
}

void Context::Print(const Json& json_value) const { io.out(json_value.text() + "\n"); }

void Context::Say(std::string_view line) const { io.out(base::StrCat(line, "\n")); }

absl::Status WrongUse(std::string_view why) {
  absl::Status status = absl::InvalidArgumentError(base::Absl(why));
  status.SetPayload(kWrongUsePayload, absl::Cord());
  return status;
}

bool IsWrongUse(const absl::Status& status) {
  return status.GetPayload(kWrongUsePayload).has_value();
}

absl::Status WrongValue(std::string_view flag, std::string_view zh, std::string_view en) {
  return domain::Refuse(domain::Reason::kInvalidRequest, {},
                        {{.field = std::string(flag),
                          .reason = "INVALID_VALUE",
                          .zh = std::string(zh),
                          .en = std::string(en)}});
}

absl::StatusOr<Arguments> ParseArguments(const Command& command,
                                         std::span<const std::string> words) {
  const std::vector<std::string> known = WordsOf(command.flags);
  const auto knows = [&](const std::string& flag) {
    return std::find(known.begin(), known.end(), flag) != known.end();
  };
  Arguments arguments;
  bool only_names = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (only_names || !word.starts_with("--")) {
      arguments.names.push_back(word);
      continue;
    }
    if (word == "--") {
      only_names = true;
      continue;
    }
    const size_t equals = word.find('=');
    const std::string flag = word.substr(0, equals);
    std::string value;
    if (knows(flag + "=")) {
      if (equals != std::string::npos) {
        value = word.substr(equals + 1);
      } else if (++i < words.size()) {
        value = words[i];
      } else {
        return WrongUse(base::StrCat(flag, " needs a value"));
      }
    } else if (!knows(flag)) {
      return WrongUse(base::StrCat("there is no option ", flag));
    } else if (equals != std::string::npos) {
      return WrongUse(base::StrCat(flag, " takes no value"));
    }
    if (!arguments.flags.emplace(flag, value).second) {
      return WrongUse(base::StrCat(flag, " is given twice"));
    }
  }
  if (command.most_names >= 0 && arguments.names.size() > static_cast<size_t>(command.most_names)) {
    return WrongUse(base::StrCat("'", arguments.names[static_cast<size_t>(command.most_names)],
                                 "' is one argument too many"));
  }
  return arguments;
}

absl::StatusOr<int> ParseInt(std::string_view flag, std::string_view text) {
  int value = 0;
  if (!absl::SimpleAtoi(base::Absl(text), &value)) {
    return WrongValue(flag, "须为整数。", "must be a whole number.");
  }
  return value;
}

int RunCommand(std::span<const Command> commands, const std::vector<std::string>& words,
               const Io& io) {
  Context context{.io = io, .json = false, .config_path = ""};
  std::vector<std::string> rest = words;
  if (absl::Status status = TakeGlobals(rest, context); !status.ok()) {
    return Fail(status, nullptr, context);
  }
  if (rest.empty() || rest[0] == "help" || rest[0] == "--help" || rest[0] == "-h") {
    (rest.empty() ? io.err : io.out)(Help(commands));
    return rest.empty() ? kExitWrongUse : 0;
  }
  if (rest[0] == "--version") rest[0] = "version";
  const Command* command = Find(commands, rest);
  if (command == nullptr) {
    return Fail(
        WrongUse(base::StrCat("there is no command '", rest[0], "'; alliancectl help lists them")),
        nullptr, context);
  }
  const std::span<const std::string> own =
      std::span<const std::string>(rest).subspan(WordsOf(command->words).size());
  if (!own.empty() && (own[0] == "--help" || own[0] == "-h")) {
    context.Say(base::StrCat("usage: ", Usage(*command), "\n", command->what));
    return 0;
  }
  absl::StatusOr<Arguments> arguments = ParseArguments(*command, own);
  if (!arguments.ok()) return Fail(arguments.status(), command, context);
  absl::StatusOr<int> code = command->run(*arguments, context);
  return code.ok() ? *code : Fail(code.status(), command, context);
}

}  // namespace alliance::ctl
