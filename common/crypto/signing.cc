#include "common/crypto/signing.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/crypto/key_file.h"

namespace alliance::crypto {
namespace {

// "<tag> <hexadecimal key>", one a line; lines that start with # are comments.
constexpr std::string_view kPrivateTag = "ed25519-private";
constexpr std::string_view kPublicTag = "ed25519-public";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string KeyId(std::string_view public_key) { return Hex(Sha256(public_key)).substr(0, 16); }

absl::Status WriteNewFile(const std::string& path, std::string_view text, mode_t mode) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) {
    const std::string why = base::StrCat(path, ": ", std::strerror(errno));
    return errno == EEXIST ? absl::AlreadyExistsError(why) : absl::UnavailableError(why);
  }
  const bool ok = fchmod(fd, mode) == 0 &&
                  write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                  fsync(fd) == 0;
  const int error = errno;
  close(fd);
  if (ok) return absl::OkStatus();
  unlink(path.c_str());
  return absl::UnavailableError(base::StrCat(path, ": ", std::strerror(error)));
}

// The keys of a file: every line must be "<tag> <hexadecimal key of `bytes` bytes>".
absl::StatusOr<std::vector<std::string>> ReadKeys(const std::string& path, std::string_view tag,
                                                  size_t bytes) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(base::StrCat("cannot read key file ", path));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> keys;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    std::optional<std::string> key;
    if (words.size() == 2 && base::Std(words[0]) == tag) key = Unhex(base::Std(words[1]));
    if (!key.has_value() || key->size() != bytes) {
      return absl::InvalidArgumentError(
          base::StrCat("key file ", path, " has a line that is not \"", tag, " <key>\""));
    }
    keys.push_back(*std::move(key));
  }
  if (keys.empty()) return absl::InvalidArgumentError(base::StrCat("key file ", path, " is empty"));
  return keys;
}

}  // namespace

absl::Status GenerateKeyFiles(const std::string& private_path, const std::string& public_path) {
  if (sodium_init() < 0) return absl::InternalError("libsodium does not start");
  std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_keypair(Bytes(public_key), Bytes(secret));
  std::string private_text = base::StrCat(kPrivateTag, " ", Hex(secret), "\n");
  absl::Status status = WriteNewFile(private_path, private_text, 0600);
  sodium_memzero(private_text.data(), private_text.size());
  sodium_memzero(secret.data(), secret.size());
  if (!status.ok()) return status;
  status = WriteNewFile(public_path, base::StrCat(kPublicTag, " ", Hex(public_key), "\n"), 0644);
  if (!status.ok()) unlink(private_path.c_str());
  return status;
}

absl::StatusOr<Signer> Signer::Load(const std::string& private_path) {
  if (sodium_init() < 0) return absl::InternalError("libsodium does not start");
  struct stat file {};
  if (stat(private_path.c_str(), &file) == 0 &&
      KeyFileIsOpen(file.st_mode, file.st_uid == 0 && geteuid() != 0)) {
    return absl::PermissionDeniedError(
        base::StrCat("key file ", private_path, " is open to others: chmod 600"));
  }
  absl::StatusOr<std::vector<std::string>> keys =
      ReadKeys(private_path, kPrivateTag, crypto_sign_SECRETKEYBYTES);
  if (!keys.ok()) return keys.status();
  if (keys->size() != 1) {
    return absl::InvalidArgumentError(base::StrCat("key file ", private_path, " has two keys"));
  }
  std::string& secret = keys->front();
  std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  crypto_sign_ed25519_sk_to_pk(Bytes(public_key), Bytes(std::string_view(secret)));
  return Signer(std::move(secret), KeyId(public_key));
}

Signer::Signer(std::string secret, std::string key_id)
    : secret_(std::move(secret)), key_id_(std::move(key_id)) {}

Signer::~Signer() { sodium_memzero(secret_.data(), secret_.size()); }
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

std::string Signer::Sign(std::string_view message) const {
  std::string signature(kSignatureBytes, '\0');
  crypto_sign_detached(Bytes(signature), nullptr, Bytes(message), message.size(),
                       Bytes(std::string_view(secret_)));
  return signature;
}

absl::StatusOr<Verifier> Verifier::Load(const std::string& public_path) {
  if (sodium_init() < 0) return absl::InternalError("libsodium does not start");
  absl::StatusOr<std::vector<std::string>> keys =
      ReadKeys(public_path, kPublicTag, crypto_sign_PUBLICKEYBYTES);
  if (!keys.ok()) return keys.status();
  std::map<std::string, std::string, std::less<>> by_id;
  for (std::string& key : *keys) by_id[KeyId(key)] = std::move(key);
  return Verifier(std::move(by_id));
}

bool Verifier::Verify(std::string_view key_id, std::string_view message,
                      std::string_view signature) const {
  const auto key = keys_.find(key_id);
  return key != keys_.end() && signature.size() == kSignatureBytes &&
         crypto_sign_verify_detached(Bytes(signature), Bytes(message), message.size(),
                                     Bytes(std::string_view(key->second))) == 0;
}

}  // namespace alliance::crypto
