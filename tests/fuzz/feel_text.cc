// FEEL text: compile and evaluate. A text that starts with '=' is read in the dialect of BPMN expressions.
#include "fuzz/feel_common.h"
#include "fuzz/target.h"

FUZZ_TARGET(feel_text, fuzz::feel_words) {
  feel::CompileOptions options;
  options.names = fuzz::inputs().names;
  if (data.starts_with('=')) {
    options.dialect = feel::Dialect::zeebe;
    data.remove_prefix(1);
  }
  const auto expression = feel::compile(data, options);
  if (!expression) {
    const base::Error& error = expression.error();
    CHECK(!error.message.empty(), "an error says nothing");
    CHECK(error.where.line >= 1 && error.where.column >= 1, "an error has no position: %s", error.text().c_str());
    return;
  }
  const std::vector<feel::Value> values = fuzz::values_for(expression->inputs());
  std::vector<feel::Reason> reasons;
  const feel::Value value = expression->evaluate(values, fuzz::environment(&reasons));
  fuzz::check_value(value);
  fuzz::check_same(value, expression->evaluate(values, fuzz::environment()));
  const feel::Value nothing = expression->evaluate({}, fuzz::environment());  // every input unbound
  fuzz::check_value(nothing);
}
