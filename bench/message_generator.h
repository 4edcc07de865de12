#pragma once

// Makes REGISTERs that look like those of real phones and differ from each other, so that a branch
// predictor cannot learn them by heart, along with the values that a parser must find in them.

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace muster::bench {

enum class MessageSize {
  kSmall,  // some 350 bytes: what the RFC requires
  kPhone,  // some 620 bytes: a desk phone behind NAT
  kFat,    // some 1,600 bytes: three Vias, Path, digest credentials, feature tags
};

enum class HeaderOrder {
  kVaried,    // one order of the header fields, tokens of varied length
  kShuffled,  // each message in an order of its own
};

/// A message and what was put into it.
struct GeneratedMessage {
  std::string bytes;
  std::string branch;
  std::string via_host;
  std::string from_tag;
  std::string user;  // of To and From
  std::string domain;
  std::string call_id;
  std::uint32_t cseq = 0;
  std::string contact_uri;
  std::uint32_t contact_expires_seconds = 0;
  std::string instance;  // empty for kSmall
  std::size_t header_count = 0;
};

/// The same messages for the same seed.
class MessageGenerator {
 public:
  explicit MessageGenerator(std::uint32_t seed) : random_(seed) {}

  GeneratedMessage Next(MessageSize size, HeaderOrder order);
  std::vector<GeneratedMessage> Make(std::size_t count, MessageSize size, HeaderOrder order);

 private:
  std::uint32_t Number(std::uint32_t min, std::uint32_t max);
  std::string Token(std::uint32_t min_size, std::uint32_t max_size);
  std::string HostLabel();
  std::string Ipv4();
  void Draw(MessageSize size, GeneratedMessage& message);
  std::vector<std::string> RequiredFields(const GeneratedMessage& message);
  void AddPhoneFields(std::vector<std::string>& fields);
  void AddFatFields(const GeneratedMessage& message, std::vector<std::string>& fields);
  std::string ContactField(MessageSize size, const GeneratedMessage& message);

  std::mt19937 random_;
};

}  // namespace muster::bench
