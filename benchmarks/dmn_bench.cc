// Decisions: models written here as XML, read, compiled, prepared, and asked with values made beforehand. Nothing is remembered from one question to the
// next; results are read. Times are the best of many short rounds; allocations are counted after the first round.
#include <algorithm>
#include <functional>
#include <random>

#include "bench.h"
#include "counting.h"
#include "dmn/dmn.h"

namespace {

using feel::Value;

constexpr std::size_t kQuestions = 10'000;
constexpr std::uint32_t kSeed = 20261122;

struct Model {
  std::string xml = R"(<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="bench" namespace="http://bench">)";

  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return out;
  }
  static std::string literal(std::string_view text) { return "<literalExpression><text>" + escaped(text) + "</text></literalExpression>"; }
  static std::string type_of(std::string_view type) { return type.empty() ? "" : " typeRef=\"" + std::string(type) + "\""; }
  void type(const std::string& name, const std::vector<std::pair<std::string, std::string>>& fields) {
    xml += "<itemDefinition name=\"" + name + "\">";
    for (const auto& [field, of] : fields) xml += "<itemComponent name=\"" + field + "\"><typeRef>" + of + "</typeRef></itemComponent>";
    xml += "</itemDefinition>";
  }
  void input(const std::string& name, const std::string& type = {}) {
    xml += "<inputData id=\"i_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"" + type_of(type) + "/></inputData>";
  }
  // `needs`: "i_x" input data, "d_x" decisions, "k_x" knowledge models.
  void decision(const std::string& name, const std::vector<std::string>& needs, const std::string& logic, const std::string& type = {}) {
    xml += "<decision id=\"d_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"" + type_of(type) + "/>";
    for (const std::string& need : needs) {
      const char* const kind = need[0] == 'k' ? "knowledge" : "information";
      const char* const what = need[0] == 'k' ? "requiredKnowledge" : need[0] == 'd' ? "requiredDecision" : "requiredInput";
      xml += std::string("<") + kind + "Requirement><" + what + " href=\"#" + need + "\"/></" + kind + "Requirement>";
    }
    xml += logic + "</decision>";
  }
  void knowledge(const std::string& name, const std::vector<std::string>& parameters, const std::string& body) {
    xml += "<businessKnowledgeModel id=\"k_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"/><encapsulatedLogic>";
    for (const std::string& parameter : parameters) xml += "<formalParameter name=\"" + parameter + "\" typeRef=\"number\"/>";
    xml += body + "</encapsulatedLogic></businessKnowledgeModel>";
  }
  static std::string table(const std::string& policy, const std::vector<std::pair<std::string, std::string>>& inputs, const std::vector<std::pair<std::string, std::string>>& outputs,
                           const std::vector<std::vector<std::string>>& rules) {
    std::string out = "<decisionTable hitPolicy=\"" + policy + "\">";
    for (const auto& [text, type] : inputs) out += "<input><inputExpression" + type_of(type) + "><text>" + escaped(text) + "</text></inputExpression></input>";
    for (const auto& [name, type] : outputs) out += "<output name=\"" + name + "\"" + type_of(type) + "/>";
    for (const auto& rule : rules) {
      out += "<rule>";
      for (std::size_t i = 0; i < rule.size(); ++i) {
        const char* const kind = i < inputs.size() ? "inputEntry" : "outputEntry";
        out += std::string("<") + kind + "><text>" + escaped(rule[i]) + "</text></" + kind + ">";
      }
      out += "</rule>";
    }
    return out + "</decisionTable>";
  }
  static std::string context(const std::vector<std::pair<std::string, std::string>>& entries) {  // "" = result
    std::string out = "<context>";
    for (const auto& [name, logic] : entries) out += "<contextEntry>" + (name.empty() ? "" : "<variable name=\"" + name + "\"/>") + logic + "</contextEntry>";
    return out + "</context>";
  }
};

