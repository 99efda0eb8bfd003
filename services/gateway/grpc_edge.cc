#include "services/gateway/grpc_edge.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"
#include "services/gateway/connect.h"
#include "services/gateway/problem.h"
#include "services/gateway/source.h"

namespace alliance::gateway {
namespace {

using domain::Reason;
using domain::Refuse;

std::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

std::string_view MetadataOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  return found == context.client_metadata().end() ? "" : View(found->second);
}

// Two headers, or another scheme, are credentials of a wrong shape: the empty token.
std::optional<std::string> SessionOf(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  if (first == last) return std::nullopt;
  if (std::next(first) != last) return "";
  return BearerOf(View(first->second)).value_or("");
}

// One unary call. gRPC keeps the reactor until Finish, which is called exactly once, and then
// OnDone.
class Passage final : public grpc::ServerGenericBidiReactor {
 public:
  Passage(Gate& gate, grpc::GenericCallbackServerContext& context)
      : gate_(gate), context_(context) {
    const Method* method = gate.Find(context.method());
    if (method == nullptr) {
      Finish(rpc::ToWire(
          Refuse(Reason::kNoSuchMethod, {{"method", context.method().substr(0, 200)}})));
      return;
    }
    const absl::Time latest = absl::Now() + kLongestCall;
    request_ = gate.Begin(*method, "grpc", SourceOfPeer(context.peer()),
                          rpc::Trace::Continue(MetadataOf(context, "traceparent")),
                          std::min(absl::FromChrono(context.deadline()), latest));
    request_->session = SessionOf(context);
    request_->certificate_uri = rpc::PeerUri(*context.auth_context());
    gate_.Admit(request_, [this](const absl::Status& status) {
      if (!status.ok()) return End(rpc::ToWire(status));
      StartRead(&in_);
    });
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      return End(rpc::ToWire(
          BadRequest("", "NO_MESSAGE", "请求中没有消息。", "The call carries no message.")));
    }
    std::vector<grpc::Slice> slices;
    if (in_.Dump(&slices).ok()) {
      for (const grpc::Slice& slice : slices) {
        request_->body.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
      }
    }
    in_.Clear();
    if (absl::Status status = request_->method->CheckRequest(request_->body); !status.ok()) {
      return End(rpc::ToWire(status));
    }
    gate_.Run(request_, [this](Answer answer) { Answered(std::move(answer)); });
  }

  void OnDone() override { delete this; }

 private:
  void Answered(Answer answer) {
    for (const auto& [key, value] : answer.leading) {
      if (IsForwarded(key)) context_.AddInitialMetadata(key, value);
    }
    for (const auto& [key, value] : answer.trailing) {
      if (IsForwarded(key)) context_.AddTrailingMetadata(key, value);
    }
    if (!answer.status.ok()) return End(answer.status);
    const grpc::Slice slice(answer.body);
    out_ = grpc::ByteBuffer(&slice, 1);
    gate_.Record(*request_, answer.status);
    StartWriteAndFinish(&out_, grpc::WriteOptions(), grpc::Status::OK);
  }

  void End(const grpc::Status& status) {
    gate_.Record(*request_, status);
    Finish(status);
  }

  Gate& gate_;
  grpc::GenericCallbackServerContext& context_;
  RequestPtr request_;
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
};

}  // namespace

grpc::ServerGenericBidiReactor* GrpcEdge::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  return new Passage(gate_, *context);
}

}  // namespace alliance::gateway
