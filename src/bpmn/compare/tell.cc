#include "bpmn/compare/tell.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace bpmn::comparing {
namespace {

struct Name { std::string_view key, da, en; };
constexpr Name kDetails[] = {
  {"label", "navn", "name"}, {"type", "type", "type"}, {"lane", "bane", "lane"}, {"attachedTo", "hører til", "attached to"}, {"inside", "ligger i", "lies in"}, {"timer", "tidsfrist", "time"},
  {"condition", "betingelse", "condition"}, {"message", "besked", "message"}, {"event", "hændelse", "event"}, {"interrupting", "afbryder", "interrupts"}, {"calls", "åbner", "opens"}, {"law", "lovhenvisning", "law reference"},
  {"covers", "dækker", "covers"}, {"deadline", "frist", "deadline"}, {"documentation", "beskrivelse", "description"}, {"loop", "gentagelse", "repetition"}, {"group", "gruppe", "group"},
  {"assignee", "ansvarlig", "assignee"}, {"users", "brugere", "users"}, {"due", "forfald", "due date"}, {"form", "formular", "form"}, {"decision", "beslutning", "decision"}, {"job", "job", "job"},
  {"retries", "forsøg", "retries"}, {"script", "script", "script"}, {"headers", "indstillinger", "settings"}, {"input", "data ind", "data in"}, {"output", "data ud", "data out"}, {"answer", "svar", "answer"}};
constexpr Name kTypes[] = {
  {"task", "opgave", "task"}, {"userTask", "brugeropgave", "user task"}, {"manualTask", "manuel opgave", "manual task"}, {"serviceTask", "systemopgave", "service task"}, {"scriptTask", "script", "script"},
  {"businessRuleTask", "regel", "business rule"}, {"sendTask", "udsendelse", "send task"}, {"receiveTask", "modtagelse", "receive task"}, {"callActivity", "kald af en arbejdsgang", "call of a workflow"},
  {"subProcess", "delproces", "sub-process"}, {"eventSubProcess", "hændelsesdelproces", "event sub-process"}, {"transaction", "transaktion", "transaction"}, {"adHocSubProcess", "ad hoc-delproces", "ad hoc sub-process"},
  {"startEvent", "start", "start"}, {"endEvent", "afslutning", "end"}, {"intermediateCatchEvent", "ventende hændelse", "catching event"}, {"intermediateThrowEvent", "udsendt hændelse", "throwing event"},
  {"boundaryEvent", "hændelse på et trin", "boundary event"}, {"exclusiveGateway", "valg", "choice"}, {"inclusiveGateway", "flervalg", "inclusive choice"}, {"parallelGateway", "parallelle veje", "parallel ways"},
  {"eventBasedGateway", "venten på det første", "wait for the first"}, {"complexGateway", "komplekst valg", "complex choice"}};
constexpr Name kTriggers[] = {{"message", "besked", "message"}, {"timer", "tid", "timer"}, {"error", "fejl", "error"}, {"escalation", "eskalering", "escalation"}, {"signal", "signal", "signal"}, {"conditional", "betingelse", "condition"},
                              {"compensation", "fortrydelse", "compensation"}, {"cancel", "annullering", "cancel"}, {"link", "henvisning", "link"}, {"terminate", "stop for alt", "terminate"}, {"multiple", "flere slags", "multiple"}};

template <std::size_t N>
std::string said(const Name (&names)[N], std::string_view key, bool danish) {
  for (const Name& n : names)
    if (n.key == key) return std::string(danish ? n.da : n.en);
  return std::string(key);
}

std::string quoted(std::string_view text) { return "«" + std::string(text) + "»"; }

std::string list(const std::vector<std::string>& items, bool danish) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) out += (i == 0 ? "" : i + 1 == items.size() ? (danish ? " og " : " and ") : ", ") + items[i];
  return out;
}

