// Our own icons, drawn in small boxes and scaled: tasks 18×18, event triggers 36×36, markers 14×14.
#include <cmath>
#include <numbers>

#include "bpmn/draw/scene.h"

namespace bpmn::draw {
namespace {

Style outline(Colour stroke, double width = 1.2, Colour fill = kNone) {
  Style style;
  style.stroke = stroke, style.width = width, style.fill = fill;
  return style;
}

void icon(Scene& scene, std::string_view path, double x, double y, double scale, Style style) {
  scene.add(Path::parse(path, scale, scale, x, y), std::move(style));
}

// A toothed wheel around (cx, cy).
Path gear(double cx, double cy, double outer, double inner, int teeth) {
  Path path;
  const double step = 2 * std::numbers::pi / (teeth * 4);
  for (int i = 0; i < teeth * 4; ++i) {
    const double radius = i % 4 < 2 ? outer : inner, angle = (i - 0.5) * step;
    const double x = cx + radius * std::cos(angle), y = cy + radius * std::sin(angle);
    i == 0 ? path.move(x, y) : path.line(x, y);
  }
  return path.close();
}

void user_icon(Scene& s, double x, double y, Colour stroke, Colour fill) {
  icon(s, "M 2 17 L 2 13 C 2 10.5 4 9.5 6.5 9.5 L 11.5 9.5 C 14 9.5 16 10.5 16 13 L 16 17 Z", x, y, 1, outline(stroke, 1.2, fill));
  s.add(Path().circle(x + 9, y + 5.5, 3.8), outline(stroke, 1.2, fill));
  icon(s, "M 5.5 17 L 5.5 13.5 M 12.5 17 L 12.5 13.5", x, y, 1, outline(stroke, 1));
}

void manual_icon(Scene& s, double x, double y, Colour stroke, Colour fill) {
  icon(s, "M 1 8 C 3 5 5 3 8 3 L 11 3 L 9 6 L 16 6 C 17.6 6 17.6 8.2 16 8.2 L 16.5 8.2 C 18 8.2 18 10.4 16.5 10.4 L 16 10.4 "
          "C 17.4 10.4 17.4 12.6 16 12.6 L 15 12.6 C 16.2 12.6 16.2 14.8 15 14.8 L 6 14.8 C 4 14.8 2.5 14 1 13 Z",
       x, y, 1, outline(stroke, 1.1, fill));
  icon(s, "M 10.5 8.2 L 16 8.2 M 10.5 10.4 L 16 10.4 M 10.5 12.6 L 15 12.6", x, y, 1, outline(stroke, 0.9));
}

void rule_icon(Scene& s, double x, double y, Colour stroke, Colour fill) {
  s.add(Path().rect(x + 1, y + 3, 17, 12), outline(stroke, 1.2, fill));
  s.add(Path().rect(x + 1, y + 3, 17, 3.6), outline(stroke, 1.2, mixed(stroke, kWhite, 0.3)));
  icon(s, "M 1 10.8 L 18 10.8 M 6.5 6.6 L 6.5 15", x, y, 1, outline(stroke, 1));
}

void script_icon(Scene& s, double x, double y, Colour stroke, Colour fill) {
  icon(s, "M 6 2 L 16.5 2 C 12 6 17 12 12.5 16.5 L 2 16.5 C 6.5 12 1.5 6.5 6 2 Z", x, y, 1, outline(stroke, 1.2, fill));
  icon(s, "M 6.5 5.5 L 12 5.5 M 6.7 8 L 12 8 M 7.5 10.7 L 13 10.7 M 7 13.4 L 12 13.4", x, y, 1, outline(stroke, 1));
}

void compensation(Scene& s, const Bounds& b, Style style) {
  const double mid = b.y + b.height / 2, half = b.x + b.width / 2;
  s.add(Path().move(half, b.y).line(half, b.y + b.height).line(b.x, mid).close(), style);
  s.add(Path().move(b.x + b.width, b.y).line(b.x + b.width, b.y + b.height).line(half, mid).close(), style);
}

}  // namespace

void envelope(Scene& scene, const Bounds& b, bool filled, Colour stroke, Colour fill) {
  scene.add(Path().rect(b.x, b.y, b.width, b.height), outline(stroke, 1.2, filled ? stroke : fill));
  scene.add(Path().move(b.x, b.y).line(b.x + b.width / 2, b.y + b.height * 0.6).line(b.x + b.width, b.y),
            outline(filled ? (fill.none ? kWhite : fill) : stroke, 1.2));
}

void task_icon(Scene& s, const Node& node, double x, double y, Colour stroke, Colour fill) {
  switch (node.type) {
    case ElementType::user_task: return user_icon(s, x, y, stroke, fill);
    case ElementType::manual_task: return manual_icon(s, x, y, stroke, fill);
    case ElementType::business_rule_task: return rule_icon(s, x, y, stroke, fill);
    case ElementType::script_task: return script_icon(s, x, y, stroke, fill);
    case ElementType::send_task: return envelope(s, {x + 1, y + 3, 18, 12}, true, stroke, fill);
    case ElementType::receive_task:
      if (node.instantiate) s.add(Path().circle(x + 10, y + 10, 11), outline(stroke, 1));
      return envelope(s, {x + (node.instantiate ? 4.0 : 1.0), y + (node.instantiate ? 6.0 : 3.0), node.instantiate ? 12.0 : 18.0,
                          node.instantiate ? 8.0 : 12.0}, false, stroke, fill);
    case ElementType::service_task:
      s.add(gear(x + 7.5, y + 7.5, 7.5, 5.4, 8), outline(stroke, 1, fill));
      s.add(Path().circle(x + 7.5, y + 7.5, 2.4), outline(stroke, 1, fill));
      s.add(gear(x + 13, y + 13, 6, 4.2, 8), outline(stroke, 1, fill));
      s.add(Path().circle(x + 13, y + 13, 2), outline(stroke, 1, fill));
      return;
    default: return;
  }
}

void event_icon(Scene& s, EventKind kind, bool thrown, const Bounds& event, Colour stroke, Colour fill) {
  const double scale = event.width / 36, x = event.x, y = event.y;
  const Colour inside = thrown ? stroke : fill;
  const Style solid = outline(stroke, 1.2, inside);
  switch (kind) {
    case EventKind::message: return envelope(s, {x + 9 * scale, y + 12 * scale, 18 * scale, 12 * scale}, thrown, stroke, fill);
    case EventKind::timer: {
      s.add(Path().circle(x + 18 * scale, y + 18 * scale, 10.5 * scale), outline(stroke, 1.2, fill));
      Path ticks;
      for (int hour = 0; hour < 12; ++hour) {
        const double c = std::cos(hour * std::numbers::pi / 6) * scale, q = std::sin(hour * std::numbers::pi / 6) * scale;
        ticks.move(x + 18 * scale + 8.5 * c, y + 18 * scale + 8.5 * q).line(x + 18 * scale + 10.5 * c, y + 18 * scale + 10.5 * q);
      }
      s.add(std::move(ticks), outline(stroke, 1));
      return icon(s, "M 19.5 11 L 18 18 L 23 18", x, y, scale, outline(stroke, 1.4));
    }
    case EventKind::error: return icon(s, "M 9 26 L 14 11 L 20.5 18.5 L 27 9 L 22 25 L 15.5 17.5 Z", x, y, scale, solid);
    case EventKind::escalation: return icon(s, "M 18 8.5 L 25 26 L 18 19.5 L 11 26 Z", x, y, scale, solid);
    case EventKind::signal: return icon(s, "M 18 9 L 27 24.5 L 9 24.5 Z", x, y, scale, solid);
    case EventKind::conditional:
      icon(s, "M 11 9 L 25 9 L 25 27 L 11 27 Z", x, y, scale, outline(stroke, 1.2, fill));
      return icon(s, "M 13.5 12.5 L 22.5 12.5 M 13.5 16.2 L 22.5 16.2 M 13.5 19.9 L 22.5 19.9 M 13.5 23.6 L 22.5 23.6", x, y, scale,
                  outline(stroke, 1));
    case EventKind::compensation: return compensation(s, {x + 8 * scale, y + 11.5 * scale, 18 * scale, 13 * scale}, solid);
    case EventKind::cancel:
      return icon(s, "M 9.5 12 L 12 9.5 L 18 15.5 L 24 9.5 L 26.5 12 L 20.5 18 L 26.5 24 L 24 26.5 L 18 20.5 L 12 26.5 L 9.5 24 L 15.5 18 Z",
                  x, y, scale, solid);
    case EventKind::link:
      return icon(s, "M 9 14.5 L 20 14.5 L 20 10.5 L 27.5 18 L 20 25.5 L 20 21.5 L 9 21.5 Z", x, y, scale, solid);
    case EventKind::terminate: return s.add(Path().circle(x + 18 * scale, y + 18 * scale, 10 * scale), outline(stroke, 1.2, stroke));
    case EventKind::multiple:
      return icon(s, "M 18 8.5 L 27.2 15.2 L 23.7 26 L 12.3 26 L 8.8 15.2 Z", x, y, scale, solid);
    case EventKind::parallel_multiple:
      return icon(s, "M 15.5 9 L 20.5 9 L 20.5 15.5 L 27 15.5 L 27 20.5 L 20.5 20.5 L 20.5 27 L 15.5 27 L 15.5 20.5 L 9 20.5 L 9 15.5 L 15.5 15.5 Z",
                  x, y, scale, solid);
    case EventKind::none: return;
  }
}

void gateway_icon(Scene& s, const Node& node, const Bounds& b, Colour stroke, bool show_exclusive) {
  const double cx = b.x + b.width / 2, cy = b.y + b.height / 2, r = b.width / 50;
  const auto cross = [&](double arm, double width) {
    s.add(Path().move(cx - arm * r, cy).line(cx + arm * r, cy).move(cx, cy - arm * r).line(cx, cy + arm * r), outline(stroke, width));
  };
  const auto saltire = [&](double arm, double width) {
    s.add(Path().move(cx - arm * r, cy - arm * r).line(cx + arm * r, cy + arm * r).move(cx + arm * r, cy - arm * r)
              .line(cx - arm * r, cy + arm * r), outline(stroke, width));
  };
  switch (node.type) {
    case ElementType::exclusive_gateway:
      if (show_exclusive) saltire(7, 3.2);
      return;
    case ElementType::parallel_gateway: return cross(10.5, 3.4);
    case ElementType::inclusive_gateway: return s.add(Path().circle(cx, cy, 11 * r), outline(stroke, 2.6));
    case ElementType::complex_gateway: return cross(11, 3), saltire(7.8, 3);
    case ElementType::event_based_gateway: {
      s.add(Path().circle(cx, cy, 13.5 * r), outline(stroke, 1));
      const bool parallel = node.event_gateway_type == "Parallel";
      if (!node.instantiate) s.add(Path().circle(cx, cy, 11 * r), outline(stroke, 1));
      const Bounds box{cx - 13.5 * r, cy - 13.5 * r, 27 * r, 27 * r};
      return event_icon(s, parallel ? EventKind::parallel_multiple : EventKind::multiple, false, box, stroke, kNone);
    }
    default: return;
  }
}

void activity_markers(Scene& s, const Node& node, const Bounds& b, bool collapsed, Colour stroke, Colour fill) {
  std::string wanted;  // left to right, as 10.3 figures them
  if (node.loop) wanted += node.loop->standard ? 'o' : node.loop->sequential ? '=' : '|';
  if (node.for_compensation) wanted += '<';
  if (collapsed) wanted += '+';
  if (node.type == ElementType::ad_hoc_sub_process) wanted += '~';
  double x = b.x + b.width / 2 - static_cast<double>(wanted.size()) * 9 + 2;
  const double y = b.y + b.height - 17;
  for (const char one : wanted) {
    switch (one) {
      case 'o':
        icon(s, "M 4 12.4 C 1 10.5 0.4 6.5 2.6 3.8 C 5 1 9 1 11.3 3.6 C 13.6 6.4 13 10.6 10 12.3", x, y, 1, outline(stroke, 1.6));
        icon(s, "M 0.6 12.6 L 4.6 12.8 L 4.6 8.8", x, y, 1, outline(stroke, 1.6));
        break;
      case '|': icon(s, "M 3 1 L 3 13 M 7 1 L 7 13 M 11 1 L 11 13", x, y, 1, outline(stroke, 2)); break;
      case '=': icon(s, "M 1 3 L 13 3 M 1 7 L 13 7 M 1 11 L 13 11", x, y, 1, outline(stroke, 2)); break;
      case '<': compensation(s, {x + 1, y + 2, 12, 10}, outline(stroke, 1.2, fill)); break;
      case '+':
        s.add(Path().rect(x, y, 14, 14), outline(stroke, 1.2, fill));
        icon(s, "M 7 3 L 7 11 M 3 7 L 11 7", x, y, 1, outline(stroke, 1.4));
        break;
      case '~':
        icon(s, "M 0.5 9 C 2.5 3 5 4 7 6.8 C 9 9.5 11.5 10 13.5 5", x, y, 1, outline(stroke, 2.2));
        break;
      default: break;
    }
    x += 18;
  }
}

}  // namespace bpmn::draw
