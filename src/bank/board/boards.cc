#include "bank/board/boards.h"

#include <algorithm>
#include <cmath>

#include "bank/board/board.h"
#include "bank/board/calendar.h"
#include "bank/board/deck.h"
#include "bank/board/diagram.h"
#include "bank/board/figures.h"
#include "base/limits_board.h"
#include "base/random.h"
#include "base/text.h"
#include "base/time.h"
#include "bpmn/notation/notation.h"

namespace bank::board {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;
namespace limits = base::limits;

const std::vector<store::Database::Migration> kMigrations = {
  {1, "boards of cards", R"sql(
    CREATE TABLE board (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, sources TEXT NOT NULL, created INTEGER NOT NULL, by_user TEXT NOT NULL,
      deck INTEGER NOT NULL) STRICT;
    CREATE INDEX board_authority ON board (authority);
    CREATE TABLE board_operation (board INTEGER NOT NULL REFERENCES board (key) ON DELETE CASCADE, revision INTEGER NOT NULL, at INTEGER NOT NULL, by_user TEXT NOT NULL,
      mode INTEGER NOT NULL, of_revision INTEGER NOT NULL, operation TEXT NOT NULL, PRIMARY KEY (board, revision)) STRICT, WITHOUT ROWID;)sql"},
};

base::Error no_board() { return {ErrorCode::not_found, "there is no such board", {}, {}}; }

// 53 bits: JSON clients read it whole.
std::int64_t fresh_key() {
  std::uint64_t bits = 0;
  do base::fill_random({reinterpret_cast<unsigned char*>(&bits), sizeof bits});
  while (bits >> 11 == 0);
  return static_cast<std::int64_t>(bits >> 11);
}

base::Status insert_operation(Connection& db, std::int64_t key, const std::string& by, std::int64_t revision, base::Millis at, Mode mode, std::int64_t of, const Json& op) {
  TRY(auto* insert, db.prepare("INSERT INTO board_operation VALUES (?, ?, ?, ?, ?, ?, ?)"));
  return insert->begin().bind(1, key).bind(2, revision).bind(3, at).bind_text(4, by).bind(5, static_cast<int>(mode)).bind(6, of).bind_text(7, op.dump()).run();
}

}  // namespace

base::Result<std::unique_ptr<Boards>> Boards::open(store::Database& database, Bank& bank, const base::Clock& clock) {
  TRY_VOID(database.migrate("bank_boards", kMigrations));
  return std::unique_ptr<Boards>(new Boards(database, bank, clock));
}

Boards::~Boards() = default;

base::Result<Boards::BoardPtr> Boards::find(const std::string& authority, std::int64_t key) {
  const std::lock_guard lock(mutex_);
  if (const auto held = boards_.find(key); held != boards_.end()) return held->second->authority == authority ? base::Result<BoardPtr>(held->second) : std::unexpected(no_board());
  auto board = std::make_shared<Board>();
  board->key = key;
  TRY_VOID(load(*board));
  if (board->authority != authority) return std::unexpected(no_board());
  if (boards_.size() >= limits::kBoardsInMemory)
    std::erase_if(boards_, [](const auto& entry) {
      const std::lock_guard held(entry.second->mutex);
      return entry.second.use_count() == 1 && entry.second->people.empty();
    });
  boards_[key] = board;
  return board;
}

base::Status Boards::load(Board& board) {
  return database_.read([&](Connection& db) -> base::Status {
    TRY(auto* head, db.prepare("SELECT authority, sources, created, by_user, deck FROM board WHERE key = ?"));
    TRY(const bool exists, head->begin().bind(1, board.key).step());
    if (!exists) return std::unexpected(no_board());
    board.authority = head->text(0);
    const std::string sources = head->text(1);
    for (const auto slug : base::split(sources, ' '))
      if (!slug.empty()) board.sources.emplace_back(slug);
    board.created = head->integer(2);
    board.by = head->text(3);
    board.deck = static_cast<std::size_t>(head->integer(4));
    head->begin();
    TRY(auto* rows, db.prepare("SELECT revision, at, by_user, mode, of_revision, operation FROM board_operation WHERE board = ? ORDER BY revision"));
    rows->begin().bind(1, board.key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      Operation one{rows->integer(0), rows->text(2), rows->integer(1), static_cast<Mode>(rows->integer(3)), rows->integer(4), {}, {}, {}};
      TRY(one.op, base::parse_json(rows->text(5)));
      TRY(auto applied, board::apply(board.state, one.op, {one.revision, one.by, one.at}));
      one.inverse = std::move(applied.inverse);
      one.touched = std::move(applied.touched);
      board.operations.push_back(std::move(one));
      if (board.operations.size() == board.deck) board.deck_figures = state_figures(board.state);
    }
  });
}

