// For tests and the fuzz corpus: a truth (steps, lanes, flows) and Visio files made of it, .vsdx and .vdx. Deterministic: the same
// seed gives the same bytes. Only what [MS-VSDX] and the 2003 schema say is written; nothing is taken from a real file.
#pragma once
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bank/zip.h"
#include "base/xml.h"

namespace bank::visio::test {

// bpmn: stencil of 2010 with shape data; flowchart: cross-functional masters of 2010; old: their names before 2010; bare: no
// masters, no glue, only outlines and lines.
enum class Stencil { bpmn, flowchart, old, bare };

struct Step {
  std::string type, name;           // BPMN element
  double x = 0, y = 0, w = 1, h = 0.75;  // inches, y down
  int lane = -1;                    // index in Truth::lanes
  int inside = -1;                  // index of the expanded sub-process
  int group = 0;                    // steps of the same number > 0 are drawn as a Visio group
  std::string trigger;              // of events: "Timer", "Message"
  std::vector<std::pair<std::string, std::string>> links;  // address, page of the drawing
  std::string fill;
};
struct Flow { std::string type; int from = 0, to = 0; std::string name; bool backwards = false; };
struct Area { std::string name; double x = 0, y = 0, w = 0, h = 0; };
struct Truth {
  double width = 30, height = 20;   // of the page, inches
  std::vector<Area> pools, lanes;   // one pool around all lanes, or pools without lanes
  std::vector<Step> steps;
  std::vector<Flow> flows;
};

class Writer {
 public:
  Writer(const Truth& truth, Stencil stencil, bool old_format) : truth_(truth), stencil_(stencil), old_(old_format) { shapes(); }

  // Shape ids as the report gives them.
  static std::string step_id(std::size_t i) { return std::to_string(100 + i); }
  static std::string flow_id(std::size_t i) { return std::to_string(1000 + i); }

  std::string vdx() const {
    std::string out = "<?xml version='1.0' encoding='UTF-8'?>\n<VisioDocument xmlns='http://schemas.microsoft.com/visio/2003/core'><Masters>";
    for (const auto& [name, id] : masters_) out += "<Master ID='" + std::to_string(id) + "' NameU='" + esc(name) + "' Name='Lokalt navn'><Shapes>" + master_sheet(name) + "</Shapes></Master>";
    return out + "</Masters><Pages><Page ID='0' NameU='Side-1' Name='Side-1'>" + page_sheet() + "<Shapes>" + body_ + "</Shapes>" + connects() + "</Page></Pages></VisioDocument>";
  }

  std::map<std::string, std::string> parts() const {
    const std::string ns = " xmlns='http://schemas.microsoft.com/office/visio/2012/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
    const std::string head = "<?xml version='1.0' encoding='UTF-8'?>\n", types = "http://schemas.microsoft.com/visio/2010/relationships/";
    const auto rels = [&](const std::string& inner) { return head + "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" + inner + "</Relationships>"; };
    const auto rel = [&](const std::string& id, const std::string& type, const std::string& target) { return "<Relationship Id='" + id + "' Type='" + types + type + "' Target='" + target + "'/>"; };
    std::map<std::string, std::string> out;
    out["[Content_Types].xml"] = head + "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>";
    out["_rels/.rels"] = rels(rel("rId1", "document", "visio/document.xml"));
    out["visio/document.xml"] = head + "<VisioDocument" + ns + "/>";
    out["visio/_rels/document.xml.rels"] = rels(rel("rId1", "masters", "masters/masters.xml") + rel("rId2", "pages", "pages/pages.xml"));
    std::string list, master_rels;
    for (const auto& [name, id] : masters_) {
      const std::string n = std::to_string(id);
      list += "<Master ID='" + n + "' NameU='" + esc(name) + "' Name='Lokalt navn'><Rel r:id='rId" + n + "'/></Master>";
      master_rels += rel("rId" + n, "master", "master" + n + ".xml");
      out["visio/masters/master" + n + ".xml"] = head + "<MasterContents" + ns + "><Shapes>" + master_sheet(name) + "</Shapes></MasterContents>";
    }
    out["visio/masters/masters.xml"] = head + "<Masters" + ns + ">" + list + "</Masters>";
    out["visio/masters/_rels/masters.xml.rels"] = rels(master_rels);
    out["visio/pages/pages.xml"] = head + "<Pages" + ns + "><Page ID='0' NameU='Side-1' Name='Side-1'>" + page_sheet() + "<Rel r:id='rId1'/></Page></Pages>";
    out["visio/pages/_rels/pages.xml.rels"] = rels(rel("rId1", "page", "page1.xml"));
    out["visio/pages/page1.xml"] = head + "<PageContents" + ns + " xml:space='preserve'><Shapes>" + body_ + "</Shapes>" + connects() + "</PageContents>";
    return out;
  }
  std::string vsdx() const { return *bank::zip(parts()); }

