#include "table/row.h"

#include <gtest/gtest.h>

#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

class RowTest : public testing::Test {
 protected:
  /// Bytes of the row of `binding`, which must say what the binding says.
  std::size_t Check(const OwnedBinding& binding) {
    const RowPtr row = Row::Make(binding.aor, binding.View(), blocks_);
    row->registered_ns = absl::ToUnixNanos(binding.registered_at);
    RowRoom room;
    OwnedBinding read(row->ToBinding(room));
    read.user_agent = binding.user_agent;
    EXPECT_EQ(read, binding);
    EXPECT_EQ(row->ToBinding(room).user, binding.user());
    return row->size();
  }

  ChunkPool pool_;
  Blocks blocks_{pool_};
};

TEST_F(RowTest, NumbersHaveTwoBytesWhereOneDoesNotDo) {
  OwnedBinding binding;
  binding.path.clear();
  const std::size_t empty = Check(binding);
  std::size_t wide = 0;
  for (std::size_t size = 1; size != 300; ++size) {
    binding.path.assign(size, 'p');
    const std::size_t more = Check(binding) - empty - size;
    EXPECT_GE(more, wide);  // once wide, it stays so
    EXPECT_TRUE(more == 0 || more == 12) << size;
    wide = more;
  }
  EXPECT_EQ(wide, 12U);
  for (const std::size_t size : {255U, 256U, 257U, 5'000U}) {
    binding.contact.assign(size, 'c');
    binding.contact_uri = binding.contact.substr(size - 200);
    Check(binding);
    binding.call_id.assign(size, '7');
    Check(binding);
  }
}

TEST_F(RowTest, AddressesOfBothKindsAndNone) {
  OwnedBinding binding;
  const std::size_t v4 = Check(binding);
  binding.source_address = IpAddress::Parse("2001:db8::17").value();
  EXPECT_EQ(Check(binding), v4 + 12);
  binding.source_address = IpAddress();
  Check(binding);
}

TEST_F(RowTest, UuidsTakeHalfTheBytes) {
  OwnedBinding binding;
  binding.instance = "urn:uuid:00000000-0000-1000-8000-0004f2abcdef";
  binding.instrument = "0004f2abcdef";
  const std::size_t lower = Check(binding);
  binding.instance = "urn:uuid:00000000-0000-1000-8000-0004F2ABCDEF";
  binding.instrument = "0004F2ABCDEF";
  EXPECT_EQ(Check(binding), lower + 45 - 17);
  binding.instance = "urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6";
  binding.instrument = binding.instance;
  EXPECT_EQ(Check(binding), lower);
  binding.instrument = "elsewhere";
  EXPECT_EQ(Check(binding), lower + 9);
}

TEST_F(RowTest, TheUserOfAContactIsNotStoredTwice) {
  OwnedBinding binding;
  binding.contact = "<sip:alice@10.0.0.1>";
  binding.contact_uri = "sip:alice@10.0.0.1";
  const std::size_t same = Check(binding);
  binding.contact = "<sip:carol@10.0.0.1>";
  binding.contact_uri = "sip:carol@10.0.0.1";
  EXPECT_EQ(Check(binding), same + 11);
  for (const char* contact : {"<sip:alice>", "<sip:alice@", "<sip:alicea@10.0.0.1>", "alice", "*",
                              "<sips:alice@10.0.0.1>"}) {
    binding.contact = binding.contact_uri = contact;
    Check(binding);
  }
  for (const std::size_t size : {kMostUnpacked, kMostUnpacked + 1}) {
    binding.contact = "<sip:alice@10.0.0.1;x=";
    binding.contact.resize(size, 'y');
    binding.contact_uri = binding.contact.substr(1);
    Check(binding);
  }
  binding.aor = "example.com";  // without a user part
  binding.to_uri = "sip:example.com";
  binding.contact = "<sip:@10.0.0.1>";
  binding.contact_uri = "sip:@10.0.0.1";
  Check(binding);
}

}  // namespace
}  // namespace muster::core
