// Drafts made, listed, read and saved.
#include "bank/drafts/drafts.h"

#include <algorithm>

#include "bank/coverage.h"
#include "bank/drafts/row.h"
#include "base/limits_drafts.h"
#include "base/random.h"
#include "base/text.h"
#include "base/time.h"

namespace bank::drafts {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

// 53 bits: JSON clients read it whole.
std::int64_t fresh_key() {
  std::uint64_t bits = 0;
  do base::fill_random({reinterpret_cast<unsigned char*>(&bits), sizeof bits});
  while (bits >> 11 == 0);
  return static_cast<std::int64_t>(bits >> 11);
}

bool writable(State state) { return state == State::draft || state == State::returned || state == State::withdrawn; }

base::Status fits(const std::map<std::string, std::string>& files) {
  std::size_t bytes = 0;
  for (const auto& [path, content] : files) bytes += content.size();
  if (files.size() > base::limits::kPackageFiles) return base::fail(ErrorCode::limit_exceeded, "more files than base::limits::kPackageFiles");
  if (bytes > base::limits::kPackageBytes) return base::fail(ErrorCode::limit_exceeded, "more bytes than base::limits::kPackageBytes");
  return {};
}

Json manifest_of(const std::map<std::string, std::string>& files) {
  const auto file = files.find("arbejdsgang.yaml");
  if (file == files.end()) return {};
  auto yaml = base::parse_yaml(file->second, file->first);
  return yaml ? std::move(yaml->value) : Json();
}

}  // namespace

int Drafts::in_force(const Row& row) {
  const auto stored = bank_.get(row.authority, row.slug);
  return stored && stored->owner == row.authority ? stored->version : 0;
}

base::Result<Json> Drafts::create(const Person& who, const NewDraft& asked) {
  if (static_cast<int>(!asked.from.empty()) + static_cast<int>(!asked.bpmn.empty() || asked.copy > 0) + static_cast<int>(!asked.notation.empty()) > 1)
    return base::fail(ErrorCode::invalid_argument, "a draft begins from one thing", {}, "from, copy, bpmn or notation");
  TRY_VOID(purge());
  if (asked.copy > 0) return copy(who, asked);
  Row row;
  Beginning begun;
  Files original;
  if (asked.from.empty()) {
    TRY(begun, begin_new(asked));
  } else {
    TRY(const auto source, bank_.get(who.authority, asked.from));
    row.base_owner = source.owner, row.base_slug = asked.from, row.base_version = asked.version > 0 ? asked.version : source.version;
    if (row.base_version > source.version) return base::fail(ErrorCode::not_found, "the workflow has no version " + std::to_string(asked.version));
    TRY(original, version_files(source.owner, asked.from, row.base_version));
    TRY(begun, begin_from(asked, original, asked.from, source.owner == who.authority));
  }
  row.authority = who.authority, row.slug = begun.slug, row.title = begun.title;
  row.over = in_force(row);
  if (row.over > 0 && row.slug != row.base_slug)
    return base::fail(ErrorCode::conflict, "there is a workflow of this name already", {.pointer = "/name"}, "draw on from it, or choose another name");
  if (row.over > 0 && row.over != row.base_version) {  // an older version comes back: what counts is what it takes the place of
    TRY(original, version_files(who.authority, row.slug, row.over));
  }
  return keep(who, row, begun.files, original);
}

// Everything of another draft as it stands, as one's own: what two people wrote at the same time goes on as two.
base::Result<Json> Drafts::copy(const Person& who, const NewDraft& asked) {
  TRY(const Row other, find(who.authority, asked.copy));
  TRY(Files work, files(asked.copy, false));
  TRY(const Files original, files(asked.copy, true));
  Row row;
  row.authority = other.authority, row.slug = other.slug, row.title = base::trim(asked.title).empty() ? other.title : std::string(base::trim(asked.title));
  row.base_owner = other.base_owner, row.base_slug = other.base_slug, row.base_version = other.base_version, row.over = other.over;
  if (!asked.bpmn.empty()) work["proces.bpmn"] = asked.bpmn;
  return keep(who, row, work, original);
}

base::Result<Json> Drafts::keep(const Person& who, Row& row, const Files& work, const Files& original) {
  TRY_VOID(fits(work));
  row.key = fresh_key();
  row.author = row.changed_user = who.user;
  row.author_name = row.changed_name = who.name;
  row.created = row.changed = clock_.now();
  TRY_VOID(insert(row, work, original));
  return Json::Object{{"id", std::to_string(row.key)}, {"revision", row.revision}};
}

