// What the parser may touch: never a byte past its input, and never the heap.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "guarded_pages.h"
#include "muster/parser/header_values.h"
#include "muster/parser/stream_framer.h"
#include "muster/parser/writer.h"
#include "sample.h"

namespace {

// Allocations of the whole program, this file's operator new being everybody's.
std::atomic<std::size_t> allocations{0};

}  // namespace

// Not inlined: GCC would see free() where it expects operator delete, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace muster::parser {
namespace {

using test::GuardedPages;
using test::RegisterWith;

std::vector<std::string> Samples() {
  std::vector<std::string> samples = test::Rfc4475Messages();
  samples.push_back(
      RegisterWith("Contact: \"a\\\"b\" <sip:%61@[::1]:5060;x=y?h=%20>;q=0.5;expires=60\r\n"
                   "Path: <sip:p;lr>\r\nExpires: 60\r\nSubject: a\r\n b\r\n"));
  return samples;
}

TEST(Memory, NoReaderLooksPastTheEndOfAnyPrefix) {
  GuardedPages pages(8'192);
  Message message;
  for (const std::string& sample : Samples()) {
    for (std::size_t size = 0; size <= sample.size(); ++size) {
      const std::string_view prefix = pages.AtEnd(std::string_view(sample).substr(0, size));
      ParseMessage(prefix, Framing::kDatagram, message);
      ParseMessage(prefix, Framing::kStream, message);
      StreamFramer().Next(prefix, message);
    }
  }
}

TEST(Memory, NoReaderLooksInFrontOfTheBeginning) {
  GuardedPages pages(kMaxMessageBytes);
  static Message message;
  // A name and a number of which eight and more bytes are read at once, as near to the front as
  // they can be.
  for (const char* const line : {"", "A", "AB", "A sip:a:5", "A sip:1.1.1.1:50 SIP/2.0"}) {
    for (const char* const field : {"l:1", "l:12", "l: 1", "v: SIP/2.0/UDP h:5", "To: <sip:h:5>"}) {
      const std::string bytes =
          std::string(line) + "\r\n" + field + "\r\n" + "X:" + std::string(60, 'x') + "\r\n\r\n";
      EXPECT_EQ(ParseMessage(pages.AtBeginning(bytes), Framing::kDatagram, message).outcome,
                ParseOutcome::kMalformed);
    }
  }
  for (const std::string& sample : test::Rfc4475Messages()) {
    for (std::size_t at = 0; at < sample.size(); ++at) {
      ParseMessage(pages.AtBeginning(std::string_view(sample).substr(at)), Framing::kDatagram,
                   message);
    }
  }
}

TEST(Memory, NoValueReaderLooksPastTheEndOfAnyPrefix) {
  GuardedPages pages(4'096);
  for (const std::string_view sample :
       {"\"a\\\"\r\n b\" <sip:%61:p@[::ffff:1.2.3.4]:5060;x=%20;y?h=%20&i=>\r\n ;q=0.5;z=\"\\\\\" "
        ", x",
        "SIP / 2.0 /\r\n UDP [::1] : 5060 ; branch = x ; rport=1 ;received=1.2.3.4, y",
        "Digest a=\"b\\\"\", c = d ,\r\n e=f", "tel:+1-2;ext=%41;phone-context=+1",
        "sip:h;a;b=c?d=e"}) {
    for (std::size_t size = 0; size <= sample.size(); ++size) {
      const std::string_view prefix = pages.AtEnd(sample.substr(0, size));
      NameAddr address;
      Contact contact;
      Via via;
      Uri uri;
      Credentials credentials;
      ParseError error;
      ParseNameAddr(prefix, address, error);
      ParseContact(prefix, contact, error);
      ParseVia(prefix, via, error);
      ParseUri(prefix, uri, error);
      if (ParseCredentials(prefix, credentials, error)) FindAuthParameter(credentials, "e");
      FindParameter(prefix, "none");
      ExpiresFrom(prefix);
      ListReader reader(prefix);
      for (std::string_view item; reader.Next(item);) EXPECT_LE(item.size(), prefix.size());
      std::string out(prefix.size(), '\0');
      EXPECT_LE(Unquote(prefix, out.data()), prefix.size());
      EXPECT_LE(Unescape(prefix, out.data()), prefix.size());
    }
  }
}

TEST(Memory, ParsingAndWritingAllocateNothing) {
  const std::vector<std::string> samples = Samples();
  Message message;
  StreamFramer framer;
  std::array<char, 8'192> buffer;
  const std::size_t before = allocations;
  std::size_t parsed = 0, equal = 0, written = 0;
  for (const std::string& sample : samples) {
    parsed += ParseMessage(sample, Framing::kDatagram, message).outcome == ParseOutcome::kComplete;
    equal += Equivalent(message.to.uri, message.from.uri);
    Writer writer(buffer);
    writer.StatusLine(200, "OK");
    for (const HeaderField& field : message.headers()) writer.Header(field.name, field.value);
    writer.Body({});
    written += writer.bytes().size();
    framer = StreamFramer();
    framer.Next(sample, message);
  }
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_GT(parsed, 25u);
  EXPECT_GT(equal, 0u);
  EXPECT_GT(written, 1'000u);
}

}  // namespace
}  // namespace muster::parser
