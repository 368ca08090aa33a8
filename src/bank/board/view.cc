#include "bank/board/view.h"

#include <algorithm>

#include "bank/board/calendar.h"
#include "base/time.h"

namespace bank::board {
namespace {

using base::Json;

std::string quote(const std::string& text) { return "»" + text + "«"; }

Json range_json(const Range& range) { return Json::Object{{"low", range.low}, {"high", range.high}, {"text", words(range)}}; }

Json drawn_json(const Range& range, double median, double most) {
  Json out = range_json(range);
  out.set("median", words({median, median}));
  out.set("most", words({most, most}));
  return out;
}

// What people wrote counts; else what the starting deck took.
Json before_json(const std::string& written, const Range& deck) {
  const Range range = written.empty() ? deck : parse_range(written).value_or(Range{});
  if (range.high <= 0) return {};
  Json out = range_json(range);
  out.set("written", !written.empty());
  return out;
}

std::string line_text(const std::vector<Line>& all, const std::string& id) {
  const int at = index_of(all, id);
  return at < 0 ? id : all[static_cast<std::size_t>(at)].text;
}

}  // namespace

Claims board_claims(const State& state) {
  Claims out;
  for (const std::string& id : state.order)
    for (const std::string& duty : state.cards.at(id).claims) out[duty].push_back({id, state.cards.at(id).field("text")});
  return out;
}

std::map<std::string, bank::Excuse> board_excuses(const State& state) {
  std::map<std::string, bank::Excuse> out;
  for (const auto& [duty, excuse] : state.excuses) out[duty] = {excuse.reason, excuse.by, excuse.at};
  return out;
}

Figures state_figures(const State& state) {
  std::vector<Timed> timed;
  for (const auto& [id, card] : state.cards) {
    const std::string& share = card.field("share");
    timed.push_back({id, index_of(state.columns, card.column), parse_range(card.field("handling")).value_or(Range{}), parse_range(card.field("waiting")).value_or(Range{}),
        share.empty() ? 100 : std::atoi(share.c_str())});
  }
  return figures(std::move(timed));
}

Json clock_json(const State& state, const Figures& deck, std::int64_t today) {
  const Figures now = state_figures(state);
  Json out = Json::Object{{"lead", drawn_json(now.lead, now.lead_median, now.lead_most)}, {"handling", drawn_json(now.handling, now.handling_median, now.handling_most)}};
  const Json lead = before_json(state.field("beforeLead"), deck.lead), handling = before_json(state.field("beforeHandling"), deck.handling);
  const std::string took = words(now.lead);
  out.set("text", now.lead.high <= 0 ? std::string() : lead.is_null() ? took : lead["text"].as_string() + " → " + took);
  out.set("before", Json::Object{{"lead", lead}, {"handling", handling}});
  std::int64_t untimed = 0;
  for (const auto& [id, card] : state.cards) untimed += card.field("handling").empty() && card.field("waiting").empty() ? 1 : 0;
  out.set("untimed", untimed);
  out.set("begins", date_text(done_on(today, 0)));
  out.set("done", Json::Object{{"first", date_text(done_on(today, now.lead.low / kDay))}, {"last", date_text(done_on(today, now.lead.high / kDay))}});
  return out;
}

Json texts_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push(text);
  return out;
}

Json operation_json(std::int64_t revision, const std::string& by, base::Millis at, int mode, const Json& op) {
  static constexpr const char* kModes[] = {"apply", "undo", "redo"};
  return Json::Object{{"revision", revision}, {"by", by}, {"at", base::iso_utc(at)}, {"mode", kModes[mode]}, {"op", op}};
}

void add_state(Json& out, const State& state) {
  Json fields = Json::object(), cards = Json::array();
  for (const auto& [name, value] : state.fields) fields.set(name, value);
  for (const std::string& id : state.order) cards.push(card_json(state.cards.at(id)));
  out.set("fields", std::move(fields));
  out.set("roles", lines_json(state.roles));
  out.set("columns", lines_json(state.columns));
  out.set("goals", lines_json(state.goals));
  out.set("order", texts_json(state.order));
  out.set("cards", std::move(cards));
  out.set("excuses", excuses_json(state));
}

void add_changes(Json& out, const State& state, const Json& op) {
  const std::string name = op["op"].string_or(""), id = name == "add" ? op["card"]["id"].string_or("") : op["card"].string_or("");
  if (name == "add" || name == "edit" || name == "move" || name == "claim" || name == "unclaim") out.set("cards", Json::Array{card_json(state.cards.at(id))});
  if (name == "remove") out.set("removed", Json::Array{id});
  if (name == "add" || name == "move" || name == "remove") out.set("order", texts_json(state.order));
  if (name == "excuse") out.set("excuses", excuses_json(state));
  const std::string line = name == "drop" || name == "shift" ? op["what"].string_or("") : name;
  if (line == "role") out.set("roles", lines_json(state.roles));
  if (line == "column") out.set("columns", lines_json(state.columns));
  if (line == "goal") out.set("goals", lines_json(state.goals));
  if (name != "board") return;
  Json fields = Json::object();
  for (const auto& [field, value] : state.fields) fields.set(field, value);
  out.set("fields", std::move(fields));
}

std::string operation_words(const State& now, const Json& op, const Json& inverse) {
  const auto text = [&](const char* member) { return op[member].string_or(""); };
  const std::string name = text("op");
  std::string card = text("card");
  if (const auto found = now.cards.find(card); found != now.cards.end()) card = found->second.field("text");
  else if (inverse["card"]["text"].is_string()) card = inverse["card"]["text"].as_string();
  static const std::map<std::string, std::string> kFields = {
#define FIELD(name, kind, danish) {#name, danish},
#include "bank/board/fields.def"
#undef FIELD
  };
  static const std::map<std::string, std::string> kBoard = {{"title", "titlen"}, {"problem", "problemet"}, {"vision", "visionen"}, {"start", "sagens begyndelse"},
      {"end", "sagens slutning"}, {"beforeLead", "tiden før"}, {"beforeHandling", "behandlingstiden før"}, {"beforeSource", "kilden til tiden før"}};
  static const std::map<std::string, std::string> kLines = {{"role", "rollen"}, {"column", "kolonnen"}, {"goal", "målet"}};
  if (name == "add") return "lagde kortet " + quote(op["card"]["text"].string_or("")) + " på tavlen";
  if (name == "edit") return "skrev " + kFields.at(text("field")) + " på " + quote(card);
  if (name == "move") return "flyttede " + quote(card) + " til " + line_text(now.roles, text("role")) + ", " + line_text(now.columns, text("column"));
  if (name == "remove") return "tog kortet " + quote(card) + " af tavlen";
  if (name == "claim") return "lod " + quote(card) + " dække opgaven " + text("duty");
  if (name == "unclaim") return "lod ikke længere " + quote(card) + " dække opgaven " + text("duty");
  if (name == "excuse") return text("reason").empty() ? "tog fravalget af " + text("duty") + " tilbage" : "fravalgte opgaven " + text("duty") + ": " + text("reason");
  if (name == "board") return "skrev " + kBoard.at(text("field"));
  if (name == "drop") return "fjernede " + kLines.at(text("what")) + " " + quote(inverse["text"].string_or(""));
  if (name == "shift") return "flyttede " + kLines.at(text("what"));
  return "skrev " + kLines.at(name) + " " + quote(text("text"));
}

}  // namespace bank::board
