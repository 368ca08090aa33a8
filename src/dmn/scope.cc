#include <unordered_set>

#include "dmn/compiler.h"

namespace dmn {

int Scope::declare(const std::string& name, feel::TypePtr type) {
  names_.push_back({name, std::move(type)});
  slots_.push_back(slot_count_);
  dirty_ = true;
  ++version_;
  return slot_count_++;
}

int Scope::find(std::string_view name) const {
  for (std::size_t i = names_.size(); i-- > 0;)
    if (names_[i].name == name) return slots_[i];
  return -1;
}

feel::TypePtr Scope::type_of(std::string_view name) const {
  for (std::size_t i = names_.size(); i-- > 0;)
    if (names_[i].name == name) return names_[i].type;
  return nullptr;
}

void Scope::restore(std::size_t mark) {
  if (mark == names_.size()) return;
  names_.resize(mark);
  slots_.resize(mark);
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

std::vector<std::string> Scope::texts() const {
  std::vector<std::string> out;
  for (const feel::Name& name : names_) out.push_back(name.name);
  return out;
}

}  // namespace dmn
