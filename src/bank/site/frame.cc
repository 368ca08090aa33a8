#include "bank/site/frame.h"

#include <algorithm>

#include "bank/danish.h"
#include "bank/site/words.h"
#include "base/embed.h"
#include "base/text.h"

EMBED_FILE(site_style, "src/bank/site/stil.css");
EMBED_FILE(site_search, "src/bank/site/soeg.js");

namespace bank::site {
namespace {

// Scripts and styles of the site itself only; "file:" so that it also holds for pages opened from a disk.
constexpr std::string_view kPolicy = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'";

struct Item { const char *path, *name; };
constexpr Item kMenu[] = {{"index.html", "Søg"}, {"alle.html", "Alle arbejdsgange"}, {"kle.html", "KLE"}, {"registre/index.html", "Registre"}, {"om.html", "Om"}};

std::string menu(const Page& page) {
  std::string out = "<nav class=\"menu\" aria-label=\"Hovedmenu\"><ul>";
  for (const Item& item : kMenu)
    out += "<li><a href=\"" + page.up() + item.path + "\"" + (page.path == item.path ? " aria-current=\"page\"" : "") + ">" + item.name + "</a></li>";
  return out + "</ul></nav>";
}

}  // namespace

std::string_view style_sheet() { return EMBEDDED(site_style); }
std::string_view search_script() { return EMBEDDED(site_search); }

const Summary* Book::find(const std::string& slug) const {
  const auto found = by_slug.find(slug);
  return found == by_slug.end() ? nullptr : &all[found->second];
}

void Book::relate() {
  const auto add = [](auto& map, const std::string& slug, std::size_t i) {
    auto& list = map[slug];
    if (list.empty() || list.back() != i) list.push_back(i);
  };
  for (std::size_t i = 0; i < all.size(); ++i) by_slug[all[i].slug] = i;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const CallText& call : all[i].calls) add(callers, call.slug, i);
    for (const std::string& slug : all[i].derived_from) add(derived, slug, i);
    for (const std::string& slug : all[i].replaces) add(replaced_by, slug, i);
    newest = std::max(newest, changed[all[i].slug]);
  }
}

std::string Page::up() const {
  std::string out;
  for (const char c : path)
    if (c == '/') out += "../";
  return out;
}

std::string render(const Book& book, const Page& page) {
  const std::string up = page.up(), title = esc(book.options.title);
  const std::string address = web_address(book.options.address);
  std::string out = "<!doctype html>\n<html lang=\"da\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + std::string(kPolicy) +
                    "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
                    (page.path == "index.html" ? title : esc(page.title) + " – " + title) + "</title>\n";
  if (!address.empty()) out += "<link rel=\"canonical\" href=\"" + esc(address + (address.ends_with('/') ? "" : "/") + page.path) + "\">\n";
  out += "<link rel=\"stylesheet\" href=\"" + up + "stil.css\">\n";
  if (page.search) out += "<script src=\"" + up + "soeg.js\" defer></script>\n";
  out += "</head>\n<body>\n<a class=\"spring\" href=\"#indhold\">Gå til sidens indhold</a>\n<header class=\"top\"><div class=\"ramme\"><p class=\"navn\"><a href=\"" + up + "index.html\">" + title + "</a></p>";
  if (!book.options.publisher.empty()) out += "<p class=\"udgiver\">" + esc(book.options.publisher) + "</p>";
  out += "</div>" + menu(page) + "</header>\n<main id=\"indhold\" class=\"ramme\" tabindex=\"-1\">\n" + page.body + "\n</main>\n<footer class=\"bund\"><div class=\"ramme\"><p>Udgivet " + esc(day_da(book.options.day)) +
         (book.options.publisher.empty() ? "" : " af " + esc(book.options.publisher)) + ". Brugeren må selv kontrollere, at loven stadig er som angivet.</p><ul><li><a href=\"" + up +
         "tilgaengelighed.html\">Tilgængelighedserklæring</a></li><li><a href=\"" + up + "om.html\">Om siderne</a></li></ul></div></footer>\n</body>\n</html>\n";
  return out;
}

std::string workflow_path(const std::string& slug) { return "arbejdsgang/" + slug + ".html"; }
std::string domain_path(const std::string& slug) { return "domaene/" + domain_slug(slug) + ".html"; }

std::string anchor(std::string_view text) {
  std::string out;
  for (const char c : folded(text)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
    if (good) out += c;
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return "a-" + (out.empty() ? base::hex(text.substr(0, 8)) : out);
}

bool expired(const Summary& s, const std::string& day) { return !s.valid_to.empty() && s.valid_to < day; }

std::string validity(const Summary& s, const std::string& day) {
  if (expired(s, day)) return "Udløbet: gjaldt" + (s.valid_from.empty() ? std::string() : " fra " + day_da(s.valid_from)) + " til " + day_da(s.valid_to) + ".";
  if (!s.valid_from.empty() && s.valid_from > day) return "Gælder først fra " + day_da(s.valid_from) + ".";
  if (!s.valid_to.empty()) return "Gælder til " + day_da(s.valid_to) + ".";
  return s.valid_from.empty() ? std::string() : "Gælder fra " + day_da(s.valid_from) + ".";
}

std::string badges(const Summary& s, const std::string& day) {
  const auto badge = [](const char* klass, const std::string& text) { return "<li class=\"maerke" + std::string(klass) + "\">" + esc(text) + "</li>"; };
  std::string out = "<ul class=\"maerker\">" + badge("", kind_da(s.kind));
  if (s.pattern) out += badge("", "Generisk mønster");
  if (s.executable) out += badge(" maerke-god", "Kan køres");
  if (expired(s, day)) out += badge(" maerke-advarsel", "Udløbet " + day_da(s.valid_to));
  else if (!s.valid_from.empty() && s.valid_from > day) out += badge(" maerke-advarsel", "Gælder først fra " + day_da(s.valid_from));
  if (s.stars) out += badge("", std::to_string(*s.stars) + " af 6 stjerner");
  return out + "</ul>";
}

std::string workflow_list(const Book& book, const std::vector<std::size_t>& which, const std::string& up, bool with_text) {
  std::string out = "<ul class=\"raekker\">";
  for (const std::size_t i : which) {
    const Summary& s = book.all[i];
    out += "<li><p class=\"raekke-navn\"><a href=\"" + up + workflow_path(s.slug) + "\">" + esc(s.title) + "</a></p><p class=\"daempet\">" + esc(s.domain) + " · KLE " + esc(s.kle) + "</p>" + badges(s, book.options.day);
    if (with_text) out += paragraphs(s.text);
    out += "</li>";
  }
  return out + "</ul>";
}

std::string count_da(std::size_t n, const char* one, const char* many) { return number_da(static_cast<double>(n), 0) + " " + (n == 1 ? one : many); }

std::string table(const std::string& caption, const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"tabel\" tabindex=\"0\" role=\"region\" aria-label=\"" + esc(caption) + "\"><table><caption>" + esc(caption) + "</caption><thead><tr>";
  for (const auto& cell : head) out += "<th scope=\"col\">" + esc(cell) + "</th>";
  out += "</tr></thead><tbody>";
  for (const auto& row : rows) {
    out += "<tr>";
    for (const auto& cell : row) out += "<td>" + cell + "</td>";
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

}  // namespace bank::site