// XML text → program; `seconds`: the best of a few times.
std::shared_ptr<const dmn::Program> compiled(const Model& model, double* seconds = nullptr) {
  const std::string xml = model.xml + "</definitions>";
  std::shared_ptr<const dmn::Program> out;
  for (int round = 0; round < (seconds != nullptr ? 5 : 1); ++round) {
    const double begin = bench::seconds();
    auto read = dmn::read(xml, "bench.dmn");
    if (!read) return bench::fail(read.error().text()), nullptr;
    auto program = dmn::compile({*read});
    if (!program) return bench::fail(program.error().text()), nullptr;
    if (seconds != nullptr) *seconds = round == 0 ? bench::seconds() - begin : std::min(*seconds, bench::seconds() - begin);
    out = *program;
  }
  return out;
}

// What an answer says, so that it is read.
std::uint64_t read(const Value& value) {
  switch (value.kind()) {
    case feel::Kind::null: return 1;
    case feel::Kind::boolean: return value.as_boolean() ? 2 : 3;
    case feel::Kind::number: return value.is_fast_number() ? static_cast<std::uint64_t>(value.coefficient() + value.exponent()) : 5;
    case feel::Kind::string: return value.as_string().size() + static_cast<unsigned char>(value.as_string().empty() ? 0 : value.as_string().front());
    case feel::Kind::list: {
      std::uint64_t sum = 7;
      for (const Value& item : value.as_list()) sum += read(item);
      return sum;
    }
    case feel::Kind::context: {
      std::uint64_t sum = 11;
      for (const auto& [key, item] : value.as_context()) sum += key.size() + read(item);
      return sum;
    }
    default: return 13;
  }
}

using Questions = std::vector<std::vector<Value>>;  // one value for each of the evaluator's inputs

// Nanoseconds and heap allocations of one evaluation. Each short block of questions counts with its best time of all rounds: somebody else's turn on this
// core does not.
void measure(const std::string& name, const dmn::Program& program, const std::string& decision, const Questions& questions, std::size_t rounds = 40) {
  constexpr std::size_t kBlock = 250;
  auto prepared = program.prepare(decision);
  if (!prepared) return bench::fail(prepared.error().text());
  dmn::Evaluator& evaluator = **prepared;
  const feel::Environment environment;
  std::uint64_t sum = 0, first_sum = 0, allocations = 0;
  std::size_t nulls = 0, failed = 0;
  std::vector<double> best((questions.size() + kBlock - 1) / kBlock, 1e9);
  for (std::size_t round = 0; round < rounds; ++round) {
    sum = 0;
    const std::uint64_t before = bench::allocations();
    for (std::size_t block = 0; block < best.size(); ++block) {
      const std::size_t end = std::min((block + 1) * kBlock, questions.size());
      const double begin = bench::seconds();
      for (std::size_t i = block * kBlock; i < end; ++i) sum += read(evaluator.evaluate(questions[i], environment));
      best[block] = std::min(best[block], bench::seconds() - begin);
    }
    allocations = bench::allocations() - before;
    if (round == 0) first_sum = sum;
  }
  double total = 0;
  for (const double seconds : best) total += seconds;
  if (sum != first_sum) bench::fail(name + ": the same questions got other answers");
  for (const auto& question : questions) {
    nulls += evaluator.evaluate(question, environment).is_null();
    failed += evaluator.failed();
  }
  bench::emit(name + "_ns", total / static_cast<double>(questions.size()) * 1e9, "ns/evaluation");
  bench::emit(name + "_allocations", static_cast<double>(allocations) / static_cast<double>(questions.size()), "heap allocations/evaluation");
  if (allocations > 0) bench::fail(name + ": an evaluation takes from the heap");
  if (nulls > 0) bench::emit(name + "_nulls", static_cast<double>(nulls) / static_cast<double>(questions.size()), "share");
  if (failed > 0) bench::emit(name + "_failed", static_cast<double>(failed) / static_cast<double>(questions.size()), "share");
}

struct Random {
  std::mt19937 engine{kSeed};
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
};

// Contexts as a program makes them: one shape, many values.
struct Maker {
  feel::Shape shape;
  explicit Maker(const std::vector<std::string>& keys) : shape(keys) {}
  Value operator()(std::vector<Value> values) const { return Value::context(shape, values); }
};