Json Drafts::json(const Row& r, const Person& who) {
  Json out = Json::Object{{"id", std::to_string(r.key)}, {"slug", r.slug}, {"title", r.title}, {"state", name(r.state)}, {"revision", r.revision}, {"by", r.author_name},
      {"created", base::iso_utc(r.created)}, {"at", base::iso_utc(r.changed)}, {"changedBy", r.changed_name}, {"mine", r.writer(who.user)}};
  out.set("base", r.base_slug.empty() ? Json() : Json(Json::Object{{"slug", r.base_slug}, {"version", r.base_version}, {"own", r.base_owner == r.authority}}));
  out.set("published", r.published > 0 ? Json(r.published) : Json());
  out.set("mayDecide", r.state == State::proposed && may_take(r, who, rule(Step::approve)));
  return out;
}

base::Result<Json> Drafts::list(const Person& who, Which which, std::optional<State> state) {
  TRY(const auto all, rows(who.authority));
  const auto waits = [&](const Row& r) {
    if (r.state == State::proposed) return may_take(r, who, rule(Step::approve));
    if (r.state == State::approved) return may_take(r, who, rule(Step::publish));
    return r.state == State::returned && r.author == who.user;
  };
  Json items = Json::array();
  std::int64_t total = 0;
  for (const Row& r : all) {
    if (state ? r.state != *state : r.state == State::deleted) continue;
    if (r.state == State::deleted && r.changed < clock_.now() - base::limits::kDraftRestorableMs) continue;
    if (which == Which::mine ? !r.writer(who.user) : which == Which::waiting && !waits(r)) continue;
    ++total;
    if (items.size() < base::limits::kDraftsListed) items.push(json(r, who));
  }
  return Json::Object{{"items", std::move(items)}, {"total", total}};
}

std::vector<Finding> Drafts::findings(const Row& row, const Files& files, bool* readable) {
  if (readable != nullptr) *readable = false;
  auto package = load_files(files, row.slug);
  if (!package) {
    const base::Error& e = package.error();
    return {{e.where.file, e.where.line, e.where.column, e.where.element, "SG-PACKAGE", e.message, std::string(base::title_da(e.code)), e.remedy, true}};
  }
  if (readable != nullptr) *readable = package->faults.empty();
  auto out = check(*package);
  auto missing = coverage_findings(bank_, row.authority, *package);
  out.insert(out.end(), std::make_move_iterator(missing.begin()), std::make_move_iterator(missing.end()));
  return out;
}

base::Result<Seen> Drafts::get(const Person& who, std::int64_t key) {
  Row row;
  Files work;
  Json history = Json::array(), comments = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(row, find(db, who.authority, key));
    TRY(work, files(db, key, false));
    TRY(auto* events, db.prepare("SELECT at, by_name, what, note, revision FROM bank_draft_event WHERE draft = ? ORDER BY number"));
    for (events->begin().bind(1, key);;) {
      TRY(const bool more, events->step());
      if (!more) break;
      history.push(Json::Object{{"at", base::iso_utc(events->integer(0))}, {"by", events->text(1)}, {"what", events->text(2)}, {"note", events->text(3)}, {"revision", events->integer(4)}});
    }
    TRY(auto* said, db.prepare("SELECT at, by_name, text, element, revision FROM bank_draft_comment WHERE draft = ? ORDER BY number"));
    for (said->begin().bind(1, key);;) {
      TRY(const bool more, said->step());
      if (!more) return {};
      comments.push(Json::Object{{"at", base::iso_utc(said->integer(0))}, {"by", said->text(1)}, {"text", said->text(2)}, {"element", said->text(3)}, {"revision", said->integer(4)}});
    }
  }));
  Seen out{json(row, who), findings(row, work)};
  Json names = Json::array();
  for (const auto& [path, bytes] : work) names.push(Json::Object{{"path", path}, {"bytes", static_cast<std::int64_t>(bytes.size())}});
  out.draft.set("files", std::move(names)).set("manifest", manifest_of(work)).set("history", std::move(history)).set("comments", std::move(comments));
  out.draft.set("may", may(row, who));
  const int now = row.state == State::published ? 0 : in_force(row);
  Json behind;
  if (now > 0 && now != row.over) {
    TRY(const Json workflow, bank_.workflow(row.authority, row.slug));
    for (const Json& version : workflow["versions"].is_array() ? workflow["versions"].as_array() : Json::Array{})
      if (version["version"].int_or(0) == now) behind = Json::Object{{"version", now}, {"by", version["by"]}, {"at", version["at"]}};
  }
  out.draft.set("behind", std::move(behind)).set("replaces", row.over > 0 ? Json(row.over) : Json());
  return out;
}

base::Result<Head> Drafts::head(const std::string& authority, std::int64_t key) {
  TRY(const Row row, find(authority, key));
  return Head{row.revision, row.state, row.changed_name, row.changed};
}

base::Result<Drafts::File> Drafts::file(const std::string& authority, std::int64_t key, const std::string& path) {
  File out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(const Row row, find(db, authority, key));
    out.revision = row.revision;
    TRY(auto* rows, db.prepare("SELECT bytes FROM bank_draft_file WHERE draft = ? AND base = 0 AND path = ?"));
    TRY(const bool any, rows->begin().bind(1, key).bind_text(2, path).step());
    if (!any) return base::fail(ErrorCode::not_found, "the draft has no such file");
    out.bytes = rows->text(0);
    rows->begin();
    return {};
  }));
  return out;
}

