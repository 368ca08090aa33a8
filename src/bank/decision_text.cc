#include "bank/decision_text.h"

#include "dmn/model.h"
#include "dmn/sheet.h"
#include "dmn/words.h"

namespace bank {
namespace {

std::string policy_da(const std::string& policy, const std::string& aggregation) {
  if (policy == "UNIQUE" || policy.empty()) return "Højst én regel passer.";
  if (policy == "ANY") return "Passer flere regler, siger de det samme.";
  if (policy == "FIRST") return "Den første regel, der passer, gælder.";
  if (policy == "PRIORITY") return "Passer flere regler, gælder den med højeste prioritet.";
  if (aggregation == "SUM") return "Alle regler, der passer, lægges sammen.";
  if (aggregation == "COUNT") return "Reglerne, der passer, tælles.";
  if (aggregation == "MIN") return "Den mindste værdi af de regler, der passer, gælder.";
  if (aggregation == "MAX") return "Den største værdi af de regler, der passer, gælder.";
  return "Alle regler, der passer, gælder.";
}

PlainTable table_of(const dmn::Sheet& sheet, std::string title, std::size_t columns, std::size_t rows) {
  PlainTable out{std::move(title), policy_da(sheet.hit_policy, sheet.aggregation), {}, {}, sheet.inputs.size(), false};
  bool notes = false;
  for (const auto& rule : sheet.rules) notes = notes || (!rule.annotations.empty() && !rule.annotations.back().empty());
  const std::size_t wide = sheet.inputs.size() + sheet.outputs.size() + (notes ? 1 : 0);
  if (wide == 0 || wide > columns || sheet.rules.size() > rows) return out;
  for (const auto& input : sheet.inputs) out.head.push_back(!input.label.empty() ? input.label : input.expression);
  for (const auto& output : sheet.outputs) out.head.push_back(!output.label.empty() ? output.label : !output.name.empty() ? output.name : "Resultat");
  if (notes) out.head.emplace_back(dmn::kDescriptionColumn);
  for (const auto& rule : sheet.rules) {
    std::vector<std::string> row;
    for (const auto& cell : rule.inputs) {
      const std::string text = dmn::test_in_words(cell, feel::Language::danish);
      row.push_back(text.empty() ? "–" : text);
    }
    for (const auto& cell : rule.outputs) row.push_back(dmn::literal_in_words(cell, feel::Language::danish));
    if (notes) row.push_back(rule.annotations.empty() ? std::string() : rule.annotations.back());
    out.rows.push_back(std::move(row));
  }
  out.whole = true;
  return out;
}

}  // namespace

std::vector<PlainTable> plain_tables(const Package& package, std::size_t columns, std::size_t rows) {
  std::vector<PlainTable> out;
  const auto file = package.files.find("beslutninger.dmn");
  if (!package.decisions || file == package.files.end()) return out;
  for (const auto& decision : package.decisions->decisions) {
    const std::string title = !decision.label.empty() ? decision.label : decision.name;
    const auto sheet = dmn::sheet_of(file->second, decision.id.empty() ? decision.name : decision.id, file->first);
    out.push_back(sheet ? table_of(*sheet, title, columns, rows) : PlainTable{title, {}, {}, {}, 0, false});
  }
  return out;
}

}  // namespace bank
