#include "dmn/coverage_column.h"

#include <algorithm>

#include "base/text.h"
#include "feel/feel.h"

namespace dmn {

using base::Decimal;
using feel::Kind;
using feel::Value;

namespace {

// Top-level commas only: not those in texts, calls or lists.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> out(1);
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\' && i + 1 < text.size()) out.back() += text[i++];
      else if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '(' || c == '{') {
      ++depth;
    } else if (c == ')' || c == '}') {
      --depth;
    } else if (c == ',' && depth <= 0) {
      out.emplace_back();
      continue;
    }
    out.back() += text[i];
  }
  return out;
}

std::optional<Value> constant(std::string_view text) {
  const std::string trimmed(base::trim(text));
  if (trimmed.empty()) return std::nullopt;
  const auto expression = feel::compile(trimmed);
  if (!expression || !expression->is_constant()) return std::nullopt;
  Value value = expression->evaluate({}, {});
  switch (value.kind()) {
    case Kind::boolean: case Kind::number: case Kind::string: case Kind::date: case Kind::date_time: case Kind::years_months: case Kind::days_time:
      return value;
    default: return std::nullopt;
  }
}

std::optional<CellTest::Piece> read_piece(std::string_view text) {
  CellTest::Piece piece;
  piece.is_range = true;
  const auto one_sided = [&](std::size_t skip, bool low, bool closed) -> std::optional<CellTest::Piece> {
    const auto end = constant(text.substr(skip));
    if (!end) return std::nullopt;
    (low ? piece.low : piece.high) = *end;
    (low ? piece.low_closed : piece.high_closed) = closed;
    return piece;
  };
  if (text.starts_with("<=")) return one_sided(2, false, true);
  if (text.starts_with("<")) return one_sided(1, false, false);
  if (text.starts_with(">=")) return one_sided(2, true, true);
  if (text.starts_with(">")) return one_sided(1, true, false);
  const auto dots = text.find("..");
  const bool brackets = !text.empty() && std::string_view("[](").find(text.front()) != std::string_view::npos && std::string_view("[])")
      .find(text.back()) != std::string_view::npos;
  if (brackets && dots != std::string_view::npos) {
    piece.low = constant(text.substr(1, dots - 1));
    piece.high = constant(text.substr(dots + 2, text.size() - dots - 3));
    piece.low_closed = text.front() == '[';
    piece.high_closed = text.back() == ']';
    if (!piece.low || !piece.high) return std::nullopt;
    return piece;
  }
  const auto value = constant(text);
  if (!value) return std::nullopt;
  piece.is_range = false;
  piece.value = *value;
  return piece;
}

