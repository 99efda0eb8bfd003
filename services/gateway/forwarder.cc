#include "services/gateway/forwarder.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/status.h"
#include "grpcpp/support/client_callback.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

using domain::Reason;
using domain::Refuse;

// Kept back so that our answer still finds the client listening.
constexpr absl::Duration kAnswerTime = absl::Milliseconds(20);

prometheus::Gauge& InFlight() {
  static auto& gauge = obs::Gauge("gateway_forwards_in_flight", "Calls out at the services.");
  return gauge;
}
prometheus::Counter& Shed() {
  static auto& counter =
      obs::Counter("gateway_shed_total", "Calls refused because too many were out already.");
  return counter;
}

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToText(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return text;
  text.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

Metadata Copy(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Metadata copy;
  for (const auto& [key, value] : metadata) {
    copy.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return copy;
}

// What the client hears about a failed call. An error that the service made goes through as it is;
// one that gRPC made on the way has no details and gets the reason that fits.
grpc::Status Explained(const grpc::Status& status, std::string_view path, const rpc::Trace& trace) {
  if (status.ok()) return status;
  const absl::Status refusal = rpc::FromWire(status);
  const bool ours = domain::DetailsOf(refusal).has_value();
  // The client's login was good here: a service that does not believe us is our trouble, not his.
  const bool token_refused = status.error_code() == grpc::StatusCode::UNAUTHENTICATED;
  if (ours && !token_refused) return status;
  obs::Log(obs::Level::kWarning, "forward_failed",
           {{"method", std::string(path)},
            {"code", std::string(obs::CodeName(status.error_code()))},
            {"trace_id", trace.trace_id},
            {"cause", status.error_message()}});
  if (token_refused) return rpc::ToWire(Refuse(Reason::kInternal));
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return rpc::ToWire(Refuse(Reason::kPeerUnavailable, {{"peer", NameOf(BackendOf(path))}}));
  }
  return rpc::ToWire(refusal);
}

}  // namespace

struct Forwarder::Flight {
  RequestPtr request;
  std::string path;
  AnswerCallback done;
  grpc::ClientContext context;
  grpc::ByteBuffer out;
  grpc::ByteBuffer in;
};

Forwarder::Forwarder(Channels channels, crypto::Signer signer, ForwardLimits limits)
    : signer_(std::move(signer)), limits_(limits) {
  for (int i = 0; i < kBackendCount; ++i) {
    if (channels[i] != nullptr) stubs_[i] = std::make_unique<grpc::GenericStub>(channels[i]);
  }
}

Forwarder::~Forwarder() {
  CancelAll();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](int* unreturned) { return *unreturned == 0; }, &unreturned_));
}

int Forwarder::LimitOf(Kind kind) const {
  return kind == Kind::kRead ? limits_.reads : limits_.in_flight;
}

bool Forwarder::HasRoom(Kind kind) {
  {
    absl::MutexLock lock(&mutex_);
    if (in_flight_ < LimitOf(kind)) return true;
  }
  Shed().Increment();
  return false;
}

bool Forwarder::Reserve(Kind kind) {
  absl::MutexLock lock(&mutex_);
  if (in_flight_ >= LimitOf(kind)) return false;
  ++in_flight_;
  ++unreturned_;
  return true;
}

void Forwarder::Send(RequestPtr request, AnswerCallback done) {
  if (!Reserve(request->method->route().kind)) {
    Shed().Increment();
    return done({.status = rpc::ToWire(Refuse(Reason::kOverloaded))});
  }
  InFlight().Increment();
  const std::string_view path = request->method->route().path;
  Launch(std::move(request), path, std::move(done));
}

void Forwarder::Return(AnswerCallback done, Answer answer) {
  {
    absl::MutexLock lock(&mutex_);
    --in_flight_;
  }
  InFlight().Decrement();
  done(std::move(answer));
  done = nullptr;  // what it holds is let go before we say that all has come back
  absl::MutexLock lock(&mutex_);
  --unreturned_;
}

absl::StatusOr<grpc::GenericStub*> Forwarder::StubFor(const Request& request,
                                                      std::string_view path) {
  const Backend backend = BackendOf(path);
  grpc::GenericStub* stub = stubs_[static_cast<int>(backend)].get();
  if (stub == nullptr) return Refuse(Reason::kPeerUnavailable, {{"peer", NameOf(backend)}});
  if (absl::Now() + kAnswerTime >= request.deadline) return Refuse(Reason::kDeadline);
  return stub;
}

void Forwarder::Prepare(const Request& request, std::string_view path,
                        grpc::ClientContext& context) {
  rpc::Prepare(context, request.deadline - kAnswerTime, request.trace.Parent());
  context.AddMetadata(rpc::kCallerMetadata,
                      signer_.Sign(request.caller, NameOf(BackendOf(path)), path, absl::Now()));
}

void Forwarder::Register(grpc::ClientContext& context) {
  absl::MutexLock lock(&mutex_);
  calls_.insert(&context);
  if (cancelled_) context.TryCancel();
}

void Forwarder::Unregister(grpc::ClientContext& context) {
  absl::MutexLock lock(&mutex_);
  calls_.erase(&context);
}