// "P14D" → "14 dage"; what is more than one number and unit stays as it is.
std::string duration(const std::string& text, bool da) {
  struct Unit { std::string_view letter, one_da, many_da, one_en, many_en; };
  static constexpr Unit kDays[] = {{"D", "dag", "dage", "day", "days"}, {"W", "uge", "uger", "week", "weeks"}, {"M", "måned", "måneder", "month", "months"}, {"Y", "år", "år", "year", "years"}};
  static constexpr Unit kTimes[] = {{"H", "time", "timer", "hour", "hours"}, {"M", "minut", "minutter", "minute", "minutes"}};
  const bool time = text.starts_with("PT");
  const std::string rest = text.starts_with("P") ? text.substr(time ? 2 : 1) : std::string();
  if (rest.size() < 2 || rest.find_first_not_of("0123456789") != rest.size() - 1) return text;
  for (const Unit& u : time ? std::span<const Unit>(kTimes) : std::span<const Unit>(kDays))
    if (rest.back() == u.letter[0]) return rest.substr(0, rest.size() - 1) + " " + std::string(rest.size() == 2 && rest[0] == '1' ? (da ? u.one_da : u.one_en) : (da ? u.many_da : u.many_en));
  return text;
}

std::string clause(Detail d, bool da) {
  if (d.what == "timer" || d.what == "deadline") d.before = duration(d.before, da), d.after = duration(d.after, da);
  const bool added = d.before.empty(), removed = d.after.empty();
  if (d.what == "label") return removed ? (da ? "har mistet sit navn" : "lost its name") : (da ? "hedder nu " : "is now called ") + quoted(d.after);
  if (d.what == "type") return (da ? "er nu " : "is now ") + type_name(d.after, da) + (da ? " (før " : " (was ") + type_name(d.before, da) + ")";
  if (d.what == "lane") {
    if (removed) return da ? "har ingen bane mere (før " + d.before + ")" : "has no lane any more (was " + d.before + ")";
    return (da ? "ligger nu hos " : "is now done by ") + d.after + (added ? "" : (da ? " (før " : " (was ") + d.before + ")");
  }
  const auto was = [&] { return (da ? " (før " : " (was ") + d.before + ")"; };
  if (d.what == "calls" && !added && !removed) return (da ? "åbner nu " : "now opens ") + d.after + was();
  if (d.what == "attachedTo") return (da ? "hører nu til " : "now belongs to ") + quoted(d.after) + was();
  if (d.what == "inside") return removed ? (da ? "ligger ikke længere i " : "no longer lies in ") + quoted(d.before) : (da ? "ligger nu i " : "now lies in ") + quoted(d.after);
  if (d.what == "interrupting") return d.after == "yes" ? (da ? "afbryder nu trinnet" : "now interrupts the step") : (da ? "afbryder ikke længere trinnet" : "no longer interrupts the step");
  if (d.what == "documentation") return da ? (added ? "har fået en beskrivelse" : removed ? "har ingen beskrivelse mere" : "har fået en anden beskrivelse") : (added ? "has got a description" : removed ? "has no description any more" : "has another description");
  const std::string what = detail_name(d.what, da);
  if (added) return (da ? "har fået " : "has got the ") + what + ": " + d.after;
  if (removed) return (da ? "har ikke længere " : "no longer has the ") + what + was();
  return (da ? "har nu " : "now has the ") + what + ": " + d.after + was();
}

}  // namespace

std::string detail_name(std::string_view what, bool danish) {
  if (what.starts_with("property:")) return (danish ? "egenskaben " : "property ") + std::string(what.substr(9));
  return said(kDetails, what, danish);
}

std::string type_name(std::string_view type, bool danish) {
  const auto colon = type.find(':');
  std::string out = said(kTypes, type.substr(0, colon), danish);
  if (colon != std::string_view::npos) out += " (" + said(kTriggers, type.substr(colon + 1), danish) + ")";
  return out;
}

std::string named(const Graph& g, int node, bool danish) {
  const Node& n = g.node(node);
  if (!n.name.empty()) return quoted(n.name);
  std::string type(xml_name(n.type));
  if (!n.events.empty() && n.events[0].kind != EventKind::none) type += ":" + std::string(name(n.events[0].kind));
  const std::string kind = type_name(type, danish);
  return danish ? "(" + kind + " uden navn)" : "(" + kind + " without a name)";
}

Teller::Teller(const Graph& a, const Graph& b, const Matching& m) : a_(a), b_(b), m_(m) {}

std::string Teller::subject(const Node& n) {
  if (is_activity(n)) return "step";
  return is_gateway(n) ? "decision" : "event";
}

std::string Teller::who(const Graph& g, int node, bool) const {
  if (g.model.lanes.size() < 2 || !is_activity(g.node(node)) || g.lane_name(node).empty()) return {};
  return " (" + g.lane_name(node) + ")";
}

