#include "bank/export/report.h"

#include "bank/danish.h"
#include "bank/decision_text.h"
#include "bank/export/paper.h"
#include "bank/steps.h"
#include "bank/summary.h"
#include "base/text.h"
#include "bpmn/layout/layout.h"

namespace bank {
namespace {

using base::Json;

constexpr std::size_t kTableColumns = 7, kTableRows = 40;

std::string joined(const std::vector<std::string>& all, const char* separator = ", ") { return base::join(all, separator); }

class Report {
 public:
  Report(const Package& package, const ReportOptions& options)
      : package_(package), options_(options), s_(summarize(package)), paper_(package.title, options.publisher, package.title + (options.publisher.empty() ? "" : " · " + options.publisher) + " · " + day_da(options.day), options.day) {}

  base::Result<std::string> write() {
    title_page();
    TRY_VOID(diagrams());
    steps();
    rules();
    law();
    responsibility();
    figures();
    versions();
    return paper_.finish();
  }

 private:
  std::string validity() const {
    if (!s_.valid_to.empty() && s_.valid_to < options_.day) return "Udløbet " + day_da(s_.valid_to);
    std::string out = s_.valid_from.empty() ? "" : "Fra " + day_da(s_.valid_from);
    if (!s_.valid_to.empty()) out += (out.empty() ? "Til " : " til ") + day_da(s_.valid_to);
    return out;
  }

  void title_page() {
    paper_.paragraph("Arbejdsgang" + (options_.publisher.empty() ? std::string() : " · " + options_.publisher), true);
    paper_.title(s_.title);
    paper_.paragraph(s_.text);
    paper_.space(6);
    paper_.facts({{"Domæne", s_.domain}, {"KLE", s_.kle}, {"KLA", s_.kla}, {"Art", kind_da(s_.kind) + (s_.pattern ? " · generisk mønster" : "")}, {"Ejer", s_.owner_role}, {"Gyldighed", validity()}, {"Næste gennemgang", day_da(s_.review)},
                  {"Ender det i en afgørelse?", decision_da(s_.decision)}, {"Roller", joined(s_.roles)}, {"Katalog 2017", s_.catalogue_number ? "nr. " + std::to_string(*s_.catalogue_number) : ""},
                  {"Vurdering", s_.stars ? std::to_string(*s_.stars) + " af 6 stjerner" : ""}, {"Kørsel", s_.executable ? "Kan køres" : "Beskrivelse, kan ikke køres"}, {"Pakkens version", s_.version},
                  {"Udgave i banken", options_.versions.empty() ? "" : std::to_string(options_.versions.front().number) + ", " + day_da(options_.versions.front().day)}, {"Udskrevet", day_da(options_.day)}});
    if (!s_.remarks.empty()) {
      paper_.heading(2, "Bemærkninger", false);
      paper_.paragraph(s_.remarks);
    }
    paper_.paragraph("Loven kan være ændret siden den dag, der står ved hver henvisning. Læseren må selv kontrollere den.", true);
  }

  base::Status diagrams() {
    if (!package_.process) return {};
    bpmn::ModelPtr model = package_.process;
    if (model->diagrams.empty()) {
      TRY(model, bpmn::layout(*model));
    }
    for (std::size_t i = 0; i < model->diagrams.size(); ++i) {
      bpmn::DrawOptions options;
      options.diagram = static_cast<int>(i);
      TRY(const bpmn::Picture picture, bpmn::draw_picture(*model, options));
      paper_.picture(picture, model->diagrams.size() > 1 ? "Diagram " + std::to_string(i + 1) + " af " + std::to_string(model->diagrams.size()) : "Diagram");
    }
    return {};
  }

  std::string notes_of(const std::string& element) const {
    const int index = package_.process->node(element);
    if (index < 0) return {};
    const bpmn::Node& node = package_.process->nodes[static_cast<std::size_t>(index)];
    std::string out;
    if (!base::trim(node.documentation).empty()) out += "\n" + std::string(base::trim(node.documentation));
    for (const std::string& law : properties(node, "lov")) out += "\nLov: " + law;
    if (const std::string slug = property(node, "pakke"); !slug.empty()) out += "\nDelarbejdsgang: " + slug;
    return out;
  }
  void steps() {
    if (!package_.process) return;
    paper_.heading(1, "Trin efter rolle");
    paper_.paragraph("Numrene følger forløbet på tværs af rollerne.", true);
    const Json all = bank::steps(*package_.process);
    for (const Json& lane : all["lanes"].as_array()) {
      if (lane["steps"].size() == 0) continue;
      const std::string name = lane["name"].string_or("");
      paper_.heading(2, name.empty() ? "Uden rolle" : name);
      for (const Json& step : lane["steps"].as_array()) paper_.item(std::to_string(step["number"].int_or(0)) + ".", step["text"].string_or("") + notes_of(step["elementId"].string_or("")));
    }
  }

