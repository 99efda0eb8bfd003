// Log: one JSON object per line on standard error, for machines and for people with jq.
//
//   obs::Log(obs::Level::kInfo, "started", {{"service", "filing"}, {"port", "7101"}});
//
// Never log form content, phone numbers, tokens or passwords: name the case instead.

#ifndef ALLIANCE_COMMON_OBS_LOG_H_
#define ALLIANCE_COMMON_OBS_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/str.h"

namespace alliance::obs {

enum class Level { kDebug, kInfo, kWarning, kError };

struct LogField {
  LogField(std::string_view key, std::string_view value) : key(key), text(value) {}
  LogField(std::string_view key, const std::string& value) : key(key), text(value) {}
  LogField(std::string_view key, const char* value) : key(key), text(value) {}
  LogField(std::string_view key, int64_t value)
      : key(key), text(base::StrCat(value)), number(true) {}
  LogField(std::string_view key, int value) : LogField(key, int64_t{value}) {}
  std::string_view key;
  std::string text;
  bool number = false;
};

// Writes one line: time (UTC, microseconds), level, service, event, then the fields, each cut at
// 4 KiB.
void Log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});

// Set once at start; below it nothing is written. The service name stands on every line.
void SetLog(std::string_view service, Level least);

// `text` as the inside of a JSON string, whatever bytes it is: what is not UTF-8 becomes U+FFFD.
std::string JsonEscaped(std::string_view text);

}  // namespace alliance::obs

#endif  // ALLIANCE_COMMON_OBS_LOG_H_
