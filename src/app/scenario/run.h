// Steps and expectations of one scenario file. Errors carry file and line of what stands in the scenario.
#pragma once
#include <string>

#include "app/scenario/world.h"
#include "base/yaml.h"

namespace app::scenario {

base::Result<base::Millis> duration_ms(std::string_view iso);  // "PT10M", "P1DT2H"; no months or years

base::Status apply_given(World&, const base::YamlDocument&);
base::Status run_step(World&, const base::YamlDocument&, const std::string& pointer);
// `pointer`: an object of expectations, or a list of them. The error's message: "expected …, found …".
base::Status check_expectations(World&, const base::YamlDocument&, const std::string& pointer);

// The value of a row of the read side's variables (JSON text, or the value itself).
base::Json variable_value(const base::Json& row);
// Waiting user tasks of an instance: rows of the read side, oldest first.
base::Result<base::Json> waiting_tasks(World&, engine::Key instance);
base::Result<base::Json> task_variable(World&, const base::Json& task, const std::string& name);

}  // namespace app::scenario
