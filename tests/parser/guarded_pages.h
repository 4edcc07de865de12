#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace muster::parser::test {

/// Memory whose last byte is followed by a page that may not be touched.
class GuardedPages {
 public:
  explicit GuardedPages(std::size_t size) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    size_ = (size + page_ - 1) / page_ * page_;
    void* const mapped =
        mmap(nullptr, size_ + page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    memory_ = static_cast<char*>(mapped);
    if (mprotect(memory_ + size_, page_, PROT_NONE) != 0) std::abort();
  }
  ~GuardedPages() { munmap(memory_, size_ + page_); }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;

  /// A copy of `text`, which must fit, that ends where the memory ends. It lives until the next.
  std::string_view AtEnd(std::string_view text) {
    char* const start = memory_ + size_ - text.size();
    if (!text.empty()) std::memcpy(start, text.data(), text.size());
    return {start, text.size()};
  }

 private:
  std::size_t page_;
  std::size_t size_ = 0;
  char* memory_ = nullptr;
};

}  // namespace muster::parser::test
