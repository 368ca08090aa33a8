#include "bank/published.h"

#include "base/json.h"

namespace bank {
namespace {

using store::Connection;
using store::Database;

base::Result<Published> row_of(store::Statement& row) {
  TRY(const base::Json facts, base::parse_json(row.text(4)));
  return Published{row.text(0), row.text(1), facts["title"].string_or(row.text(1)), static_cast<int>(row.integer(2)), row.integer(3), row.integer(5) != 0};
}

// The first of each slug.
base::Result<std::vector<Published>> firsts(store::Statement& rows) {
  std::vector<Published> out;
  while (true) {
    TRY(const bool more, rows.step());
    if (!more) return out;
    TRY(auto one, row_of(rows));
    if (out.empty() || out.back().slug != one.slug) out.push_back(std::move(one));
  }
}

template <class T, class F>
base::Result<T> with_reader(Database& database, F&& call) {
  T out;
  TRY_VOID(database.read([&](Connection& db) -> base::Status {
    TRY(out, call(db));
    return {};
  }));
  return out;
}

}  // namespace

base::Result<std::vector<Published>> published(Connection& db, const std::string& owner) {
  TRY(auto* rows, db.prepare("SELECT authority, slug, version, changed, facts, published FROM bank_workflow WHERE published = 1 AND (?1 = '' OR authority = ?1) ORDER BY slug, id"));
  return firsts(rows->begin().bind_text(1, owner));
}

base::Result<std::vector<Published>> readable(Connection& db, const std::string& authority) {
  TRY(auto* rows, db.prepare("SELECT authority, slug, version, changed, facts, published FROM bank_workflow WHERE published = 1 OR authority = ?1 ORDER BY slug, authority <> ?1, id"));
  return firsts(rows->begin().bind_text(1, authority));
}

base::Result<Published> published_one(Connection& db, const std::string& owner, const std::string& slug) {
  TRY(auto* rows, db.prepare("SELECT authority, slug, version, changed, facts, published FROM bank_workflow WHERE published = 1 AND slug = ?2 AND (?1 = '' OR authority = ?1) ORDER BY id LIMIT 1"));
  TRY(const bool any, rows->begin().bind_text(1, owner).bind_text(2, slug).step());
  if (!any) return base::fail(base::ErrorCode::not_found, "no published workflow of that name");
  auto out = row_of(*rows);
  rows->begin();
  return out;
}

base::Result<std::map<std::string, std::string>> published_files(Connection& db, const Published& one) {
  TRY(auto* rows, db.prepare("SELECT path, bytes FROM bank_file WHERE authority = ? AND slug = ? AND version = ?"));
  rows->begin().bind_text(1, one.owner).bind_text(2, one.slug).bind(3, one.version);
  std::map<std::string, std::string> files;
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return files;
    files.emplace(rows->text(0), rows->text(1));
  }
}

base::Result<std::vector<PublishedVersion>> published_versions(Connection& db, const Published& one) {
  TRY(auto* rows, db.prepare("SELECT version, at, note FROM bank_version WHERE authority = ? AND slug = ? AND version <= ? ORDER BY version DESC"));
  rows->begin().bind_text(1, one.owner).bind_text(2, one.slug).bind(3, one.version);
  std::vector<PublishedVersion> out;
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return out;
    out.push_back({static_cast<int>(rows->integer(0)), rows->integer(1), rows->text(2)});
  }
}

base::Result<std::vector<Published>> published(Database& database, const std::string& owner) {
  return with_reader<std::vector<Published>>(database, [&](Connection& db) { return published(db, owner); });
}
base::Result<Published> published_one(Database& database, const std::string& owner, const std::string& slug) {
  return with_reader<Published>(database, [&](Connection& db) { return published_one(db, owner, slug); });
}
base::Result<std::map<std::string, std::string>> published_files(Database& database, const Published& one) {
  return with_reader<std::map<std::string, std::string>>(database, [&](Connection& db) { return published_files(db, one); });
}
base::Result<std::vector<PublishedVersion>> published_versions(Database& database, const Published& one) {
  return with_reader<std::vector<PublishedVersion>>(database, [&](Connection& db) { return published_versions(db, one); });
}

}  // namespace bank
