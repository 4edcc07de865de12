#include "muster/parser/event.h"

#include <algorithm>

#include "basic_rules.h"

namespace muster::parser {
namespace {

// event-package *( "." event-template ): a token whose dots have something on either side.
bool ScanEventType(Scanner& in, Event& event, ParseError& error) {
  in.SkipLws();
  const Scanner start = in;
  event.type = in.Take(kToken);
  bool at_part = false;
  for (std::size_t i = 0; i <= event.type.size(); ++i) {
    const bool part_ends = i == event.type.size() || event.type[i] == '.';
    if (part_ends && !at_part) {
      Scanner at = start;
      at.Advance(i);
      return at.Fail(ErrorCode::kBadToken, error);
    }
    at_part = !part_ends;
  }
  event.package = event.type.substr(0, std::min(event.type.find('.'), event.type.size()));
  return true;
}

SubscriptionState::State StateFrom(std::string_view text) {
  using State = SubscriptionState::State;
  if (EqualsIgnoreCase(text, "active")) return State::kActive;
  if (EqualsIgnoreCase(text, "pending")) return State::kPending;
  if (EqualsIgnoreCase(text, "terminated")) return State::kTerminated;
  return State::kOther;
}

}  // namespace

bool ParseEvent(std::string_view value, Event& event, ParseError& error) {
  event = Event{};
  Scanner in(value);
  if (!ScanEventType(in, event, error)) return false;
  return ScanParametersToEnd(in, event.params, error, [&event](const Parameter& parameter) {
    if (EqualsIgnoreCase(parameter.name, "id")) return TakeTokenOnce(parameter, event.id);
    return ErrorCode::kNone;
  });
}

bool ParseSubscriptionState(std::string_view value, SubscriptionState& state, ParseError& error) {
  state = SubscriptionState{};
  Scanner in(value);
  in.SkipLws();
  state.state_text = in.Take(kToken);
  if (state.state_text.empty()) return in.Fail(ErrorCode::kBadToken, error);
  state.state = StateFrom(state.state_text);
  return ScanParametersToEnd(in, state.params, error, [&state](const Parameter& parameter) {
    const std::string_view name = parameter.name;
    if (EqualsIgnoreCase(name, "reason")) return TakeTokenOnce(parameter, state.reason);
    if (EqualsIgnoreCase(name, "expires")) {
      return TakeSecondsOnce(parameter, state.expires_seconds);
    }
    if (EqualsIgnoreCase(name, "retry-after")) {
      return TakeSecondsOnce(parameter, state.retry_after_seconds);
    }
    return ErrorCode::kNone;
  });
}

}  // namespace muster::parser