 private:
  static std::string esc(const std::string& text) { return base::xml::escape_attribute(text); }
  static std::string num(double v) {
    char out[32];
    std::snprintf(out, sizeof out, "%.6g", v);
    return out;
  }
  using Cells = std::vector<std::pair<std::string, std::string>>;

  // The same cells in either schema; the older one groups them.
  std::string cells(const Cells& all) const {
    std::string out;
    if (!old_) {
      for (const auto& [name, value] : all) out += name == "Relationships" ? "<Cell N='Relationships' V='0' F='" + esc(value) + "'/>" : "<Cell N='" + name + "' V='" + esc(value) + "'/>";
      return out;
    }
    static const std::map<std::string, std::string> kGroups = {{"BeginX", "XForm1D"}, {"BeginY", "XForm1D"}, {"EndX", "XForm1D"}, {"EndY", "XForm1D"}, {"LinePattern", "Line"}, {"BeginArrow", "Line"},
                                                               {"EndArrow", "Line"}, {"LineWeight", "Line"}, {"FillForegnd", "Fill"}, {"FillPattern", "Fill"}, {"PageWidth", "PageProps"}, {"PageHeight", "PageProps"}};
    std::map<std::string, std::string> groups;
    for (const auto& [name, value] : all) {
      const auto group = kGroups.find(name);
      if (name != "Relationships") groups[group == kGroups.end() ? "XForm" : group->second] += "<" + name + ">" + esc(value) + "</" + name + ">";
    }
    for (const auto& [name, inner] : groups) out += "<" + name + ">" + inner + "</" + name + ">";
    return out;
  }

  std::string section(const std::string& name, const std::string& old_name, const std::vector<std::pair<std::string, Cells>>& rows) const {
    if (rows.empty()) return {};
    std::string out = old_ ? "" : "<Section N='" + name + "'>";
    int id = 1;
    for (const auto& [row, values] : rows) {
      out += old_ ? "<" + old_name + " NameU='" + row + "' ID='" + std::to_string(id++) + "'>" : "<Row N='" + row + "'>";
      for (const auto& [cell, value] : values) out += old_ ? "<" + cell + ">" + esc(value) + "</" + cell + ">" : "<Cell N='" + cell + "' V='" + esc(value) + "'/>";
      out += old_ ? "</" + old_name + ">" : "</Row>";
    }
    return out + (old_ ? "" : "</Section>");
  }

  struct Point { double x, y; };
  std::string geometry(const std::vector<Point>& points, bool filled) const {
    std::string out = old_ ? "<Geom IX='0'><NoFill>" + std::string(filled ? "0" : "1") + "</NoFill>" : "<Section N='Geometry' IX='0'><Cell N='NoFill' V='" + std::string(filled ? "0" : "1") + "'/>";
    int index = 1;
    for (const Point& p : points) {
      const std::string type = index == 1 ? "MoveTo" : "LineTo", ix = std::to_string(index++);
      out += old_ ? "<" + type + " IX='" + ix + "'><X>" + num(p.x) + "</X><Y>" + num(p.y) + "</Y></" + type + ">"
                  : "<Row T='" + type + "' IX='" + ix + "'><Cell N='X' V='" + num(p.x) + "'/><Cell N='Y' V='" + num(p.y) + "'/></Row>";
    }
    return out + (old_ ? "</Geom>" : "</Section>");
  }
  std::string ellipse(double w, double h) const {
    const std::vector<std::pair<std::string, double>> all = {{"X", w / 2}, {"Y", h / 2}, {"A", w}, {"B", h / 2}, {"C", w / 2}, {"D", h}};
    std::string out = old_ ? "<Geom IX='0'><Ellipse IX='1'>" : "<Section N='Geometry' IX='0'><Row T='Ellipse' IX='1'>";
    for (const auto& [name, value] : all) out += old_ ? "<" + name + ">" + num(value) + "</" + name + ">" : "<Cell N='" + name + "' V='" + num(value) + "'/>";
    return out + (old_ ? "</Ellipse></Geom>" : "</Row></Section>");
  }
  std::string outline(const std::string& type, double w, double h) const {
    if (type.ends_with("Event")) return ellipse(w, h);
    if (type.ends_with("Gateway")) return geometry({{w / 2, 0}, {w, h / 2}, {w / 2, h}, {0, h / 2}, {w / 2, 0}}, true);
    if (type == "dataObjectReference") return geometry({{0, 0}, {w, 0}, {w, h * 0.7}, {w * 0.7, h}, {0, h}, {0, 0}}, true);
    if (type == "textAnnotation") return geometry({{w * 0.1, 0}, {0, 0}, {0, h}, {w * 0.1, h}}, false);
    return geometry({{0, 0}, {w, 0}, {w, h}, {0, h}, {0, 0}}, true);
  }

