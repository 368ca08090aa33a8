#include "bank/board/state.h"

#include <algorithm>

#include "bank/board/figures.h"
#include "base/limits_board.h"
#include "base/text.h"

namespace bank::board {
namespace {

using base::ErrorCode;
using base::Json;
namespace limits = base::limits;

enum class FieldKind : std::uint8_t { line, text, duration, percent, kind, id };
struct Field { std::string_view name; FieldKind kind; };
constexpr Field kFields[] = {
#define FIELD(name, kind, danish) {#name, FieldKind::kind},
#include "bank/board/fields.def"
#undef FIELD
};
const std::vector<std::string> kKinds = {"activity", "form", "meeting", "wait"};
const std::vector<std::string> kBoardFields = {"title", "problem", "vision", "start", "end", "beforeLead", "beforeHandling", "beforeSource"};
const std::string kNothing;

std::unexpected<base::Error> wrong(std::string message, std::string remedy = {}) { return base::fail(ErrorCode::invalid_argument, std::move(message), {}, std::move(remedy)); }
std::string shown(std::string_view text) { return "'" + std::string(text.substr(0, 60)) + "'"; }

base::Status check_id(std::string_view id) {
  constexpr std::size_t kIdBytes = 200;  // element ids of diagrams are among them
  constexpr std::string_view kJoints = "-_./";
  const auto fits = [&](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 || kJoints.find(static_cast<char>(c)) != kJoints.npos; };
  const bool good = !id.empty() && id.size() <= kIdBytes && std::all_of(id.begin(), id.end(), fits) && base::valid_utf8(id);
  return good ? base::Status{} : wrong(shown(id) + " is no id", "letters, digits, '-', '_', '.' and '/', at most 200 bytes");
}

base::Status check_text(std::string_view text, std::size_t most, bool lines) {
  if (text.size() > most) return base::fail(ErrorCode::limit_exceeded, "the text is longer than " + std::to_string(most) + " bytes", {}, "shorten it");
  const bool control = std::any_of(text.begin(), text.end(), [&](unsigned char c) { return c == 0x7f || (c < ' ' && !(lines && c == '\n')); });
  return control || !base::valid_utf8(text) ? wrong("the text has a control character", lines ? "lines end with \\n" : "one line of text") : base::Status{};
}

base::Status check_field(const std::string& name, const std::string& value) {
  const auto* field = std::find_if(std::begin(kFields), std::end(kFields), [&](const Field& f) { return f.name == name; });
  if (field == std::end(kFields)) return wrong("a card has no field " + shown(name), base::nearest(name, field_names()));
  switch (field->kind) {
    case FieldKind::line: return check_text(value, limits::kBoardNameBytes, false);
    case FieldKind::text: return check_text(value, limits::kBoardTextBytes, true);
    case FieldKind::id: return value.empty() ? base::Status{} : check_id(value);
    case FieldKind::duration: {
      auto range = parse_range(value);
      return range ? base::Status{} : std::unexpected(range.error());
    }
    case FieldKind::percent: {
      const bool digits = value.size() <= 3 && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
      return digits && (value.empty() || std::stoi(value) <= 100) ? base::Status{} : wrong(shown(value) + " is no share", "a whole number from 0 to 100");
    }
    case FieldKind::kind: return std::find(kKinds.begin(), kKinds.end(), value) != kKinds.end() ? base::Status{} : wrong(shown(value) + " is no kind of card", base::join(kKinds, ", "));
  }
  return {};
}

// One operation on one state; every method checks first and changes last.
class Applier {
 public:
  Applier(State& state, const Json& op, const Stamp& stamp) : state_(state), op_(op), stamp_(stamp) {}

  base::Result<Applied> run() {
    const std::string name = op_["op"].string_or("");
    base::Status done;
    if (name == "add") done = add();
    else if (name == "edit") done = edit();
    else if (name == "move") done = move();
    else if (name == "remove") done = remove();
    else if (name == "claim" || name == "unclaim") done = claim(name == "claim");
    else if (name == "excuse") done = excuse();
    else if (name == "goal" || name == "role" || name == "column") done = line(name);
    else if (name == "drop") done = drop();
    else if (name == "shift") done = shift();
    else if (name == "board") done = board();
    else done = wrong(shown(name) + " is no operation", "add, edit, move, remove, claim, unclaim, excuse, goal, role, column, drop, shift or board");
    if (!done) return std::unexpected(done.error());
    for (const std::string& thing : out_.touched) state_.stamps[thing] = stamp_;
    return std::move(out_);
  }

