#include "connectors/inbox.h"

namespace connectors {
namespace {

struct Danish {
  base::ErrorCode code;
  const char* what;
  const char* right;
};

constexpr Danish kTexts[] = {
    {base::ErrorCode::invalid_xml, "Filen er ikke gyldig XML og kan derfor ikke læses.",
     "Filen skal være velformet XML: hvert start-mærke skal have sit slut-mærke, og tegnsættet skal passe."},
    {base::ErrorCode::invalid_document, "Filen er XML, men ikke en regning eller kreditnota, der kan behandles (OIOUBL 2.1).",
     "Regningen skal have nummer, dato, valuta, leverandør, linjer med beløb og et beløb til betaling, med punktum som decimaltegn."},
    {base::ErrorCode::limit_exceeded, "Filen er større eller dybere, end der må behandles.",
     "En regning fylder normalt under 1 MB. Store bilag skal sendes for sig."},
};

}  // namespace

std::string rejection_report(const std::string& file_name, const base::Error& error) {
  const Danish* text = nullptr;
  for (const Danish& d : kTexts)
    if (d.code == error.code) text = &d;
  std::string out = "Filen kunne ikke behandles\n\n";
  out += "Fil: " + file_name + "\n";
  out += "Hvad er galt: " + std::string(text != nullptr ? text->what : std::string(base::title_da(error.code)) + ".") + "\n";
  if (error.where.line > 0) {
    out += "Hvor: linje " + std::to_string(error.where.line);
    if (error.where.column > 0) out += ", kolonne " + std::to_string(error.where.column);
    if (!error.where.element.empty()) out += ", ved elementet " + error.where.element;
    out += "\n";
  }
  if (text != nullptr) out += "Hvad ville være rigtigt: " + std::string(text->right) + "\n";
  out += "Teknisk besked (engelsk): " + error.message + (error.remedy.empty() ? "" : "; expected: " + error.remedy) + "\n\n";
  out += "Filen er ikke slettet. Den ligger ved siden af denne rapport. Bed afsenderen sende en rettet fil, eller læg filen i indbakken igen.\n";
  return out;
}

}  // namespace connectors
