// Certificates are checked before the start, with one line that names the file.

#include "common/rpc/tls.h"

#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "common/rpc/call.h"
#include "common/testing/certs.h"
#include "gtest/gtest.h"

namespace alliance::rpc {
namespace {

config::v1::Tls TlsOf(const testing_certs::Files& files) {
  config::v1::Tls tls;
  tls.set_cert_file(files.cert_file);
  tls.set_key_file(files.key_file);
  tls.set_ca_file(files.ca_file);
  return tls;
}

std::string Refusal(const config::v1::Tls& tls) {
  return std::string(CheckTlsFiles(tls).message());
}

TEST(TlsFiles, GoodOnesPassAndEachBadOneIsNamed) {
  testing_certs::Authority authority;
  testing_certs::Authority stranger;
  const config::v1::Tls good = TlsOf(authority.Issue("alliance://services/filing"));
  EXPECT_TRUE(CheckTlsFiles(good).ok()) << CheckTlsFiles(good);

  config::v1::Tls missing = good;
  missing.set_cert_file(authority.folder() + "/none.pem");
  EXPECT_NE(Refusal(missing).find("none.pem: cannot be opened"), std::string::npos)
      << Refusal(missing);

  const std::string garbage_path = authority.folder() + "/garbage.pem";
  std::ofstream(garbage_path) << "not a certificate";
  config::v1::Tls garbage = good;
  garbage.set_cert_file(garbage_path);
  EXPECT_NE(Refusal(garbage).find("is not a PEM certificate"), std::string::npos)
      << Refusal(garbage);

  config::v1::Tls other_key = good;
  other_key.set_key_file(authority.Issue("alliance://services/filing").key_file);
  EXPECT_NE(Refusal(other_key).find("does not belong to"), std::string::npos) << Refusal(other_key);

  config::v1::Tls other_authority = good;
  other_authority.set_ca_file(stranger.folder() + "/ca.pem");
  EXPECT_FALSE(CheckTlsFiles(other_authority).ok());

  const config::v1::Tls expired =
      TlsOf(authority.Issue("alliance://services/filing", -absl::Minutes(5)));
  EXPECT_NE(Refusal(expired).find("expired"), std::string::npos) << Refusal(expired);

  EXPECT_FALSE(CheckTlsFiles(config::v1::Tls()).ok());
}

TEST(TlsFiles, TheCertificateSaysWhenItEnds) {
  testing_certs::Authority authority;
  config::v1::Tls tls = TlsOf(authority.Issue("alliance://services/filing", absl::Hours(24)));
  const absl::StatusOr<absl::Time> expiry = CertificateExpiry(tls);
  ASSERT_TRUE(expiry.ok()) << expiry.status();
  EXPECT_GT(*expiry, absl::Now() + absl::Hours(22));
  EXPECT_LT(*expiry, absl::Now() + absl::Hours(25));
  tls.set_cert_file(tls.key_file());
  EXPECT_FALSE(CertificateExpiry(tls).ok());
}

TEST(Trace, ContinuesAWellFormedParentOnly) {
  const Trace trace = Trace::Continue("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(trace.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(trace.span_id, "b7ad6b7169203331") << "our span is our own";
  EXPECT_EQ(Trace::Continue(trace.Parent()).trace_id, trace.trace_id);
  for (const char* bad : {"", "00", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                          "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                          "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 "}) {
    const Trace fresh = Trace::Continue(bad);
    EXPECT_EQ(fresh.trace_id.size(), 32u) << bad;
    EXPECT_NE(fresh.trace_id, "0af7651916cd43dd8448eb211c80319c") << bad;
  }
}

}  // namespace
}  // namespace alliance::rpc
