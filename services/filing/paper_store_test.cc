// Papers on disk: what is acknowledged is there, complete, under its own digest.

#include "services/filing/paper_store.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "gtest/gtest.h"

namespace alliance::filing {
namespace {

namespace fs = std::filesystem;

class PaperStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { folder_ = ::testing::TempDir() + "/papers-" + base::NewUuid7(); }
  void TearDown() override { fs::remove_all(folder_); }

  int Files() const {
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    return files;
  }

  std::string folder_;
};

// R-031 … R-035
TEST_F(PaperStoreTest, WhatIsPutIsFoundUnderItsDigest) {
  auto store = PaperStore::Open(folder_);
  ASSERT_TRUE(store.ok()) << store.status();
  const std::string content("%PDF-1.7\0 with a NUL\xFF", 21);
  const auto digest = store->Put(content);
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, crypto::Sha256(content));
  EXPECT_EQ(*store->Get(*digest), content);
  EXPECT_EQ(store->Get(crypto::Sha256("other")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PaperStoreTest, TheSameContentIsStoredOnceEvenByManyAtOnce) {
  auto store = PaperStore::Open(folder_);
  ASSERT_TRUE(store.ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(store->Put("%PDF-the same").ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Files(), 1);
}

TEST_F(PaperStoreTest, ContentChangedOnDiskIsNotHandedOut) {
  auto store = PaperStore::Open(folder_);
  ASSERT_TRUE(store.ok());
  const auto digest = store->Put("%PDF-original");
  const std::string hex = crypto::Hex(*digest);
  const std::string path = folder_ + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
  std::ofstream(path, std::ios::trunc) << "%PDF-forged!!";
  EXPECT_EQ(store->Get(*digest).status().code(), absl::StatusCode::kDataLoss);
}

// A crash leaves a temporary file: an old one goes at the next start, a young one may be another
// process's and stays.
TEST_F(PaperStoreTest, OpeningSweepsOldLeftovers) {
  ASSERT_TRUE(PaperStore::Open(folder_).ok());
  std::ofstream(folder_ + "/tmp/old") << "half";
  std::ofstream(folder_ + "/tmp/young") << "half";
  fs::last_write_time(folder_ + "/tmp/old",
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
  ASSERT_TRUE(PaperStore::Open(folder_).ok());
  EXPECT_FALSE(fs::exists(folder_ + "/tmp/old"));
  EXPECT_TRUE(fs::exists(folder_ + "/tmp/young"));
}

TEST_F(PaperStoreTest, AFolderThatCannotBeWrittenStopsTheStart) {
  EXPECT_FALSE(PaperStore::Open("").ok());
  std::ofstream(folder_) << "a file where a folder should be";
  EXPECT_FALSE(PaperStore::Open(folder_).ok());
}

TEST(MediaType, TheFirstBytesDecide) {
  const struct {
    std::string content;
    std::string_view type;  // empty: refused
  } kTable[] = {
      {"%PDF-1.4", "application/pdf"},
      {"%PDF", ""},
      {" %PDF-1.4", ""},
      {"\xFF\xD8\xFF\xE0", "image/jpeg"},
      {"\xFF\xD8", ""},
      {"\x89PNG\r\n\x1A\n....", "image/png"},
      {"\x89PNG\n\x1A\n", ""},
      {"PK\x03\x04", ""},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>", ""},
      {"GIF89a", ""},
      {"MZ", ""},
      {"", ""},
  };
  for (const auto& row : kTable) EXPECT_EQ(MediaTypeOf(row.content).value_or(""), row.type);
}

TEST(MediaType, TheEndingFitsTheContent) {
  EXPECT_TRUE(EndingFits("协议.pdf", "application/pdf"));
  EXPECT_TRUE(EndingFits("协议.PDF", "application/pdf"));
  EXPECT_TRUE(EndingFits("a.jpg", "image/jpeg"));
  EXPECT_TRUE(EndingFits("a.JPEG", "image/jpeg"));
  EXPECT_TRUE(EndingFits("a.png", "image/png"));
  EXPECT_FALSE(EndingFits("a.pdf.exe", "application/pdf"));
  EXPECT_FALSE(EndingFits("a.png", "image/jpeg"));
  EXPECT_FALSE(EndingFits("pdf", "application/pdf"));
  EXPECT_FALSE(EndingFits("", "application/pdf"));
}

}  // namespace
}  // namespace alliance::filing
