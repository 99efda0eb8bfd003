#include "services/filing/pdf_check.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/filing/paper_check.h"

namespace alliance::filing {
namespace {

constexpr auto npos = std::string_view::npos;

// Both Acrobat's and ours: the end mark stands in the last KiB.
constexpr size_t kEndWithin = 1024;
// What packed objects may unpack to: in all, and in proportion once it is more than a little.
constexpr size_t kMostUnpacked = 64 << 20;
constexpr size_t kLittle = 1 << 20;
constexpr size_t kMostRatio = 100;
constexpr size_t kMostObjects = 500'000;

// Refused wherever it is a name.
constexpr auto kActive = std::to_array<std::string_view>(
    {"JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "AA", "XFA",
     "SubmitForm", "ImportData", "GoToE"});
// Of these, what no packed picture contains by chance: refused in every byte.
constexpr size_t kLongEnough = 6;

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}
bool IsDelimiter(char c) { return std::string_view("()<>[]{}/%").find(c) != npos; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsRegular(char c) { return !IsSpace(c) && !IsDelimiter(c); }

int Nibble(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsActive(std::string_view name) {
  return std::find(kActive.begin(), kActive.end(), name) != kActive.end();
}

// The name whose slash stands at `*at`, its escapes undone; `*at` goes behind it.
std::string ReadName(std::string_view in, size_t* at) {
  std::string name;
  size_t i = *at + 1;
  while (i < in.size() && IsRegular(in[i])) {
    if (in[i] == '#' && i + 2 < in.size() && Nibble(in[i + 1]) >= 0 && Nibble(in[i + 2]) >= 0) {
      name.push_back(static_cast<char>(Nibble(in[i + 1]) * 16 + Nibble(in[i + 2])));
      i += 3;
    } else {
      name.push_back(in[i++]);
    }
  }
  *at = i;
  return name;
}

// How many "1 0 obj" there are, wherever they stand.
size_t CountObjects(std::string_view in) {
  size_t count = 0;
  for (size_t at = in.find("obj"); at != npos; at = in.find("obj", at + 3)) {
    size_t i = at;
    bool right = true;
    for (int part = 0; part < 2 && right; ++part) {
      const size_t spaces = i;
      while (i > 0 && IsSpace(in[i - 1])) --i;
      const size_t digits = i;
      // "1 0obj" is read as well by some.
      right = i < spaces || part == 0;
      while (i > 0 && IsDigit(in[i - 1])) --i;
      right = right && i < digits;
    }
    count += right ? 1 : 0;
  }
  return count;
}

// Flate, as far as kMostUnpacked allows.
absl::StatusOr<std::string> Unpack(std::string_view packed, size_t already) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return absl::InternalError("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  std::array<char, 64 << 10> piece;
  int result = Z_OK;
  absl::Status status;
  while (result == Z_OK && status.ok()) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
    if (already + out.size() > kMostUnpacked ||
        (out.size() > kLittle && out.size() / kMostRatio > packed.size())) {
      status = RefuseFile(FileProblem::kPdfBomb);
    }
  }
  inflateEnd(&stream);
  RETURN_IF_ERROR(status);
  if (result != Z_STREAM_END) return RefuseFile(FileProblem::kPdfUnreadable);
  return out;
}

class PdfReader {
 public:
  explicit PdfReader(std::string_view in) : in_(in) {}

  absl::Status Run() {
    RETURN_IF_ERROR(CheckEnd());
    RETURN_IF_ERROR(CheckEveryByte());
    RETURN_IF_ERROR(ReadTokens(in_, /*packed=*/false));
    if (CountObjects(in_) > objects_) return RefuseFile(FileProblem::kPdfHidden);
    for (int64_t target : open_actions_) {
      const auto found = first_of_object_.find(target);
      if (found == first_of_object_.end() || found->second != '[') {
        return RefuseFile(FileProblem::kPdfActive, "OpenAction");
      }
    }
    return CheckCrossReference();
  }

 private:
  // The end mark, in its place, with nothing but line ends behind it.
  absl::Status CheckEnd() {
    constexpr std::string_view kEnd = "%%EOF";
    end_ = in_.rfind(kEnd);
    if (end_ == npos) return RefuseFile(FileProblem::kPdfTruncated);
    const std::string_view behind = in_.substr(end_ + kEnd.size());
    if (behind.size() > kEndWithin || !std::all_of(behind.begin(), behind.end(), IsSpace)) {
      return RefuseFile(FileProblem::kPdfTrailingData);
    }
    return absl::OkStatus();
  }

  absl::Status CheckEveryByte() const {
    for (size_t at = in_.find('/'); at != npos; at = in_.find('/', at)) {
      const std::string name = ReadName(in_, &at);
      if (name.size() >= kLongEnough && IsActive(name)) {
        return RefuseFile(FileProblem::kPdfActive, name);
      }
    }
    return absl::OkStatus();
  }

  // startxref, and there a table with its trailer, or a cross-reference stream.
  absl::Status CheckCrossReference() const {
    constexpr std::string_view kStart = "startxref";
    const auto broken = [] { return RefuseFile(FileProblem::kPdfBroken, "xref"); };
    const size_t start = in_.rfind(kStart, end_);
    if (start == npos) return broken();
    size_t at = start + kStart.size();
    const std::optional<int64_t> offset = NumberAt(in_, &at);
    if (!offset || *offset >= static_cast<int64_t>(start)) return broken();
    size_t table = static_cast<size_t>(*offset);
    while (table < start && IsSpace(in_[table])) ++table;
    const bool is_table = in_.substr(table).starts_with("xref") && trailer_;
    const bool is_stream =
        std::binary_search(objects_at_.begin(), objects_at_.end(), table) && xref_stream_;
    return is_table || is_stream ? absl::OkStatus() : broken();
  }

  // A number of few digits behind white space; `*at` goes behind it.
  static std::optional<int64_t> NumberAt(std::string_view in, size_t* at) {
    size_t i = *at;
    while (i < in.size() && IsSpace(in[i])) ++i;
    const size_t first = i;
    while (i < in.size() && IsDigit(in[i])) ++i;
    int64_t number = 0;
    if (i == first || i - first > 15 ||
        !absl::SimpleAtoi(base::Absl(in.substr(first, i - first)), &number)) {
      return std::nullopt;
    }
    *at = i;
    return number;
  }

  // All tokens of the file, or of an unpacked object stream.
  absl::Status ReadTokens(std::string_view in, bool packed) {
    size_t at = 0;
    while (at < in.size()) {
      const char c = in[at];
      if (IsSpace(c)) {
        ++at;
      } else if (c == '%') {
        at = std::min(in.find_first_of("\r\n", at), in.size());
      } else if (c == '(') {
        at = EndOfString(in, at);
        if (at == npos) return RefuseFile(FileProblem::kPdfBroken, "()");
      } else if (in.substr(at).starts_with("<<")) {
        at += 2;
      } else if (c == '<') {
        at = in.find('>', at);
        if (at == npos) return RefuseFile(FileProblem::kPdfBroken, "<>");
        ++at;
      } else if (c == '/') {
        RETURN_IF_ERROR(TakeName(in, &at));
      } else if (IsDelimiter(c)) {
        ++at;
      } else {
        const size_t first = at;
        while (at < in.size() && IsRegular(in[at])) ++at;
        if (!packed) RETURN_IF_ERROR(TakeWord(first, &at));
      }
    }
    return absl::OkStatus();
  }

  static size_t EndOfString(std::string_view in, size_t at) {
    int depth = 0;
    for (; at < in.size(); ++at) {
      if (in[at] == '\\') {
        ++at;
      } else if (in[at] == '(') {
        ++depth;
      } else if (in[at] == ')' && --depth == 0) {
        return at + 1;
      }
    }
    return npos;
  }

  absl::Status TakeName(std::string_view in, size_t* at) {
    const std::string name = ReadName(in, at);
    if (name == "Encrypt") return RefuseFile(FileProblem::kPdfEncrypted);
    if (IsActive(name)) return RefuseFile(FileProblem::kPdfActive, name);
    if (name == "OpenAction") RETURN_IF_ERROR(TakeOpenAction(in, *at));
    if (name == "XRef") xref_stream_ = true;
    if (name == "Length") {
      size_t behind = *at;
      seen_.length = NumberAt(in, &behind);
      if (NumberAt(in, &behind)) seen_.length = std::nullopt;  // "12 0 R": stands elsewhere
    }
    seen_.object_stream |= name == "ObjStm";
    seen_.n |= name == "N";
    seen_.first |= name == "First";
    seen_.filter |= name == "Filter" || name == "F";
    seen_.flates += name == "FlateDecode" || name == "Fl" ? 1 : 0;
    seen_.other_filter |= name == "Predictor" || name == "DecodeParms" || name == "DP" ||
                          (name != "FlateDecode" && name.ends_with("Decode"));
    return absl::OkStatus();
  }

  // What happens when the file is opened may be a place in it, never an action.
  absl::Status TakeOpenAction(std::string_view in, size_t at) {
    while (at < in.size() && IsSpace(in[at])) ++at;
    if (at < in.size() && in[at] == '[') return absl::OkStatus();
    const std::optional<int64_t> object = NumberAt(in, &at);
    if (!object) return RefuseFile(FileProblem::kPdfActive, "OpenAction");
    open_actions_.push_back(*object);
    return absl::OkStatus();
  }

  // A number, a keyword, or a run of both such as "0obj".
  absl::Status TakeWord(size_t first, size_t* at) {
    const std::string_view word = in_.substr(first, *at - first);
    if (word.ends_with("obj") && word != "endobj") {
      return TakeObject(word, *at);
    } else if (word == "trailer") {
      trailer_ = true;
      seen_ = {};
    } else if (word == "stream") {
      return TakeStream(at);
    } else {
      before_last_ = last_;
      last_ = {.text = word, .at = first};
    }
    return absl::OkStatus();
  }

  absl::Status TakeObject(std::string_view word, size_t at) {
    const std::string_view glued = word.substr(0, word.size() - 3);  // the generation of "1 0obj"
    const Word& number = glued.empty() ? before_last_ : last_;
    const auto all_digits = [](std::string_view text) {
      return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
    };
    if (!all_digits(number.text) || !all_digits(glued.empty() ? last_.text : glued)) {
      return absl::OkStatus();
    }
    if (++objects_ > kMostObjects) return RefuseFile(FileProblem::kPdfBroken, "obj");
    objects_at_.push_back(number.at);
    seen_ = {};
    while (at < in_.size() && IsSpace(in_[at])) ++at;
    int64_t id = 0;
    if (at < in_.size() && absl::SimpleAtoi(base::Absl(number.text), &id)) {
      // The last of one number counts, but none of them may be an action.
      char& seen = first_of_object_[id];
      seen = seen == 0 || seen == in_[at] ? in_[at] : '?';
    }
    return absl::OkStatus();
  }

  // Skips the content of a stream, and looks into it when it holds packed objects.
  absl::Status TakeStream(size_t* at) {
    constexpr std::string_view kEnd = "endstream";
    size_t begin = *at;
    if (begin < in_.size() && in_[begin] == '\r') ++begin;
    if (begin < in_.size() && in_[begin] == '\n') ++begin;
    size_t end = npos;
    if (seen_.length && *seen_.length <= static_cast<int64_t>(in_.size() - begin)) {
      size_t behind = begin + static_cast<size_t>(*seen_.length);
      while (behind < in_.size() && IsSpace(in_[behind])) ++behind;
      if (in_.substr(behind).starts_with(kEnd)) {
        end = begin + static_cast<size_t>(*seen_.length);
        *at = behind + kEnd.size();
      }
    }
    if (end == npos) {
      end = in_.find(kEnd, begin);
      if (end == npos) return RefuseFile(FileProblem::kPdfBroken, "stream");
      *at = end + kEnd.size();
    }
    const Seen seen = std::exchange(seen_, {});
    // Whatever counts its objects can be read as a store of them, whatever it calls itself.
    if (!seen.object_stream && !(seen.n && seen.first)) return absl::OkStatus();
    const std::string_view content = in_.substr(begin, end - begin);
    if (!seen.filter) return ReadTokens(content, /*packed=*/true);
    if (seen.flates != 1 || seen.other_filter) return RefuseFile(FileProblem::kPdfUnreadable);
    ASSIGN_OR_RETURN(const std::string unpacked, Unpack(content, unpacked_));
    unpacked_ += unpacked.size();
    return ReadTokens(unpacked, /*packed=*/true);
  }

  struct Word {
    std::string_view text;
    size_t at = 0;
  };
  // Names since the beginning of the object.
  struct Seen {
    bool object_stream = false;
    bool n = false;
    bool first = false;
    bool filter = false;
    bool other_filter = false;
    int flates = 0;
    std::optional<int64_t> length;
  };

  const std::string_view in_;
  size_t end_ = 0;
  size_t objects_ = 0;
  size_t unpacked_ = 0;
  bool trailer_ = false;
  bool xref_stream_ = false;
  Word last_;
  Word before_last_;
  Seen seen_;
  std::vector<size_t> objects_at_;  // in their order
  std::map<int64_t, char> first_of_object_;
  std::vector<int64_t> open_actions_;
};

}  // namespace

absl::Status CheckPdf(std::string_view content) { return PdfReader(content).Run(); }

}  // namespace alliance::filing