std::string Teller::place(const Graph& g, int node, bool danish) const {
  if (const int host = g.node(node).attached_to; host >= 0) return (danish ? " på " : " on ") + named(g, host, danish);
  std::vector<std::string> names;
  for (const int n : g.before(node))
    if (g.rank(n) < g.rank(node) && names.size() < 3) names.push_back(named(g, n, danish));
  return names.empty() ? std::string() : (danish ? " efter " : " after ") + list(names, danish);
}

namespace {
struct Kind { std::string_view fresh_da, fresh_en, gone_da, gone_en; };
Kind kind_of(const Node& n) {
  if (is_gateway(n)) {
    if (n.name.empty() && n.type == ElementType::parallel_gateway) return {"Nye parallelle veje", "New parallel ways", "De parallelle veje", "The parallel ways"};
    return {"Ny beslutning", "New decision", "Beslutningen", "The decision"};
  }
  if (is_activity(n)) return {"Nyt trin", "New step", "Trinnet", "The step"};
  if (family(n) == Family::start) return {"Ny start", "New start", "Starten", "The start"};
  if (family(n) == Family::end) return {"Ny afslutning", "New end", "Afslutningen", "The end"};
  return {"Ny hændelse", "New event", "Hændelsen", "The event"};
}
}  // namespace

Sentences Teller::fresh(int b) const {
  const Node& n = b_.node(b);
  const Kind k = kind_of(n);
  std::vector<std::string> answers;
  if (is_gateway(n) && n.outgoing.size() > 1)
    for (const int f : n.outgoing)
      if (const std::string& label = b_.model.flows[static_cast<std::size_t>(f)].name; !label.empty()) answers.push_back(quoted(label));
  const auto tell = [&](bool da) {
    std::string out = std::string(da ? k.fresh_da : k.fresh_en) + (n.name.empty() ? "" : ": " + named(b_, b, da)) + who(b_, b, da) + place(b_, b, da);
    if (n.type == ElementType::parallel_gateway && b_.after(b).size() > 1) {
      std::vector<std::string> names;
      for (const int next : b_.after(b)) names.push_back(named(b_, next, da));
      out += ": " + list(names, da) + (da ? " sker samtidig" : " happen at the same time");
    }
    if (!answers.empty()) out += (da ? " med svarene " : " with the answers ") + list(answers, da);
    return out + ".";
  };
  return {tell(true), tell(false)};
}

Sentences Teller::gone(int a) const {
  const Kind k = kind_of(a_.node(a));
  const auto tell = [&](bool da) {
    const bool plural = k.gone_da == "De parallelle veje";
    std::string out = std::string(da ? k.gone_da : k.gone_en) + " " + (a_.node(a).name.empty() ? "" : named(a_, a, da) + who(a_, a, da) + " ") + (da ? "er fjernet" : plural ? "are removed" : "is removed");
    const std::string where = place(a_, a, da);
    if (!where.empty()) out += (da ? plural ? "; de lå" : "; lå" : plural ? "; they lay" : "; it lay") + where;
    return out + ".";
  };
  return {tell(true), tell(false)};
}

Sentences Teller::merged(const Told& t) const {
  std::string rest = a_.node(t.partner_a).name, first = a_.node(t.rest).name, whole = b_.node(t.partner_b).name;
  if (a_.rank(t.partner_a) < a_.rank(t.rest)) std::swap(first, rest);
  return {"Trinnene " + quoted(first) + " og " + quoted(rest) + " er lagt sammen til " + quoted(whole) + ".", "The steps " + quoted(first) + " and " + quoted(rest) + " are one now: " + quoted(whole) + "."};
}

Sentences Teller::split(const Told& t) const {
  std::string whole = a_.node(t.partner_a).name, first = b_.node(t.partner_b).name, rest = b_.node(t.rest).name;
  if (b_.rank(t.rest) < b_.rank(t.partner_b)) std::swap(first, rest);
  return {"Trinnet " + quoted(whole) + " er delt i " + quoted(first) + " og " + quoted(rest) + ".", "The step " + quoted(whole) + " is told as two now: " + quoted(first) + " and " + quoted(rest) + "."};
}

