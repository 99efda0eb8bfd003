// filing: rounds, applications, the provincial stage, the registry and the yearly reports.

#include <memory>

#include "common/base/status_macros.h"
#include "common/process/process.h"
#include "services/filing/apply_events.h"
#include "services/filing/clock.h"
#include "services/filing/filing_service.h"
#include "services/filing/paper_intake.h"
#include "services/filing/paper_store.h"
#include "services/filing/rounds.h"
#include "services/filing/scanner.h"

namespace alliance::filing {
namespace {

absl::Status Sweep(const act::Deps& deps, const rpc::Call& call) {
  SweepCount count;
  return SweepDeadlines(deps, call, &count);
}

}  // namespace
}  // namespace alliance::filing

int main(int argc, char** argv) {
  using namespace alliance;  // NOLINT(google-build-using-namespace)
  // These outlive the process.
  std::unique_ptr<filing::PaperStore> papers;
  std::unique_ptr<filing::Scanner> scanner;
  return process::Main(
      argc, argv,
      {.service = "filing",
       .destinations = {"review", "evaluation", "subsidy"},
       .sources = {"review", "evaluation", "subsidy"}},
      [&papers, &scanner](process::Process& process) -> absl::Status {
        ASSIGN_OR_RETURN(papers, filing::OpenPaperFolder(process.config().paper_folder()));
        if (!process.config().clamd_address().empty()) {
          scanner = filing::MakeClamd(process.config().clamd_address());
        }
        RETURN_IF_ERROR(filing::RecordRounds(process.deps()));
        process.Add(filing::MakeService(
            process.serve(),
            std::make_unique<filing::FilingService>(
                process.deps(), *papers, process.config().portal_address(), scanner.get())));
        process.OnEvent(filing::ApplyEvents(process.deps()));
        process.Every("sweep_deadlines", absl::Seconds(5), filing::Sweep);
        process.Every("sweep_uploads", absl::Minutes(1),
                      [&papers](const act::Deps& deps, const rpc::Call& call) {
                        return filing::PaperIntake(deps, *papers, nullptr).Sweep(call);
                      });
        return absl::OkStatus();
      });
}
