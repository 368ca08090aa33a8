// Functions as values: builtins, closures, and what DMN adds (business knowledge models, decision services).
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "feel/feel.h"

namespace feel {

struct Function {
  std::string name;                       // "" for an anonymous closure
  std::vector<std::string> parameters;    // for named arguments
  TypePtr type;                           // parameters and result, where declared
  // Called with as many arguments as parameters.
  std::function<Value(std::span<const Value>, const Environment&)> call;
  bool variadic = false;                  // takes any number of arguments (builtins)
  Measure measure = {};                   // of what a closure holds
};

}  // namespace feel
