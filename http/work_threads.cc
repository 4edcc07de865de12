#include "work_threads.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace muster::http {

namespace asio = boost::asio;

WorkThreads::WorkThreads(std::size_t max_waiting) : max_waiting_(max_waiting) {}

asio::awaitable<void> WorkThreads::Do(absl::FunctionRef<void()> work) {
  const auto callers = co_await asio::this_coro::executor;
  std::exception_ptr exception;
  ++waiting_;
  co_await asio::post(asio::bind_executor(threads_, asio::use_awaitable));
  try {
    work();
  } catch (...) {
    exception = std::current_exception();
  }
  // Not by way of the threads' queue, as co_spawn would: what is done need not wait for the rest.
  co_await asio::post(callers, asio::use_awaitable);
  --waiting_;
  if (exception) std::rethrow_exception(exception);
}

void WorkThreads::Stop() {
  threads_.stop();
  threads_.join();
}

}  // namespace muster::http
