// Every builtin × every kind of argument, from builtins.def itself: what fits the signature is no argument error, what does
// not is null with a reason that names the function and the parameter (sections 10.3.2.9.4, 10.3.2.11.2 and 10.3.4).
#include "feel/builtins.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace feel {
namespace {

constexpr std::uint32_t kAnyKind = (1u << 13) - 1;

Environment environment() {
  Environment env;
  env.now = 1'774'180'800'000;
  env.max_steps = 1'000'000;
  return env;
}

Value value_of(const std::string& text) {
  const auto expression = compile(text);
  EXPECT_TRUE(expression) << text;
  return expression ? expression->evaluate({}, environment()) : Value();
}

struct Sample {
  std::string text;
  Value value;
  Kind kind;            // of the value
  Kind inner = Kind::null;  // of a list of one: its item
  bool single = false;
};

// One value of each kind, in Kind's order, then a list of one of each.
const std::vector<Sample>& samples() {
  static const std::vector<Sample> kSamples = [] {
    std::vector<Sample> all;
    for (const char* text : {"null", "true", "2", "\"ab\"", "@\"2026-03-29\"", "@\"10:11:12\"", "@\"2026-03-29T10:11:12\"", "@\"P1Y\"", "@\"PT1H\"", "[1, 2]",
                             "{a: 1}", "[1..2]", "function(x, y) true"})
      all.push_back({text, value_of(text), static_cast<Kind>(all.size())});
    for (std::size_t i = 0; i < 13; ++i)
      all.push_back({"[" + all[i].text + "]", value_of("[" + all[i].text + "]"), Kind::list, static_cast<Kind>(i), true});
    return all;
  }();
  return kSamples;
}

TEST(BuiltinSamples, AreOneOfEachKind) {
  ASSERT_EQ(samples().size(), 26u);
  for (const Sample& sample : samples()) EXPECT_EQ(sample.value.kind(), sample.kind) << sample.text;
}

// Section 10.3.2.9.4: a value fits a parameter by its kind, as a date where a date and time is wanted, as a singleton list
// in place of its item, or as the item of a singleton list.
bool fits(const Sample& sample, const Parameter& p) {
  if (p.kinds == kAnyKind) return true;
  if (sample.kind == Kind::null) return p.nullable;
  if ((p.kinds & (bit(sample.kind) | bit(Kind::list))) != 0) return true;
  if (sample.kind == Kind::date) return (p.kinds & bit(Kind::date_time)) != 0;
  return sample.single && (p.kinds & bit(sample.inner)) != 0;
}

bool fits(const std::vector<const Sample*>& args, const Signature& form) {
  if (args.size() < form.required || (args.size() > form.parameters.size() && !form.open_ended)) return false;
  const bool gathers = !form.parameters.empty() && form.parameters.back().gather;
  if (gathers && args.size() != 1) return true;  // any number of values is one list
  for (std::size_t i = 0; i < args.size(); ++i)
    if (!fits(*args[i], form.parameters[std::min(i, form.parameters.size() - 1)])) return false;
  return true;
}

// A null that is about the arguments' number, names or kinds: see Binder in builtins.cc.
bool is_argument_error(const Value& value, std::string_view function) {
  if (!value.is_null()) return false;
  const std::string reason(value.reason());
  const std::size_t at = reason.find(std::string(function) + "(): ");
  if (at == std::string::npos) return false;
  const std::string_view what = std::string_view(reason).substr(at + function.size() + 4);
  return (what.starts_with("argument '") && what.find("' must be ") != std::string_view::npos && what.find(", not ") != std::string_view::npos) ||
         (what.starts_with("takes ") && what.find(" arguments, not ") != std::string_view::npos) || what.starts_with("there is no parameter '") ||
         what.starts_with("given twice: '") || (what.starts_with("parameter '") && what.ends_with("' is missing"));
}

bool names_a_parameter(const Builtin& builtin, const Value& value) {
  const std::string reason(value.reason());
  for (const Signature& form : builtin.forms)
    for (const Parameter& p : form.parameters)
      if (reason.find("'" + p.name + "'") != std::string::npos) return true;
  return false;
}

// A call of the builtin with inputs a0, a1 …; named where `names` is given.
Expression call_of(const Builtin& builtin, std::size_t arguments, const std::vector<std::string>& names = {}) {
  std::string text = std::string(builtin.name) + "(";
  for (std::size_t i = 0; i < arguments; ++i) {
    if (i > 0) text += ", ";
    if (!names.empty()) text += names[i] + ": ";
    text += "a" + std::to_string(i);
  }
  CompileOptions options;
  options.dialect = Dialect::zeebe;
  for (std::size_t i = 0; i < arguments; ++i) options.names.push_back({"a" + std::to_string(i), nullptr});
  const auto expression = compile(text + ")", options);
  EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().text());
  return expression ? *expression : Expression();
}

