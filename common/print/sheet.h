// Sheet: A4 pages of paragraphs and ruled rows, as the papers of the notice need them, drawn as PDF
// with Pango and Cairo.
//
//   Sheet sheet({.title = …, .created = receive});
//   sheet.Title("联盟备案申请表");
//   sheet.Row({{.text = "联盟名称", .width = 90, .label = true}, {.text = name, .width = 392}});
//   ASSIGN_OR_RETURN(std::string pdf, sheet.Pdf());
//
// Rows that do not fit go on to the next page, long texts line by line. All text passes
// Printable().
//
// The same calls give the same bytes, for the same versions of the libraries and of the font:
// Cairo 1.16 takes the creation date from us instead of the clock, writes no /ID, and names font
// subsets by a hash of what they hold; fontconfig gets a configuration of our own that knows the
// one font family by its file names, so that neither the machine's fonts nor its caches nor its
// locale count; hinting and rounding of glyph positions are off.
//
// Threads: pages are drawn one sheet at a time, for memory. Each Sheet has its own Pango font map,
// and Pango, Cairo and fontconfig are safe to use from several threads as long as these are not
// shared; the fontconfig configuration is shared and never changed once made. The font is read when
// the first Sheet is made, not before.

#ifndef ALLIANCE_COMMON_PRINT_SHEET_H_
#define ALLIANCE_COMMON_PRINT_SHEET_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace alliance::print {

// Points, 72 to the inch, between the left and the right margin.
inline constexpr double kWidth = 482;
inline constexpr double kRowHeight = 24;

enum class Align { kLeft, kCentre };

// One cell of a row. The widths of a row add up to kWidth, within a group to what the group leaves.
struct Cell {
  std::string text;
  double width = 0;
  Align align = Align::kLeft;
  bool label = false;   // in the middle, on a light ground
  std::string heading;  // in bold above the text, which then begins at the top
};

// What stands on every page, and what the file says about itself.
struct Frame {
  std::string title;
  std::string header_left;
  std::string header_right;
  std::string footer;
  std::string watermark;  // across the page, with a smaller line below
  std::string watermark_note;
  absl::Time created;
};

class Sheet {
 public:
  explicit Sheet(Frame frame);
  ~Sheet();
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  void Title(std::string_view text);
  void Paragraph(std::string_view text, double size = 10, bool bold = false);
  void Space(double height);
  // A new page unless `height` is left on this one: keeps a heading with what it heads.
  void Need(double height);

  void Row(const std::vector<Cell>& cells, double least_height = kRowHeight);
  // A row that is repeated on every page until EndTable.
  void Head(const std::vector<Cell>& cells);
  void EndTable();
  // Rows between the two stand beside one label that spans them.
  void Group(std::string_view label, double width);
  void EndGroup();

  // A QR code with lines beside it, on one page.
  void Stamp(std::string_view qr_text, const std::vector<std::string>& lines);

  // Refused when the font is not installed, or a text is too long for a QR code.
  absl::StatusOr<std::string> Pdf();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_SHEET_H_
