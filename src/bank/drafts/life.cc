// A draft's life: who may take which step when, and what a step asks of the package.
#include <algorithm>
#include <array>
#include <mutex>

#include "bank/coverage.h"
#include "bank/drafts/row.h"
#include "base/limits_drafts.h"
#include "base/text.h"

namespace bank::drafts {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

constexpr std::array<std::string_view, 7> kStates = {"draft", "proposed", "returned", "approved", "published", "withdrawn", "deleted"};
constexpr std::array<std::pair<std::string_view, Step>, 7> kSteps = {{{"propose", Step::propose}, {"withdraw", Step::withdraw}, {"return", Step::send_back},
    {"approve", Step::approve}, {"publish", Step::publish}, {"delete", Step::remove}, {"restore", Step::restore}}};

base::Error first_error(const std::vector<Finding>& findings) {
  const auto error = std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.is_error; });
  return {ErrorCode::invalid_package, error->code + ": " + error->message, {error->file, error->line, error->column, error->element, {}}, error->remedy};
}

bool in(State state, const std::vector<State>& states) { return std::find(states.begin(), states.end(), state) != states.end(); }

}  // namespace

std::string_view name(State state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<State> state_of(std::string_view name) {
  const auto at = std::find(kStates.begin(), kStates.end(), name);
  return at == kStates.end() ? std::nullopt : std::optional(static_cast<State>(at - kStates.begin()));
}

const Rule& rule(Step step) {
  using enum State;
  using Who = Rule::Who;
  static const std::vector<Rule> kRules = {
    {Step::propose, "proposed", {draft, returned, withdrawn}, proposed, Who::writer},
    {Step::withdraw, "withdrawn", {proposed, returned, approved}, withdrawn, Who::writer},
    {Step::send_back, "returned", {proposed, approved}, returned, Who::other_konsulent},
    {Step::approve, "approved", {proposed}, approved, Who::other_konsulent},
    {Step::publish, "published", {approved}, published, Who::konsulent},
    {Step::remove, "deleted", {draft, returned, withdrawn}, deleted, Who::writer},
    {Step::restore, "restored", {deleted}, draft, Who::writer},
  };
  return *std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) { return r.step == step; });
}

bool may_write(const Row& row, const Person& who) { return who.konsulent || row.writer(who.user); }

bool may_take(const Row& row, const Person& who, const Rule& rule) {
  switch (rule.who) {
    case Rule::Who::writer: return may_write(row, who);
    case Rule::Who::konsulent: return who.konsulent;
    case Rule::Who::other_konsulent: return who.konsulent && !row.writer(who.user);
  }
  return false;
}

Json Drafts::may(const Row& row, const Person& who) {
  Json out = Json::Object{{"write", may_write(row, who) && in(row.state, {State::draft, State::returned, State::withdrawn})}};
  for (const auto& [name, step] : kSteps) out.set(name, may_take(row, who, rule(step)) && in(row.state, rule(step).from));
  return out;
}

// propose asks that it can be read; approve and publish that nothing is wrong with it, the duties of the law among it.
base::Status Drafts::judge(const Row& row, const Person& who, Step step, std::vector<Finding>* told) {
  if (step != Step::propose && step != Step::approve && step != Step::publish) return {};
  TRY(const Files work, files(row.key, false));
  bool readable = false;
  const auto found = findings(row, work, &readable);
  if (told != nullptr) *told = found;
  const bool errors = std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.is_error; });
  if (step == Step::propose) return readable || !errors ? base::Status() : std::unexpected(first_error(found));
  const bool content = std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.is_error && f.code != "SG-COVERAGE"; });
  if (content) return std::unexpected(first_error(found));
  TRY(const Package package, load_files(work, row.slug));
  return require_coverage(bank_, who.authority, package);
}

base::Result<int> Drafts::publish(const Person& who, Row& row, const Asked& asked) {
  TRY(Files work, files(row.key, false));
  const auto stored = bank_.get(row.authority, row.slug);
  const int now = stored && stored->owner == row.authority ? stored->version : 0;
  if (now != row.over && asked.over != now && !(now > 0 && stored->package->files == work))
    return base::fail(ErrorCode::conflict, now == 0 ? "the workflow it takes the place of is not there any more" : "another version of the workflow came in between: version " + std::to_string(now), {},
        "compare with it; to take its place all the same, say over: " + std::to_string(now));
  TRY(const auto imported, bank_.import(row.authority, row.slug, std::move(work), who.user, asked.note.empty() ? row.title + ": fra forslag" : asked.note));
  TRY_VOID(bank_.publish(row.authority, row.slug));
  row.published = imported.version;
  return imported.version;
}

base::Result<Json> Drafts::take(const Person& who, std::int64_t key, Step step, const Asked& asked, std::vector<Finding>* found) {
  const Rule& the = rule(step);
  static std::mutex one_at_a_time;  // what is judged is what is stored
  const std::lock_guard lock(one_at_a_time);
  TRY(Row row, find(who.authority, key));
  if (!may_take(row, who, the)) {
    const bool own = the.who == Rule::Who::other_konsulent && who.konsulent;
    return base::fail(ErrorCode::forbidden, own ? "another person than those who wrote it decides" : "this draft is not yours to have " + std::string(the.what), {},
        own ? "ask another konsulent" : "ask a konsulent");
  }
  if (!in(row.state, the.from)) return base::fail(ErrorCode::conflict, "a draft that is " + std::string(name(row.state)) + " cannot be " + std::string(the.what));
  if (asked.revision && *asked.revision != row.revision) return base::fail(ErrorCode::conflict, "the draft has been saved meanwhile: revision " + std::to_string(row.revision), {}, "look at it again");
  if (asked.note.size() > base::limits::kDraftNoteBytes) return base::fail(ErrorCode::limit_exceeded, "longer than base::limits::kDraftNoteBytes", {.pointer = "/note"});
  if (step == Step::send_back && base::trim(asked.note).empty()) return base::fail(ErrorCode::invalid_argument, "what is returned needs a reason", {.pointer = "/reason"}, "what the author should change");
  const base::Millis now = clock_.now();
  if (step == Step::restore && row.changed < now - base::limits::kDraftRestorableMs) return base::fail(ErrorCode::forgotten, "the draft was deleted more than 30 days ago");
  TRY_VOID(judge(row, who, step, found));
  if (found != nullptr) found->clear();
  if (step == Step::publish) TRY_VOID(publish(who, row, asked));
  const State was = row.state;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(const Row there, find(db, who.authority, key));
    if (there.revision != row.revision || there.state != was) return base::fail(ErrorCode::conflict, "the draft changed at the same time", {}, "look at it again");
    row.state = step == Step::restore ? row.before : the.to;
    row.before = was;
    row.changed = now;
    row.changed_user = who.user, row.changed_name = who.name;
    TRY_VOID(update(db, row));
    return note(db, row, who, the.what, std::string(base::trim(asked.note)), now);
  }));
  Json out = Json::Object{{"state", name(row.state)}, {"revision", row.revision}};
  if (step == Step::publish) out.set("slug", row.slug).set("version", row.published);
  return out;
}

}  // namespace bank::drafts
