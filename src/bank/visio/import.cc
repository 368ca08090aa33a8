#include "bank/visio/import.h"

#include <algorithm>

#include "bank/visio/build.h"
#include "bank/visio/drawing.h"
#include "bank/visio/plan.h"

namespace bank::visio {
namespace {

using base::ErrorCode;
using base::Json;

void add_once(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& one : from)
    if (std::ranges::find(to, one) == to.end() && to.size() < 1'000) to.push_back(one);
}

Verdict verdict(double confidence) { return confidence >= kSure ? Verdict::taken : Verdict::guessed; }

// A row about a shape of the page; -1: about none.
Row row_of(const PagePlan& plan, int shape) {
  Row row;
  row.page = plan.number;
  if (shape < 0) return row;
  const Shape& s = plan.page->shapes[static_cast<std::size_t>(shape)];
  row.shape = s.id;
  row.master = s.master;
  return row;
}

void element_rows(const PagePlan& plan, Report& out) {
  for (const Element& e : plan.elements) {
    if (e.gone) continue;
    Row row = row_of(plan, e.shape);
    row.type = xml_name(e.kind);
    row.element = e.id;
    row.name = e.name;
    row.confidence = e.confidence;
    row.verdict = verdict(e.confidence);
    row.reason = info(e.reason).code;
    out.rows.push_back(std::move(row));
    add_once(out.kla, e.kla);
    add_once(out.law, e.law);
  }
}

void connection_rows(const PagePlan& plan, Report& out) {
  for (const Connection& c : plan.connections) {
    Row row = row_of(plan, c.shape);
    row.verdict = verdict(c.confidence);
    row.type = xml_name(c.kind);
    row.element = c.id;
    row.name = c.name;
    row.confidence = c.confidence;
    row.reason = info(c.reason).code;
    row.from = plan.elements[static_cast<std::size_t>(c.source)].id;
    row.to = plan.elements[static_cast<std::size_t>(c.target)].id;
    out.rows.push_back(std::move(row));
  }
}

void aside_rows(const PagePlan& plan, Report& out) {
  for (const Aside& a : plan.asides) {
    const ReasonInfo& why = info(a.reason);
    Row row = row_of(plan, a.shape);
    row.type = name(a.kind);
    row.name = plan.page->shapes[static_cast<std::size_t>(a.shape)].text;
    row.confidence = why.confidence;
    row.reason = why.code;
    row.verdict = why.confidence <= 0 ? Verdict::refused : a.reason == Reason::part || a.reason == Reason::structure ? Verdict::part : verdict(why.confidence);
    if (a.of >= 0) row.element = plan.elements[static_cast<std::size_t>(a.of)].id;
    out.rows.push_back(std::move(row));
  }
}

std::string title_of(const std::string& file) {
  const std::string last = file.substr(file.find_last_of("/\\") + 1);
  return last.substr(0, last.rfind('.'));
}

}  // namespace

std::string_view name(Verdict verdict) {
  static constexpr std::string_view kNames[] = {"taken", "guessed", "refused", "part"};
  return kNames[static_cast<std::size_t>(verdict)];
}

ReasonText reason_text(std::string_view code) {
  static constexpr ReasonInfo kAll[] = {
#define REASON(code, confidence, english, danish) {#code, confidence, english, danish},
#include "bank/visio/reasons.def"
#undef REASON
  };
  const auto* found = std::ranges::find(kAll, code, &ReasonInfo::code);
  return found == std::end(kAll) ? ReasonText{} : ReasonText{found->english, found->danish};
}

std::size_t Report::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(rows, verdict, &Row::verdict));
}

base::Result<Imported> import_drawing(std::string_view bytes, const std::string& file) {
  auto read = read_drawing(bytes);
  if (!read) {
    read.error().where.file = file + (read.error().where.file.empty() ? "" : "!" + read.error().where.file);
    return std::unexpected(read.error());
  }
  Imported out = import_plan(*read, file);
  if (out.bpmn.empty()) return out;
  // Nothing leaves this room that our own reader would refuse.
  if (auto again = bpmn::read(out.bpmn, file); !again) return base::fail(again.error().code, "the diagram made of the drawing does not read: " + again.error().message, {.file = file});
  return out;
}

