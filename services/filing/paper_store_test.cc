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
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/papers-" + base::NewUuid7();
    auto store = OpenPaperFolder(folder_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void TearDown() override { fs::remove_all(folder_); }

  int Files() const {
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    return files;
  }
  std::string PathOf(std::string_view sha256) const {
    const std::string hex = crypto::Hex(sha256);
    return folder_ + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
  }

  std::string folder_;
  std::unique_ptr<PaperStore> store_;
};

TEST_F(PaperStoreTest, WhatIsPutIsFoundUnderItsDigest) {
  const std::string content("%PDF-1.7\0 with a NUL\xFF", 21);
  const auto digest = store_->Put(content);
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, crypto::Sha256(content));
  EXPECT_TRUE(store_->Verify(*digest).ok());
  EXPECT_EQ(*store_->Read(*digest, 0, 100), content);
  EXPECT_EQ(*store_->Read(*digest, 5, 3), "1.7");
  EXPECT_EQ(*store_->Read(*digest, 20, 100), "\xFF");
  EXPECT_EQ(*store_->Read(*digest, 21, 100), "");
  EXPECT_EQ(*store_->Read(*digest, 1 << 30, 100), "");
  EXPECT_EQ(store_->Read(crypto::Sha256("other"), 0, 1).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->Verify(crypto::Sha256("other")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Files(), 1) << "no temporary is left";
}

TEST_F(PaperStoreTest, TheSameContentIsStoredOnceEvenByManyAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(store_->Put("%PDF-the same").ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Files(), 1);
}

TEST_F(PaperStoreTest, ContentChangedOnDiskIsFound) {
  const auto digest = store_->Put("%PDF-original");
  std::ofstream(PathOf(*digest), std::ios::trunc) << "%PDF-forged!!";
  EXPECT_EQ(store_->Verify(*digest).code(), absl::StatusCode::kDataLoss);
}

TEST_F(PaperStoreTest, PiecesBecomeAPaperWhenTheyAreKept) {
  const std::string id = base::NewUuid7();
  const std::string digest = crypto::Sha256("abcdef");
  ASSERT_TRUE(store_->Append(id, 0, "abcxxx").ok());
  // What an attempt left behind its offset is cut off.
  ASSERT_TRUE(store_->Append(id, 3, "de").ok());
  EXPECT_EQ(store_->Open(id, 6).status().code(), absl::StatusCode::kDataLoss);
  ASSERT_TRUE(store_->Append(id, 5, "f").ok());
  EXPECT_EQ(store_->Append(id, 7, "h").code(), absl::StatusCode::kDataLoss) << "no hole is filled";
  {
    const auto view = store_->Open(id, 6);
    ASSERT_TRUE(view.ok()) << view.status();
    EXPECT_EQ((*view)->content(), "abcdef");
  }
  EXPECT_EQ(store_->Verify(digest).code(), absl::StatusCode::kNotFound) << "not before it is kept";
  ASSERT_TRUE(store_->Keep(id, digest).ok());
  ASSERT_TRUE(store_->Keep(id, digest).ok()) << "a body may run twice";
  EXPECT_TRUE(store_->Verify(digest).ok());
  ASSERT_TRUE(store_->Drop(id).ok());
  ASSERT_TRUE(store_->Drop(id).ok());
  EXPECT_TRUE(store_->Verify(digest).ok()) << "what was kept stays";
  EXPECT_EQ(store_->Open(id, 6).status().code(), absl::StatusCode::kNotFound);
}

// A crash leaves a temporary: one that nobody has written to for a day is offered to the sweeper.
TEST_F(PaperStoreTest, OldTemporariesAreIdle) {
  ASSERT_TRUE(store_->Append("old", 0, "half").ok());
  ASSERT_TRUE(store_->Append("young", 0, "half").ok());
  fs::last_write_time(folder_ + "/tmp/old",
                      fs::file_time_type::clock::now() - std::chrono::hours(25));
  EXPECT_EQ(store_->Idle(absl::Hours(24)), std::vector<std::string>{"old"});
}

TEST_F(PaperStoreTest, AFolderThatCannotBeWrittenStopsTheStart) {
  EXPECT_FALSE(OpenPaperFolder("").ok());
  const std::string file = folder_ + "/file";
  std::ofstream(file) << "a file where a folder should be";
  EXPECT_FALSE(OpenPaperFolder(file).ok());
}

}  // namespace
}  // namespace alliance::filing
