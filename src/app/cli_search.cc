// search: what the bank finds for somebody's words, as the pages show it.
#include <cstdio>
#include <cstdlib>

#include "app/cli.h"
#include "app/house.h"

namespace app {
namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kSearchHelp = R"(usage: sagsgang search WORDS [--data DIR] [--authority CVR] [--limit N] [--json]

Searches the bank of a data folder as its pages do, best first: titles, activities, roles, law, forms, systems and documents, in any
inflection, split or joined, misspelt, by a plain word, "§ 10", a KLE or KLA number. Exit code 1 where nothing is found. docs/find.md.

  --data DIR       the data folder (default: data); no server may run on it
  --authority CVR  who searches (default: 11111111, the first example authority)
  --limit N        how many (default: 10)

example: sagsgang search 'lægeerklæringer betaling' --data data-help)";

void print(const Json& found) {
  for (const Json& note : found["notes"].as_array()) std::printf("%s\n", note["text"].string_or("").c_str());
  if (found["suggestion"].is_string()) std::printf("searched for: %s\n", found["suggestion"].as_string().c_str());
  if (found["partly"].bool_or(false)) std::printf("few have all of the words; these have some of them\n");
  int place = 0;
  for (const Json& item : found["items"].as_array()) {
    std::printf("%2d  %s  (%s)\n", ++place, item["title"].string_or("").c_str(), item["slug"].string_or("").c_str());
    for (const Json& hit : item["hits"].as_array())
      if (hit["field"] != Json("titel") && hit["field"] != Json("resume")) {
        std::printf("      %s: %s\n", hit["field"].string_or("").c_str(), hit["text"].string_or("").c_str());
        break;
      }
  }
  std::printf("%s found\n", found["total"].number_text().c_str());
}

int run_search(Arguments& arguments) {
  const std::string data = arguments.get("--data", "data"), authority = arguments.get("--authority", "11111111"), limit = arguments.get("--limit", "10");
  const bool json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (words.empty()) return report({ErrorCode::usage, "which words?", {}, "example: sagsgang search 'takst'"});
  bank::ListRequest request;
  for (const std::string& word : words) request.q += (request.q.empty() ? "" : " ") + word;
  request.limit = std::atoi(limit.c_str());
  const auto lock = FolderLock::take(data);
  if (!lock) return report(lock.error());
  auto archive = Archive::open(data);
  if (!archive) return report(archive.error());
  const auto found = (*archive)->bank->list(authority, request);
  if (!found) return report(found.error());
  if (json) std::printf("%s\n", found->dump().c_str());
  else print(*found);
  return (*found)["total"].int_or(0) > 0 ? kDone : kFaults;
}

}  // namespace

CommandInfo search_command() { return {"search", "find workflows by words, law or number", kSearchHelp, run_search}; }

}  // namespace app
