#include "work_threads.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace muster::http {

namespace asio = boost::asio;

WorkThreads::WorkThreads(std::size_t max_waiting) : max_waiting_(max_waiting) {}

asio::awaitable<void> WorkThreads::Do(absl::FunctionRef<void()> work) {
  const auto run = [work]() -> asio::awaitable<void> {
    work();
    co_return;
  };
  ++waiting_;
  const auto [exception] =
      co_await asio::co_spawn(threads_, run, asio::as_tuple(asio::use_awaitable));
  --waiting_;
  if (exception) std::rethrow_exception(exception);
}

void WorkThreads::Stop() {
  threads_.stop();
  threads_.join();
}

}  // namespace muster::http
