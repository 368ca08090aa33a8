// One board in memory. Private to boards.cc and store.cc.
#pragma once
#include "bank/board/boards.h"
#include "bank/board/view.h"

namespace bank::board {

struct Boards::Board {
  std::int64_t key = 0;
  std::string authority, by;
  std::vector<std::string> sources;       // slugs it is drawn from: `afledt_af` of what becomes of it
  base::Millis created = 0;
  std::size_t deck = 0;                   // the first operations: the starting deck
  Figures deck_figures;                   // the clock of the deck
  std::mutex mutex;                       // of what follows
  State state;
  std::vector<Operation> operations;
  std::map<std::string, Person> people;   // client → who
  bool gone = false;
  std::int64_t revision() const { return operations.empty() ? 0 : operations.back().revision; }
};

}  // namespace bank::board
