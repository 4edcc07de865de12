#include "torture_outcomes.h"

#include <array>
#include <fstream>
#include <iterator>

namespace muster::testing {
namespace {

/// Well-formed, and answered alike wherever it comes from.
constexpr TortureOutcome Answered(std::string_view name, int code, std::size_t stored = 0) {
  return {name, code, code, Stream::kStays, stored};
}
/// Malformed: refused, and nothing behind it on a stream can be trusted.
constexpr TortureOutcome Refused(std::string_view name, int code) {
  return {name, code, code, Stream::kCloses, 0};
}
/// A response that matches no transaction.
constexpr TortureOutcome Dropped(std::string_view name) { return {name, 0, 0, Stream::kStays, 0}; }
/// Not even a response; or a request without a Via to answer to.
constexpr TortureOutcome Unanswerable(std::string_view name) {
  return {name, 0, 0, Stream::kCloses, 0};
}

/// In the order of RFC 4475. Methods known and not served are 405, unknown ones 501.
constexpr std::array kOutcomes = {
    Answered("wsinv", 405),
    Answered("intmeth", 501),
    Answered("esc01", 405),
    Answered("escnull", 200, 2),
    Answered("esc02", 501),
    Answered("lwsdisp", 200),
    Answered("longreq", 405),
    // On a stream its second message is answered too; the five bytes behind that are none.
    TortureOutcome{"dblreq", 200, 200, Stream::kCloses, 1},
    Answered("semiuri", 200),
    Answered("transports", 200),
    Answered("mpart01", 405),
    Dropped("unreason"),
    Dropped("noreason"),
    Unanswerable("badinv01"),
    TortureOutcome{"clerr", 400, 0, Stream::kClosesLater, 0},
    Refused("ncl", 400),
    Refused("scalar02", 400),
    Unanswerable("scalarlg"),
    Refused("quotbal", 400),
    Refused("ltgtruri", 400),
    Refused("lwsruri", 400),
    Refused("lwsstart", 400),
    Refused("trws", 400),
    Refused("escruri", 400),
    Answered("baddate", 405),
    Refused("regbadct", 400),
    Refused("badaspec", 400),
    Refused("baddn", 400),
    Refused("badvers", 505),
    Refused("mismatch01", 400),
    Refused("mismatch02", 501),
    Unanswerable("bigcode"),
    Answered("badbranch", 200),
    Refused("insuf", 400),
    Answered("unkscm", 416),
    Answered("novelsc", 416),
    Answered("unksm2", 400),
    Answered("bext01", 420),
    Answered("invut", 405),
    Answered("regaut01", 200),
    Refused("multi01", 400),
    Refused("mcl01", 400),
    Dropped("bcast"),
    Answered("zeromf", 200),
    Answered("cparam01", 200, 1),
    Answered("cparam02", 200, 1),
    Answered("regescrt", 200, 1),
    Answered("sdp01", 405),
    // It has no Content-Length, which a stream needs.
    TortureOutcome{"inv2543", 405, 400, Stream::kCloses, 0},
};
static_assert(kOutcomes.size() == 49);

}  // namespace

std::span<const TortureOutcome> TortureOutcomes() { return kOutcomes; }

std::string TortureMessage(std::string_view name) {
  std::ifstream file(std::string(MUSTER_TORTURE_FOLDER "/") + std::string(name) + ".dat",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace muster::testing
