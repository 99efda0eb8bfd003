// For tests: prints read back with programs that are not ours.

#ifndef ALLIANCE_COMMON_PRINT_TEST_READER_H_
#define ALLIANCE_COMMON_PRINT_TEST_READER_H_

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::print_testing {

struct Ran {
  int exit_code = -1;
  std::string out;
};

// Runs a program of the PATH without a shell and takes its standard output.
inline Ran Run(std::vector<std::string> command) {
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends = {-1, -1};
  EXPECT_EQ(pipe(ends.data()), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  pid_t pid = -1;
  const int spawned = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  EXPECT_EQ(spawned, 0) << command[0] << " is missing: deploy/packages.txt, [test]";
  Ran ran;
  std::array<char, 4096> buffer;
  for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
    ran.out.append(buffer.data(), static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  if (spawned == 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)) {
    ran.exit_code = WEXITSTATUS(status);
  }
  return ran;
}

inline std::string RunWell(const std::vector<std::string>& command) {
  Ran ran = Run(command);
  EXPECT_EQ(ran.exit_code, 0) << command[0];
  return ran.out;
}

// Blanks and line ends are the layout's; what was said is the rest.
inline std::string Squeezed(std::string_view text) {
  constexpr std::array<std::string_view, 5> kBlanks = {" ", "\n", "\f", "\u3000", "\u00a0"};
  std::string out;
  while (!text.empty()) {
    size_t skip = 0;
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) skip = blank.size();
    }
    if (skip == 0) out += text.front();
    text.remove_prefix(skip == 0 ? 1 : skip);
  }
  return out;
}

// The words of a PDF file in the order in which they were drawn.
inline std::string TextOfFile(const std::string& path) {
  return Squeezed(RunWell({"pdftotext", "-raw", "-enc", "UTF-8", path, "-"}));
}

}  // namespace alliance::print_testing

#endif  // ALLIANCE_COMMON_PRINT_TEST_READER_H_
