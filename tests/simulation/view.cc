#include "simulation/view.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/packed.h"
#include "base/text.h"
#include "simulation/canonical.h"

namespace simulation {

void View::finish() {
  for (View& child : children) child.finish();
  std::sort(children.begin(), children.end(), [](const View& a, const View& b) { return a.text < b.text; });
  std::sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.text < b.text; });
  text = head + " " + variables;
  for (const Fact& fact : facts) text += "\n. " + fact.text;
  for (const View& child : children) {
    text += "\n- ";
    for (char c : child.text) {
      text += c;
      if (c == '\n') text += "  ";
    }
  }
}

namespace {

// One line of the dump as words; 'quoted texts' are one word without their quotes.
class Words {
 public:
  explicit Words(std::string_view line) {
    std::size_t at = 0;
    while (at < line.size()) {
      if (line[at] == ' ') {
        ++at;
      } else if (line[at] == '\'') {
        const std::size_t end = line.find('\'', at + 1);
        words_.push_back(line.substr(at + 1, end == std::string_view::npos ? end : end - at - 1));
        at = end == std::string_view::npos ? line.size() : end + 1;
      } else {
        const std::size_t end = std::min(line.find(' ', at), line.size());
        words_.push_back(line.substr(at, end - at));
        at = end;
      }
    }
  }
  std::string_view next() { return at_ < words_.size() ? words_[at_++] : std::string_view(); }
  std::string_view last(std::size_t back = 0) const { return back < words_.size() ? words_[words_.size() - 1 - back] : std::string_view(); }
  std::int64_t number() {
    const std::string_view word = next();
    std::int64_t value = 0;
    bool negative = false;
    for (char c : word) {
      if (c == '-') negative = true;
      else if (c < '0' || c > '9') bad = true;
      else value = value * 10 + (c - '0');
    }
    if (word.empty()) bad = true;
    return negative ? -value : value;
  }
  bool yes() { return next() == "yes"; }
  template <class F> void list(F&& item) {
    if (next() != "[") bad = true;
    while (at_ < words_.size() && words_[at_] != "]") item();
    if (next() != "]") bad = true;
  }
  void skip_list() { list([&] { next(); }); }
  bool is(std::string_view word) const { return at_ < words_.size() && words_[at_] == word; }
  bool bad = false;

 private:
  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
};

struct Definition { std::string id; std::int64_t version = 1; std::vector<std::string> elements, flows; };
struct Done { int element = 0, handler = 0; Key key = 0, under = 0; std::string variables; };
struct Element {
  Key key = 0, scope = 0, instance = 0;
  int element = 0;
  View view;
  std::vector<Key> children;
};

std::string unhex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return out;
}

Json object_of(std::string_view packed) {
  if (packed.empty()) return Json::object();
  auto value = base::unpack(packed);
  return value ? std::move(*value) : Json("?");
}

class Reader {
 public:
  base::Result<Seen> run(const std::string& dump) {
    std::size_t at = 0;
    while (at < dump.size()) {
      const std::size_t end = std::min(dump.find('\n', at), dump.size());
      const std::string_view line(dump.data() + at, end - at);
      at = end + 1;
      if (line.starts_with("remembered ")) {  // answers are bytes, and the rest of the records is known
        out_.settled = dump.find("\nready ", at) == std::string::npos;
        break;
      }
      if (line.starts_with("resource ")) continue;
      one(line);
      if (bad_) return base::fail(base::ErrorCode::internal, "a line of the dump that this simulator does not read: " + std::string(line.substr(0, 400)));
    }
    assemble();
    return std::move(out_);
  }

 private:
  void one(std::string_view line) {
    Words w(line);
    const std::string_view title = w.next();
    if (title == "ready") out_.settled = false;
    else if (title == "definition") definition(w);
    else if (title == "instance") instance(w);
    else if (title == "element") element(w);
    else if (title == "job") job(w);
    else if (title == "timer") timer(w);
    else if (title == "subscription") subscription(w);
    else if (title == "message") message(w);
    else if (title == "incident") incident(w);
    else if (title == "task") task(w);
    bad_ = bad_ || w.bad;
  }

  void definition(Words& w) {
    const Key key = w.number();
    Definition& d = definitions_[key];
    w.number();  // resource
    if (w.number() != 0) return;
    w.next();    // authority
    d.id = w.next();
    for (int i = 0; i < 4; ++i) w.next();
    d.version = w.number();
    out_.definitions[{d.id, static_cast<int>(d.version)}] = key;
    out_.waiting.push_back("definition " + d.id + " v" + std::to_string(d.version));
    w.list([&] {
      d.elements.emplace_back(w.next());
      w.number();
      w.number();
      w.next();
    });
    w.list([&] { d.flows.emplace_back(w.next()); });
  }