// ---- traffic fine ---------------------------------------------------------------------------------------------

void traffic() {
  Model model;
  model.type("tDriver", {{"Age", "number"}, {"Points", "number"}});
  model.type("tOffence", {{"Kind", "string"}, {"Speed", "number"}, {"Limit", "number"}});
  model.type("tFine", {{"Amount", "number"}, {"Points", "number"}});
  model.input("Driver", "tDriver");
  model.input("Offence", "tOffence");
  model.decision("Fine", {"i_Offence"},
                 Model::table("UNIQUE", {{"Offence.Kind", "string"}, {"Offence.Speed - Offence.Limit", "number"}}, {{"Amount", "number"}, {"Points", "number"}},
                              {{"\"speed\"", "[10..30)", "500", "3"}, {"\"speed\"", ">= 30", "1000", "7"}, {"\"parking\"", "-", "100", "1"}, {"\"alcohol\"", "-", "1000", "5"}}),
                 "tFine");
  model.decision("Verdict", {"i_Driver", "d_Fine"},
                 Model::context({{"Total", Model::literal("Driver.Points + Fine.Points")}, {"Suspended", Model::literal("if Total >= 20 then \"yes\" else \"no\"")}}));
  const auto program = compiled(model);
  if (!program) return;
  Random random;
  const char* const kinds[] = {"speed", "speed", "parking", "alcohol"};
  Questions questions;
  const Maker make_driver({"Age", "Points"}), make_offence({"Kind", "Speed", "Limit"});
  auto prepared = program->prepare("Verdict");
  for (std::size_t i = 0; i < kQuestions; ++i) {
    const Value driver = make_driver({Value::number(18 + random.below(60)), Value::number(random.below(20))});
    const Value offence = make_offence({Value::string(kinds[random.below(4)]), Value::number(60 + random.below(120)), Value::number(50)});
    std::vector<Value> question;
    for (const std::string& name : (*prepared)->inputs()) question.push_back(name == "Driver" ? driver : offence);
    questions.push_back(std::move(question));
  }
  measure("dmn_traffic_fine", *program, "Verdict", questions, 200);
  measure("dmn_traffic_fine_table_alone", *program, "Fine", [&] {
    Questions only;
    for (const auto& question : questions) only.push_back({question[(*prepared)->inputs()[0] == "Offence" ? 0 : 1]});
    return only;
  }(), 200);
}

// ---- credit: knowledge models and contexts --------------------------------------------------------------------

