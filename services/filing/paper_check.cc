#include "services/filing/paper_check.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/filing/image_check.h"
#include "services/filing/pdf_check.h"

namespace alliance::filing {
namespace {

constexpr std::string_view kPdf = "application/pdf";
constexpr std::string_view kJpeg = "image/jpeg";
constexpr std::string_view kPng = "image/png";

struct Row {
  FileProblem problem;
  std::string_view word;
  std::string_view en;
  std::string_view zh;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
{FileProblem::kEmpty, "FILE_EMPTY", "it is empty. Choose another file", "空文件，请重新选择"},
{FileProblem::kUnknownType, "FILE_TYPE", "it is not a PDF, JPEG or PNG. Save it as one of these",
 "须为 PDF、JPEG 或 PNG，请另存为其中一种"},
{FileProblem::kEnding, "FILE_ENDING", "its name does not end as its content ({what}). Rename it",
 "文件名后缀与内容（{what}）不符，请改名"},
{FileProblem::kTooLarge, "FILE_TOO_LARGE", "it is larger than {what}. Make it smaller",
 "文件超过{what}，请压缩后上传"},
{FileProblem::kArchiveInside, "FILE_ARCHIVE_INSIDE", "an archive is hidden in it. Print it to a new PDF",
 "文件内藏有压缩包，请重新打印为 PDF"},
{FileProblem::kPdfTruncated, "PDF_TRUNCATED", "the PDF has no end. Upload it again",
 "PDF 不完整，请重新上传"},
{FileProblem::kPdfTrailingData, "PDF_TRAILING_DATA", "there is data behind the end of the PDF. Print it to a new PDF",
 "PDF 结尾后有多余数据，请重新打印为 PDF"},
{FileProblem::kPdfBroken, "PDF_BROKEN", "the PDF is damaged ({what}). Print it to a new PDF",
 "PDF 已损坏（{what}），请重新打印为 PDF"},
{FileProblem::kPdfEncrypted, "PDF_ENCRYPTED", "the PDF is encrypted. Remove its password and restrictions",
 "PDF 已加密，请去除密码和限制后上传"},
{FileProblem::kPdfActive, "PDF_ACTIVE_CONTENT", "the PDF holds active content ({what}). Print it to a new PDF",
 "PDF 含有活动内容（{what}），请重新打印为 PDF"},
{FileProblem::kPdfHidden, "PDF_HIDDEN_OBJECT", "the PDF hides objects. Print it to a new PDF",
 "PDF 含有隐藏对象，请重新打印为 PDF"},
{FileProblem::kPdfUnreadable, "PDF_UNREADABLE", "a part of the PDF cannot be looked into. Print it to a new PDF",
 "PDF 的部分内容无法检查，请重新打印为 PDF"},
{FileProblem::kPdfBomb, "PDF_BOMB", "the PDF unpacks to far more than it is. Print it to a new PDF",
 "PDF 解压后过大，请重新打印为 PDF"},
{FileProblem::kImageTruncated, "IMAGE_TRUNCATED", "the picture is not complete. Upload it again",
 "图片不完整，请重新上传"},
{FileProblem::kImageBroken, "IMAGE_BROKEN", "the picture is damaged. Save it again", "图片已损坏，请重新保存"},
{FileProblem::kImageTrailingData, "IMAGE_TRAILING_DATA", "there is data behind the end of the picture. Save it again",
 "图片结尾后有多余数据，请重新保存"},
{FileProblem::kImagePixels, "IMAGE_PIXELS", "the picture has more pixels than {what}. Make it smaller",
 "图片像素超过{what}，请缩小后上传"},
});
// clang-format on

constexpr bool RowsAreSound() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].problem) != i) return false;
  }
  return kRows.size() == static_cast<size_t>(FileProblem::kCount);
}
static_assert(RowsAreSound(), "one row per FileProblem, in its order");

const Row& RowOf(FileProblem problem) { return kRows[static_cast<size_t>(problem)]; }

std::string Size(int64_t bytes) {
  return bytes % (1 << 20) == 0 ? base::StrCat(bytes >> 20, " MiB") : base::StrCat(bytes, " B");
}

