// Java static methods by native equivalents (section 10.3.2.13.3, external functions). A table, no Java machine.
#include <cmath>
#include <limits>
#include <map>

#include "base/text.h"
#include "feel/function.h"
#include "feel/run.h"

namespace feel {
namespace {

using base::Decimal;

// An argument as the Java type that the signature names; null where it does not fit.
Value whole(const Value& v, std::int64_t low, std::int64_t high) {
  const auto n = v.kind() == Kind::number ? v.as_number().as_int64() : std::nullopt;
  return n && *n >= low && *n <= high ? v : Value::null(Reason(ReasonCode::java_range));
}

Value as_java(const Value& v, std::string_view type) {
  if (type.starts_with("java.lang.")) type.remove_prefix(10);
  if (type == "double" || type == "Double" || type == "Number") return v.kind() == Kind::number ? v : Value::null(Reason(ReasonCode::java_argument, Kind::number));
  if (type == "float" || type == "Float") {
    if (v.kind() != Kind::number) return Value::null(Reason(ReasonCode::java_argument, Kind::number));
    char digits[32];
    const auto rounded = static_cast<float>(v.as_number().as_double());
    std::snprintf(digits, sizeof digits, "%.9g", static_cast<double>(rounded));
    for (int precision = 1; precision < 9; ++precision) {  // the shortest text that reads back, as Float.toString
      char shorter[32];
      std::snprintf(shorter, sizeof shorter, "%.*g", precision, static_cast<double>(rounded));
      if (std::strtof(shorter, nullptr) == rounded) {
        std::snprintf(digits, sizeof digits, "%s", shorter);
        break;
      }
    }
    return Value::number(Decimal::parse(digits).value_or(v.as_number()));
  }
  if (type == "long" || type == "Long") return whole(v, INT64_MIN, INT64_MAX);
  if (type == "int" || type == "Integer") return whole(v, INT32_MIN, INT32_MAX);
  if (type == "short" || type == "Short") return whole(v, INT16_MIN, INT16_MAX);
  if (type == "byte" || type == "Byte") return whole(v, INT8_MIN, INT8_MAX);
  if (type == "boolean" || type == "Boolean") return v.kind() == Kind::boolean ? v : Value::null(Reason(ReasonCode::java_argument, Kind::boolean));
  if (type == "String" || type == "CharSequence") return v.kind() == Kind::string ? v : Value::null(Reason(ReasonCode::java_argument, Kind::string));
  if (type == "char" || type == "Character") {
    return v.kind() == Kind::string && base::code_points(v.as_string()) == 1 ? v : Value::null(Reason(ReasonCode::java_character));
  }
  return v;  // Object
}

bool is_number_type(std::string_view type) { return type == "double" || type == "float" || type == "long" || type == "int"; }

Value from_double(double d) { return std::isfinite(d) ? Value::number(Decimal::from_double(d)) : Value::null(Reason(ReasonCode::java_not_finite)); }

using Unary = double (*)(double);
const std::map<std::string_view, Unary>& unary_math() {
  static const std::map<std::string_view, Unary> kFunctions = {
      {"acos", std::acos}, {"asin", std::asin}, {"atan", std::atan}, {"cbrt", std::cbrt}, {"ceil", std::ceil}, {"cos", std::cos},
      {"cosh", std::cosh}, {"exp", std::exp}, {"floor", std::floor}, {"log", std::log}, {"log10", std::log10}, {"rint", std::nearbyint},
      {"sin", std::sin}, {"sinh", std::sinh}, {"sqrt", std::sqrt}, {"tan", std::tan}, {"tanh", std::tanh},
      {"toDegrees", [](double x) { return x * 180 / M_PI; }}, {"toRadians", [](double x) { return x * M_PI / 180; }},
      {"signum", [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }}};
  return kFunctions;
}

// String.format with %s, %d, %f (precision), %n and %%; anything else is null.
Value format(std::span<const Value> args) {
  const std::string_view pattern = args[0].as_string();
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    int precision = 6;
    if (++i < pattern.size() && pattern[i] == '.') {
      precision = 0;
      while (++i < pattern.size() && pattern[i] >= '0' && pattern[i] <= '9' && precision < 100) precision = precision * 10 + (pattern[i] - '0');
    }
    const char kind = i < pattern.size() ? pattern[i] : '\0';
    if (kind == '%' || kind == 'n') {
      out += kind == 'n' ? '\n' : '%';
      continue;
    }
    if (next == args.size()) return Value::null(Reason(ReasonCode::java_format_arguments));
    const Value& arg = args[next++];
    if (kind == 's') {
      out += text(arg);
    } else if (kind == 'd' && arg.kind() == Kind::number && arg.as_number().is_integer()) {
      out += arg.as_number().text();
    } else if (kind == 'f' && arg.kind() == Kind::number) {
      const auto rounded = Decimal::round(arg.as_number(), precision, Decimal::Round::half_up);
      std::string digits = rounded ? rounded->text() : arg.as_number().text();
      std::size_t point = digits.find('.');
      if (point == std::string::npos && precision > 0) point = digits.size(), digits += '.';
      while (precision > 0 && digits.size() - point - 1 < static_cast<std::size_t>(precision)) digits += '0';
      out += digits;
    } else {
      return Value::null(Reason(ReasonCode::java_format_part));
    }
  }
  return Value::string(std::move(out));
}

using Body = std::function<Value(std::span<const Value>)>;

Body math(std::string_view method, const std::vector<std::string>& types) {
  for (const std::string& type : types) {
    if (!is_number_type(type)) return {};
  }
  if (types.size() == 1) {
    if (method == "abs") return [](auto args) { return Value::number(args[0].as_number().absolute()); };
    if (method == "round") {
      return [](auto args) {
        const auto half = Decimal::add(args[0].as_number(), *Decimal::parse("0.5"));
        const auto rounded = half ? Decimal::round(*half, 0, Decimal::Round::floor) : half;
        return rounded ? Value::number(*rounded) : Value::null(Reason(ReasonCode::java_out_of_range));
      };
    }
    const auto known = unary_math().find(method);
    if (known != unary_math().end() && types[0] == "double") {
      return [f = known->second](auto args) { return from_double(f(args[0].as_number().as_double())); };
    }
  }
  if (types.size() == 2 && types[0] == types[1]) {
    if (method == "max") return [](auto args) { return args[0].as_number() < args[1].as_number() ? args[1] : args[0]; };
    if (method == "min") return [](auto args) { return args[1].as_number() < args[0].as_number() ? args[1] : args[0]; };
    if (types[0] == "double") {
      if (method == "pow") return [](auto args) { return from_double(std::pow(args[0].as_number().as_double(), args[1].as_number().as_double())); };
      if (method == "atan2") return [](auto args) { return from_double(std::atan2(args[0].as_number().as_double(), args[1].as_number().as_double())); };
      if (method == "hypot") return [](auto args) { return from_double(std::hypot(args[0].as_number().as_double(), args[1].as_number().as_double())); };
    }
  }
  return {};
}

// valueOf and parseX of the number classes.
Body number_class(std::string_view name, std::string_view primitive, std::string_view method, const std::vector<std::string>& types) {
  if (types.size() != 1) return {};
  const bool value_of = method == "valueOf";
  if (value_of && types[0] == primitive) return [](auto args) { return args[0]; };
  std::string parse = "parse" + std::string(name == "Integer" ? "Int" : name);
  if (types[0] != "java.lang.String" || !(value_of || method == parse)) return {};
  return [primitive = std::string(primitive)](auto args) {
    const auto number = Decimal::parse(args[0].as_string());
    return number ? as_java(Value::number(*number), primitive) : Value::null(Reason(ReasonCode::no_number_text));
  };
}

Body string_class(std::string_view method, const std::vector<std::string>& types) {
  if (method == "valueOf" && types.size() == 1 && types[0] != "[C") return [](auto args) { return Value::string(text(args[0])); };
  if (method == "format" && types.size() == 2 && types[0] == "java.lang.String") return format;
  return {};
}

Body find(std::string_view class_name, std::string_view method, const std::vector<std::string>& types) {
  if (!class_name.starts_with("java.lang.")) return {};
  class_name.remove_prefix(10);
  if (class_name == "Math" || class_name == "StrictMath") return math(method, types);
  if (class_name == "String") return string_class(method, types);
  static constexpr std::pair<std::string_view, std::string_view> kNumbers[] = {
      {"Double", "double"}, {"Float", "float"}, {"Long", "long"}, {"Integer", "int"}, {"Short", "short"}, {"Byte", "byte"}};
  for (const auto& [name, primitive] : kNumbers) {
    if (class_name == name) return number_class(name, primitive, method, types);
  }
  return {};
}

}  // namespace

