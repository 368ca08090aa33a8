// Text measured by a table, not by a font: the same picture on every machine.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "bpmn/draw/scene.h"

namespace bpmn::draw {
namespace {

// Advance widths of U+0020 … U+007E in thousandths of the size (the common metrics of Arial, Helvetica, Liberation Sans).
constexpr std::array<std::uint16_t, 95> kWidths{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};

int width_of(char32_t c) {
  if (c >= 0x20 && c <= 0x7e) return kWidths[c - 0x20];
  switch (c) {
    case U'æ': return 889;
    case U'Æ': return 1000;
    case U'ø': return 611;
    case U'Ø': return 778;
    case U'Å': return 667;
    case U'…': return 1000;
    case U'–': return 556;
    case U'—': return 1000;
    default: break;
  }
  if (c < 0x20 || (c >= 0x300 && c < 0x370) || c == 0x200b) return 0;  // controls and combining marks
  if (c >= 0x1100) return c >= 0x2e80 ? 1000 : 556;                   // from here on wide scripts
  return c >= 0xc0 && c <= 0xde ? 690 : 556;
}

std::string cut_to(std::string line, double width, double size) {
  std::u32string letters = base::to_utf32(line);
  while (!letters.empty() && text_width(base::to_utf8(letters) + "…", size) > width) letters.pop_back();
  while (!letters.empty() && letters.back() == U' ') letters.pop_back();
  return base::to_utf8(letters) + "…";
}

// Puts a word that is wider than the line into pieces that are not.
void push_long_word(std::vector<std::string>& out, std::string& line, std::string_view word, double width, double size) {
  if (!line.empty()) out.push_back(std::move(line)), line.clear();
  double used = 0;
  for (const char32_t letter : base::to_utf32(word)) {
    const double w = width_of(letter) * size / 1000;
    if (used + w > width && !line.empty()) out.push_back(std::move(line)), line.clear(), used = 0;
    base::append_utf8(line, letter);
    used += w;
  }
}

}  // namespace

double text_width(std::string_view text, double size) {
  std::int64_t sum = 0;
  for (const char32_t letter : base::to_utf32(text)) sum += width_of(letter);
  return static_cast<double>(sum) * size / 1000;
}

std::vector<std::string> wrap(std::string_view text, double width, double size) {
  std::vector<std::string> out;
  std::string clean(text);
  std::ranges::replace_if(clean, [](char c) { return c == '\t' || c == '\r'; }, ' ');
  for (const auto paragraph : base::split(clean, '\n')) {
    std::string line;
    for (const auto word : base::split(paragraph, ' ')) {
      if (word.empty()) continue;
      const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
      if (text_width(longer, size) <= width) {
        line = longer;
      } else if (text_width(word, size) > width) {
        push_long_word(out, line, word, width, size);
      } else {
        out.push_back(std::move(line));
        line = word;
      }
    }
    if (!line.empty()) out.push_back(std::move(line));
  }
  return out;
}

void lines(Scene& scene, const std::vector<std::string>& text, double x, double top, double size, Colour colour) {
  double baseline = top + size * 0.9;
  for (const std::string& line : text) {
    scene.text(line, x, baseline, size, colour);
    baseline += size * kLineHeight;
  }
}

void text_in_box(Scene& scene, std::string_view text, const Bounds& box, double size, Colour colour, bool turned) {
  const double width = (turned ? box.height : box.width), height = (turned ? box.width : box.height);
  std::vector<std::string> wrapped = wrap(text, std::max(width, size), size);
  const auto fits = static_cast<std::size_t>(std::max(1.0, (height + size * 0.3) / (size * kLineHeight)));
  if (wrapped.size() > fits) {
    wrapped.resize(fits);
    wrapped.back() = cut_to(wrapped.back(), width, size);
  }
  const double block = static_cast<double>(wrapped.size()) * size * kLineHeight;
  if (!turned) return lines(scene, wrapped, box.x + box.width / 2, box.y + (box.height - block) / 2, size, colour);
  double baseline = box.x + (box.width - block) / 2 + size * 0.95;
  for (const std::string& line : wrapped) {
    scene.text(line, baseline, box.y + box.height / 2, size, colour, true, true);
    baseline += size * kLineHeight;
  }
}

}  // namespace bpmn::draw
