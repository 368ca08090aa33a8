// The asking half: what is at an address, the pinned key, what is new there.
#include <set>

#include "bank/share/share.h"
#include "bank/zip.h"
#include "base/limits_export.h"
#include "base/text.h"
#include "base/time.h"

namespace bank {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

constexpr base::Millis kCheckMs = 60'000;  // of one call: a large bank is taken in several

base::Status web_address(const std::string& url) {
  const std::size_t scheme = base::starts_with_icase(url, "https://") ? 8 : base::starts_with_icase(url, "http://") ? 7 : 0;
  const auto wrong = [](const char* why) { return base::fail(ErrorCode::invalid_argument, std::string("the address ") + why, {.pointer = "/url"}, "https://bank.kommune.dk/api/bank/share/feeds/12345678"); };
  if (scheme == 0) return wrong("does not begin with https:// or http://");
  if (url.size() > 500) return wrong("is longer than 500 letters");
  for (const char c : url)
    if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) > 126 || c == '\\') return wrong("holds a blank or a letter that addresses do not have");
  const std::string host = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  if (host.empty()) return wrong("names no host");
  if (host.find('@') != std::string::npos) return wrong("holds a name or password");
  if (url.find_first_of("?#") != std::string::npos) return wrong("has a query");
  return {};
}

std::string trimmed(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

struct Feed {
  std::string authority, name, key;  // key: raw bytes
  struct Row { std::string slug, title, digest, signature; int version = 0; };
  std::vector<Row> rows;
};

base::Result<Feed> read_feed(const std::string& bytes) {
  const auto wrong = [](const std::string& why) { return base::fail(ErrorCode::invalid_document, "what is at the address is no list of a Sagsgang bank: " + why, {}, "the address that the other bank shows under Deling"); };
  auto json = base::parse_json(bytes, "the other bank's list", base::limits::kShareFeedBytes);
  if (!json) return wrong("no JSON");
  if ((*json)["format"].int_or(0) != 1 || !(*json)["packages"].is_array()) return wrong("it has no format 1 and no packages");
  Feed out{(*json)["authority"].string_or(""), (*json)["name"].string_or(""), base::unbase64((*json)["key"].string_or("")).value_or(""), {}};
  if (out.key.size() != 32) return wrong("it shows no key");
  if (out.authority.empty() || out.authority.size() > 20 || out.authority.find_first_not_of("0123456789") != std::string::npos) return wrong("it names no authority");
  if (out.name.empty() || out.name.size() > 200) out.name = out.authority;
  const auto& packages = (*json)["packages"].as_array();
  if (packages.size() > base::limits::kSharePackages) return base::fail(ErrorCode::limit_exceeded, "the other bank lists more than " + std::to_string(base::limits::kSharePackages) + " packages (kSharePackages)");
  for (const Json& one : packages) {
    Feed::Row row{one["slug"].string_or(""), one["title"].string_or("").substr(0, 300), one["digest"].string_or(""), base::unbase64(one["signature"].string_or("")).value_or(""), static_cast<int>(std::min<std::int64_t>(one["version"].int_or(0), 1'000'000'000))};
    if (!valid_slug(row.slug) || row.version < 1 || row.digest.size() != 64) return wrong("a package has no name, version or digest");
    while (!base::valid_utf8(row.title)) row.title.pop_back();
    out.rows.push_back(std::move(row));
  }
  return out;
}

std::string encoded(const std::string& text) {  // a slug in a query
  std::string out;
  for (const char c : text) out += c == '/' ? std::string("%2F") : std::string(1, c);
  return out;
}

Json refusal(const std::string& slug, const std::string& reason) { return Json::Object{{"slug", slug}, {"reason", reason}}; }

}  // namespace

base::Result<Json> Share::preview(const std::string& authority, const std::string& url, bool private_network, const Fetch& fetch) {
  TRY_VOID(web_address(url));
  TRY(const std::string bytes, fetch(trimmed(url), base::limits::kShareFeedBytes, private_network));
  TRY(const Feed feed, read_feed(bytes));
  return Json(Json::Object{{"name", feed.name}, {"authority", feed.authority}, {"key", base::base64(feed.key)}, {"fingerprint", fingerprint(feed.key)}, {"packages", static_cast<std::uint64_t>(feed.rows.size())}, {"mine", feed.authority == authority}});
}

base::Result<Json> Share::subscribe(const std::string& authority, const std::string& url, const std::string& key, bool private_network, const std::string& by, const Fetch& fetch) {
  TRY(const Json shown, preview(authority, url, private_network, fetch));
  if (shown["key"].string_or("") != key)
    return base::fail(ErrorCode::conflict, "the bank shows another key now than the one you agreed to", {.pointer = "/key"}, "look at the address again, and ask the other bank which key is theirs");
  std::int64_t id = 0, count = 0;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* all, db.prepare("SELECT COUNT(*) FROM bank_subscription WHERE authority = ?"));
    TRY(const bool any, all->begin().bind_text(1, authority).step());
    count = any ? all->integer(0) : 0;
    all->begin();
    if (count >= static_cast<std::int64_t>(base::limits::kShareSubscriptions)) return base::fail(ErrorCode::limit_exceeded, "more subscriptions than base::limits::kShareSubscriptions");
    TRY(auto* old, db.prepare("SELECT id, open_key FROM bank_subscription WHERE authority = ? AND url = ?"));
    TRY(const bool exists, old->begin().bind_text(1, authority).bind_text(2, trimmed(url)).step());
    if (exists) id = old->integer(0);
    const bool same = exists && old->text(1) == key;
    old->begin();
    if (exists) return same ? base::Status() : base::fail(ErrorCode::conflict, "you subscribe to this bank with another key", {}, "end that subscription first");
    TRY(auto* insert, db.prepare("INSERT INTO bank_subscription (authority, url, name, remote, open_key, private_network, at, by_user) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    TRY_VOID(insert->begin().bind_text(1, authority).bind_text(2, trimmed(url)).bind_text(3, shown["name"].string_or("")).bind_text(4, shown["authority"].string_or("")).bind_text(5, key)
                 .bind(6, private_network ? 1 : 0).bind(7, clock_.now()).bind_text(8, by).run());
    id = db.last_row_id();
    return {};
  }));
  TRY(const Json all, subscriptions(authority));
  for (const Json& one : all["items"].as_array())
    if (one["subscriptionKey"].string_or("") == std::to_string(id)) return one;
  return base::fail(ErrorCode::internal, "the subscription is gone");
}

