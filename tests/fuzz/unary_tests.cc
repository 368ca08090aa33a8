// Cells of decision tables. First line: the tested value, as FEEL; the rest: the cell.
#include "fuzz/feel_common.h"
#include "fuzz/target.h"

FUZZ_TARGET(unary_tests, fuzz::feel_words) {
  const std::size_t line = data.find('\n');
  if (line == std::string_view::npos) return;
  feel::CompileOptions options;
  options.names = fuzz::inputs().names;
  const auto tests = feel::compile_unary_tests(data.substr(line + 1), options);
  if (!tests) {
    CHECK(!tests.error().message.empty() && tests.error().where.line >= 1 && tests.error().where.column >= 1, "an error without text or position");
    return;
  }
  feel::Value tested;
  if (const auto expression = feel::compile(data.substr(0, line), options)) tested = expression->evaluate(fuzz::values_for(expression->inputs()), fuzz::environment());
  const std::vector<feel::Value> values = fuzz::values_for(tests->inputs());
  for (const feel::Value& of : {tested, feel::Value(), feel::Value::number(1), feel::Value::string("a")}) {
    const feel::Value answer = tests->test(of, values, fuzz::environment());
    CHECK(answer.kind() == feel::Kind::boolean || answer.is_null(), "a cell answers %s", feel::text(answer).c_str());
    fuzz::check_same(answer, tests->test(of, values, fuzz::environment()));
    if (tests->any()) CHECK(answer.is_true(), "'-' does not match");
  }
}