  std::string page_sheet() const { return "<PageSheet>" + cells({{"PageWidth", num(truth_.width)}, {"PageHeight", num(truth_.height)}}) + "</PageSheet>"; }
  // A master holds what every instance shares: the arrow of lines, a default size.
  std::string master_sheet(const std::string& name) const {
    const bool line = name.find("Flow") != std::string::npos || name.find("connector") != std::string::npos || name == "Association";
    Cells all = {{"PinX", "1"}, {"PinY", "1"}, {"Width", "1"}, {"Height", "0.75"}, {"LocPinX", "0.5"}, {"LocPinY", "0.375"}};
    if (line) all = {{"BeginX", "0"}, {"BeginY", "0"}, {"EndX", "1"}, {"EndY", "0"}, {"EndArrow", name == "Association" ? "0" : "13"}};
    return "<Shape ID='5' Type='Shape'>" + cells(all) + "<Text>Skabelontekst</Text></Shape>";
  }
  int master(const std::string& name) { return masters_.try_emplace(name, static_cast<int>(masters_.size()) + 2).first->second; }

  std::string text(const std::string& name) {  // with markers and, now and then, a field
    const std::size_t half = name.find(' ');
    if (half == std::string::npos) return "<Text>" + base::xml::escape_text(name) + "</Text>";
    const std::string first = base::xml::escape_text(name.substr(0, half)), second = base::xml::escape_text(name.substr(half + 1));
    if (++texts_ % 3 == 0) return "<Text><cp IX='0'/><pp IX='0'/><fld IX='0'>" + first + "</fld> <cp IX='1'/>" + second + "\n</Text>";
    return "<Text><cp IX='0'/>" + first + (texts_ % 3 == 1 ? "\xE2\x80\xA8" : " ") + second + "</Text>";
  }

  std::string master_of(const Step& s) const {
    static const std::map<std::string, std::string> kBpmn = {{"callActivity", "Collapsed Sub-Process"}, {"subProcess", "Expanded Sub-Process"}, {"startEvent", "Start Event"}, {"endEvent", "End Event"},
        {"intermediateCatchEvent", "Intermediate Event"}, {"boundaryEvent", "Intermediate Event"}, {"exclusiveGateway", "Exclusive Gateway"}, {"parallelGateway", "Gateway"}, {"inclusiveGateway", "Inclusive Gateway"},
        {"dataObjectReference", "Data Object"}, {"dataStoreReference", "Data Store"}, {"textAnnotation", "Text Annotation"}};
    static const std::map<std::string, std::string> kChart = {{"callActivity", "Subprocess"}, {"startEvent", "Start/End"}, {"endEvent", "Start/End"}, {"exclusiveGateway", "Decision"},
        {"dataObjectReference", "Document"}, {"dataStoreReference", "Database"}, {"textAnnotation", "Annotation"}, {"manualTask", "Manual operation"}};
    static const std::map<std::string, std::string> kOld = {{"callActivity", "Predefined process"}, {"startEvent", "Terminator"}, {"endEvent", "Terminator"}, {"exclusiveGateway", "Decision.12"}};
    if (stencil_ == Stencil::bare) return {};
    const auto& first = stencil_ == Stencil::bpmn ? kBpmn : stencil_ == Stencil::old ? kOld : kChart;
    if (const auto found = first.find(s.type); found != first.end()) return found->second;
    if (const auto found = kChart.find(s.type); stencil_ == Stencil::old && found != kChart.end()) return found->second;
    return stencil_ == Stencil::bpmn ? "Task" : "Process";
  }

