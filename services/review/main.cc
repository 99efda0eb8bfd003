// The review service: the regional stage of the filing lifecycle.

#include <memory>

#include "absl/time/time.h"
#include "common/process/process.h"
#include "services/review/review_service.h"

int main(int argc, char** argv) {
  using namespace alliance;  // NOLINT(google-build-using-namespace)
  return process::Main(argc, argv,
                       {.service = "review", .destinations = {"filing"}, .sources = {"filing"}},
                       [](process::Process& process) -> absl::Status {
                         const act::Deps& deps = process.deps();
                         process.Add(review::MakeService(
                             process.serve(), std::make_unique<review::ReviewService>(deps)));
                         process.OnEvent([&deps](act::Step& step, const events::v1::Event& event) {
                           return review::ApplyEvent(deps, step, event);
                         });
                         process.Every("sweep_notices", absl::Seconds(5),
                                       [](const act::Deps& all, const rpc::Call& call) {
                                         return review::SweepDueNotices(all, call).status();
                                       });
                         process.Every("escalate_overdue", absl::Seconds(60),
                                       [](const act::Deps& all, const rpc::Call& call) {
                                         return review::EscalateOverdue(all, call).status();
                                       });
                         return absl::OkStatus();
                       });
}
