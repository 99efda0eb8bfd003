// A man in the middle for tests: forwards a unix socket to the database's, and on demand lets one
// COMMIT through but swallows its answer.

#ifndef ALLIANCE_COMMON_DB_TEST_PROXY_H_
#define ALLIANCE_COMMON_DB_TEST_PROXY_H_

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace alliance::db {

class TestProxy {
 public:
  TestProxy(const std::string& path, const std::string& upstream) : upstream_(upstream) {
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = Address(path);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    acceptor_ = std::thread([this] { Accept(); });
  }

  ~TestProxy() {
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close(listener_);
    stopping_ = true;
    for (std::thread& pump : pumps_) pump.join();
  }
  TestProxy(const TestProxy&) = delete;
  TestProxy& operator=(const TestProxy&) = delete;

  // The answers of the next `count` COMMITs get lost, and their connections with them.
  void LoseCommitAnswers(int count) { lose_ = count; }

 private:
  static sockaddr_un Address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    return address;
  }

  void Accept() {
    while (true) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      pumps_.emplace_back([this, client] { Pump(client); });
    }
  }

  void Pump(int client) {
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = Address(upstream_);
    bool open = connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    bool swallow = false;
    while (open && !stopping_) {
      pollfd fds[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      if (poll(fds, 2, 50) <= 0) continue;
      char buffer[65536];
      for (int i = 0; i < 2 && open; ++i) {
        if (fds[i].revents == 0) continue;
        const ssize_t got = read(fds[i].fd, buffer, sizeof(buffer));
        if (got <= 0) {
          open = false;
          continue;
        }
        const std::string_view bytes(buffer, static_cast<size_t>(got));
        // A command packet: 3 bytes of length, 1 of sequence, 0x03 = query, then its text.
        if (i == 0 && bytes.size() > 5 &&
            bytes.substr(4) ==
                "\x03"
                "COMMIT" &&
            lose_ > 0) {
          --lose_;
          swallow = true;
        }
        if (i == 1 && swallow) {
          open = false;
          continue;
        }
        open = send(fds[1 - i].fd, buffer, static_cast<size_t>(got), MSG_NOSIGNAL) == got;
      }
    }
    close(client);
    close(server);
  }

  const std::string upstream_;
  int listener_ = -1;
  std::atomic<int> lose_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread acceptor_;
  std::vector<std::thread> pumps_;
};

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_TEST_PROXY_H_
