#include "dmn/coverage_column.h"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "base/text.h"
#include "feel/cell.h"

namespace dmn {

using base::Decimal;
using feel::Kind;
using feel::Value;

namespace {

// A constant of a kind that columns can hold. The common forms are read without FEEL: a large table has many of them.
std::optional<Value> constant(std::string_view text) {
  text = base::trim(text);
  if (text.empty()) return std::nullopt;
  if (text.size() >= 2 && text.front() == '"' && text.find_first_of("\\\"", 1) == text.size() - 1) return Value::string(std::string(text.substr(1, text.size() - 2)));
  if (text == "true" || text == "false") return Value::boolean(text == "true");
  const std::size_t digits = text.front() == '-' ? 1 : 0;
  if (digits < text.size() && text.find_first_not_of("0123456789.", digits) == std::string_view::npos && text.back() != '.' && text[digits] != '.') {
    if (const auto number = Decimal::parse(text)) return Value::number(*number);
  }
  const auto expression = feel::compile(text);
  if (!expression || !expression->is_constant()) return std::nullopt;
  Value value = expression->evaluate({}, {});
  switch (value.kind()) {
    case Kind::boolean: case Kind::number: case Kind::string: case Kind::date: case Kind::time: case Kind::date_time: case Kind::years_months: case Kind::days_time:
      return value;
    default: return std::nullopt;
  }
}

// "< 5", "? < 5", "[1..2]", "? in [1..2]", "x", "= x".
std::optional<CellTest::Piece> read_piece(std::string_view text) {
  if (text.starts_with("?")) {
    text = base::trim(text.substr(1));
    if (text.starts_with("in ") || text.starts_with("in[") || text.starts_with("in(")) text = base::trim(text.substr(2));
    else if (text.empty() || std::string_view("<>=").find(text.front()) == std::string_view::npos) return std::nullopt;
  }
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
  if (text.starts_with("=")) text = text.substr(1);
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
    case Kind::time: {  // without a zone: a time of day
      const feel::Time& t = value.as_time();
      return t.zone.none() && t.nano == 0 ? std::optional(Decimal(t.hour * 3600 + t.minute * 60 + t.second)) : std::nullopt;
    }
    case Kind::date_time: {
      if (value.as_date_time().time.nano % 1'000'000 != 0) return std::nullopt;
      const auto millis = feel::to_millis(value.as_date_time(), "UTC");
      return millis ? std::optional(Decimal(*millis)) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

// The value at a place, in the kind and zone form of a neighbour.
std::optional<Value> value_at(const Decimal& at, const Value& near) {
  const auto whole = at.as_int64();
  if (near.kind() == Kind::number) return Value::number(at);
  if (!whole) return std::nullopt;
  switch (near.kind()) {
    case Kind::date: return Value::date(feel::civil_from_days(*whole));
    case Kind::years_months: return Value::years_months({*whole});
    case Kind::days_time: return Value::days_time({*whole, 0});
    case Kind::time:
      if (*whole < 0 || *whole >= 86'400) return std::nullopt;
      return Value::time({static_cast<int>(*whole / 3600), static_cast<int>(*whole / 60 % 60), static_cast<int>(*whole % 60), 0, {}});
    case Kind::date_time: {
      feel::DateTime moment = feel::from_millis(*whole, "UTC");
      moment.time.zone = near.as_date_time().time.zone.none() ? feel::Zone{} : feel::Zone{0, {}};
      return Value::date_time(moment);
    }
    default: return std::nullopt;
  }
}

Example example_of(const Value& value) {
  const std::string text = feel::text(value);
  switch (value.kind()) {
    case Kind::string: {
      std::string quoted = "\"";
      for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
      }
      quoted += '"';
      return {quoted, quoted, quoted};
    }
    case Kind::number:
    case Kind::boolean: return {text, text, text};
    default: return {text, text, "@\"" + text + "\""};
  }
}

// Intervals in any order, overlapping or empty (first > last), as a cell.
Cell normal(std::vector<Interval> pieces) {
  std::erase_if(pieces, [](const Interval& i) { return i.first > i.last; });
  std::sort(pieces.begin(), pieces.end(), [](const Interval& a, const Interval& b) { return a.first < b.first; });
  Cell out;
  for (const Interval& piece : pieces) {
    if (!out.empty() && piece.first <= out.back().last + 1) out.back().last = std::max(out.back().last, piece.last);
    else out.push_back(piece);
  }
  return out;
}

Cell complement(const Cell& cell, std::uint32_t count) {
  Cell out;
  std::uint32_t next = 0;
  for (const Interval& held : cell) {
    if (held.first > next) out.push_back({next, held.first - 1});
    next = held.last + 1;
  }
  if (next < count) out.push_back({next, count - 1});
  return out;
}

// Texts and booleans: each value named is an atom, and so is everything else, unless the domain names all.
Column column_of_names(const std::vector<CellTest>& cells, const CellTest& domain, Kind kind) {
  auto values = std::make_shared<std::vector<Value>>();
  std::unordered_map<std::string, std::uint32_t> known;
  const auto index_of = [&](const Value& value) {
    const auto [at, fresh] = known.emplace(feel::text(value), static_cast<std::uint32_t>(values->size()));
    if (fresh) values->push_back(value);
    return at->second;
  };
  const bool closed = kind == Kind::boolean || (!domain.any && !domain.negated);
  if (kind == Kind::boolean) {
    index_of(Value::boolean(true));
    index_of(Value::boolean(false));
  }
  for (const CellTest::Piece& piece : domain.pieces) index_of(piece.value);
  const auto domain_size = static_cast<std::uint32_t>(values->size());
  for (const CellTest& cell : cells)
    for (const CellTest::Piece& piece : cell.pieces) index_of(piece.value);
  Column column;
  const std::uint32_t named = closed ? domain_size : static_cast<std::uint32_t>(values->size());  // values outside a closed domain never come
  column.count = named + (closed ? 0 : 1);
  for (const CellTest& cell : cells) {
    std::vector<Interval> held;
    for (const CellTest::Piece& piece : cell.pieces)
      if (const std::uint32_t at = index_of(piece.value); at < named) held.push_back({at, at});
    Cell atoms = cell.any && column.count > 0 ? Cell{{0, column.count - 1}} : normal(std::move(held));
    column.cells.push_back(cell.negated ? complement(atoms, column.count) : std::move(atoms));
  }
  std::string other = "anything else";
  while (known.contains(other)) other += '!';
  column.example = [values, named, kind, other](std::uint32_t atom) {
    if (atom < named) return example_of((*values)[atom]);
    if (kind == Kind::null) return Example{"anything", "hvad som helst", "null"};  // nothing but dashes
    return Example{"anything else", "noget andet", "\"" + other + "\""};
  };
  return column;
}

// Numbers, dates and what else has an order. Atom 2i is the open stretch before point i, atom 2i + 1 the point; the last is the stretch
// after all points. Those that the domain allows are kept, and count from 0.
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

  Column build(const std::vector<CellTest>& cells, const CellTest& domain) {
    std::sort(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.at < b.at; });
    points_.erase(std::unique(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.at == b.at; }), points_.end());
    count_ = static_cast<std::uint32_t>(2 * points_.size() + 1);
    auto kept = std::make_shared<std::vector<std::uint32_t>>();
    std::vector<std::uint32_t> before(count_ + 1);  // kept atoms before each
    const Cell allowed = atoms_of(domain);
    std::size_t at = 0;
    for (std::uint32_t atom = 0; atom < count_; ++atom) {
      before[atom] = static_cast<std::uint32_t>(kept->size());
      while (at < allowed.size() && allowed[at].last < atom) ++at;
      if (at < allowed.size() && allowed[at].first <= atom && !is_hollow(atom)) kept->push_back(atom);
    }
    before[count_] = static_cast<std::uint32_t>(kept->size());
    Column column;
    column.count = before[count_];
    for (const CellTest& cell : cells) {
      std::vector<Interval> held;
      for (const Interval& i : atoms_of(cell))
        if (before[i.last + 1] > before[i.first]) held.push_back({before[i.first], before[i.last + 1] - 1});
      column.cells.push_back(normal(std::move(held)));
    }
    column.example = [points = std::make_shared<std::vector<Point>>(std::move(points_)), kept](std::uint32_t atom) { return example(*points, (*kept)[atom]); };
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
    if (kind_ == Kind::date_time) {  // local and zoned moments have no order
      const bool local = value.as_date_time().time.zone.none();
      if (!points_.empty() && points_[0].value.as_date_time().time.zone.none() != local) return false;
    }
    points_.push_back({*at, value});
    return true;
  }

