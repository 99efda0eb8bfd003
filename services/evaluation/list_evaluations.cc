#include "common/act/page.h"
#include "common/base/status_macros.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

absl::Status EvaluationService::ListEvaluations(const rpc::Call& call,
                                                const v1::ListEvaluationsRequest& request,
                                                v1::ListEvaluationsResponse* answer) {
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, "", request.page_size(), request.page_token()));

  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    std::vector<Evaluation> found =
        evaluation::ListEvaluations(txn, call.caller, page.after, page.limit + 1);
    const bool more = static_cast<int>(found.size()) > page.limit;
    if (more) found.pop_back();
    for (const Evaluation& evaluation : found) {
      FillHead(evaluation, call.caller, answer->add_evaluations());
    }
    if (more) answer->set_next_page_token(act::PageToken(call, "", found.back().id));
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