Value evaluated(const Expression& call, const std::vector<const Sample*>& args) {
  std::vector<Value> values;
  for (const std::string& input : call.inputs()) values.push_back(args[std::stoul(input.substr(1))]->value);
  return call.evaluate(values, environment());
}

std::string shown(const Builtin& builtin, const std::vector<const Sample*>& args) {
  std::string text = std::string(builtin.name) + "(";
  for (std::size_t i = 0; i < args.size(); ++i) text += (i > 0 ? ", " : "") + args[i]->text;
  return text + ")";
}

std::size_t most(const Builtin& builtin) {
  std::size_t most = 0;
  for (const Signature& form : builtin.forms) most = std::max(most, form.parameters.size());
  return most;
}
class Builtins : public testing::TestWithParam<const Builtin*> {
 protected:
  // Every combination of samples as `count` arguments.
  template <class F>
  static void each_combination(std::size_t count, F&& run) {
    const std::size_t kinds = count <= 2 ? samples().size() : count == 3 ? 14 : 13;
    std::vector<const Sample*> args(count);
    std::vector<std::size_t> at(count);
    while (true) {
      for (std::size_t i = 0; i < count; ++i) args[i] = &samples()[at[i]];
      run(args);
      std::size_t i = 0;
      while (i < count && ++at[i] == kinds) at[i++] = 0;
      if (i == count) return;
    }
  }

  // Arguments that fit the form, one of each parameter's kinds.
  static std::vector<const Sample*> fitting(const Signature& form) {
    std::vector<const Sample*> args;
    for (const Parameter& p : form.parameters) {
      const bool any = p.kinds == kAnyKind;
      for (std::size_t kind = any ? 2 : 0; kind < 13; ++kind)
        if ((p.kinds >> kind & 1) != 0) {
          args.push_back(&samples()[kind]);
          break;
        }
    }
    return args;
  }
};

TEST_P(Builtins, TakeWhatFitsAndRefuseWhatDoesNot) {
  const Builtin& builtin = *GetParam();
  for (std::size_t count = 0; count <= most(builtin); ++count) {
    const Expression call = call_of(builtin, count);
    ASSERT_TRUE(call);
    each_combination(count, [&](const std::vector<const Sample*>& args) {
      const bool expected = std::any_of(builtin.forms.begin(), builtin.forms.end(), [&](const Signature& form) { return fits(args, form); });
      const Value value = evaluated(call, args);
      EXPECT_EQ(is_argument_error(value, builtin.name), !expected) << shown(builtin, args) << ": " << text(value) << " " << value.reason();
      if (!expected && count > 0 && value.reason().find("takes ") == std::string::npos) {
        EXPECT_TRUE(names_a_parameter(builtin, value)) << shown(builtin, args) << ": " << value.reason();
      }
      const bool gives_an_argument = builtin.dialect == Dialect::zeebe || builtin.name == "get value" || builtin.name == "min" || builtin.name == "max";
      if (value.is_null() && !gives_an_argument) {
        EXPECT_FALSE(value.reason().empty()) << shown(builtin, args);
      }
    });
  }
}

TEST_P(Builtins, CountTheirArguments) {
  const Builtin& builtin = *GetParam();
  for (std::size_t count = 0; count <= most(builtin) + 3; ++count) {
    const bool accepted = std::any_of(builtin.forms.begin(), builtin.forms.end(), [&](const Signature& form) {
      return count >= form.required && (count <= form.parameters.size() || form.open_ended);
    });
    std::vector<const Sample*> args(count, &samples()[9]);  // a list: fits where a list does, and is wrong elsewhere
    const Value value = evaluated(call_of(builtin, count), args);
    if (!accepted) {
      EXPECT_TRUE(is_argument_error(value, builtin.name)) << shown(builtin, args) << ": " << text(value) << " " << value.reason();
      EXPECT_NE(value.reason().find(std::to_string(count)), std::string::npos) << shown(builtin, args) << ": " << value.reason();
    }
  }
}

