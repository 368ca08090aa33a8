// Outlines, arcs, and the child process that reads old drawings.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numbers>

#include "bank/visio/child.h"
#include "bank/visio/import.h"
#include "bank/visio/libvisio_door.h"
#include "bank/visio/plan.h"
#include "bank/visio/vsd_glue.h"
#include "base/random.h"
#include "base/storage.h"

namespace {

using namespace bank::visio;
using base::ErrorCode;

Path straight(std::vector<Point> points, bool closed = true) {
  Path path{std::move(points), {}, closed};
  if (closed) path.points.push_back(path.points.front());
  path.curved.assign(path.points.size(), false);
  return path;
}
// Straight pieces and arcs: each arc {rx, ry, sweep} leads to the point.
struct Piece { Point to; double rx = 0, ry = 0; bool sweep = true; };
Path pieces(Point from, const std::vector<Piece>& all) {
  Path path{{from}, {false}, true};
  for (const Piece& p : all) {
    const std::size_t before = path.points.size();
    if (p.rx > 0) flatten_arc(path.points, path.points.back(), p.to, p.rx, p.ry, 0, false, p.sweep);
    else path.points.push_back(p.to);
    path.curved.resize(path.points.size(), p.rx > 0);
    (void)before;
  }
  return path;
}

TEST(VisioGeometry, OutlinesAreKnownAtAnyScale) {
  for (const double k : {0.1, 1.0, 50.0}) {
    const auto expect = [&](Path path, Outline outline) {
      for (Point& p : path.points) p = {p.x * k + 7, p.y * k - 3};
      EXPECT_EQ(name(outline_of(path)), name(outline)) << k;
    };
    expect(straight({{0, 0}, {100, 0}, {100, 60}, {0, 60}}), Outline::rectangle);
    expect(straight({{0, 0}, {50, 0}, {100, 0}, {100, 60}, {100, 60}, {0, 60}}), Outline::rectangle);  // points in a side and twice
    expect(straight({{50, 0}, {100, 30}, {50, 60}, {0, 30}}), Outline::diamond);
    expect(straight({{20, 0}, {120, 0}, {100, 60}, {0, 60}}), Outline::other);  // data: a slanted box
    expect(straight({{0, 0}, {100, 0}, {50, 80}}), Outline::triangle);
    expect(straight({{0, 0}, {70, 0}, {100, 30}, {100, 140}, {0, 140}}), Outline::sheet);
    expect(straight({{0, 0}, {70, 0}, {70, 30}, {100, 30}, {100, 140}, {0, 140}}), Outline::sheet);
    expect(straight({{0, 0}, {50, 0}, {50, 10}}, false), Outline::open);
    expect(pieces({0, 30}, {{{60, 30}, 30, 30}, {{0, 30}, 30, 30}}), Outline::ellipse);  // two arcs
    expect(pieces({10, 0}, {{{90, 0}}, {{100, 10}, 10, 10}, {{100, 50}}, {{90, 60}, 10, 10}, {{10, 60}}, {{0, 50}, 10, 10}, {{0, 10}}, {{10, 0}, 10, 10}}), Outline::rounded);
    expect(pieces({30, 0}, {{{90, 0}}, {{90, 60}, 30, 30}, {{30, 60}}, {{30, 0}, 30, 30}}), Outline::stadium);
    expect(pieces({0, 10}, {{{60, 10}, 30, 8}, {{60, 70}}, {{0, 70}, 30, 8}, {{0, 10}}}), Outline::cylinder);
    expect(pieces({0, 0}, {{{100, 0}}, {{100, 50}}, {{50, 50}, 30, 12}, {{0, 50}, 30, 12, false}, {{0, 0}}}), Outline::sheet);  // a wave below
  }
}

TEST(VisioGeometry, ArcsRunOnTheirEllipse) {
  std::vector<Point> points{{10, 0}};
  flatten_arc(points, {10, 0}, {0, 5}, 10, 5, 0, false, true);
  for (const Point& p : points) EXPECT_NEAR(p.x * p.x / 100 + p.y * p.y / 25, 1, 1e-9);
  std::vector<Point> large;
  flatten_arc(large, {10, 0}, {0, 10}, 10, 10, 30, true, false);
  EXPECT_GT(large.size(), 8u);  // three quarters of the circle
  std::vector<Point> degenerate;
  flatten_arc(degenerate, {1, 1}, {1, 1}, 5, 5, 0, true, true);
  flatten_arc(degenerate, {1, 1}, {9, 9}, 0, 5, 0, true, true);
  EXPECT_EQ(degenerate.size(), 2u);
}

TEST(VisioGeometry, PrimitivesBecomeShapes) {
  const auto drawing = assemble(
      "page 8.5 11 Side\\n1\n"
      "layer id7\nstyle 1 #ff0000 0 0 0.01 0 0\npath -\nmove 1 1\nline 2 1\nline 2 2\nline 1 2\nline 1 1\nclose\nstyle 0 #ff0000 1 0 0.02 0 0\npath -\nmove 1 1\nline 2 1\nline 2 2\nline 1 2\nline 1 1\nclose\nend\n"
      "text 1 1 1 1 Opret\\nsag\n"
      "style 0 - 1 2 0.01 2 1\npath id8\nmove 2 1.5\nline 4 1.5\n"
      "text 6 6 1 1 Alene\nrubbish 1 2\npicture 1 2 3 4\n");
  ASSERT_TRUE(drawing);
  ASSERT_EQ(drawing->pages.size(), 1u);
  EXPECT_EQ(drawing->pages[0].name, "Side\n1");
  const std::vector<Shape>& shapes = drawing->pages[0].shapes;
  ASSERT_EQ(shapes.size(), 4u);
  EXPECT_EQ(shapes[0].id, "7");
  EXPECT_EQ(shapes[0].text, "Opret\nsag");
  EXPECT_EQ(shapes[0].paths.size(), 1u);  // fill and border are one
  EXPECT_EQ(shapes[0].fill, "#ff0000");
  EXPECT_NEAR(shapes[0].stroke, 1.92, 0.001);
  EXPECT_TRUE(shapes[1].line && shapes[1].end_arrow && shapes[1].round_begin && shapes[1].dotted && !shapes[1].begin_arrow);
  EXPECT_EQ(shapes[2].text, "Alene");
  EXPECT_EQ(shapes[3].type, "Foreign");
  EXPECT_EQ(assemble("page 1 1 A\ntext 0 0 1 1 \xff\xfe\n")->pages[0].shapes[0].text, "\xEF\xBF\xBD\xEF\xBF\xBD");  // never bytes that are no UTF-8
}

struct Pen {
  std::string said = "page 20 12 Side\n";
  int next = 1;
  static std::string xy(double x, double y) { return std::to_string(x) + " " + std::to_string(y); }
  Pen& style(bool fill, int dash, double width, int begin, int end) {
    said += "style " + std::to_string(fill) + " #ffffff 1 " + std::to_string(dash) + " " + std::to_string(width) + " " + std::to_string(begin) + " " + std::to_string(end) + "\n";
    return *this;
  }
  Pen& path(const std::vector<std::pair<double, double>>& points, bool close) {
    said += "path id" + std::to_string(next++) + "\n";
    for (std::size_t i = 0; i < points.size(); ++i) said += std::string(i == 0 ? "move " : "line ") + xy(points[i].first, points[i].second) + "\n";
    if (close) said += "close\n";
    return *this;
  }
  Pen& rect(double x, double y, double w, double h) { return path({{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}, true); }
  Pen& circle(double x, double y, double r) {
    said += "path id" + std::to_string(next++) + "\nmove " + xy(x - r, y);
    for (const double to : {x + r, x - r}) said += "\narc " + xy(r, r) + " 0 1 1 " + xy(to, y);
    said += "\nclose\n";
    return *this;
  }
  Pen& diamond(double x, double y, double r) { return path({{x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}, {x, y - r}}, true); }
  Pen& text(double x, double y, double w, double h, const std::string& words) {
    said += "text " + xy(x, y) + " " + xy(w, h) + " " + words + "\n";
    return *this;
  }
};

// What stencils draw, seen as strokes only.
TEST(VisioGeometry, DrawnMarksAreRead) {
  Pen p;
  p.style(true, 0, 0.01, 0, 0).rect(1, 1, 16, 6).rect(1, 1, 0.4, 6).text(1, 1, 0.4, 6, "Kommune").rect(1.4, 1, 15.6, 3).text(1.4, 1, 0.3, 3, "Borger").rect(1.4, 4, 15.6, 3).text(1.4, 4, 0.3, 3, "Sagsbehandler");
  p.circle(2.5, 2, 0.2).rect(3.5, 1.6, 1, 0.8).text(3.5, 1.6, 1, 0.8, "Skriv").diamond(5.5, 2, 0.3).path({{5.4, 1.85}, {5.6, 1.85}, {5.6, 1.9}, {5.65, 1.9}, {5.65, 2.1}, {5.6, 2.1}, {5.6, 2.15}, {5.4, 2.15}, {5.4, 2.1}, {5.35, 2.1}, {5.35, 1.9}, {5.4, 1.9}, {5.4, 1.85}}, true);
  p.diamond(7, 2, 0.3).circle(7, 2, 0.15).diamond(8.5, 2, 0.3).rect(10, 1.6, 1, 0.8).text(10, 1.6, 1, 0.3, "Delproces").rect(10.4, 2.2, 0.15, 0.15);
  p.style(true, 0, 0.03, 0, 0).rect(12, 1.6, 1, 0.8).text(12, 1.6, 1, 0.8, "Kald").circle(15, 2, 0.2);
  p.style(true, 0, 0.01, 0, 0).path({{4, 5}, {4.4, 5}, {4.6, 5.2}, {4.6, 5.8}, {4, 5.8}, {4, 5}}, true).text(3.8, 5.85, 1, 0.2, "Brev");
  p.path({{8, 5}, {7.8, 5}, {7.8, 5.4}, {8, 5.4}}, false).text(7.8, 5, 1, 0.4, "Husk fristen").rect(12, 5, 1, 0.8).text(12, 5, 1, 0.8, "Afgør");
  p.said += "path id80\nmove 10 5.2\narc 0.3 0.05 0 1 1 10.6 5.2\nline 10.6 5.6\narc 0.3 0.05 0 1 1 10 5.6\nline 10 5.2\nclose\n";
  p.style(false, 0, 0.01, 0, 1).path({{2.7, 2}, {3.5, 2}}, false).path({{2.7, 2}, {3.5, 2}}, false).path({{4.5, 2}, {5.2, 2}}, false).path({{5.8, 2}, {6.7, 2}}, false).path({{7.3, 2}, {8.2, 2}}, false).path({{8.8, 2}, {10, 2}}, false);
  p.path({{11, 2}, {12, 2}}, false).path({{13, 2}, {14.8, 2}}, false).path({{10.5, 2.4}, {12, 5.4}}, false);
  const auto drawing = assemble(p.said);
  ASSERT_TRUE(drawing);
  const Imported got = import_plan(*drawing, "t.vsd");
  const auto has = [&](const std::string& type, const std::string& reason, const std::string& name) {
    const bool found = std::ranges::any_of(got.report.rows, [&](const Row& r) { return r.type == type && r.reason == reason && r.name == name; });
    EXPECT_TRUE(found) << type << " " << reason << " '" << name << "'";
  };
  has("startEvent", "circle", "");
  has("endEvent", "circle", "");
  has("task", "box", "Skriv");
  has("parallelGateway", "marked_gateway", "");
  has("inclusiveGateway", "marked_gateway", "");
  has("exclusiveGateway", "diamond", "");
  has("callActivity", "marked_box", "Delproces");
  has("callActivity", "thick_box", "Kald");
  has("dataObjectReference", "sheet", "Brev");
  has("dataStoreReference", "sheet", "");
  has("textAnnotation", "bracket", "Husk fristen");
  has("participant", "holds_others", "Kommune");
  has("lane", "holds_others", "Sagsbehandler");
  has("flow", "repeated", "");
  std::size_t flows = 0;
  for (const Row& r : got.report.rows) flows += r.type == "sequenceFlow";
  EXPECT_EQ(flows, 8u);
  EXPECT_TRUE(bpmn::read(got.bpmn, "t"));
}

TEST(VisioGeometry, DrawnLanesWithoutAFrameAreOnePool) {
  Pen p;
  p.style(true, 0, 0.01, 0, 0).rect(1, 1, 10, 2).text(1, 1, 0.3, 2, "En").rect(1, 3, 10, 2).text(1, 3, 0.3, 2, "To").rect(2, 1.5, 1, 0.8).text(2, 1.5, 1, 0.8, "A").rect(5, 3.5, 1, 0.8).text(5, 3.5, 1, 0.8, "B");
  p.style(false, 0, 0.01, 0, 1).path({{3, 1.9}, {5, 3.9}}, false);
  const Imported got = import_plan(*assemble(p.said), "Navn.vsd");
  const auto model = *bpmn::read(got.bpmn, "t");
  ASSERT_EQ(model->participants.size(), 1u);
  EXPECT_EQ(model->participants[0].name, "Navn");
  EXPECT_EQ(model->lanes.size(), 2u);
  EXPECT_TRUE(std::ranges::any_of(got.report.rows, [](const Row& r) { return r.reason == "made_pool"; }));
}

void put(std::string& to, std::size_t at, std::uint64_t value, std::size_t size) {
  if (to.size() < at + size) to.resize(at + size);
  for (std::size_t i = 0; i < size; ++i) to[at + i] = static_cast<char>(value >> (8 * i));
}
std::string chunk(std::uint32_t type, const std::string& body, unsigned level) {
  std::string out(19, '\0');
  put(out, 0, type, 4), put(out, 12, body.size(), 4), put(out, 16, level, 2);
  return out + body;
}
std::string literals(const std::string& in) {  // packed without copies
  std::string out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i % 8 == 0) out += '\xff';
    out += in[i];
  }
  return out;
}

