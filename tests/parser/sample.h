#pragma once

// Messages and parse calls that the parser's tests share.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "muster/parser/message.h"

namespace muster::parser::test {

/// The header fields that every request needs, for a REGISTER.
inline constexpr std::string_view kRequiredFields =
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds\r\n"
    "From: <sip:bob@biloxi.com>;tag=456248\r\n"
    "To: Bob <sip:bob@biloxi.com>\r\n"
    "Call-ID: 843817637684230@998sdasdh09\r\n"
    "CSeq: 1826 REGISTER\r\n";

/// A good REGISTER with more header lines, each with its CRLF.
inline std::string RegisterWith(std::string_view lines) {
  std::string message = "REGISTER sip:registrar.biloxi.com SIP/2.0\r\n";
  message += kRequiredFields;
  message += lines;
  message += "Content-Length: 0\r\n\r\n";
  return message;
}

/// The messages of RFC 4475, sound and broken, by the order of their names.
inline std::vector<std::string> Rfc4475Messages() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(MUSTER_TEST_DATA "/rfc4475")) {
    if (entry.path().extension() == ".dat") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> messages;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    messages.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return messages;
}

/// A message and what parsing made of it; owns the bytes that the views point into.
struct Parsed {
  std::string bytes;
  std::unique_ptr<Message> message = std::make_unique<Message>();
  ParseResult result;

  const Message* operator->() const { return message.get(); }
};

inline Parsed Parse(std::string bytes, Framing framing = Framing::kDatagram) {
  Parsed parsed{std::move(bytes), std::make_unique<Message>(), {}};
  parsed.result = ParseMessage(parsed.bytes, framing, *parsed.message);
  return parsed;
}

inline ErrorCode ErrorOf(std::string bytes, Framing framing = Framing::kDatagram) {
  const Parsed parsed = Parse(std::move(bytes), framing);
  EXPECT_EQ(parsed.result.outcome == ParseOutcome::kMalformed,
            parsed.result.error.code != ErrorCode::kNone);
  return parsed.result.error.code;
}

inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace muster::parser::test