TEST_P(Builtins, NamedIsPositional) {
  const Builtin& builtin = *GetParam();
  for (const Signature& form : builtin.forms) {
    const std::vector<const Sample*> all = fitting(form);
    ASSERT_EQ(all.size(), form.parameters.size());
    for (std::size_t count = form.required; count <= all.size(); ++count) {
      const bool rest = count > 0 && form.parameters[count - 1].rest;
      if (count == 0 || rest) continue;
      const std::vector<const Sample*> args(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
      const Value positional = evaluated(call_of(builtin, count), args);
      for (const bool alias : {false, true}) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < count; ++i) {
          const Parameter& p = form.parameters[i];
          names.push_back(alias && !p.alias.empty() ? p.alias : p.name);
        }
        const Value named = evaluated(call_of(builtin, count, names), args);
        EXPECT_EQ(text(named), text(positional)) << shown(builtin, args) << " by name: " << named.reason();
        EXPECT_EQ(named.kind(), positional.kind()) << shown(builtin, args);
        std::vector<std::string> reversed_names(names.rbegin(), names.rend());
        const std::vector<const Sample*> reversed(args.rbegin(), args.rend());
        EXPECT_EQ(text(evaluated(call_of(builtin, count, reversed_names), reversed)), text(positional)) << shown(builtin, args) << " by name, backwards";
      }
    }
  }
}

TEST_P(Builtins, RefuseWrongNames) {
  const Builtin& builtin = *GetParam();
  for (const Signature& form : builtin.forms) {
    const std::vector<const Sample*> args = fitting(form);
    std::vector<std::string> names;
    for (const Parameter& p : form.parameters) names.push_back(p.name);
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::vector<std::string> wrong = names;
      wrong[i] = "no such parameter";
      const Value unknown = evaluated(call_of(builtin, args.size(), wrong), args);
      EXPECT_TRUE(is_argument_error(unknown, builtin.name)) << shown(builtin, args) << ": " << unknown.reason();
      if (builtin.forms.size() == 1) {
        EXPECT_NE(unknown.reason().find("no such parameter"), std::string::npos) << unknown.reason();
      }
      std::vector<std::string> twice = names;
      twice.push_back(names[i]);
      std::vector<const Sample*> more = args;
      more.push_back(args[i]);
      const Value duplicate = evaluated(call_of(builtin, more.size(), twice), more);
      EXPECT_TRUE(is_argument_error(duplicate, builtin.name)) << shown(builtin, more) << ": " << text(duplicate);
      if (builtin.forms.size() == 1) {
        EXPECT_NE(duplicate.reason().find("'" + names[i] + "'"), std::string::npos) << duplicate.reason();
      }
      if (form.parameters[i].optional || builtin.forms.size() > 1 || names.size() == 1) continue;
      std::vector<std::string> fewer = names;
      std::vector<const Sample*> missing = args;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
      const Value without = evaluated(call_of(builtin, missing.size(), fewer), missing);
      EXPECT_TRUE(is_argument_error(without, builtin.name)) << builtin.name << " without " << names[i] << ": " << text(without);
      EXPECT_NE(without.reason().find("'" + names[i] + "'"), std::string::npos) << without.reason();
    }
  }
}

// A builtin is a function value too: {g: abs}.g(-1).
TEST_P(Builtins, AreValues) {
  const Builtin& builtin = *GetParam();
  CompileOptions options;
  options.dialect = Dialect::zeebe;
  for (const Signature& form : builtin.forms) {
    const std::vector<const Sample*> args = fitting(form);
    std::string list;
    for (const Sample* arg : args) list += (list.empty() ? "" : ", ") + arg->text;
    const auto direct = compile(std::string(builtin.name) + "(" + list + ")", options);
    const auto through = compile("{g: " + std::string(builtin.name) + ", r: g(" + list + ")}.r", options);
    ASSERT_TRUE(direct && through) << builtin.name;
    const Value a = direct->evaluate({}, environment()), b = through->evaluate({}, environment());
    EXPECT_EQ(text(a), text(b)) << builtin.name << "(" << list << "): " << a.reason() << " | " << b.reason();
    EXPECT_EQ(a.kind(), b.kind()) << builtin.name;
  }
}

TEST_P(Builtins, AreDocumented) {
  const std::string_view doc = GetParam()->doc;
  EXPECT_FALSE(doc.empty());
  EXPECT_TRUE(doc.ends_with('.')) << doc;
}

// Every builtin is named by a case file.
TEST_P(Builtins, HaveCases) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator("tests/feel")) {
    std::ifstream file(entry.path());
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_NE(all.find(std::string(GetParam()->name) + "("), std::string::npos) << "no case in tests/feel";
}

std::vector<const Builtin*> every_builtin() {
  std::vector<const Builtin*> all;
  for (const Builtin& builtin : all_builtins()) all.push_back(&builtin);
  return all;
}
INSTANTIATE_TEST_SUITE_P(All, Builtins, testing::ValuesIn(every_builtin()), [](const auto& info) {
  std::string name(info.param->name);
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace
}  // namespace feel
