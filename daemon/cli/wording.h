#pragma once

// Numbers as people read them.

#include <cstdint>
#include <string>

namespace muster::daemon::cli {

/// "1,234,567"
std::string Grouped(std::uint64_t number);
/// "1 batch", "1,234 batches"
std::string Counted(std::uint64_t count, const char* one, const char* more);
/// "1,234 bindings"
std::string CountedBindings(std::uint64_t count);
/// "45s", "12m 30s", "2h 5m", "3d 4h": the two largest units.
std::string Duration(std::uint64_t seconds);
/// "1.5 MiB"
std::string Size(std::uint64_t bytes);
/// "12.5 %", of all; "-" when there are none.
std::string Share(std::uint64_t count, std::uint64_t all);

}  // namespace muster::daemon::cli
