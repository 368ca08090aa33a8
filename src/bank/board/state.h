// A board as it stands: the fold of its operations (docs/cards.md). A plain value; boards.h stores, shares and undoes.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

namespace bank::board {

struct Card {
  std::string id, role, column;               // ids of lines
  std::map<std::string, std::string> fields;  // of fields.def; an absent one is empty
  std::set<std::string> claims;               // ids of duties
  const std::string& field(const std::string& name) const;
};
struct Line { std::string id, text; };        // a role, a column or a goal
struct Excuse { std::string reason, by; base::Millis at = 0; };
// Who changed a thing last: what undo asks.
struct Stamp { std::int64_t revision = 0; std::string by; base::Millis at = 0; };

struct State {
  std::map<std::string, std::string> fields;  // title, problem, vision, start, end, beforeLead, beforeHandling, beforeSource
  std::vector<Line> roles, columns, goals;
  std::vector<std::string> order;             // every card once; the order within a cell is the order here
  std::map<std::string, Card> cards;
  std::map<std::string, Excuse> excuses;      // duty → why it is left out
  std::map<std::string, Stamp> stamps;        // "card/<id>/<field>" …
  const std::string& field(const std::string& name) const;
};

// What an operation did: its inverse, and the things it touched (the keys of stamps).
struct Applied { base::Json inverse; std::vector<std::string> touched; };

// Errors leave the state as it was: invalid_argument, not_found (card, role …), conflict (id taken, role in use), limit_exceeded.
base::Result<Applied> apply(State&, const base::Json& operation, const Stamp&);

base::Json card_json(const Card&);
base::Json lines_json(const std::vector<Line>&);
base::Json excuses_json(const State&);
std::vector<std::string> field_names();       // of fields.def
int index_of(const std::vector<Line>&, std::string_view id);  // -1 = none

}  // namespace bank::board