// The smallest old drawing: an OLE2 file of a FAT, a directory and the document, in which line 7 is glued to shapes 3 and 4.
std::string old_file(bool packed) {
  std::string shape(20, '\0'), misc(45, '\0'), place(69, '\0'), page;
  put(shape, 14, 7, 4);
  const double x = 2.5;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &x, 8);
  put(place, 1, bits, 8);
  for (const auto& [cell, sheet] : {std::pair{0x0b, 3}, {0x0c, 4}, {0x0a, 9}}) {
    std::string block(16, '\0');
    put(block, 0, 16, 4), put(block, 4, 2, 1), put(block, 5, static_cast<unsigned>(cell), 1), put(block, 6, 0x6000004e74, 5), put(block, 11, static_cast<unsigned>(sheet), 4), put(block, 15, 0xfe, 1);
    misc += block;
  }
  page = chunk(0x47, shape, 1) + chunk(0x9b, place, 2) + chunk(0xa4, misc, 2);
  if (packed) page = literals(page);
  std::string document(0x200, '\0');
  put(document, 0x1a, 11, 1);
  put(document, 0x24, 0x14, 4), put(document, 0x2c, 0x100, 4), put(document, 0x30, 0x40, 4), put(document, 0x34, 0x50, 2);
  put(document, 0x100, 8, 4), put(document, 0x108, 1, 4);                                     // a list of one pointer
  put(document, 0x110, 0x15, 4), put(document, 0x118, 0x200, 4), put(document, 0x11c, page.size(), 4), put(document, 0x120, packed ? 0xd2 : 0xd0, 2);
  document += page;
  const std::size_t length = document.size();
  document.resize(1024);
  std::string header(512, '\0'), fat(512, '\xff'), directory(512, '\0');
  header.replace(0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  put(header, 30, 9, 2), put(header, 48, 1, 4), put(header, 68, 0xfffffffe, 4);
  for (std::size_t i = 0; i < 109; ++i) put(header, 76 + 4 * i, i == 0 ? 0 : 0xffffffff, 4);
  put(fat, 0, 0xfffffffd, 4), put(fat, 4, 0xfffffffe, 4), put(fat, 8, 3, 4), put(fat, 12, 0xfffffffe, 4);
  const std::string name = "VisioDocument";
  for (std::size_t i = 0; i < name.size(); ++i) put(directory, 2 * i, static_cast<unsigned char>(name[i]), 2);
  put(directory, 64, 28, 2), put(directory, 116, 2, 4), put(directory, 120, length, 4);
  return header + fat + directory + document;
}

