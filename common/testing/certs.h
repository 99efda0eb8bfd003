// Certificates for tests: an authority and leaves with URI names, made in milliseconds.
//
//   testing_certs::Authority authority;
//   config::v1::Tls gateway = authority.Issue("alliance://services/gateway");

#ifndef ALLIANCE_COMMON_TESTING_CERTS_H_
#define ALLIANCE_COMMON_TESTING_CERTS_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace alliance::testing_certs {

// PEM files of one identity.
struct Files {
  std::string cert_file;
  std::string key_file;
  std::string ca_file;
};

class Authority {
 public:
  Authority();
  ~Authority();  // removes its folder

  // A leaf with this URI, and localhost and 127.0.0.1 as names; valid from an hour ago for `life`.
  // A negative life gives one that has expired.
  Files Issue(std::string_view uri, absl::Duration life = absl::Hours(24));

  const std::string& folder() const { return folder_; }

 private:
  struct State;
  std::string folder_;
  std::unique_ptr<State> state_;
  int serial_ = 1;
};

}  // namespace alliance::testing_certs

#endif  // ALLIANCE_COMMON_TESTING_CERTS_H_
