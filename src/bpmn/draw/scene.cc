#include "bpmn/draw/scene.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace bpmn::draw {
namespace {

struct Named {
  std::string_view name;
  Colour colour;
};
constexpr std::array kNamed{
    Named{"black", {0, 0, 0}},        Named{"white", {255, 255, 255}},  Named{"red", {255, 0, 0}},
    Named{"green", {0, 128, 0}},      Named{"blue", {0, 0, 255}},       Named{"yellow", {255, 255, 0}},
    Named{"orange", {255, 165, 0}},   Named{"purple", {128, 0, 128}},   Named{"gray", {128, 128, 128}},
    Named{"grey", {128, 128, 128}},   Named{"silver", {192, 192, 192}}, Named{"navy", {0, 0, 128}},
    Named{"teal", {0, 128, 128}},     Named{"maroon", {128, 0, 0}},     Named{"olive", {128, 128, 0}},
    Named{"lime", {0, 255, 0}},       Named{"aqua", {0, 255, 255}},     Named{"fuchsia", {255, 0, 255}},
    Named{"pink", {255, 192, 203}},   Named{"brown", {165, 42, 42}},    Named{"lightgray", {211, 211, 211}},
    Named{"lightgrey", {211, 211, 211}}, Named{"lightblue", {173, 216, 230}}, Named{"lightgreen", {144, 238, 144}},
    Named{"lightyellow", {255, 255, 224}}, Named{"none", kNone},        Named{"transparent", kNone},
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Colour parse_hex(std::string_view digits, Colour otherwise) {
  std::array<int, 6> v{};
  if (digits.size() != 3 && digits.size() != 6 && digits.size() != 8) return otherwise;
  const bool shortened = digits.size() == 3;
  for (std::size_t i = 0; i < 6; ++i) {
    v[i] = hex_digit(digits[shortened ? i / 2 : i]);
    if (v[i] < 0) return otherwise;
  }
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(v[i] * 16 + v[i + 1]); };
  return {byte(0), byte(2), byte(4), false};
}

Colour parse_rgb(std::string_view inside, Colour otherwise) {
  std::array<int, 3> v{};
  const auto parts = base::split(inside, ',');
  if (parts.size() < 3) return otherwise;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string_view part = base::trim(parts[i]);
    if (std::from_chars(part.data(), part.data() + part.size(), v[i]).ec != std::errc{}) return otherwise;
    v[i] = std::clamp(v[i], 0, 255);
  }
  return {static_cast<std::uint8_t>(v[0]), static_cast<std::uint8_t>(v[1]), static_cast<std::uint8_t>(v[2]), false};
}

}  // namespace

Colour parse_colour(std::string_view text, Colour otherwise) {
  const std::string lower = base::lower(base::trim(text));
  if (lower.starts_with('#')) return parse_hex(std::string_view(lower).substr(1), otherwise);
  if (const auto open = lower.find('('); lower.starts_with("rgb") && open != std::string::npos)
    return parse_rgb(std::string_view(lower).substr(open + 1, lower.find(')') - open - 1), otherwise);
  for (const Named& one : kNamed)
    if (one.name == lower) return one.colour;
  return otherwise;
}

std::string css(Colour c) {
  if (c.none) return "none";
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t byte : {c.r, c.g, c.b}) text += digits[byte >> 4], text += digits[byte & 15];
  return text;
}

Colour mixed(Colour a, Colour b, double share) {
  const auto mix = [share](int x, int y) { return static_cast<std::uint8_t>(std::lround(x * share + y * (1 - share))); };
  return {mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b), false};
}

Path& Path::move(double x, double y) { return steps.push_back({'M', {x, y}}), *this; }
Path& Path::line(double x, double y) { return steps.push_back({'L', {x, y}}), *this; }
Path& Path::curve(double x1, double y1, double x2, double y2, double x, double y) {
  return steps.push_back({'C', {x1, y1, x2, y2, x, y}}), *this;
}
Path& Path::close() { return steps.push_back({'Z', {}}), *this; }

Path& Path::circle(double cx, double cy, double r) {
  const double k = r * 0.5522847498;  // the control distance at which four cubics look round
  return move(cx + r, cy).curve(cx + r, cy + k, cx + k, cy + r, cx, cy + r).curve(cx - k, cy + r, cx - r, cy + k, cx - r, cy)
      .curve(cx - r, cy - k, cx - k, cy - r, cx, cy - r).curve(cx + k, cy - r, cx + r, cy - k, cx + r, cy).close();
}

Path& Path::rect(double x, double y, double w, double h, double radius) {
  const double r = std::min({radius, w / 2, h / 2}), k = r * 0.4477152502;
  if (r <= 0) return move(x, y).line(x + w, y).line(x + w, y + h).line(x, y + h).close();
  return move(x + r, y).line(x + w - r, y).curve(x + w - k, y, x + w, y + k, x + w, y + r).line(x + w, y + h - r)
      .curve(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h).line(x + r, y + h)
      .curve(x + k, y + h, x, y + h - k, x, y + h - r).line(x, y + r).curve(x, y + k, x + k, y, x + r, y).close();
}

Path Path::parse(std::string_view text, double sx, double sy, double x, double y) {
  Path path;
  std::vector<std::string_view> words;
  for (const auto word : base::split(text, ' '))
    if (!word.empty()) words.push_back(word);
  std::size_t at = 0;
  while (at < words.size()) {
    Step step{words[at++].front(), {}};
    const std::size_t count = step.op == 'C' ? 6 : step.op == 'Z' ? 0 : 2;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      double value = 0;
      if (at >= words.size() || std::from_chars(words[at].data(), words[at].data() + words[at].size(), value).ec != std::errc{})
        return path;
      step.v[i] = i % 2 == 0 ? x + value * sx : y + value * sy;
    }
    path.steps.push_back(step);
  }
  return path;
}

void Scene::cover(double x, double y) {
  if (empty) left = right = x, top = bottom = y, empty = false;
  left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
}

void Scene::add(Path path, Style style) {
  for (const Path::Step& step : path.steps) {
    const std::size_t count = step.op == 'C' ? 6 : step.op == 'Z' ? 0 : 2;
    for (std::size_t i = 0; i + 1 < count; i += 2) cover(step.v[i], step.v[i + 1]);
  }
  Item item;
  item.path = std::move(path);
  item.style = std::move(style);
  items.push_back(std::move(item));
}

void Scene::text(std::string_view text, double x, double y, double size, Colour colour, bool middle, bool turned, bool bold) {
  if (text.empty()) return;
  const double width = text_width(text, size), from = middle ? -width / 2 : 0;
  if (turned) cover(x - size, y - from), cover(x, y - from - width);
  else cover(x + from, y - size), cover(x + from + width, y + size * 0.3);
  Item item;
  item.kind = Item::Kind::text;
  item.x = x, item.y = y, item.size = size, item.middle = middle, item.turned = turned, item.bold = bold;
  item.style.fill = colour;
  item.text = text;
  items.push_back(std::move(item));
}

void Scene::open(std::string_view element, std::string_view role, std::string_view title) {
  Item item;
  item.kind = Item::Kind::open;
  item.text = element, item.role = role, item.title = title;
  items.push_back(std::move(item));
}
void Scene::close() {
  Item item;
  item.kind = Item::Kind::close;
  items.push_back(std::move(item));
}

}  // namespace bpmn::draw
