// Shorthands of this room over store::Connection.
#pragma once
#include <string>
#include <utility>

#include "store/database.h"

namespace bank::understand {

inline void bind_at(store::Statement& s, int i, const std::string& v) { s.bind_text(i, v); }
inline void bind_at(store::Statement& s, int i, const char* v) { s.bind_text(i, v); }
inline void bind_at(store::Statement& s, int i, std::int64_t v) { s.bind(i, v); }
inline void bind_at(store::Statement& s, int i, int v) { s.bind(i, v); }

template <class... Values>
store::Statement& bound(store::Statement* statement, const Values&... values) {
  statement->begin();
  int i = 0;
  (bind_at(*statement, ++i, values), ...);
  return *statement;
}

// Calls `row` with each row of the answer.
template <class Row, class... Values>
base::Status each_row(store::Connection& db, std::string_view sql, Row&& row, const Values&... values) {
  TRY(auto* statement, db.prepare(sql));
  bound(statement, values...);
  while (true) {
    TRY(const bool more, statement->step());
    if (!more) return {};
    row(std::as_const(*statement));
  }
}

template <class... Values>
base::Status change(store::Connection& db, std::string_view sql, const Values&... values) {
  TRY(auto* statement, db.prepare(sql));
  return bound(statement, values...).run();
}

}  // namespace bank::understand
