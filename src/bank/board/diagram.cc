#include "bank/board/diagram.h"

#include <algorithm>

#include "base/text.h"
#include "bpmn/layout/layout.h"
#include "bpmn/notation/lines.h"
#include "bpmn/notation/notation.h"

namespace bank::board {
namespace {

using bpmn::notation::quoted;

// Ids of BPMN are NCNames; what a board allows beside that becomes '_'.
std::string element_id(std::string_view id) {
  std::string out;
  for (const char c : id) out += c == '/' ? '_' : c;
  if (!out.empty() && ((out[0] >= '0' && out[0] <= '9') || out[0] == '-' || out[0] == '.')) out.insert(0, "_");
  return out;
}

// The longest time of a wait as a timer: weeks stay, working days become calendar days.
std::string timer_of(const std::string& waiting) {
  const auto slash = waiting.find('/');
  const std::string last = slash == std::string::npos ? waiting : waiting.substr(slash + 1);
  const bool days = last.ends_with('D') && last.find_first_of("TYMW") == std::string::npos;
  if (!days) return last;
  const int count = std::atoi(last.substr(1).c_str());
  return "P" + std::to_string(count / 5 * 7 + count % 5) + "D";
}

class Writer {
 public:
  Writer(const State& state, const std::set<std::string>& duties) : state_(state), duties_(duties) {
    for (const auto& [id, card] : state_.cards)
      if (keeps_element(card)) taken_.insert(element_id(card.field("element")));
  }

  std::string write(const std::string& id) {
    line(0, "proces #" + element_id(id) + ": " + quoted(state_.field("title")));
    line(1, "pulje: " + quoted(state_.field("title")));
    std::vector<std::string> used;
    for (const Line& role : state_.roles)
      if (std::any_of(state_.cards.begin(), state_.cards.end(), [&](const auto& c) { return c.second.role == role.id; })) line(1, "bane #bane_" + role.id + ": " + quoted(role.text));
    bool begun = false;
    for (const Line& column : state_.columns) {
      const auto cards = in(column.id);
      if (cards.empty()) continue;
      line(1, "@#bane_" + cards.front()->role);
      if (!begun) line(1, "start #start: " + quoted(state_.field("start").empty() ? "Sagen begynder" : state_.field("start")));
      begun = true;
      if (cards.size() == 1) {
        card(*cards.front(), 1);
        continue;
      }
      line(1, "parallel #deler_" + column.id + ":");
      for (const Card* one : cards) {
        line(2, "gren:");
        line(3, "@#bane_" + one->role);
        card(*one, 3);
      }
      line(1, "parallel #samler_" + column.id + ":");
    }
    line(1, "slut #slut: " + quoted(state_.field("end").empty() ? "Sagen er færdig" : state_.field("end")));
    return std::move(out_);
  }

 private:
  bool keeps_element(const Card& card) const {
    const std::string& element = card.field("element");
    return !element.empty() && (!duties_.contains(element) || card.claims.contains(element));
  }

  std::vector<const Card*> in(const std::string& column) const {  // by role, then by order
    std::vector<const Card*> out;
    for (const Line& role : state_.roles)
      for (const std::string& id : state_.order)
        if (const Card& card = state_.cards.at(id); card.column == column && card.role == role.id) out.push_back(&card);
    return out;
  }

  std::string id_of(const Card& card) {
    if (keeps_element(card)) return element_id(card.field("element"));
    std::string id = "kort_" + element_id(card.id);
    while (!taken_.insert(id).second || duties_.contains(id)) id += "_";
    return id;
  }

  void card(const Card& one, int depth) {
    const bool wait = one.field("kind") == "wait" && !one.field("waiting").empty();
    const bool calls = !one.field("calls").empty();
    const std::string name = ": " + quoted(one.field("text")), id = " #" + id_of(one);
    if (wait) line(depth, "vent timer varighed " + quoted(timer_of(one.field("waiting"))) + id + name);
    else if (calls) line(depth, "kald " + quoted(process_of(one.field("calls"))) + id + name);
    else line(depth, "bruger" + id + name);
    for (const auto law : base::split(one.field("law"), '\n'))
      if (const auto text = base::trim(law); !text.empty()) line(depth + 1, "lov: " + quoted(text));
    if (calls) line(depth + 1, "pakke: " + quoted(one.field("calls")));
    if (!one.claims.empty()) line(depth + 1, "egenskab daekker: " + quoted(base::join({one.claims.begin(), one.claims.end()}, ", ")));
    property(depth, "korttype", one.field("kind") == "activity" || wait ? std::string() : one.field("kind"));
    property(depth, "behandlingstid", one.field("handling"));
    property(depth, "ventetid", one.field("waiting"));
    property(depth, "andel", one.field("share") == "100" ? std::string() : one.field("share"));
    property(depth, "forudsaetninger", one.field("prerequisites"));
    property(depth, "ideer", one.field("ideas"));
    property(depth, "it-krav", one.field("it"));
    if (!wait && !one.field("document").empty()) line(depth + 1, "skriver: " + quoted(one.field("document")));
  }

  // A package's process is named as its folder is.
  static std::string process_of(const std::string& slug) { return slug.substr(slug.find('/') == std::string::npos ? 0 : slug.find('/') + 1); }

  void property(int depth, const char* name, const std::string& value) {
    if (!value.empty()) line(depth + 1, std::string("egenskab ") + name + ": " + quoted(value));
  }
  void line(int depth, const std::string& text) { out_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + "\n"; }

  const State& state_;
  const std::set<std::string>& duties_;
  std::set<std::string> taken_;
  std::string out_;
};

}  // namespace

std::string outline(const State& state, const std::string& id, const std::set<std::string>& duties) { return Writer(state, duties).write(id); }

base::Result<std::string> diagram(const State& state, const std::string& id, const std::set<std::string>& duties) {
  if (state.cards.empty()) return base::fail(base::ErrorCode::conflict, "there are no cards on the board", {}, "write a card first");
  TRY(const auto model, bpmn::from_text(outline(state, id, duties), "tavle.tekst"));
  TRY(const auto placed, bpmn::layout(*model));
  return bpmn::write(*placed);
}

}  // namespace bank::board
