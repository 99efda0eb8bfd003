// What may become a paper: the file rows of the bad-input catalogue (reliability 4.4).

#include "services/filing/paper_check.h"

#include <zlib.h>

#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "gtest/gtest.h"
#include "services/filing/test_papers.h"

namespace alliance::filing {
namespace {

using test_papers::Jpeg;
using test_papers::Pdf;
using test_papers::PdfOf;
using test_papers::Png;
using test_papers::Stream;

constexpr domain::PaperLimits kLimits = {
    .pdf_bytes = 1 << 20, .image_bytes = 1 << 19, .image_pixels = 100'000'000};

// "OK", or the reason of the one problem; FILE_REFUSED and its code are asserted here.
std::string Found(std::string_view content, std::string_view name = "a.pdf",
                  const domain::PaperLimits& limits = kLimits) {
  const auto checked = CheckPaper(content, name, limits);
  if (checked.ok()) return "OK";
  EXPECT_TRUE(domain::RefusedFor(checked.status(), domain::Reason::kFileRefused));
  EXPECT_EQ(checked.status().code(), absl::StatusCode::kInvalidArgument);
  const auto details = domain::DetailsOf(checked.status());
  EXPECT_EQ(details->zh.find('{'), std::string::npos) << details->zh;
  EXPECT_EQ(details->en.find('{'), std::string::npos) << details->en;
  EXPECT_EQ(details->fields.size(), 1u);
  EXPECT_EQ(details->fields[0].field, "content");
  return details->fields[0].reason;
}

std::string Deflated(std::string_view content) {
  uLongf size = compressBound(content.size());
  std::string out(size, '\0');
  EXPECT_EQ(compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                      reinterpret_cast<const Bytef*>(content.data()), content.size(), 9),
            Z_OK);
  out.resize(size);
  return out;
}

// Objects packed into a stream, as PDF 1.5 does it.
std::string Packed(std::string_view objects, std::string_view type = "/Type /ObjStm") {
  return Stream(base::StrCat(type, " /N 1 /First 4 /Filter /FlateDecode"),
                Deflated(base::StrCat("5 0 ", objects)));
}

std::string WithPacked(std::string_view stream) {
  return PdfOf({"<< /Type /Catalog >>", std::string(stream)});
}

std::string Replaced(std::string text, std::string_view what, std::string_view by) {
  const size_t at = text.rfind(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

// reliability 4.4: each accept beside its nearest refuse.
TEST(PaperCheck, ThePdf) {
  const std::string good = Pdf("good");
  const std::string tiny_zip = std::string("PK\x05\x06", 4) + std::string(18, '\0');
  // A zip directory inside the PDF whose comment is the rest of the PDF.
  std::string both = Pdf(std::string("PK\x05\x06", 4) + std::string(16, '\0') + "LL");
  const size_t comment = both.find("LL");
  const size_t rest = both.size() - comment - 2;
  both[comment] = static_cast<char>(rest & 0xFF);
  both[comment + 1] = static_cast<char>(rest >> 8);
  const struct {
    std::string what;
    std::string content;
    std::string expected;
  } kTable[] = {
      {"a page", good, "OK"},
      {"cut in the middle", good.substr(0, good.size() / 2), "PDF_TRUNCATED"},
      {"cut before the end mark", good.substr(0, good.size() - 6), "PDF_TRUNCATED"},
      {"without the last line end", good.substr(0, good.size() - 1), "OK"},
      {"spaces behind the end", good + " \r\n\t", "OK"},
      {"a letter behind the end", good + "x", "PDF_TRAILING_DATA"},
      {"a page of HTML behind the end", good + "<script>alert(1)</script>", "PDF_TRAILING_DATA"},
      {"a zip behind the end", good + tiny_zip, "PDF_TRAILING_DATA"},
      {"a zip that ends with it", both, "FILE_ARCHIVE_INSIDE"},
      {"more than 1 KiB of spaces", good + std::string(1025, ' '), "PDF_TRAILING_DATA"},
      {"no cross-reference", Replaced(good, "startxref", "startnone"), "PDF_BROKEN"},
      {"an offset beyond the file", Replaced(good, "startxref\n", "startxref\n9"), "PDF_BROKEN"},
      {"an offset to something else", Replaced(good, "xref\n0 5", "text\n0 5"), "PDF_BROKEN"},
      {"no trailer", Replaced(good, "trailer", "failure"), "PDF_BROKEN"},
      {"a string without end", Pdf("x", "/Title (open"), "PDF_BROKEN"},
      {"a string with brackets", Pdf("x", "/Title (a \\) (b))"), "OK"},
      {"a stream without end", Replaced(good, "endstream", "endbeam"), "PDF_BROKEN"},
      {"a lying length", Replaced(good, "/Length 7", "/Length 5"), "OK"},
      {"encrypted", PdfOf({"<< /Type /Catalog >>"}, "/Encrypt 9 0 R"), "PDF_ENCRYPTED"},
      {"encrypted, escaped", PdfOf({"<< /Type /Catalog >>"}, "/#45ncrypt 9 0 R"), "PDF_ENCRYPTED"},
      {"metadata of encryption", PdfOf({"<< /Type /Catalog >>"}, "/EncryptMetadata false"), "OK"},
      {"script", Pdf("x", "/Names << /JavaScript 5 0 R >>"), "PDF_ACTIVE_CONTENT"},
      {"script, escaped", Pdf("x", "/Names << /J#61vaScript 5 0 R >>"), "PDF_ACTIVE_CONTENT"},
      {"script, the action", Pdf("x", "/A << /S /X /JS (app.alert) >>"), "PDF_ACTIVE_CONTENT"},
      {"script, the action, escaped", Pdf("x", "/A << /#4a#53 (app.alert) >>"),
       "PDF_ACTIVE_CONTENT"},
      {"a name that begins so", Pdf("x", "/JSON (no script)"), "OK"},
      {"launch", Pdf("x", "/A << /S /Launch >>"), "PDF_ACTIVE_CONTENT"},
      {"file inside", Pdf("x", "/Type /EmbeddedFile"), "PDF_ACTIVE_CONTENT"},
      {"files inside", Pdf("x", "/Names << /EmbeddedFiles 5 0 R >>"), "PDF_ACTIVE_CONTENT"},
      {"rich media", Pdf("x", "/Subtype /RichMedia"), "PDF_ACTIVE_CONTENT"},
      {"acts of its own", Pdf("x", "/AA << /O 5 0 R >>"), "PDF_ACTIVE_CONTENT"},
      {"opens at a page", Pdf("x", "/OpenAction [3 0 R /Fit]"), "OK"},
      {"opens with an action", Pdf("x", "/OpenAction << /S /URI >>"), "PDF_ACTIVE_CONTENT"},
      {"opens with an action elsewhere", Pdf("x", "/OpenAction 2 0 R"), "PDF_ACTIVE_CONTENT"},
      {"opens with nothing that is there", Pdf("x", "/OpenAction 7 0 R"), "PDF_ACTIVE_CONTENT"},
      {"opens at a page elsewhere",
       PdfOf({"<< /Type /Catalog /OpenAction 2 0 R >>", "[3 0 R /Fit]"}), "OK"},
      {"hidden in a comment", Pdf("6 0 obj << /AB 1 >>"), "PDF_HIDDEN_OBJECT"},
      {"hidden in a string", Pdf("x", "/Title (6 0 obj << /AA 1 >>)"), "PDF_HIDDEN_OBJECT"},
      {"script in any bytes", Pdf("/JavaScript"), "PDF_ACTIVE_CONTENT"},
      {"packed objects", WithPacked(Packed("<< /Type /Font >>")), "OK"},
      {"packed script", WithPacked(Packed("<< /S /X /JS (1) >>")), "PDF_ACTIVE_CONTENT"},
      {"packed script, escaped", WithPacked(Packed("<< /#4AS (1) >>")), "PDF_ACTIVE_CONTENT"},
      {"packed script, type escaped", WithPacked(Packed("<< /JS (1) >>", "/Type /Obj#53tm")),
       "PDF_ACTIVE_CONTENT"},
      {"packed script, no type", WithPacked(Packed("<< /JS (1) >>", "")), "PDF_ACTIVE_CONTENT"},
      {"packed in another way",
       WithPacked(Stream("/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode", "xx")),
       "PDF_UNREADABLE"},
      {"packed twice",
       WithPacked(Stream("/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]", "xx")),
       "PDF_UNREADABLE"},
      {"packed, a filter elsewhere",
       WithPacked(Stream("/Type /ObjStm /N 1 /First 4 /Filter 7 0 R", "xx")), "PDF_UNREADABLE"},
      {"packed, broken",
       WithPacked(Stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", "xx")),
       "PDF_UNREADABLE"},
      {"not packed at all", WithPacked(Stream("/Type /ObjStm /N 1 /First 4", "5 0 << /JS 1 >>")),
       "PDF_ACTIVE_CONTENT"},
      {"packed, extends itself",
       WithPacked(Packed("<< /Type /Font >>", "/Type /ObjStm /Extends 2 0 R")), "OK"},
      {"a cross-reference before itself", PdfOf({"<< /Type /Catalog >>"}, "/Prev 9"), "OK"},
      {"a bomb", WithPacked(Packed(std::string(4 << 20, ' '))), "PDF_BOMB"},
      {"much, but no bomb", WithPacked(Packed(std::string(1 << 19, ' '))), "OK"},
  };
  for (const auto& row : kTable) EXPECT_EQ(Found(row.content), row.expected) << row.what;
}

TEST(PaperCheck, ACrossReferenceStreamIsOneToo) {
  std::string pdf = "%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\n";
  const size_t start = pdf.size();
  base::StrAppend(&pdf, "2 0 obj\n", Stream("/Type /XRef /W [1 2 1] /Root 1 0 R", "\x01\x02"),
                  "\nendobj\nstartxref\n", start, "\n%%EOF\n");
  EXPECT_EQ(Found(pdf), "OK");
  EXPECT_EQ(Found(Replaced(pdf, "/XRef", "/XObj")), "PDF_BROKEN");
}

TEST(PaperCheck, ThePictures) {
  const std::string png = Png(10'000, 10'000);
  const std::string jpeg = Jpeg(640, 480);
  std::string flipped = png;
  flipped[20] ^= 1;  // in the width: the check of the chunk is wrong
  const struct {
    std::string what;
    std::string content;
    std::string name;
    std::string expected;
  } kTable[] = {
      {"100 Mpixel", png, "a.png", "OK"},
      {"a little more", Png(10'000, 10'001), "a.png", "IMAGE_PIXELS"},
      {"60 000 x 60 000", Png(60'000, 60'000), "a.png", "IMAGE_PIXELS"},
      {"2^32 - 1 each way", Png(0xFFFFFFFF, 0xFFFFFFFF), "a.png", "IMAGE_PIXELS"},
      {"no width", Png(0, 1), "a.png", "IMAGE_BROKEN"},
      {"cut", png.substr(0, png.size() - 1), "a.png", "IMAGE_TRUNCATED"},
      {"signature alone", png.substr(0, 8), "a.png", "IMAGE_TRUNCATED"},
      {"a bit flipped", flipped, "a.png", "IMAGE_BROKEN"},
      {"data behind", png + "<script>", "a.png", "IMAGE_TRAILING_DATA"},
      {"a picture", jpeg, "a.jpg", "OK"},
      {"65 535 x 65 535", Jpeg(65'535, 65'535), "a.jpg", "IMAGE_PIXELS"},
      {"no height", Jpeg(640, 0), "a.jpg", "IMAGE_BROKEN"},
      {"cut", jpeg.substr(0, jpeg.size() - 2), "a.jpg", "IMAGE_TRUNCATED"},
      {"first bytes alone", jpeg.substr(0, 4), "a.jpg", "IMAGE_TRUNCATED"},
      {"data behind", jpeg + "x", "a.jpg", "IMAGE_TRAILING_DATA"},
      {"no scan", jpeg.substr(0, jpeg.find("\xFF\xDA")) + "\xFF\xD9", "a.jpg", "IMAGE_BROKEN"},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(Found(row.content, row.name), row.expected) << row.name << ": " << row.what;
  }
}

// The content decides; the name must only agree with it.
TEST(PaperCheck, ANameProvesNothing) {
  const std::string pdf = Pdf("x");
  const struct {
    std::string content;
    std::string name;
    std::string expected;
  } kTable[] = {
      {"", "a.pdf", "FILE_EMPTY"},
      {"PK\x03\x04 docx, xlsx or zip", "a.pdf", "FILE_TYPE"},
      {"MZ\x90 a program", "a.pdf", "FILE_TYPE"},
      {"<!DOCTYPE html><html></html>", "a.pdf", "FILE_TYPE"},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "FILE_TYPE"},
      {"GIF89a=1;alert(1)", "a.png", "FILE_TYPE"},
      {"\xD0\xCF\x11\xE0 doc", "a.pdf", "FILE_TYPE"},
      {" " + pdf, "a.pdf", "FILE_TYPE"},
      {pdf, "a.png", "FILE_ENDING"},
      {pdf, "a.pdf.exe", "FILE_ENDING"},
      {pdf, "pdf", "FILE_ENDING"},
      {Png(1, 1), "a.jpg", "FILE_ENDING"},
      {pdf, "协议.PDF", "OK"},
      {pdf,
       "\xE2\x80\xAE"
       "cod.pdf",
       "OK"},  // data only: a download says the name as it is
      {Jpeg(1, 1), "a.JPEG", "OK"},
      {test_papers::PdfOfSize(1 << 20), "a.pdf", "OK"},
      {test_papers::PdfOfSize((1 << 20) + 1), "a.pdf", "FILE_TOO_LARGE"},
      {Png(1, 1) + std::string(1 << 19, 'x'), "a.png", "FILE_TOO_LARGE"},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(Found(row.content, row.name), row.expected)
        << row.name << " " << row.content.substr(0, 20);
  }
  EXPECT_EQ(LargestUnder("a.pdf", kLimits), kLimits.pdf_bytes);
  EXPECT_EQ(LargestUnder("a.PNG", kLimits), kLimits.image_bytes);
  EXPECT_EQ(LargestUnder("a.exe", kLimits), std::nullopt);
}

// Truncations and mutations of good files are answered, one way or the other, and soon. What is cut
// anywhere before its end mark is never taken.
TEST(PaperCheck, NothingMakesItCrashOrHang) {
  const std::vector<std::pair<std::string, std::string>> kSeeds = {
      {Pdf("seed", "/OpenAction [3 0 R /Fit] /Title (a (b) \\) c) /X <0A0B>"), "a.pdf"},
      {WithPacked(Packed("<< /Type /Font /Y [1 2 (3)] >>")), "a.pdf"},
      {Png(7, 9), "a.png"},
      {Jpeg(7, 9), "a.jpg"}};
  const std::vector<std::string> kTokens = {"obj",
                                            "1 0 obj",
                                            "stream\n",
                                            "endstream",
                                            "(",
                                            ")",
                                            "<<",
                                            ">>",
                                            "<",
                                            "/JS",
                                            "/#4",
                                            "%",
                                            "startxref",
                                            "/Length 99999999999999999999",
                                            "%%EOF",
                                            "\xFF\xD9",
                                            std::string("\0\0\0\0", 4),
                                            "\xFF\xFF\xFF\xFF"};
  std::mt19937 dice(20230403);
  const auto below = [&](size_t limit) { return dice() % limit; };
  const absl::Time begin = absl::Now();
  for (const auto& [seed, name] : kSeeds) {
    ASSERT_EQ(Found(seed, name), "OK");
    for (size_t cut = 0; cut + 1 < seed.size(); ++cut) {
      EXPECT_FALSE(CheckPaper(seed.substr(0, cut), name, kLimits).ok()) << name << " " << cut;
    }
    for (int round = 0; round < 20'000; ++round) {
      std::string mutant = seed;
      for (size_t change = 0; change <= below(4); ++change) {
        const size_t at = below(mutant.size());
        switch (below(4)) {
          case 0:
            mutant[at] = static_cast<char>(dice());
            break;
          case 1:
            mutant.insert(at, kTokens[below(kTokens.size())]);
            break;
          case 2:
            mutant.erase(at, 1 + below(8));
            break;
          default:
            mutant.insert(at, mutant.substr(below(mutant.size()), below(64)));
        }
        if (mutant.empty()) mutant = "%";
      }
      const auto checked = CheckPaper(mutant, name, kLimits);
      if (!checked.ok()) {
        ASSERT_TRUE(domain::RefusedFor(checked.status(), domain::Reason::kFileRefused));
      }
    }
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(60));
}

// Files made to take long take no longer than their size allows.
TEST(PaperCheck, HostileFilesTakeLinearTime) {
  const domain::PaperLimits large = {
      .pdf_bytes = 64 << 20, .image_bytes = 64 << 20, .image_pixels = 100'000'000};
  std::string many[4];
  for (int i = 0; i < 200'000; ++i) {
    many[0] += "((((((((";
    many[1] += "/A#4a<<";
    many[2] += "1 0 obj ";
    many[3] += "stream endstrea";
  }
  const absl::Time begin = absl::Now();
  for (const std::string& bytes : many) {
    EXPECT_NE(Found("%PDF-1.7\n" + bytes + Pdf("x"), "a.pdf", large), "");
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(20));
}

}  // namespace
}  // namespace alliance::filing