void Forwarder::Launch(RequestPtr request, std::string_view path, AnswerCallback done) {
  const absl::StatusOr<grpc::GenericStub*> stub = StubFor(*request, path);
  if (!stub.ok()) return Return(std::move(done), {.status = rpc::ToWire(stub.status())});

  auto flight = std::make_unique<Flight>();
  flight->path = std::string(path);
  flight->done = std::move(done);
  flight->out = ToBuffer(request->body);
  Prepare(*request, path, flight->context);
  flight->request = std::move(request);
  Register(flight->context);
  Flight* raw = flight.get();
  (*stub)->UnaryCall(&raw->context, raw->path, grpc::StubOptions(), &raw->out, &raw->in,
                     [this, flight = flight.release()](const grpc::Status& status) {
                       Landed(std::unique_ptr<Flight>(flight), status);
                     });
}

void Forwarder::Landed(std::unique_ptr<Flight> flight, const grpc::Status& status) {
  Unregister(flight->context);
  const Route& route = flight->request->method->route();
  // Only the first answer may send it elsewhere, so two services that each think the other holds a
  // case cannot play ping-pong.
  if (!route.held_elsewhere.empty() && flight->path == route.path &&
      domain::RefusedFor(rpc::FromWire(status), Reason::kHeldElsewhere)) {
    return Launch(flight->request, route.held_elsewhere, std::move(flight->done));
  }
  Answer answer{.status = Explained(status, flight->path, flight->request->trace)};
  if (status.ok()) answer.body = ToText(flight->in);
  answer.leading = Copy(flight->context.GetServerInitialMetadata());
  answer.trailing = Copy(flight->context.GetServerTrailingMetadata());
  AnswerCallback done = std::move(flight->done);
  flight.reset();
  Return(std::move(done), std::move(answer));
}

// Kept alive by itself from Start to OnDone, and by whoever may still write.
class Forwarder::Stream final : public UpStream,
                                public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                                public std::enable_shared_from_this<Stream> {
 public:
  Stream(Forwarder& forwarder, RequestPtr request, std::function<void()> taken, AnswerCallback then)
      : forwarder_(forwarder),
        request_(std::move(request)),
        path_(request_->method->path()),
        taken_(std::move(taken)),
        then_(std::move(then)) {}

  void Prepare(grpc::GenericStub& stub) {
    forwarder_.Prepare(*request_, path_, context_);
    stub.PrepareBidiStreamingCall(&context_, path_, grpc::StubOptions(), this);
  }

  void Start() override {
    self_ = shared_from_this();
    forwarder_.Register(context_);
    AddHold();  // until the service has answered: until then Write may come from outside
    StartRead(&in_);
    StartCall();
  }

  void Write(grpc::ByteBuffer message) override {
    {
      absl::MutexLock lock(&mutex_);
      if (answered_) return;
      sent_bytes_ += static_cast<int64_t>(message.Length());
      if (sent_bytes_ <= forwarder_.limits_.stream_bytes) {
        out_.Swap(&message);
        return StartWrite(&out_);
      }
      refusal_ = TooLarge(static_cast<size_t>(forwarder_.limits_.stream_bytes));
    }
    Cancel();
  }

  void WritesDone() override {
    absl::MutexLock lock(&mutex_);
    if (!answered_) StartWritesDone();
  }

  void Cancel() override { context_.TryCancel(); }

  void OnWriteDone(bool ok) override {
    out_.Clear();
    if (ok) taken_();  // else the call is over and OnDone says how
  }

  void OnReadDone(bool) override {
    {
      absl::MutexLock lock(&mutex_);
      answered_ = true;
    }
    RemoveHold();
  }

  void OnDone(const grpc::Status& status) override {
    forwarder_.Unregister(context_);
    Answer answer{.status = Explained(status, path_, request_->trace)};
    if (status.ok()) answer.body = ToText(in_);
    answer.leading = Copy(context_.GetServerInitialMetadata());
    answer.trailing = Copy(context_.GetServerTrailingMetadata());
    {
      absl::MutexLock lock(&mutex_);
      if (!refusal_.ok()) answer = {.status = rpc::ToWire(refusal_)};
    }
    Forwarder& forwarder = forwarder_;
    AnswerCallback then = std::move(then_);
    self_.reset();
    forwarder.EndStream();
    forwarder.Return(std::move(then), std::move(answer));
  }

 private:
  Forwarder& forwarder_;
  const RequestPtr request_;
  const std::string path_;
  const std::function<void()> taken_;
  AnswerCallback then_;
  grpc::ClientContext context_;
  grpc::ByteBuffer out_;
  grpc::ByteBuffer in_;
  std::shared_ptr<Stream> self_;
  absl::Mutex mutex_;
  bool answered_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t sent_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status refusal_ ABSL_GUARDED_BY(mutex_);
};

bool Forwarder::ReserveStream() {
  absl::MutexLock lock(&mutex_);
  if (in_flight_ >= limits_.in_flight || streams_ >= limits_.streams) return false;
  ++in_flight_;
  ++unreturned_;
  ++streams_;
  return true;
}

void Forwarder::EndStream() {
  absl::MutexLock lock(&mutex_);
  --streams_;
}

absl::StatusOr<std::shared_ptr<UpStream>> Forwarder::Open(RequestPtr request,
                                                          std::function<void()> taken,
                                                          AnswerCallback then) {
  const absl::StatusOr<grpc::GenericStub*> stub = StubFor(*request, request->method->path());
  if (!stub.ok()) return stub.status();
  if (!ReserveStream()) {
    Shed().Increment();
    return Refuse(Reason::kOverloaded);
  }
  InFlight().Increment();
  auto stream =
      std::make_shared<Stream>(*this, std::move(request), std::move(taken), std::move(then));
  stream->Prepare(**stub);
  return stream;
}

void Forwarder::CancelAll() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  for (grpc::ClientContext* call : calls_) call->TryCancel();
}

}  // namespace alliance::gateway
