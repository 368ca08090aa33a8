// What two sheets of one table differ in, as a rule owner reads it.
#include <algorithm>
#include <map>

#include "base/limits_sheets.h"
#include "dmn/sheet_source.h"

namespace dmn {
namespace {

std::string shown(const std::string& text) {
  constexpr std::size_t kShown = 120;  // bytes of a cell in a sentence
  const std::string c = clean(text);
  if (c.empty()) return "tom";
  if (c.size() <= kShown) return "»" + c + "«";
  std::size_t cut = kShown;
  while (cut > 0 && (c[cut] & 0xc0) == 0x80) --cut;
  return "»" + c.substr(0, cut) + "…«";
}

std::string title(const SheetInput& c, std::size_t number) { return !c.label.empty() ? c.label : !c.expression.empty() ? c.expression : "kolonne " + std::to_string(number); }
std::string title(const SheetOutput& c, std::size_t number) { return !c.label.empty() ? c.label : !c.name.empty() ? c.name : "resultat " + std::to_string(number); }

class Teller {
 public:
  Teller(const Sheet& before, const Sheet& after) : before_(before), after_(after) {}

  std::vector<std::string> tell() {
    text("Træfpolitikken", before_.hit_policy, after_.hit_policy);
    text("Sammenlægningen", before_.aggregation, after_.aggregation);
    clauses();
    rules();
    if (more_ > 0) out_.push_back("… og " + std::to_string(more_) + " ændringer mere.");
    return std::move(out_);
  }

 private:
  void say(std::string sentence) {
    if (out_.size() < base::limits::kSheetChanges) out_.push_back(std::move(sentence));
    else ++more_;
  }
  void text(const std::string& what, const std::string& before, const std::string& after) {
    if (clean(before) != clean(after)) say(what + " var " + shown(before) + " og er nu " + shown(after) + ".");
  }
  void clauses() {
    for (std::size_t i = 0; i < std::min(before_.inputs.size(), after_.inputs.size()); ++i) {
      const auto &b = before_.inputs[i], &a = after_.inputs[i];
      const std::string name = "kolonnen " + title(b, i + 1);
      text("Navnet på " + name, b.label, a.label);
      text("Udtrykket i " + name, b.expression, a.expression);
      text("Typen af " + name, b.type, a.type);
      text("Tilladte værdier i " + name, b.allowed, a.allowed);
    }
    for (std::size_t i = 0; i < std::min(before_.outputs.size(), after_.outputs.size()); ++i) {
      const auto &b = before_.outputs[i], &a = after_.outputs[i];
      const std::string name = "resultatet " + title(b, i + 1);
      text("Feltnavnet på " + name, b.name, a.name);
      text("Navnet på " + name, b.label, a.label);
      text("Typen af " + name, b.type, a.type);
      text("Tilladte værdier i " + name, b.allowed, a.allowed);
      text("Værdien uden træf i " + name, b.default_entry, a.default_entry);
    }
    for (std::size_t i = 0; i < std::min(before_.annotations.size(), after_.annotations.size()); ++i)
      text("Bemærkningskolonnens navn", before_.annotations[i], after_.annotations[i]);
  }

  // Of kept rules, the longest row that is still in order has not moved; the others have.
  std::vector<bool> moved(const std::vector<std::size_t>& old_places) const {
    std::vector<std::size_t> tails, previous(old_places.size(), SIZE_MAX);
    for (std::size_t i = 0; i < old_places.size(); ++i) {
      const auto at = std::lower_bound(tails.begin(), tails.end(), old_places[i], [&](std::size_t t, std::size_t v) { return old_places[t] < v; });
      if (at != tails.begin()) previous[i] = *(at - 1);
      if (at == tails.end()) tails.push_back(i);
      else *at = i;
    }
    std::vector<bool> out(old_places.size(), true);
    for (std::size_t i = tails.empty() ? SIZE_MAX : tails.back(); i != SIZE_MAX; i = previous[i]) out[i] = false;
    return out;
  }

  void rules() {
    std::map<std::string, std::size_t> old;
    for (std::size_t i = 0; i < before_.rules.size(); ++i) old.emplace(before_.rules[i].id, i);
    std::vector<bool> kept(before_.rules.size());
    std::vector<std::size_t> places, numbers;  // of kept rules: old place, new place
    std::vector<std::size_t> from(after_.rules.size(), SIZE_MAX);
    for (std::size_t n = 0; n < after_.rules.size(); ++n) {
      const auto found = old.find(after_.rules[n].id);
      if (found == old.end() || kept[found->second]) continue;
      kept[found->second] = true;
      from[n] = found->second;
      places.push_back(found->second);
      numbers.push_back(n);
    }
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (!kept[i]) say("Regel " + std::to_string(i + 1) + " er fjernet: " + words(before_, before_.rules[i]) + ".");
    const auto has_moved = moved(places);
    for (std::size_t i = 0; i < places.size(); ++i)
      if (has_moved[i]) say("Regel " + std::to_string(places[i] + 1) + " er flyttet og er nu regel " + std::to_string(numbers[i] + 1) + ".");
    for (std::size_t n = 0; n < from.size(); ++n) {
      if (from[n] == SIZE_MAX) say("Regel " + std::to_string(n + 1) + " er ny: " + words(after_, after_.rules[n]) + ".");
      else cells(n, before_.rules[from[n]], after_.rules[n]);
    }
  }
  void cells(std::size_t number, const SheetRule& before, const SheetRule& after) {
    const std::string rule = "Regel " + std::to_string(number + 1) + ", ";
    for (std::size_t i = 0; i < std::min(before.inputs.size(), after.inputs.size()); ++i) text(rule + title(after_.inputs[i], i + 1) + ":", before.inputs[i], after.inputs[i]);
    for (std::size_t i = 0; i < std::min(before.outputs.size(), after.outputs.size()); ++i) text(rule + title(after_.outputs[i], i + 1) + ":", before.outputs[i], after.outputs[i]);
    for (std::size_t i = 0; i < std::min(before.annotations.size(), after.annotations.size()); ++i) text(rule + "bemærkningen", before.annotations[i], after.annotations[i]);
  }
  static std::string words(const Sheet& sheet, const SheetRule& rule) {
    std::string conditions, results;
    for (std::size_t i = 0; i < rule.inputs.size(); ++i) {
      const std::string c = clean(rule.inputs[i]);
      if (!c.empty() && c != "-") conditions += (conditions.empty() ? "" : ", ") + title(sheet.inputs[i], i + 1) + " " + shown(c);
    }
    for (std::size_t i = 0; i < rule.outputs.size(); ++i) results += (results.empty() ? "" : ", ") + title(sheet.outputs[i], i + 1) + " " + shown(rule.outputs[i]);
    return (conditions.empty() ? "altid" : conditions) + " giver " + results;
  }

  const Sheet& before_;
  const Sheet& after_;
  std::vector<std::string> out_;
  std::size_t more_ = 0;
};

}  // namespace

std::vector<std::string> changes(const Sheet& before, const Sheet& after) { return Teller(before, after).tell(); }

}  // namespace dmn
