// For tests: a small drawing in the old schema (.vdx) without masters, so that everything is a guess. Inches, y up, the page is 10 high.
#pragma once
#include <string>
#include <utility>

namespace bank::imports::test {

struct Sketch {
  std::string shapes;
  static std::string field(const char* name, double v) { return "<" + std::string(name) + ">" + std::to_string(v) + "</" + name + ">"; }
  Sketch& box(int id, double x, double y, const std::string& text, double w = 1.5, double h = 0.9) {
    shapes += "<Shape ID='" + std::to_string(id) + "'><XForm>" + field("PinX", x) + field("PinY", y) + field("Width", w) + field("Height", h) + field("LocPinX", w / 2) + field("LocPinY", h / 2) + "</XForm><Geom IX='0'>";
    int row = 1;
    for (const auto& [px, py] : {std::pair<double, double>{0, 0}, {w, 0}, {w, h}, {0, h}, {0, 0}}) {
      const std::string type = row == 1 ? "MoveTo" : "LineTo";
      shapes += "<" + type + " IX='" + std::to_string(row++) + "'>" + field("X", px) + field("Y", py) + "</" + type + ">";
    }
    shapes += "</Geom><Text>" + text + "</Text></Shape>";
    return *this;
  }
  Sketch& line(int id, double x1, double y1, double x2, double y2) {
    shapes += "<Shape ID='" + std::to_string(id) + "'><XForm1D>" + field("BeginX", x1) + field("BeginY", y1) + field("EndX", x2) + field("EndY", y2) + "</XForm1D><Line><EndArrow>4</EndArrow></Line></Shape>";
    return *this;
  }
  std::string vdx() const {
    return "<VisioDocument><Masters/><Pages><Page ID='0' Name='Side-1'><PageSheet><PageProps><PageWidth>20</PageWidth><PageHeight>10</PageHeight></PageProps></PageSheet><Shapes>" + shapes + "</Shapes></Page></Pages></VisioDocument>";
  }
};

// Modtag → Vurder → Send, a line that ends nowhere and one that leads to nothing.
inline Sketch three_steps() {
  return Sketch{}.box(1, 2, 8, "Modtag sag").box(2, 6, 8, "Vurder sag").box(3, 10, 8, "Send brev").line(4, 2.75, 8, 5.25, 8).line(5, 6.75, 8, 9.25, 8).line(6, 10, 7.55, 10, 3);
}

}  // namespace bank::imports::test
