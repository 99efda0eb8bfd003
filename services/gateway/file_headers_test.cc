// Headers of file transfers (reliability 4.4 names, 4.5 headers).

#include "services/gateway/file_headers.h"

#include <gtest/gtest.h>

#include "common/base/str.h"
#include "common/domain/errors.h"

namespace alliance::gateway {
namespace {

constexpr char kId[] = "0187a3b2-7c1d-7e2f-8a3b-4c5d6e7f8091";

TEST(FileHeaders, APathNamesAFileOrNothing) {
  const std::string id = kId;
  const auto name = [](const std::string& path) {
    const auto named = FilePathOf(path);
    return named ? base::StrCat(named->upload ? "upload " : "paper ", named->name) : "";
  };
  EXPECT_EQ(name("/files/uploads/" + id), "upload uploads/" + id);
  EXPECT_EQ(name("/files/papers/" + id + "/" + id), "paper applications/" + id + "/papers/" + id);
  for (const std::string& bad :
       {std::string("/files/"), std::string("/files/uploads/"), "/files/uploads/" + id + "/",
        "/files/uploads/../" + id, "/files/uploads/%2e%2e/" + id, "/files/papers/" + id,
        "/files/papers/" + id + "/", "/files/papers/" + id + "/" + id + "/x",
        "/files/papers//" + id, "/files/papers/" + id + "/..", "/files/Uploads/" + id}) {
    EXPECT_EQ(name(bad), "") << bad;
  }
}

TEST(FileHeaders, WhereAnUploadGoesOn) {
  const auto span = [](std::string_view offset, std::string_view range, int64_t body) {
    const auto found = UploadSpanOf(offset, range, body);
    if (found.ok()) return base::StrCat(found->offset, "/", found->total.value_or(-1));
    const auto details = domain::DetailsOf(found.status());
    return base::StrCat(details->fields[0].field, ":", details->fields[0].reason);
  };
  EXPECT_EQ(span("0", "", 5), "0/-1");
  EXPECT_EQ(span("20971519", "", 1), "20971519/-1");
  EXPECT_EQ(span("", "bytes 0-4/5", 5), "0/5");
  EXPECT_EQ(span("", "bytes 5-9/*", 5), "5/-1");
  EXPECT_EQ(span("5", "bytes 5-9/10", 5), "5/10");
  EXPECT_EQ(span("", "", 5), "Upload-Offset:REQUIRED");
  for (const char* bad : {"-1", "+1", "1.0", " 1", "0x1", "9999999999999999", "一"}) {
    EXPECT_EQ(span(bad, "", 5), "Upload-Offset:BAD_OFFSET") << bad;
  }
  EXPECT_EQ(span("4", "bytes 5-9/10", 5), "Upload-Offset:BAD_OFFSET");
  for (const char* bad : {"bytes 0-4/4", "bytes 0-5/6", "bytes 0-3/9", "bytes 4-0/9", "bytes */5",
                          "0-4/5", "bytes 0-4", "bytes a-b/c", "bytes 0/4-5", "items 0-4/5"}) {
    EXPECT_EQ(span("", bad, 5), "Content-Range:BAD_RANGE") << bad;
  }
}

TEST(FileHeaders, WhichPartIsWanted) {
  const auto part = [](std::string_view range, int64_t size) -> std::string {
    ByteRange found;
    switch (RangeOf(range, size, &found)) {
      case RangeKind::kWhole:
        return "whole";
      case RangeKind::kUnsatisfiable:
        return "none";
      default:
        return base::StrCat(found.first, "+", found.count);
    }
  };
  EXPECT_EQ(part("bytes=0-0", 10), "0+1");
  EXPECT_EQ(part("bytes=0-9", 10), "0+10");
  EXPECT_EQ(part("bytes=5-", 10), "5+5");
  EXPECT_EQ(part("bytes=5-99", 10), "5+5");
  EXPECT_EQ(part("bytes=9-9", 10), "9+1");
  EXPECT_EQ(part("bytes=10-", 10), "none");
  EXPECT_EQ(part("bytes=10-20", 10), "none");
  EXPECT_EQ(part("bytes=-3", 10), "7+3");
  EXPECT_EQ(part("bytes=-99", 10), "0+10");
  EXPECT_EQ(part("bytes=-0", 10), "none");
  for (const char* ignored : {"", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=0-1,3-4",
                              "items=0-1", "bytes=1", "bytes=99999999999999999-"}) {
    EXPECT_EQ(part(ignored, 10), "whole") << ignored;
  }
}

// Whatever a name holds, it stays inside its quotes and its header.
TEST(FileHeaders, ANameIsSavedAsItIsAndHarmsNothing) {
  EXPECT_EQ(Disposition("a.pdf"), "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
  EXPECT_EQ(Disposition("协议.pdf"),
            "attachment; filename=\"______.pdf\"; filename*=UTF-8''%E5%8D%8F%E8%AE%AE.pdf");
  for (const std::string& name :
       {std::string("a\"; x=\"b.pdf"), std::string("a\r\nSet-Cookie: x=y.pdf"),
        std::string("../../etc/passwd"), std::string("..\\a"), std::string("a\0b.pdf", 7),
        std::string("a\xE2\x80\xAE"
                    "fdp.exe"),
        std::string("'; drop--"), std::string(300, '%')}) {
    const std::string header = Disposition(name);
    for (const unsigned char c : header) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << header;
    EXPECT_EQ(std::count(header.begin(), header.end(), '"'), 2) << header;
    EXPECT_EQ(std::count(header.begin(), header.end(), ';'), 2) << header;
    EXPECT_EQ(header.find_first_of("/\\"), std::string::npos) << header;
  }
}

}  // namespace
}  // namespace alliance::gateway
