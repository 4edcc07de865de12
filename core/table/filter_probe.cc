#include "table/filter_probe.h"

#include <algorithm>

#include "muster/core/hash.h"
#include "table/row_keys.h"

namespace muster::core {

using Field = BindingFilter::Field;

FilterProbe::FilterProbe(const BindingFilter& filter) : filter_(filter) {
  switch (filter.field()) {
    case Field::kAll:
    case Field::kServer:
      break;
    case Field::kIp:
      hash_ = HashAddress(filter.ip());
      break;
    case Field::kUser:
    case Field::kAor:
    case Field::kInstrument:
    case Field::kCallId:
      hash_ = HashText(filter.text());
      break;
  }
}

bool FilterProbe::means_nothing() const {
  switch (filter_.field()) {
    case Field::kAll:
      return false;
    case Field::kServer:
      return filter_.servers().empty();
    case Field::kIp:
      return filter_.ip().empty();
    case Field::kUser:
    case Field::kAor:
    case Field::kInstrument:
    case Field::kCallId:
      return filter_.text().empty();
  }
  return true;
}

bool FilterProbe::Matches(const Row& row) const {
  switch (filter_.field()) {
    case Field::kAll:
      return true;
    case Field::kUser:
      return row.user() == filter_.text();
    case Field::kAor:
      return row.aor() == filter_.text();
    case Field::kInstrument:
      return IsInstrument(row.instrument(), filter_.text());
    case Field::kIp:
      return row.source_address == filter_.ip() ||
             AddressKeys(row.contact_uri(), row.source_address, row.call_id())
                 .Contains(filter_.ip());
    case Field::kCallId:
      return row.call_id() == filter_.text();
    case Field::kServer:
      return std::ranges::binary_search(filter_.servers(), row.server);
  }
  return false;
}

}  // namespace muster::core
