#include "conformance/token_order.h"

#include <algorithm>
#include <utility>

namespace conformance::tokens {

void Order::begin(const std::string& scope, const std::string& element) {
  begins_[scope].push_back(element);
  sequence_.push_back("begin " + scope + " " + element);
}

void Order::exit(const std::string& scope, const std::string& element) {
  exits_[scope].emplace(element, begins_[scope].size());
  sequence_.push_back("exit " + scope + " " + element);
}

std::string Order::child(const std::string& scope, const std::string& element) {
  return (scope.empty() ? "" : scope + "/") + element + "#" + std::to_string(++occurrence_[scope + "/" + element]);
}

std::string Order::differs(const Order& want, const std::set<std::string>& left_out) const {
  for (const auto& [scope, lines] : want.begins_) {
    const auto mine = begins_.find(scope);
    if (mine == begins_.end()) return "nothing began in '" + scope + "'";
    const auto skip = [&](const std::string& element) { return left_out.contains(element); };
    std::vector<std::string> theirs = lines, ours = mine->second;
    std::erase_if(theirs, skip);
    std::erase_if(ours, skip);
    for (std::size_t i = 0; i < std::max(theirs.size(), ours.size()); ++i) {
      const std::string a = i < theirs.size() ? theirs[i] : "nothing", b = i < ours.size() ? ours[i] : "nothing";
      if (a != b) return "in '" + scope + "' number " + std::to_string(i + 1) + " to begin is '" + b + "', not '" + a + "'";
    }
    const auto places = [&](const Order& of) {
      std::multiset<std::pair<std::string, std::size_t>> all;
      const auto at = of.exits_.find(scope);
      if (at == of.exits_.end()) return all;
      const auto& began = of.begins_.at(scope);
      for (const auto& [element, before] : at->second)
        if (!skip(element)) all.emplace(element, static_cast<std::size_t>(std::count_if(began.begin(), began.begin() + static_cast<std::ptrdiff_t>(before), [&](const auto& one) { return !skip(one); })));
      return all;
    };
    const auto have = places(*this), expected = places(want);
    for (const auto& one : expected)
      if (have.count(one) != expected.count(one)) return "in '" + scope + "' '" + one.first + "' is not left after " + std::to_string(one.second) + " beginnings";
  }
  return {};
}

// A letter is bound where it first stands beside its own element: the oldest scope of that element without one.
Order::Open* Order::of_letter(const std::string& letter, const std::string& element) {
  if (const auto at = bound_.find(letter); at != bound_.end()) return &at->second;
  auto at = std::find_if(unbound_.begin(), unbound_.end(), [&](const Open& one) { return one.element == element; });
  if (at == unbound_.end()) return nullptr;
  Open& made = bound_[letter] = *at;
  unbound_.erase(at);
  return &made;
}

void Order::read(const base::Json& trace, const std::set<std::string>& containers) {
  for (const base::Json& entry : trace.as_array()) {
    const std::string line = entry.string_or("");
    const std::size_t first = line.find(':'), last = line.rfind(':');
    if (first == std::string::npos || last == first) continue;
    const std::string action = line.substr(0, first), letter = line.substr(last + 1);
    std::string element = line.substr(first + 1, last - first - 1);
    if (element.ends_with("_plane")) element.resize(element.size() - 6);
    if (action == "createScope") {
      // The parent's letter may stand here for the first time: a sub-process binds by what is created in it.
      std::string parent;
      if (letter != "null") {
        if (!bound_.contains(letter)) {
          auto at = std::find_if(unbound_.begin(), unbound_.end(), [&](const Open& one) { return one.began && containers.contains(one.element); });
          if (at == unbound_.end()) continue;
          bound_[letter] = *at;
          unbound_.erase(at);
        }
        parent = bound_[letter].path;
      }
      unbound_.push_back({child(parent, element), parent, element});
    } else if (action == "enter") {
      const std::string parent = bound_.contains(letter) ? bound_[letter].path : std::string();
      for (Open& one : unbound_)
        if (one.element == element && one.parent == parent && !one.began) {
          one.began = true;
          begin(parent, element);
          break;
        }
    } else if (action == "signal" || action == "exit" || action == "destroyScope") {
      Open* at = of_letter(letter, element);
      if (at == nullptr) continue;
      if (action == "signal" && !std::exchange(at->began, true) && !at->parent.empty()) begin(at->parent, element);
      if (action == "exit" && !at->parent.empty()) exit(at->parent, element);
    }
  }
}

int Turns::add(int cause, Kind kind, std::string scope, std::string element) {
  const int made = static_cast<int>(lines_.size());
  roots_.resize(static_cast<std::size_t>(stage_) + 1);
  const bool outside = cause == kNone || lines_[static_cast<std::size_t>(cause)].stage != stage_;
  lines_.push_back({kind, std::move(scope), std::move(element), stage_, 0, {}});
  // Later stages lie behind every turn of earlier ones.
  lines_.back().depth = outside ? stage_ * 1'000'000 : lines_[static_cast<std::size_t>(cause)].depth + 1;
  if (outside) roots_.back().push_back(made);
  else lines_[static_cast<std::size_t>(cause)].effects.push_back(made);
  return made;
}

Order Turns::order() const {
  Order out;
  for (const std::vector<int>& roots : roots_) {
    std::deque<int> turns(roots.begin(), roots.end());
    while (!turns.empty()) {
      const Line& line = lines_[static_cast<std::size_t>(turns.front())];
      turns.pop_front();
      if (line.kind == Kind::begin) out.begin(line.scope, line.element);
      if (line.kind == Kind::exit) out.exit(line.scope, line.element);
      // What an element sets going comes before it is left itself.
      for (const bool exits : {false, true})
        for (const int effect : line.effects)
          if ((lines_[static_cast<std::size_t>(effect)].kind == Kind::exit) == exits) turns.push_back(effect);
    }
  }
  return out;
}

}  // namespace conformance::tokens
