#include "common/process/event_service.h"

#include <algorithm>
#include <utility>

#include "alliance/events/v1/events.grpc.pb.h"
#include "common/rpc/bind.h"
#include "common/rpc/client.h"
#include "common/rpc/status.h"

namespace alliance::process {
namespace {

class Wire final : public rpc::Bound<events::v1::EventService, act::EventInbox> {
 public:
  using Bound::Bound;
  ALLIANCE_BIND_PEER(Deliver)
};

}  // namespace

struct EventSender::Peer {
  std::unique_ptr<events::v1::EventService::Stub> stub;
};

std::unique_ptr<grpc::Service> MakeEventService(rpc::Serve& serve,
                                                std::unique_ptr<act::EventInbox> inbox) {
  return std::make_unique<Wire>(serve, std::move(inbox));
}

EventSender::EventSender(const config::v1::Config& config,
                         const std::vector<std::string>& destinations) {
  for (const config::v1::Peer& peer : config.peers()) {
    if (std::find(destinations.begin(), destinations.end(), peer.name()) == destinations.end()) {
      continue;
    }
    peers_[peer.name()] = std::make_unique<Peer>(Peer{
        .stub = events::v1::EventService::NewStub(rpc::Connect(peer.address(), config.tls()))});
  }
}

EventSender::~EventSender() = default;

absl::Status EventSender::Send(const outbox::Message& message, absl::Time deadline) const {
  events::v1::DeliverRequest request;
  if (!request.mutable_event()->ParseFromString(message.payload)) {
    return absl::InternalError("an outbox payload cannot be read");
  }
  request.mutable_event()->set_sequence(message.seq);
  events::v1::DeliverResponse answer;
  grpc::ClientContext context;
  rpc::Prepare(context, deadline, message.traceparent);
  return rpc::FromWire(peers_.at(message.destination)->stub->Deliver(&context, request, &answer));
}

}  // namespace alliance::process
