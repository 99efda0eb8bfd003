// For tests: one service behind Serve and real mutual TLS, and callers with and without the
// gateway's word for them.

#ifndef ALLIANCE_COMMON_RPC_SERVE_FIXTURE_H_
#define ALLIANCE_COMMON_RPC_SERVE_FIXTURE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/str.h"
#include "common/crypto/signing.h"
#include "common/rpc/client.h"
#include "common/rpc/serve.h"
#include "common/rpc/server.h"
#include "common/rpc/token.h"
#include "common/testing/certs.h"
#include "gtest/gtest.h"

namespace alliance::rpc {

class ServeFixture : public ::testing::Test {
 protected:
  static constexpr char kService[] = "filing";
  static constexpr char kTraceparent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  // Before the service, which is the test's own and goes first.
  void TearDown() override { server_.reset(); }

  // The gateway's key for callers, and its public half.
  void MakeKey() {
    const std::string key = authority_.folder() + "/caller.key";
    ASSERT_TRUE(crypto::GenerateKeyFiles(key, key + ".pub").ok());
    signer_ = std::make_unique<crypto::Signer>(*crypto::Signer::Load(key));
    verifier_ = std::make_shared<crypto::Verifier>(*crypto::Verifier::Load(key + ".pub"));
  }

  // Makes the key and `serve_`, which the service is made with; then Listen.
  void MakeServe(int workers, int queue_limit) {
    MakeKey();
    serve_ = std::make_unique<Serve>(ServeOptions{.service = kService,
                                                  .caller_key = verifier_,
                                                  .peers = {"review"},
                                                  .workers = workers,
                                                  .queue_limit = queue_limit});
  }
  void Listen(grpc::Service* service) {
    auto server = Server::Start({.address = "127.0.0.1:0",
                                 .tls = TlsOf(base::StrCat("alliance://services/", kService)),
                                 .name = kService},
                                {service});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  static config::v1::Tls TlsOf(const testing_certs::Files& files) {
    config::v1::Tls tls;
    tls.set_cert_file(files.cert_file);
    tls.set_key_file(files.key_file);
    tls.set_ca_file(files.ca_file);
    return tls;
  }
  config::v1::Tls TlsOf(std::string_view uri) { return TlsOf(authority_.Issue(uri)); }
  std::string Address() const { return base::StrCat("127.0.0.1:", server_->port()); }
  std::shared_ptr<grpc::Channel> ChannelAs(std::string_view uri) {
    return Connect(Address(), TlsOf(uri));
  }

  std::string TokenFor(std::string_view account, std::string_view audience, std::string_view method,
                       absl::Time at = absl::Now()) {
    return SignCaller(
        *signer_,
        {.account = std::string(account), .role = domain::Role::kRecommender, .region = "210200"},
        audience, method, at);
  }
  // A call of `timeout`; an empty token is none.
  static void Equip(grpc::ClientContext& context, absl::Duration timeout,
                    const std::string& token) {
    Prepare(context, absl::Now() + timeout, kTraceparent);
    if (!token.empty()) context.AddMetadata(kCallerMetadata, token);
  }

  testing_certs::Authority authority_;
  std::unique_ptr<crypto::Signer> signer_;
  std::shared_ptr<crypto::Verifier> verifier_;
  std::unique_ptr<Serve> serve_;
  std::unique_ptr<Server> server_;
};

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_SERVE_FIXTURE_H_
