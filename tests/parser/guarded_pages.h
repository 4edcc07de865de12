#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace muster::parser::test {

/// Memory between two pages that may not be touched.
class GuardedPages {
 public:
  explicit GuardedPages(std::size_t size) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    size_ = (size + page_ - 1) / page_ * page_;
    void* const mapped =
        mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    memory_ = static_cast<char*>(mapped) + page_;
    if (mprotect(memory_, size_, PROT_READ | PROT_WRITE) != 0) std::abort();
  }
  ~GuardedPages() { munmap(memory_ - page_, size_ + 2 * page_); }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;

  /// A copy of `text`, which must fit, that ends where the memory ends. It lives until the next.
  std::string_view AtEnd(std::string_view text) {
    return Copy(text, memory_ + size_ - text.size());
  }
  /// The same, where the memory begins.
  std::string_view AtBeginning(std::string_view text) { return Copy(text, memory_); }

 private:
  static std::string_view Copy(std::string_view text, char* start) {
    if (!text.empty()) std::memcpy(start, text.data(), text.size());
    return {start, text.size()};
  }

  std::size_t page_;
  std::size_t size_ = 0;
  char* memory_ = nullptr;
};

}  // namespace muster::parser::test