base::Result<Json> Share::subscriptions(const std::string& authority) {
  Json items = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT s.id, s.url, s.name, s.remote, s.open_key, s.at, s.by_user, s.checked, s.result, (SELECT COUNT(*) FROM bank_arrival a WHERE a.subscription = s.id AND a.state = 'new') "
                               "FROM bank_subscription s WHERE s.authority = ? ORDER BY s.name, s.id"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      items.push(Json::Object{{"subscriptionKey", std::to_string(rows->integer(0))}, {"url", rows->text(1)}, {"name", rows->text(2)}, {"authority", rows->text(3)}, {"key", rows->text(4)},
                              {"fingerprint", fingerprint(base::unbase64(rows->text(4)).value_or(""))}, {"since", base::iso_utc(rows->integer(5))}, {"by", rows->text(6)},
                              {"checked", rows->integer(7) == 0 ? Json() : Json(base::iso_utc(rows->integer(7)))}, {"result", rows->text(8)}, {"waiting", rows->integer(9)}});
    }
  }));
  return Json(Json::Object{{"items", std::move(items)}});
}

base::Status Share::unsubscribe(const std::string& authority, std::int64_t id) {
  TRY_VOID(subscription(authority, id));
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* rest, db.prepare("DELETE FROM bank_arrival WHERE subscription = ? AND authority = ? AND state <> 'taken'"));
    TRY_VOID(rest->begin().bind(1, id).bind_text(2, authority).run());
    TRY(auto* gone, db.prepare("DELETE FROM bank_subscription WHERE id = ? AND authority = ?"));
    return gone->begin().bind(1, id).bind_text(2, authority).run();
  });
}

base::Result<Share::Subscription> Share::subscription(const std::string& authority, std::int64_t id) {
  Subscription out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT id, url, name, remote, open_key, private_network FROM bank_subscription WHERE id = ? AND authority = ?"));
    TRY(const bool any, row->begin().bind(1, id).bind_text(2, authority).step());
    if (!any) return base::fail(ErrorCode::not_found, "no such subscription");
    out = {row->integer(0), row->text(1), row->text(2), row->text(3), base::unbase64(row->text(4)).value_or(""), row->integer(5) != 0};
    row->begin();
    return {};
  }));
  return out;
}

base::Status Share::note_check(std::int64_t id, const std::string& result) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* put, db.prepare("UPDATE bank_subscription SET checked = ?, result = ? WHERE id = ?"));
    return put->begin().bind(1, clock_.now()).bind_text(2, result).bind(3, id).run();
  });
}

