// The two XML formats as plain facts, and what hostile files get.
#include <gtest/gtest.h>

#include <chrono>

#include "bank/visio/drawing.h"
#include "bank/visio/test_writer.h"
#include "base/limits_visio.h"

namespace {

using namespace bank::visio;
using base::ErrorCode;
using Parts = std::map<std::string, std::string>;

Parts small(const std::string& page, const std::string& masters = {}, const std::string& styles = {}) {
  const std::string ns = " xmlns='http://schemas.microsoft.com/office/visio/2012/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
  const auto rels = [](const std::string& inner) { return "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" + inner + "</Relationships>"; };
  const auto rel = [](const char* id, const char* type, const char* target) { return std::string("<Relationship Id='") + id + "' Type='http://schemas.microsoft.com/visio/2010/relationships/" + type + "' Target='" + target + "'/>"; };
  Parts out;
  out["_rels/.rels"] = rels(rel("a", "document", "/visio/document.xml"));
  out["visio/document.xml"] = "<VisioDocument" + ns + "><StyleSheets>" + styles + "</StyleSheets></VisioDocument>";
  out["visio/_rels/document.xml.rels"] = rels(rel("a", "masters", "masters/masters.xml") + rel("b", "pages", "pages/pages.xml"));
  out["visio/masters/masters.xml"] = "<Masters" + ns + "><Master ID='4' NameU='Process.7' Name='Proces'><Rel r:id='m'/></Master></Masters>";
  out["visio/masters/_rels/masters.xml.rels"] = rels(rel("m", "master", "../masters/master1.xml"));
  out["visio/masters/master1.xml"] = "<MasterContents" + ns + "><Shapes>" + masters + "</Shapes></MasterContents>";
  out["visio/pages/pages.xml"] = "<Pages" + ns + "><Page ID='0' NameU='Page-1' Name='Side-1'><PageSheet><Cell N='PageWidth' V='10'/><Cell N='PageHeight' V='8'/>"
                                 "<Section N='Layer'><Row IX='0'><Cell N='Name' V='Flow'/></Row><Row IX='1'><Cell N='Name' V='Noter'/><Cell N='Visible' V='0'/></Row></Section></PageSheet><Rel r:id='p'/></Page></Pages>";
  out["visio/pages/_rels/pages.xml.rels"] = rels(rel("p", "page", "page1.xml"));
  out["visio/pages/page1.xml"] = "<PageContents" + ns + " xml:space='preserve'>" + page + "</PageContents>";
  return out;
}
Drawing drawing(const Parts& parts) {
  auto read = read_drawing(*bank::zip(parts));
  EXPECT_TRUE(read) << read.error().text();
  return read ? *read : Drawing{};
}
Drawing page(const std::string& shapes, const std::string& masters = {}, const std::string& styles = {}) { return drawing(small("<Shapes>" + shapes + "</Shapes>", masters, styles)); }
const Shape& shape(const Drawing& d, const std::string& id) {
  static const Shape kNone;
  for (const Shape& s : d.pages.at(0).shapes)
    if (s.id == id) return s;
  ADD_FAILURE() << "no shape " << id;
  return kNone;
}
std::string at(double x, double y, double w, double h) {
  const auto cell = [](const char* name, double v) { return std::string("<Cell N='") + name + "' V='" + std::to_string(v) + "'/>"; };
  return cell("PinX", x) + cell("PinY", y) + cell("Width", w) + cell("Height", h) + cell("LocPinX", w / 2) + cell("LocPinY", h / 2);
}
void expect_box(const Shape& s, double x, double y, double w, double h) {  // inches, y down
  EXPECT_NEAR(s.box.x, x * 96, 0.01) << s.id;
  EXPECT_NEAR(s.box.y, y * 96, 0.01) << s.id;
  EXPECT_NEAR(s.box.width, w * 96, 0.01) << s.id;
  EXPECT_NEAR(s.box.height, h * 96, 0.01) << s.id;
}

TEST(VisioRead, InstancesInheritFromTheirMaster) {
  const Drawing d = page("<Shape ID='1' Master='4'><Cell N='PinX' V='3'/><Cell N='PinY' V='6'/></Shape>"
                         "<Shape ID='2' Master='4' NameU='Noget andet'><Cell N='PinX' V='3'/><Cell N='PinY' V='2'/><Section N='Property'><Row N='Trin'><Cell N='Value' V='to'/></Row></Section><Text>Egen</Text></Shape>",
                         "<Shape ID='5' Type='Shape'>" + at(1, 1, 2, 1) + "<Cell N='FillForegnd' V='#00B050'/><Section N='Property'><Row N='Trin'><Cell N='Value' V='et'/><Cell N='Label' V='Skridt'/></Row></Section>"
                         "<Section N='Geometry' IX='0'><Row T='RelMoveTo' IX='1'><Cell N='X' V='0'/><Cell N='Y' V='0'/></Row><Row T='RelLineTo' IX='2'><Cell N='X' V='1'/><Cell N='Y' V='0'/></Row><Row T='RelLineTo' IX='3'>"
                         "<Cell N='X' V='1'/><Cell N='Y' V='1'/></Row><Row T='RelLineTo' IX='4'><Cell N='X' V='0'/><Cell N='Y' V='1'/></Row><Row T='RelLineTo' IX='5'><Cell N='X' V='0'/><Cell N='Y' V='0'/></Row></Section>"
                         "<Text>Fra skabelonen</Text></Shape>");
  const Shape &one = shape(d, "1"), &two = shape(d, "2");
  EXPECT_EQ(one.master, "Process");  // the number of a copy is no part of the name, and Name is never asked
  EXPECT_EQ(two.master, "Process");
  EXPECT_EQ(one.text, "Fra skabelonen");
  EXPECT_EQ(two.text, "Egen");
  EXPECT_EQ(*one.field("trin"), "et");
  EXPECT_EQ(*two.field("Trin"), "to");
  EXPECT_EQ(*two.field("Skridt"), "to");  // by its label too
  EXPECT_EQ(one.fill, "#00b050");
  EXPECT_EQ(one.outline, Outline::rectangle);
  expect_box(one, 2, 1.5, 2, 1);
}

TEST(VisioRead, StylesGiveArrowsAndFills) {
  const Drawing d = page("<Shape ID='1' LineStyle='3' FillStyle='3'><Cell N='BeginX' V='1'/><Cell N='BeginY' V='1'/><Cell N='EndX' V='2'/><Cell N='EndY' V='1'/></Shape>"
                         "<Shape ID='2' LineStyle='8'><Cell N='BeginX' V='1'/><Cell N='BeginY' V='1'/><Cell N='EndX' V='2'/><Cell N='EndY' V='1'/></Shape>",
                         {}, "<StyleSheet ID='2'><Cell N='EndArrow' V='4'/><Cell N='FillForegnd' V='3'/></StyleSheet><StyleSheet ID='3' LineStyle='2' FillStyle='2'/><StyleSheet ID='8' LineStyle='9'/><StyleSheet ID='9' LineStyle='8'/>");
  EXPECT_TRUE(shape(d, "1").end_arrow);
  EXPECT_FALSE(shape(d, "1").begin_arrow);
  EXPECT_EQ(shape(d, "1").fill, "#00ff00");  // a number of the palette
  EXPECT_FALSE(shape(d, "2").end_arrow);     // styles in a ring give nothing, and end
}

TEST(VisioRead, GroupsNestWithTurnsAndFlips) {
  const std::string inner = "<Shape ID='3'>" + at(0.5, 0.5, 0.4, 0.2) + "</Shape>";
  const Drawing d = page("<Shape ID='1' Type='Group'>" + at(5, 4, 2, 2) + "<Shapes><Shape ID='2' Type='Group'>" + at(1.5, 1.5, 1, 1) + "<Shapes>" + inner + "</Shapes></Shape></Shapes></Shape>"
                         "<Shape ID='4' Type='Group'>" + at(2, 2, 2, 1) + "<Cell N='Angle' V='1.5707963267949'/><Shapes><Shape ID='5'>" + at(2, 0.5, 0.2, 0.2) + "</Shape></Shapes></Shape>"
                         "<Shape ID='6' Type='Group'>" + at(8, 2, 2, 1) + "<Cell N='FlipX' V='1'/><Shapes><Shape ID='7'>" + at(2, 0.5, 0.2, 0.2) + "</Shape></Shapes></Shape>");
  expect_box(shape(d, "2"), 5, 3, 1, 1);
  expect_box(shape(d, "3"), 5.3, 3.4, 0.4, 0.2);
  expect_box(shape(d, "4"), 1.5, 5, 1, 2);
  expect_box(shape(d, "5"), 1.9, 4.9, 0.2, 0.2);  // what was at the right end is now at the top
  expect_box(shape(d, "7"), 6.9, 5.9, 0.2, 0.2);  // and at the left end
  EXPECT_EQ(shape(d, "3").parent, 1);
}

TEST(VisioRead, TextsResolveTheirMarkers) {
  const Drawing d = page("<Shape ID='1'><Text><cp IX='0'/>Modtag<pp IX='1'/> sag\xE2\x80\xA8<tp IX='0'/>nr. <fld IX='0'>17</fld>\n</Text></Shape>"
                         "<Shape ID='2'><Section N='Field'><Row IX='0'><Cell N='Value' V='KLA 29.30.16'/></Row></Section><Text>Kode <fld IX='0'/></Text></Shape>");
  EXPECT_EQ(shape(d, "1").text, "Modtag sag\nnr. 17");
  EXPECT_EQ(shape(d, "2").text, "Kode KLA 29.30.16");
}

TEST(VisioRead, LinksLayersAndContainers) {
  const Drawing d = page("<Shape ID='1'><Cell N='LayerMember' V='0;1'/><Cell N='Relationships' V='0' F='SUM(DEPENDSON(1,Sheet.7!SheetRef()),DEPENDSON(4,Sheet.8!SheetRef(),Sheet.9!SheetRef()))'/>"
                         "<Section N='Hyperlink'><Row N='Row_1'><Cell N='Address' V='https://www.retsinformation.dk/eli/lta/2025/1'/><Cell N='SubAddress' V=''/></Row><Row N='Row_2'><Cell N='SubAddress' V='Side-2/Sheet.4'/></Row></Section></Shape>"
                         "<Shape ID='2'><Cell N='LayerMember' V='1'/><Cell N='HideText' V='1'/><Text>Skjult</Text></Shape>");
  const Shape& s = shape(d, "1");
  EXPECT_EQ(s.layers, (std::vector<std::string>{"Flow", "Noter"}));
  EXPECT_FALSE(s.on_hidden_layer);  // one of its layers is on
  EXPECT_TRUE(shape(d, "2").on_hidden_layer);
  EXPECT_EQ(shape(d, "2").text, "");
  EXPECT_EQ(s.members, (std::vector<std::string>{"7"}));
  EXPECT_EQ(s.containers, (std::vector<std::string>{"8", "9"}));
  ASSERT_EQ(s.links.size(), 2u);
  EXPECT_EQ(s.links[1].page, "Side-2/Sheet.4");
}

TEST(VisioRead, OldXmlSaysTheSame) {
  const auto read = read_drawing("\xEF\xBB\xBF<VisioDocument xmlns='http://schemas.microsoft.com/visio/2003/core'><Masters><Master ID='4' NameU='Terminator' Name='Slut'><Shapes><Shape ID='5'><XForm><Width>1</Width><Height>0.5</Height></XForm>"
                                 "</Shape></Shapes></Master></Masters><Pages><Page ID='0' NameU='Side'><PageSheet><PageProps><PageWidth>10</PageWidth><PageHeight>8</PageHeight></PageProps><Layer IX='0'><Name>Flow</Name></Layer></PageSheet>"
                                 "<Shapes><Shape ID='1' Master='4'><XForm><PinX Unit='CM'>2</PinX><PinY>6</PinY><LocPinX F='Inh'>0.5</LocPinX><LocPinY>0.25</LocPinY></XForm><LayerMem><LayerMember>0</LayerMember></LayerMem>"
                                 "<Prop NameU='Trin' ID='1'><Value>et</Value><Label>Skridt</Label></Prop><Prop NameU='Rolle' ID='2'><Value>Leder</Value></Prop><Text>Slut <cp IX='0'/>her</Text></Shape>"
                                 "<Shape ID='2'><XForm1D><BeginX>1</BeginX><BeginY>1</BeginY><EndX>2</EndX><EndY>6</EndY></XForm1D><Line><EndArrow>4</EndArrow></Line></Shape></Shapes>"
                                 "<Connects><Connect FromSheet='2' FromCell='EndX' ToSheet='1' ToCell='PinX'/></Connects></Page></Pages></VisioDocument>");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->format, "vdx");
  const Shape& s = shape(*read, "1");
  expect_box(s, 1.5, 1.75, 1, 0.5);
  EXPECT_EQ(s.master, "Terminator");
  EXPECT_EQ(s.text, "Slut her");
  EXPECT_EQ(*s.field("Skridt"), "et");
  EXPECT_EQ(*s.field("Rolle"), "Leder");
  EXPECT_EQ(s.layers, (std::vector<std::string>{"Flow"}));
  EXPECT_TRUE(shape(*read, "2").line);
  EXPECT_TRUE(shape(*read, "2").end_arrow);
  ASSERT_EQ(read->pages[0].glue.size(), 1u);
  EXPECT_TRUE(read->pages[0].glue[0].at_end);
}

