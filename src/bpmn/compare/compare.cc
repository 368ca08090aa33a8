#include "bpmn/compare/compare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/limits_compare.h"
#include "bpmn/compare/differences.h"
#include "bpmn/compare/tell.h"

namespace bpmn {
namespace comparing {
namespace {

class Comparing {
 public:
  Comparing(const Model& a, const Model& b) : a_(a), b_(b), m_(match(a_, b_)), teller_(a_, b_, m_) {}

  Comparison run() {
    lanes();
    pairs();
    rest();
    routes();
    things();
    paper();
    std::stable_sort(found_.begin(), found_.end(), [](const Found& x, const Found& y) { return x.place < y.place; });
    for (Found& f : found_) out_.differences.push_back(std::move(f.difference));
    out_.nodes_a = a_.size();
    out_.nodes_b = b_.size();
    double sum = 0;
    for (const Pair& p : m_.pairs) sum += std::min(p.likeness, 1.0);
    out_.likeness = a_.size() + b_.size() == 0 ? 1 : 2 * sum / static_cast<double>(a_.size() + b_.size());
    const Sentences said = summary(out_, renamed_);
    out_.summary_da = said.da;
    out_.summary_en = said.en;
    return std::move(out_);
  }

 private:
  struct Found { double place; Difference difference; };
  void add(double place, Change kind, std::string subject, std::vector<std::string> a, std::vector<std::string> b, Sentences said, std::vector<Detail> details = {}, std::vector<Change> kinds = {}) {
    if (kinds.empty()) kinds = {kind};
    found_.push_back({place, {kind, std::move(kinds), std::move(subject), std::move(a), std::move(b), std::move(details), std::move(said.da), std::move(said.en)}});
  }
  // Where in the order of b something of a would lie: right behind the nearest thing before it that both have.
  double place_of_a(int i) const {
    double out = -1;
    int best = -1;
    for (const Pair& p : m_.pairs)
      if ((a_.precedes(p.a, i) || p.a == i) && a_.rank(p.a) > best) best = a_.rank(p.a), out = b_.rank(p.b) + 0.5;
    return out;
  }

  void lanes() {
    const auto &x = a_.model.lanes, &y = b_.model.lanes;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int j = m_.lane_of_a[i];
      if (j < 0) add(-10, Change::removed, "lane", {x[i].id}, {}, Teller::lane(x[i].name, {}));
      else if (x[i].name != y[static_cast<std::size_t>(j)].name)
        add(-10, Change::relabelled, "lane", {x[i].id}, {y[static_cast<std::size_t>(j)].id}, Teller::lane(x[i].name, y[static_cast<std::size_t>(j)].name), {{"label", x[i].name, y[static_cast<std::size_t>(j)].name}});
    }
    for (std::size_t j = 0; j < y.size(); ++j)
      if (m_.lane_of_b[j] < 0) add(-10, Change::added, "lane", {}, {y[j].id}, Teller::lane({}, y[j].name));
  }

  static std::vector<Change> kinds_of(const std::vector<Detail>& details, bool moved, bool only_written) {
    std::vector<Change> out;
    for (const Detail& d : details) {
      const Change kind = d.what == "label" ? (only_written ? Change::attributes : Change::relabelled) : d.what == "type" ? Change::retyped : d.what == "lane" ? Change::lane_changed : d.what == "inside" ? Change::moved : Change::attributes;
      if (std::find(out.begin(), out.end(), kind) == out.end()) out.push_back(kind);
    }
    if (moved && std::find(out.begin(), out.end(), Change::moved) == out.end()) out.push_back(Change::moved);
    std::sort(out.begin(), out.end());
    return out;
  }

  // What changed in the same way on several nodes ("-2010" gone from every package that is called) is told once, for all of them.
  using Key = std::array<std::string, 3>;
  static Key replaced(const Detail& d) {
    std::size_t front = 0, back = 0;
    const std::string &x = d.before, &y = d.after;
    while (front < x.size() && front < y.size() && x[front] == y[front]) ++front;
    while (back < x.size() - front && back < y.size() - front && x[x.size() - 1 - back] == y[y.size() - 1 - back]) ++back;
    return {d.what, x.substr(front, x.size() - front - back), y.substr(front, y.size() - front - back)};
  }
  void find_shared() {
    for (const Pair& p : m_.pairs)
      for (const Detail& d : details(a_, p.a, b_, p.b, m_))
        if (d.what != "label" && d.what != "type" && d.what != "lane" && !d.before.empty() && !d.after.empty()) shared_[replaced(d)].emplace_back(p, d);
    std::erase_if(shared_, [](const auto& group) { return group.second.size() < 3; });
    for (auto& [key, group] : shared_) {
      std::sort(group.begin(), group.end(), [&](const auto& x, const auto& y) { return b_.rank(x.first.b) < b_.rank(y.first.b); });
      std::vector<std::string> a, b;
      std::vector<int> nodes;
      for (const auto& [p, d] : group) a.push_back(a_.node(p.a).id), b.push_back(b_.node(p.b).id), nodes.push_back(p.b);
      add(1e8, Change::attributes, "step", a, b, teller_.shared(group[0].second, nodes), {group[0].second});
    }
  }

