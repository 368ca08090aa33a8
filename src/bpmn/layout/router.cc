#include "bpmn/layout/router.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace bpmn::layouts {
namespace {

constexpr double kClear = 9;        // between a flow and a shape it does not touch
constexpr double kTrack = 12, kTightTrack = 8;  // between two flows
constexpr double kNear = 7;         // closer parallel flows count as one
constexpr double kBend = 55, kCross = 70, kShare = 0.15;

struct Line { double at; int rank; };  // 0 = centre of a shape, 1 = middle of a channel, 2 … = further tracks

// The free stretches between shapes along one axis, cut into tracks from the middle outward.
void channels(std::vector<std::pair<double, double>> spans, double low, double high, std::vector<Line>& out) {
  std::ranges::sort(spans);
  const auto channel = [&](double a, double b, bool open_low, bool open_high) {
    if (b - a < 2 * kClear) return;
    double middle = (a + b) / 2;
    if (open_low) middle = b - 22;
    if (open_high) middle = a + 22;
    out.push_back({middle, 1});
    const double step = b - a < 48 ? kTightTrack : kTrack, clear = kClear + 2;
    for (int i = 1; i <= 8; ++i)
      for (const double at : {middle - i * step, middle + i * step})
        if (at >= a + clear && at <= b - clear) out.push_back({at, 1 + i});
  };
  double reached = low;
  bool first = true;
  for (const auto& [a, b] : spans) {
    if (a > reached) channel(reached, a, first, false);
    reached = std::max(reached, b), first = false;
  }
  if (high > reached) channel(reached, high, false, !spans.empty());
}

void settle(std::vector<Line>& lines, double low, double high, std::vector<double>& at, std::vector<double>& extra) {
  std::erase_if(lines, [&](const Line& one) { return one.at < low || one.at > high; });
  std::ranges::stable_sort(lines, {}, [](const Line& one) { return one.rank; });
  std::vector<Line> kept;
  for (const Line& one : lines) {
    const double room = one.rank == 0 ? 0.5 : 5;
    if (std::ranges::none_of(kept, [&](const Line& other) { return std::abs(other.at - one.at) < room; })) kept.push_back(one);
  }
  std::ranges::sort(kept, {}, [](const Line& one) { return one.at; });
  for (const Line& one : kept) at.push_back(one.at), extra.push_back(one.rank <= 1 ? 0 : 4.0 * std::min(one.rank, 5));
}

bool horizontal(const Port& port) { return port.side == Side::left || port.side == Side::right; }

}  // namespace

Router::Router(const Rect& region, const std::vector<Rect>& obstacles, const std::vector<Point>& centres, const std::vector<double>& borders) : region_(region) {
  lines(obstacles, centres, borders);
  right_closed_.assign(xs_.size() * ys_.size(), false);
  down_closed_ = right_closed_;
  right_.assign(xs_.size() * ys_.size(), {});
  down_ = right_;
  block(obstacles);
}

void Router::lines(const std::vector<Rect>& obstacles, const std::vector<Point>& centres, const std::vector<double>& borders) {
  std::vector<Line> xs, ys;
  for (const Point& one : centres) xs.push_back({one.x, 0}), ys.push_back({one.y, 0});
  std::vector<std::pair<double, double>> across, down;
  for (const Rect& one : obstacles) {
    across.emplace_back(one.x, one.right()), down.emplace_back(one.y, one.bottom());
    for (int i = 0; i < 3; ++i) {
      const double away = 20 + i * kTrack;
      for (const double at : {one.x - away, one.right() + away}) xs.push_back({at, 5 + i});
      for (const double at : {one.y - away, one.bottom() + away}) ys.push_back({at, 5 + i});
    }
  }
  channels(across, region_.x, region_.right(), xs);
  channels(down, region_.y, region_.bottom(), ys);
  std::erase_if(ys, [&](const Line& one) { return one.rank > 0 && std::ranges::any_of(borders, [&](double border) { return std::abs(border - one.at) < 6; }); });
  settle(xs, region_.x, region_.right(), xs_, x_extra_);
  settle(ys, region_.y, region_.bottom(), ys_, y_extra_);
}