 private:
  std::string text(const char* name) const { return op_[name].string_or(""); }
  base::Result<Card*> card(const std::string& id) {
    const auto found = state_.cards.find(id);
    if (found == state_.cards.end()) return base::fail(ErrorCode::not_found, "there is no card " + shown(id) + " on the board (any more)");
    return &found->second;
  }
  base::Status check_place(const std::string& role, const std::string& column) const {
    if (index_of(state_.roles, role) < 0) return base::fail(ErrorCode::not_found, "there is no role " + shown(role) + " on the board");
    if (index_of(state_.columns, column) < 0) return base::fail(ErrorCode::not_found, "there is no column " + shown(column) + " on the board");
    return {};
  }
  // What stands before the card now: where its inverse puts it back.
  std::string before(const std::string& id) const {
    const auto at = std::find(state_.order.begin(), state_.order.end(), id);
    return at == state_.order.begin() || at == state_.order.end() ? std::string() : *(at - 1);
  }
  void place(const std::string& id, const std::string& after, const std::string& before) {
    auto& order = state_.order;
    std::erase(order, id);
    if (op_["first"].bool_or(false)) {
      order.insert(order.begin(), id);
      return;
    }
    auto at = after.empty() ? order.end() : std::find(order.begin(), order.end(), after);
    if (at != order.end()) ++at;
    else if (!before.empty()) at = std::find(order.begin(), order.end(), before);
    order.insert(at, id);
  }
  // An inverse that puts `id` back behind what stood before it; `first` where nothing did.
  void back_to(Json& inverse, const std::string& id) const {
    const std::string previous = before(id);
    if (previous.empty()) inverse.set("first", true);
    else inverse.set("after", previous);
  }
  void touch(std::string thing) { out_.touched.push_back(std::move(thing)); }

  base::Status add() {
    const Json& given = op_["card"];
    Card added{given["id"].string_or(""), given["role"].string_or(""), given["column"].string_or(""), {}, {}};
    TRY_VOID(check_id(added.id));
    if (state_.cards.contains(added.id)) return base::fail(ErrorCode::conflict, "the card " + shown(added.id) + " is on the board already");
    if (state_.cards.size() >= limits::kBoardCards) return base::fail(ErrorCode::limit_exceeded, "more cards than base::limits::kBoardCards", {}, "divide the workflow: one board for each part");
    TRY_VOID(check_place(added.role, added.column));
    for (const auto& [name, value] : given.is_object() ? given.as_object() : Json::Object{}) {
      if (name == "id" || name == "role" || name == "column" || name == "claims") continue;
      TRY_VOID(check_field(name, value.string_or("")));
      if (!value.string_or("").empty()) added.fields[name] = value.as_string();
    }
    if (added.field("text").empty()) return wrong("a card needs a text", "what is done, as in »Indkalder til møde«");
    for (const Json& duty : given["claims"].is_array() ? given["claims"].as_array() : Json::Array{}) {
      TRY_VOID(check_id(duty.string_or("")));
      added.claims.insert(duty.as_string());
    }
    if (added.claims.size() > limits::kBoardClaims) return base::fail(ErrorCode::limit_exceeded, "more claims than base::limits::kBoardClaims");
    out_.inverse = Json::Object{{"op", "remove"}, {"card", added.id}};
    touch("card/" + added.id);
    place(added.id, text("after"), text("before"));
    state_.cards[added.id] = std::move(added);
    return {};
  }

  base::Status edit() {
    TRY(Card* const one, card(text("card")));
    const std::string name = text("field"), value = text("value");
    TRY_VOID(check_field(name, value));
    if (name == "text" && base::trim(value).empty()) return wrong("a card needs a text", "remove the card instead");
    out_.inverse = Json::Object{{"op", "edit"}, {"card", one->id}, {"field", name}, {"value", one->field(name)}};
    touch("card/" + one->id + "/" + name);
    if (value.empty()) one->fields.erase(name);
    else one->fields[name] = value;
    return {};
  }

