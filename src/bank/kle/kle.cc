#include "bank/kle/kle.h"

#include <cstdlib>
#include <set>

#include "base/embed.h"
#include "base/log.h"

EMBED_FILE(kle_sample, "bank/kle-eksempel.yaml");

namespace bank::kle {
namespace {

using base::Json;
using store::Connection;

const std::vector<store::Database::Migration> kMigrations = {
  {1, "subject numbers", R"sql(
    CREATE TABLE kle_subject (number TEXT PRIMARY KEY, title TEXT NOT NULL, gone TEXT NOT NULL, moved_to TEXT NOT NULL, keywords TEXT NOT NULL) STRICT;
    CREATE TABLE kle_edition (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, date TEXT NOT NULL, at INTEGER NOT NULL) STRICT;)sql"},
};

Json texts(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const std::string& one : list) out.push(one);
  return out;
}
std::vector<std::string> texts(const std::string& json) {
  std::vector<std::string> out;
  if (const auto list = base::parse_json(json); list && list->is_array())
    for (const Json& one : list->as_array()) out.push_back(one.string_or(""));
  return out;
}

base::Result<std::vector<Subject>> stored(Connection& db) {
  std::vector<Subject> out;
  TRY(auto* rows, db.prepare("SELECT number, title, gone, moved_to, keywords FROM kle_subject ORDER BY number"));
  rows->begin();
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return out;
    out.push_back({rows->text(0), rows->text(1), rows->text(2), texts(rows->text(3)), texts(rows->text(4))});
  }
}

const Edition& sample() {
  static const Edition kSample = [] {
    auto read = read_edition(EMBEDDED(kle_sample), "bank/kle-eksempel.yaml");
    if (!read) {  // the binary was built from a broken file: a defect of ours, seen at the first start
      base::log::error("bank", read.error().text());
      std::abort();
    }
    return std::move(*read);
  }();
  return kSample;
}

// What the newer edition says of a number, and what only the older one knew.
void merge(Subject& old, const Subject& now) {
  if (!now.title.empty()) old.title = now.title;
  old.gone = now.gone;
  if (!now.moved_to.empty()) old.moved_to = now.moved_to;
  if (now.gone.empty()) old.moved_to.clear();
  if (!now.keywords.empty()) old.keywords = now.keywords;
}

}  // namespace

base::Result<std::unique_ptr<Kle>> Kle::open(store::Database& database, const base::Clock& clock) {
  TRY_VOID(database.migrate("bank_kle", kMigrations));
  std::unique_ptr<Kle> kle(new Kle(database, clock));
  TRY_VOID(kle->load());
  return kle;
}

base::Status Kle::load() {
  std::vector<Subject> subjects;
  Source source{sample().source, {}, false};
  std::string stamp = "0";
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* edition, db.prepare("SELECT id, source, date FROM kle_edition ORDER BY id DESC LIMIT 1"));
    TRY(const bool any, edition->begin().step());
    if (any) {
      stamp = edition->text(0);
      source = {edition->text(1), edition->text(2), true};
    }
    edition->begin();
    TRY(subjects, stored(db));
    return {};
  }));
  if (!source.imported) subjects = sample().subjects;
  auto made = std::make_shared<const Subjects>(std::move(subjects));
  const std::lock_guard lock(mutex_);
  subjects_ = std::move(made);
  stamp_ = std::move(stamp);
  source_ = std::move(source);
  return {};
}

base::Result<Imported> Kle::import(std::string_view bytes, std::string_view file) {
  TRY(const Edition edition, read_edition(bytes, file));
  Imported out{edition.source, edition.date, edition.subjects.size()};
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto before, stored(db));
    std::map<std::string, Subject> all;
    for (Subject& subject : before) {
      std::string number = subject.number;
      all.emplace(std::move(number), std::move(subject));
    }
    std::set<std::size_t> levels;
    std::set<std::string> told;
    for (const Subject& subject : edition.subjects) {
      levels.insert(subject.number.size());
      told.insert(subject.number);
      const auto [found, added] = all.emplace(subject.number, subject);
      if (!added) merge(found->second, subject);
    }
    TRY(auto* put, db.prepare("INSERT OR REPLACE INTO kle_subject VALUES (?, ?, ?, ?, ?)"));
    for (auto& [number, subject] : all) {
      if (levels.contains(number.size()) && !told.contains(number) && subject.gone.empty()) subject.gone.assign(1, '-');
      ++(subject.gone.empty() ? out.in_use : subject.moved_to.empty() ? out.gone : out.moved);
      out.keywords += subject.keywords.size();
      TRY_VOID(put->begin().bind_text(1, number).bind_text(2, subject.title).bind_text(3, subject.gone).bind_text(4, texts(subject.moved_to).dump()).bind_text(5, texts(subject.keywords).dump()).run());
    }
    TRY(auto* note, db.prepare("INSERT INTO kle_edition (source, date, at) VALUES (?, ?, ?)"));
    return note->begin().bind_text(1, edition.source).bind_text(2, edition.date).bind(3, clock_.now()).run();
  }));
  TRY_VOID(load());
  return out;
}

std::shared_ptr<const Subjects> Kle::subjects() {
  const std::lock_guard lock(mutex_);
  return subjects_;
}
std::string Kle::stamp() {
  const std::lock_guard lock(mutex_);
  return stamp_;
}
Kle::Source Kle::source() {
  const std::lock_guard lock(mutex_);
  return source_;
}

}  // namespace bank::kle
