// Text of packages on its way to a public page: escaped, without control characters, without personal numbers; addresses only of the web.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bank::site {

// Safe between tags and inside a quoted attribute. Line breaks stay.
std::string esc(std::string_view);
// Blank lines part paragraphs: <p>…</p><p>…</p>; nothing of the text is read as markup or Markdown.
std::string paragraphs(std::string_view);
// The address where it is http(s) and whole; "" for everything else (javascript:, data:, file:, relative).
std::string web_address(std::string_view);
// <a> with that address, or the text alone where the address is none.
std::string link_out(std::string_view text, std::string_view address);

// Everything of the form 010203-1234 or 0102031234 gets dots instead of digits. `in_source`: leaves digits alone that belong to a word
// or to a decimal fraction (ids, coordinates). Counts what it hid.
std::string hide_personal_numbers(std::string_view, bool in_source, int* hidden = nullptr);

}  // namespace bank::site
