// FEEL: evaluation and compilation of single expressions, beside npm feelin in the same run.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/json.h"
#include "bench.h"
#include "counting.h"
#include "feel/feel.h"

namespace {

// The same expressions and values go to feelin (feelin_peer.mjs), as JSON.
struct Case {
  const char *name, *text, *inputs;
};
constexpr Case kCases[] = {
    {"arithmetic", "(a + b) * 2 - c / 4 + 10.5", R"({"a": 12, "b": 30, "c": 8})"},
    {"if", "if a > b then a - b else b - a", R"({"a": 12, "b": 30})"},
    {"string_compare", R"(status = "approved" or status = "pending")", R"({"status": "pending"})"},
    {"filter", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][item > limit]", R"({"limit": 5})"},
    {"for_3x3", "for i in [1, 2, 3], j in [1, 2, 3] return i * j", "{}"},
    {"filter_contexts", "orders[amount > limit].amount", R"({"limit": 150, "orders": [{"id": "A-1", "amount": 100}, {"id": "A-2", "amount": 200}, {"id": "A-3", "amount": 300}]})"},
    {"context", R"({subtotal: a * b, vat: subtotal * 0.25, total: subtotal + vat}.total)", R"({"a": 12, "b": 30})"},
    {"path", "customer.address.city = city", R"({"city": "Odense", "customer": {"name": "Ane", "address": {"street": "Nygade 1", "city": "Odense"}}})"},
    {"sum", "sum([a, b, c]) / count([a, b, c])", R"({"a": 12, "b": 30, "c": 8})"},
    {"some", "some x in xs satisfies x > limit", R"({"limit": 4, "xs": [1, 2, 3, 4, 5]})"},
    {"between", "a between 10 and 20 and b in [20..40]", R"({"a": 12, "b": 30})"},
    {"string_builtins", R"(starts with(name, "Kom") and contains(upper case(name), "KØBENHAVN"))", R"({"name": "Kommune København, Borgerservice"})"},
    {"concatenation", R"("Kære " + name + ", din sag " + number + " er afgjort")", R"({"name": "Kommune København", "number": "2026-00017"})"},
    {"date", R"(date("2026-03-01") + duration("P1M") > date("2026-03-31"))", "{}"},
    {"division", "a / b", R"({"a": 10, "b": 3})"},
};

struct Prepared {
  feel::Expression expression;
  std::vector<feel::Value> values;
};

Prepared prepare(const Case& c) {
  const feel::Value inputs = feel::from_json(*base::parse_json(c.inputs));
  feel::CompileOptions options;
  for (const auto& [key, value] : inputs.as_context()) options.names.push_back({std::string(key), nullptr});
  auto compiled = feel::compile(c.text, options);
  if (!compiled) {
    bench::fail(compiled.error().text());
    return {};
  }
  Prepared out{std::move(*compiled), {}};
  for (const std::string& name : out.expression.inputs()) {
    const feel::Value* found = inputs.as_context().find(name);
    out.values.push_back(found != nullptr ? *found : feel::Value());
  }
  return out;
}

// Best of many short rounds: what the machine does when nobody disturbs it.
template <class F>
double best_ns(F&& work, int per_round) {
  double best = 1e18;
  for (int round = 0; round < 200; ++round) {
    const double start = bench::seconds();
    for (int i = 0; i < per_round; ++i) work();
    best = std::min(best, (bench::seconds() - start) / per_round * 1e9);
  }
  return best;
}

template <class F>
double allocations_of(F&& work) {
  const std::uint64_t before = bench::allocations();
  work();
  return static_cast<double>(bench::allocations() - before);
}

// ns of feelin's parse and evaluation by case; empty where feelin or node is not installed.
base::Json feelin() {
  if (!std::filesystem::exists("web/node_modules/feelin")) {
    std::fprintf(stderr, "bench: web/node_modules has no feelin (npm ci in web/): no peer figures\n");
    return base::Json::object();
  }
  base::Json cases = base::Json::array();
  for (const Case& c : kCases) {
    base::Json one = base::Json::object();
    one.set("name", c.name);
    one.set("text", c.text);
    one.set("inputs", *base::parse_json(c.inputs));
    cases.as_array().push_back(std::move(one));
  }
  char path[] = "/tmp/feelin-cases-XXXXXX";
  const int file = ::mkstemp(path);
  if (file < 0) return base::Json::object();
  const std::string text = cases.dump();
  std::FILE* out = ::fdopen(file, "w");
  std::fwrite(text.data(), 1, text.size(), out);
  std::fclose(out);
  std::string answer;
  if (std::FILE* node = ::popen(("node benchmarks/feelin_peer.mjs " + std::string(path)).c_str(), "r")) {
    char buffer[4096];
    while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, node)) answer.append(buffer, n);
    ::pclose(node);
  }
  std::filesystem::remove(path);
  const auto parsed = base::parse_json(answer);
  if (!parsed || !parsed->is_object()) {
    std::fprintf(stderr, "bench: benchmarks/feelin_peer.mjs gave no figures\n");
    return base::Json::object();
  }
  return *parsed;
}

void evaluations(const base::Json& peer) {
  const feel::Environment environment{.now = 1'782'900'000'000};
  for (const Case& c : kCases) {
    const Prepared p = prepare(c);
    if (!p.expression) continue;
    const std::string name = std::string("feel_") + c.name;
    feel::Value result;
    const double ns = best_ns([&] { result = p.expression.evaluate(p.values, environment); }, 500);
    if (result.is_null()) bench::fail(name + " gives null: " + result.reason());
    bench::emit(name, ns, "ns");
    bench::emit(name + "_allocations", allocations_of([&] { result = p.expression.evaluate(p.values, environment); }), "allocations");
    if (const base::Json& theirs = peer[c.name]; theirs["ns"].is_number()) {
      const double other = std::strtod(theirs["ns"].number_text().c_str(), nullptr);
      bench::emit(name + "_feelin_parse_evaluate", other, "ns");
      bench::emit(name + "_times_feelin", other / ns, "x");
      const std::string ours = feel::to_json(result).dump();
      if (theirs["result"].dump() != ours) std::fprintf(stderr, "bench: %s: feelin gives %s, we give %s\n", name.c_str(), theirs["result"].dump().c_str(), ours.c_str());
    }
  }
}

void compilations() {
  double all = 0;
  for (const Case& c : kCases) {
    const feel::Value inputs = feel::from_json(*base::parse_json(c.inputs));
    feel::CompileOptions options;
    for (const auto& [key, value] : inputs.as_context()) options.names.push_back({std::string(key), nullptr});
    const double ns = best_ns([&] { (void)feel::compile(c.text, options); }, 20);
    bench::emit(std::string("feel_compile_") + c.name, ns, "ns");
    all += ns;
  }
  bench::emit("feel_parse_compile_rate", 1e9 * std::size(kCases) / all, "expressions/s");
  const feel::CompileOptions options{.names = {{"income"}, {"age"}, {"region"}, {"status"}}};
  for (const auto& [name, cell] : {std::pair("string", "\"A\""), {"dash", "-"}, {"comparison", "< 5000"}, {"range", "[1..5]"}, {"list", "\"A\", \"B\", \"C\""}, {"expression", "? > income / 2"}}) {
    bench::emit(std::string("feel_compile_cell_") + name, best_ns([&] { (void)feel::compile_unary_tests(cell, options); }, 50), "ns");
  }
}

}  // namespace

BENCH(feel, "FEEL expressions: evaluation, allocations, compilation; beside npm feelin where it is installed") {
  evaluations(feelin());
  compilations();
}