  base::Status move() {
    TRY(Card* const one, card(text("card")));
    const std::string role = text("role"), column = text("column");
    TRY_VOID(check_place(role, column));
    out_.inverse = Json::Object{{"op", "move"}, {"card", one->id}, {"role", one->role}, {"column", one->column}};
    back_to(out_.inverse, one->id);
    touch("card/" + one->id + "/place");
    place(one->id, text("after"), text("before"));
    one->role = role;
    one->column = column;
    return {};
  }

  base::Status remove() {
    TRY(Card* const one, card(text("card")));
    const std::string id = one->id;
    out_.inverse = Json::Object{{"op", "add"}, {"card", card_json(*one)}};
    back_to(out_.inverse, id);
    touch("card/" + id);
    std::erase(state_.order, id);
    state_.cards.erase(id);
    return {};
  }

  base::Status claim(bool on) {
    TRY(Card* const one, card(text("card")));
    const std::string duty = text("duty");
    TRY_VOID(check_id(duty));
    if (on == one->claims.contains(duty)) return base::fail(ErrorCode::conflict, on ? "the card claims this duty already" : "the card does not claim this duty");
    if (on && one->claims.size() >= limits::kBoardClaims) return base::fail(ErrorCode::limit_exceeded, "more claims than base::limits::kBoardClaims");
    out_.inverse = Json::Object{{"op", on ? "unclaim" : "claim"}, {"card", one->id}, {"duty", duty}};
    touch("card/" + one->id + "/claim/" + duty);
    on ? static_cast<void>(one->claims.insert(duty)) : static_cast<void>(one->claims.erase(duty));
    return {};
  }

  base::Status excuse() {
    const std::string duty = text("duty"), reason(base::trim(text("reason")));
    TRY_VOID(check_id(duty));
    TRY_VOID(check_text(reason, limits::kBoardTextBytes, true));
    const auto old = state_.excuses.find(duty);
    out_.inverse = Json::Object{{"op", "excuse"}, {"duty", duty}, {"reason", old == state_.excuses.end() ? std::string() : old->second.reason}};
    touch("excuse/" + duty);
    if (reason.empty()) state_.excuses.erase(duty);
    else state_.excuses[duty] = {reason, stamp_.by, stamp_.at};
    return {};
  }

  std::vector<Line>* lines(const std::string& what) {
    if (what == "role") return &state_.roles;
    if (what == "column") return &state_.columns;
    return what == "goal" ? &state_.goals : nullptr;
  }

  static std::string neighbour(const std::vector<Line>& all, int at) { return at > 0 ? all[static_cast<std::size_t>(at) - 1].id : std::string(); }
  static std::size_t behind(const std::vector<Line>& all, const Json& after) {
    if (!after.is_string()) return all.size();  // not said: last
    const int at = index_of(all, after.as_string());
    return after.as_string().empty() ? 0 : at < 0 ? all.size() : static_cast<std::size_t>(at) + 1;
  }

  // New words of an existing line, or a new line behind `after`.
  base::Status line(const std::string& what) {
    auto& all = *lines(what);
    const std::string id = text("id"), words = text("text");
    TRY_VOID(check_id(id));
    TRY_VOID(check_text(words, what == "goal" ? limits::kBoardTextBytes : limits::kBoardNameBytes, false));
    if (base::trim(words).empty()) return wrong("a " + what + " needs words");
    if (what != "goal" && std::any_of(all.begin(), all.end(), [&](const Line& l) { return l.text == words && l.id != id; }))
      return base::fail(ErrorCode::conflict, "there is another " + what + " of this name", {}, "another name");
    const int at = index_of(all, id);
    if (at < 0 && all.size() >= (what == "goal" ? limits::kBoardGoals : limits::kBoardLines))
      return base::fail(ErrorCode::limit_exceeded, what == "goal" ? "more goals than base::limits::kBoardGoals" : "more lines than base::limits::kBoardLines");
    touch(what + "/" + id);
    if (at >= 0) {
      out_.inverse = Json::Object{{"op", what}, {"id", id}, {"text", all[static_cast<std::size_t>(at)].text}};
      all[static_cast<std::size_t>(at)].text = words;
    } else {
      out_.inverse = Json::Object{{"op", "drop"}, {"what", what}, {"id", id}};
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(behind(all, op_["after"])), {id, words});
    }
    return {};
  }