// Indexes of the lines within [low, high], and one before: the edge that begins there may reach in.
std::pair<std::size_t, std::size_t> Router::within(const std::vector<double>& lines, double low, double high) {
  auto first = static_cast<std::size_t>(std::ranges::lower_bound(lines, low) - lines.begin());
  const auto last = static_cast<std::size_t>(std::ranges::upper_bound(lines, high) - lines.begin());
  if (first > 0) --first;
  return {first, last};
}

void Router::block(const std::vector<Rect>& obstacles) {
  for (const Rect& one : obstacles) {
    const double left = one.x - kClear + 0.5, right = one.right() + kClear - 0.5, top = one.y - kClear + 0.5, bottom = one.bottom() + kClear - 0.5;
    const auto [x1, x2] = within(xs_, left, right);
    const auto [y1, y2] = within(ys_, top, bottom);
    for (std::size_t iy = y1; iy < y2; ++iy)
      for (std::size_t ix = x1; ix < x2; ++ix) {
        const bool in_y = ys_[iy] > top && ys_[iy] < bottom, in_x = xs_[ix] > left && xs_[ix] < right;
        if (ix + 1 < xs_.size() && in_y && xs_[ix] < right && xs_[ix + 1] > left) right_closed_[static_cast<std::size_t>(vertex(ix, iy))] = true;
        if (iy + 1 < ys_.size() && in_x && ys_[iy] < bottom && ys_[iy + 1] > top) down_closed_[static_cast<std::size_t>(vertex(ix, iy))] = true;
      }
  }
}

void Router::mark(const std::vector<Point>& line, const Ends& ends) {
  const auto use = [&](Used& used) {
    used.from = used.from == -1 || used.from == ends.from ? ends.from : -2;
    used.to = used.to == -1 || used.to == ends.to ? ends.to : -2;
  };
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Point &a = line[i - 1], &b = line[i];
    const double x1 = std::min(a.x, b.x), x2 = std::max(a.x, b.x), y1 = std::min(a.y, b.y), y2 = std::max(a.y, b.y);
    const bool flat = y2 - y1 < x2 - x1;
    const auto [ix1, ix2] = within(xs_, x1 - kNear, x2 + kNear);
    const auto [iy1, iy2] = within(ys_, y1 - kNear, y2 + kNear);
    for (std::size_t iy = iy1; iy < iy2; ++iy)
      for (std::size_t ix = ix1; ix < ix2; ++ix) {
        const auto at = static_cast<std::size_t>(vertex(ix, iy));
        if (ix + 1 < xs_.size()) {
          if (flat && std::abs(ys_[iy] - y1) < kNear && xs_[ix] < x2 - 0.5 && xs_[ix + 1] > x1 + 0.5) use(right_[at]);
          if (!flat && x1 > xs_[ix] && x1 <= xs_[ix + 1] && ys_[iy] > y1 + 0.5 && ys_[iy] < y2 - 0.5) ++right_[at].crossed;
        }
        if (iy + 1 < ys_.size()) {
          if (!flat && std::abs(xs_[ix] - x1) < kNear && ys_[iy] < y2 - 0.5 && ys_[iy + 1] > y1 + 0.5) use(down_[at]);
          if (flat && y1 > ys_[iy] && y1 <= ys_[iy + 1] && xs_[ix] > x1 + 0.5 && xs_[ix] < x2 - 0.5) ++down_[at].crossed;
        }
      }
  }
}

