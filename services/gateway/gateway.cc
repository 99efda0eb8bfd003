#include "services/gateway/gateway.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/obs/log.h"
#include "common/rpc/client.h"

namespace alliance::gateway {
namespace {

constexpr int kWorkQueue = 512;
// No call lives longer than this, whatever its client does (kLongestCall).
constexpr absl::Duration kLastCall = absl::Seconds(35);
constexpr absl::Duration kLastAnswer = absl::Seconds(3);

}  // namespace

absl::StatusOr<Channels> ConnectPeers(const config::v1::Config& config) {
  Channels channels;
  for (int i = 0; i < kBackendCount; ++i) {
    const Backend backend = static_cast<Backend>(i);
    if (backend == Backend::kGateway) continue;
    for (const config::v1::Peer& peer : config.peers()) {
      if (peer.name() == NameOf(backend)) channels[i] = rpc::Connect(peer.address(), config.tls());
    }
    if (channels[i] == nullptr) {
      return absl::InvalidArgumentError(
          base::StrCat("configuration: peers has no address for ", NameOf(backend)));
    }
  }
  return channels;
}

GatewayOptions OptionsOf(const config::v1::Config& config) {
  GatewayOptions options;
  options.http.address = config.gateway().http_address();
  options.http.allowed_origins = {config.gateway().allowed_origins().begin(),
                                  config.gateway().allowed_origins().end()};
  if (config.gateway().body_limit_bytes() > 0) {
    options.http.body_limit = config.gateway().body_limit_bytes();
  }
  if (config.workers() > 0) options.workers = config.workers();
  return options;
}

std::vector<v1::Office> DirectoryOf(const rules::Pack& pack) {
  std::vector<v1::Office> offices;
  for (const auto& in : pack.proto().offices()) {
    v1::Office& office = offices.emplace_back();
    office.set_position(static_cast<int>(offices.size()));
    office.set_office_name(in.office_name());
    office.set_place(in.place());
    office.set_contact(in.contact());
    office.set_phone(ShownPhone(in.phone()));
    office.set_region(in.region());
  }
  return offices;
}

Gateway::Gateway(GatewayOptions options, db::Pool& pool, const base::Clock& legal_clock,
                 Channels channels, crypto::Signer signer, std::unique_ptr<Methods> methods,
                 std::vector<v1::Office> offices)
    : methods_(std::move(methods)),
      identities_(pool, workers_, options.now),
      service_({.pool = pool,
                .identities = identities_,
                .legal_clock = legal_clock,
                .now = options.now,
                .offices = std::move(offices),
                .login_limits = options.logins},
               workers_),
      forwarder_(std::move(channels), std::move(signer), options.forward),
      workers_(options.workers, kWorkQueue),
      gate_(*methods_, identities_, service_, forwarder_),
      grpc_edge_(gate_) {}

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(GatewayOptions options, db::Pool& pool,
                                                        const base::Clock& legal_clock,
                                                        Channels channels, crypto::Signer signer,
                                                        std::vector<v1::Office> offices) {
  ASSIGN_OR_RETURN(std::unique_ptr<Methods> methods, Methods::Make());
  const HttpOptions http = options.http;
  std::unique_ptr<Gateway> gateway(new Gateway(std::move(options), pool, legal_clock,
                                               std::move(channels), std::move(signer),
                                               std::move(methods), std::move(offices)));
  ASSIGN_OR_RETURN(gateway->http_, HttpEdge::Start(http, gateway->gate_));
  return gateway;
}

Gateway::~Gateway() { Stop(absl::ZeroDuration()); }

void Gateway::Stop(absl::Duration grace) {
  gate_.Close();
  if (http_ != nullptr) http_->Close();
  if (!gate_.WaitUntilIdle(grace)) {
    forwarder_.CancelAll();
    if (!gate_.WaitUntilIdle(kLastCall)) obs::Log(obs::Level::kError, "calls_left_at_the_end");
  }
  if (http_ != nullptr) http_->Stop(kLastAnswer);
}

}  // namespace alliance::gateway