// A place on the number line for kinds that are ordered; dates and months in whole steps.
std::optional<Decimal> place(const Value& value) {
  switch (value.kind()) {
    case Kind::number: return value.as_number();
    case Kind::date: return Decimal(feel::days_from_civil(value.as_date()));
    case Kind::years_months: return Decimal(value.as_years_months().months);
    case Kind::days_time: return value.as_days_time().nano == 0 ? std::optional(Decimal(value.as_days_time().seconds)) : std::nullopt;
    case Kind::date_time: {
      const auto millis = feel::to_millis(value.as_date_time(), "UTC");
      return millis ? std::optional(Decimal(*millis)) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

void set(AtomSet& atoms, std::size_t atom) { atoms[atom / 64] |= std::uint64_t{1} << (atom % 64); }

// Texts and booleans: each value named is an atom, and so is everything else, unless the domain names all.
std::optional<Column> column_of_names(const std::vector<CellTest>& cells, const CellTest& domain, Kind kind) {
  std::vector<Value> values;
  const auto index_of = [&](const Value& value) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (feel::equal(values[i], value).is_true()) return i;
    values.push_back(value);
    return values.size() - 1;
  };
  const bool closed = kind == Kind::boolean || (!domain.any && !domain.negated);
  if (kind == Kind::boolean) {
    index_of(Value::boolean(true));
    index_of(Value::boolean(false));
  }
  for (const CellTest::Piece& piece : domain.pieces) index_of(piece.value);
  const std::size_t domain_size = values.size();
  for (const CellTest& cell : cells)
    for (const CellTest::Piece& piece : cell.pieces) index_of(piece.value);
  Column column;
  const std::size_t known = closed ? domain_size : values.size();  // values outside a closed domain never come
  for (std::size_t i = 0; i < known; ++i) column.atoms.push_back(feel::text(values[i]));
  if (kind == Kind::string)
    for (std::string& atom : column.atoms) atom = "\"" + atom + "\"";
  if (!closed) column.atoms.push_back("anything else");
  for (const CellTest& cell : cells) {
    AtomSet atoms((column.atoms.size() + 63) / 64);
    std::vector<char> named(column.atoms.size());
    for (const CellTest::Piece& piece : cell.pieces)
      if (const std::size_t at = index_of(piece.value); at < known) named[at] = 1;
    for (std::size_t i = 0; i < named.size(); ++i)
      if (cell.any || (named[i] != 0) != cell.negated) set(atoms, i);
    column.cells.push_back(std::move(atoms));
  }
  return column;
}

class OrderedColumn {
 public:
  explicit OrderedColumn(Kind kind) : kind_(kind) {}

  bool add(const CellTest& test) {
    for (const CellTest::Piece& piece : test.pieces) {
      if (!piece.is_range && !add(piece.value)) return false;
      if (piece.low && !add(*piece.low)) return false;
      if (piece.high && !add(*piece.high)) return false;
    }
    return true;
  }

  // Atom 2i is the open stretch before point i, atom 2i + 1 the point; the last is the stretch after all points.
  std::optional<Column> build(const std::vector<CellTest>& cells, const CellTest& domain) {
    std::sort(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.at < b.at; });
    points_.erase(std::unique(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.at == b.at; }), points_.end());
    const std::size_t count = 2 * points_.size() + 1;
    const std::vector<char> allowed = atoms_of(domain, count);
    std::vector<std::size_t> kept;
    Column column;
    for (std::size_t atom = 0; atom < count; ++atom) {
      if (!allowed[atom] || is_hollow(atom)) continue;
      kept.push_back(atom);
      column.atoms.push_back(example(atom));
    }
    for (const CellTest& cell : cells) {
      const std::vector<char> held = atoms_of(cell, count);
      AtomSet atoms((kept.size() + 63) / 64);
      for (std::size_t i = 0; i < kept.size(); ++i)
        if (held[kept[i]]) set(atoms, i);
      column.cells.push_back(std::move(atoms));
    }
    return column;
  }

 private:
  struct Point {
    Decimal at;
    Value value;
  };

  bool add(const Value& value) {
    const auto at = place(value);
    if (!at || value.kind() != kind_) return false;
    points_.push_back({*at, value});
    return true;
  }

  std::size_t point_of(const Value& value) const {
    const Decimal at = *place(value);
    return std::lower_bound(points_.begin(), points_.end(), at, [](const Point& p, const Decimal& d) { return p.at < d; }) - points_.begin();
  }

  std::vector<char> atoms_of(const CellTest& test, std::size_t count) const {
    std::vector<char> out(count, test.any);
    for (const CellTest::Piece& piece : test.pieces) {
      std::size_t first = 0, last = count - 1;
      if (!piece.is_range) first = last = 2 * point_of(piece.value) + 1;
      if (piece.low) first = 2 * point_of(*piece.low) + (piece.low_closed ? 1 : 2);
      if (piece.high) last = 2 * point_of(*piece.high) + (piece.high_closed ? 1 : 0);
      for (std::size_t atom = first; atom <= last && atom < count; ++atom) out[atom] = 1;
    }
    if (test.negated)
      for (char& held : out) held = !held;
    return out;
  }

  // Between two neighbouring days or months lies nothing.
  bool is_hollow(std::size_t atom) const {
    const bool discrete = kind_ == Kind::date || kind_ == Kind::years_months;
    if (!discrete || atom % 2 == 1 || atom == 0 || atom == 2 * points_.size()) return false;
    const auto gap = Decimal::subtract(points_[atom / 2].at, points_[atom / 2 - 1].at);
    return gap && *gap <= Decimal(1);
  }

  std::string shown(const Decimal& at) const {
    if (kind_ == Kind::number) return at.text();
    if (kind_ == Kind::date && at.as_int64()) return feel::text(feel::civil_from_days(*at.as_int64()));
    return {};
  }

  std::string example(std::size_t atom) const {
    if (atom % 2 == 1) return feel::text(points_[atom / 2].value);
    if (points_.empty()) return "anything";
    const bool first = atom == 0, last = atom == 2 * points_.size();
    const Point& near = first ? points_.front() : points_[atom / 2 - 1];
    std::optional<Decimal> at = first ? Decimal::subtract(near.at, 1) : Decimal::add(near.at, 1);
    if (kind_ == Kind::number && !first && !last) {
      at = Decimal::add(near.at, points_[atom / 2].at);
      if (at) at = Decimal::divide(*at, 2);
    }
    if (at)
      if (std::string text = shown(*at); !text.empty()) return text;
    if (first || last) return (first ? "before " : "after ") + feel::text(near.value);
    return "between " + feel::text(near.value) + " and " + feel::text(points_[atom / 2].value);
  }

  Kind kind_;
  std::vector<Point> points_;
};

std::optional<Kind> kind_of(const std::vector<const CellTest*>& tests, bool& has_range) {
  std::optional<Kind> kind;
  for (const CellTest* test : tests) {
    for (const CellTest::Piece& piece : test->pieces) {
      has_range |= piece.is_range;
      for (const Value* value : {piece.is_range ? nullptr : &piece.value, piece.low ? &*piece.low : nullptr, piece.high ? &*piece.high : nullptr}) {
        if (value == nullptr) continue;
        if (kind && *kind != value->kind()) return std::nullopt;
        kind = value->kind();
      }
    }
  }
  return kind ? kind : Kind::null;  // null: nothing but dashes
}

}  // namespace

std::optional<CellTest> read_cell(const std::string& text) {
  std::string_view trimmed = base::trim(text);
  CellTest test;
  if (trimmed.empty() || trimmed == "-") {
    test.any = true;
    return test;
  }
  if (trimmed.starts_with("not(") && trimmed.ends_with(")")) {
    test.negated = true;
    trimmed = trimmed.substr(4, trimmed.size() - 5);
  }
  for (const std::string& piece : pieces_of(trimmed)) {
    auto read = read_piece(base::trim(piece));
    if (!read) return std::nullopt;
    test.pieces.push_back(std::move(*read));
  }
  return test;
}

bool meet(const AtomSet& a, const AtomSet& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] & b[i]) return true;
  return false;
}

std::optional<Column> column_of(const std::vector<CellTest>& cells, const CellTest& domain) {
  std::vector<const CellTest*> tests{&domain};
  for (const CellTest& cell : cells) tests.push_back(&cell);
  bool has_range = false;
  const auto kind = kind_of(tests, has_range);
  if (!kind) return std::nullopt;
  if (*kind == Kind::string || *kind == Kind::boolean || *kind == Kind::null) {
    if (has_range) return std::nullopt;
    return column_of_names(cells, domain, *kind);
  }
  OrderedColumn ordered(*kind);
  if (!std::all_of(tests.begin(), tests.end(), [&](const CellTest* test) { return ordered.add(*test); })) return std::nullopt;
  return ordered.build(cells, domain);
}

}  // namespace dmn
