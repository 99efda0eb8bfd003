#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "common/crypto/digest.h"
#include "common/crypto/key_file.h"
#include "common/crypto/random.h"
#include "common/crypto/signing.h"

namespace alliance::crypto {
namespace {

// GM/T 0004-2012, example 1.
TEST(Digest, Sm3OfTheStandard) {
  EXPECT_EQ(Hex(Sm3("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

TEST(Sha256, KnownVectors) {  // FIPS 180-4 examples
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("abc").size(), kSha256Bytes);
}

TEST(Sha256, PieceByPieceIsTheWhole) {
  Sha256Hasher hasher;
  hasher.Add("a");
  hasher.Add("");
  hasher.Add("bc");
  EXPECT_EQ(hasher.Finish(), Sha256("abc"));
  EXPECT_EQ(hasher.Finish(), Sha256("")) << "Finish starts again";
}

TEST(Sha256, FieldsDoNotRunIntoEachOther) {
  Sha256Hasher one;
  one.AddField("ab");
  one.AddField("c");
  Sha256Hasher other;
  other.AddField("a");
  other.AddField("bc");
  EXPECT_NE(one.Finish(), other.Finish());
}

TEST(Hex, RoundTripAndRefusals) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(Unhex(Hex(all)), all);
  EXPECT_EQ(Unhex("0aFf"), std::string("\x0a\xff"));
  EXPECT_EQ(Unhex(""), "");
  EXPECT_EQ(Unhex("abc"), std::nullopt);
  EXPECT_EQ(Unhex("zz"), std::nullopt);
  EXPECT_EQ(Unhex("0 "), std::nullopt);
}

TEST(EqualInConstantTime, ComparesAllBytes) {
  EXPECT_TRUE(EqualInConstantTime("secret", "secret"));
  EXPECT_FALSE(EqualInConstantTime("secret", "secreT"));
  EXPECT_FALSE(EqualInConstantTime("secret", "secre"));
  EXPECT_TRUE(EqualInConstantTime("", ""));
}

TEST(Random, LengthsAndDifference) {
  EXPECT_EQ(RandomBytes(16).size(), 16u);
  EXPECT_EQ(RandomHex(16).size(), 32u);
  EXPECT_NE(RandomHex(16), RandomHex(16));
  EXPECT_TRUE(Unhex(RandomHex(8)).has_value());
  for (int i = 0; i < 1000; ++i) {
    const double fraction = RandomFraction();
    EXPECT_TRUE(fraction >= 0 && fraction < 1);
  }
}

class SigningTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/signing-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ASSERT_TRUE(GenerateKeyFiles(Path("a.key"), Path("a.pub")).ok());
  }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(Path(name)) << text;
    chmod(Path(name).c_str(), 0600);
  }
  std::string ReadText(const std::string& name) {
    std::ifstream file(Path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string folder_;
};

TEST_F(SigningTest, SignsAndVerifies) {
  const absl::StatusOr<Signer> signer = Signer::Load(Path("a.key"));
  const absl::StatusOr<Verifier> verifier = Verifier::Load(Path("a.pub"));
  ASSERT_TRUE(signer.ok() && verifier.ok()) << signer.status() << verifier.status();
  const std::string signature = signer->Sign("公示 5 个工作日");
  EXPECT_EQ(signature.size(), kSignatureBytes);
  EXPECT_EQ(signer->key_id().size(), 16u);
  EXPECT_TRUE(verifier->Verify(signer->key_id(), "公示 5 个工作日", signature));
  EXPECT_FALSE(verifier->Verify(signer->key_id(), "公示 6 个工作日", signature));
  EXPECT_FALSE(verifier->Verify("0000000000000000", "公示 5 个工作日", signature));
  EXPECT_FALSE(verifier->Verify(signer->key_id(), "公示 5 个工作日", signature.substr(1)));
  std::string flipped = signature;
  flipped[10] ^= 1;
  EXPECT_FALSE(verifier->Verify(signer->key_id(), "公示 5 个工作日", flipped));
}

TEST_F(SigningTest, OldKeyStillVerifiesAfterAChangeOfKeys) {  // docs/threats.md F-H5
  ASSERT_TRUE(GenerateKeyFiles(Path("b.key"), Path("b.pub")).ok());
  Write("both.pub", "# old, then new\n" + ReadText("a.pub") + "\n" + ReadText("b.pub"));
  const Signer before = *Signer::Load(Path("a.key"));
  const Signer after = *Signer::Load(Path("b.key"));
  const Verifier verifier = *Verifier::Load(Path("both.pub"));
  EXPECT_NE(before.key_id(), after.key_id());
  EXPECT_TRUE(verifier.Verify(before.key_id(), "m", before.Sign("m")));
  EXPECT_TRUE(verifier.Verify(after.key_id(), "m", after.Sign("m")));
  EXPECT_FALSE(verifier.Verify(before.key_id(), "m", after.Sign("m")));
}

TEST_F(SigningTest, FilesAreProtectedAndNeverOverwritten) {
  struct stat file {};
  ASSERT_EQ(stat(Path("a.key").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  EXPECT_EQ(GenerateKeyFiles(Path("a.key"), Path("c.pub")).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GenerateKeyFiles(Path("c.key"), Path("a.pub")).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_NE(access(Path("c.key").c_str(), F_OK), 0) << "half a pair must not stay behind";
  chmod(Path("a.key").c_str(), 0640);
  EXPECT_EQ(Signer::Load(Path("a.key")).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST(KeyFileIsOpen, OwnKeysAreForOneRootsAlsoForOurGroup) {
  for (const uint32_t mode : {0600u, 0400u}) EXPECT_FALSE(KeyFileIsOpen(mode, false)) << mode;
  for (const uint32_t mode : {0640u, 0440u, 0604u}) EXPECT_TRUE(KeyFileIsOpen(mode, false)) << mode;
  for (const uint32_t mode : {0400u, 0440u, 0640u}) EXPECT_FALSE(KeyFileIsOpen(mode, true)) << mode;
  for (const uint32_t mode : {0444u, 0460u, 0450u}) EXPECT_TRUE(KeyFileIsOpen(mode, true)) << mode;
}

TEST_F(SigningTest, BrokenFilesAreRefusedByName) {
  EXPECT_EQ(Signer::Load(Path("none.key")).status().code(), absl::StatusCode::kNotFound);
  Write("empty.key", "\n");
  EXPECT_EQ(Signer::Load(Path("empty.key")).status().code(), absl::StatusCode::kInvalidArgument);
  Write("short.key", "ed25519-private abcd\n");
  EXPECT_EQ(Signer::Load(Path("short.key")).status().code(), absl::StatusCode::kInvalidArgument);
  Write("two.key", ReadText("a.key") + ReadText("a.key"));
  EXPECT_EQ(Signer::Load(Path("two.key")).status().code(), absl::StatusCode::kInvalidArgument);
  const absl::Status swapped = Verifier::Load(Path("a.key")).status();
  EXPECT_EQ(swapped.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(swapped.message().find("a.key"), std::string::npos);
}

}  // namespace
}  // namespace alliance::crypto
