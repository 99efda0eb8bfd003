#include "common/print/workbook.h"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "common/base/str.h"
#include "common/print/printable.h"

namespace alliance::print {
namespace {

absl::Status Failed(std::string_view what, lxw_error error) {
  return absl::InternalError(base::StrCat("workbook: ", what, ": ", lxw_strerror(error)));
}

absl::Status Fill(const Workbook& book, lxw_workbook* workbook) {
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, book.name.c_str());
  if (sheet == nullptr) return absl::InternalError("workbook: the name of the sheet");
  // "@" is the format of text: also a later edit in the cell stays text.
  lxw_format* text = workbook_add_format(workbook);
  lxw_format* bold = workbook_add_format(workbook);
  format_set_num_format(text, "@");
  format_set_num_format(bold, "@");
  format_set_bold(bold);
  for (size_t column = 0; column < book.widths.size(); ++column) {
    const auto at = static_cast<lxw_col_t>(column);
    if (const lxw_error error = worksheet_set_column(sheet, at, at, book.widths[column], text)) {
      return Failed("column", error);
    }
  }
  for (size_t row = 0; row < book.rows.size(); ++row) {
    for (size_t column = 0; column < book.rows[row].size(); ++column) {
      const std::string cell = Printable(book.rows[row][column]);
      const lxw_error error =
          worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                                 cell.c_str(), row == 0 || row == book.head ? bold : text);
      if (error != LXW_NO_ERROR) return Failed("cell", error);
    }
  }
  worksheet_freeze_panes(sheet, static_cast<lxw_row_t>(book.head + 1), 0);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadAll(int file) {
  std::string bytes;
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t got = pread(file, buffer.data(), buffer.size(), static_cast<off_t>(bytes.size()));
    if (got < 0) return absl::InternalError(base::StrCat("workbook: ", std::strerror(errno)));
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<size_t>(got));
  }
}

}  // namespace

absl::StatusOr<std::string> WriteWorkbook(const Workbook& book) {
  // The library writes files only. Ours lie in memory: a container has no folder to write to.
  const int file = memfd_create("workbook", MFD_CLOEXEC);
  if (file < 0) return absl::InternalError(base::StrCat("workbook: ", std::strerror(errno)));
  const absl::Cleanup closed = [file] { close(file); };
  const std::string path = base::StrCat("/proc/self/fd/", file);
  std::string folder = "/dev/shm";
  lxw_workbook_options options = {};
  options.tmpdir = folder.data();
  lxw_workbook* workbook = workbook_new_opt(path.c_str(), &options);
  if (workbook == nullptr) return absl::ResourceExhaustedError("workbook: no memory");
  lxw_doc_properties properties = {};
  // Without it the library would ask the clock.
  properties.created = absl::ToTimeT(book.created);
  workbook_set_properties(workbook, &properties);
  const absl::Status filled = Fill(book, workbook);
  // Closing writes the file and frees the workbook, also after a failure.
  const lxw_error error = workbook_close(workbook);
  if (!filled.ok()) return filled;
  if (error != LXW_NO_ERROR) return Failed("file", error);
  return ReadAll(file);
}

}  // namespace alliance::print
