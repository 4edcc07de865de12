#pragma once

// The keys under which a binding stands in the exact indexes. Binding and row give the same ones.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "muster/core/endpoint.h"

namespace muster::core {

/// The addresses by which a binding is found: of its Contact's host, of its source and of its
/// Call-ID's host part, as far as these are addresses, each once.
class AddressKeys {
 public:
  AddressKeys(std::string_view contact_uri, const IpAddress& source, std::string_view call_id);

  std::span<const IpAddress> keys() const { return {keys_.data(), size_}; }
  bool Contains(const IpAddress& address) const;

 private:
  void Add(const IpAddress& address);

  std::array<IpAddress, 3> keys_;
  std::size_t size_ = 0;
};

/// A MAC in its one form, with its bytes in `room` if need be; any other instrument as it is.
std::string_view CanonicalInstrument(std::string_view instrument, std::string& room);
/// The same, but empty for what is no MAC.
std::string_view MacOf(std::string_view instrument, std::string& room);

}  // namespace muster::core
