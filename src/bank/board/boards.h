// The boards of every authority: stored operation by operation, shared live with everybody who has one open, undone per person (docs/cards.md).
// Thread-safe. A board of another authority is not_found.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bank/board/state.h"
#include "bank/coverage.h"
#include "base/clock.h"
#include "store/database.h"

namespace bank::board {

struct Member { std::string authority, user, name; };
struct NewBoard { std::string title, slug, text; };             // slug or text (docs/notation.md), or neither: empty
struct Target { std::string slug, title, summary, domain, kle, kind, owner_role, note; };  // "" = as where it came from
enum class Mode : std::uint8_t { apply, undo, redo };
using Listener = std::function<void(std::string_view event, const base::Json& data)>;  // called under the board's lock: must not call back

class Boards {
 public:
  static base::Result<std::unique_ptr<Boards>> open(store::Database&, Bank&, const base::Clock&);
  ~Boards();

  base::Result<base::Json> list(const std::string& authority);
  base::Result<std::int64_t> create(const Member&, const NewBoard&);     // its key. Errors: those of Bank::get and from_text, limit_exceeded
  base::Result<base::Json> get(const std::string& authority, std::int64_t key);
  base::Status remove(const std::string& authority, std::int64_t key);

  // {revision, operation}: what was appended. undo and redo: conflict where nothing of the person's can be taken back. `operation` is read for apply alone.
  base::Result<base::Json> change(const Member&, std::int64_t key, Mode, const base::Json& operation);
  base::Result<base::Json> history(const std::string& authority, std::int64_t key, std::int64_t before, int limit);  // newest first
  base::Result<std::string> diagram(const std::string& authority, std::int64_t key, std::string_view process_id);    // BPMN

  // A package of the authority, through Bank::import: {slug, version, changed, coverage, from}. Errors: invalid_package; conflict where the slug is
  // published and duties are missing.
  base::Result<base::Json> store(const Member&, std::int64_t key, const Target&, std::vector<Finding>* findings);

  // Sends `board` at once, then `patch`, `people`, `here` and `gone`. `client` is one open page; the answer is for leave(), because a page that comes
  // back may be here before its old stream is found dead. Errors: limit_exceeded, conflict (somebody else's client).
  base::Result<std::int64_t> listen(const Member&, std::int64_t key, const std::string& client, Listener);
  void leave(std::int64_t key, const std::string& client, std::int64_t listening);
  // Which card the person holds and where the pointer is (fractions of the board); told to the others, more often than kBoardPresenceMs is dropped.
  base::Status here(const Member&, std::int64_t key, const std::string& client, const base::Json& place);

 private:
  struct Operation { std::int64_t revision = 0; std::string by; base::Millis at = 0; Mode mode = Mode::apply; std::int64_t of = 0; base::Json op, inverse; std::vector<std::string> touched; };
  struct Person { std::string client, user, name; base::Json place; base::Millis told = 0; std::int64_t listening = 0; Listener listener; };
  struct Board;
  using BoardPtr = std::shared_ptr<Board>;
  Boards(store::Database& d, Bank& b, const base::Clock& c) : database_(d), bank_(b), clock_(c) {}
  base::Result<BoardPtr> find(const std::string& authority, std::int64_t key);
  base::Status load(Board&);
  base::Result<Operation> append(Board&, const std::string& by, Mode, std::int64_t of, const base::Json& op);
  base::Result<Operation> take_back(Board&, const std::string& by, Mode);
  base::Result<Coverage> coverage_of(const Board&);
  base::Result<base::Json> derived(const Board&);
  base::Result<base::Json> whole(const Board&);
  base::Json people(const Board&) const;
  void tell(Board&, const char* event, const base::Json&, const std::string& except = {});

  store::Database& database_;
  Bank& bank_;
  const base::Clock& clock_;
  std::mutex mutex_;  // of boards_
  std::map<std::int64_t, BoardPtr> boards_;
  std::atomic<std::int64_t> listenings_{0};
};

}  // namespace bank::board
