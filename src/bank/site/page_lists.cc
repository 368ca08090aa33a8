// Front page, domains, all workflows, KLE, and the registers with "bruges i".
#include <algorithm>
#include <set>

#include "bank/danish.h"
#include "bank/site/frame.h"
#include "base/text.h"

namespace bank::site {
namespace {

constexpr std::size_t kListedWithoutScript = 2'000;  // beyond that the front page names the domains

struct Domain { std::string path, name; std::vector<std::size_t> workflows; };

struct DanishLess {
  bool operator()(const std::string& a, const std::string& b) const {
    const int c = base::collate_danish(a, b);
    return c != 0 ? c < 0 : a < b;
  }
};

std::vector<Domain> domains(const Book& book) {
  std::map<std::string, Domain> all;
  for (std::size_t i = 0; i < book.all.size(); ++i) {
    Domain& one = all[domain_path(book.all[i].slug)];
    one.path = domain_path(book.all[i].slug);
    if (one.name.empty()) one.name = book.all[i].domain;
    one.workflows.push_back(i);
  }
  std::vector<Domain> out;
  for (auto& [path, domain] : all) out.push_back(std::move(domain));
  std::stable_sort(out.begin(), out.end(), [](const Domain& a, const Domain& b) { return DanishLess()(a.name, b.name); });
  return out;
}

std::vector<std::size_t> by_title(const Book& book, std::vector<std::size_t> which) {
  std::stable_sort(which.begin(), which.end(), [&](std::size_t a, std::size_t b) { return DanishLess()(book.all[a].title, book.all[b].title); });
  return which;
}

std::string plain_list(const Book& book, const std::vector<std::size_t>& which, const std::string& up) {
  std::string out = "<ul>";
  for (const std::size_t i : which) out += "<li><a href=\"" + up + workflow_path(book.all[i].slug) + "\">" + esc(book.all[i].title) + "</a></li>";
  return out + "</ul>";
}

Page front(const Book& book, const std::vector<Domain>& all) {
  Page page{"index.html", "Forside", {}, true};
  page.body = "<h1>" + esc(book.options.title) + "</h1><p class=\"indledning\">" + count_da(book.all.size(), "arbejdsgang", "arbejdsgange") + ", der viser, hvem der gør hvad, og hvilken lov der ligger bag.</p>";
  page.body += "<form class=\"soeg\" role=\"search\" action=\"index.html\"><label for=\"soegefelt\">Søg efter et ord, et KLE-nummer, en paragraf eller en blanket</label><input id=\"soegefelt\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></form>"
               "<p id=\"fund-status\" role=\"status\"></p><ol id=\"fund\" class=\"raekker\"></ol>";
  std::string list;
  if (book.all.size() <= kListedWithoutScript)
    for (const Domain& domain : all) list += "<h3>" + esc(domain.name) + "</h3>" + plain_list(book, by_title(book, domain.workflows), "");
  page.body += "<noscript><p>Søgningen kræver, at browseren må køre siders scripts. Alt indhold kan også findes under <a href=\"alle.html\">alle arbejdsgange</a> og under områderne herunder.</p>" + (list.empty() ? list : "<h2>Alle arbejdsgange</h2>" + list) + "</noscript>";
  page.body += "<div id=\"uden-soegning\"><h2>Områder</h2><ul class=\"felter\">";
  for (const Domain& domain : all) page.body += "<li><a href=\"" + domain.path + "\"><span>" + esc(domain.name) + "</span> <span class=\"antal\">" + count_da(domain.workflows.size(), "arbejdsgang", "arbejdsgange") + "</span></a></li>";
  page.body += "</ul>";
  std::vector<std::size_t> newest(book.all.size()), patterns;
  for (std::size_t i = 0; i < newest.size(); ++i) newest[i] = i;
  for (std::size_t i = 0; i < book.all.size(); ++i)
    if (book.all[i].pattern) patterns.push_back(i);
  const auto day = [&](std::size_t i) { const auto found = book.changed.find(book.all[i].slug); return found == book.changed.end() ? std::string() : found->second; };
  std::stable_sort(newest.begin(), newest.end(), [&](std::size_t a, std::size_t b) { return day(a) > day(b); });
  newest.resize(std::min<std::size_t>(newest.size(), 6));
  if (!newest.empty() && !day(newest.front()).empty()) page.body += "<h2>Senest ændret</h2>" + workflow_list(book, newest, "", false);
  if (!patterns.empty()) page.body += "<h2>Generiske mønstre</h2><p>Byggesten, som andre arbejdsgange er lavet af.</p>" + plain_list(book, by_title(book, patterns), "");
  page.body += "</div>";
  return page;
}

Page domain_page(const Book& book, const Domain& domain) {
  Page page{domain.path, domain.name, {}, false};
  page.body = "<nav class=\"sti\" aria-label=\"Brødkrummer\"><a href=\"../index.html\">Forside</a></nav><h1>" + esc(domain.name) + "</h1><p class=\"indledning\">" + count_da(domain.workflows.size(), "arbejdsgang", "arbejdsgange") + " i området.</p>";
  std::vector<std::size_t> main, parts;  // what others call comes last
  for (const std::size_t i : by_title(book, domain.workflows)) (book.callers.contains(book.all[i].slug) ? parts : main).push_back(i);
  page.body += workflow_list(book, main, "../", true);
  if (!parts.empty()) page.body += "<h2>Delarbejdsgange</h2><p>Bruges af andre arbejdsgange.</p>" + workflow_list(book, parts, "../", true);
  return page;
}

Page everything(const Book& book, const std::vector<Domain>& all) {
  Page page{"alle.html", "Alle arbejdsgange", "<h1>Alle arbejdsgange</h1><p class=\"indledning\">Efter område. " + count_da(book.all.size(), "arbejdsgang", "arbejdsgange") + " i alt.</p>", false};
  for (const Domain& domain : all) page.body += "<h2><a href=\"" + domain.path + "\">" + esc(domain.name) + "</a></h2>" + plain_list(book, by_title(book, domain.workflows), "");
  return page;
}

Page kle(const Book& book) {
  std::map<std::string, std::vector<std::size_t>> numbers;
  for (std::size_t i = 0; i < book.all.size(); ++i) numbers[book.all[i].kle].push_back(i);
  Page page{"kle.html", "KLE", "<h1>KLE-numre</h1><p class=\"indledning\">Arbejdsgangene efter emnenummer i KL's emnesystematik. Numrenes titler hører til KL og står ikke her.</p>", false};
  std::string group;
  for (const auto& [number, which] : numbers) {
    if (const std::string main = number.substr(0, 2); main != group) group = main, page.body += "<h2>Hovedgruppe " + esc(main) + "</h2>";
    page.body += "<h3 id=\"" + anchor(number) + "\">" + esc(number) + "</h3>" + plain_list(book, by_title(book, which), "");
  }
  return page;
}

// A register: name → what more is said of it (HTML) and the workflows that use it.
struct Entry { std::string more; std::vector<std::size_t> used; };
using Register = std::map<std::string, Entry, DanishLess>;
void use(Register& all, const std::string& name, std::size_t workflow, const std::string& more = {}) {
  if (name.empty()) return;
  Entry& entry = all[name];
  if (entry.more.empty()) entry.more = more;
  if (entry.used.empty() || entry.used.back() != workflow) entry.used.push_back(workflow);
}

Page register_page(const Book& book, const std::string& file, const std::string& title, const std::string& lead, const Register& all) {
  Page page{"registre/" + file, title, "<nav class=\"sti\" aria-label=\"Brødkrummer\"><a href=\"index.html\">Registre</a></nav><h1>" + esc(title) + "</h1><p class=\"indledning\">" + esc(lead) + "</p>", false};
  if (all.empty()) page.body += "<p>Der er ingen endnu.</p>";
  std::set<std::string> ids;  // two names may differ in what an id cannot hold
  for (const auto& [name, entry] : all)
    page.body += "<section class=\"opslag\"><h2" + (ids.insert(anchor(name)).second ? " id=\"" + anchor(name) + "\"" : std::string()) + ">" + esc(name) + "</h2>" + entry.more + "<p class=\"daempet\">Bruges i " + count_da(entry.used.size(), "arbejdsgang", "arbejdsgange") + ":</p>" +
                 plain_list(book, by_title(book, entry.used), "../") + "</section>";
  return page;
}

std::vector<Page> registers(const Book& book) {
  Register roles, systems, forms, documents, laws;
  for (std::size_t i = 0; i < book.all.size(); ++i) {
    const Summary& s = book.all[i];
    use(roles, s.owner_role, i);
    for (const auto& one : s.roles) use(roles, one, i);
    for (const auto& one : s.systems) use(systems, system_da(one.name), i);
    for (const auto& one : s.forms) use(forms, one.name, i, web_address(one.use).empty() ? std::string() : "<p>" + link_out("Åbn blanketten", one.use) + "</p>");
    for (const auto& one : s.documents) use(documents, one, i);
    for (const auto& one : s.law) use(laws, one.title, i, web_address(one.url).empty() ? std::string() : "<p>" + link_out("Læs loven", one.url) + "</p>");
  }
  struct Kind { const char *file, *title, *lead; const Register* all; };
  const Kind kinds[] = {{"roller.html", "Roller", "Hvem der gør noget i arbejdsgangene.", &roles}, {"systemer.html", "Systemer", "Slags af systemer, som arbejdsgangene bruger. Produkter nævnes ikke.", &systems},
                        {"blanketter.html", "Blanketter", "Blanketter, som borgere og virksomheder møder.", &forms}, {"dokumenter.html", "Dokumenter", "Dokumenter, der kommer ind eller går ud.", &documents},
                        {"jura.html", "Love", "Love og regler, som arbejdsgangene bygger på.", &laws}};
  std::vector<Page> out;
  Page index{"registre/index.html", "Registre", "<h1>Registre</h1><p class=\"indledning\">Slå op, hvor en rolle, et system, en blanket, et dokument eller en lov bruges.</p><ul class=\"felter\">", false};
  for (const Kind& kind : kinds) {
    out.push_back(register_page(book, kind.file, kind.title, kind.lead, *kind.all));
    index.body += "<li><a href=\"" + std::string(kind.file) + "\"><span>" + kind.title + "</span> <span class=\"antal\">" + number_da(static_cast<double>(kind.all->size()), 0) + "</span></a></li>";
  }
  index.body += "</ul>";
  out.push_back(std::move(index));
  return out;
}

}  // namespace

std::vector<Page> list_pages(const Book& book) {
  const auto all = domains(book);
  std::vector<Page> out = {front(book, all), everything(book, all), kle(book)};
  for (const Domain& domain : all) out.push_back(domain_page(book, domain));
  for (Page& page : registers(book)) out.push_back(std::move(page));
  return out;
}

}  // namespace bank::site