void credit() {
  Model model;
  model.type("tApplicant", {{"Age", "number"}, {"Income", "number"}, {"Expenses", "number"}, {"Status", "string"}});
  model.type("tLoan", {{"Amount", "number"}, {"Rate", "number"}, {"Months", "number"}});
  model.input("Applicant", "tApplicant");
  model.input("Loan", "tLoan");
  model.knowledge("Instalment", {"p", "r", "n"}, Model::literal("(p * r / 12) / (1 - (1 + r / 12) ** -n)"));
  model.knowledge("Affordable", {"income", "expenses", "instalment"},
                  Model::context({{"free", Model::literal("income - expenses - instalment")}, {"share", Model::literal("instalment / income")},
                                  {"", Model::literal("if free > 5000 and share < 0.35 then true else false")}}));
  model.decision("Score", {"i_Applicant"},
                 Model::table("COLLECT\" aggregation=\"SUM", {{"Applicant.Age", "number"}, {"Applicant.Status", "string"}, {"Applicant.Income", "number"}}, {{"score", "number"}},
                              {{"< 25", "-", "-", "10"}, {"[25..60]", "-", "-", "40"}, {"> 60", "-", "-", "25"}, {"-", "\"owner\"", "-", "30"}, {"-", "\"tenant\"", "-", "10"},
                               {"-", "-", "< 20000", "5"}, {"-", "-", "[20000..40000)", "20"}, {"-", "-", ">= 40000", "45"}}),
                 "number");
  model.decision("Monthly", {"i_Loan", "k_Instalment"}, Model::literal("Instalment(Loan.Amount, Loan.Rate, Loan.Months)"), "number");
  model.decision("Answer", {"i_Applicant", "d_Score", "d_Monthly", "k_Affordable"},
                 Model::context({{"affordable", Model::literal("Affordable(Applicant.Income, Applicant.Expenses, Monthly)")}, {"grade", Model::literal("if Score > 90 then \"A\" else if Score > 60 then \"B\" else \"C\"")},
                                 {"granted", Model::literal("affordable and grade != \"C\"")}}));
  const auto program = compiled(model);
  if (!program) return;
  Random random;
  const char* const kinds[] = {"owner", "tenant", "lodger"};
  const Maker make_applicant({"Age", "Income", "Expenses", "Status"}), make_loan({"Amount", "Rate", "Months"});
  auto prepared = program->prepare("Answer");
  Questions questions;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    const Value applicant = make_applicant({Value::number(18 + random.below(60)), Value::number(15'000 + random.below(50'000)),
                                            Value::number(5'000 + random.below(20'000)), Value::string(kinds[random.below(3)])});
    const Value loan = make_loan({Value::number(50'000 + random.below(900'000)), Value::number(*base::Decimal::parse("0.0" + std::to_string(2 + random.below(7)))),
                                  Value::number(12 * (1 + random.below(20)))});
    std::vector<Value> question;
    for (const std::string& name : (*prepared)->inputs()) question.push_back(name == "Applicant" ? applicant : loan);
    questions.push_back(std::move(question));
  }
  measure("dmn_credit", *program, "Answer", questions);
}

// ---- tables of many rules -------------------------------------------------------------------------------------

