// Command: one thing that alliancectl can do.
//
// A command is a row of kCommands (commands.h): its words, its flags, and a function that reads
// Arguments and writes to Io. Wrong use is answered with exit code 2, everything else that fails
// with 1; either way one line on standard error says why, and with --json also
//
//   {"error":{"code":"INVALID_ARGUMENT","reason":"AMOUNT_NEGATIVE","text_zh":…,"text_en":…,
//             "fields":[…]}}
//
// on standard output. No command asks for anything on a terminal.

#ifndef ALLIANCE_SERVICES_CTL_COMMAND_H_
#define ALLIANCE_SERVICES_CTL_COMMAND_H_

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/ctl/json.h"

namespace alliance::ctl {

// The three streams of a process; tests give strings.
struct Io {
  std::function<std::optional<std::string>()> read_line;  // without its line end
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
};

// What was typed after the command's words.
struct Arguments {
  std::map<std::string, std::string, std::less<>> flags;  // "--days" → "5"; "" for a switch
  std::vector<std::string> names;                         // the rest, in order

  bool Has(std::string_view flag) const { return flags.find(flag) != flags.end(); }
  // The value of a flag; nothing when it was not given.
  std::optional<std::string_view> Get(std::string_view flag) const;
};

struct Context {
  const Io& io;
  bool json = false;
  std::string config_path;  // of --config; empty = look for it

  // One JSON value, or one line for people, with its line end.
  void Print(const Json& json_value) const;
  void Say(std::string_view line) const;
};

// A status here becomes exit code 1, or 2 when it was made by WrongUse. A number is the exit code.
using Run = absl::StatusOr<int> (*)(const Arguments& arguments, const Context& context);

struct Command {
  std::string_view words;      // "audit verify"
  std::string_view arguments;  // "[--case NAME]"
  std::string_view what;       // one line
  // Flags of its own, blank-separated; one that ends in = takes a value.
  std::string_view flags;
  int most_names;  // arguments that are not flags; -1 = any number
  Run run;
};

// The command was called wrongly: exit code 2.
absl::Status WrongUse(std::string_view why);
bool IsWrongUse(const absl::Status& status);

// Refuses one flag's value with reason INVALID_REQUEST, naming the flag.
absl::Status WrongValue(std::string_view flag, std::string_view zh, std::string_view en);

// Splits `words` into flags and names by the command's own list; --json and --config are taken by
// RunCommand before. A flag may be written --days 5 or --days=5.
absl::StatusOr<Arguments> ParseArguments(const Command& command,
                                         std::span<const std::string> words);

// An integer from `text`, else the refusal of `flag`.
absl::StatusOr<int> ParseInt(std::string_view flag, std::string_view text);

// The whole program without its process: `words` is argv[1…]. Returns the exit code.
int RunCommand(std::span<const Command> commands, const std::vector<std::string>& words,
               const Io& io);

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_COMMAND_H_