std::shared_ptr<const Function> java_function(std::string_view class_name, std::string_view signature, std::vector<std::string> parameters) {
  const std::size_t open = signature.find('('), close = signature.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return nullptr;
  std::vector<std::string> types;
  const std::string_view inside = base::trim(signature.substr(open + 1, close - open - 1));
  if (!inside.empty()) {
    for (const std::string_view type : base::split(inside, ',')) types.emplace_back(base::trim(type));
  }
  const bool variadic = !types.empty() && types.back() == "[Ljava.lang.Object;";
  if (variadic ? parameters.size() + 1 < types.size() : parameters.size() != types.size()) return nullptr;
  Body body = find(class_name, base::trim(signature.substr(0, open)), types);
  if (!body) return nullptr;
  auto function = std::make_shared<Function>();
  function->name = base::trim(signature.substr(0, open));
  function->parameters = std::move(parameters);
  function->call = [types, body = std::move(body)](std::span<const Value> args, const Environment&) {
    std::vector<Value> java;
    for (std::size_t i = 0; i < args.size(); ++i) {
      java.push_back(as_java(args[i], types[std::min(i, types.size() - 1)]));
      if (java.back().is_null()) return args[i].is_null() ? Value::null(Reason(ReasonCode::java_null)) : java.back();
    }
    return body(java);
  };
  return function;
}

}  // namespace feel
