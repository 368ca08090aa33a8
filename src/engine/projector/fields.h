// Searches as SQL: which fields a kind has, how a request is read, how filters become conditions. Field names and values
// never enter the SQL text: names are looked up here, values are bound.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "store/database.h"
#include "store/keys.h"

namespace engine {

enum class FieldType : std::uint8_t {
  key,      // integer in the table, text in JSON
  text,
  integer,
  time,     // milliseconds in the table, ISO text in JSON
  flag,     // expression that is 0 or 1
  json,     // JSON text in the table
  date,     // ISO 8601 date or date-time as text, empty where there is none: sorted by its moment, none last in either order
  sealed,   // packed JSON in `data`, sealed with `slot`; not filterable
};
struct Field {
  const char* name;  // in JSON
  const char* sql;   // column or expression; for sealed: the context it was sealed with
  FieldType type;
  bool hidden = false;  // filter only
};
struct Kind {
  const char* name;
  const char* from;       // tables with joins; the main one is t
  const char* condition;  // always there, or ""
  const char* key_field;
  std::vector<Field> fields;
};
const Kind* find_kind(std::string_view name);

struct Sort { std::string field; bool descending = false; };
struct Request {
  base::Json filter = base::Json::object();
  std::vector<Sort> sort;
  std::size_t from = 0, limit = 100;
  std::int64_t after_key = 0;     // with the default order
  bool has_after_key = false;
};
base::Result<Request> parse_request(const base::Json&);

struct Binding { std::string text; std::int64_t integer = 0; bool is_text = true; };
struct Sql {
  std::string select, count;
  std::vector<Binding> bindings;
  std::size_t count_bindings = 0;
};
base::Result<Sql> build_sql(const Kind&, const Request&, const std::string& authority);
void bind_all(store::Statement&, const std::vector<Binding>&, std::size_t count);
// The row of a select made by build_sql: column 0 is the key, then the fields, then slot and data where something is sealed.
base::Json row_item(const Kind&, const store::Statement&, store::Keys*);
base::Json page_of(base::Json items, std::int64_t total, const Request&, const std::string& first, const std::string& last);
// The same filters, sorting and pages over items in memory.
base::Result<base::Json> filter_items(std::vector<base::Json> items, const Request&, std::string_view kind);

inline constexpr std::int64_t kCountLimit = 10'000;  // totals beyond it are "more than": counting them all is a scan

}  // namespace engine
