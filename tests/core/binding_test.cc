#include "muster/core/binding.h"

#include <gtest/gtest.h>

namespace muster::core {
namespace {

TEST(BindingTest, SecondsLeftRoundsUp) {
  const absl::Time now = absl::FromUnixSeconds(1'000);
  Binding binding;
  binding.expires_at = now + absl::Seconds(60);
  EXPECT_EQ(binding.SecondsLeft(now), 60);
  EXPECT_EQ(binding.SecondsLeft(now + absl::Milliseconds(1)), 60);
  EXPECT_EQ(binding.SecondsLeft(now + absl::Milliseconds(59'999)), 1);
  EXPECT_EQ(binding.SecondsLeft(binding.expires_at), 0);
}

TEST(QThousandthsTest, ReadsQValues) {
  EXPECT_EQ(QThousandths(""), 1000);
  EXPECT_EQ(QThousandths("1"), 1000);
  EXPECT_EQ(QThousandths("1.000"), 1000);
  EXPECT_EQ(QThousandths("0"), 0);
  EXPECT_EQ(QThousandths("0."), 0);
  EXPECT_EQ(QThousandths("0.5"), 500);
  EXPECT_EQ(QThousandths("0.07"), 70);
  EXPECT_EQ(QThousandths("0.123"), 123);
  EXPECT_EQ(QThousandths(".25"), 250);
}

TEST(NormalizeMacTest, UnifiesNotations) {
  for (const std::string_view text : {"0004f2abcdef", "0004F2ABCDEF", "00:04:F2:AB:CD:EF",
                                      "00-04-f2-ab-cd-ef", "0004.f2ab.cdef"}) {
    EXPECT_EQ(NormalizeMac(text), "0004f2abcdef") << text;
  }
}

TEST(NormalizeMacTest, LeavesAllElseAlone) {
  for (const std::string_view text :
       {"", "0004f2abcde", "0004f2abcdeg", "00:04:f2:ab:cd", "00:04:f2:ab:cd-ef",
        "00_04_f2_ab_cd_ef",
        "000:4f2:abc:def:", ":0004f2abcdef::::", "urn:uuid:00000000-0000-1000-8000-0004f2abcdef"}) {
    EXPECT_FALSE(NormalizeMac(text)) << text;
  }
}

TEST(InstrumentTest, IsTheMacOfAVersion1Uuid) {
  EXPECT_EQ(InstrumentFromInstance("urn:uuid:00000000-0000-1000-8000-0004F2abcdef"),
            "0004F2abcdef");
  EXPECT_EQ(InstrumentFromInstance("URN:UUID:00000000-0000-1000-8000-0004f2abcdef"),
            "0004f2abcdef");
}

TEST(InstrumentTest, IsTheWholeOfAnyOtherUrn) {
  for (const std::string_view text :
       {"urn:uuid:00000000-0000-4000-8000-0004f2abcdef", "urn:gsma:imei:90420156-025763-0",
        "urn:uuid:00000000-0000-1000-8000-0004f2abcde", "", "urn:uuid:"}) {
    EXPECT_EQ(InstrumentFromInstance(text), text);
  }
}

}  // namespace
}  // namespace muster::core
