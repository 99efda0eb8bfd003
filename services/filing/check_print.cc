// CheckPrint: whoever holds a print learns whether it shows a locked version of that case. The code
// says nothing without the paper, and the answer says nothing of the form.

#include <optional>
#include <string>
#include <vector>

#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "common/crypto/check_code.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/print_store.h"

namespace alliance::filing {

absl::Status FilingService::CheckPrint(const rpc::Call& call, const v1::CheckPrintRequest& request,
                                       v1::CheckPrintResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  const std::optional<std::string> code =
      crypto::ReadCheckCode(base::FoldWidth(request.check_code()));
  shape.Check(code.has_value(), "check_code", "CHECK_CODE_MISTYPED",
              "校验码输入有误，请对照打印件重新输入 12 位校验码",
              "this is not a check code: compare the 12 characters with the print");
  RETURN_IF_ERROR(shape.Done());
  std::vector<VersionMark> marks;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    marks = ListVersionMarks(txn, id);
    return absl::OkStatus();
  }));
  for (const VersionMark& mark : marks) {
    if (crypto::CheckCode(mark.digest) != *code) continue;
    answer->set_matches(true);
    answer->set_version_number(mark.number);
    act::SetTime(mark.receive, answer->mutable_receive_time());
    answer->set_superseded(mark.number != marks.back().number);
  }
  return absl::OkStatus();
}

}  // namespace alliance::filing