  std::uint32_t point_of(const Value& value) const {
    const Decimal at = *place(value);
    return static_cast<std::uint32_t>(std::lower_bound(points_.begin(), points_.end(), at, [](const Point& p, const Decimal& d) { return p.at < d; }) - points_.begin());
  }

  Cell atoms_of(const CellTest& test) const {
    std::vector<Interval> out;
    if (test.any) out.push_back({0, count_ - 1});
    for (const CellTest::Piece& piece : test.pieces) {
      Interval held{0, count_ - 1};
      if (!piece.is_range) held.first = held.last = 2 * point_of(piece.value) + 1;
      if (piece.low) held.first = 2 * point_of(*piece.low) + (piece.low_closed ? 1 : 2);
      if (piece.high) held.last = 2 * point_of(*piece.high) + (piece.high_closed ? 1 : 0);
      out.push_back(held);
    }
    Cell cell = normal(std::move(out));
    return test.negated ? complement(cell, count_) : cell;
  }

  // Between two neighbouring days or months lies nothing.
  bool is_hollow(std::uint32_t atom) const {
    const bool discrete = kind_ == Kind::date || kind_ == Kind::years_months;
    if (!discrete || atom % 2 == 1 || atom == 0 || atom == 2 * points_.size()) return false;
    const auto gap = Decimal::subtract(points_[atom / 2].at, points_[atom / 2 - 1].at);
    return gap && *gap <= Decimal(1);
  }

