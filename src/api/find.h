// Instances found by what stands in their variables. The values that are asked for are a person's data: they live in the batch's memory
// and nowhere else, what is kept of a hit is masked.
#pragma once
#include "api/batches.h"
#include "engine/query.h"

namespace api {

enum class TestOperator : std::uint8_t { equals, contains, less, greater, exists, missing };
struct VariableTest {
  std::string name;                 // "faktura.nummer": into objects, and every item of a list; "" = any variable, however deep
  TestOperator op{};
  std::string value;                // as somebody writes it: numbers by amount, texts without regard to case
};
// Errors: invalid_argument with /variables/N/… as the pointer.
base::Result<std::vector<VariableTest>> read_tests(const base::Json& variables);

struct Match { std::string name; base::Json value; };
// Whether the variables pass, and the first that did.
bool passes(const VariableTest&, const std::vector<std::pair<std::string, base::Json>>& variables, Match&);

// The scan outlives it. `names`: definition key → {id, name, version}.
struct DefinitionName { std::string id, name; std::int64_t version = 0; };
std::shared_ptr<Batch> make_find(BatchOrder, engine::InstanceScan&, engine::InstanceScan::Filter, std::vector<VariableTest>,
                                 std::map<std::int64_t, DefinitionName> names);

}  // namespace api
