// Both ends of alliance.events.v1.EventService: the inbox that peers deliver to, and the sender of
// our own outbox.

#ifndef ALLIANCE_COMMON_PROCESS_EVENT_SERVICE_H_
#define ALLIANCE_COMMON_PROCESS_EVENT_SERVICE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "common/act/event_inbox.h"
#include "common/outbox/relay.h"
#include "common/rpc/serve.h"
#include "grpcpp/impl/codegen/service_type.h"

namespace alliance::process {

// `serve` outlives the service. Only services of the suite may call it.
std::unique_ptr<grpc::Service> MakeEventService(rpc::Serve& serve,
                                                std::unique_ptr<act::EventInbox> inbox);

// Delivers outbox messages to those of the configured peers that are destinations.
class EventSender {
 public:
  EventSender(const config::v1::Config& config, const std::vector<std::string>& destinations);
  ~EventSender();

  bool Knows(const std::string& destination) const { return peers_.contains(destination); }
  absl::Status Send(const outbox::Message& message, absl::Time deadline) const;

 private:
  struct Peer;
  std::map<std::string, std::unique_ptr<Peer>> peers_;
};

}  // namespace alliance::process

#endif  // ALLIANCE_COMMON_PROCESS_EVENT_SERVICE_H_
