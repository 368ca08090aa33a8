#include "bank/export/vsdx.h"

#include <set>

#include "bank/export/vsdx_page.h"
#include "bank/zip.h"
#include "base/xml.h"
#include "bpmn/layout/layout.h"

namespace bank {
namespace {

using namespace visio_out;

constexpr std::string_view kHead = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n";
constexpr std::string_view kVisio = " xmlns='http://schemas.microsoft.com/office/visio/2012/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' xml:space='preserve'";

std::string xml(std::string_view root, std::string_view inner) { return std::string(kHead) + "<" + std::string(root) + std::string(kVisio) + ">" + std::string(inner) + "</" + std::string(root) + ">"; }

struct Relation { std::string type, target; };  // type whole, or the last part of Visio's own
std::string relations(const std::vector<Relation>& all) {
  std::string out = std::string(kHead) + "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>";
  int id = 0;
  for (const Relation& one : all)
    out += "<Relationship Id='rId" + std::to_string(++id) + "' Type='" + (one.type.starts_with("http") ? one.type : "http://schemas.microsoft.com/visio/2010/relationships/" + one.type) + "' Target='" + one.target + "'/>";
  return out + "</Relationships>";
}

std::string content_types(std::size_t masters, std::size_t pages) {
  std::string out = std::string(kHead) + "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
                                         "<Default Extension='xml' ContentType='application/xml'/>";
  const auto part = [&](const std::string& name, const char* type) { out += "<Override PartName='/" + name + "' ContentType='" + std::string(type) + "'/>"; };
  part("visio/document.xml", "application/vnd.ms-visio.drawing.main+xml");
  part("visio/windows.xml", "application/vnd.ms-visio.windows+xml");
  part("visio/masters/masters.xml", "application/vnd.ms-visio.masters+xml");
  for (std::size_t i = 1; i <= masters; ++i) part("visio/masters/master" + std::to_string(i) + ".xml", "application/vnd.ms-visio.master+xml");
  part("visio/pages/pages.xml", "application/vnd.ms-visio.pages+xml");
  for (std::size_t i = 1; i <= pages; ++i) part("visio/pages/page" + std::to_string(i) + ".xml", "application/vnd.ms-visio.page+xml");
  part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
  part("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml");
  return out + "</Types>";
}

std::string document() {
  const std::string style = cell("LineWeight", 1.0 / 72) + cell("LineColor", "#22242a") + cell("LinePattern", "1") + cell("FillForegnd", "#ffffff") + cell("FillPattern", "1") + cell("VerticalAlign", "1") +
                            "<Section N='Character'><Row IX='0'>" + cell("Font", "Arial") + cell("Color", "#22242a") + cell("Size", 8.0 / 72) + "</Row></Section><Section N='Paragraph'><Row IX='0'>" + cell("HorzAlign", "1") + "</Row></Section>";
  return xml("VisioDocument", "<DocumentSettings TopPage='0' DefaultTextStyle='0' DefaultLineStyle='0' DefaultFillStyle='0'/><FaceNames><FaceName NameU='Arial'/></FaceNames>"
                              "<StyleSheets><StyleSheet ID='0' NameU='No Style' Name='No Style'>" + style + "</StyleSheet></StyleSheets>");
}

void add_properties(std::map<std::string, std::string>& parts, const std::string& title) {
  parts["docProps/core.xml"] = std::string(kHead) + "<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>" + base::xml::escape_text(title) +
                               "</dc:title><dc:language>da-DK</dc:language></cp:coreProperties>";
  parts["docProps/app.xml"] = std::string(kHead) + "<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/extended-properties'><Application>Sagsgang</Application></Properties>";
  parts["_rels/.rels"] = relations({{"document", "visio/document.xml"}, {"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"},
                                    {"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties", "docProps/app.xml"}});
}

// Two pages of one name are not allowed.
std::string unique(std::set<std::string>& used, std::string name) {
  if (name.size() > 31) {
    name.resize(31);
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0) == 0x80) name.pop_back();
    if (!name.empty() && (static_cast<unsigned char>(name.back()) & 0x80) != 0) name.pop_back();
  }
  std::string out = name;
  for (int n = 2; !used.insert(out).second; ++n) out = name + " (" + std::to_string(n) + ")";
  return out;
}

}  // namespace

base::Result<std::string> to_vsdx(const bpmn::Model& given, const std::string& title) {
  bpmn::ModelPtr placed;
  if (given.diagrams.empty()) {
    TRY(placed, bpmn::layout(given));
  }
  const bpmn::Model& model = placed ? *placed : given;
  if (model.diagrams.empty()) return base::fail(base::ErrorCode::not_found, "the file has no diagram to draw", {.file = model.file});
  Masters masters;
  std::map<std::string, std::string> parts;
  std::string list;
  std::vector<Relation> page_relations;
  std::set<std::string> names;
  for (std::size_t i = 0; i < model.diagrams.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const PageText page = page_of(model, model.diagrams[i], static_cast<int>(i) + 1, masters);
    const std::string name = base::xml::escape_attribute(unique(names, page.name));
    list += "<Page ID='" + std::to_string(i) + "' NameU='" + name + "' Name='" + name + "' ViewScale='-1' ViewCenterX='5' ViewCenterY='4'>" + page.sheet + "<Rel r:id='rId" + number + "'/></Page>";
    page_relations.push_back({"page", "page" + number + ".xml"});
    parts["visio/pages/page" + number + ".xml"] = xml("PageContents", "<Shapes>" + page.shapes + "</Shapes>" + (page.connects.empty() ? "" : "<Connects>" + page.connects + "</Connects>"));
  }
  std::string stencil;
  std::vector<Relation> master_relations;
  for (std::size_t i = 0; i < masters.size(); ++i) {
    const std::string number = std::to_string(i + 1), name = base::xml::escape_attribute(masters[i]);
    stencil += "<Master ID='" + number + "' NameU='" + name + "' Name='" + name + "' IsCustomNameU='1' IsCustomName='1'><PageSheet>" + cell("PageWidth", 1.0) + cell("PageHeight", 0.75) + "</PageSheet><Rel r:id='rId" + number + "'/></Master>";
    master_relations.push_back({"master", "master" + number + ".xml"});
    parts["visio/masters/master" + number + ".xml"] = xml("MasterContents", "<Shapes>" + master_text(masters[i]) + "</Shapes>");
  }
  for (std::size_t i = 1; i <= model.diagrams.size(); ++i) {  // a page names the masters that its shapes are made from
    std::vector<Relation> used;
    for (const Relation& one : master_relations) used.push_back({"master", "../masters/" + one.target});
    parts["visio/pages/_rels/page" + std::to_string(i) + ".xml.rels"] = relations(used);
  }
  parts["[Content_Types].xml"] = content_types(masters.size(), model.diagrams.size());
  parts["visio/document.xml"] = document();
  parts["visio/windows.xml"] = xml("Windows", "");
  parts["visio/_rels/document.xml.rels"] = relations({{"masters", "masters/masters.xml"}, {"pages", "pages/pages.xml"}, {"windows", "windows.xml"}});
  parts["visio/masters/masters.xml"] = xml("Masters", stencil);
  parts["visio/masters/_rels/masters.xml.rels"] = relations(master_relations);
  parts["visio/pages/pages.xml"] = xml("Pages", list);
  parts["visio/pages/_rels/pages.xml.rels"] = relations(page_relations);
  add_properties(parts, title);
  return zip(parts);
}

}  // namespace bank