base::Result<Saved> Drafts::save(const Person& who, std::int64_t key, std::int64_t revision, const std::string& path, std::optional<std::string> bytes) {
  Row row;
  Files work;
  Saved out;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(row, find(db, who.authority, key));
    if (!valid_path(path)) return base::fail(ErrorCode::invalid_argument, "this is no path of a file in a package", {}, "a relative path, at most 200 bytes, no part beginning with '.'");
    if (!may_write(row, who)) return base::fail(ErrorCode::forbidden, "the draft is another person's", {}, "comment on it, or ask a konsulent");
    if (!writable(row.state)) return base::fail(ErrorCode::conflict, "a draft that is " + std::string(name(row.state)) + " is not changed", {}, "withdraw it, or have it returned, first");
    if (row.revision != revision) return base::fail(ErrorCode::conflict, "the draft has been saved meanwhile: revision " + std::to_string(row.revision), {}, "read it again");
    TRY(work, files(db, key, false));
    const auto there = work.find(path);
    out.changed = bytes ? there == work.end() || there->second != *bytes : there != work.end();
    out.revision = row.revision;
    if (!bytes && !out.changed) return base::fail(ErrorCode::not_found, "the draft has no such file");
    if (!out.changed) return {};
    if (bytes) work[path] = *bytes;
    else work.erase(path);
    TRY_VOID(fits(work));
    out.revision = ++row.revision;
    row.changed = clock_.now();
    row.changed_user = who.user, row.changed_name = who.name;
    if (row.state == State::withdrawn) row.state = State::draft;
    if (path == "arbejdsgang.yaml")
      if (const Json manifest = manifest_of(work); manifest["titel"].is_string() && !base::trim(manifest["titel"].as_string()).empty()) row.title = manifest["titel"].as_string();
    if (bytes) {
      TRY_VOID(insert_files(db, key, false, {{path, std::move(*bytes)}}));
    } else {
      TRY(auto* drop, db.prepare("DELETE FROM bank_draft_file WHERE draft = ? AND base = 0 AND path = ?"));
      TRY_VOID(drop->begin().bind(1, key).bind_text(2, path).run());
    }
    TRY_VOID(update(db, row));
    return note(db, row, who, "saved", "", row.changed);
  }));
  out.findings = findings(row, work);
  return out;
}

base::Result<Saved> Drafts::save_manifest(const Person& who, std::int64_t key, std::int64_t revision, const Json& manifest) {
  if (!manifest.is_object() || manifest.size() == 0) return base::fail(ErrorCode::invalid_argument, "a manifest is an object", {}, "the keys of docs/packages.md");
  const auto now = file(who.authority, key, "arbejdsgang.yaml");
  if (!now && now.error().code != ErrorCode::not_found) return std::unexpected(now.error());
  const bool same = now && manifest_of({{"arbejdsgang.yaml", now->bytes}}) == manifest;  // then it stays as a person wrote it
  return save(who, key, revision, "arbejdsgang.yaml", same ? now->bytes : manifest_yaml(manifest));
}

base::Result<Json> Drafts::comment(const Person& who, std::int64_t key, const std::string& text, const std::string& element) {
  const std::string said(base::trim(text));
  if (said.empty()) return base::fail(ErrorCode::invalid_argument, "a comment needs words", {.pointer = "/text"});
  if (said.size() > base::limits::kDraftNoteBytes) return base::fail(ErrorCode::limit_exceeded, "longer than base::limits::kDraftNoteBytes", {.pointer = "/text"});
  Json out;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(const Row row, find(db, who.authority, key));
    if (row.state == State::deleted) return base::fail(ErrorCode::conflict, "the draft is deleted", {}, "restore it first");
    TRY(auto* last, db.prepare("SELECT COUNT(*) FROM bank_draft_comment WHERE draft = ?"));
    TRY(const bool any, last->begin().bind(1, key).step());
    const std::int64_t number = any ? last->integer(0) : 0;
    last->begin();
    if (number >= static_cast<std::int64_t>(base::limits::kDraftComments)) return base::fail(ErrorCode::limit_exceeded, "as many comments as base::limits::kDraftComments");
    const base::Millis now = clock_.now();
    TRY(auto* put, db.prepare("INSERT INTO bank_draft_comment VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    TRY_VOID(put->begin().bind(1, key).bind(2, number + 1).bind(3, now).bind_text(4, who.user).bind_text(5, who.name).bind_text(6, said).bind_text(7, element).bind(8, row.revision).run());
    out = Json::Object{{"at", base::iso_utc(now)}, {"by", who.name}, {"text", said}, {"element", element}, {"revision", row.revision}};
    return {};
  }));
  return out;
}

}  // namespace bank::drafts
