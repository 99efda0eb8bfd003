// Ed25519 signatures with keys from files: caller tokens, receipts, audit checkpoints.
//
//   RETURN_IF_ERROR(GenerateKeyFiles("audit.key", "audit.pub"));
//   ASSIGN_OR_RETURN(Signer signer, Signer::Load("audit.key"));
//   ASSIGN_OR_RETURN(Verifier verifier, Verifier::Load("audit.pub"));
//   verifier.Verify(signer.key_id(), message, signer.Sign(message));
//
// A public file may hold several keys, one a line: during a change of keys the old one stays in it,
// and what it signed still verifies.

#ifndef ALLIANCE_COMMON_CRYPTO_SIGNING_H_
#define ALLIANCE_COMMON_CRYPTO_SIGNING_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace alliance::crypto {

inline constexpr size_t kSignatureBytes = 64;

// Makes a key pair. The private file gets mode 0600, the public one 0644. An existing file is never
// overwritten: that is an ALREADY_EXISTS error.
absl::Status GenerateKeyFiles(const std::string& private_path, const std::string& public_path);

class Signer {
 public:
  // Refuses a file that group or others may read.
  static absl::StatusOr<Signer> Load(const std::string& private_path);

  ~Signer();
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;

  // 64 raw bytes. Thread-safe.
  std::string Sign(std::string_view message) const;

  // 16 hexadecimal characters that name the key: the start of the public key's SHA-256.
  const std::string& key_id() const { return key_id_; }

 private:
  Signer(std::string secret, std::string key_id);

  std::string secret_;
  std::string key_id_;
};

class Verifier {
 public:
  static absl::StatusOr<Verifier> Load(const std::string& public_path);

  // True when the key named `key_id` signed exactly these bytes. An unknown key is false.
  // Thread-safe.
  bool Verify(std::string_view key_id, std::string_view message, std::string_view signature) const;

 private:
  explicit Verifier(std::map<std::string, std::string, std::less<>> keys)
      : keys_(std::move(keys)) {}

  std::map<std::string, std::string, std::less<>> keys_;  // key id -> 32 bytes
};

}  // namespace alliance::crypto

#endif  // ALLIANCE_COMMON_CRYPTO_SIGNING_H_