  void pairs() {
    moved_ = moved(a_, b_, m_);
    find_shared();
    std::vector<int> order;
    for (int i = 0; i < static_cast<int>(m_.pairs.size()); ++i) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](int i, int j) { return b_.rank(m_.pairs[static_cast<std::size_t>(i)].b) < b_.rank(m_.pairs[static_cast<std::size_t>(j)].b); });
    for (const int i : order) {
      const Pair& p = m_.pairs[static_cast<std::size_t>(i)];
      out_.matches.push_back({a_.node(p.a).id, b_.node(p.b).id, std::min(p.likeness, 1.0)});
      auto different = details(a_, p.a, b_, p.b, m_);
      const bool in_other_place = moved_.contains(i);
      if (different.empty() && !in_other_place) {
        ++out_.unchanged;
        quiet_.push_back(p);
        continue;
      }
      const bool told = std::any_of(m_.told.begin(), m_.told.end(), [&](const Told& t) { return t.partner_a == p.a; });  // "… er delt i …" says the new name
      std::erase_if(different, [&](const Detail& d) { return shared_.contains(replaced(d)) || (told && d.what == "label"); });
      if (different.empty() && !in_other_place) continue;
      const auto kinds = kinds_of(different, in_other_place, a_.words(p.a).plain == b_.words(p.b).plain);
      renamed_ += std::find(kinds.begin(), kinds.end(), Change::relabelled) != kinds.end();
      const Sentences said = teller_.changed(p.a, p.b, different, in_other_place);
      add(b_.rank(p.b), kinds.front(), Teller::subject(b_.node(p.b)), {a_.node(p.a).id}, {b_.node(p.b).id}, said, std::move(different), kinds);
    }
  }

  // What has no partner: merged into or split from another step, or gone and new. Gateways that only join are not told.
  void rest() {
    const auto speaks = [](const Graph& g, int i) { return !g.silent(i) || (g.node(i).outgoing.size() > 1 && g.node(i).type != ElementType::exclusive_gateway); };
    std::set<int> told_a, told_b;
    for (const Told& t : m_.told) {
      (t.merged ? told_a : told_b).insert(t.rest);
      const double place = b_.rank(t.partner_b) + 0.1;
      if (t.merged) add(place, Change::merged, "step", {a_.node(t.rest).id, a_.node(t.partner_a).id}, {b_.node(t.partner_b).id}, teller_.merged(t));
      else add(place, Change::split, "step", {a_.node(t.partner_a).id}, {b_.node(t.partner_b).id, b_.node(t.rest).id}, teller_.split(t));
    }
    for (int i = 0; i < static_cast<int>(a_.size()); ++i)
      if (m_.of_a[static_cast<std::size_t>(i)] < 0 && !told_a.contains(i) && speaks(a_, i)) add(place_of_a(i), Change::removed, Teller::subject(a_.node(i)), {a_.node(i).id}, {}, teller_.gone(i));
    for (int j = 0; j < static_cast<int>(b_.size()); ++j)
      if (m_.of_b[static_cast<std::size_t>(j)] < 0 && !told_b.contains(j) && speaks(b_, j)) add(b_.rank(j), Change::added, Teller::subject(b_.node(j)), {}, {b_.node(j).id}, teller_.fresh(j));
  }

