#include "common/act/page.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"

namespace alliance::act {
namespace {

using domain::Reason;
using domain::Refuse;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;
constexpr size_t kFingerprint = 8;

std::string Fingerprint(const rpc::Call& call, std::string_view filter) {
  crypto::Sha256Hasher hasher;
  hasher.AddField(call.method);
  hasher.AddField(call.caller.account);
  hasher.AddField(filter);
  return hasher.Finish().substr(0, kFingerprint);
}

}  // namespace

absl::StatusOr<Page> ReadPage(const rpc::Call& call, std::string_view filter, int32_t page_size,
                              std::string_view page_token) {
  if (page_size < 0) {
    return Refuse(Reason::kInvalidRequest, {},
                  {{.field = "page_size",
                    .reason = "NEGATIVE",
                    .zh = "不得为负数",
                    .en = "must not be negative"}});
  }
  Page page{.limit = page_size == 0 ? kDefaultPage : std::min(page_size, kLargestPage)};
  if (page_token.empty()) return page;
  std::string token;
  if (!absl::WebSafeBase64Unescape(base::Absl(page_token), &token) ||
      token.size() <= kFingerprint || token.substr(0, kFingerprint) != Fingerprint(call, filter)) {
    return Refuse(Reason::kPageTokenInvalid);
  }
  page.after = token.substr(kFingerprint);
  return page;
}

std::string PageToken(const rpc::Call& call, std::string_view filter, std::string_view last_key) {
  return absl::WebSafeBase64Escape(base::StrCat(Fingerprint(call, filter), last_key));
}

std::string FormatKey(const TimeKey& key) {
  return base::StrCat(absl::ToUnixMicros(key.time), "/", key.id);
}

absl::StatusOr<TimeKey> ParseTimeKey(std::string_view key) {
  const size_t slash = key.find('/');
  int64_t micros = 0;
  if (slash == std::string_view::npos ||
      !absl::SimpleAtoi(base::Absl(key.substr(0, slash)), &micros) ||
      !base::IsUuid(key.substr(slash + 1))) {
    return Refuse(Reason::kPageTokenInvalid);
  }
  return TimeKey{.time = absl::FromUnixMicros(micros), .id = std::string(key.substr(slash + 1))};
}

}  // namespace alliance::act
