#include "services/gateway/run_guarded.h"

#include <exception>

#include "common/obs/log.h"
#include "common/obs/metrics.h"

namespace alliance::gateway {
namespace {

void Report(const char* cause) {
  static auto& exceptions =
      obs::Counter("gateway_handler_exceptions_total",
                   "Exceptions that ended one HTTP connection; each is a defect.");
  exceptions.Increment();
  obs::Log(obs::Level::kError, "handler_threw", {{"cause", cause}});
}

}  // namespace

void RunGuarded(boost::asio::io_context& context) {
  for (bool done = false; !done;) {
    try {
      context.run();
      done = true;
    } catch (const std::exception& error) {
      Report(error.what());
    } catch (...) {  // tidy-allow(catch-all): nobody else is above a connection
      Report("not a std::exception");
    }
  }
}

}  // namespace alliance::gateway
