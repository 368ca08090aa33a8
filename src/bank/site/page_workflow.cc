// One workflow's page: diagram, steps as text, rules, law, responsibility, figures, relations, history.
#include <set>

#include "bank/danish.h"
#include "bank/decision_text.h"
#include "bank/site/frame.h"
#include "bank/steps.h"
#include "bpmn/draw.h"
#include "bpmn/layout/layout.h"

namespace bank::site {
namespace {

using base::Json;

constexpr std::size_t kTableColumns = 8, kTableRows = 40;

class Writer {
 public:
  Writer(const Book& book, const Summary& summary, const Package& package, const Source& source, std::vector<base::Error>& left_out)
      : book_(book), s_(summary), package_(package), source_(source), left_out_(left_out) {}

  std::string write() {
    head();
    diagrams();
    calls();
    steps();
    rules();
    law();
    responsibility();
    lists();
    figures();
    relations();
    history();
    return "<nav class=\"sti\" aria-label=\"Brødkrummer\"><a href=\"" + kUp + "index.html\">Forside</a> <span aria-hidden=\"true\">/</span> <a href=\"" + kUp + domain_path(s_.slug) + "\">" + esc(s_.domain) + "</a></nav>" + out_head_ +
           "<nav class=\"paa-siden\" aria-label=\"På denne side\"><ul>" + contents_ + "</ul></nav>" + out_;
  }

 private:
  void section(const std::string& id, const std::string& title, const std::string& html) {
    if (html.empty()) return;
    contents_ += "<li><a href=\"#" + id + "\">" + esc(title) + "</a></li>";
    out_ += "<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + esc(title) + "</h2>" + html + "</section>\n";
  }
  // Where the package is on this site a link, else its name alone.
  std::string link_to(const std::string& slug, const std::string& name) const {
    const Summary* other = book_.find(slug);
    if (other == nullptr) return esc(name.empty() ? slug : name);
    return "<a href=\"" + kUp + workflow_path(slug) + "\">" + esc(name.empty() ? other->title : name) + "</a>";
  }
  std::string links_to(const std::vector<std::size_t>& which) const {
    std::string out;
    for (const std::size_t i : which) out += (out.empty() ? "" : ", ") + link_to(book_.all[i].slug, "");
    return out;
  }
  static std::string facts(const std::vector<std::pair<std::string, std::string>>& rows) {
    std::string out;
    for (const auto& [name, html] : rows)
      if (!html.empty()) out += "<div><dt>" + esc(name) + "</dt><dd>" + html + "</dd></div>";
    return out.empty() ? out : "<dl class=\"fakta\">" + out + "</dl>";
  }

  void head() {
    out_head_ = "<h1>" + esc(s_.title) + "</h1>" + badges(s_, book_.options.day) + "<div class=\"indledning\">" + paragraphs(s_.text) + "</div>";
    if (expired(s_, book_.options.day)) {
      out_head_ += "<div class=\"besked\" role=\"note\"><p><strong>" + esc(validity(s_, book_.options.day)) + "</strong>";
      if (const auto next = book_.replaced_by.find(s_.slug); next != book_.replaced_by.end()) out_head_ += " I stedet gælder " + links_to(next->second) + ".";
      out_head_ += "</p></div>";
    }
    out_head_ += facts({{"KLE", "<a href=\"" + kUp + "kle.html#" + anchor(s_.kle) + "\">" + esc(s_.kle) + "</a>"}, {"KLA", esc(s_.kla)}, {"Ejer", role(s_.owner_role)}, {"Gyldighed", esc(validity(s_, book_.options.day))},
                        {"Næste gennemgang", esc(day_da(s_.review))}, {"Katalog 2017", s_.catalogue_number ? "nr. " + std::to_string(*s_.catalogue_number) : std::string()}});
    if (const auto above = book_.callers.find(s_.slug); above != book_.callers.end()) out_head_ += "<p class=\"op\">Del af: " + links_to(above->second) + "</p>";
  }
  std::string role(const std::string& name) const { return name.empty() ? std::string() : "<a href=\"" + kUp + "registre/roller.html#" + anchor(name) + "\">" + esc(name) + "</a>"; }