  std::vector<std::pair<std::string, Cells>> data_of(const Step& s) const {
    std::vector<std::pair<std::string, Cells>> out;
    if (stencil_ != Stencil::bpmn) return out;
    const auto row = [&](const char* name, const std::string& value) { out.push_back({name, {{"Value", value}}}); };
    if (s.type == "userTask") row("BpmnTaskType", "User"), row("BpmnElementType", "Activity"), row("BpmnActivityType", "Task");
    if (s.type == "serviceTask") row("BpmnTaskType", "Service"), row("BpmnElementType", "Activity"), row("BpmnActivityType", "Task");
    if (s.type == "parallelGateway") row("BpmnElementType", "Gateway"), row("BpmnGatewayType", "Parallel");  // of a master for all
    if (!s.trigger.empty()) row("BpmnTriggerOrResult", s.trigger);
    return out;
  }

  std::string shape(const std::string& id, const std::string& master_name, const std::string& type, const Cells& place, const std::string& rest) {
    std::string out = "<Shape ID='" + id + "' Type='" + (type.empty() ? "Shape" : type) + "'";
    if (!master_name.empty()) out += " Master='" + std::to_string(master(master_name)) + "'";
    return out + ">" + cells(place) + rest + "</Shape>";
  }
  Cells box(double x, double y, double w, double h, double height) const {  // y down in, y up out
    return {{"PinX", num(x + w / 2)}, {"PinY", num(height - y - h / 2)}, {"Width", num(w)}, {"Height", num(h)}, {"LocPinX", num(w / 2)}, {"LocPinY", num(h / 2)}};
  }

  std::string lane_name() const { return stencil_ == Stencil::old ? "Functional band" : stencil_ == Stencil::flowchart ? "Swimlane" : "Pool / Lane"; }

  void areas() {
    const bool bare = stencil_ == Stencil::bare;
    for (std::size_t i = 0; i < truth_.pools.size(); ++i) {
      if (stencil_ == Stencil::old) continue;
      const Area& a = truth_.pools[i];
      const std::string name = bare ? "" : stencil_ == Stencil::bpmn && truth_.lanes.empty() ? "Pool / Lane" : "CFF Container";
      body_ += shape(std::to_string(20 + i), name, "", box(a.x, a.y, a.w, a.h, truth_.height), outline("area", a.w, a.h) + (bare ? "" : text(a.name)));
      if (bare) body_ += shape(std::to_string(40 + i), "", "", box(a.x, a.y, 0.3, a.h, truth_.height), outline("area", 0.3, a.h) + text(a.name));
    }
    if (!truth_.lanes.empty() && stencil_ == Stencil::flowchart) body_ += shape("60", "Swimlane List", "", box(truth_.lanes[0].x, truth_.lanes[0].y, 5, 5, truth_.height), "");
    for (std::size_t i = 0; i < truth_.lanes.size(); ++i) {
      const Area& a = truth_.lanes[i];
      Cells place = box(a.x, a.y, a.w, a.h, truth_.height);
      if (!truth_.pools.empty() && !bare) place.push_back({"Relationships", "SUM(DEPENDSON(4,Sheet.20!SheetRef()),DEPENDSON(5,Sheet.60!SheetRef()))"});
      body_ += shape(std::to_string(70 + i), bare ? "" : lane_name(), "", place, outline("area", a.w, a.h) + text(a.name));
    }
    if (stencil_ == Stencil::old) body_ += shape("90", "Separator", "", box(3, 1, 0.1, 4, truth_.height), text("Fase 1"));
  }