  void routes() {
    // What is moved is told as that: ways are compared as if it lay nowhere.
    auto known_a = m_.of_a, known_b = m_.of_b;
    for (const int i : moved_) {
      known_a[static_cast<std::size_t>(m_.pairs[static_cast<std::size_t>(i)].a)] = -1;
      known_b[static_cast<std::size_t>(m_.pairs[static_cast<std::size_t>(i)].b)] = -1;
    }
    const auto of_a = ways(a_, known_a), of_b = ways(b_, known_b);
    std::map<std::pair<int, int>, const Way*> in_b;
    for (const Way& w : of_b) in_b[{w.from, w.to}] = &w;
    struct Turn { int from_a = -1; std::vector<const Way*> gone, fresh; };
    std::map<int, Turn> turns;  // by node of b
    std::set<const Way*> known;
    const auto partner = [&](int a) { return m_.of_a[static_cast<std::size_t>(a)]; };
    const auto boundary = [](const Graph& g, const Way& w) { return family(g.node(w.to)) == Family::boundary; };  // told as where it is attached
    const auto over_moved = [](const Way& w, const std::vector<int>& partners) { return std::any_of(w.via.begin(), w.via.end(), [&](int n) { return partners[static_cast<std::size_t>(n)] >= 0; }); };
    for (const Way& w : of_a) {
      if (boundary(a_, w)) continue;
      const int from = partner(w.from), to = partner(w.to);
      const auto found = in_b.find({from, to});
      if (found == in_b.end()) {
        if (!over_moved(w, m_.of_a)) turns[from].gone.push_back(&w);
        continue;
      }
      known.insert(found->second);
      way(w, *found->second);
    }
    for (const Way& w : of_b)
      if (!known.contains(&w) && !boundary(b_, w) && !over_moved(w, m_.of_b)) turns[w.from].fresh.push_back(&w);
    for (auto& [from, turn] : turns) {
      std::vector<std::string> flows_a, flows_b;
      for (const Way* w : turn.gone)
        for (const int f : w->flows) flows_a.push_back(a_.model.flows[static_cast<std::size_t>(f)].id);
      for (const Way* w : turn.fresh)
        for (const int f : w->flows) flows_b.push_back(b_.model.flows[static_cast<std::size_t>(f)].id);
      add(b_.rank(from) + 0.3, Change::rerouted, "route", flows_a, flows_b, teller_.rerouted(m_.of_b[static_cast<std::size_t>(from)], turn.gone, turn.fresh));
    }
  }

  // The same way under another name or condition. Branches of a way through something new or gone are told with that.
  void way(const Way& a, const Way& b) {
    const auto direct = [](const Graph& g, const Way& w) {
      return std::all_of(w.flows.begin(), w.flows.end(), [&](int f) { const int to = g.model.flows[static_cast<std::size_t>(f)].target; return to == w.to || g.silent(to); });
    };
    if (!direct(a_, a) || !direct(b_, b)) return;
    auto before = a.labels, after = b.labels, then = a.conditions, now = b.conditions;
    for (auto* all : {&before, &after, &then, &now}) std::sort(all->begin(), all->end());
    if (before == after && then == now) return;
    std::vector<std::string> flows_a, flows_b;
    for (const int f : a.flows) flows_a.push_back(a_.model.flows[static_cast<std::size_t>(f)].id);
    for (const int f : b.flows) flows_b.push_back(b_.model.flows[static_cast<std::size_t>(f)].id);
    std::vector<Detail> details;
    const auto text = [](const std::vector<std::string>& all) { std::string out; for (const auto& one : all) out += (out.empty() ? "" : " / ") + one; return out; };
    if (before != after) details.push_back({"label", text(a.labels), text(b.labels)});
    if (then != now) details.push_back({"condition", text(a.conditions), text(b.conditions)});
    const Change kind = before != after ? Change::relabelled : Change::attributes;
    add(b_.rank(b.from) + 0.2, kind, "route", flows_a, flows_b, teller_.way_changed(a, b), std::move(details));
  }

  // Pools, message flows, data and notes: the same where they are called the same.
  void things() {
    using Named = std::map<std::string, std::string>;  // name → id
    const auto compare_names = [&](std::string_view kind, const Named& x, const Named& y) {
      for (const auto& [name, id] : x)
        if (!y.contains(name)) add(1e9, Change::removed, std::string(kind), {id}, {}, Teller::thing(kind, name, false));
      for (const auto& [name, id] : y)
        if (!x.contains(name)) add(1e9, Change::added, std::string(kind), {}, {id}, Teller::thing(kind, name, true));
    };
    const auto pools = [](const Model& m) { Named out; for (const auto& p : m.participants) if (!p.name.empty()) out.emplace(p.name, p.id); return out; };
    compare_names("pool", pools(a_.model), pools(b_.model));
    const auto messages = [](const Model& m) { Named out; for (const auto& f : m.message_flows) if (!f.name.empty()) out.emplace(f.name, f.id); return out; };
    compare_names("message", messages(a_.model), messages(b_.model));
    const auto artifacts = [](const Model& m, bool notes) {
      Named out;
      for (const Artifact& x : m.artifacts)
        if (const bool note = x.kind == "textAnnotation"; note == notes && !x.name.empty() && x.kind != "association" && x.kind != "group") out.emplace(x.name, x.id);
      return out;
    };
    compare_names("data", artifacts(a_.model, false), artifacts(b_.model, false));
    compare_names("note", artifacts(a_.model, true), artifacts(b_.model, true));
  }

