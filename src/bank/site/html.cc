#include "bank/site/html.h"

#include "base/text.h"

namespace bank::site {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool word_byte(char c) { return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0; }

// Length of six digits, perhaps a hyphen, and four digits at `at`; 0 where none begin there.
std::size_t number_at(std::string_view text, std::size_t at, bool in_source) {
  if (at > 0 && digit(text[at - 1])) return 0;
  std::size_t end = at;
  const auto run = [&](int wanted) {
    int got = 0;
    while (got < wanted && end < text.size() && digit(text[end])) ++end, ++got;
    return got == wanted;
  };
  if (!run(6)) return 0;
  if (end < text.size() && text[end] == '-') ++end;
  if (!run(4) || (end < text.size() && digit(text[end]))) return 0;
  if (!in_source) return end - at;
  if (at > 0 && word_byte(text[at - 1])) return 0;
  if (end < text.size() && word_byte(text[end])) return 0;
  if (at > 1 && (text[at - 1] == '.' || text[at - 1] == ',') && digit(text[at - 2])) return 0;
  if (end + 1 < text.size() && text[end] == '.' && digit(text[end + 1])) return 0;
  return end - at;
}

}  // namespace

std::string esc(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n': out += c; break;
      case '\xE2':  // U+202A–U+202E and U+2066–U+2069 turn the direction of the text around them
        if (text.size() > i + 2 && text[i + 1] == '\x80' && text[i + 2] >= '\xAA' && text[i + 2] <= '\xAE') i += 2;
        else if (text.size() > i + 2 && text[i + 1] == '\x81' && text[i + 2] >= '\xA6' && text[i + 2] <= '\xA9') i += 2;
        else out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) out += ' ';
        else out += c;
    }
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out, one;
  const auto end = [&] {
    if (!base::trim(one).empty()) out += "<p>" + esc(base::trim(one)) + "</p>";
    one.clear();
  };
  for (const std::string_view line : base::split(text, '\n')) {
    if (base::trim(line).empty()) end();
    else one += std::string(one.empty() ? "" : " ") + std::string(base::trim(line));
  }
  end();
  return out;
}

std::string web_address(std::string_view address) {
  address = base::trim(address);
  if (!base::starts_with_icase(address, "https://") && !base::starts_with_icase(address, "http://")) return {};
  if (address.size() > 2'000 || address.size() < 11) return {};
  for (const char c : address)
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '`' || c == 0x7f) return {};
  const std::string_view host = address.substr(address.find("://") + 3);
  if (host.empty() || !word_byte(host.front()) || host.substr(0, host.find('/')).find('@') != std::string_view::npos) return {};  // no name and password before the host
  return std::string(address);
}

std::string link_out(std::string_view text, std::string_view address) {
  const std::string safe = web_address(address);
  return safe.empty() ? esc(text) : "<a href=\"" + esc(safe) + "\" rel=\"noopener noreferrer external\">" + esc(text) + "</a>";
}

std::string hide_personal_numbers(std::string_view text, bool in_source, int* hidden) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = digit(text[i]) ? number_at(text, i, in_source) : 0;
    if (length == 0) {
      out += text[i++];
      if (digit(out.back()))
        while (i < text.size() && digit(text[i])) out += text[i++];  // the rest of a run that is none
      continue;
    }
    out += "••••••-••••";
    i += length;
    if (hidden != nullptr) ++*hidden;
  }
  return out;
}

}  // namespace bank::site