base::Result<std::int64_t> Boards::create(const Member& who, const NewBoard& asked) {
  std::vector<Json> operations = blank();
  std::vector<std::string> sources;
  std::string title(base::trim(asked.title));
  if (!asked.slug.empty()) {
    TRY(const auto source, bank_.get(who.authority, asked.slug));
    if (!source.package->process) return base::fail(ErrorCode::conflict, "the workflow has no diagram to make cards of", {}, "begin with an empty board");
    sources.push_back(asked.slug);
    if (source.package->kind != "korrekt")
      for (auto& slug : derived_from(*source.package)) sources.push_back(std::move(slug));
    TRY(operations, deck(*source.package->process, claims(*source.package)));
    if (title.empty()) title = source.package->title;
  } else if (!asked.text.empty()) {
    TRY(const auto model, bpmn::from_text(asked.text, "tavle.tekst"));
    TRY(operations, deck(*model, {}));
    if (title.empty() && !model->processes.empty()) title = model->processes.front().name;
  }
  operations.insert(operations.begin(), Json::Object{{"op", "board"}, {"field", "title"}, {"value", title.empty() ? std::string("Ny tavle") : title}});
  State trial;  // what is stored folds
  const base::Millis now = clock_.now();
  for (std::size_t i = 0; i < operations.size(); ++i) {
    auto applied = board::apply(trial, operations[i], {static_cast<std::int64_t>(i) + 1, who.user, now});
    if (!applied) return std::unexpected(applied.error());
  }
  const std::int64_t key = fresh_key();
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* count, db.prepare("SELECT COUNT(*) FROM board WHERE authority = ?"));
    TRY(const bool any, count->begin().bind_text(1, who.authority).step());
    const bool full = any && count->integer(0) >= static_cast<std::int64_t>(limits::kBoardsOfAuthority);
    count->begin();
    if (full) return base::fail(ErrorCode::limit_exceeded, "as many boards as base::limits::kBoardsOfAuthority", {}, "delete old ones");
    TRY(auto* insert, db.prepare("INSERT INTO board VALUES (?, ?, ?, ?, ?, ?)"));
    TRY_VOID(insert->begin().bind(1, key).bind_text(2, who.authority).bind_text(3, base::join(sources, " ")).bind(4, now).bind_text(5, who.user)
        .bind(6, static_cast<std::int64_t>(operations.size())).run());
    for (std::size_t i = 0; i < operations.size(); ++i) TRY_VOID(insert_operation(db, key, who.user, static_cast<std::int64_t>(i) + 1, now, Mode::apply, 0, operations[i]));
    return {};
  }));
  return key;
}

base::Status Boards::remove(const std::string& authority, std::int64_t key) {
  TRY(const auto board, find(authority, key));
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    for (const char* sql : {"DELETE FROM board_operation WHERE board = ?", "DELETE FROM board WHERE key = ?"}) {
      TRY(auto* drop, db.prepare(sql));
      TRY_VOID(drop->begin().bind(1, key).run());
    }
    return {};
  }));
  {
    const std::lock_guard lock(board->mutex);
    board->gone = true;
    tell(*board, "gone", Json::object());
  }
  const std::lock_guard lock(mutex_);
  boards_.erase(key);
  return {};
}

base::Result<Boards::Operation> Boards::append(Board& board, const std::string& by, Mode mode, std::int64_t of, const Json& op) {
  if (board.gone) return std::unexpected(no_board());
  if (board.operations.size() >= limits::kBoardOperations) return base::fail(ErrorCode::limit_exceeded, "more operations than base::limits::kBoardOperations", {}, "store the board as a workflow and begin a new one from it");
  Operation one{board.revision() + 1, by, clock_.now(), mode, of, op, {}, {}};
  State next = board.state;  // the board changes when the operation is stored, not before
  TRY(auto applied, board::apply(next, op, {one.revision, by, one.at}));
  TRY_VOID(database_.write([&](Connection& db) { return insert_operation(db, board.key, by, one.revision, one.at, mode, of, op); }));
  one.inverse = std::move(applied.inverse);
  one.touched = std::move(applied.touched);
  board.state = std::move(next);
  board.operations.push_back(one);
  return one;
}