  std::string step(std::size_t i, double dx, double dy, double height) {
    const Step& s = truth_.steps[i];
    Cells place = box(s.x - dx, s.y - dy, s.w, s.h, height);
    if (!s.fill.empty()) place.push_back({"FillForegnd", s.fill});
    if (s.lane >= 0 && stencil_ == Stencil::flowchart) place.push_back({"Relationships", "SUM(DEPENDSON(4,Sheet." + std::to_string(70 + s.lane) + "!SheetRef(),Sheet.20!SheetRef()))"});
    std::vector<std::pair<std::string, Cells>> links;
    for (const auto& [address, page] : s.links) links.push_back({"Row_" + std::to_string(links.size() + 1), {{"Address", address}, {"SubAddress", page}}});
    return shape(step_id(i), master_of(s), "", place, section("Property", "Prop", data_of(s)) + section("Hyperlink", "Hyperlink", links) + outline(s.type, s.w, s.h) + text(s.name));
  }

  void shapes() {
    areas();
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < truth_.steps.size(); ++i) {
      if (truth_.steps[i].group > 0) groups[truth_.steps[i].group].push_back(i);
      else body_ += step(i, 0, 0, truth_.height);
    }
    for (const auto& [number, members] : groups) {  // a group has coordinates of its own
      double x = 1e9, y = 1e9, right = 0, bottom = 0;
      for (const std::size_t i : members) {
        const Step& s = truth_.steps[i];
        x = std::min(x, s.x), y = std::min(y, s.y), right = std::max(right, s.x + s.w), bottom = std::max(bottom, s.y + s.h);
      }
      std::string inner;
      for (const std::size_t i : members) inner += step(i, x, y, bottom - y);
      body_ += shape(std::to_string(500 + number), "", "Group", box(x, y, right - x, bottom - y, truth_.height), "<Shapes>" + inner + "</Shapes>");
    }
    for (std::size_t i = 0; i < truth_.flows.size(); ++i) flow(i);
  }

  // From the right side of one step to the left side of the other, by way of their middle.
  void flow(std::size_t i) {
    const Flow& f = truth_.flows[i];
    const Step &a = truth_.steps[static_cast<std::size_t>(f.from)], &b = truth_.steps[static_cast<std::size_t>(f.to)];
    Point begin{a.x + a.w, truth_.height - a.y - a.h / 2}, end{b.x, truth_.height - b.y - b.h / 2};
    if (f.backwards) std::swap(begin, end);
    const double middle = (begin.x + end.x) / 2 - begin.x, rise = end.y - begin.y;
    std::string name;
    if (stencil_ == Stencil::bpmn) name = f.type == "messageFlow" ? "Message Flow" : f.type == "association" ? "Association" : "Sequence Flow";
    else if (stencil_ != Stencil::bare) name = "Dynamic connector";
    Cells place = {{"PinX", num((begin.x + end.x) / 2)}, {"PinY", num((begin.y + end.y) / 2)}, {"Width", num(end.x - begin.x)}, {"Height", num(rise)}, {"LocPinX", num((end.x - begin.x) / 2)}, {"LocPinY", num(rise / 2)},
                   {"BeginX", num(begin.x)}, {"BeginY", num(begin.y)}, {"EndX", num(end.x)}, {"EndY", num(end.y)}};
    if (f.type == "association") place.push_back({"LinePattern", "3"});
    else if (f.backwards) place.push_back({"BeginArrow", "13"}), place.push_back({"EndArrow", "0"});
    else if (stencil_ == Stencil::bare) place.push_back({"EndArrow", "13"});
    body_ += shape(flow_id(i), name, "", place, geometry({{0, 0}, {middle, 0}, {middle, rise}, {end.x - begin.x, rise}}, false) + (f.name.empty() ? "<Text/>" : text(f.name)));
    if (stencil_ == Stencil::bare) return;
    glue_ += "<Connect FromSheet='" + flow_id(i) + "' FromCell='EndX' ToSheet='" + step_id(static_cast<std::size_t>(f.backwards ? f.from : f.to)) + "' ToCell='PinX'/>";
    glue_ += "<Connect FromSheet='" + flow_id(i) + "' FromCell='BeginX' ToSheet='" + step_id(static_cast<std::size_t>(f.backwards ? f.to : f.from)) + "' ToCell='Connections.X1'/>";
  }

  std::string connects() const { return "<Connects>" + glue_ + "</Connects>"; }

  const Truth& truth_;
  Stencil stencil_;
  bool old_;
  std::map<std::string, int> masters_;
  std::string body_, glue_;
  int texts_ = 0;
};

}  // namespace bank::visio::test
