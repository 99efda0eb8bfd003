// For the tests of alliancectl: runs a command line as a person would and keeps what it said.

#ifndef ALLIANCE_SERVICES_CTL_CTL_TESTING_H_
#define ALLIANCE_SERVICES_CTL_CTL_TESTING_H_

#include <deque>
#include <string>
#include <vector>

#include "services/ctl/commands.h"

namespace alliance::ctl {

struct Said {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs alliancectl with these words; `input` is standard input, line by line.
inline Said Ctl(const std::vector<std::string>& words, std::deque<std::string> input = {}) {
  Said said;
  const Io io{
      .read_line = [&]() -> std::optional<std::string> {
        if (input.empty()) return std::nullopt;
        std::string line = input.front();
        input.pop_front();
        return line;
      },
      .out = [&](std::string_view text) { said.out += text; },
      .err = [&](std::string_view text) { said.err += text; },
  };
  said.code = RunCommand(AllCommands(), words, io);
  return said;
}

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_CTL_TESTING_H_
