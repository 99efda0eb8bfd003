// alliancectl: the operator's command line. See commands.cc for what it can do.

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "services/ctl/commands.h"

namespace {

std::optional<std::string> ReadLine() {
  std::string line;
  int c = 0;
  while ((c = std::getchar()) != EOF && c != '\n') line.push_back(static_cast<char>(c));
  if (c == EOF && line.empty()) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void Write(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
}

}  // namespace

int main(int argc, char** argv) {
  const alliance::ctl::Io io{
      .read_line = ReadLine,
      .out = [](std::string_view text) { Write(stdout, text); },
      .err =
          [](std::string_view text) {
            std::fflush(stdout);  // one file may take both
            Write(stderr, text);
          },
  };
  const int code = alliance::ctl::RunCommand(alliance::ctl::AllCommands(),
                                             std::vector<std::string>(argv + 1, argv + argc), io);
  // A full disk or a closed pipe must not look like success.
  if (std::fflush(stdout) != 0 && code == 0) return 1;
  return code;
}