// Has it been here before, is it older than what was, or is it what the authority has already?
base::Result<bool> Share::known(const std::string& authority, const Subscription& from, const Offer& offer) {
  bool out = false;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT 1 FROM bank_arrival WHERE authority = ? AND remote = ? AND slug = ? AND (version >= ? OR digest = ?) LIMIT 1"));
    TRY(out, row->begin().bind_text(1, authority).bind_text(2, from.remote).bind_text(3, offer.slug).bind(4, offer.version).bind_text(5, offer.digest).step());
    row->begin();
    return {};
  }));
  if (out) return true;
  const auto own = bank_.get(authority, offer.slug);
  return own && own->owner == authority && package_digest(own->package->files) == offer.digest;
}

base::Status Share::arrive(const std::string& authority, const Subscription& from, const Offer& offer, const std::string& zip) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* older, db.prepare("UPDATE bank_arrival SET state = 'superseded' WHERE authority = ? AND remote = ? AND slug = ? AND state = 'new'"));
    TRY_VOID(older->begin().bind_text(1, authority).bind_text(2, from.remote).bind_text(3, offer.slug).run());
    TRY(auto* insert, db.prepare("INSERT INTO bank_arrival (authority, subscription, bank, remote, url, slug, title, version, digest, signature, open_key, zip, at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new')"));
    return insert->begin().bind_text(1, authority).bind(2, from.id).bind_text(3, from.name).bind_text(4, from.remote).bind_text(5, from.url).bind_text(6, offer.slug).bind_text(7, offer.title)
        .bind(8, offer.version).bind_text(9, offer.digest).bind_text(10, base::base64(offer.signature)).bind_text(11, base::base64(from.key)).bind_blob(12, zip).bind(13, clock_.now()).run();
  });
}

base::Result<Json> Share::check(const std::string& authority, std::int64_t id, const Fetch& fetch) {
  TRY(const Subscription from, subscription(authority, id));
  const auto failed = [&](base::Error error) -> base::Result<Json> {
    TRY_VOID(note_check(id, error.message));
    return std::unexpected(std::move(error));
  };
  auto bytes = fetch(from.url, base::limits::kShareFeedBytes, from.private_network);
  if (!bytes) return failed(bytes.error());
  auto feed = read_feed(*bytes);
  if (!feed) return failed(feed.error());
  if (feed->key != from.key || feed->authority != from.remote)
    return failed({ErrorCode::conflict, "the other bank's key has changed; nothing of it was taken in", {}, "ask the other bank whether the new key is theirs; then end the subscription and make it again"});
  std::int64_t arrived = 0, same = 0, left = 0;
  Json refused = Json::array();
  const base::Millis begin = clock_.now();
  for (const Feed::Row& row : feed->rows) {
    const Offer offer{row.slug, row.title, row.digest, row.signature, row.version};
    if (!store::signed_by(from.key, share_statement(from.remote, row.slug, row.version, row.digest), row.signature)) {
      refused.push(refusal(row.slug, "Underskriften passer ikke til bankens nøgle."));
      continue;
    }
    TRY(const bool seen, known(authority, from, offer));
    if (seen) {
      ++same;
      continue;
    }
    if (clock_.now() - begin > kCheckMs || arrived >= static_cast<std::int64_t>(base::limits::kShareArrivals)) {
      ++left;
      continue;
    }
    const auto zip = fetch(from.url + "/package?slug=" + encoded(row.slug) + "&version=" + std::to_string(row.version), base::limits::kSharePackageBytes, from.private_network);
    const auto files = zip ? unzip(*zip) : std::unexpected(zip.error());
    if (!files) {
      refused.push(refusal(row.slug, "Pakken kunne ikke hentes: " + std::string(base::title_da(files.error().code)) + "."));
    } else if (package_digest(*files) != row.digest) {
      refused.push(refusal(row.slug, "Pakken er en anden end den, banken har skrevet under på."));
    } else {
      TRY_VOID(arrive(authority, from, offer, *zip));
      ++arrived;
    }
  }
  std::string words = arrived == 0 ? "Intet nyt" : std::to_string(arrived) + (arrived == 1 ? " ny udgave" : " nye udgaver");
  if (refused.size() > 0) words += ", " + std::to_string(refused.size()) + " afvist";
  if (left > 0) words += ", " + std::to_string(left) + " venter til næste gang";
  TRY_VOID(note_check(id, words));
  return Json(Json::Object{{"arrived", arrived}, {"same", same}, {"refused", std::move(refused)}, {"left", left}, {"result", words}});
}

}  // namespace bank
