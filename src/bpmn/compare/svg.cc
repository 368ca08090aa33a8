// Both drawings in one picture with the differences marked: number and sign in a badge, colour and dash of the frame by kind.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bpmn/compare/compare.h"
#include "bpmn/draw.h"

namespace bpmn {
namespace {

struct Look { std::string_view sign, word, colour, dash; };

Look look_of(Change kind) {
  switch (kind) {
    case Change::removed: return {"−", "fjernet", "#b3261e", "10 6"};
    case Change::added: return {"+", "ny", "#1b6e38", ""};
    case Change::merged: return {"›‹", "lagt sammen", "#8a3b12", "14 4 3 4"};
    case Change::split: return {"‹›", "delt", "#8a3b12", "14 4 3 4"};
    case Change::relabelled: return {"A", "andet navn", "#7a4f00", "3 4"};
    case Change::retyped: return {"T", "anden type", "#7a4f00", "3 4"};
    case Change::moved: return {"↔", "flyttet", "#5b3fa8", "16 6"};
    case Change::lane_changed: return {"↕", "anden bane", "#5b3fa8", "16 6"};
    case Change::rerouted: return {"→", "anden vej", "#0b5cad", "6 3"};
    case Change::attributes: return {"~", "andre oplysninger", "#4a4a4a", "2 4"};
  }
  return {};
}

struct Half { std::string svg; double width = 0, height = 0; };

double attribute_of(std::string_view svg, std::string_view name) {
  const std::string key = " " + std::string(name) + "=\"";
  const auto at = svg.find(key);
  return at == std::string_view::npos ? 0 : std::strtod(std::string(svg.substr(at + key.size(), 20)).c_str(), nullptr);
}

constexpr double kAround = 5, kBadge = 17;

// Returns its width.
double mark_badge(std::string& out, double x, double y, const Look& look, std::size_t number) {
  const double width = 10 + 8.0 * static_cast<double>(std::to_string(number).size() + (look.sign.size() > 4 ? 3 : 2));
  out += fmt::format(R"(<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="3" fill="{}"/><text x="{:g}" y="{:g}" font-size="12" font-weight="bold" text-anchor="middle" fill="#ffffff">{} {}</text>)"
                     "\n", x, y, width, kBadge, look.colour, x + width / 2, y + 13, number, look.sign);
  return width;
}

// The frame says the weightiest kind, a badge each difference.
void mark_shape(std::string& out, const Bounds& b, const std::vector<std::pair<std::size_t, Look>>& all) {
  const Look& first = all[0].second;
  out += fmt::format(R"(<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="6" fill="none" stroke="{}" stroke-width="3"{}/>)"
                     "\n", b.x - kAround, b.y - kAround, b.width + 2 * kAround, b.height + 2 * kAround, first.colour, first.dash.empty() ? "" : fmt::format(R"( stroke-dasharray="{}")", first.dash));
  double x = b.x - kAround;
  for (const auto& [number, look] : all) x += mark_badge(out, x, b.y - kAround - kBadge / 2, look, number) + 2;
}

void mark_edge(std::string& out, const Edge& edge, const Look& look, std::size_t number, bool with_badge) {
  if (edge.waypoints.size() < 2) return;
  std::string points;
  for (const Point& p : edge.waypoints) points += fmt::format("{:g},{:g} ", p.x, p.y);
  out += fmt::format(R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="5" stroke-opacity="0.75"{}/>)"
                     "\n", points, look.colour, look.dash.empty() ? "" : fmt::format(R"( stroke-dasharray="{}")", look.dash));
  if (!with_badge) return;
  std::size_t longest = 1;
  const auto length = [&](std::size_t k) { return std::abs(edge.waypoints[k].x - edge.waypoints[k - 1].x) + std::abs(edge.waypoints[k].y - edge.waypoints[k - 1].y); };
  for (std::size_t k = 2; k < edge.waypoints.size(); ++k)
    if (length(k) > length(longest)) longest = k;
  const Point &p = edge.waypoints[longest - 1], &q = edge.waypoints[longest];
  const bool level = std::abs(p.x - q.x) > std::abs(p.y - q.y);
  mark_badge(out, (p.x + q.x) / 2 - (level ? 14 : 0), (p.y + q.y) / 2 - (level ? 8.5 : 0), look, number);
}

base::Result<Half> picture(const Model& model, const Comparison& c, bool first) {
  TRY(std::string svg, draw_svg(model));
  std::string marks = "<g class=\"difference-marks\">\n";
  std::map<std::string, std::vector<std::pair<std::size_t, Look>>> by_element;
  for (std::size_t i = 0; i < c.differences.size(); ++i)
    for (const std::string& id : first ? c.differences[i].a : c.differences[i].b) by_element[id].emplace_back(i + 1, look_of(c.differences[i].kind));
  if (!model.diagrams.empty()) {
    for (const Edge& e : model.diagrams[0].edges)
      if (const auto found = by_element.find(e.element); found != by_element.end()) {
        const Difference& d = c.differences[found->second[0].first - 1];
        mark_edge(marks, e, found->second[0].second, found->second[0].first, (first ? d.a : d.b).front() == e.element);
      }
    for (const Shape& s : model.diagrams[0].shapes)
      if (const auto found = by_element.find(s.element); found != by_element.end())
        mark_shape(marks, s.bounds, found->second);
  }
  svg.erase(0, svg.find("<svg "));
  const std::size_t end = svg.rfind("</svg>");
  svg.insert(end, marks + "</g>\n");
  return Half{std::move(svg), 0, 0};
}

}  // namespace

