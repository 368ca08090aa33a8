// The room's door: text → compiled expression → value. Text, tokens, tree and program are files of their own inside.
//   auto e = feel::compile("a + 1", {.names = {{"a"}}});   e->inputs() == {"a"}
//   feel::Value v = e->evaluate({{feel::Value::number(2)}}, env);
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "feel/type.h"
#include "feel/value.h"

namespace feel {

enum class Dialect : std::uint8_t { dmn, zeebe };  // zeebe adds the extension builtins of BPMN expressions

struct CompileOptions {
  Dialect dialect = Dialect::dmn;
  std::vector<Name> names;       // known names (may hold spaces); read by longest match
  std::vector<Name> types;       // named types ("tLoan", "myimport.tLoan") for instance of, parameters, list<tLoan>
  bool unknown_names_are_inputs = true;  // false: an unknown name is an error with position and the nearest name
  std::string file;              // for error positions
  int line = 1, column = 1;      // of the text's first character in that file
  std::string element;           // element id for error positions
};

// What an evaluation may use and spend. `now` is fixed for the whole evaluation.
struct Environment {
  base::Millis now = 0;
  std::string zone = "Europe/Copenhagen";
  std::uint64_t max_steps = base::limits::kFeelSteps;
  std::vector<Reason>* reasons = nullptr;  // where set: every null's reason with position, in order
};

namespace detail { struct Program; }

class Expression {
 public:
  Expression() = default;
  // Free names in the order in which evaluate() takes their values. A name that is not bound is null.
  const std::vector<std::string>& inputs() const;
  // Every use of the input stands in a filter over values of unknown type, where it may as well be a field of theirs.
  bool may_be_field(std::size_t input) const;
  Value evaluate(std::span<const Value> values, const Environment&) const;
  // The same expression over a frame: evaluate() then reads input i as values[slots[i]]; null where slots[i] is -1.
  // Bound at most once; inputs() stays as it was. std::move(expression).bound(…) makes no copy.
  Expression bound(std::span<const int> slots) const&;
  Expression bound(std::span<const int> slots) &&;
  const std::string& text() const;
  bool is_constant() const;  // no inputs, no now()/today()
  explicit operator bool() const { return program_ != nullptr; }

 private:
  friend base::Result<Expression> compile(std::string_view, const CompileOptions&);
  friend class UnaryTests;
  friend struct Access;
  std::shared_ptr<const detail::Program> program_;
};

// Errors: invalid_feel with line, column and what was expected; limit_exceeded.
base::Result<Expression> compile(std::string_view text, const CompileOptions& = {});

// The cell of a decision table (grammar rule 17: unary tests, "-", negation, lists, expressions with "?").
class UnaryTests {
 public:
  UnaryTests() = default;
  const std::vector<std::string>& inputs() const;  // without the tested value
  bool may_be_field(std::size_t input) const;
  // true, false, or null (counts as no match).
  Value test(const Value& tested, std::span<const Value> values, const Environment&) const;
  UnaryTests bound(std::span<const int> slots) const&;  // as Expression::bound
  UnaryTests bound(std::span<const int> slots) &&;
  bool any() const;  // "-" or empty
  const std::string& text() const;

 private:
  friend base::Result<UnaryTests> compile_unary_tests(std::string_view, const CompileOptions&);
  friend struct Access;
  std::shared_ptr<const detail::Program> program_;
  std::vector<std::string> names_;
  bool any_ = false;
};
base::Result<UnaryTests> compile_unary_tests(std::string_view text, const CompileOptions& = {});
// A type's text, as after "instance of": "list<number>", "date and time"; named types come from the options.
base::Result<TypePtr> compile_type(std::string_view text, const CompileOptions& = {});

// What can be said of an expression before it runs: its type, and what can never do what its author means. A finding refuses nothing:
// FEEL answers null where something is wrong, and the text may want that.
enum class FindingKind : std::uint8_t {
  unknown_name,  // only where unknown names are no inputs
  operand,       // of an operator: kinds that always give null
  argument,      // count, name or kind of an argument
  call,          // of what is no function
  comparison,    // of kinds that are never equal, or have no order
  never,         // a test or range that nothing passes
  condition,     // neither true nor false, or a filter that is no index either
  member,        // that a context, temporal value or range does not have
  instance_of,   // always false
  always_null,   // a constant part that is null: date("2025-02-30")
};
struct Finding {
  FindingKind kind{};
  std::uint32_t offset = 0;   // bytes into the text
  int line = 0, column = 0;   // in the file of the options
  std::string message, message_da, remedy;
};
struct Checked {
  TypePtr type;               // of the value; nullptr = not known. A list's, context's and function's parts may be unknown in turn
  std::vector<Finding> findings;
};
// Errors: as of compile(). The types of options.names are believed; null is of every type.
base::Result<Checked> check(std::string_view text, const CompileOptions& = {});
// A table's cell, over tested values of this type (nullptr = not known).
base::Result<Checked> check_unary_tests(std::string_view text, const TypePtr& tested, const CompileOptions& = {});
// Whether some value of type `from` conforms to `to` (conform() below); what is not known may.
bool may_conform(const TypePtr& from, const TypePtr& to);
// Of a value that is of one type or the other; nullptr where they have nothing in common.
TypePtr common_type(const TypePtr&, const TypePtr&);

// The builtin functions of a dialect, for completion and help.
struct BuiltinInfo {
  std::string_view name, signature, family, doc;
};
std::vector<BuiltinInfo> builtins(Dialect);

// Types at boundaries (section 10.3.2.9.4): the value, or converted (singleton list ↔ element, date → date and time),
// or null with reason when it does not conform.
bool conforms(const Value&, const TypePtr&);  // as it is; null does
Value conform(const Value&, const TypePtr&);
bool instance_of(const Value&, const TypePtr&);

}  // namespace feel
