// publish: the published part of the bank as a static site.
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/house.h"
#include "bank/site/site.h"
#include "base/clock.h"
#include "base/time.h"

namespace app {
namespace {

using base::ErrorCode;

constexpr const char* kHelp = R"(usage: sagsgang publish DIR [--data DATA] [--authority CVR] [options]
       sagsgang publish DIR --bank FOLDER [options]

Writes the published part of the bank as a static site in Danish: search in the browser, a page for each workflow with its diagram
and its steps as text, registers, an accessibility statement. It needs no server and asks no other host; it works from a disk. Only
what has been published is in it; names of users, notes between colleagues and drafts are not. A new run replaces the folder whole.
Workflows that cannot be read or drawn are named on standard error and left out.

  --data DATA         the data folder (default: data); a server may run on it meanwhile
  --bank FOLDER       instead of a data folder: a tree of packages, all of them published
  --authority CVR     only what this authority has published (default: everything published)
  --title TEXT        the site's name (default: Arbejdsgangsbanken)
  --publisher TEXT    who publishes it, on every page
  --contact TEXT      mail or web address in the accessibility statement (default: a placeholder that says so)
  --url ADDRESS       where the site will be, https://…: canonical links and 404.html
  --date DAY          the day that validity is judged by (default: today); the same day and packages give the same bytes
  --with-notes        tell what authors wrote about each version
  --json              what was written, as JSON

Exit code: 0 done, 1 some workflows were left out, 2 wrong usage, 3 failed.

example: sagsgang publish sider --bank bank --publisher 'Eksempel Kommune' --contact tilgaengelighed@example.dk)";

bool is_day(const std::string& text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && base::parse_iso_utc(text + "T00:00:00Z").has_value();
}

int told(const bank::site::Made& made, const std::string& folder, bool json) {
  for (const base::Error& one : made.left_out) std::fprintf(stderr, "left out: %s\n", one.text().c_str());
  if (made.hidden_numbers > 0) std::fprintf(stderr, "warning: %d numbers of the form of a personal number were replaced by dots; correct the packages\n", made.hidden_numbers);
  if (json) {
    base::Json left = base::Json::array();
    for (const base::Error& one : made.left_out) left.push(one.text());
    const base::Json out = base::Json::Object{{"folder", folder}, {"workflows", static_cast<std::uint64_t>(made.workflows)}, {"files", static_cast<std::uint64_t>(made.files)},
                                              {"bytes", static_cast<std::uint64_t>(made.bytes)}, {"hiddenNumbers", made.hidden_numbers}, {"leftOut", std::move(left)}};
    std::printf("%s\n", out.dump().c_str());
  } else {
    std::printf("%s: %zu workflows, %zu files, %.1f MB; open %s/index.html\n", folder.c_str(), made.workflows, made.files, static_cast<double>(made.bytes) / 1e6, folder.c_str());
  }
  return made.left_out.empty() ? kDone : kFaults;
}

int run(Arguments& arguments) {
  const std::string data = arguments.get("--data", "data"), bank = arguments.get("--bank"), authority = arguments.get("--authority");
  bank::site::Options options;
  options.title = arguments.get("--title", options.title), options.publisher = arguments.get("--publisher"), options.contact = arguments.get("--contact");
  options.address = arguments.get("--url"), options.day = arguments.get("--date", base::iso_date(base::SystemClock().now())), options.notes = arguments.flag("--with-notes");
  const bool json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (words.size() != 1) return report({ErrorCode::usage, "which folder should the site be in?", {}, "example: sagsgang publish sider --bank bank"});
  if (!is_day(options.day)) return report({ErrorCode::usage, "--date is no day", {}, "YYYY-MM-DD"});
  if (!options.address.empty() && !options.address.starts_with("https://") && !options.address.starts_with("http://")) return report({ErrorCode::usage, "--url is no web address", {}, "https://…"});
  std::unique_ptr<store::Connection> database;  // reading only: a server may own the file
  base::Result<std::vector<bank::site::Source>> sources;
  if (!bank.empty()) {
    sources = bank::site::sources(bank);
  } else {
    if (!std::filesystem::exists(data + "/sagsgang.db")) return report({ErrorCode::usage, "no bank in the data folder", {.file = data}, "--data DIR or --bank FOLDER"});
    auto opened = store::Connection::open(data + "/sagsgang.db", store::Connection::Mode::read_only);
    if (!opened) return report(opened.error());
    database = std::move(*opened);
    sources = bank::site::sources(*database, authority);
  }
  if (!sources) return report(sources.error());
  if (sources->empty()) return report({ErrorCode::usage, "nothing is published there", {.file = bank.empty() ? data : bank}, "publish workflows in the bank first, or sagsgang import --publish"});
  Progress progress("publishing");
  const auto made = bank::site::publish_folder(std::move(*sources), options, words[0], [&](std::size_t done, std::size_t of) { progress.show(done, of); });
  return made ? told(*made, words[0], json) : report(made.error());
}

}  // namespace

CommandInfo publish_command() { return {"publish", "write the published part of the bank as a static site", kHelp, run}; }

}  // namespace app
