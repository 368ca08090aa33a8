// The registry of builtin functions and the binding of arguments to their signatures (sections 10.3.2.11.2 and 10.3.4).
#include "feel/builtins.h"

#include <deque>
#include <map>

#include "base/text.h"

namespace feel {
namespace {

constexpr std::uint32_t kPoint = bit(Kind::number) | bit(Kind::string) | bit(Kind::date) | bit(Kind::time) | bit(Kind::date_time) |
                                 bit(Kind::years_months) | bit(Kind::days_time);
constexpr std::uint32_t kAny = (1u << 13) - 1;

std::uint32_t kinds_of(std::string_view text) {
  static const std::map<std::string_view, std::uint32_t> kKinds = {
      {"any", kAny}, {"boolean", bit(Kind::boolean)}, {"number", bit(Kind::number)}, {"string", bit(Kind::string)}, {"date", bit(Kind::date)},
      {"time", bit(Kind::time)}, {"datetime", bit(Kind::date_time)}, {"ymd", bit(Kind::years_months)}, {"dtd", bit(Kind::days_time)},
      {"list", bit(Kind::list)}, {"context", bit(Kind::context)}, {"range", bit(Kind::range)}, {"function", bit(Kind::function)}, {"point", kPoint}};
  std::uint32_t kinds = 0;
  for (const std::string_view part : base::split(text, '/')) kinds |= kKinds.at(part);
  return kinds;
}

Parameter parameter(std::string_view text) {
  Parameter p;
  const std::size_t colon = text.find(':');
  std::string_view name = base::trim(text.substr(0, colon)), kind = base::trim(text.substr(colon + 1));
  const auto drop = [](std::string_view& from, std::string_view suffix) {
    if (!from.ends_with(suffix)) return false;
    from.remove_suffix(suffix.size());
    return true;
  };
  p.optional = drop(name, "?");
  if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
    p.alias = name.substr(equals + 1);
    name = name.substr(0, equals);
  }
  p.name = name;
  p.rest = drop(kind, "…");
  p.gather = drop(kind, "*");
  p.nullable = drop(kind, "?") || kind == "any";
  p.kinds = kinds_of(kind);
  return p;
}

std::vector<Signature> signatures(std::string_view text) {
  std::vector<Signature> forms;
  for (const std::string_view form : base::split(text, '|')) {
    Signature signature;
    if (!base::trim(form).empty()) {
      for (const std::string_view part : base::split(form, ',')) signature.parameters.push_back(parameter(part));
    }
    for (const Parameter& p : signature.parameters) {
      signature.required += p.optional ? 0 : 1;
      signature.open_ended = signature.open_ended || p.rest || p.gather;
    }
    forms.push_back(std::move(signature));
  }
  return forms;
}

// Arguments in the order of the signature; false with a reason where they do not fit it.
struct Binder {
  const Signature& form;
  std::optional<Reason> reason;
  int rank = 0;  // how far it came: 0 count or names, 1 + position of the wrong argument

  bool place(std::vector<Value>& args, std::span<const std::string> names) {
    if (!names.empty()) {
      std::vector<Value> ordered(form.parameters.size());
      std::vector<bool> given(ordered.size());
      for (std::size_t n = 0; n < names.size(); ++n) {
        std::size_t at = 0;
        while (at < ordered.size() && form.parameters[at].name != names[n] && form.parameters[at].alias != names[n]) ++at;
        if (at == ordered.size() || given[at]) {
          reason = Reason(at == ordered.size() ? ReasonCode::no_parameter : ReasonCode::parameter_twice, std::string_view(names[n]));
          return false;
        }
        given[at] = true;
        ordered[at] = std::move(args[n]);
        if (form.parameters[at].gather && ordered[at].kind() != Kind::list && !ordered[at].is_null()) ordered[at] = Value::list({ordered[at]});
      }
      for (std::size_t at = 0; at < ordered.size(); ++at) {
        if (!given[at] && !form.parameters[at].optional) {
          reason = Reason(ReasonCode::parameter_missing, std::string_view(form.parameters[at].name));
          return false;
        }
      }
      absent = given;
      absent.flip();
      args = std::move(ordered);
      return true;
    }
    if (args.size() < form.required || (args.size() > form.parameters.size() && !form.open_ended)) {
      reason = form.open_ended                            ? Reason(ReasonCode::argument_count_least, form.required, args.size())
               : form.parameters.size() > form.required ? Reason(ReasonCode::argument_count_between, form.required, form.parameters.size(), args.size())
                                                        : Reason(ReasonCode::argument_count, form.required, args.size());
      return false;
    }
    if (!form.parameters.empty() && form.parameters.back().gather && !(args.size() == 1 && (args[0].kind() == Kind::list || args[0].is_null()))) {
      Value gathered = Value::list(std::move(args));
      args.clear();
      args.push_back(std::move(gathered));
    }
    absent.assign(form.parameters.size(), false);
    for (std::size_t at = args.size(); at < form.parameters.size(); ++at) absent[at] = true;
    if (args.size() < form.parameters.size()) args.resize(form.parameters.size());
    return true;
  }