// Per person: the newest of theirs that nobody has built on since; redo takes back undos until something new is done.
base::Result<Boards::Operation> Boards::take_back(Board& board, const std::string& by, Mode mode) {
  std::vector<std::size_t> done, undone;  // indexes into operations
  for (std::size_t i = 0; i < board.operations.size(); ++i) {
    const Operation& one = board.operations[i];
    if (one.by != by) continue;
    if (one.mode == Mode::apply) {
      if (i >= board.deck) done.push_back(i);
      undone.clear();
    } else {
      auto& from = one.mode == Mode::undo ? done : undone;
      std::erase_if(from, [&](std::size_t at) { return board.operations[at].revision == one.of; });
      (one.mode == Mode::undo ? undone : done).push_back(i);
    }
  }
  auto& candidates = mode == Mode::undo ? done : undone;
  for (auto at = candidates.rbegin(); at != candidates.rend(); ++at) {
    const Operation one = board.operations[*at];
    const bool built_on = std::any_of(board.state.stamps.begin(), board.state.stamps.end(), [&](const auto& stamp) {
      return stamp.second.by != by && stamp.second.revision > one.revision &&
             std::any_of(one.touched.begin(), one.touched.end(), [&](const std::string& thing) { return stamp.first == thing || stamp.first.starts_with(thing + "/"); });
    });
    if (built_on) continue;
    auto taken = append(board, by, mode, one.revision, one.inverse);
    if (taken || taken.error().code == ErrorCode::database) return taken;
  }
  return base::fail(ErrorCode::conflict, mode == Mode::undo ? "nothing of yours can be undone: it is all undone, or others have built on it" : "nothing of yours can be done again", {},
      "change the card instead");
}

base::Result<Json> Boards::change(const Member& who, std::int64_t key, Mode mode, const Json& operation) {
  TRY(const auto board, find(who.authority, key));
  const std::lock_guard lock(board->mutex);
  if (mode == Mode::apply && operation["op"].string_or("") == "claim") {
    TRY(const auto sources, duties_of(bank_, board->authority, board->sources));
    const std::string duty = operation["duty"].string_or("");
    std::vector<std::string> known;
    for (const Duty& one : sources.duties) known.push_back(one.id);
    if (std::find(known.begin(), known.end(), duty) == known.end())
      return base::fail(ErrorCode::invalid_argument, "'" + duty.substr(0, 60) + "' is no duty of this board", {}, base::nearest(duty, known));
  }
  TRY(const Operation done, mode == Mode::apply ? append(*board, who.user, mode, 0, operation) : take_back(*board, who.user, mode));
  TRY(Json patch, derived(*board));
  patch.set("operation", operation_json(done.revision, done.by, done.at, static_cast<int>(done.mode), done.op));
  add_changes(patch, board->state, done.op);
  tell(*board, "patch", patch);
  return Json::Object{{"revision", done.revision}, {"operation", done.op}};
}

base::Result<Json> Boards::history(const std::string& authority, std::int64_t key, std::int64_t before, int limit) {
  TRY(const auto board, find(authority, key));
  const std::lock_guard lock(board->mutex);
  Json items = Json::array();
  for (auto at = board->operations.rbegin(); at != board->operations.rend() && static_cast<int>(items.size()) < limit; ++at) {
    if (before > 0 && at->revision >= before) continue;
    Json one = operation_json(at->revision, at->by, at->at, static_cast<int>(at->mode), at->op);
    one.set("text", operation_words(board->state, at->op, at->inverse));
    items.push(std::move(one));
  }
  return Json::Object{{"items", std::move(items)}, {"total", static_cast<std::int64_t>(board->operations.size())}};
}

base::Result<Json> Boards::list(const std::string& authority) {
  std::vector<std::int64_t> keys;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT key FROM board b WHERE authority = ? ORDER BY (SELECT MAX(at) FROM board_operation WHERE board = b.key) DESC, key"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      keys.push_back(rows->integer(0));
    }
  }));
  Json items = Json::array();
  for (const std::int64_t key : keys) {
    auto board = find(authority, key);
    if (!board) continue;  // deleted in between
    const std::lock_guard lock((*board)->mutex);
    TRY(Json one, derived(**board));
    Json item = Json::Object{{"boardKey", std::to_string(key)}, {"title", (*board)->state.field("title")}, {"created", base::iso_utc((*board)->created)}, {"by", (*board)->by},
        {"changed", base::iso_utc((*board)->operations.empty() ? (*board)->created : (*board)->operations.back().at)}, {"cards", static_cast<std::int64_t>((*board)->state.cards.size())},
        {"people", static_cast<std::int64_t>((*board)->people.size())}, {"sources", texts_json((*board)->sources)}};
    item.set("coverage", one["coverage"]["text"]);
    item.set("missing", static_cast<std::int64_t>(one["coverage"]["missing"].size()));
    item.set("lead", one["clock"]["lead"]["text"]);
    items.push(std::move(item));
  }
  return Json::Object{{"items", std::move(items)}};
}

