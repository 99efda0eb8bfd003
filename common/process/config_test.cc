// A configuration is good, or the process says in one line what is not.

#include "common/process/config.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace alliance::process {
namespace {

constexpr char kGood[] = R"(
environment: DEMO
listen { grpc_address: "127.0.0.1:0" admin_address: "127.0.0.1:0" }
tls { cert_file: "a" key_file: "b" ca_file: "c" }
database { socket: "s" user: "u" password_file: "p" schema: "alliance_filing" }
rule_packs: "2023.textproto"
caller_key_file: "k"
audit { key_file: "k" checkpoint_folder: "f" }
paper_folder: "papers"
clock_file: "clock"
)";

class ConfigTest : public ::testing::Test {
 protected:
  // The refusal of this text, or "" when it is good.
  std::string Refusal(const std::string& text, const char* service = "filing") {
    const std::string path = std::filesystem::temp_directory_path() /
                             ("config_test_" + std::to_string(::getpid()) + ".textproto");
    std::ofstream(path) << text;
    const auto config = LoadConfig(path, service);
    std::filesystem::remove(path);
    return config.ok() ? "" : std::string(config.status().message());
  }

  static std::string With(const std::string& from, const std::string& to) {
    std::string text = kGood;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
};

TEST_F(ConfigTest, AGoodOneIsRead) { EXPECT_EQ(Refusal(kGood), ""); }

TEST_F(ConfigTest, EachMistakeIsOneClearLine) {
  const struct {
    const char* from;
    const char* to;
    const char* says;
  } cases[] = {
      {"environment: DEMO", "", "environment (PRODUCTION or DEMO) is missing"},
      {"environment: DEMO", "environment: PRODUCTION", "clock_file is for DEMO only"},
      {"grpc_address: \"127.0.0.1:0\" ", "", "listen.grpc_address is missing"},
      {"cert_file: \"a\" ", "", "tls.cert_file is missing"},
      {"socket: \"s\" ", "", "needs a socket, or a host with tls"},
      {"socket: \"s\" ", "socket: \"s\" host: \"h\" ", "needs a socket, or a host with tls"},
      {"socket: \"s\" ", "host: \"db\" ", "database.tls.cert_file is missing"},
      {"user: \"u\" ", "", "database.user is missing"},
      {"rule_packs: \"2023.textproto\"", "", "rule_packs is missing"},
      {"caller_key_file: \"k\"", "", "caller_key_file is missing"},
      {"checkpoint_folder: \"f\"", "", "audit.checkpoint_folder is missing"},
      {"paper_folder: \"papers\"", "", "paper_folder is missing"},
      {"paper_folder: \"papers\"", "paper_folder: \"papers\" workers: 257",
       "workers must be 0 to 256"},
      {"paper_folder: \"papers\"", "paper_folder: \"papers\" wrokers: 8", "wrokers"},
      {"paper_folder: \"papers\"", "paper_folder: ", ""},
  };
  for (const auto& c : cases) {
    const std::string refusal = Refusal(With(c.from, c.to));
    EXPECT_FALSE(refusal.empty()) << c.from << " → " << c.to;
    EXPECT_NE(refusal.find(c.says), std::string::npos) << refusal;
    EXPECT_EQ(refusal.find('\n'), std::string::npos) << refusal;
  }
}

TEST_F(ConfigTest, AnUnknownKeyIsNamedWithItsLine) {
  const std::string refusal = Refusal("environment: DEMO\nsecret: \"x\"\n");
  EXPECT_NE(refusal.find(":2:"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("secret"), std::string::npos) << refusal;
}

TEST_F(ConfigTest, TheGatewayNeedsItsOwnSection) {
  EXPECT_NE(Refusal(kGood, "gateway").find("gateway.http_address is missing"), std::string::npos);
}

TEST_F(ConfigTest, AMissingFileIsSaid) {
  const auto config = LoadConfig("/nowhere/filing.textproto", "filing");
  EXPECT_NE(std::string(config.status().message()).find("/nowhere/filing.textproto"),
            std::string::npos);
}

}  // namespace
}  // namespace alliance::process