  void diagrams() {
    if (!package_.process) return;
    bpmn::ModelPtr model = package_.process;
    if (model->diagrams.empty()) {  // somebody's file without positions
      auto placed = bpmn::layout(*model);
      if (!placed) return left_out("cannot be laid out", placed.error());
      model = *placed;
    }
    std::string html;
    bpmn::DrawOptions options{.diagram = 0, .highlight = {}, .tokens = {}, .links = {}, .inside_page = true};
    for (const CallText& call : s_.calls)
      if (const Summary* other = book_.find(call.slug)) options.links[call.element] = {kUp + workflow_path(call.slug), "Åbn delarbejdsgangen " + other->title};
    for (std::size_t i = 0; i < model->diagrams.size(); ++i) {
      options.diagram = static_cast<int>(i);
      auto svg = bpmn::draw_svg(*model, options);
      if (!svg) {
        left_out("diagram " + std::to_string(i + 1) + " cannot be drawn", svg.error());
        continue;
      }
      const std::string name = model->diagrams.size() > 1 ? "Diagram " + std::to_string(i + 1) + " af " + std::to_string(model->diagrams.size()) : "Diagram";
      html += "<div class=\"diagram\" tabindex=\"0\" role=\"region\" aria-label=\"" + name + ", kan rulles\">" + *svg + "</div>";
    }
    if (html.empty()) return;
    if (!options.links.empty()) html = "<p class=\"daempet\">Klik på en delarbejdsgang (tyk ramme) for at åbne den.</p>" + html;
    section("diagram", "Diagram", html + "<p class=\"daempet\">Samme indhold står som tekst under <a href=\"#trin\">Trin</a>.</p>");
  }
  void left_out(const std::string& what, const base::Error& why) {
    base::Error error = why;
    error.message = s_.slug + ": " + what + ": " + why.message;
    left_out_.push_back(std::move(error));
  }

  void calls() {
    std::string html;
    std::set<std::string> seen;
    for (const CallText& call : s_.calls)
      if (seen.insert(call.slug + "\n" + call.name).second) html += "<li>" + link_to(call.slug, call.name) + (book_.find(call.slug) ? "" : " <span class=\"daempet\">(ikke udgivet her)</span>") + "</li>";
    section("delarbejdsgange", "Delarbejdsgange", html.empty() ? html : "<ul>" + html + "</ul>");
  }

  std::string law_link(const std::string& text) const {
    for (std::size_t i = 0; i < s_.law.size(); ++i)
      if (!s_.law[i].title.empty() && text.starts_with(s_.law[i].title)) return "<a href=\"#lov-" + std::to_string(i + 1) + "\">" + esc(text) + "</a>";
    return esc(text);
  }
  std::string step_notes(const std::string& element) const {
    const int index = package_.process->node(element);
    if (index < 0) return {};
    const bpmn::Node& node = package_.process->nodes[static_cast<std::size_t>(index)];
    std::string out = node.documentation.empty() ? std::string() : "<div class=\"trin-tekst\">" + paragraphs(node.documentation) + "</div>";
    for (const std::string& law : properties(node, "lov")) out += "<p class=\"trin-lov\">Lov: " + law_link(law) + "</p>";
    if (const std::string slug = property(node, "pakke"); book_.find(slug) != nullptr) out += "<p class=\"trin-lov\">Se " + link_to(slug, "") + "</p>";
    return out;
  }
  void steps() {
    if (!package_.process) return;
    const Json all = bank::steps(*package_.process);
    std::string html;
    for (const Json& lane : all["lanes"].as_array()) {
      if (lane["steps"].size() == 0) continue;
      const std::string name = lane["name"].string_or("");
      html += "<h3>" + esc(name.empty() ? "Uden rolle" : name) + "</h3><ol class=\"trin\">";
      for (const Json& step : lane["steps"].as_array()) {
        const std::string number = std::to_string(step["number"].int_or(0));
        html += "<li id=\"trin-" + number + "\" value=\"" + number + "\"><p>" + esc(step["text"].string_or("")) + " <span class=\"daempet\">" + esc(step_kind_da(step["kind"].string_or(""))) + "</span></p>" + step_notes(step["elementId"].string_or("")) + "</li>";
      }
      html += "</ol>";
    }
    section("trin", "Trin", html.empty() ? html : "<p class=\"daempet\">Numrene følger forløbet på tværs af rollerne.</p>" + html);
  }

  void rules() {
    std::string html;
    for (const PlainTable& one : plain_tables(package_, kTableColumns, kTableRows)) {
      html += "<h3>" + esc(one.title) + "</h3>";
      if (!one.whole) {
        html += "<p class=\"daempet\">Reglen er ikke en lille tabel og vises ikke her.</p>";
        continue;
      }
      std::vector<std::vector<std::string>> rows;
      for (const auto& row : one.rows) {
        auto& cells = rows.emplace_back();
        for (const auto& cell : row) cells.push_back(esc(cell));
      }
      html += "<p>" + esc(one.policy) + "</p>" + table(one.title, one.head, rows);
    }
    section("regler", "Regler", html);
  }

