#include <unordered_set>

#include "dmn/compiler.h"

namespace dmn {

int Scope::declare(const std::string& name, feel::TypePtr type, feel::TypePtr inferred) { return declare_at(name, std::move(type), slot_count_++, std::move(inferred)); }

int Scope::declare_at(const std::string& name, feel::TypePtr type, int slot, feel::TypePtr inferred) {
  inferred_.push_back(type ? type : std::move(inferred));
  by_name_.emplace(name, static_cast<int>(names_.size()));
  names_.push_back({name, std::move(type)});
  places_.push_back({static_cast<int>(outer_.size()), slot});
  dirty_ = true;
  ++version_;
  return slot;
}

int Scope::position(std::string_view name) const {
  int latest = -1;
  for (auto [at, end] = by_name_.equal_range(std::string(name)); at != end; ++at) latest = std::max(latest, at->second);
  return latest;
}

// Each function between the name's own and the present one takes it along from the one around it.
int Scope::slot_at(std::size_t level, const Place& place) {
  const bool innermost = level == outer_.size();
  std::set<int>& used = innermost ? used_ : outer_[level].used;
  if (static_cast<std::size_t>(place.level) == level) {
    used.insert(place.slot);
    return place.slot;
  }
  const int outside = slot_at(level - 1, place);  // as deep as functions are nested: limits::kXmlDepth
  std::vector<Captured>& captured = innermost ? captured_ : outer_[level].captured;
  for (const Captured& one : captured)
    if (one.outside == outside) return one.inside;
  int& count = innermost ? slot_count_ : outer_[level].slot_count;
  captured.push_back({outside, count});
  return count++;
}

int Scope::use(std::string_view name) {
  const int at = position(name);
  return at < 0 ? -1 : slot_at(outer_.size(), places_[at]);
}

void Scope::begin_function() {
  outer_.push_back({slot_count_, std::move(captured_), std::move(used_)});
  slot_count_ = 0;
  captured_.clear();
  used_.clear();
}

std::vector<Scope::Captured> Scope::end_function() {
  std::vector<Captured> captured = std::move(captured_);
  slot_count_ = outer_.back().slot_count;
  captured_ = std::move(outer_.back().captured);
  used_ = std::move(outer_.back().used);
  outer_.pop_back();
  return captured;
}

feel::TypePtr Scope::type_of(std::string_view name) const {
  const int at = position(name);
  return at < 0 ? nullptr : names_[at].type;
}

void Scope::restore(std::size_t mark) {
  if (mark == names_.size()) return;
  for (std::size_t i = mark; i < names_.size(); ++i) {
    auto [at, end] = by_name_.equal_range(names_[i].name);
    while (at != end && at->second != static_cast<int>(i)) ++at;
    if (at != end) by_name_.erase(at);
  }
  names_.resize(mark);
  places_.resize(mark);
  inferred_.resize(mark);
  dirty_ = true;
  ++version_;
}

const std::vector<feel::Name>& Scope::visible() const {
  if (!dirty_) return visible_;
  visible_.clear();
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = names_.size(); i-- > 0;)
    if (seen.insert(names_[i].name).second) visible_.push_back(names_[i]);
  dirty_ = false;
  return visible_;
}

std::vector<feel::Name> Scope::visible_inferred() const {
  std::vector<feel::Name> out;
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = names_.size(); i-- > 0;)
    if (seen.insert(names_[i].name).second) out.push_back({names_[i].name, inferred_[i]});
  return out;
}

std::vector<std::string> Scope::texts() const {
  std::vector<std::string> out;
  for (const feel::Name& name : names_) out.push_back(name.name);
  return out;
}

}  // namespace dmn
