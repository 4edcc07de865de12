#include "table/row_store.h"

#include <gtest/gtest.h>

#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

TEST(IsRefreshTest, NoTextAddressOrServerMayDiffer) {
  const OwnedBinding before;
  EXPECT_TRUE(IsRefresh(before.View(), before.View()));
  for (std::string OwnedBinding::*const text :
       {&OwnedBinding::to_uri, &OwnedBinding::contact, &OwnedBinding::contact_uri,
        &OwnedBinding::q_text, &OwnedBinding::call_id, &OwnedBinding::instance,
        &OwnedBinding::instrument, &OwnedBinding::path, &OwnedBinding::user_agent}) {
    OwnedBinding after = before;
    after.*text += 'x';
    EXPECT_FALSE(IsRefresh(before.View(), after.View())) << after.*text;
  }
  OwnedBinding elsewhere = before;
  elsewhere.source_address = IpAddress::Parse("192.0.2.77").value();
  EXPECT_FALSE(IsRefresh(before.View(), elsewhere.View()));
  OwnedBinding by_another = before;
  by_another.server = static_cast<ServerId>(before.server + 1);
  EXPECT_FALSE(IsRefresh(before.View(), by_another.View()));
}

TEST(IsRefreshTest, WhatARefreshBringsMayDiffer) {
  const OwnedBinding before;
  OwnedBinding after = before;
  after.expires_at += absl::Seconds(1);
  after.updated_at += absl::Seconds(1);
  after.cseq += 1;
  after.reg_id += 1;
  after.source_port += 1;
  after.transport = Transport::kTls;
  EXPECT_TRUE(IsRefresh(before.View(), after.View()));
}

}  // namespace
}  // namespace muster::core
