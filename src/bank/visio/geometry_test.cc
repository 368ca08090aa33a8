// Outlines, arcs, and the child process that reads old drawings.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <numbers>

#include "bank/visio/child.h"
#include "bank/visio/import.h"
#include "bank/visio/libvisio_door.h"
#include "bank/visio/plan.h"
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