  struct Owner { Key definition = 0, parent = 0, root = 0; bool suspended = false; };
  void instance(Words& w) {
    Owner& owner = instances_[w.number()];
    owner.definition = w.number();
    owner.parent = w.number();
    owner.root = w.number();
    for (int i = 0; i < 6; ++i) w.next();  // slot, authority, business key, depth, straight, forget
    w.number();                            // generation
    owner.suspended = w.is("yes");         // of what stands still, if anything is said of it
  }
  const Definition& of(Key instance) { return definitions_[instances_[instance].definition]; }
  std::string name(Key instance, int element) {
    const Definition& d = of(instance);
    if (element == 0) return "process " + d.id;
    return static_cast<std::size_t>(element) < d.elements.size() ? d.elements[static_cast<std::size_t>(element)] : "?" + std::to_string(element);
  }
  std::string flow(Key instance, std::int64_t index) {
    const Definition& d = of(instance);
    return index >= 0 && static_cast<std::size_t>(index) < d.flows.size() ? d.flows[static_cast<std::size_t>(index)] : "-";
  }

  void element(Words& w) {
    Element e;
    e.key = w.number();
    e.scope = w.number();
    e.instance = w.number();
    w.number();  // work
    e.element = static_cast<int>(w.number());
    const auto loop = w.number();
    w.number();  // tokens
    const auto life = w.number();
    const bool body = w.yes();
    e.view.handle = e.key;
    e.view.head = name(e.instance, e.element);
    if (e.element == 0) e.view.head += " v" + std::to_string(of(e.instance).version);
    if (instances_[e.instance].suspended && e.element == 0) e.view.head += " suspended";
    if (loop != 0) e.view.head += " #" + std::to_string(loop);
    if (life == 2) e.view.head += " stopping";
    if (life == 1) e.view.head += " completing";
    while (!w.is("children") && !w.next().empty()) {}
    w.next();
    w.number();
    const bool more = w.is("extra");
    const std::string bytes = unhex(more ? w.last() : w.next());
    if (!more) {
      base::Reader in(bytes);
      e.view.variables = canonical(object_of(bytes.empty() ? std::string_view() : in.text()));
    } else {
      w.next();
      extra(w, e, body, bytes);
    }
    if (e.element == 0) e.scope = instances_[e.instance].parent;
    elements_.emplace(e.key, std::move(e));
  }