void refused(const std::string& bytes, ErrorCode code, const std::string& word) {
  const auto begin = std::chrono::steady_clock::now();
  const auto read = read_drawing(bytes);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(25)) << word;
  ASSERT_FALSE(read) << word;
  EXPECT_EQ(read.error().code, code) << read.error().text();
  EXPECT_NE(read.error().text().find(word), std::string::npos) << read.error().text();
}

TEST(VisioRead, HostileFilesAreRefusedByName) {
  refused("", ErrorCode::invalid_document, "no Visio drawing");
  refused("PK\x03\x04 rubbish", ErrorCode::invalid_document, "no Visio drawing");
  refused("<html/>", ErrorCode::invalid_document, "VisioDocument");
  refused("<VisioDocument><Pages>", ErrorCode::invalid_xml, "");
  refused("<!DOCTYPE x [<!ENTITY a 'b'>]><VisioDocument><Pages/></VisioDocument>", ErrorCode::invalid_xml, "DOCTYPE");
  refused(*bank::zip({{"word/document.xml", "<a/>"}}), ErrorCode::invalid_document, "no Visio document");
  Parts bomb = small("");
  bomb["visio/pages/page1.xml"] = "<PageContents>" + std::string(80u << 20, ' ') + "</PageContents>";
  refused(*bank::zip(bomb), ErrorCode::limit_exceeded, "kVisioBytes");
  Parts entities = small("");
  entities["visio/pages/page1.xml"] = "<!DOCTYPE p [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><PageContents><Shapes><Shape ID='1'><Text>&a;</Text></Shape></Shapes></PageContents>";
  refused(*bank::zip(entities), ErrorCode::invalid_xml, "DOCTYPE");
  std::string deep, shapes;
  for (int i = 0; i < 40; ++i) deep = "<Shape ID='1'><Shapes>" + deep + "</Shapes></Shape>";
  refused(*bank::zip(small("<Shapes>" + deep + "</Shapes>")), ErrorCode::limit_exceeded, "kVisioGroupDepth");
  for (std::size_t i = 0; i <= base::limits::kVisioShapes; ++i) shapes += "<Shape/>";
  refused(*bank::zip(small("<Shapes>" + shapes + "</Shapes>")), ErrorCode::limit_exceeded, "kVisioShapes");
  std::string pages;
  for (std::size_t i = 0; i <= base::limits::kVisioPages; ++i) pages += "<Page ID='1'/>";
  refused("<VisioDocument><Pages>" + pages + "</Pages></VisioDocument>", ErrorCode::limit_exceeded, "kVisioPages");
  Parts no_pages = small("");
  no_pages.erase("visio/pages/pages.xml");
  refused(*bank::zip(no_pages), ErrorCode::invalid_document, "pages.xml");
}

