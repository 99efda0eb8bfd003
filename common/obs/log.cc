#include "common/obs/log.h"

#include <unistd.h>

#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/str.h"
#include "common/base/text.h"

namespace alliance::obs {
namespace {

struct Settings {
  std::string service = "-";
  Level least = Level::kInfo;
};
// Written once at start, before any other thread exists.
Settings& TheSettings() {
  static Settings& settings = *new Settings;
  return settings;
}

// Of one value: a client's megabyte is no line of ours.
constexpr size_t kLongestValue = 4 << 10;

constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};

}  // namespace

std::string JsonEscaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> c = base::TakeCodePoint(text);
    if (!c) {
      text.remove_prefix(1);  // one byte that is no character
      out += "\\ufffd";
    } else if (*c == '"' || *c == '\\') {
      out += {'\\', static_cast<char>(*c)};
    } else if (*c == '\n') {
      out += "\\n";
    } else if (*c < 0x20 || (*c >= 0x7f && *c < 0xa0)) {  // C0, DEL and C1 steer terminals
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(*c));
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

void SetLog(std::string_view service, Level least) {
  TheSettings() = {std::string(service), least};
}

void Log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
  const Settings& settings = TheSettings();
  if (level < settings.least) return;
  std::string line = base::StrCat(
      "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()),
      "\",\"level\":\"", kLevels[static_cast<int>(level)], "\",\"service\":\"",
      JsonEscaped(settings.service), "\",\"event\":\"", JsonEscaped(event), "\"");
  for (const LogField& field : fields) {
    base::StrAppend(&line, ",\"", field.key, "\":");
    if (field.number) {
      base::StrAppend(&line, field.text);
    } else {
      const std::string_view text = field.text;
      base::StrAppend(&line, "\"", JsonEscaped(text.substr(0, kLongestValue)),
                      text.size() > kLongestValue ? "…\"" : "\"");
    }
  }
  line += "}\n";
  // One write keeps lines of several threads whole; a log that cannot be written must not stop
  // work.
  [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace alliance::obs
