// Inside the room: the builtin functions of section 10.3.4, listed in builtins.def, one file per family (builtins_*.cc).
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feel/feel.h"
#include "feel/function.h"
#include "feel/run.h"
#include "feel/scope.h"

namespace feel {

// A call whose arguments already have the kinds that the signature asks for.
struct Call {
  const Builtin& builtin;
  std::size_t form;               // which signature of builtins.def, from 0
  std::span<const Value> args;    // as many as the signature has; more where the last is "…"
  Run& run;

  const Value& operator[](std::size_t i) const { return args[i]; }
  bool given(std::size_t i) const { return i < args.size() && !args[i].is_null(); }
  Value fail(Reason) const;  // null: "name(): reason"
  template <class... Arguments>
  Value fail(ReasonCode code, const Arguments&... arguments) const {
    return fail(Reason(code, arguments...));
  }
  Value number(const std::optional<base::Decimal>& value, ReasonCode otherwise) const { return value ? Value::number(*value) : fail(otherwise); }
};
using Handler = Value (*)(Call&);

struct Parameter {
  std::string name, alias;
  std::uint32_t kinds = 0;        // bit per Kind
  bool optional = false;
  bool nullable = false;
  bool rest = false;              // "…": any number of these
  bool gather = false;            // "*": one list, or any number of values
  bool one_or_more_rest = false;
};
struct Signature {
  std::vector<Parameter> parameters;
  std::size_t required = 0;
  bool open_ended = false;
};

struct Builtin {
  std::string_view name, signature, family, doc;
  Dialect dialect = Dialect::dmn;  // zeebe: only there
  bool pure = true;                // false: not constant (now, today)
  Handler handler = nullptr;
  std::vector<Signature> forms;
  std::size_t most_parameters = 0;  // of any form
};

const std::vector<Builtin>& all_builtins();
const std::vector<Known>& builtin_names(Dialect);
const Value& builtin_value(const Builtin&);  // as a function value

// Names empty: positional. Gives null with a reason where the arguments fit no signature.
Value call_builtin(const Builtin&, std::vector<Value> args, std::span<const std::string> names, Run&);
// Positional: `args` is at least as long as the signature with most parameters; what is behind the first `count` is null.
Value call_builtin(const Builtin&, std::span<Value> args, std::size_t count, Run&);
// One signature, its arguments at their parameters' places; `absent` has a bit for each that was left out.
Value call_placed(const Builtin&, std::span<Value> args, std::uint64_t absent, Run&);
Value call_function(const Function&, std::span<const Value> args, Run&);
// The value as one of the kinds (bit per Kind), by the implicit conversions of section 10.3.2.9.4; false where it cannot be.
bool coerce(Value&, std::uint32_t kinds);
constexpr std::uint32_t bit(Kind kind) { return 1u << static_cast<unsigned>(kind); }

#define BUILTIN(handler, ...) Value handler(Call&);
namespace builtin {
#include "feel/builtins.def"
}
#undef BUILTIN

}  // namespace feel