TEST(VisioRead, LimitsHoldAtTheirEdge) {
  std::string deep = "<Shape ID='x'/>", pages;
  for (int i = 0; i < base::limits::kVisioGroupDepth; ++i) deep = "<Shape ID='1'><Shapes>" + deep + "</Shapes></Shape>";
  EXPECT_EQ(page(deep).pages[0].shapes.size(), static_cast<std::size_t>(base::limits::kVisioGroupDepth) + 1);
  for (std::size_t i = 0; i < base::limits::kVisioPages; ++i) pages += "<Page ID='1'/>";
  EXPECT_TRUE(read_drawing("<VisioDocument><Pages>" + pages + "</Pages></VisioDocument>"));
}

TEST(VisioRead, ReferencesOutAndInRingsAreLeftAside) {
  Parts ring = small("");
  ring["visio/pages/_rels/pages.xml.rels"] = "<Relationships><Relationship Id='p' Type='x/page' Target='pages.xml'/></Relationships>";
  const Drawing d = drawing(ring);
  EXPECT_TRUE(d.pages.at(0).shapes.empty());
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].find("points back"), std::string::npos);
  for (const char* target : {"https://example.org/page.xml", "../../../../etc/passwd", "file:///etc/passwd"}) {
    Parts out = small("");
    out["visio/pages/_rels/pages.xml.rels"] = "<Relationships><Relationship Id='p' Type='x/page' TargetMode='" + std::string(target[0] == '.' ? "Internal" : "External") + "' Target='" + target + "'/></Relationships>";
    const Drawing o = drawing(out);
    EXPECT_TRUE(o.pages.at(0).shapes.empty());
    ASSERT_EQ(o.notes.size(), 1u);
    EXPECT_NE(o.notes[0].find("not followed"), std::string::npos);
  }
}

// A master that is an instance of itself, and masters that borrow each other's parts without end.
TEST(VisioRead, MastersInRingsEnd) {
  const Drawing d = page("<Shape ID='1' Type='Group' Master='4'>" + at(2, 2, 1, 1) + "</Shape>", "<Shape ID='5' Type='Group'><Shapes><Shape ID='6' Type='Group' Master='4'/><Shape ID='7' Type='Group' Master='4'/></Shapes></Shape>");
  EXPECT_LT(d.pages[0].shapes.size(), 100u);
  EXPECT_EQ(shape(d, "1").master, "Process");
}

}  // namespace
