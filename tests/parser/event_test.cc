#include "muster/parser/event.h"

#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;
using test::Refused;
using State = SubscriptionState::State;

TEST(ParseEvent, ReadsTypeAndId) {
  Event event = Accepted(ParseEvent, "presence.winfo ; x=\"y\";ID = 7a.b");
  EXPECT_EQ(event.type, "presence.winfo");
  EXPECT_EQ(event.package, "presence");
  EXPECT_EQ(event.id, "7a.b");
  EXPECT_EQ(event.params, "x=\"y\";ID = 7a.b");
  event = Accepted(ParseEvent, "reg");
  EXPECT_EQ(event.package, "reg");
  EXPECT_EQ(event.id, "");
}

TEST(ParseEvent, RefusesBrokenOnes) {
  EXPECT_THAT(Refused(ParseEvent, ""), Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(Refused(ParseEvent, ".winfo"), Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(Refused(ParseEvent, "presence."), Is(ErrorCode::kBadToken, 9));
  EXPECT_THAT(Refused(ParseEvent, "a..b"), Is(ErrorCode::kBadToken, 2));
  EXPECT_THAT(Refused(ParseEvent, "reg, dialog"), Is(ErrorCode::kBadValue, 3));
  EXPECT_THAT(Refused(ParseEvent, "reg dialog"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(Refused(ParseEvent, "reg;id"), Is(ErrorCode::kBadParameter, 4));
  EXPECT_THAT(Refused(ParseEvent, "reg;id=\"1\""), Is(ErrorCode::kBadParameter, 4));
  EXPECT_THAT(Refused(ParseEvent, "reg;id=a:b"), Is(ErrorCode::kBadParameter, 4));
  EXPECT_THAT(Refused(ParseEvent, "reg;id=1;x;id=1"), Is(ErrorCode::kDuplicateParameter, 11));
  EXPECT_THAT(Refused(ParseEvent, "reg;"), Is(ErrorCode::kBadParameter, 4));
}

TEST(ParseSubscriptionState, ReadsItsParameters) {
  const SubscriptionState state = Accepted(
      ParseSubscriptionState, "Terminated;reason=probation;retry-after=60 ; expires=0;x=y");
  EXPECT_EQ(state.state, State::kTerminated);
  EXPECT_EQ(state.state_text, "Terminated");
  EXPECT_EQ(state.reason, "probation");
  EXPECT_EQ(state.retry_after_seconds, 60u);
  EXPECT_EQ(state.expires_seconds, 0u);
  EXPECT_EQ(FindParameter(state.params, "x")->value, "y");
}

TEST(ParseSubscriptionState, KnowsWhatIsAbsent) {
  const SubscriptionState state = Accepted(ParseSubscriptionState, "active");
  EXPECT_EQ(state.state, State::kActive);
  EXPECT_EQ(state.reason, "");
  EXPECT_EQ(state.expires_seconds, std::nullopt);
  EXPECT_EQ(state.retry_after_seconds, std::nullopt);
  EXPECT_EQ(Accepted(ParseSubscriptionState, "pending").state, State::kPending);
}

TEST(ParseSubscriptionState, TakesAStateItDoesNotKnow) {
  const SubscriptionState state = Accepted(ParseSubscriptionState, "dormant;expires=5");
  EXPECT_EQ(state.state, State::kOther);
  EXPECT_EQ(state.state_text, "dormant");
}

TEST(ParseSubscriptionState, RefusesBrokenOnes) {
  const auto refused = [](std::string_view text) { return Refused(ParseSubscriptionState, text); };
  EXPECT_THAT(refused(""), Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(refused(";expires=1"), Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(refused("active,pending"), Is(ErrorCode::kBadValue, 6));
  EXPECT_THAT(refused("active;expires"), Is(ErrorCode::kBadNumber, 7));
  EXPECT_THAT(refused("active;expires=-1"), Is(ErrorCode::kBadNumber, 7));
  EXPECT_THAT(refused("active;expires=4294967296"), Is(ErrorCode::kBadNumber, 7));
  EXPECT_THAT(refused("active;expires=1;Expires=1"), Is(ErrorCode::kDuplicateParameter, 17));
  EXPECT_THAT(refused("terminated;reason"), Is(ErrorCode::kBadParameter, 11));
  EXPECT_THAT(refused("terminated;reason=a;reason=b"), Is(ErrorCode::kDuplicateParameter, 20));
}

}  // namespace
}  // namespace muster::parser
