#include "bench/load/load_run.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "bench/echo/echo_answer.h"

namespace muster::bench {
namespace {

// A registrar of one line: what it sends back for the n-th request is the test's to say.
class FakeServer {
 public:
  using Behaviour = std::function<std::string(int number, const std::string& request)>;

  explicit FakeServer(Behaviour behaviour)
      : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), behaviour_(std::move(behaviour)) {
    const SocketAddress any = SocketAddress::Parse("127.0.0.1:0");
    EXPECT_EQ(bind(socket_, any.get(), any.size), 0);
    thread_ = std::thread([this] { Serve(); });
  }
  ~FakeServer() {
    stop_ = true;
    thread_.join();
    close(socket_);
  }

  SocketAddress address() const {
    SocketAddress address;
    address.size = sizeof address.storage;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address.storage), &address.size);
    return address;
  }

 private:
  void Serve() {
    for (int number = 0; !stop_;) {
      pollfd wait{socket_, POLLIN, 0};
      if (poll(&wait, 1, 10) <= 0) continue;
      char bytes[2'048];
      SocketAddress peer;
      peer.size = sizeof peer.storage;
      const ssize_t size = recvfrom(socket_, bytes, sizeof bytes, 0,
                                    reinterpret_cast<sockaddr*>(&peer.storage), &peer.size);
      const std::string answer =
          behaviour_(number++, std::string(bytes, static_cast<std::size_t>(size)));
      if (!answer.empty()) sendto(socket_, answer.data(), answer.size(), 0, peer.get(), peer.size);
    }
  }

  const int socket_;
  const Behaviour behaviour_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

std::string Echo(const std::string& request) {
  return std::string(kEchoStatusLine) + std::string(EchoRest(request));
}

LoadOptions Options(const FakeServer& server, std::uint64_t count) {
  LoadOptions options;
  options.target = server.address();
  options.users = 50;
  options.window = 8;
  options.count = count;
  options.seconds = std::chrono::seconds(60);
  options.timeout = std::chrono::milliseconds(300);
  return options;
}

TEST(LoadRunTest, CountsRightAnswersInAClosedLoop) {
  FakeServer server([](int, const std::string& request) { return Echo(request); });
  const LoadResult result = RunLoad(Options(server, 200));
  EXPECT_EQ(result.sent, 200u);
  EXPECT_EQ(result.right, 200u);
  EXPECT_EQ(result.wrong + result.lost + result.stale, 0u);
  EXPECT_EQ(result.latency.count(), 200u);
  EXPECT_EQ(result.next_cseq, 6u);
  EXPECT_GT(result.per_second(), 0);
}

TEST(LoadRunTest, KeepsToTheRateOfAnOpenLoop) {
  FakeServer server([](int, const std::string& request) { return Echo(request); });
  LoadOptions options = Options(server, 100);
  options.rate = 1'000;
  const LoadResult result = RunLoad(options);
  EXPECT_EQ(result.right, 100u);
  EXPECT_GE(result.elapsed.count(), 0.098);
}

TEST(LoadRunTest, CountsWrongAnswersAndShowsTheFirst) {
  FakeServer server([](int number, const std::string& request) {
    std::string answer = Echo(request);
    if (number % 10 == 3) answer.replace(8, 6, "403 No");
    return answer;
  });
  const LoadResult result = RunLoad(Options(server, 100));
  EXPECT_EQ(result.right, 90u);
  EXPECT_EQ(result.wrong, 10u);
  EXPECT_TRUE(result.first_wrong.starts_with("status code is not 200:\nSIP/2.0 403 No\r\n"))
      << result.first_wrong;
}

TEST(LoadRunTest, CountsWhatIsLost) {
  FakeServer server([](int number, const std::string& request) {
    return number == 7 ? std::string() : Echo(request);
  });
  const LoadResult result = RunLoad(Options(server, 40));
  EXPECT_EQ(result.right, 39u);
  EXPECT_EQ(result.lost, 1u);
  EXPECT_EQ(result.retransmitted, 0u);
}

TEST(LoadRunTest, SendsAgainWhenToldTo) {
  FakeServer server([](int number, const std::string& request) {
    return number == 7 ? std::string() : Echo(request);
  });
  LoadOptions options = Options(server, 40);
  options.retransmissions = 2;
  const LoadResult result = RunLoad(options);
  EXPECT_EQ(result.right, 40u);
  EXPECT_EQ(result.lost, 0u);
  EXPECT_EQ(result.retransmitted, 1u);
}

}  // namespace
}  // namespace muster::bench
