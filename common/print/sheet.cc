#include "common/print/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "common/print/fonts.h"
#include "common/print/printable.h"
#include "common/print/qr.h"

namespace alliance::print {
namespace {

constexpr double kPageWidth = 595.28;  // A4
constexpr double kPageHeight = 841.89;
constexpr double kLeft = (kPageWidth - kWidth) / 2;
constexpr double kTop = 64;
constexpr double kBottom = kPageHeight - 60;
constexpr double kPadX = 5;
constexpr double kPadY = 4;
constexpr double kCellSize = 10;
constexpr double kRule = 0.6;
constexpr double kSmall = 8;
constexpr double kQrSide = 88;
// A row up to this height is moved to the next page whole; a higher one is split.
constexpr double kKeep = 120;
// An empty field to be filled in by hand may shrink to this part of its height to end a page.
constexpr double kShrink = 0.6;

double Points(int units) { return static_cast<double>(units) / PANGO_SCALE; }

// A laid-out text: its lines from the top, and the boxes of its ticks.
struct Line {
  PangoLayoutLine* line = nullptr;  // of the layout
  double x = 0;
  double top = 0;
  double baseline = 0;
  double bottom = 0;
};
struct Tick {
  size_t line = 0;
  double x = 0;  // of the box, from the left of the text
  double y = 0;  // from the baseline down
  double side = 0;
};
struct Block {
  Owned<PangoLayout> layout;
  std::vector<Line> lines;
  std::vector<Tick> ticks;

