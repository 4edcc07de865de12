#pragma once

// What a registrar reads in a REGISTER: what the generator puts in, and what every parser that is
// measured has to find.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace muster::bench {

struct AddressValues {
  std::string user;
  std::string host;
  std::string tag;  // empty = absent
};

/// Of a Contact without q.
inline constexpr std::uint32_t kDefaultQThousandths = 1'000;

struct ContactValues {
  std::string uri;
  std::uint32_t q_thousandths = kDefaultQThousandths;
  std::uint32_t expires_seconds = 0;  // 0 = absent
  std::string instance;               // +sip.instance without quotes and brackets; empty = absent
  std::uint32_t reg_id = 0;           // 0 = absent
};

struct RegisterValues {
  std::string method;
  std::string request_uri;
  std::string via_host;
  std::uint32_t via_port = 0;
  std::string via_branch;
  AddressValues from;
  AddressValues to;
  std::string call_id;
  std::uint32_t cseq_number = 0;
  std::string cseq_method;
  std::uint32_t expires_seconds = 0;
  std::vector<ContactValues> contacts;
};

/// Each value with its name, in one order: "via host", ..., "contact 1 uri", ...
std::vector<std::pair<std::string, std::string>> NamedValues(const RegisterValues& values);

/// The first value that differs, with both forms of it: "to tag is 'a', should be 'b'". Empty when
/// none does.
std::string FirstDifference(const RegisterValues& expected, const RegisterValues& found);

}  // namespace muster::bench