  // A whole drawing that was moved has not changed: places are compared behind the shift that most share.
  void paper() {
    const auto shapes = [](const Model& m) {
      std::map<std::string, Bounds> out;
      for (const Diagram& d : m.diagrams)
        for (const Shape& s : d.shapes) out.emplace(s.element, s.bounds);
      return out;
    };
    const auto x = shapes(a_.model), y = shapes(b_.model);
    struct Shift { const Pair* pair; double dx, dy; bool resized; };
    std::vector<Shift> all;
    for (const Pair& p : m_.pairs) {
      const auto before = x.find(a_.node(p.a).id), after = y.find(b_.node(p.b).id);
      if (before == x.end() || after == y.end()) continue;
      const Bounds &u = before->second, &v = after->second;
      all.push_back({&p, v.x - u.x, v.y - u.y, std::abs(u.width - v.width) > 1 || std::abs(u.height - v.height) > 1});
    }
    if (all.empty()) return;
    const auto middle = [&](auto key) {
      std::vector<double> values;
      for (const Shift& s : all) values.push_back(key(s));
      std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
      return values[values.size() / 2];
    };
    const double dx = middle([](const Shift& s) { return s.dx; }), dy = middle([](const Shift& s) { return s.dy; });
    for (const Pair& q : quiet_)
      for (const Shift& s : all)
        if (s.pair->a == q.a && (s.resized || std::abs(s.dx - dx) > 1 || std::abs(s.dy - dy) > 1)) out_.moved_on_paper.push_back({a_.node(q.a).id, b_.node(q.b).id, std::min(q.likeness, 1.0)});
  }

  Graph a_, b_;
  Matching m_;
  Teller teller_;
  std::set<int> moved_;
  std::vector<Pair> quiet_;
  std::vector<Found> found_;
  std::map<Key, std::vector<std::pair<Pair, Detail>>> shared_;
  std::size_t renamed_ = 0;
  Comparison out_;
};

}  // namespace
}  // namespace comparing

base::Result<Comparison> compare(const Model& a, const Model& b) {
  for (const Model* m : {&a, &b})
    if (m->nodes.size() > base::limits::kCompareNodes)
      return base::fail(base::ErrorCode::limit_exceeded, "more elements than base::limits::kCompareNodes", {.file = m->file}, "compare a part of it");
  return comparing::Comparing(a, b).run();
}

std::string_view name(Change change) {
  static constexpr std::string_view kNames[] = {"removed", "added", "merged", "split", "relabelled", "retyped", "moved", "laneChanged", "rerouted", "attributes"};
  return kNames[static_cast<std::size_t>(change)];
}

base::Json to_json(const Comparison& c) {
  using base::Json;
  const auto texts = [](const std::vector<std::string>& all) { return Json(Json::Array(all.begin(), all.end())); };
  const auto matches = [](const std::vector<Match>& all) {
    Json out = Json::array();
    for (const Match& m : all) out.push(Json::Object{{"a", m.a}, {"b", m.b}, {"likeness", std::round(m.likeness * 1000) / 1000}});
    return out;
  };
  Json differences = Json::array();
  std::int64_t number = 0;
  for (const Difference& d : c.differences) {
    Json kinds = Json::array(), details = Json::array();
    for (const Change k : d.kinds) kinds.push(name(k));
    for (const Detail& x : d.details) details.push(Json::Object{{"what", x.what}, {"name", comparing::detail_name(x.what, true)}, {"before", x.what == "type" ? comparing::type_name(x.before, true) : x.before}, {"after", x.what == "type" ? comparing::type_name(x.after, true) : x.after}});
    differences.push(Json::Object{{"number", ++number}, {"kind", name(d.kind)}, {"kinds", std::move(kinds)}, {"subject", d.subject}, {"a", texts(d.a)}, {"b", texts(d.b)}, {"details", std::move(details)}, {"da", d.da}, {"en", d.en}});
  }
  return Json::Object{{"likeness", std::round(c.likeness * 1000) / 1000}, {"summary", Json::Object{{"da", c.summary_da}, {"en", c.summary_en}}},
                      {"elements", Json::Object{{"a", static_cast<std::int64_t>(c.nodes_a)}, {"b", static_cast<std::int64_t>(c.nodes_b)}, {"both", static_cast<std::int64_t>(c.matches.size())}, {"unchanged", static_cast<std::int64_t>(c.unchanged)}}},
                      {"differences", std::move(differences)}, {"matches", matches(c.matches)}, {"movedOnPaper", matches(c.moved_on_paper)}};
}

}  // namespace bpmn
