// Words of a search as both sides of it see them: this room when it makes the index, soeg.js when somebody types. The two must agree.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bank::site {

// Lower case, æøå as ae oe aa, accents taken off.
std::string folded(std::string_view);
// Words of a text, folded and stemmed; "15.20.00" stays whole, "§§ 8-20" gives "§8" and "§20".
std::vector<std::string> words(std::string_view);
// A folded word without its simple Danish ending: "tilskuddene" → "tilskud".
std::string stem(std::string_view);
bool stop_word(std::string_view folded_word);

}  // namespace bank::site
