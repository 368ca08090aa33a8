// The vertical places of a frame's elements, lane by lane, as offsets from each lane's own zero.
#pragma once
#include <vector>

#include "bpmn/layout/order.h"

namespace bpmn::layouts {

// What an element takes up above and below the line its flows run on.
struct Extent { double up = 0, down = 0; };

struct Rows {
  std::vector<double> y;                 // local number → offset in its lane
  std::vector<double> low, high;         // lane → what is taken up above (negative) and below its zero
};

// `lane`: local number → lane, 0 … lanes-1.
Rows rows_of(const Order&, const std::vector<Extent>&, const std::vector<int>& lane, int lanes);

}  // namespace bpmn::layouts
