// Flows at right angles: the cheapest path on a grid of lines between the shapes, around what is in the way.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "bpmn/layout/plan.h"

namespace bpmn::layouts {

enum class Side : std::uint8_t { left, right, top, bottom };
struct Port {
  Point at;
  Side side;
  double cost = 0;
};

// One end of a link, for the rule which flows may run together: those with the same start, or the same end.
struct Ends { int from = -1, to = -1; };

class Router {
 public:
  // Lines run inside `region` only, keep `kClear` from every obstacle, and never run level on one of `borders` (of lanes).
  Router(const Rect& region, const std::vector<Rect>& obstacles, const std::vector<Point>& centres, const std::vector<double>& borders = {});
  // What is drawn already: crossed at a cost, never run along.
  void mark(const std::vector<Point>& line, const Ends&);
  // Empty where there is no way.
  std::vector<Point> route(const std::vector<Port>& from, const std::vector<Port>& to, const Ends&);
  const std::vector<double>& columns() const { return xs_; }

 private:
  struct Used { int from = -1, to = -1, crossed = 0; };  // -1 nobody, -2 several
  struct Start { int vertex; bool vertical; double cost; std::size_t port; };
  void lines(const std::vector<Rect>&, const std::vector<Point>&, const std::vector<double>& borders);
  void block(const std::vector<Rect>&);
  static std::pair<std::size_t, std::size_t> within(const std::vector<double>& lines, double low, double high);
  int vertex(std::size_t ix, std::size_t iy) const { return static_cast<int>(iy * xs_.size() + ix); }
  bool start_of(const Port&, Start&) const;
  double step(int at, int direction, const Ends&) const;   // cost of an edge without bends; < 0 where it is closed
  std::vector<Point> trace(int state, const std::vector<int>& came, const std::vector<Port>& from, const Port& to) const;

  Rect region_;
  std::vector<double> xs_, ys_;
  std::vector<double> x_extra_, y_extra_;      // what it costs to turn into this line: more beside the middle of a channel
  std::vector<bool> right_closed_, down_closed_;
  std::vector<Used> right_, down_;
};

}  // namespace bpmn::layouts
