// Atom (RFC 4287): what happened to the workflows that a person follows, or to the whole bank. The secret lies in the address, so the feed says
// nothing that the address' holder may not know: titles, versions, dates. No names of people, no notes, no texts of comments.
#include <sodium.h>

#include <algorithm>

#include "bank/understand/rows.h"
#include "bank/understand/understand.h"
#include "base/limits_understand.h"
#include "base/random.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xml.h"

namespace bank::understand {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

std::string fingerprint(std::string_view token) {
  std::string out(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr, 0);
  return base::hex(out);
}

struct Entry { base::Millis at = 0; std::string id, title, summary, slug; };

std::string atom(const std::string& id, const std::string& title, const std::vector<Entry>& entries, base::Millis now) {
  const auto text = [](const char* name, const std::string& value) { return std::string("<") + name + ">" + base::xml::escape_text(value) + "</" + name + ">"; };
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"da\">\n  " + text("id", id) + text("title", title) +
                    text("updated", base::iso_utc(entries.empty() ? now : entries.front().at)) + "<author><name>Sagsgang</name></author>\n";
  for (const Entry& e : entries)
    out += "  <entry>" + text("id", e.id) + text("title", e.title) + text("updated", base::iso_utc(e.at)) + text("summary", e.summary) + "<link href=\"/bank/" +
           base::xml::escape_attribute(e.slug) + "\"/></entry>\n";
  return out + "</feed>\n";
}

}  // namespace

base::Result<Json> Understand::new_feed(const Who& who) {
  std::string bytes(24, '\0');
  base::fill_random({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  const std::string token = base::hex(bytes);
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    return change(db, "INSERT OR REPLACE INTO understand_feed VALUES (?, ?, ?, ?)", who.authority, who.user, fingerprint(token), clock_.now());
  }));
  return Json::Object{{"followed", "/api/bank/feeds/" + token + "/followed"}, {"bank", "/api/bank/feeds/" + token + "/bank"}};
}

base::Status Understand::end_feed(const Who& who) {
  return database_.write([&](Connection& db) -> base::Status { return change(db, "DELETE FROM understand_feed WHERE authority = ? AND user = ?", who.authority, who.user); });
}

base::Result<Who> Understand::feed_owner(const std::string& token) {
  Who who;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, "SELECT authority, user FROM understand_feed WHERE fingerprint = ?", [&](const store::Statement& r) { who = {r.text(0), r.text(1)}; }, fingerprint(token));
  }));
  if (who.user.empty()) return base::fail(ErrorCode::not_found, "no such feed", {}, "make a new address on the page of followed workflows");
  return who;
}

base::Result<std::string> Understand::feed(const Who& who, bool whole_bank) {
  TRY(const auto held, this->readable(who.authority));
  const Readable& readable = *held;
  std::map<std::string, bool> wanted;
  std::vector<Entry> entries;
  const auto limit = static_cast<std::int64_t>(base::limits::kFeedEntries);
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY_VOID(each_row(db, "SELECT slug FROM understand_mark WHERE authority = ? AND user = ? AND follow = 1", [&](const store::Statement& r) { wanted[r.text(0)] = true; }, who.authority, who.user));
    const auto take = [&](const std::string& slug) -> const Workflow* {
      const auto at = readable.find(slug);
      return at == readable.end() || !(whole_bank || wanted.contains(slug)) ? nullptr : &at->second;
    };
    TRY_VOID(each_row(db, "SELECT slug, authority, version, at FROM bank_version ORDER BY at DESC LIMIT 20000", [&](const store::Statement& r) {
      const Workflow* w = entries.size() >= base::limits::kFeedEntries ? nullptr : take(r.text(0));
      if (w == nullptr || w->owner != r.text(1)) return;
      entries.push_back({r.integer(3), "urn:sagsgang:workflow:" + std::to_string(w->id) + ":" + r.text(2), w->title + ", version " + r.text(2),
                         r.integer(2) == 1 ? "Arbejdsgangen er lagt i banken." : "Arbejdsgangen er ændret.", w->slug});
    }));
    std::size_t reviews = 0;
    return each_row(db, "SELECT DISTINCT c.id, c.title, c.changed, c.at, r.slug FROM understand_law_change c JOIN understand_review r ON r.change = c.id "
                        "WHERE c.authority = ? AND c.withdrawn = 0 ORDER BY c.at DESC LIMIT ?", [&](const store::Statement& r) {
      const Workflow* w = reviews >= base::limits::kFeedEntries ? nullptr : take(r.text(4));
      if (w == nullptr) return;
      ++reviews;
      entries.push_back({r.integer(3), "urn:sagsgang:law:" + r.text(0) + ":" + std::to_string(w->id), w->title + ": " + r.text(1) + " er ændret",
                         "Loven er ændret " + r.text(2) + ". Gennemgå de aktiviteter, der henviser til den.", w->slug});
    }, who.authority, limit * 20);
  }));
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.at > b.at; });
  if (entries.size() > base::limits::kFeedEntries) entries.resize(base::limits::kFeedEntries);
  return atom(whole_bank ? "urn:sagsgang:feed:bank" : "urn:sagsgang:feed:followed", whole_bank ? "Banken: nyt" : "Arbejdsgange, du følger", entries, clock_.now());
}

}  // namespace bank::understand