TEST(VisioGeometry, OldFilesTellTheirGlue) {
  for (const bool packed : {false, true}) EXPECT_EQ(glue_lines(old_file(packed)), "sheet 0 7 2.5000 0.0000 0.0000 0.0000\nglue 0 7 0 3\nglue 0 7 1 4\n");
  std::string other = old_file(false);
  other[512 * 3 + 0x1a] = 6;  // an older format is laid out in another way
  EXPECT_EQ(glue_lines(other), "");
  EXPECT_EQ(glue_lines(""), "");
  const std::string whole = old_file(true);
  base::SeededRandom random(7);
  for (std::size_t length = 0; length < whole.size(); length += 7) (void)glue_lines(whole.substr(0, length));
  for (int turn = 0; turn < 3000; ++turn) {
    std::string broken = whole;
    for (int i = 0; i < 4; ++i) broken[random.below(broken.size())] = static_cast<char>(random.below(256));
    EXPECT_LT(glue_lines(broken).size(), 10'000u);
  }
}

// What the file says about glue is joined to what was drawn: by id, else by place.
TEST(VisioGeometry, GlueOfOldFilesIsJoinedToTheDrawing) {
  const std::string drawn = Pen().style(true, 0, 0.01, 0, 0).rect(1, 1, 1, 1).text(1, 1, 1, 1, "A").rect(5, 1, 1, 1).text(5, 1, 1, 1, "B").style(false, 0, 0.01, 0, 1).path({{3, 9}, {3.5, 9}}, false).said;
  const auto row = [](const std::string& primitives) {
    const Imported got = import_plan(*assemble(primitives), "t.vsd");
    for (const Row& r : got.report.rows)
      if (r.shape == "3") return r;
    return Row{};
  };
  EXPECT_EQ(row(drawn).reason, "loose_line");
  const Row glued = row(drawn + "sheet 0 77 5.5 10.5 1 1\nglue 0 3 0 1\nglue 0 3 1 77\n");
  EXPECT_EQ(glued.reason, "glued");
  EXPECT_EQ(glued.type, "sequenceFlow");
  EXPECT_NE(glued.from, glued.to);
  EXPECT_EQ(row(drawn + "glue 1 9 0 1\nglue 1 9 1 2\n").reason, "loose_line");    // a line that is not drawn
  EXPECT_EQ(row(drawn + "glue 0 3 0 1\nglue 0 3 1 99\nglue 0 9\n").reason, "loose_end");
}

TEST(VisioGeometry, AChildMayDoAnything) {
  EXPECT_EQ(*in_child([] { return std::string("svar"); }), "svar");
  EXPECT_EQ(in_child([] { std::raise(SIGSEGV); return std::string(); }).error().code, ErrorCode::invalid_document);
  EXPECT_EQ(in_child([] { std::abort(); return std::string(); }).error().code, ErrorCode::invalid_document);
  EXPECT_EQ(in_child([] { _exit(0); return std::string(); }).error().code, ErrorCode::invalid_document);
  const auto hang = in_child([] { for (std::string s = "x"; !s.empty();) s[0] = static_cast<char>(std::abs(s[0]) | 1); return std::string(); }, {1, 64u << 20, 1000});
  EXPECT_EQ(hang.error().code, ErrorCode::limit_exceeded) << hang.error().message;
  const auto sleep = in_child([] { ::sleep(30); return std::string(); }, {1, 64u << 20, 1000});
  EXPECT_EQ(sleep.error().code, ErrorCode::limit_exceeded);
  const auto memory = in_child([] { return std::string(std::size_t{300} << 20, 'x'); }, {5, 64u << 20, 1000});
  EXPECT_EQ(memory.error().code, ErrorCode::invalid_document) << memory.error().message;
  const auto much = in_child([] { return std::string(5'000'000, 'x'); }, {5, 64u << 20, 1'000'000});
  EXPECT_EQ(much.error().code, ErrorCode::limit_exceeded);
  const auto writes = in_child([] {
    std::FILE* file = std::fopen("/tmp/sagsgang-child-test", "w");
    const bool wrote = file != nullptr && std::fwrite("x", 1, 1, file) == 1 && std::fclose(file) == 0;
    return std::string(wrote ? "skrev" : "skrev ikke");
  });
  EXPECT_TRUE(!writes || *writes == "skrev ikke");
  std::filesystem::remove("/tmp/sagsgang-child-test");
}

TEST(VisioGeometry, RubbishIsRefused) {
  for (const std::string& bytes : {std::string(), std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), std::string("\xD0\xCF\x11\xE0") + std::string(5000, '\x01')}) {
    const auto read = read_by_geometry(bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::invalid_document);
    EXPECT_NE(read.error().remedy.find(".vsdx"), std::string::npos);
  }
}

// Old drawings with bytes broken at random: an answer or a reason, never a crash or a hang of ours.
TEST(VisioGeometry, BrokenOldDrawingsStopNothing) {
  const std::filesystem::path folder = "../shared/data/visio";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: " << folder << " is not here";
  base::SeededRandom random(2009);
  std::size_t files = 0, read = 0;
  for (const auto& one : std::filesystem::recursive_directory_iterator(folder)) {
    if (one.path().extension() != ".vsd" || one.file_size() > 100'000) continue;
    std::string bytes = *base::read_file(one.path().string(), 1u << 20);
    for (int turn = 0; turn < 3; ++turn) {
      for (int i = 0; i < 20; ++i) bytes[512 + random.below(bytes.size() - 512)] = static_cast<char>(random.below(256));
      const auto got = import_drawing(turn == 2 ? bytes.substr(0, bytes.size() / 2) : bytes, "brudt.vsd");
      ++files;
      if (got) ++read;
      else EXPECT_FALSE(got.error().message.empty());
    }
  }
  EXPECT_GT(files, 10u);
  std::printf("figure: broken old drawings: %zu, read all the same %zu\n", files, read);
}

}  // namespace