  double height(size_t from = 0) const {
    return from < lines.size() ? lines.back().bottom - lines[from].top : 0;
  }
  // How many lines after `from` fit into `room`.
  size_t Fit(size_t from, double room) const {
    size_t to = from;
    while (to < lines.size() && lines[to].bottom - lines[from].top <= room) ++to;
    return to;
  }
};
using Text = std::shared_ptr<const Block>;

// What stands on a page.
struct Words {
  Text text;
  size_t from = 0;
  size_t to = 0;
  double x = 0;
  double y = 0;  // of the top of line `from`
};
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};
struct Code {
  Qr qr;
  double x = 0;
  double y = 0;
};
struct Page {
  std::vector<Box> grounds;
  std::vector<Words> words;
  std::vector<Box> frames;
  std::vector<Code> codes;
};

// ☑ is drawn as a tick with the outline of a □ around it: the font has no such character.
constexpr std::string_view kTicked = "\u2611";
constexpr std::string_view kTick = "\u2713";
constexpr std::string_view kBox = "\u25a1";

cairo_status_t Append(void* to, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

class Sheet::State {
 public:
  explicit State(Frame frame) : frame_(std::move(frame)) {
    auto context = NewContext();
    status_.Update(context.status());
    if (context.ok()) context_ = *std::move(context);
    pages_.emplace_back();
  }

  bool ok() const { return status_.ok(); }
  void Fail(const absl::Status& status) { status_.Update(status); }

  Text Lay(std::string_view text, double width, double size, bool bold, Align align,
           std::string_view heading = "") const;
  void Place(const Text& text, size_t from, size_t to, double x, double y) {
    page().words.push_back({.text = text, .from = from, .to = to, .x = x, .y = y});
  }

  void Flow(const Text& text);
  void Row(const std::vector<Cell>& cells, double least);
  void Head(const std::vector<Cell>& cells) {
    head_ = cells;
    Row(cells, kRowHeight);
  }
  void EndTable() { head_.clear(); }
  void Group(std::string_view label, double width);
  void EndGroup() {
    EndGroupOnPage();
    group_.reset();
  }
  void Stamp(std::string_view qr_text, const std::vector<std::string>& lines);
  void Space(double height) { y_ += height; }
  void Need(double height) {
    if (y_ + height > kBottom && !AtTop()) NewPage();
  }
  absl::StatusOr<std::string> Pdf() const;

 private:
  struct Grouped {
    Text label;
    double width = 0;
    double top = 0;
  };

  Page& page() { return pages_.back(); }
  bool AtTop() const { return y_ <= top_; }
  double RowLeft() const { return kLeft + (group_ ? group_->width : 0); }
  void NewPage();
  void EndGroupOnPage();
  void PlaceRow(const std::vector<Cell>& cells, const std::vector<Text>& texts,
                const std::vector<size_t>& from, const std::vector<size_t>& to, double height);
  void FindTicks(const std::vector<size_t>& ticked, double size, bool bold, Block* block) const;

  void DrawText(cairo_t* to, const Words& words) const;
  void DrawPage(cairo_t* to, const Page& page, size_t number) const;
  void DrawWatermark(cairo_t* to) const;
  void DrawFurniture(cairo_t* to, size_t number) const;

  const Frame frame_;
  absl::Status status_;
  Owned<PangoContext> context_;
  std::vector<Page> pages_;
  double y_ = kTop;
  double top_ = kTop;  // below the repeated head
  std::vector<Cell> head_;
  std::optional<Grouped> group_;
};

Text Sheet::State::Lay(std::string_view text, double width, double size, bool bold, Align align,
                       std::string_view heading) const {
  std::string printable = Printable(heading);
  const size_t bold_bytes = printable.size();
  if (!heading.empty() && !text.empty()) printable += '\n';
  printable += Printable(text);
  std::vector<size_t> ticked;  // bytes at which a box is drawn
  for (size_t at = printable.find(kTicked); at != std::string::npos; at = printable.find(kTicked)) {
    printable.replace(at, kTicked.size(), kTick);
    ticked.push_back(at);
  }

  auto block = std::make_shared<Block>();
  block->layout.reset(pango_layout_new(context_.get()));
  PangoLayout* layout = block->layout.get();
  const Description font = FontOf(size, bold);
  pango_layout_set_font_description(layout, font.get());
  pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_auto_dir(layout, FALSE);
  pango_layout_set_alignment(layout,
                             align == Align::kCentre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  pango_layout_set_text(layout, printable.data(), static_cast<int>(printable.size()));
  PangoAttrList* attributes = pango_attr_list_new();
  // A hyphen at a line's end would be read as a part of the code or digest that it parts.
  pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
  if (bold_bytes > 0) {
    PangoAttribute* weight = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
    weight->start_index = 0;
    weight->end_index = static_cast<guint>(bold_bytes);
    pango_attr_list_insert(attributes, weight);
  }
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  PangoLayoutIter* iter = pango_layout_get_iter(layout);
  do {
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iter, nullptr, &logical);
    block->lines.push_back({.line = pango_layout_iter_get_line_readonly(iter),
                            .x = Points(logical.x),
                            .top = Points(logical.y),
                            .baseline = Points(pango_layout_iter_get_baseline(iter)),
                            .bottom = Points(logical.y + logical.height)});
  } while (pango_layout_iter_next_line(iter) != FALSE);
  pango_layout_iter_free(iter);
  if (!ticked.empty()) FindTicks(ticked, size, bold, block.get());
  return block;
}

void Sheet::State::FindTicks(const std::vector<size_t>& ticked, double size, bool bold,
                             Block* block) const {
  // The outline that an empty box of the font has, so that both kinds look alike.
  const Text empty = Lay(kBox, kWidth, size, bold, Align::kLeft);
  PangoRectangle ink;
  PangoRectangle logical;
  pango_layout_get_extents(empty->layout.get(), &ink, &logical);
  for (const size_t at : ticked) {
    int line = 0;
    int x = 0;
    int next = 0;
    pango_layout_index_to_line_x(block->layout.get(), static_cast<int>(at), FALSE, &line, &x);
    pango_layout_index_to_line_x(block->layout.get(), static_cast<int>(at), TRUE, &line, &next);
    const size_t of = static_cast<size_t>(line);
    const double middle = Points(x + next) / 2 + block->lines[of].x;
    block->ticks.push_back({.line = of,
                            .x = middle - Points(ink.width) / 2,
                            .y = Points(ink.y) - empty->lines[0].baseline,
                            .side = Points(ink.width)});
  }
}

void Sheet::State::NewPage() {
  EndGroupOnPage();
  pages_.emplace_back();
  y_ = kTop;
  top_ = kTop;
  if (!head_.empty()) {
    Row(head_, kRowHeight);
    top_ = y_;
  }
  if (group_) group_->top = y_;
}

// Paragraphs: line by line over as many pages as it takes.
void Sheet::State::Flow(const Text& text) {
  for (size_t from = 0; from < text->lines.size();) {
    const size_t to = text->Fit(from, kBottom - y_);
    if (to == from) {
      NewPage();
      continue;
    }
    Place(text, from, to, kLeft, y_);
    y_ += text->lines[to - 1].bottom - text->lines[from].top;
    from = to;
  }
}

void Sheet::State::Row(const std::vector<Cell>& cells, double least) {
  std::vector<Text> texts;
  for (const Cell& cell : cells) {
    texts.push_back(Lay(cell.text, cell.width - 2 * kPadX, kCellSize, false,
                        cell.label ? Align::kCentre : cell.align, cell.heading));
  }
  std::vector<size_t> from(cells.size(), 0);
  std::vector<size_t> to(cells.size(), 0);
  while (true) {
    double words = 0;
    for (size_t i = 0; i < texts.size(); ++i) words = std::max(words, texts[i]->height(from[i]));
    words += 2 * kPadY;
    const double room = kBottom - y_;
    if (words <= room && (least <= room || least * kShrink <= room)) {
      for (size_t i = 0; i < texts.size(); ++i) to[i] = texts[i]->lines.size();
      PlaceRow(cells, texts, from, to, std::max(words, std::min(least, room)));
      return;
    }
    bool splits = std::max(words, least) > kKeep;
    for (size_t i = 0; i < texts.size(); ++i) {
      to[i] = texts[i]->Fit(from[i], room - 2 * kPadY);
      splits = splits && (to[i] >= from[i] + 2 || to[i] == texts[i]->lines.size());
    }
    if ((splits && words > room) || AtTop()) {
      PlaceRow(cells, texts, from, to, room);
      from = to;
      least = 0;
    }
    NewPage();
  }
}

void Sheet::State::PlaceRow(const std::vector<Cell>& cells, const std::vector<Text>& texts,
                            const std::vector<size_t>& from, const std::vector<size_t>& to,
                            double height) {
  double x = RowLeft();
  for (size_t i = 0; i < cells.size(); ++i) {
    const Box box{.x = x, .y = y_, .width = cells[i].width, .height = height};
    page().frames.push_back(box);
    if (cells[i].label) page().grounds.push_back(box);
    const bool whole = from[i] == 0 && to[i] == texts[i]->lines.size();
    const double spare = height - 2 * kPadY - texts[i]->height(from[i]);
    const double down = whole && cells[i].heading.empty() ? std::max(0.0, spare / 2) : 0;
    if (to[i] > from[i]) Place(texts[i], from[i], to[i], x + kPadX, y_ + kPadY + down);
    x += cells[i].width;
  }
  y_ += height;
}

void Sheet::State::Group(std::string_view label, double width) {
  Need(3 * kRowHeight);
  group_ = Grouped{.label = Lay(label, width - 2 * kPadX, kCellSize, false, Align::kCentre),
                   .width = width,
                   .top = y_};
}

void Sheet::State::EndGroupOnPage() {
  if (!group_ || y_ <= group_->top) return;
  const Box box{.x = kLeft, .y = group_->top, .width = group_->width, .height = y_ - group_->top};
  page().frames.push_back(box);
  page().grounds.push_back(box);
  const double spare = box.height - group_->label->height();
  Place(group_->label, 0, group_->label->lines.size(), kLeft + kPadX, box.y + spare / 2);
}

void Sheet::State::Stamp(std::string_view qr_text, const std::vector<std::string>& lines) {
  absl::StatusOr<Qr> qr = MakeQr(std::string(qr_text));
  if (!qr.ok()) return Fail(qr.status());
  std::string joined;
  for (const std::string& line : lines) {
    base::StrAppend(&joined, joined.empty() ? "" : "\n", Printable(line));
  }
  const double side = kQrSide + 2 * kPadY;
  const Text text = Lay(joined, kWidth - side - 2 * kPadX, 9, false, Align::kLeft);
  const double height = std::max(side, text->height() + 2 * kPadY);
  Need(height);
  page().frames.push_back({.x = kLeft, .y = y_, .width = kWidth, .height = height});
  page().codes.push_back({.qr = *std::move(qr), .x = kLeft + kPadY, .y = y_ + kPadY});
  Place(text, 0, text->lines.size(), kLeft + side + kPadX, y_ + (height - text->height()) / 2);
  y_ += height;
}

// Drawing ----------------------------------------------------------------------------------------

void Sheet::State::DrawText(cairo_t* to, const Words& words) const {
  const Block& block = *words.text;
  const double shift = words.y - block.lines[words.from].top;
  for (size_t i = words.from; i < words.to; ++i) {
    cairo_move_to(to, words.x + block.lines[i].x, shift + block.lines[i].baseline);
    pango_cairo_show_layout_line(to, block.lines[i].line);
  }
  cairo_set_line_width(to, kRule);
  for (const Tick& tick : block.ticks) {
    if (tick.line < words.from || tick.line >= words.to) continue;
    const double baseline = shift + block.lines[tick.line].baseline;
    cairo_rectangle(to, words.x + tick.x, baseline + tick.y, tick.side, tick.side);
  }
  cairo_stroke(to);
}

void Sheet::State::DrawWatermark(cairo_t* to) const {
  cairo_save(to);
  cairo_set_source_rgb(to, 0.84, 0.84, 0.84);
  cairo_translate(to, kPageWidth / 2, kPageHeight / 2);
  cairo_rotate(to, -0.96);  // along the diagonal
  const Text mark = Lay(frame_.watermark, kPageHeight, 84, true, Align::kCentre);
  const Text note = Lay(frame_.watermark_note, kPageHeight, 30, true, Align::kCentre);
  const double height = mark->height() + note->height();
  DrawText(to, {mark, 0, mark->lines.size(), -kPageHeight / 2, -height / 2});
  DrawText(to, {note, 0, note->lines.size(), -kPageHeight / 2, mark->height() - height / 2});
  cairo_restore(to);
}

void Sheet::State::DrawFurniture(cairo_t* to, size_t number) const {
  const auto line = [&](const std::string& text, Align align, double x, double y) {
    const Text laid = Lay(text, kWidth, kSmall, false, align);
    DrawText(to, {laid, 0, 1, x, y});
    return laid;
  };
  line(frame_.header_left, Align::kLeft, kLeft, kTop - 26);
  const Text right = Lay(frame_.header_right, -1, kSmall, false, Align::kLeft);
  PangoRectangle size;
  pango_layout_get_extents(right->layout.get(), nullptr, &size);
  DrawText(to, {right, 0, 1, kLeft + kWidth - Points(size.width), kTop - 26});
  cairo_set_line_width(to, kRule);
  cairo_move_to(to, kLeft, kTop - 12);
  cairo_line_to(to, kLeft + kWidth, kTop - 12);
  cairo_stroke(to);
  line(frame_.footer, Align::kLeft, kLeft, kBottom + 14);
  const std::string page = base::StrCat("第 ", number, " 页　共 ", pages_.size(), " 页");
  const Text laid = Lay(page, -1, kSmall, false, Align::kLeft);
  pango_layout_get_extents(laid->layout.get(), nullptr, &size);
  DrawText(to, {laid, 0, 1, kLeft + kWidth - Points(size.width), kBottom + 14});
}

void Sheet::State::DrawPage(cairo_t* to, const Page& page, size_t number) const {
  cairo_set_source_rgb(to, 0.955, 0.955, 0.955);
  for (const Box& box : page.grounds) cairo_rectangle(to, box.x, box.y, box.width, box.height);
  cairo_fill(to);
  if (!frame_.watermark.empty()) DrawWatermark(to);
  cairo_set_source_rgb(to, 0, 0, 0);
  DrawFurniture(to, number);
  for (const Words& words : page.words) DrawText(to, words);
  cairo_set_line_width(to, kRule);
  for (const Box& box : page.frames) cairo_rectangle(to, box.x, box.y, box.width, box.height);
  cairo_stroke(to);
  for (const Code& code : page.codes) {
    const double module =
        kQrSide / (code.qr.side + 2);  // the frame's white counts as quiet zone too
    for (int i = 0; i < code.qr.side * code.qr.side; ++i) {
      if (!code.qr.dark[static_cast<size_t>(i)]) continue;
      cairo_rectangle(to, code.x + (i % code.qr.side + 1) * module,
                      code.y + (i / code.qr.side + 1) * module, module, module);
    }
    cairo_fill(to);
  }
}

absl::StatusOr<std::string> Sheet::State::Pdf() const {
  RETURN_IF_ERROR(status_);
  // To embed a part of a font Cairo loads the whole, some 30 MB each: one print at a time.
  static absl::Mutex mutex;
  const absl::MutexLock lock(&mutex);
  std::string pdf;
  cairo_surface_t* surface =
      cairo_pdf_surface_create_for_stream(&Append, &pdf, kPageWidth, kPageHeight);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, frame_.title.c_str());
  const std::string created =
      absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", frame_.created, domain::Shanghai());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  cairo_t* to = cairo_create(surface);
  size_t number = 0;
  for (const Page& page : pages_) {
    DrawPage(to, page, ++number);
    cairo_show_page(to);
  }
  const cairo_status_t drawn = cairo_status(to);
  cairo_destroy(to);
  cairo_surface_finish(surface);
  const cairo_status_t written = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  for (const cairo_status_t status : {drawn, written}) {
    if (status != CAIRO_STATUS_SUCCESS) {
      return absl::InternalError(base::StrCat("print: ", cairo_status_to_string(status)));
    }
  }
  return pdf;
}

// The public face: after a failure everything is left out, and Pdf() says why
// -----------------------

Sheet::Sheet(Frame frame) : state_(std::make_unique<State>(std::move(frame))) {}
Sheet::~Sheet() = default;

void Sheet::Title(std::string_view text) {
  if (!state_->ok()) return;
  state_->Flow(state_->Lay(text, kWidth, 17, true, Align::kCentre));
  state_->Space(10);
}

void Sheet::Paragraph(std::string_view text, double size, bool bold) {
  if (!state_->ok()) return;
  state_->Flow(state_->Lay(text, kWidth, size, bold, Align::kLeft));
  state_->Space(2);
}

void Sheet::Space(double height) { state_->Space(height); }

void Sheet::Need(double height) {
  if (state_->ok()) state_->Need(height);
}

void Sheet::Row(const std::vector<Cell>& cells, double least_height) {
  if (state_->ok()) state_->Row(cells, least_height);
}

void Sheet::Head(const std::vector<Cell>& cells) {
  if (state_->ok()) state_->Head(cells);
}

void Sheet::EndTable() { state_->EndTable(); }

void Sheet::Group(std::string_view label, double width) {
  if (state_->ok()) state_->Group(label, width);
}

void Sheet::EndGroup() {
  if (state_->ok()) state_->EndGroup();
}

void Sheet::Stamp(std::string_view qr_text, const std::vector<std::string>& lines) {
  if (state_->ok()) state_->Stamp(qr_text, lines);
}

absl::StatusOr<std::string> Sheet::Pdf() { return state_->Pdf(); }

}  // namespace alliance::print
