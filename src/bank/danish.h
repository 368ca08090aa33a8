// Codes and dates of packages as Danes read them.
#pragma once
#include <string>
#include <string_view>

namespace bank {

std::string day_da(std::string_view iso);              // "2026-11-21…" → "21. november 2026"; anything else as it is
std::string period_da(std::string_view iso_duration);  // "P5Y" → "5 år"; anything else as it is
std::string number_da(double, int decimals = 1);       // 1234.5 → "1.234,5"; no zeros at the end
std::string kind_da(std::string_view art);             // "korrekt" → "Korrekt arbejdsgang"
std::string kind_hint_da(std::string_view art);        // what that means
std::string decision_da(std::string_view code);
std::string automation_da(std::string_view code);
std::string keep_da(std::string_view code);
std::string step_kind_da(std::string_view kind);       // of bank::steps
std::string system_da(std::string_view kind);          // "digital-post" → "Digital post"
std::string domain_slug(std::string_view slug);        // "arbejdsmarked/x" → "arbejdsmarked"

}  // namespace bank
