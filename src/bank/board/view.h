// What a board shows: its parts as JSON (docs/api.md), what an operation changed, and operations in Danish words.
#pragma once
#include "bank/board/figures.h"
#include "bank/board/state.h"
#include "bank/coverage.h"

namespace bank::board {

Claims board_claims(const State&);
std::map<std::string, bank::Excuse> board_excuses(const State&);
Figures state_figures(const State&);
// now: of the board; deck: of the starting deck, used as "before" where nobody wrote one. today: day of calendar.h.
base::Json clock_json(const State&, const Figures& deck, std::int64_t today);
base::Json texts_json(const std::vector<std::string>&);
base::Json operation_json(std::int64_t revision, const std::string& by, base::Millis at, int mode, const base::Json& op);
void add_state(base::Json& out, const State&);                         // fields, roles, columns, goals, order, cards, excuses
void add_changes(base::Json& out, const State&, const base::Json& op); // those of them that the operation changed; `removed`: ids of cards
std::string operation_words(const State& now, const base::Json& op, const base::Json& inverse);  // "flyttede »Indkalder« til Borger, Trin 2"

}  // namespace bank::board