  void rules() {
    const auto tables = plain_tables(package_, kTableColumns, kTableRows);
    if (tables.empty()) return;
    paper_.heading(1, "Regler");
    for (const PlainTable& one : tables) {
      paper_.heading(2, one.title);
      if (!one.whole) {
        paper_.paragraph("Reglen er ikke en lille tabel og står i pakkens beslutninger.dmn.", true);
        continue;
      }
      paper_.paragraph(one.policy);
      paper_.table(one.head, one.rows, std::vector<double>(one.head.size(), 1));
    }
  }

  void law() {
    paper_.heading(1, "Jura");
    if (s_.law.empty()) return paper_.paragraph("Ingen lov er knyttet til arbejdsgangen.");
    std::vector<std::vector<std::string>> rows;
    for (const LawText& one : s_.law) rows.push_back({one.title, one.reference, one.verified.empty() ? "Ikke kontrolleret" : day_da(one.verified), one.status});
    paper_.table({"Lov", "Henvisning", "Sidst kontrolleret", "Status"}, rows, {1.6, 2.6, 1.1, 1.4});
    for (const LawText& one : s_.law)
      if (one.url.starts_with("https://") || one.url.starts_with("http://")) paper_.link(one.title + ": " + one.url, one.url);
  }

  void responsibility() {
    paper_.heading(1, "Ansvar og data");
    paper_.facts({{"Automatik", automation_da(s_.automation) + (s_.automation_text.empty() ? "" : "\n" + s_.automation_text)}, {"Hjemmel til at behandle oplysningerne", s_.legal_basis},
                  {"Bevaring og sletning", keep_da(s_.keep_code) + (s_.keep_period.empty() ? "" : ", slettes efter " + period_da(s_.keep_period)) + (s_.keep_text.empty() ? "" : "\n" + s_.keep_text)}});
    named("Systemer", s_.systems, true);
    named("Blanketter", s_.forms, false);
    if (!s_.documents.empty()) {
      paper_.heading(2, "Dokumenter");
      for (const auto& one : s_.documents) paper_.item("•", one);
    }
  }
  void named(const char* title, const std::vector<NamedUse>& all, bool systems) {
    if (all.empty()) return;
    paper_.heading(2, title);
    for (const NamedUse& one : all) paper_.item("•", (systems ? system_da(one.name) : one.name) + (one.use.empty() ? "" : ": " + one.use));
  }

  void figures() {
    paper_.heading(1, "Tal");
    std::vector<std::pair<std::string, std::string>> rows = {{"Aktiviteter", std::to_string(s_.activities)}, {"Valg", std::to_string(s_.choices)}, {"Steder, hvor der ventes", std::to_string(s_.waits)},
        {"Delarbejdsgange", std::to_string(s_.calls.size())}, {"Regler", s_.decisions > 0 ? std::to_string(s_.decisions) : ""}, {"Love", std::to_string(s_.law.size())}, {"Begrundelse for vurderingen", s_.stars_reason}};
    if (s_.benefit) {
      const std::string basis = s_.benefit->measured ? " (målt)" : " (anslået)";
      rows.emplace_back("Minutter pr. sag i hånden", number_da(s_.benefit->minutes_before) + basis);
      if (s_.benefit->person_known) rows.emplace_back("Minutter pr. sag, når en person stadig ser på den", number_da(s_.benefit->minutes_person) + basis);
      rows.emplace_back("Kilde", s_.benefit->source);
    }
    paper_.facts(rows);
  }

  void versions() {
    if (options_.versions.empty()) return;
    paper_.heading(1, "Udgaver");
    std::vector<std::vector<std::string>> rows;
    for (const ReportVersion& one : options_.versions) rows.push_back({std::to_string(one.number), day_da(one.day), one.by, one.note});
    paper_.table({"Udgave", "Dato", "Af", "Note"}, rows, {0.6, 1.2, 1.2, 3});
  }

  const Package& package_;
  const ReportOptions& options_;
  const Summary s_;
  Paper paper_;
};

}  // namespace

base::Result<std::string> report_pdf(const Package& package, const ReportOptions& options) { return Report(package, options).write(); }

}  // namespace bank
