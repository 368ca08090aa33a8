// subscribe: other banks whose published workflows arrive here as proposals.
#include <cstdio>

#include "app/cli.h"
#include "app/house.h"
#include "bank/share/share.h"
#include "base/limits_export.h"
#include "base/text.h"
#include "connectors/web_fetch.h"

namespace app {
namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang subscribe URL [--key KEY] [--data DIR] [--authority CVR] [--allow-local]
       sagsgang subscribe --check [--data DIR] [--authority CVR]
       sagsgang subscribe --list [--json] [--data DIR] [--authority CVR]
       sagsgang subscribe --share on|off [--data DIR] [--authority CVR]

Subscribes to another bank: URL is the address that it shows under Deling. Its key is shown and pinned; from then on only what is
signed with that key arrives. With --key the subscription is made only where the bank shows that very key. --check asks every bank
what is new (run it from cron; a server does the same when somebody presses the button). What arrives changes nothing: a person
takes it or leaves it under Deling. --share lets other banks fetch what this authority has published. No server may run meanwhile.

  --data DIR       the data folder (default: data)
  --authority CVR  who subscribes (default: 11111111, the first example authority)
  --key KEY        the key that the bank must show (base64)
  --allow-local    the bank may be in a private network or on this machine
  --json           for machines

Exit code: 0 done, 1 something was refused, 2 wrong usage, 3 failed.

example: sagsgang subscribe --share on --data data-help
example: sagsgang subscribe --list --data data-help)";

base::Result<std::string> fetch(const std::string& url, std::size_t max_bytes, bool private_network) {
  return connectors::fetch({.url = url, .max_bytes = max_bytes, .timeout_ms = base::limits::kShareSeconds * 1000, .private_network = private_network});
}

base::Result<int> list(bank::Share& share, const std::string& authority, bool json) {
  TRY(const Json all, share.subscriptions(authority));
  TRY(const Json own, share.settings(authority));
  if (json) {
    std::printf("%s\n", Json(Json::Object{{"settings", own}, {"subscriptions", all["items"]}}).dump().c_str());
    return kDone;
  }
  std::printf("shares: %s, own key %s\n  fingerprint %s\n", own["share"].bool_or(false) ? "yes" : "no", own["key"].string_or("").c_str(), own["fingerprint"].string_or("").c_str());
  for (const Json& one : all["items"].as_array())
    std::printf("%s (%s)\n  %s\n  fingerprint %s\n  %lld waiting; last: %s\n", one["name"].string_or("").c_str(), one["authority"].string_or("").c_str(), one["url"].string_or("").c_str(), one["fingerprint"].string_or("").c_str(),
                static_cast<long long>(one["waiting"].int_or(0)), one["result"].string_or("").empty() ? "never asked" : one["result"].string_or("").c_str());
  return kDone;
}

base::Result<int> check(bank::Share& share, const std::string& authority, bool json) {
  TRY(const Json all, share.subscriptions(authority));
  int code = kDone;
  Json out = Json::array();
  Progress progress("asking banks");
  for (std::size_t i = 0; i < all["items"].size(); ++i) {
    progress.show(i, all["items"].size());
    const Json& one = all["items"].as_array()[i];
    const auto result = share.check(authority, std::atoll(one["subscriptionKey"].string_or("0").c_str()), fetch);
    const bool good = result && (*result)["refused"].size() == 0;
    if (!good) code = kFaults;
    Json row = result ? *result : Json(Json::Object{{"error", result.error().text()}});
    if (!json) {
      std::printf("%s: %s\n", one["name"].string_or("").c_str(), result ? row["result"].string_or("").c_str() : row["error"].string_or("").c_str());
      if (result)
        for (const Json& refused : row["refused"].as_array()) std::printf("  %s: %s\n", refused["slug"].string_or("").c_str(), refused["reason"].string_or("").c_str());
    }
    row.set("url", one["url"]);
    out.push(std::move(row));
  }
  if (json) std::printf("%s\n", out.dump().c_str());
  return code;
}

base::Result<int> subscribe(bank::Share& share, const std::string& authority, const std::string& url, std::string key, bool allow_local) {
  TRY(const Json shown, share.preview(authority, url, allow_local, fetch));
  if (key.empty()) key = shown["key"].string_or("");
  TRY(const Json made, share.subscribe(authority, url, key, allow_local, "sagsgang subscribe", fetch));
  std::printf("%s (%s), %lld workflows\npinned key %s\n  fingerprint %s\nAsk the other bank whether that is theirs.\n", made["name"].string_or("").c_str(), made["authority"].string_or("").c_str(),
              static_cast<long long>(shown["packages"].int_or(0)), made["key"].string_or("").c_str(), made["fingerprint"].string_or("").c_str());
  return kDone;
}

int run(Arguments& arguments) {
  const std::string data = arguments.get("--data", "data"), authority = arguments.get("--authority", "11111111"), key = arguments.get("--key"), sharing = arguments.get("--share");
  const bool asks = arguments.flag("--check"), lists = arguments.flag("--list"), allow_local = arguments.flag("--allow-local"), json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (words.size() + (asks ? 1 : 0) + (lists ? 1 : 0) + (sharing.empty() ? 0 : 1) != 1) return report({ErrorCode::usage, "an address, --check, --list or --share, please", {}, "see sagsgang subscribe --help"});
  if (!sharing.empty() && sharing != "on" && sharing != "off") return report({ErrorCode::usage, "--share is on or off", {}, {}});
  const auto lock = FolderLock::take(data);
  if (!lock) return report(lock.error());
  auto archive = Archive::open(data);
  if (!archive) return report(archive.error());
  auto share = bank::Share::open(*(*archive)->database, *(*archive)->bank, (*archive)->clock);
  if (!share) return report(share.error());
  if (!sharing.empty()) {
    if (const auto set = (*share)->set_settings(authority, Json::Object{{"share", sharing == "on"}}); !set) return report(set.error());
    std::printf("other banks may %sfetch what %s has published\n", sharing == "on" ? "" : "not ", authority.c_str());
    return kDone;
  }
  const auto done = lists ? list(**share, authority, json) : asks ? check(**share, authority, json) : subscribe(**share, authority, words[0], key, allow_local);
  return done ? *done : report(done.error());
}

}  // namespace

CommandInfo subscribe_command() { return {"subscribe", "other banks whose workflows arrive as proposals", kHelp, run}; }

}  // namespace app
