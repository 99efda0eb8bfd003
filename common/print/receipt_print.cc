// The receipt of a submission (回执).

#include <string>
#include <string_view>
#include <utility>

#include "common/base/str.h"
#include "common/crypto/check_code.h"
#include "common/crypto/digest.h"
#include "common/domain/calendar.h"
#include "common/print/prints.h"
#include "common/print/sheet.h"
#include "common/print/wording.h"

namespace alliance::print {
namespace {

// A digest in two lines of equal length, to be compared by eye.
std::string Halved(std::string_view digest) {
  return base::StrCat(digest.substr(0, digest.size() / 2), "\n", digest.substr(digest.size() / 2));
}

}  // namespace

std::string ToTheMicrosecond(absl::Time instant) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%E6S", instant, domain::Shanghai());
}

std::string QrText(const Version& version) {
  return base::StrCat(version.case_name, " ", crypto::Hex(version.digest));
}

absl::StatusOr<std::string> PrintReceipt(const Receipt& receipt) {
  const Version& version = receipt.version;
  const std::string code = crypto::CheckCode(version.digest);
  Sheet sheet({.title = "备案申请回执",
               .header_left = "备案申请回执",
               .header_right = base::StrCat("版本 ", version.number, "　校验码 ", code),
               .footer = version.case_name,
               .created = version.receive});
  sheet.Title("备案申请回执");
  constexpr double kLabel = 130;
  const auto row = [&](std::string_view label, std::string text) {
    sheet.Row({{.text = std::string(label), .width = kLabel, .label = true},
               {.text = std::move(text), .width = kWidth - kLabel}});
  };
  row("批次", receipt.round_title);
  row("案件编号", version.case_name);
  row("联盟名称", receipt.alliance_name);
  row("盟主企业", receipt.lead_name);
  row("统一社会信用代码", receipt.lead_credit_code);
  row("推荐单位", receipt.recommender_name);
  row("版本", base::StrCat("第 ", version.number, " 版"));
  row("收到时间", base::StrCat(ToTheMicrosecond(version.receive), "（北京时间）"));
  row("版本摘要\n（SHA-256）", Halved(crypto::Hex(version.digest)));
  row("校验码", code);
  row("历史记录序号", base::StrCat(receipt.history_sequence));
  row("历史记录哈希\n（SHA-256）", Halved(crypto::Hex(receipt.history_hash)));
  row("规则包摘要\n（SHA-256）", Halved(version.rules_digest));
  sheet.Space(12);
  sheet.Stamp(
      QrText(version),
      {"核验方法：在本系统“核验打印件”中输入案件编号和校验码，系统即答复该件是否与锁定的版本"
       "相符、版本号和收到时间；二维码内为案件编号和版本摘要，应与本页所印一致。收到时间以服"
       "务器时钟为准，是判断是否按期申报的依据；历史记录序号和哈希指明本次提交在案件历史链中"
       "的位置，省科技厅可据此证明记录未被改动。"});
  return sheet.Pdf();
}

}  // namespace alliance::print