base::Result<std::string> comparison_svg(const Model& a, const Model& b, const Comparison& c, std::string_view title_a, std::string_view title_b) {
  constexpr double kHeading = 44, kLegend = 40, kBetween = 24;
  TRY(Half left, picture(a, c, true));
  TRY(Half right, picture(b, c, false));
  for (Half* p : {&left, &right}) p->width = attribute_of(p->svg, "width"), p->height = attribute_of(p->svg, "height");
  // Long drawings stand below each other: beside each other both would be too small to read.
  const bool below = left.width > 1.5 * left.height || right.width > 1.5 * right.height;
  const double x = below ? 0 : left.width + kBetween, y = below ? left.height + kHeading + kBetween : 0;
  std::vector<Change> kinds;
  for (const Difference& d : c.differences)
    if (std::find(kinds.begin(), kinds.end(), d.kind) == kinds.end()) kinds.push_back(d.kind);
  std::sort(kinds.begin(), kinds.end());
  const double width = std::max({x + right.width, left.width, 150.0 * static_cast<double>(kinds.size())}), diagrams = std::max(y + right.height, left.height) + kHeading, height = diagrams + kLegend;
  std::string out = fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{0:g}" height="{1:g}" viewBox="0 0 {0:g} {1:g}" font-family="Arial, Helvetica, 'Liberation Sans', sans-serif">
<title>{2}</title>
<rect width="{0:g}" height="{1:g}" fill="#ffffff"/>
)", width, height, base::xml::escape_text(c.summary_da));
  const auto place = [&](Half& p, double at_x, double at_y, std::string_view title) {
    p.svg.insert(5, fmt::format(R"(x="{:g}" y="{:g}" )", at_x, at_y + kHeading));
    out += fmt::format(R"(<text x="{:g}" y="{:g}" font-size="20" font-weight="bold" fill="#22242a">{}</text>)"
                       "\n", at_x + 10, at_y + 30, base::xml::escape_text(title)) + p.svg;
  };
  place(left, 0, 0, title_a);
  place(right, x, y, title_b);
  double at = 10;
  for (const Change kind : kinds) {
    const Look look = look_of(kind);
    out += fmt::format(R"(<rect x="{:g}" y="{:g}" width="30" height="18" rx="3" fill="{}"/><text x="{:g}" y="{:g}" font-size="12" font-weight="bold" text-anchor="middle" fill="#ffffff">{}</text><text x="{:g}" y="{:g}" font-size="14" fill="#22242a">{}</text>)"
                       "\n", at, diagrams + 10, look.colour, at + 15, diagrams + 23, look.sign, at + 38, diagrams + 24, look.word);
    at += 150;
  }
  return out + "</svg>\n";
}

}  // namespace bpmn
