// subsidy: plans, runs, notices, approvals, payments and recovery.

#include <memory>

#include "common/process/process.h"
#include "services/subsidy/apply_events.h"
#include "services/subsidy/subsidy_service.h"

int main(int argc, char** argv) {
  using alliance::process::Process;
  return alliance::process::Main(
      argc, argv,
      {.service = "subsidy", .destinations = {"filing"}, .sources = {"filing", "evaluation"}},
      [](Process& process) -> absl::Status {
        process.Add(alliance::subsidy::MakeService(
            process.serve(), std::make_unique<alliance::subsidy::SubsidyService>(process.deps())));
        process.OnEvent(alliance::subsidy::ApplyEvents(process.deps()));
        return absl::OkStatus();
      });
}
