#include "common/obs/log.h"

#include <unistd.h>

#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/str.h"

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

constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};

}  // namespace

std::string JsonEscaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (unsigned char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        if (c < 0x20 || c == 0x7f) {
          absl::StrAppendFormat(&out, "\\u%04x", c);
        } else {
          out.push_back(static_cast<char>(c));
        }
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
      base::StrAppend(&line, "\"", JsonEscaped(field.text), "\"");
    }
  }
  line += "}\n";
  // One write keeps lines of several threads whole; a log that cannot be written must not stop
  // work.
  [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace alliance::obs
