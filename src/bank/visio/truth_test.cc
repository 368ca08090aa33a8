// Generated drawings come back as what they were made of.
#include <gtest/gtest.h>

#include "bank/visio/libvisio_door.h"
#include "bank/visio/test_truth.h"
#include "bpmn/check.h"

namespace {

using namespace bank::visio;
using namespace bank::visio::test;

std::string label(Stencil stencil, int areas, std::uint64_t seed, bool old) {
  static const char* kNames[] = {"bpmn", "flowchart", "old names", "bare"};
  return std::string(kNames[static_cast<int>(stencil)]) + (old ? ".vdx" : ".vsdx") + " areas " + std::to_string(areas) + " seed " + std::to_string(seed);
}

TEST(VisioTruth, StencilsComeBackWhole) {
  for (const Stencil stencil : {Stencil::bpmn, Stencil::flowchart, Stencil::old})
    for (const int areas : {0, 1, 2})
      for (std::uint64_t seed = 1; seed <= 25; ++seed)
        for (const bool old : {false, true}) {
          if (areas == 2 && stencil != Stencil::bpmn) continue;
          const Truth truth = random_truth(seed * 7 + static_cast<std::uint64_t>(areas), stencil, areas);
          const Writer writer(truth, stencil, old);
          const auto got = import_drawing(old ? writer.vdx() : writer.vsdx(), "t");
          ASSERT_TRUE(got) << label(stencil, areas, seed, old) << got.error().text();
          const Score score = compare(truth, *got, true);
          EXPECT_EQ(score.found_names, score.names) << label(stencil, areas, seed, old) << "\n" << score.lost;
          EXPECT_EQ(score.found_types, score.types) << label(stencil, areas, seed, old) << "\n" << score.lost;
          EXPECT_EQ(score.found_flows, score.flows) << label(stencil, areas, seed, old) << "\n" << score.lost;
          EXPECT_EQ(score.found_lanes, score.lanes) << label(stencil, areas, seed, old);
          EXPECT_EQ(score.found_places, score.places) << label(stencil, areas, seed, old);
          if (HasFailure()) return;
        }
}

TEST(VisioTruth, PoolsAreParticipants) {
  const Truth lanes = random_truth(3, Stencil::flowchart, 1), pools = random_truth(3, Stencil::bpmn, 2), bands = random_truth(3, Stencil::old, 1);
  const auto model = [](const Truth& truth, Stencil stencil) {
    const auto got = import_drawing(Writer(truth, stencil, false).vsdx(), "Sygedagpenge.vsdx");
    return *bpmn::read(got->bpmn, "t");
  };
  const auto one = model(lanes, Stencil::flowchart);
  ASSERT_EQ(one->participants.size(), 1u);
  EXPECT_EQ(one->participants[0].name, "Sagsbehandling");
  EXPECT_EQ(one->lanes.size(), 3u);
  const auto two = model(pools, Stencil::bpmn);
  ASSERT_EQ(two->participants.size(), 2u);
  EXPECT_EQ(two->participants[1].name, "Part 2");
  EXPECT_EQ(two->processes.size(), 2u);
  EXPECT_EQ(two->message_flows.size(), 1u);
  const auto made = model(bands, Stencil::old);  // no frame in the drawing: one is made and named after the file
  ASSERT_EQ(made->participants.size(), 1u);
  EXPECT_EQ(made->participants[0].name, "Sygedagpenge");
  EXPECT_EQ(made->lanes.size(), 3u);
}

// Without masters and glue: by our own reader, and through libvisio, which is all that an old .vsd gives.
TEST(VisioTruth, GeometryAloneGivesMostBack) {
  Score own, through;
  const auto add = [](Score& to, const Score& s) { to.names += s.names, to.found_names += s.found_names, to.flows += s.flows, to.found_flows += s.found_flows, to.types += s.types, to.found_types += s.found_types, to.lost += s.lost; };
  for (std::uint64_t seed = 1; seed <= 12; ++seed)
    for (const int areas : {0, 1, 2}) {
      const Truth truth = random_truth(seed * 11 + static_cast<std::uint64_t>(areas), Stencil::bare, areas);
      const std::string file = Writer(truth, Stencil::bare, false).vsdx();
      const auto got = import_drawing(file, "t");
      ASSERT_TRUE(got) << got.error().text();
      add(own, compare(truth, *got, true));
      const auto drawing = read_by_geometry(file);
      ASSERT_TRUE(drawing) << drawing.error().text();
      add(through, compare(truth, import_plan(*drawing, "t"), false));
    }
  for (const Score* s : {&own, &through}) {
    EXPECT_GE(s->found_names, s->names * 95 / 100) << s->lost;
    EXPECT_GE(s->found_flows, s->flows * 85 / 100) << s->lost;
    EXPECT_GE(s->found_types, s->types * 90 / 100) << s->lost;
  }
  std::printf("figure: drawings without masters: names %zu/%zu, flows %zu/%zu, types %zu/%zu; through libvisio names %zu/%zu, flows %zu/%zu, types %zu/%zu\n", own.found_names, own.names, own.found_flows, own.flows,
              own.found_types, own.types, through.found_names, through.names, through.found_flows, through.flows, through.found_types, through.types);
}

TEST(VisioTruth, TheSameBytesGiveTheSameBytes) {
  const Truth truth = random_truth(5, Stencil::bpmn, 1);
  const std::string file = Writer(truth, Stencil::bpmn, true).vdx();
  const auto a = import_drawing(file, "t"), b = import_drawing(file, "t");
  EXPECT_EQ(a->bpmn, b->bpmn);
  EXPECT_EQ(a->report.json().dump(), b->report.json().dump());
}

TEST(VisioTruth, WhatIsWrittenIsBpmn) {
  for (const int areas : {0, 1, 2}) {
    const auto got = import_drawing(Writer(random_truth(9, Stencil::bpmn, areas), Stencil::bpmn, false).vsdx(), "t");
    const auto model = *bpmn::read(got->bpmn, "t");
    for (const bpmn::Finding& finding : bpmn::check_rules(*model, bpmn::Profile::strict))  // EXT.135: the invented gateways have one way in and out
      EXPECT_FALSE(finding.code != "EXT.135" &&finding.is_error) << finding.code << " " << finding.where.element << " " << finding.message;
  }
}

}  // namespace
