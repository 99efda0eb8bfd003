// For tests: papers that are what they say, made by hand.

#ifndef ALLIANCE_SERVICES_FILING_TEST_PAPERS_H_
#define ALLIANCE_SERVICES_FILING_TEST_PAPERS_H_

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/str.h"

namespace alliance::filing::test_papers {

// A PDF of these objects ("<< /Type /Catalog >>"), numbered from 1, with table and trailer.
inline std::string PdfOf(const std::vector<std::string>& objects,
                         std::string_view trailer_entries = "") {
  std::string pdf = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
  std::string table = base::StrCat("xref\n0 ", objects.size() + 1, "\n0000000000 65535 f \n");
  for (size_t i = 0; i < objects.size(); ++i) {
    const std::string at = base::StrCat(pdf.size());
    base::StrAppend(&table, std::string(10 - at.size(), '0'), at, " 00000 n \n");
    base::StrAppend(&pdf, i + 1, " 0 obj\n", objects[i], "\nendobj\n");
  }
  const size_t start = pdf.size();
  base::StrAppend(&pdf, table, "trailer\n<< /Size ", objects.size() + 1, " /Root 1 0 R ",
                  trailer_entries, " >>\nstartxref\n", start, "\n%%EOF\n");
  return pdf;
}

inline std::string Stream(std::string_view entries, std::string_view content) {
  return base::StrCat("<< ", entries, " /Length ", content.size(), " >>\nstream\n", content,
                      "\nendstream");
}

// One empty page; `text` makes it another file. `catalog` goes into the catalog.
inline std::string Pdf(std::string_view text, std::string_view catalog = "") {
  return PdfOf({base::StrCat("<< /Type /Catalog /Pages 2 0 R ", catalog, " >>"),
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
                Stream("", base::StrCat("% ", text, "\n"))});
}

inline std::string BigEndian(uint32_t number, int bytes = 4) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(number >> (8 * i)));
  return out;
}

inline std::string PngChunk(std::string_view type, std::string_view data) {
  const std::string typed = base::StrCat(type, data);
  const auto check = static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(typed.data()), static_cast<uInt>(typed.size())));
  return base::StrCat(BigEndian(static_cast<uint32_t>(data.size())), typed, BigEndian(check));
}

// A PNG whose header says this size; its pixels are never looked at.
inline std::string Png(uint32_t width, uint32_t height) {
  const std::string header =
      base::StrCat(BigEndian(width), BigEndian(height), std::string("\x08\x02\0\0\0", 5));
  return base::StrCat("\x89PNG\r\n\x1A\n", PngChunk("IHDR", header),
                      PngChunk("IDAT", "\x78\x9C\x62\x60"), PngChunk("IEND", ""));
}

// A JPEG of one scan whose header says this size.
inline std::string Jpeg(uint32_t width, uint32_t height) {
  return base::StrCat("\xFF\xD8\xFF\xE0", BigEndian(4, 2), "ab\xFF\xC0", BigEndian(11, 2), "\x08",
                      BigEndian(height, 2), BigEndian(width, 2), std::string("\x01\x01\x11\0", 4),
                      "\xFF\xDA", BigEndian(8, 2), std::string("\x01\x01\0\0\x3F\0", 6),
                      std::string("scan\xFF\0more\xFF\xD0rest", 16), "\xFF\xD9");
}

// As Pdf, of exactly this size.
inline std::string PdfOfSize(size_t bytes) {
  std::string text(bytes - Pdf("").size(), 'x');
  while (Pdf(text).size() > bytes) text.pop_back();
  std::string pdf = Pdf(text);
  pdf.append(bytes - pdf.size(), '\n');  // line ends behind the end mark
  return pdf;
}

}  // namespace alliance::filing::test_papers

#endif  // ALLIANCE_SERVICES_FILING_TEST_PAPERS_H_