std::string EndingOf(std::string_view file_name) {
  const size_t dot = file_name.rfind('.');
  std::string ending(dot == std::string_view::npos ? "" : file_name.substr(dot + 1));
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

// A zip is read from its end: a directory there, whose comment reaches exactly to the end of the
// file, makes the file an archive as well, whatever it begins with.
bool IsArchiveToo(std::string_view content) {
  constexpr std::string_view kDirectoryEnd = "PK\x05\x06";
  constexpr size_t kDirectoryBytes = 22;
  constexpr size_t kLongest = kDirectoryBytes + 0xFFFF;
  std::string_view tail = content.substr(content.size() - std::min(content.size(), kLongest));
  for (size_t at = tail.find(kDirectoryEnd); at != std::string_view::npos;
       at = tail.find(kDirectoryEnd, at + 1)) {
    if (tail.size() - at < kDirectoryBytes) return false;
    const size_t comment = static_cast<unsigned char>(tail[at + 20]) |
                           static_cast<size_t>(static_cast<unsigned char>(tail[at + 21])) << 8;
    if (at + kDirectoryBytes + comment == tail.size()) return true;
  }
  return false;
}

}  // namespace

absl::Status RefuseFile(FileProblem problem, std::string_view what) {
  const Row& row = RowOf(problem);
  const std::string en = domain::FillHoles(row.en, {{"what", std::string(what)}});
  const std::string zh = domain::FillHoles(row.zh, {{"what", std::string(what)}});
  return domain::Refuse(domain::Reason::kFileRefused, {{"problem", en}, {"problem_zh", zh}},
                        {{.field = "content",
                          .reason = std::string(row.word),
                          .zh = base::StrCat(zh, "。"),
                          .en = base::StrCat(en, "."),
                          .clause = "细则6(1)"}});
}

std::string_view WordOf(FileProblem problem) { return RowOf(problem).word; }

std::optional<std::string_view> MediaTypeOf(std::string_view content) {
  if (content.starts_with("%PDF-")) return kPdf;
  if (content.starts_with("\xFF\xD8\xFF")) return kJpeg;
  if (content.starts_with("\x89PNG\r\n\x1A\n")) return kPng;
  return std::nullopt;
}

bool EndingFits(std::string_view file_name, std::string_view media_type) {
  const std::string ending = EndingOf(file_name);
  if (media_type == kPdf) return ending == "pdf";
  if (media_type == kPng) return ending == "png";
  return ending == "jpg" || ending == "jpeg";
}

std::optional<int64_t> LargestUnder(std::string_view file_name, const domain::PaperLimits& limits) {
  if (EndingFits(file_name, kPdf)) return limits.pdf_bytes;
  if (EndingFits(file_name, kPng) || EndingFits(file_name, kJpeg)) return limits.image_bytes;
  return std::nullopt;
}

absl::StatusOr<std::string_view> CheckPaper(std::string_view content, std::string_view file_name,
                                            const domain::PaperLimits& limits) {
  if (content.empty()) return RefuseFile(FileProblem::kEmpty);
  const auto media_type = MediaTypeOf(content);
  if (!media_type) return RefuseFile(FileProblem::kUnknownType);
  if (!EndingFits(file_name, *media_type)) return RefuseFile(FileProblem::kEnding, *media_type);
  const int64_t largest = *media_type == kPdf ? limits.pdf_bytes : limits.image_bytes;
  if (static_cast<int64_t>(content.size()) > largest) {
    return RefuseFile(FileProblem::kTooLarge, Size(largest));
  }
  if (*media_type == kPdf) RETURN_IF_ERROR(CheckPdf(content));
  if (*media_type == kJpeg) RETURN_IF_ERROR(CheckJpeg(content, limits.image_pixels));
  if (*media_type == kPng) RETURN_IF_ERROR(CheckPng(content, limits.image_pixels));
  if (IsArchiveToo(content)) return RefuseFile(FileProblem::kArchiveInside);
  return *media_type;
}

}  // namespace alliance::filing
