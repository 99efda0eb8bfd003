// The virus scanner: clean is only what it has called clean (reliability 4.4, malware).

#include "services/filing/scanner.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/domain/errors.h"

namespace alliance::filing {
namespace {

// Never whole in this file, so that no scanner takes the source for it.
const std::string kEicar =
    std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$") + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

std::string ReadBytes(int fd, size_t count) {
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got = recv(fd, bytes.data() + done, count - done, 0);
    if (got <= 0) return bytes.substr(0, done);
    done += static_cast<size_t>(got);
  }
  return bytes;
}

// One connection of a clamd, which `talk` answers.
class FakeClamd {
 public:
  explicit FakeClamd(std::function<void(int)> talk) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, talk = std::move(talk)] {
      const int client = accept(fd_, nullptr, nullptr);
      if (client < 0) return;
      talk(client);
      close(client);
    });
  }
  ~FakeClamd() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }

  std::string address() const { return base::StrCat("127.0.0.1:", port_); }

  // The content of an INSTREAM command, or nothing when it is none.
  static std::optional<std::string> Stream(int client) {
    if (ReadBytes(client, 10) != std::string_view("zINSTREAM\0", 10)) return std::nullopt;
    std::string content;
    while (true) {
      const std::string length = ReadBytes(client, 4);
      if (length.size() < 4) return std::nullopt;
      uint32_t bytes = 0;
      for (unsigned char c : length) bytes = bytes << 8 | c;
      if (bytes == 0) return content;
      content += ReadBytes(client, bytes);
    }
  }
  static void Say(int client, std::string_view text) {
    EXPECT_EQ(send(client, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // As clamd does: finds EICAR, wherever it stands.
  static void Scan(int client) {
    const auto content = Stream(client);
    if (!content) return Say(client, std::string_view("UNKNOWN COMMAND\0", 16));
    const bool found = content->find(kEicar) != std::string::npos;
    Say(client, found ? std::string_view("stream: Win.Test.EICAR_HDB-1 FOUND\0", 35)
                      : std::string_view("stream: OK\0", 11));
  }

 private:
  int fd_;
  int port_ = 0;
  std::thread thread_;
};

absl::Status ScanWith(std::function<void(int)> talk, std::string_view content,
                      absl::Duration limit = absl::Seconds(10)) {
  const FakeClamd clamd(std::move(talk));
  return MakeClamd(clamd.address())->Scan(content, limit);
}

TEST(Scanner, CleanIsWhatItCallsClean) {
  EXPECT_TRUE(ScanWith(FakeClamd::Scan, "%PDF-1.7 harmless").ok());
  EXPECT_TRUE(ScanWith(FakeClamd::Scan, std::string(3 << 20, 'x')).ok()) << "in many pieces";
}

TEST(Scanner, EicarIsFoundAndNamed) {
  for (const std::string& content : {kEicar, std::string(1 << 20, 'x') + kEicar}) {
    const absl::Status status = ScanWith(FakeClamd::Scan, content);
    EXPECT_TRUE(domain::RefusedFor(status, domain::Reason::kMalwareFound)) << status;
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(domain::DetailsOf(status)->metadata.at("malware"), "Win.Test.EICAR_HDB-1");
  }
}

TEST(Scanner, AnythingElseIsNotClean) {
  const struct {
    std::string what;
    std::function<void(int)> talk;
  } kTable[] = {
      {"closes at once", [](int) {}},
      {"resets in the middle of the stream",
       [](int client) {
         ReadBytes(client, 100);
         const linger now{.l_onoff = 1, .l_linger = 0};
         setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
       }},
      {"says nothing", [](int client) { FakeClamd::Stream(client); }},
      {"says half of it",
       [](int client) {
         FakeClamd::Stream(client);
         FakeClamd::Say(client, "stream: OK");  // its end is missing
       }},
      {"too large for it",
       [](int client) {
         FakeClamd::Stream(client);
         FakeClamd::Say(client, std::string_view("INSTREAM size limit exceeded. ERROR\0", 36));
       }},
      {"calls something else clean",
       [](int client) {
         FakeClamd::Stream(client);
         FakeClamd::Say(client, std::string_view("file: OK\0", 9));
       }},
      {"calls it clean before it has seen it",
       [](int client) {
         FakeClamd::Say(client, std::string_view("stream: OK\0", 11));
         const linger now{.l_onoff = 1, .l_linger = 0};
         setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
       }},
      {"has no name for it",
       [](int client) {
         FakeClamd::Stream(client);
         FakeClamd::Say(client, std::string_view("stream: FOUND\0", 14));
       }},
  };
  for (const auto& row : kTable) {
    const absl::Status status = ScanWith(row.talk, std::string(8 << 20, 'x'));
    EXPECT_TRUE(domain::RefusedFor(status, domain::Reason::kScannerUnavailable))
        << row.what << ": " << status;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << "waiting helps";
  }
}

TEST(Scanner, DownOrTooSlowIsNotClean) {
  std::string address;
  {
    const FakeClamd gone([](int) {});
    address = gone.address();
  }
  for (const std::string& down : {address, std::string("/nowhere/clamd.sock"),
                                  std::string("no port"), std::string(200, '/')}) {
    EXPECT_TRUE(domain::RefusedFor(MakeClamd(down)->Scan("x", absl::Seconds(5)),
                                   domain::Reason::kScannerUnavailable))
        << down;
  }
  const absl::Time begin = absl::Now();
  const absl::Status slow = ScanWith(
      [](int client) {
        FakeClamd::Stream(client);
        ReadBytes(client, 1);  // until the other side gives up
      },
      "x", absl::Milliseconds(100));
  EXPECT_TRUE(domain::RefusedFor(slow, domain::Reason::kScannerUnavailable));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
}

}  // namespace
}  // namespace alliance::filing