base::Result<Json> Boards::get(const std::string& authority, std::int64_t key) {
  TRY(const auto board, find(authority, key));
  const std::lock_guard lock(board->mutex);
  return whole(*board);
}

base::Result<std::int64_t> Boards::listen(const Member& who, std::int64_t key, const std::string& client, Listener listener) {
  TRY(const auto board, find(who.authority, key));
  const std::lock_guard lock(board->mutex);
  if (board->gone) return std::unexpected(no_board());
  if (board->people.size() >= limits::kBoardListeners && !board->people.contains(client)) return base::fail(ErrorCode::limit_exceeded, "as many open pages as base::limits::kBoardListeners");
  if (const auto same = board->people.find(client); same != board->people.end() && same->second.user != who.user)
    return base::fail(ErrorCode::conflict, "another person's page has this client", {}, "a random name");
  TRY(const Json now, whole(*board));
  listener("board", now);
  const std::int64_t listening = ++listenings_;
  board->people[client] = {client, who.user, who.name, Json(), 0, listening, std::move(listener)};
  tell(*board, "people", people(*board));
  return listening;
}

void Boards::leave(std::int64_t key, const std::string& client, std::int64_t listening) {
  BoardPtr board;
  {
    const std::lock_guard lock(mutex_);
    const auto found = boards_.find(key);
    if (found == boards_.end()) return;
    board = found->second;
  }
  const std::lock_guard lock(board->mutex);
  const auto person = board->people.find(client);
  if (person == board->people.end() || person->second.listening != listening) return;
  board->people.erase(person);
  tell(*board, "people", people(*board));
}

base::Status Boards::here(const Member& who, std::int64_t key, const std::string& client, const Json& place) {
  TRY(const auto board, find(who.authority, key));
  const std::lock_guard lock(board->mutex);
  const auto person = board->people.find(client);
  if (person == board->people.end() || person->second.user != who.user) return base::fail(ErrorCode::not_found, "this page does not listen to the board", {}, "open …/events first, with the same client");
  const base::Millis now = clock_.now();
  const bool card_changed = person->second.place["card"] != place["card"];
  if (!card_changed && now - person->second.told < limits::kBoardPresenceMs) return {};
  person->second.place = place;
  person->second.told = now;
  Json told = Json::Object{{"client", client}};
  for (const char* name : {"card", "x", "y"})
    if (place.has(name)) told.set(name, place[name]);
  tell(*board, "here", told, client);
  return {};
}

Json Boards::people(const Board& board) const {
  Json out = Json::array();
  for (const auto& [client, person] : board.people) {
    Json one = Json::Object{{"client", client}, {"user", person.user}, {"name", person.name}};
    if (person.place["card"].is_string()) one.set("card", person.place["card"]);
    out.push(std::move(one));
  }
  return Json::Object{{"people", std::move(out)}};
}

void Boards::tell(Board& board, const char* event, const Json& data, const std::string& except) {
  for (const auto& [client, person] : board.people)
    if (client != except) person.listener(event, data);
}

base::Result<Coverage> Boards::coverage_of(const Board& board) {
  TRY(auto sources, duties_of(bank_, board.authority, board.sources));
  Coverage out = coverage(sources.duties, board_claims(board.state), board_excuses(board.state));
  out.unknown = std::move(sources.unknown);
  return out;
}

// What follows from the cards: coverage and clock, before and now.
base::Result<Json> Boards::derived(const Board& board) {
  TRY(const auto covered, coverage_of(board));
  return Json::Object{{"revision", board.revision()}, {"coverage", covered.json()}, {"clock", clock_json(board.state, board.deck_figures, danish_day(clock_.now()))}};
}

base::Result<Json> Boards::whole(const Board& board) {
  TRY(Json out, derived(board));
  out.set("boardKey", std::to_string(board.key));
  out.set("created", base::iso_utc(board.created));
  out.set("by", board.by);
  out.set("sources", texts_json(board.sources));
  add_state(out, board.state);
  out.set("people", people(board)["people"]);
  return out;
}

base::Result<std::string> Boards::diagram(const std::string& authority, std::int64_t key, std::string_view process_id) {
  TRY(const auto board, find(authority, key));
  const std::lock_guard lock(board->mutex);
  TRY(const auto sources, duties_of(bank_, board->authority, board->sources));
  std::set<std::string> ids;
  for (const Duty& one : sources.duties) ids.insert(one.id);
  return board::diagram(board->state, std::string(process_id), ids);
}

}  // namespace bank::board
