#pragma once

// The REGISTERs of a crowd of phones: user number in, bytes out.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

enum class Names { kNumeric, kRandom };

/// "1000042", or eight to fifteen letters and digits that no other user has.
std::string UserName(Names names, std::uint64_t user);

/// A REGISTER in its own bytes, and where in them stands what its answer must repeat.
struct RegisterText {
  static constexpr std::size_t kCapacity = 1'024;

  std::array<char, kCapacity> bytes;
  std::size_t size = 0;
  // Views into `bytes`.
  std::string_view branch;
  std::string_view call_id;
  std::string_view cseq;         // "4711 REGISTER"
  std::string_view contact_uri;  // without brackets

  std::string_view text() const { return {bytes.data(), size}; }
};

/// Writes REGISTERs of some 600 bytes. Users are spread over models of phones, which differ in
/// User-Agent, order and number of header fields and length of tokens: a server that meets one
/// message only looks faster than it is. A user always has the same model, Call-ID and Contact.
/// Thread-compatible; Write allocates nothing.
class RegisterWriter {
 public:
  explicit RegisterWriter(Names names, const std::string& domain = "example.com");

  /// `branch` is the transaction's own number; any two requests in flight differ in it.
  void Write(std::uint64_t user, std::uint32_t cseq, std::uint64_t branch, RegisterText& out) const;

 private:
  enum class Field : std::uint8_t {
    kNone,
    kUser,
    kHost,
    kTag,
    kMac,
    kBranch,
    kCallId,
    kCallIdAtHost,
    kCSeq,
    kContactUri,
  };
  // A piece of literal text and the field that follows it.
  struct Piece {
    std::string literal;
    Field field = Field::kNone;
  };
  using Model = std::vector<Piece>;
  struct Identity;

  static Model ParseModel(std::string_view text);
  static void WriteField(Field field, const Identity& identity, RegisterText& out);

  Names names_;
  std::vector<Model> models_;
};

}  // namespace muster::bench
