// evaluation: campaigns, firms, scores, appeals and grades.

#include <memory>

#include "common/process/process.h"
#include "services/evaluation/apply_events.h"
#include "services/evaluation/evaluation_service.h"

int main(int argc, char** argv) {
  using alliance::process::Process;
  return alliance::process::Main(
      argc, argv,
      {.service = "evaluation", .destinations = {"filing", "subsidy"}, .sources = {"filing"}},
      [](Process& process) -> absl::Status {
        process.Add(alliance::evaluation::MakeService(
            process.serve(),
            std::make_unique<alliance::evaluation::EvaluationService>(process.deps())));
        process.OnEvent(alliance::evaluation::ApplyEvents(process.deps()));
        return absl::OkStatus();
      });
}
