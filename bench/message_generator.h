#pragma once

// Makes REGISTERs that look like those of real phones and differ from each other, so that a branch
// predictor cannot learn them by heart, along with the values that a parser must find in them.

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "bench/register_values.h"

namespace muster::bench {

enum class MessageSize {
  kSmall,  // some 350 bytes: what the RFC requires, and Expires
  kPhone,  // some 620 bytes: a desk phone behind NAT
  kFat,    // some 1,600 bytes: three Vias, two or three Contacts, Path, digest credentials
};

enum class HeaderOrder {
  kVaried,    // one order of the header fields, tokens of varied length
  kShuffled,  // each message in an order of its own
};

/// A message and what was put into it.
struct GeneratedMessage {
  std::string bytes;
  RegisterValues values;
};

/// The same messages for the same seed.
class MessageGenerator {
 public:
  explicit MessageGenerator(std::uint32_t seed) : random_(seed) {}

  GeneratedMessage Next(MessageSize size, HeaderOrder order);
  std::vector<GeneratedMessage> Make(std::size_t count, MessageSize size, HeaderOrder order);

 private:
  std::uint32_t Number(std::uint32_t min, std::uint32_t max);
  /// True once in `times`.
  bool OnceIn(std::uint32_t times) { return Number(1, times) == 1; }
  std::string Token(std::uint32_t min_size, std::uint32_t max_size);
  std::string HexDigits(std::size_t size);
  std::string HostLabel();
  std::string Ipv4();
  std::string User();
  std::string Domain();
  RegisterValues Draw(MessageSize size);
  ContactValues DrawContact(MessageSize size, const RegisterValues& values);
  std::vector<std::string> RequiredFields(const RegisterValues& values);
  void AddPhoneFields(std::vector<std::string>& fields);
  void AddFatFields(const RegisterValues& values, std::vector<std::string>& fields);
  std::string ContactText(MessageSize size, const ContactValues& contact);
  std::string ContactFields(MessageSize size, const std::vector<ContactValues>& contacts);

  std::mt19937 random_;
};

}  // namespace muster::bench