  void extra(Words& w, Element& e, bool body, const std::string& bytes) {
    w.skip_list();  // incidents
    w.list([&] {
      const auto at = static_cast<int>(w.number());
      const auto by = w.number();
      const auto count = w.number();
      w.next();
      e.view.facts.push_back({"parked " + name(e.instance, at) + " " + flow(e.instance, by) + " " + std::to_string(count), 0});
    });
    std::vector<Done> done;
    w.list([&] {
      Done one;
      one.element = static_cast<int>(w.number());
      one.handler = static_cast<int>(w.number());
      one.key = w.number();
      w.number();  // position
      one.under = w.number();
      done.push_back(one);
    });
    const auto total = w.number(), started = w.number(), finished = w.number();
    w.number();  // then
    w.number();
    w.next();    // joining
    w.list([&] {
      const auto at = static_cast<int>(w.number());
      std::vector<std::string> flows;
      w.list([&] { flows.push_back(flow(e.instance, w.number())); });
      std::sort(flows.begin(), flows.end());
      e.view.facts.push_back({"activated " + name(e.instance, at) + " " + joined(flows), 0});
    });
    const bool compensates = w.yes();
    const bool replica = w.yes();
    if (body) e.view.head += " body " + (total >= 0xffffffffll ? std::string("?") : std::to_string(total)) + " " + std::to_string(started) + " " + std::to_string(finished);
    if (compensates || replica) e.view.head += replica ? " again" : " compensating";
    base::Reader in(bytes);
    if (bytes.empty()) {
      e.view.variables = "{}";
      return;
    }
    e.view.variables = canonical(object_of(in.text()));
    in.text();  // pending
    in.text();  // then
    std::string outputs;
    for (std::uint64_t n = in.varint(); n > 0; --n) {
      const std::string_view one = in.text();
      outputs += (one.empty() ? "-" : canonical(object_of(one))) + ";";
    }
    if (!outputs.empty()) e.view.facts.push_back({"outputs " + outputs, 0});
    for (Done& one : done) one.variables = canonical(object_of(in.text()));
    for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
      const auto event = static_cast<int>(in.varint());
      e.view.facts.push_back({"gathered " + name(e.instance, event) + " " + canonical(object_of(in.text())), 0});
    }
    if (!done.empty()) e.view.facts.push_back({"done" + records(e.instance, done, 0), 0});
  }

  // The activities that can be compensated, each with what was completed inside it.
  std::string records(Key instance, const std::vector<Done>& all, Key under) {
    std::string out;
    for (const Done& one : all)
      if (one.under == under) out += " " + name(instance, one.element) + one.variables + "(" + records(instance, all, one.key) + " )";
    return out;
  }

  View* at(Key element) {
    const auto found = elements_.find(element);
    return found == elements_.end() ? nullptr : &found->second.view;
  }
  void fact(Key element, std::string text, Key key) {
    if (View* view = at(element)) view->facts.push_back({std::move(text), key});
    else bad_ = true;
  }

  void job(Words& w) {
    const Key key = w.number(), element = w.number();
    const Key instance = elements_.contains(element) ? elements_.at(element).instance : 0;
    const std::string worker(w.next());
    const auto due = w.number();
    w.number();  // turn
    const auto retries = w.number(), state = w.number();
    const auto listening = w.number(), which = w.number();
    std::string text = (listening == 0 ? std::string("job") : "job of listener " + std::to_string(listening) + " " + std::to_string(which)) + " retries " + std::to_string(retries);
    if (state == 2) text += " waits until " + std::to_string(due);
    if (state == 3) text += " stuck";
    fact(element, text, key);
    out_.jobs[key] = {worker, std::string(w.last()), due, state == 1, state == 0, instances_[instances_[instance].root].suspended};
  }

  void timer(Words& w) {
    const Key key = w.number(), element = w.number(), definition = w.number();
    const auto index = static_cast<int>(w.number());
    const auto due = w.number(), interval = w.number(), left = w.number();
    const std::string text = "due " + std::to_string(due) + " every " + std::to_string(interval) + " left " + std::to_string(left);
    if (element != 0) fact(element, "timer " + name(elements_.at(element).instance, index) + " " + text, key);
    else out_.waiting.push_back("start timer " + definitions_[definition].elements[static_cast<std::size_t>(index)] + " " + text);
  }

  void subscription(Words& w) {
    const Key key = w.number(), element = w.number(), definition = w.number();
    const auto index = static_cast<int>(w.number());
    const auto kind = w.number();
    w.next();  // interrupting
    const bool value = w.yes();
    w.next();  // authority
    const std::string what(w.next()), by(w.next());
    std::string text = kind == 2 ? std::string("condition ") : kind == 1 ? "signal " + what : "message " + what + " by " + by;
    if (kind == 2) text += value ? "true" : "false";
    if (element != 0) fact(element, "waits " + name(elements_.at(element).instance, index) + " " + text, key);
    else if (kind != 2) out_.waiting.push_back("start " + definitions_[definition].elements[static_cast<std::size_t>(index)] + " " + text);
  }

  void message(Words& w) {
    const std::string personal(w.last());
    w.number();
    w.next();
    const std::string what(w.next()), by(w.next()), id(w.next());
    w.number();
    const auto until = w.number();
    std::vector<std::string> processes;
    w.list([&] { processes.emplace_back(w.next()); });
    std::sort(processes.begin(), processes.end());
    const std::string bytes = personal == "]" ? std::string() : unhex(personal);
    out_.waiting.push_back("message " + what + " by " + by + " id " + id + " until " + std::to_string(until) + " had" + joined(processes) + " " + canonical(object_of(bytes)));
  }

  void incident(Words& w) {
    const Key key = w.number(), instance = w.number(), element = w.number();
    w.number();  // job
    const auto index = static_cast<int>(w.number());
    const std::string kind(w.next());
    fact(element, "incident " + kind + " " + name(instance, index), key);
  }

  void task(Words& w) {
    const Key key = w.number(), element = w.number();
    fact(element, "task", key);
  }

  void assemble() {
    std::vector<Key> roots;
    for (auto& [key, element] : elements_) {
      const auto above = element.scope == 0 ? elements_.end() : elements_.find(element.scope);
      if (above == elements_.end()) roots.push_back(key);
      else above->second.children.push_back(key);
    }
    for (Key key : roots) {
      out_.roots.push_back({key, of(elements_.at(key).instance).id, take(key)});
      out_.roots.back().view.finish();
    }
    std::sort(out_.waiting.begin(), out_.waiting.end());
  }
  View take(Key key) {
    Element& element = elements_.at(key);
    View view = std::move(element.view);
    for (Key child : element.children) view.children.push_back(take(child));
    return view;
  }

  Seen out_;
  bool bad_ = false;
  std::map<Key, Definition> definitions_;
  std::map<Key, Owner> instances_;
  std::map<Key, Element> elements_;
};

}  // namespace

base::Result<Seen> read_dump(const std::string& dump) { return Reader().run(dump); }

}  // namespace simulation