  // A value of the stretch: one more than its lower end, else the middle.
  static Example example(const std::vector<Point>& points, std::uint32_t atom) {
    if (atom % 2 == 1) return example_of(points[atom / 2].value);
    if (points.empty()) return {"anything", "hvad som helst", "null"};
    const bool first = atom == 0, last = atom == 2 * points.size();
    const Point& near = first ? points.front() : points[atom / 2 - 1];
    std::optional<Decimal> at = first ? Decimal::subtract(near.at, 1) : Decimal::add(near.at, 1);
    if (at && !first && !last && !(*at < points[atom / 2].at)) {
      at = Decimal::add(near.at, points[atom / 2].at);
      if (at) at = Decimal::divide(*at, 2);
    }
    if (at)
      if (const auto value = value_at(*at, near.value)) return example_of(*value);
    const std::string text = feel::text(near.value);
    if (first || last) return {(first ? "before " : "after ") + text, (first ? "før " : "efter ") + text, "null"};
    const std::string next = feel::text(points[atom / 2].value);
    return {"between " + text + " and " + next, "mellem " + text + " og " + next, "null"};
  }

  Kind kind_;
  std::uint32_t count_ = 0;
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
  for (const std::string_view piece : feel::alternatives(trimmed)) {
    auto read = read_piece(piece);
    if (!read) return std::nullopt;
    test.pieces.push_back(std::move(*read));
  }
  return test;
}

std::optional<Column> column_of(const std::vector<CellTest>& cells, const CellTest& domain, const feel::TypePtr& type) {
  std::vector<const CellTest*> tests{&domain};
  for (const CellTest& cell : cells) tests.push_back(&cell);
  bool has_range = false;
  auto kind = kind_of(tests, has_range);
  if (!kind) return std::nullopt;
  if (*kind == Kind::null && type && type->kind == feel::TypeKind::boolean) kind = Kind::boolean;
  if (*kind == Kind::string || *kind == Kind::boolean || *kind == Kind::null) {
    if (has_range) return std::nullopt;
    return column_of_names(cells, domain, *kind);
  }
  OrderedColumn ordered(*kind);
  if (!std::all_of(tests.begin(), tests.end(), [&](const CellTest* test) { return ordered.add(*test); })) return std::nullopt;
  return ordered.build(cells, domain);
}

}  // namespace dmn
