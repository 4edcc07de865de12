#pragma once

#include "muster_under_test.h"

namespace muster::testing {

// Binding rules (RFC 3261 10).
class ChecklistA : public MusterTest {};
// Request handling as a user agent server (RFC 3261 8.2, 20, 21).
class ChecklistB : public MusterTest {};
// Transactions and transports (RFC 3261 17, 18; RFC 3581).
class ChecklistC : public MusterTest {};
// Flows and paths (RFC 5626, RFC 3327).
class ChecklistE : public MusterTest {};

inline constexpr char kAlice[] = "alice@example.com";

}  // namespace muster::testing
