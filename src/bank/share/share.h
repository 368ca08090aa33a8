// Banks that share over HTTP (docs/share.md): what an authority has published goes out signed; what another bank publishes arrives as
// proposals that a person takes or leaves. Nothing that arrives changes anything by itself.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "bank/bank.h"
#include "bank/published.h"
#include "base/clock.h"
#include "base/json.h"
#include "store/database.h"
#include "store/signing.h"

namespace bank {

class Share {
 public:
  // GET of another bank's address: the body of a 200. The implementation refuses private networks where `private_network` is false,
  // follows no redirects, and keeps to `max_bytes`. Errors: connector_failed, limit_exceeded, forbidden.
  using Fetch = std::function<base::Result<std::string>(const std::string& url, std::size_t max_bytes, bool private_network)>;

  static base::Result<std::unique_ptr<Share>> open(store::Database&, Bank&, const base::Clock&);  // all outlive it

  // {share, embed, embedAncestors: [origin], key, fingerprint}; all off until somebody switches it on.
  base::Result<base::Json> settings(const std::string& authority);
  // Members as above; missing ones stay. Errors: invalid_argument (an ancestor that is no origin).
  base::Status set_settings(const std::string& authority, const base::Json&);

  // What others get; not_found where the authority does not share. `name`: the authority's, for people.
  base::Result<base::Json> feed(const std::string& authority, const std::string& name);
  base::Result<std::string> package(const std::string& authority, const std::string& slug, int version);  // zip
  // "frame-ancestors" of what may be embedded: not_found where the package is not published by an authority that allows it.
  struct Embedded { Published row; std::string ancestors; };
  base::Result<Embedded> embedded(const std::string& slug);

  // What is at the address, before anything is stored: {name, authority, key, fingerprint, packages, mine}. Errors: of Fetch, invalid_document.
  base::Result<base::Json> preview(const std::string& authority, const std::string& url, bool private_network, const Fetch&);
  // Pins `key` (base64): conflict where the bank shows another one now. → the subscription as in subscriptions().
  base::Result<base::Json> subscribe(const std::string& authority, const std::string& url, const std::string& key, bool private_network, const std::string& by, const Fetch&);
  base::Result<base::Json> subscriptions(const std::string& authority);
  base::Status unsubscribe(const std::string& authority, std::int64_t subscription);  // what was taken stays
  // Asks the bank what is new. {arrived, same, refused: [{slug, reason}], left}; a changed key refuses everything.
  base::Result<base::Json> check(const std::string& authority, std::int64_t subscription, const Fetch&);

  // state: "new", "taken", "ignored", "superseded" or "" for all; newest first.
  base::Result<base::Json> arrivals(const std::string& authority, const std::string& state);
  // One, with what it would change: {…, changes: [Danish sentence], findings}.
  base::Result<base::Json> arrival(const std::string& authority, std::int64_t arrival);
  base::Result<std::map<std::string, std::string>> arrival_files(const std::string& authority, std::int64_t arrival);
  // Takes it as a new version of the authority's own package of that slug, or leaves it. Errors: conflict (decided already), invalid_package.
  base::Result<base::Json> decide(const std::string& authority, std::int64_t arrival, bool take, const std::string& by);
  // Where versions of a package came from, newest first: [{version, bank, authority, url, remoteVersion, digest, signature, key, at}].
  base::Result<base::Json> provenance(const std::string& authority, const std::string& slug);

 private:
  Share(store::Database& d, Bank& b, const base::Clock& c) : database_(d), bank_(b), clock_(c) {}
  struct Subscription { std::int64_t id = 0; std::string url, name, remote, key; bool private_network = false; };
  struct Arrival { std::int64_t id = 0; std::string slug, title, bank, remote, url, state, digest, signature, key, zip; int version = 0; std::string arrived, decided, by; int taken_as = 0; };
  struct Offer { std::string slug, title, digest, signature; int version = 0; };
  base::Result<store::SigningKey> key_of(const std::string& authority);
  base::Result<bool> shares(const std::string& authority);
  base::Result<Subscription> subscription(const std::string& authority, std::int64_t);
  base::Result<Arrival> read_arrival(const std::string& authority, std::int64_t);
  base::Result<bool> known(const std::string& authority, const Subscription&, const Offer&);
  base::Status arrive(const std::string& authority, const Subscription&, const Offer&, const std::string& zip);
  base::Status note_check(std::int64_t subscription, const std::string& result);
  store::Database& database_;
  Bank& bank_;
  const base::Clock& clock_;
  std::mutex keys_;  // a key is made once
};

// The digest that is signed: SHA-256 over the files in the order of their paths, each as path, 0, size in digits, 0, bytes. Hex.
std::string package_digest(const std::map<std::string, std::string>& files);
// What a signature stands under.
std::string share_statement(const std::string& authority, const std::string& slug, int version, const std::string& digest);
std::string fingerprint(std::string_view open_key);  // "3f2a 91c0 …": eight groups that two people can read to each other

}  // namespace bank
