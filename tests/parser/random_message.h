#pragma once

#include <random>
#include <string>

namespace muster::parser::test {

/// A sound REGISTER with header fields of every kind in any order, in long and compact form, with
/// folds wherever white space may stand, quoted strings, and a body: the same in every run of a
/// program.
std::string RandomMessage(std::mt19937& random);

}  // namespace muster::parser::test