  bool check(std::vector<Value>& args) {
    for (std::size_t n = 0; n < args.size(); ++n) {
      const Parameter& p = form.parameters[std::min(n, form.parameters.size() - 1)];
      if (n < absent.size() && absent[n]) continue;
      if (args[n].is_null() && p.nullable) continue;
      if (!coerce(args[n], p.kinds)) {
        rank = static_cast<int>(n) + 1;
        reason = Reason(ReasonCode::argument_kind, std::string_view(p.name), Kinds{p.kinds}, args[n].kind());
        return false;
      }
    }
    return true;
  }

  std::vector<bool> absent;
};

}  // namespace

bool coerce(Value& value, std::uint32_t kinds) {
  if (kinds == kAny) return true;
  if ((bit(value.kind()) & kinds) != 0) return true;
  if (value.kind() == Kind::date && (kinds & bit(Kind::date_time)) != 0) {
    value = Value::date_time({value.as_date(), {0, 0, 0, 0, Zone{0, {}}}});
    return true;
  }
  if (value.kind() == Kind::list && value.as_list().size() == 1) {
    const Value only = value.as_list()[0];
    if ((bit(only.kind()) & kinds) == 0) return false;
    value = only;
    return true;
  }
  if ((kinds & bit(Kind::list)) != 0 && !value.is_null()) {
    value = Value::list({value});
    return true;
  }
  return false;
}

Value Call::fail(Reason reason) const {
  reason.function = builtin.name;
  return Value::null(std::move(reason));
}

namespace {
Value run_handler(const Builtin&, std::size_t form, std::span<const Value> args, Run&);

Value refused(const Builtin& builtin, Reason reason) {
  reason.function = builtin.name;
  return Value::null(std::move(reason));
}
}  // namespace

Value call_builtin(const Builtin& builtin, std::vector<Value> args, std::span<const std::string> names, Run& run) {
  std::optional<Reason> reason;
  int best = -1;
  for (std::size_t form = 0; form < builtin.forms.size(); ++form) {
    Binder binder{builtin.forms[form], {}, 0, {}};
    std::vector<Value> placed = form + 1 == builtin.forms.size() ? std::move(args) : args;
    if (binder.place(placed, names) && binder.check(placed)) {
      return run_handler(builtin, form, placed, run);
    }
    if (binder.rank > best) {
      best = binder.rank;
      reason = std::move(binder.reason);
    }
  }
  return refused(builtin, std::move(*reason));
}

namespace {

bool fits_as_it_is(const Signature& form, std::span<const Value> args, std::size_t count, std::uint64_t absent) {
  for (std::size_t n = 0; n < count; ++n) {
    const Parameter& p = form.parameters[std::min(n, form.parameters.size() - 1)];
    if ((bit(args[n].kind()) & p.kinds) == 0 && !(args[n].is_null() && p.nullable) && !(n < 64 && (absent >> n & 1) != 0)) return false;
  }
  return true;
}

Value run_handler(const Builtin& builtin, std::size_t form, std::span<const Value> args, Run& run) {
  std::uint64_t weight = 0;
  for (const Value& arg : args) weight += arg.measure().weight;
  if (!run.spend(weight / 4)) return Value::null(*run.stopped);
  Call call{builtin, form, args, run};
  return builtin.handler(call);
}

}  // namespace

