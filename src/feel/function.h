// Functions as values: builtins, closures, and what DMN adds (business knowledge models, decision services).
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "feel/feel.h"

namespace feel {

struct Closure;  // of a function literal
struct Builtin;

struct Function {
  std::string name;                       // "" for an anonymous closure
  std::vector<std::string> parameters;    // for named arguments
  TypePtr type;                           // parameters and result, where declared
  // Called with as many arguments as parameters.
  std::function<Value(std::span<const Value>, const Environment&)> call;
  bool variadic = false;                  // takes any number of arguments (builtins)
  Measure measure = {};                   // of what a closure holds
  const Builtin* builtin = nullptr;       // of a builtin: its arguments may be named, and optional ones left out
  std::shared_ptr<const Closure> closure = {};  // `call` runs it; inside the room it is run without that detour
};

// A call of a function that is a builtin, by the names of its parameters; null with a reason where they fit no signature.
Value call_by_names(const Function&, std::span<const std::string> names, std::vector<Value> args, const Environment&);

// An external function of kind Java (section 10.3.2.13.3) by a native equivalent: static methods of java.lang.Math, String
// and the number classes (external.cc). nullptr where there is none: no Java is ever run.
// `signature` as in DMN: "max(double, double)".
std::shared_ptr<const Function> java_function(std::string_view class_name, std::string_view signature, std::vector<std::string> parameters);

}  // namespace feel
