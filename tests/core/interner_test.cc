#include "table/interner.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::core {
namespace {

TEST(InternerTest, KeepsATextOnce) {
  Interner interner;
  const std::uint32_t a = interner.Acquire("Phone/1");
  const std::uint32_t b = interner.Acquire("Phone/2");
  EXPECT_EQ(interner.Acquire("Phone/1"), a);
  EXPECT_NE(a, b);
  EXPECT_EQ(interner.Text(a), "Phone/1");
  EXPECT_EQ(interner.size(), 2U);
}

TEST(InternerTest, ForgetsATextWithItsLastUser) {
  Interner interner;
  const std::uint32_t a = interner.Acquire("Phone/1");
  interner.Acquire("Phone/1");
  interner.Release(a);
  EXPECT_EQ(interner.Text(a), "Phone/1");
  interner.Release(a);
  EXPECT_EQ(interner.size(), 0U);
}

TEST(InternerTest, TheEmptyTextIsNotCounted) {
  Interner interner;
  EXPECT_EQ(interner.Acquire(""), Interner::kEmpty);
  interner.Release(Interner::kEmpty);
  interner.Release(Interner::kEmpty);
  EXPECT_EQ(interner.Text(Interner::kEmpty), "");
}

TEST(InternerTest, IsBoundedByWhatLives) {
  Interner interner;
  std::size_t bytes = 0;
  for (int i = 0; i < 100'000; ++i) {
    interner.Release(interner.Acquire("Phone/" + std::to_string(i)));
    if (i == 1'000) bytes = interner.MemoryBytes();
  }
  EXPECT_EQ(interner.MemoryBytes(), bytes);
}

}  // namespace
}  // namespace muster::core