  base::Status drop() {
    const std::string what = text("what"), id = text("id");
    auto* all = lines(what);
    if (all == nullptr) return wrong("'what' is " + shown(what), "goal, role or column");
    const int at = index_of(*all, id);
    if (at < 0) return base::fail(ErrorCode::not_found, "there is no " + what + " " + shown(id) + " on the board (any more)");
    const bool used = std::any_of(state_.cards.begin(), state_.cards.end(), [&](const auto& c) { return (what == "role" && c.second.role == id) || (what == "column" && c.second.column == id); });
    if (used) return base::fail(ErrorCode::conflict, "there are cards in this " + what, {}, "move or remove them first");
    out_.inverse = Json::Object{{"op", what}, {"id", id}, {"text", (*all)[static_cast<std::size_t>(at)].text}, {"after", neighbour(*all, at)}};
    touch(what + "/" + id);
    all->erase(all->begin() + at);
    return {};
  }

  base::Status shift() {
    const std::string what = text("what"), id = text("id");
    auto* all = lines(what);
    if (all == nullptr) return wrong("'what' is " + shown(what), "goal, role or column");
    const int at = index_of(*all, id);
    if (at < 0) return base::fail(ErrorCode::not_found, "there is no " + what + " " + shown(id) + " on the board (any more)");
    if (text("after") == id) return wrong("nothing stands behind itself");
    out_.inverse = Json::Object{{"op", "shift"}, {"what", what}, {"id", id}, {"after", neighbour(*all, at)}};
    touch(what + "/" + id + "/place");
    const Line moved = (*all)[static_cast<std::size_t>(at)];
    all->erase(all->begin() + at);
    all->insert(all->begin() + static_cast<std::ptrdiff_t>(behind(*all, op_["after"])), moved);
    return {};
  }

  base::Status board() {
    const std::string name = text("field"), value = text("value");
    if (std::find(kBoardFields.begin(), kBoardFields.end(), name) == kBoardFields.end()) return wrong("a board has no field " + shown(name), base::nearest(name, kBoardFields));
    if (name == "beforeLead" || name == "beforeHandling") {
      TRY_VOID(check_field("handling", value));
    } else {
      const bool long_text = name == "problem" || name == "vision";
      TRY_VOID(check_text(value, long_text ? limits::kBoardTextBytes : limits::kBoardNameBytes, long_text));
    }
    if (name == "title" && base::trim(value).empty()) return wrong("a board needs a title");
    out_.inverse = Json::Object{{"op", "board"}, {"field", name}, {"value", state_.field(name)}};
    touch("board/" + name);
    if (value.empty()) state_.fields.erase(name);
    else state_.fields[name] = value;
    return {};
  }

  State& state_;
  const Json& op_;
  const Stamp& stamp_;
  Applied out_;
};

}  // namespace

const std::string& Card::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? kNothing : found->second;
}

const std::string& State::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? kNothing : found->second;
}

int index_of(const std::vector<Line>& all, std::string_view id) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].id == id) return static_cast<int>(i);
  return -1;
}

std::vector<std::string> field_names() {
  std::vector<std::string> out;
  for (const Field& field : kFields) out.emplace_back(field.name);
  return out;
}

base::Result<Applied> apply(State& state, const Json& operation, const Stamp& stamp) { return Applier(state, operation, stamp).run(); }

Json card_json(const Card& card) {
  Json out = Json::Object{{"id", card.id}, {"role", card.role}, {"column", card.column}};
  for (const auto& [name, value] : card.fields) out.set(name, value);
  Json claims = Json::array();
  for (const std::string& duty : card.claims) claims.push(duty);
  out.set("claims", std::move(claims));
  return out;
}

Json lines_json(const std::vector<Line>& all) {
  Json out = Json::array();
  for (const Line& one : all) out.push(Json::Object{{"id", one.id}, {"text", one.text}});
  return out;
}

Json excuses_json(const State& state) {
  Json out = Json::array();
  for (const auto& [duty, excuse] : state.excuses) out.push(Json::Object{{"duty", duty}, {"reason", excuse.reason}, {"by", excuse.by}, {"at", excuse.at}});
  return out;
}

}  // namespace bank::board