  void law() {
    std::string html;
    int number = 0;
    for (const LawText& one : s_.law) {
      html += "<li id=\"lov-" + std::to_string(++number) + "\"><p><strong>" + link_out(one.title, one.url) + "</strong></p>" + paragraphs(one.reference) + "<p class=\"daempet\">" +
              (one.verified.empty() ? "Ikke kontrolleret" : "Sidst kontrolleret " + esc(day_da(one.verified))) + (one.status.empty() ? "" : " · " + esc(one.status)) + "</p></li>";
    }
    section("jura", "Jura", html.empty() ? "<p>Ingen lov er knyttet til arbejdsgangen.</p>" : "<ul class=\"raekker\">" + html + "</ul>");
  }
  void responsibility() {
    const std::string keep = keep_da(s_.keep_code) + (s_.keep_period.empty() ? "" : ", slettes efter " + period_da(s_.keep_period));
    section("ansvar", "Ansvar og data", facts({{"Ender det i en afgørelse?", esc(decision_da(s_.decision))}, {"Automatik", esc(automation_da(s_.automation)) + paragraphs(s_.automation_text)},
        {"Hjemmel til at behandle oplysningerne", paragraphs(s_.legal_basis)}, {"Bevaring og sletning", esc(keep) + paragraphs(s_.keep_text)}}));
  }

  void lists() {
    std::string roles, systems, forms, documents;
    for (const auto& one : s_.roles) roles += "<li>" + role(one) + "</li>";
    for (const auto& one : s_.systems) systems += "<li><a href=\"" + kUp + "registre/systemer.html#" + anchor(system_da(one.name)) + "\">" + esc(system_da(one.name)) + "</a>: " + esc(one.use) + "</li>";
    for (const auto& one : s_.forms) forms += "<li>" + link_out(one.name, one.use) + "</li>";
    for (const auto& one : s_.documents) documents += "<li>" + esc(one) + "</li>";
    const auto list = [](const std::string& html) { return html.empty() ? html : "<ul>" + html + "</ul>"; };
    section("roller", "Roller", list(roles));
    section("systemer", "Systemer", list(systems));
    section("blanketter", "Blanketter", list(forms));
    section("dokumenter", "Dokumenter", list(documents));
  }

  void figures() {
    std::vector<std::pair<std::string, std::string>> rows;
    if (package_.process)
      rows = {{"Aktiviteter", std::to_string(s_.activities)}, {"Valg", std::to_string(s_.choices)}, {"Steder, hvor der ventes", std::to_string(s_.waits)}, {"Delarbejdsgange", std::to_string(s_.calls.size())}};
    rows.emplace_back("Regler", s_.decisions > 0 ? std::to_string(s_.decisions) : std::string());
    rows.emplace_back("Love", std::to_string(s_.law.size()));
    if (s_.stars) rows.emplace_back("Vurdering", std::to_string(*s_.stars) + " af 6 stjerner" + paragraphs(s_.stars_reason));
    if (s_.benefit) {
      const char* basis = s_.benefit->measured ? " (målt)" : " (anslået)";
      rows.emplace_back("Minutter pr. sag i hånden", esc(number_da(s_.benefit->minutes_before)) + basis);
      if (s_.benefit->person_known) rows.emplace_back("Minutter pr. sag, når en person stadig skal se på den", esc(number_da(s_.benefit->minutes_person)) + basis);
      rows.emplace_back("Kilde til tallene", esc(s_.benefit->source));
    }
    section("tal", "Tal", facts(rows));
  }

  void relations() {
    const auto named = [&](const std::vector<std::string>& slugs) {
      std::string out;
      for (const auto& slug : slugs)
        if (book_.find(slug) != nullptr) out += (out.empty() ? "" : ", ") + link_to(slug, "");  // what is not published is not named either
      return out;
    };
    const auto others = [&](const auto& map) {
      const auto found = map.find(s_.slug);
      return found == map.end() ? std::string() : links_to(found->second);
    };
    section("slaegt", "Sammenhæng", facts({{"Tegnet efter", named(s_.derived_from)}, {"Er forlæg for", others(book_.derived)}, {"Erstatter", named(s_.replaces)}, {"Er erstattet af", others(book_.replaced_by)}, {"Se også", named(s_.see_also)}}) +
                                               (s_.remarks.empty() ? "" : "<h3>Bemærkninger</h3>" + paragraphs(s_.remarks)));
  }

  void history() {
    std::string html = "<p>Pakkens eget versionsnummer er " + esc(s_.version) + ".</p>";
    std::string rows;
    for (const SourceVersion& one : source_.versions) {
      rows += "<li>Udgave " + std::to_string(one.number) + ", " + esc(day_da(one.day));
      if (book_.options.notes && !one.note.empty()) rows += ": " + esc(one.note);
      rows += "</li>";
    }
    section("historik", "Udgaver", html + (rows.empty() ? "" : "<ul>" + rows + "</ul>"));
  }

  const std::string kUp = "../../";
  const Book& book_;
  const Summary& s_;
  const Package& package_;
  const Source& source_;
  std::vector<base::Error>& left_out_;
  std::string out_head_, contents_, out_;
};

}  // namespace

std::string workflow_body(const Book& book, const Summary& summary, const Package& package, const Source& source, std::vector<base::Error>& left_out) {
  return Writer(book, summary, package, source, left_out).write();
}

}  // namespace bank::site
