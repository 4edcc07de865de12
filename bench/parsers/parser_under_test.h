#pragma once

// One face for the SIP parsers that are measured side by side.
//
// What is timed of each is the same: Parse() of one message and Release() of what it made. Parse()
// finds all of RegisterValues and leaves them in the parser's own form (views, C strings, its own
// URIs), as the stack around it would use them; only values(), which is not timed, copies them. So
// nobody pays for being compared.

#include <memory>
#include <string_view>

#include "bench/register_values.h"

namespace muster::bench {

/// Thread-compatible.
class ParserUnderTest {
 public:
  virtual ~ParserUnderTest() = default;

  /// False when it refuses the message, or has no room for all its Contacts. `bytes` must live
  /// until Release(), which has to follow in either case.
  virtual bool Parse(std::string_view bytes) = 0;
  virtual void Release() = 0;
  /// What Parse() found; between a Parse() that said true and its Release().
  virtual RegisterValues values() const = 0;
};

std::unique_ptr<ParserUnderTest> MakeMusterParser();
std::unique_ptr<ParserUnderTest> MakeSofiaParser();
std::unique_ptr<ParserUnderTest> MakeOsipParser();
std::unique_ptr<ParserUnderTest> MakeLibreParser();

}  // namespace muster::bench