// The first crossing of lines outside the shape, straight out of the port.
bool Router::start_of(const Port& port, Start& start) const {
  const auto near = [](const std::vector<double>& lines, double at) {
    const auto found = std::ranges::lower_bound(lines, at - 0.6);
    return found != lines.end() && std::abs(*found - at) <= 0.6 ? static_cast<std::ptrdiff_t>(found - lines.begin()) : -1;
  };
  const bool flat = horizontal(port);
  const std::ptrdiff_t own = flat ? near(ys_, port.at.y) : near(xs_, port.at.x);
  if (own < 0) return false;
  const std::vector<double>& along = flat ? xs_ : ys_;
  const double at = flat ? port.at.x : port.at.y;
  const bool forward = port.side == Side::right || port.side == Side::bottom;
  std::ptrdiff_t other = -1;
  for (std::size_t i = 0; i < along.size(); ++i) {
    if (forward && along[i] >= at + kClear - 0.6) {
      other = static_cast<std::ptrdiff_t>(i);
      break;
    }
    if (!forward && along[i] <= at - kClear + 0.6) other = static_cast<std::ptrdiff_t>(i);
  }
  if (other < 0) return false;
  const auto ix = static_cast<std::size_t>(flat ? other : own), iy = static_cast<std::size_t>(flat ? own : other);
  start.vertex = vertex(ix, iy);
  start.vertical = !flat;
  start.cost = port.cost + std::abs(along[static_cast<std::size_t>(other)] - at);
  return true;
}

// Directions: 0 right, 1 down, 2 left, 3 up.
double Router::step(int at, int direction, const Ends& ends) const {
  const auto width = xs_.size();
  const auto here = static_cast<std::size_t>(at);
  const std::size_t ix = here % width, iy = here / width;
  if ((direction == 0 && ix + 1 == width) || (direction == 2 && ix == 0) || (direction == 1 && iy + 1 == ys_.size()) || (direction == 3 && iy == 0)) return -1;
  const std::size_t edge = direction == 2 ? here - 1 : direction == 3 ? here - width : here;
  const bool flat = direction % 2 == 0;
  if (flat ? right_closed_[edge] : down_closed_[edge]) return -1;
  const Used& used = flat ? right_[edge] : down_[edge];
  const double length = flat ? xs_[edge % width + 1] - xs_[edge % width] : ys_[edge / width + 1] - ys_[edge / width];
  double cost = length + used.crossed * kCross;
  if (used.from != -1) {
    const bool together = used.from == ends.from || used.to == ends.to;
    if (!together) return -1;
    cost += length * kShare;
  }
  return cost;
}

std::vector<Point> Router::route(const std::vector<Port>& from, const std::vector<Port>& to, const Ends& ends) {
  const std::size_t states = xs_.size() * ys_.size() * 4;
  std::vector<double> best(states, -1), goal_cost(xs_.size() * ys_.size() * 2, -1);
  std::vector<int> came(states, -1);
  std::vector<std::size_t> goal_port(goal_cost.size(), 0);
  Rect goals{1e9, 1e9, -1e9, -1e9};  // around all ends: the distance to it is never more than what is left to go
  for (std::size_t i = 0; i < to.size(); ++i) {
    Start end{};
    if (!start_of(to[i], end)) continue;
    const auto at = static_cast<std::size_t>(end.vertex * 2 + (end.vertical ? 1 : 0));
    const double x = xs_[static_cast<std::size_t>(end.vertex) % xs_.size()], y = ys_[static_cast<std::size_t>(end.vertex) / xs_.size()];
    const double right = std::max(goals.right(), x), bottom = std::max(goals.bottom(), y);
    goals.x = std::min(goals.x, x), goals.y = std::min(goals.y, y), goals.w = right - goals.x, goals.h = bottom - goals.y;
    if (goal_cost[at] < 0 || end.cost < goal_cost[at]) goal_cost[at] = end.cost, goal_port[at] = i;
  }
  struct Entry { double guess, cost; int state; bool operator<(const Entry& o) const { return guess != o.guess ? guess > o.guess : state > o.state; } };
  const auto guess = [&](double cost, int at) {
    const double x = xs_[static_cast<std::size_t>(at) % xs_.size()], y = ys_[static_cast<std::size_t>(at) / xs_.size()];
    return cost + std::max({goals.x - x, x - goals.right(), 0.0}) + std::max({goals.y - y, y - goals.bottom(), 0.0});
  };
  std::priority_queue<Entry> open;
  std::vector<Start> starts;
  for (std::size_t i = 0; i < from.size(); ++i) {
    Start start{};
    if (!start_of(from[i], start)) continue;
    start.port = i;
    const int direction = from[i].side == Side::right ? 0 : from[i].side == Side::bottom ? 1 : from[i].side == Side::left ? 2 : 3;
    const int state = start.vertex * 4 + direction;
    if (double& old = best[static_cast<std::size_t>(state)]; old < 0 || start.cost < old) {
      old = start.cost;
      came[static_cast<std::size_t>(state)] = -2 - static_cast<int>(i);
      open.push({guess(start.cost, start.vertex), start.cost, state});
    }
  }
  double found = -1;
  int last = -1;
  const Port* goal = nullptr;
  while (!open.empty()) {
    const Entry top = open.top();
    open.pop();
    if (found >= 0 && top.guess >= found) break;
    if (top.cost > best[static_cast<std::size_t>(top.state)]) continue;
    const int at = top.state / 4, direction = top.state % 4;
    for (const int vertical : {0, 1}) {
      const auto slot = static_cast<std::size_t>(at * 2 + vertical);
      if (goal_cost[slot] < 0) continue;
      const Port& port = to[goal_port[slot]];
      const int wanted = port.side == Side::left ? 0 : port.side == Side::top ? 1 : port.side == Side::right ? 2 : 3;
      if ((wanted + 2) % 4 == direction) continue;  // no turning back
      const double cost = top.cost + goal_cost[slot] + (wanted == direction ? 0 : kBend);
      if (found < 0 || cost < found) found = cost, last = top.state, goal = &port;
    }
    for (int turn = 0; turn < 4; ++turn) {
      if (turn == (direction + 2) % 4) continue;
      const double own = step(at, turn, ends);
      if (own < 0) continue;
      const int width = static_cast<int>(xs_.size());
      const int next = (at + (turn == 0 ? 1 : turn == 1 ? width : turn == 2 ? -1 : -width)) * 4 + turn;
      const double line = turn % 2 == 0 ? y_extra_[static_cast<std::size_t>(at / width)] : x_extra_[static_cast<std::size_t>(at % width)];
      const double cost = top.cost + own + (turn == direction ? 0 : kBend + line);
      double& old = best[static_cast<std::size_t>(next)];
      if (old >= 0 && old <= cost) continue;
      old = cost;
      came[static_cast<std::size_t>(next)] = top.state;
      open.push({guess(cost, next / 4), cost, next});
    }
  }
  return last < 0 ? std::vector<Point>{} : trace(last, came, from, *goal);
}

