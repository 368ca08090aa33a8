// The decision tables of a model, wherever they stand: as a decision's whole logic, in a context, in a knowledge model.
#pragma once
#include <string>
#include <vector>

#include "dmn/model.h"

namespace dmn {

struct TableRef {
  std::string id;           // of the table
  std::string decision_id;  // of the decision whose whole logic it is; "" for others
  std::string name;         // of the decision or knowledge model that it belongs to
  const DecisionTable* table = nullptr;
  // A trace names a decision's own table by the decision, others by their own id.
  bool is(std::string_view trace_id) const { return decision_id.empty() ? id == trace_id : decision_id == trace_id; }
};

// In the order of the file; they live as long as the model.
std::vector<TableRef> tables_of(const Model&);

}  // namespace dmn