// The short way: the first signature that takes this many arguments, where no argument has to be converted. What does not
// go this way is bound by the rules above, from the start.
Value call_builtin(const Builtin& builtin, std::span<Value> args, std::size_t count, Run& run) {
  for (std::size_t f = 0; f < builtin.forms.size(); ++f) {
    const Signature& form = builtin.forms[f];
    if (count < form.required || (count > form.parameters.size() && !form.open_ended)) continue;
    if (!form.parameters.empty() && form.parameters.back().gather && !(count == 1 && (args[0].kind() == Kind::list || args[0].is_null()))) {
      Value gathered = Value::list_of(args.first(count));
      if (gathered.is_null()) break;
      args[0] = std::move(gathered);
      count = 1;
    }
    if (!fits_as_it_is(form, args, count, 0)) break;
    return run_handler(builtin, f, args.first(std::max(count, form.parameters.size())), run);
  }
  return call_builtin(builtin, std::vector<Value>(args.begin(), args.begin() + static_cast<std::ptrdiff_t>(count)), {}, run);
}

Value call_placed(const Builtin& builtin, std::span<Value> args, std::uint64_t absent, Run& run) {
  const Signature& form = builtin.forms[0];
  if (fits_as_it_is(form, args, args.size(), absent)) return run_handler(builtin, 0, args, run);
  Binder binder{form, {}, 0, {}};
  std::vector<Value> placed(args.begin(), args.end());
  for (std::size_t n = 0; n < placed.size(); ++n) binder.absent.push_back((absent >> n & 1) != 0);
  if (!binder.check(placed)) return refused(builtin, std::move(*binder.reason));
  return run_handler(builtin, 0, placed, run);
}

const std::vector<Builtin>& all_builtins() {
  static const std::vector<Builtin> kAll = [] {
    std::vector<Builtin> all;
#define BUILTIN(handler, name, signature, family, dialect, pure, doc) \
  all.push_back({name, signature, family, doc, Dialect::dialect, pure, builtin::handler, signatures(signature)});
#include "feel/builtins.def"
#undef BUILTIN
    for (Builtin& builtin : all) {
      for (const Signature& form : builtin.forms) builtin.most_parameters = std::max(builtin.most_parameters, form.parameters.size());
    }
    return all;
  }();
  return kAll;
}

const std::vector<Known>& builtin_names(Dialect dialect) {
  static const auto kNames = [] {
    std::array<std::vector<Known>, 2> names;
    for (const Builtin& builtin : all_builtins()) {
      for (const Dialect d : {Dialect::dmn, Dialect::zeebe}) {
        if (builtin.dialect == Dialect::zeebe && d == Dialect::dmn) continue;
        names[static_cast<std::size_t>(d)].push_back({std::string(builtin.name), nullptr, -1, &builtin});
      }
    }
    return names;
  }();
  return kNames[static_cast<std::size_t>(dialect)];
}

Value call_by_names(const Function& function, std::span<const std::string> names, std::vector<Value> args, const Environment& env) {
  if (Run* run = Run::current()) return call_builtin(*function.builtin, std::move(args), names, *run);
  Run run(env);
  return call_builtin(*function.builtin, std::move(args), names, run);
}

const Value& builtin_value(const Builtin& builtin) {
  static const auto kValues = [] {
    std::map<const Builtin*, Value> values;
    for (const Builtin& b : all_builtins()) {
      auto function = std::make_shared<Function>();
      function->name = b.name;
      function->builtin = &b;
      for (const Parameter& p : b.forms[0].parameters) function->parameters.push_back(p.name);
      function->variadic = b.forms.size() > 1 || b.forms[0].open_ended || b.forms[0].required != b.forms[0].parameters.size();
      function->call = [&b](std::span<const Value> args, const Environment& env) {
        std::vector<Value> copy(args.begin(), args.end());
        if (Run* run = Run::current()) return call_builtin(b, std::move(copy), {}, *run);
        Run run(env);
        return call_builtin(b, std::move(copy), {}, run);
      };
      values.emplace(&b, Value::function(std::move(function)));
    }
    return values;
  }();
  return kValues.at(&builtin);
}

}  // namespace feel