std::vector<Point> Router::trace(int state, const std::vector<int>& came, const std::vector<Port>& from, const Port& to) const {
  std::vector<Point> points{to.at};
  while (true) {
    const auto at = static_cast<std::size_t>(state / 4);
    points.push_back({xs_[at % xs_.size()], ys_[at / xs_.size()]});
    const int before = came[static_cast<std::size_t>(state)];
    if (before <= -2) {
      points.push_back(from[static_cast<std::size_t>(-2 - before)].at);
      break;
    }
    state = before;
  }
  std::ranges::reverse(points);
  // Ports are drawn exactly where they are; lines may be half a pixel beside.
  if (points.size() > 2) {
    Point &second = points[1], &last = points[points.size() - 2];
    if (std::abs(second.y - points[0].y) < 0.7) second.y = points[0].y; else second.x = points[0].x;
    if (std::abs(last.y - points.back().y) < 0.7) last.y = points.back().y; else last.x = points.back().x;
  }
  std::vector<Point> corners;
  for (const Point& one : points) {
    if (!corners.empty() && std::abs(corners.back().x - one.x) < 0.01 && std::abs(corners.back().y - one.y) < 0.01) continue;
    if (corners.size() > 1) {
      const Point &a = corners[corners.size() - 2], &b = corners.back();
      if ((std::abs(a.x - b.x) < 0.01 && std::abs(b.x - one.x) < 0.01) || (std::abs(a.y - b.y) < 0.01 && std::abs(b.y - one.y) < 0.01)) {
        corners.back() = one;
        continue;
      }
    }
    corners.push_back(one);
  }
  if (corners.size() == 2) {  // shapes of other tools may be half a pixel out of line
    Point &a = corners[0], &b = corners[1];
    if (std::abs(a.y - b.y) < 0.7) b.y = a.y;
    else if (std::abs(a.x - b.x) < 0.7) b.x = a.x;
  }
  return corners;
}

}  // namespace bpmn::layouts