void one_column(std::size_t rules) {
  Model model;
  model.input("Code", "string");
  std::vector<std::vector<std::string>> rows;
  for (std::size_t r = 0; r < rules; ++r) rows.push_back({"\"K" + std::to_string(r) + "\"", std::to_string(r % 97)});
  model.decision("Group", {"i_Code"}, Model::table("UNIQUE", {{"Code", "string"}}, {{"group", "number"}}, rows), "number");
  double seconds = 0;
  const auto program = compiled(model, rules == 10'000 ? &seconds : nullptr);
  if (!program) return;
  Random random;
  Questions questions;
  for (std::size_t i = 0; i < kQuestions; ++i) questions.push_back({Value::string("K" + std::to_string(random.below(static_cast<std::int64_t>(rules))))});
  measure("dmn_equality_" + std::to_string(rules) + "_rules", *program, "Group", questions);
  if (rules == 10'000) bench::emit("dmn_equality_10000_rules_compile", seconds * 1e3, "ms");
}

// Two equality and two range columns, 30 % dashes. Under UNIQUE the first range column is cut without overlap, so that no two rules match; the dashes are
// then in the three others.
void four_columns(std::size_t rules, const std::string& policy) {
  Random random;
  Model model;
  for (const char* name : {"Kind", "Area"}) model.input(name, "string");
  for (const char* name : {"Amount", "Age"}) model.input(name, "number");
  const auto count = static_cast<std::int64_t>(rules);
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t r = 0; r < count; ++r) {
    const auto or_dash = [&](std::string text) { return random.chance(policy == "UNIQUE" ? 40 : 30) ? std::string("-") : text; };
    const std::int64_t low = policy == "UNIQUE" ? r * 10 : random.below(count * 10), age = random.below(80);
    const std::string amount = "[" + std::to_string(low) + ".." + std::to_string(low + (policy == "UNIQUE" ? 10 : 500)) + ")";
    rows.push_back({or_dash("\"kind " + std::to_string(random.below(50)) + "\""), or_dash("\"area " + std::to_string(random.below(20)) + "\""),
                    policy == "UNIQUE" ? amount : or_dash(amount), or_dash("[" + std::to_string(age) + ".." + std::to_string(age + 20) + "]"), std::to_string(r % 1'000)});
  }
  model.decision("Rate", {"i_Kind", "i_Area", "i_Amount", "i_Age"},
                 Model::table(policy, {{"Kind", "string"}, {"Area", "string"}, {"Amount", "number"}, {"Age", "number"}}, {{"rate", "number"}}, rows));
  double seconds = 0;
  const auto program = compiled(model, rules == 10'000 ? &seconds : nullptr);
  if (!program) return;
  auto prepared = program->prepare("Rate");
  Questions questions;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    std::vector<Value> question;
    for (const std::string& name : (*prepared)->inputs()) {
      question.push_back(name == "Kind"     ? Value::string("kind " + std::to_string(random.below(50)))
                         : name == "Area"   ? Value::string("area " + std::to_string(random.below(20)))
                         : name == "Amount" ? Value::number(random.below(count * 10))
                                            : Value::number(random.below(100)));
    }
    questions.push_back(std::move(question));
  }
  std::string name = policy;
  for (char& c : name) c = static_cast<char>(c | 0x20);
  name = "dmn_four_columns_" + name + "_" + std::to_string(rules) + "_rules";
  measure(name, *program, "Rate", questions);
  if (rules == 10'000) bench::emit(name + "_compile", seconds * 1e3, "ms");
}

// ---- large models ---------------------------------------------------------------------------------------------

void chain(std::size_t count) {
  Model model;
  model.input("Start", "number");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string before = i == 0 ? "Start" : "D" + std::to_string(i - 1);
    model.decision("D" + std::to_string(i), {(i == 0 ? "i_" : "d_") + before}, Model::literal(before + " + 1"), "number");
  }
  double seconds = 0;
  const auto program = compiled(model, &seconds);
  if (!program) return;
  Questions questions;
  for (std::int64_t i = 0; i < 100; ++i) questions.push_back({Value::number(i)});
  measure("dmn_chain_" + std::to_string(count), *program, "D" + std::to_string(count - 1), questions);
  bench::emit("dmn_chain_" + std::to_string(count) + "_compile", seconds * 1e3, "ms");
}

void knowledge(std::size_t count) {
  Model model;
  model.input("Start", "number");
  std::vector<std::string> needs{"i_Start"};
  std::string sum;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "F" + std::to_string(i);
    model.knowledge(name, {"x"}, Model::literal("x * " + std::to_string(i % 7 + 1) + " + 1"));
    if (i % 10 == 0) sum += (sum.empty() ? "" : " + ") + name + "(Start)";
    needs.push_back("k_" + name);
  }
  model.decision("Sum", needs, Model::literal(sum), "number");
  double seconds = 0;
  const auto program = compiled(model, &seconds);
  if (!program) return;
  Questions questions;
  for (std::int64_t i = 0; i < 100; ++i) questions.push_back({Value::number(i)});
  measure("dmn_knowledge_" + std::to_string(count) + "_models_100_calls", *program, "Sum", questions);
  bench::emit("dmn_knowledge_" + std::to_string(count) + "_compile", seconds * 1e3, "ms");
}

}  // namespace

BENCH(dmn_traffic, "a traffic fine: a table of 4 rules, then a context") { traffic(); }
BENCH(dmn_credit, "a credit model with knowledge models and contexts") { credit(); }
BENCH(dmn_equality, "tables of 10 to 10,000 rules with one equality column") {
  for (const std::size_t rules : {10, 100, 1'000, 10'000}) one_column(rules);
}
BENCH(dmn_unique, "tables of 10 to 10,000 rules with four columns, UNIQUE") {
  for (const std::size_t rules : {10, 100, 1'000, 10'000}) four_columns(rules, "UNIQUE");
}
BENCH(dmn_first, "the same, FIRST") {
  for (const std::size_t rules : {10, 100, 1'000, 10'000}) four_columns(rules, "FIRST");
}
BENCH(dmn_collect, "the same, COLLECT") {
  for (const std::size_t rules : {10, 100, 1'000, 10'000}) four_columns(rules, "COLLECT");
}
BENCH(dmn_models, "1,000 chained decisions; 1,000 knowledge models") {
  chain(1'000);
  knowledge(1'000);
}
