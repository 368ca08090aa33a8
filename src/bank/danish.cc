#include "bank/danish.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

namespace bank {
namespace {

using Words = std::pair<std::string_view, std::string_view>;
template <std::size_t N>
std::string word(const std::array<Words, N>& words, std::string_view code) {
  for (const auto& [key, value] : words)
    if (key == code) return std::string(value);
  return std::string(code);
}

bool digits(std::string_view text) {
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

}  // namespace

std::string day_da(std::string_view iso) {
  static constexpr std::array<std::string_view, 12> kMonths = {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"};
  if (iso.size() < 10 || iso[4] != '-' || iso[7] != '-' || !digits(iso.substr(0, 4)) || !digits(iso.substr(5, 2)) || !digits(iso.substr(8, 2))) return std::string(iso);
  const int month = (iso[5] - '0') * 10 + iso[6] - '0', day = (iso[8] - '0') * 10 + iso[9] - '0';
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::string(iso);
  return std::to_string(day) + ". " + std::string(kMonths[static_cast<std::size_t>(month - 1)]) + " " + std::string(iso.substr(0, 4));
}

std::string period_da(std::string_view iso) {
  static constexpr std::array<std::pair<char, std::array<std::string_view, 2>>, 4> kUnits = {{{'Y', {"år", "år"}}, {'M', {"måned", "måneder"}}, {'W', {"uge", "uger"}}, {'D', {"dag", "dage"}}}};
  if (iso.size() < 3 || iso[0] != 'P') return std::string(iso);
  std::vector<std::string> parts;
  std::string number;
  for (const char c : iso.substr(1)) {
    if (c >= '0' && c <= '9' && number.size() < 6) {
      number += c;
      continue;
    }
    std::string part;
    for (const auto& [letter, names] : kUnits)
      if (letter == c && !number.empty()) part = number + " " + std::string(names[number == "1" ? 0 : 1]);
    if (part.empty()) return std::string(iso);
    parts.push_back(std::move(part));
    number.clear();
  }
  if (!number.empty() || parts.empty()) return std::string(iso);
  std::string out = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) out += (i + 1 == parts.size() ? " og " : ", ") + parts[i];
  return out;
}

std::string number_da(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
  std::string all = text, fraction;
  if (const auto dot = all.find('.'); dot != std::string::npos) fraction = all.substr(dot + 1), all.resize(dot);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  for (std::size_t at = all.size(); at > 3; at -= 3) all.insert(at - 3, ".");
  return (value < 0 ? "−" : "") + all + (fraction.empty() ? "" : "," + fraction);
}

std::string kind_da(std::string_view code) {
  return word<3>({{{"korrekt", "Korrekt arbejdsgang"}, {"god", "God praksis"}, {"lokal", "Lokal udgave"}}}, code);
}
std::string kind_hint_da(std::string_view code) {
  return word<3>({{{"korrekt", "Det, loven kræver, hverken mere eller mindre."}, {"god", "Et godt eksempel, som andre kan lære af."}, {"lokal", "Sådan gør en bestemt myndighed det."}}}, code);
}
std::string decision_da(std::string_view code) {
  return word<3>({{{"ingen", "Nej, der træffes ingen afgørelse om en borger"}, {"begunstigende", "Ja, en begunstigende afgørelse"}, {"bebyrdende", "Ja, en bebyrdende afgørelse"}}}, code);
}
std::string automation_da(std::string_view code) {
  return word<3>({{{"fuld", "Kan køre helt automatisk"}, {"delvis", "Kan køre delvis automatisk"}, {"ingen", "Udføres af en medarbejder"}}}, code);
}
std::string keep_da(std::string_view code) {
  return word<2>({{{"B", "Bevares"}, {"K", "Kasseres"}}}, code);
}
std::string step_kind_da(std::string_view kind) {
  return word<8>({{{"start", "Start"}, {"opgave", "Opgave"}, {"valg", "Valg"}, {"delproces", "Delproces"}, {"venter", "Venter"}, {"besked", "Besked"}, {"undtagelse", "Undtagelse"}, {"slut", "Slut"}}}, kind);
}

std::string system_da(std::string_view kind) {
  static constexpr std::array<Words, 12> kWords = {{{"oekonomi", "Økonomisystem"}, {"sundhedsordre", "Bestillingssystem for erklæringer"}, {"sag", "Sagssystem"}, {"esdh", "Sagssystem"}, {"loen", "Lønsystem"},
      {"ydelse", "Ydelsessystem"}, {"beskaeftigelse", "Jobcentersystem"}, {"digital-post", "Digital post"}, {"miljoe", "Miljøfagsystem"}, {"koersel", "Kørselsindberetning"}, {"boligstoette", "Boligstøtte"}, {"cpr", "CPR"}}};
  std::string out = word(kWords, kind);
  if (out != kind) return out;
  for (char& c : out)
    if (c == '-' || c == '_') c = ' ';
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string domain_slug(std::string_view slug) { return std::string(slug.substr(0, slug.find('/'))); }

}  // namespace bank