Imported import_plan(const Drawing& drawing, const std::string& file) {
  Imported out;
  out.report.file = file;
  out.report.format = drawing.format;
  out.report.notes = drawing.notes;
  if (std::ranges::all_of(drawing.pages, [](const Page& page) { return page.shapes.empty(); })) out.report.notes.push_back(drawing.format == "vsd" ? "nothing drawn was found; if the drawing shows something in Visio, save it there as .vsdx" : "nothing is drawn in it");
  std::vector<PagePlan> plans;
  for (std::size_t i = 0; i < drawing.pages.size(); ++i) {
    const Page& page = drawing.pages[i];
    plans.push_back(plan_page(page, static_cast<int>(i) + 1, drawing.format == "vsd"));
    const PagePlan& plan = plans.back();
    PageReport p{plan.number, page.name, page.background, has_content(plan), 0, plan.connections.size()};
    p.elements = static_cast<std::size_t>(std::ranges::count(plan.elements, false, &Element::gone));
    if (!p.imported && !page.background && !page.shapes.empty()) out.report.notes.push_back("page " + std::to_string(p.number) + " '" + p.name + "' holds no step: no diagram of it");
    out.report.pages.push_back(std::move(p));
    element_rows(plan, out.report);
    connection_rows(plan, out.report);
    aside_rows(plan, out.report);
  }
  if (std::ranges::any_of(plans, has_content)) out.bpmn = build_bpmn(plans, title_of(file));
  return out;
}

Json Report::json() const {
  Json out = Json::object();
  out.set("file", file);
  out.set("format", format);
  Json counts = Json::object();
  for (const Verdict v : {Verdict::taken, Verdict::guessed, Verdict::refused, Verdict::part}) counts.set(visio::name(v), static_cast<std::uint64_t>(count(v)));
  out.set("counts", std::move(counts));
  Json list = Json::array();
  for (const PageReport& p : pages) {
    Json page = Json::object();
    page.set("number", p.number);
    page.set("name", p.name);
    page.set("background", p.background);
    page.set("imported", p.imported);
    page.set("elements", static_cast<std::uint64_t>(p.elements));
    page.set("connections", static_cast<std::uint64_t>(p.flows));
    list.push(std::move(page));
  }
  out.set("pages", std::move(list));
  Json shapes = Json::array();
  Json reasons = Json::object();  // the words of the codes below
  for (const Row& r : rows) {
    Json row = Json::object();
    row.set("page", r.page);
    row.set("shape", r.shape);
    if (!r.master.empty()) row.set("master", r.master);
    row.set("verdict", visio::name(r.verdict));
    row.set("type", r.type);
    if (!r.element.empty()) row.set("element", r.element);
    if (!r.name.empty()) row.set("name", r.name);
    if (!r.from.empty()) row.set("from", r.from);
    if (!r.to.empty()) row.set("to", r.to);
    row.set("confidence", Json(static_cast<double>(static_cast<int>(r.confidence * 100 + 0.5)) / 100));
    row.set("reason", r.reason);
    if (const ReasonText words = reason_text(r.reason); !reasons.has(r.reason) && !words.english.empty()) {
      Json both = Json::object();
      both.set("en", words.english);
      both.set("da", words.danish);
      reasons.set(r.reason, std::move(both));
    }
    shapes.push(std::move(row));
  }
  out.set("shapes", std::move(shapes));
  out.set("reasons", std::move(reasons));
  const auto texts = [&](const char* key, const std::vector<std::string>& from) {
    Json array = Json::array();
    for (const std::string& one : from) array.push(one);
    out.set(key, std::move(array));
  };
  texts("notes", notes);
  texts("kla", kla);
  texts("law", law);
  return out;
}

}  // namespace bank::visio