Sentences Teller::changed(int a, int b, const std::vector<Detail>& details, bool moved) const {
  const auto tell = [&](bool da) {
    std::vector<std::string> clauses;
    for (const Detail& d : details) clauses.push_back(clause(d, da));
    if (moved) {
      const std::string now = place(b_, b, da), then = place(a_, a, da);
      clauses.push_back(da ? (now.empty() ? "ligger nu først" : "ligger nu" + now) + (then.empty() ? " (før først)" : " (før" + then + ")") : (now.empty() ? "now comes first" : "now comes" + now) + (then.empty() ? " (came first)" : " (was" + then + ")"));
    }
    return named(a_, a, da) + " " + base::join(clauses, "; ") + ".";
  };
  return {tell(true), tell(false)};
}

Sentences Teller::shared(const Detail& d, const std::vector<int>& nodes) const {
  const auto tell = [&](bool da) {
    std::vector<std::string> names;
    for (const int n : nodes) names.push_back(named(b_, n, da));
    const std::string count = std::to_string(nodes.size()), example = da ? " (fx " + d.after + " i stedet for " + d.before + "): " : " (such as " + d.after + " instead of " + d.before + "): ";
    if (d.what == "calls") return (da ? count + " trin åbner en anden udgave af deres delarbejdsgang" : count + " steps open another edition of their sub-workflow") + example + list(names, da) + ".";
    return (da ? "På " + count + " elementer er " + detail_name(d.what, da) + " ændret på samme måde" : "On " + count + " elements " + detail_name(d.what, da) + " has changed in the same way") + example + list(names, da) + ".";
  };
  return {tell(true), tell(false)};
}

Sentences Teller::rerouted(int from, const std::vector<const Way*>& gone, const std::vector<const Way*>& fresh) const {
  const auto ends = [&](const Graph& g, const std::vector<const Way*>& all, bool da) {
    std::vector<std::string> out;
    for (const Way* w : all) {
      const bool back = g.rank(w->to) <= g.rank(w->from);
      std::vector<std::string> between;
      for (const int n : w->via)
        if (between.size() < 2) between.push_back(named(g, n, da));
      std::string one = between.empty() ? std::string() : (da ? "over " : "over ") + list(between, da) + " ";
      one += (back ? (da ? "tilbage til " : "back to ") : da ? "til " : "to ") + named(g, w->to, da);
      if (!w->labels.empty()) one += (da ? " (gren " : " (branch ") + quoted(base::join(w->labels, " / ")) + ")";
      out.push_back(one);
    }
    return list(out, da);
  };
  const auto tell = [&](bool da) {
    // Whoever is told what is new knows the new name.
    const std::string x = fresh.empty() ? named(a_, from, da) : named(b_, fresh[0]->from, da);
    if (!gone.empty() && !fresh.empty()) return da ? "Efter " + x + " går vejen nu " + ends(b_, fresh, da) + " i stedet for " + ends(a_, gone, da) + "." : "After " + x + " the way now goes " + ends(b_, fresh, da) + " instead of " + ends(a_, gone, da) + ".";
    if (fresh.empty()) return da ? "Fra " + x + " går der ikke længere en vej " + ends(a_, gone, da) + "." : "From " + x + " no way leads " + ends(a_, gone, da) + " any more.";
    return da ? "Ny vej fra " + x + " " + ends(b_, fresh, da) + "." : "New way from " + x + " " + ends(b_, fresh, da) + ".";
  };
  return {tell(true), tell(false)};
}

Sentences Teller::way_changed(const Way& a, const Way& b) const {
  const auto tell = [&](bool da) {
    std::string out = (da ? "Grenen fra " : "The branch from ") + named(b_, b.from, da) + (da ? " til " : " to ") + named(b_, b.to, da);
    std::vector<std::string> clauses;
    const std::string before = base::join(a.labels, " / "), after = base::join(b.labels, " / ");
    if (before != after) clauses.push_back(after.empty() ? (da ? "har ikke længere navnet " : "is no longer called ") + quoted(before) : (da ? "hedder nu " : "is now called ") + quoted(after) + (before.empty() ? "" : (da ? " (før " : " (was ") + quoted(before) + ")"));
    const std::string then = base::join(a.conditions, "; "), now = base::join(b.conditions, "; ");
    if (then != now) clauses.push_back(now.empty() ? (da ? "har ingen betingelse mere (før " + then + ")" : "has no condition any more (was " + then + ")") : (da ? "har betingelsen " : "has the condition ") + now + (then.empty() ? "" : (da ? " (før " : " (was ") + then + ")"));
    return out + " " + list(clauses, da) + ".";
  };
  return {tell(true), tell(false)};
}

