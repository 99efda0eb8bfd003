// filing: rounds, applications, the provincial stage, the registry and the yearly reports.

#include <memory>
#include <optional>

#include "common/base/status_macros.h"
#include "common/process/process.h"
#include "services/filing/apply_events.h"
#include "services/filing/clock.h"
#include "services/filing/filing_service.h"
#include "services/filing/paper_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

absl::Status Sweep(const act::Deps& deps, const rpc::Call& call) {
  SweepCount count;
  return SweepDeadlines(deps, call, &count);
}

}  // namespace
}  // namespace alliance::filing

int main(int argc, char** argv) {
  using namespace alliance;                  // NOLINT(google-build-using-namespace)
  std::optional<filing::PaperStore> papers;  // outlives the process
  return process::Main(
      argc, argv,
      {.service = "filing",
       .destinations = {"review", "evaluation", "subsidy"},
       .sources = {"review", "evaluation", "subsidy"}},
      [&papers](process::Process& process) -> absl::Status {
        ASSIGN_OR_RETURN(papers, filing::PaperStore::Open(process.config().paper_folder()));
        RETURN_IF_ERROR(filing::RecordRounds(process.deps()));
        process.Add(std::make_unique<filing::FilingService>(
            process.serve(), process.deps(), *papers, process.config().portal_address()));
        process.OnEvent(filing::ApplyEvents(process.deps()));
        process.Every("sweep_deadlines", absl::Seconds(5), filing::Sweep);
        return absl::OkStatus();
      });
}
