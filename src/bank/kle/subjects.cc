#include <algorithm>

#include "bank/find/words.h"
#include "bank/kle/kle.h"
#include "base/limits_find.h"
#include "base/text.h"

namespace bank::kle {

Subjects::Subjects(std::vector<Subject> list) {
  for (Subject& subject : list) {
    std::string number = subject.number;
    all_.insert_or_assign(std::move(number), std::move(subject));
  }
  // A number whose groups no source titles still stands in the tree.
  std::vector<std::string> missing;
  for (const auto& [number, subject] : all_)
    for (const std::string& above : find::number_prefixes(number))
      if (!all_.contains(above)) missing.push_back(above);
  for (const std::string& number : missing) all_.emplace(number, Subject{number, {}, {}, {}, {}});
  for (const auto& [number, subject] : all_)
    for (const std::string& to : subject.moved_to) came_from_[to].push_back(number);
}

const Subject* Subjects::find(const std::string& number) const {
  const auto found = all_.find(number);
  return found == all_.end() ? nullptr : &found->second;
}

Subjects::Move Subjects::follow(const std::string& number) const {
  Move out;
  const Subject* first = find(number);
  if (first == nullptr || first->moved_to.empty()) return out;
  out.date = first->gone;
  std::vector<std::string> now = first->moved_to, seen{number};
  for (int step = 0; step < base::limits::kKleMoves && !now.empty(); ++step) {
    std::vector<std::string> next;
    for (const std::string& one : now) {
      if (std::find(seen.begin(), seen.end(), one) != seen.end()) continue;  // moved in a ring: each number once
      seen.push_back(one);
      const Subject* subject = find(one);
      if (subject == nullptr || subject->gone.empty() || subject->moved_to.empty()) out.to.push_back(one);
      else next.insert(next.end(), subject->moved_to.begin(), subject->moved_to.end());
    }
    now = std::move(next);
  }
  std::sort(out.to.begin(), out.to.end());
  return out;
}

std::vector<std::string> Subjects::same(const std::string& number) const {
  std::vector<std::string> out = follow(number).to, now{number};
  for (int step = 0; step < base::limits::kKleMoves && !now.empty(); ++step) {
    std::vector<std::string> next;
    for (const std::string& one : now) {
      const auto from = came_from_.find(one);
      if (from == came_from_.end()) continue;
      for (const std::string& old : from->second)
        if (old != number && std::find(out.begin(), out.end(), old) == out.end()) {
          out.push_back(old);
          next.push_back(old);
        }
    }
    now = std::move(next);
  }
  return out;
}

std::vector<const Subject*> Subjects::below(const std::string& number) const {
  std::vector<const Subject*> out;
  const std::size_t size = number.empty() ? 2 : number.size() + 3;
  for (auto it = all_.lower_bound(number); it != all_.end() && it->first.starts_with(number); ++it)
    if (it->first.size() == size && (number.empty() || it->first[number.size()] == '.')) out.push_back(&it->second);
  return out;
}

std::vector<std::string> Subjects::words_about(const std::string& number) const {
  std::vector<std::string> out;
  for (const std::string& above : find::number_prefixes(number)) {
    const Subject* subject = find(above);
    if (subject == nullptr) continue;
    out.push_back(subject->title);
    if (above == number) out.insert(out.end(), subject->keywords.begin(), subject->keywords.end());
  }
  return out;
}

std::vector<const Subject*> Subjects::with_words(const std::string& beginning, std::size_t most) const {
  std::vector<const Subject*> out;
  const std::string asked = base::lower(base::trim(beginning));
  if (asked.empty()) return out;
  const bool number = asked[0] >= '0' && asked[0] <= '9';
  for (auto it = number ? all_.lower_bound(asked) : all_.begin(); it != all_.end() && out.size() < most; ++it) {
    if (number && !it->first.starts_with(asked)) break;
    if (!it->second.gone.empty() && !number) continue;
    bool fits = number;
    if (!fits) {
      const std::string title = base::lower(it->second.title);
      for (std::size_t at = title.find(asked); at != std::string::npos && !fits; at = title.find(asked, at + 1)) fits = at == 0 || title[at - 1] == ' ';
    }
    if (fits) out.push_back(&it->second);
  }
  return out;
}

}  // namespace bank::kle
