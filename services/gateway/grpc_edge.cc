#include "services/gateway/grpc_edge.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
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

// One call. gRPC keeps the reactor until Finish, which is called exactly once, and then OnDone.
class Passage : public grpc::ServerGenericBidiReactor {
 public:
  Passage(Gate& gate, grpc::GenericCallbackServerContext& context, const Method& method,
          absl::Duration longest)
      : gate_(gate), context_(context) {
    request_ = gate.Begin(method, "grpc", SourceOfPeer(context.peer()),
                          rpc::Trace::Continue(MetadataOf(context, "traceparent")),
                          std::min(absl::FromChrono(context.deadline()), absl::Now() + longest));
    request_->session = SessionOf(context);
    request_->certificate_uri = rpc::PeerUri(*context.auth_context());
  }

  // After it `this` may be gone.
  void Start() {
    gate_.Admit(request_, [this](const absl::Status& status) {
      if (!status.ok()) return End(rpc::ToWire(status));
      Admitted();
    });
  }

  void OnDone() override { delete this; }

 protected:
  virtual void Admitted() = 0;

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

  // The message that has been read; the buffer stays as it is.
  std::string Message() const {
    std::string bytes;
    std::vector<grpc::Slice> slices;
    if (in_.Dump(&slices).ok()) {
      for (const grpc::Slice& slice : slices) {
        bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
      }
    }
    return bytes;
  }

  Gate& gate_;
  grpc::GenericCallbackServerContext& context_;
  RequestPtr request_;
  grpc::ByteBuffer in_;

 private:
  grpc::ByteBuffer out_;
};

class UnaryPassage final : public Passage {
 public:
  UnaryPassage(Gate& gate, grpc::GenericCallbackServerContext& context, const Method& method)
      : Passage(gate, context, method, kLongestCall) {}

  void Admitted() override { StartRead(&in_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      return End(rpc::ToWire(
          BadRequest("", "NO_MESSAGE", "请求中没有消息。", "The call carries no message.")));
    }
    request_->body = Message();
    in_.Clear();
    if (absl::Status status = request_->method->CheckRequest(request_->body); !status.ok()) {
      return End(rpc::ToWire(status));
    }
    gate_.Run(request_, [this](Answer answer) { Answered(std::move(answer)); });
  }
};

// One call whose request comes in many messages. Each is read when the one before has gone on. Once
// the way to the service is open, the call ends when the service's does, and not otherwise: so
// nothing here is used after OnDone. A client that goes away ends the service's call.
//
// gRPC tells the end of the client's messages and a broken connection apart by IsCancelled only,
// which may come a moment late. Hence a method that takes a stream must know by its content when it
// is whole, as UploadPaper does by its digest.
class StreamPassage final : public Passage {
 public:
  StreamPassage(Gate& gate, grpc::GenericCallbackServerContext& context, const Method& method)
      : Passage(gate, context, method, kLongestStream) {}

  void Admitted() override {
    auto opened = gate_.Open(
        request_, [this] { StartRead(&in_); },
        [this](Answer answer) {
          {
            absl::MutexLock lock(&mutex_);
            if (!refusal_.ok()) answer = {.status = rpc::ToWire(refusal_)};
          }
          Answered(std::move(answer));
        });
    if (!opened.ok()) return End(rpc::ToWire(opened.status()));
    const std::shared_ptr<UpStream> stream = *opened;
    bool cancelled = false;
    {
      absl::MutexLock lock(&mutex_);
      stream_ = stream;
      cancelled = cancelled_;
    }
    if (cancelled) stream->Cancel();
    StartRead(&in_);
    stream->Start();
  }

  void OnReadDone(bool ok) override {
    const std::shared_ptr<UpStream> stream = Opened();
    if (!ok) return context_.IsCancelled() ? stream->Cancel() : stream->WritesDone();
    if (absl::Status status = request_->method->CheckRequest(Message()); !status.ok()) {
      {
        absl::MutexLock lock(&mutex_);
        refusal_ = status;
      }
      return stream->Cancel();
    }
    grpc::ByteBuffer message;
    message.Swap(&in_);
    stream->Write(std::move(message));
  }

  void OnCancel() override {
    std::shared_ptr<UpStream> stream;
    {
      absl::MutexLock lock(&mutex_);
      cancelled_ = true;
      stream = stream_;
    }
    if (stream != nullptr) stream->Cancel();
  }

 private:
  std::shared_ptr<UpStream> Opened() {
    absl::MutexLock lock(&mutex_);
    return stream_;
  }

  absl::Mutex mutex_;
  std::shared_ptr<UpStream> stream_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status refusal_ ABSL_GUARDED_BY(mutex_);
};

// A call of something that is not public.
class Nothing final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Nothing(std::string_view method) {
    Finish(rpc::ToWire(Refuse(Reason::kNoSuchMethod, {{"method", method.substr(0, 200)}})));
  }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* GrpcEdge::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const Method* method = gate_.Find(context->method());
  if (method == nullptr) return new Nothing(context->method());
  Passage* passage = method->takes_stream()
                         ? static_cast<Passage*>(new StreamPassage(gate_, *context, *method))
                         : new UnaryPassage(gate_, *context, *method);
  passage->Start();
  return passage;
}

}  // namespace alliance::gateway