Sentences Teller::lane(const std::string& before, const std::string& after) {
  if (before.empty()) return {"Ny bane: " + quoted(after) + ".", "New lane: " + quoted(after) + "."};
  if (after.empty()) return {"Banen " + quoted(before) + " er fjernet.", "The lane " + quoted(before) + " is removed."};
  return {"Banen " + quoted(before) + "hedder nu " + quoted(after) + ".", "The lane " + quoted(before) + "is now called " + quoted(after) + "."};
}

Sentences Teller::thing(std::string_view kind, const std::string& name, bool added) {
  struct Words { std::string_view kind, fresh_da, fresh_en, gone_da, gone_en; };
  static constexpr Words kAll[] = {{"pool", "Ny deltager: ", "New participant: ", "Deltageren ", "The participant "}, {"message", "Ny beskedstrøm: ", "New message flow: ", "Beskedstrømmen ", "The message flow "},
                                   {"data", "Nye data: ", "New data: ", "Data ", "Data "}, {"note", "Ny note: ", "New note: ", "Noten ", "The note "}};
  for (const Words& w : kAll)
    if (w.kind == kind)
      return added ? Sentences{std::string(w.fresh_da) + quoted(name) + ".", std::string(w.fresh_en) + quoted(name) + "."} : Sentences{std::string(w.gone_da) + quoted(name) + " er fjernet.", std::string(w.gone_en) + quoted(name) + " is removed."};
  return {};
}

Sentences summary(const Comparison& c, std::size_t renamed) {
  std::size_t added = 0, removed = 0, moved = 0, lanes = 0, routes = 0;
  const auto element = [](const Difference& d) { return d.subject == "step" || d.subject == "decision" || d.subject == "event"; };
  for (const Difference& d : c.differences) {
    const auto has = [&](Change k) { return std::find(d.kinds.begin(), d.kinds.end(), k) != d.kinds.end(); };
    if (d.subject == "route") ++routes;
    if (!element(d)) continue;
    added += has(Change::added) || has(Change::split);
    removed += has(Change::removed) || has(Change::merged);
    moved += has(Change::moved);
    lanes += has(Change::lane_changed);
  }
  const auto n = [](std::size_t k) { return std::to_string(k); };
  const auto percent = std::to_string(static_cast<int>(c.likeness * 100 + 0.5));
  if (c.differences.empty())
    return {c.moved_on_paper.empty() ? "De to diagrammer siger det samme." : "De to diagrammer siger det samme; kun tegningen er ændret.", c.moved_on_paper.empty() ? "The two diagrams say the same." : "The two diagrams say the same; only the drawing has changed."};
  std::vector<std::string> da, en;
  const auto add = [&](std::size_t k, const std::string& one_da, const std::string& many_da, const std::string& one_en, const std::string& many_en) {
    if (k == 0) return;
    da.push_back(n(k) + " " + (k == 1 ? one_da : many_da));
    en.push_back(n(k) + " " + (k == 1 ? one_en : many_en));
  };
  add(removed, "er fjernet", "er fjernet", "is removed", "are removed");
  add(added, "er ny", "er nye", "is new", "are new");
  add(renamed, "har fået andet navn", "har fået andet navn", "has another name", "have another name");
  add(moved, "er flyttet i rækkefølgen", "er flyttet i rækkefølgen", "is moved in the order", "are moved in the order");
  add(lanes, "har skiftet bane", "har skiftet bane", "has changed lane", "have changed lane");
  add(routes, "vej eller gren er ændret", "veje og grene er ændret", "way or branch has changed", "ways and branches have changed");
  Sentences out{"De to diagrammer er " + percent + " % ens. " + n(c.matches.size()) + " elementer findes i begge (" + n(c.nodes_a) + " og " + n(c.nodes_b) + " i alt)", "The two diagrams are " + percent + " % alike. " + n(c.matches.size()) + " elements are in both (" + n(c.nodes_a) + " and " + n(c.nodes_b) + " in all)"};
  out.da += da.empty() ? "." : "; " + list(da, true) + ".";
  out.en += en.empty() ? "." : "; " + list(en, false) + ".";
  return out;
}

}  // namespace bpmn::comparing
