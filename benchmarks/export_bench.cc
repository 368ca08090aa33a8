// What leaves the bank: a diagram as SVG, and the static site of 900 generated workflows.
#include "bank/export/vsdx.h"
#include "bank/generate/generate.h"
#include "bank/site/site.h"
#include "bench.h"
#include "bpmn/draw.h"
#include "bpmn/layout/layout.h"

namespace {

// A pool with two lanes and `tasks` activities, a choice after each fifth: as many elements as asked for, laid out by us.
bpmn::ModelPtr diagram(int elements) {
  std::string nodes, flows, lanes[2];
  const auto id = [](int i) { return "e" + std::to_string(i); };
  for (int i = 0; i < elements; ++i) {
    const std::string kind = i == 0 ? "startEvent" : i == elements - 1 ? "endEvent" : i % 5 == 4 ? "exclusiveGateway" : "userTask";
    nodes += "<" + kind + " id=\"" + id(i) + "\" name=\"Behandler ansøgning nr. " + std::to_string(i) + "\"/>";
    lanes[i % 10 < 6 ? 0 : 1] += "<flowNodeRef>" + id(i) + "</flowNodeRef>";
    if (i > 0) flows += "<sequenceFlow id=\"f" + std::to_string(i) + "\" sourceRef=\"" + id(i - 1) + "\" targetRef=\"" + id(i) + "\"/>";
    if (i % 5 == 4 && i + 2 < elements) flows += "<sequenceFlow id=\"g" + std::to_string(i) + "\" name=\"Nej\" sourceRef=\"" + id(i) + "\" targetRef=\"" + id(i + 2) + "\"/>";
  }
  const std::string xml = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" id=\"d\" targetNamespace=\"t\"><collaboration id=\"c\"><participant id=\"p\" name=\"Kommunen\" processRef=\"x\"/></collaboration><process id=\"x\"><laneSet id=\"l\"><lane id=\"a\" name=\"Sagsbehandler\">" +
                          lanes[0] + "</lane><lane id=\"b\" name=\"Leder\">" + lanes[1] + "</lane></laneSet>" + nodes + flows + "</process></definitions>";
  auto read = bpmn::read(xml, "bench.bpmn");
  if (!read) return nullptr;
  auto placed = bpmn::layout(**read);
  return placed ? *placed : nullptr;
}

BENCH(svg_50, "a diagram of 50 elements as SVG, of a model that is read: p50 and p99 of 2,000 drawings") {
  const auto model = diagram(50);
  if (!model) return bench::fail("no diagram");
  std::vector<double> times;
  std::size_t bytes = 0;
  for (int i = 0; i < 2'000; ++i) {
    const double begin = bench::seconds();
    const auto svg = bpmn::draw_svg(*model);
    times.push_back((bench::seconds() - begin) * 1e3);
    if (!svg) return bench::fail(svg.error().text());
    bytes = svg->size();
  }
  bench::emit("svg_50_p50", bench::percentile(times, 0.5), "ms");
  bench::emit("svg_50_p99", bench::percentile(times, 0.99), "ms");
  bench::emit("svg_50_bytes", static_cast<double>(bytes), "bytes");
}

BENCH(vsdx_50, "the same as a Visio file: p50 of 200") {
  const auto model = diagram(50);
  if (!model) return bench::fail("no diagram");
  std::vector<double> times;
  for (int i = 0; i < 200; ++i) {
    const double begin = bench::seconds();
    if (const auto file = bank::to_vsdx(*model, "bench"); !file) return bench::fail(file.error().text());
    times.push_back((bench::seconds() - begin) * 1e3);
  }
  bench::emit("vsdx_50_p50", bench::percentile(times, 0.5), "ms");
}

// Generated beforehand; the pages are written to the disk of $BENCH_FOLDER.
BENCH(site_900, "the static site of 900 generated workflows, from their files to the folder") {
  const bank::generate::Generator generator({.count = 900, .seed = 1, .diagrams = true, .strength = 100});
  std::vector<bank::site::Source> sources;
  for (std::size_t i = 0; i < generator.size(); ++i) {
    auto made = generator.package(i);
    if (!made) return bench::fail(made.error().text());
    sources.push_back({made->slug, {{1, "2026-12-01", ""}}, [files = std::move(made->files)]() -> base::Result<std::map<std::string, std::string>> { return files; }});
  }
  const bench::Folder folder;
  const double begin = bench::seconds();
  const auto site = bank::site::publish_folder(std::move(sources), {.day = "2026-12-01"}, folder.path() + "/sider");
  if (!site) return bench::fail(site.error().text());
  bench::emit("site_900", bench::seconds() - begin, "s");
  bench::emit("site_900_workflows", static_cast<double>(site->workflows), "");
  bench::emit("site_900_bytes", static_cast<double>(site->bytes), "bytes");
  bench::emit("site_900_resident", static_cast<double>(bench::resident_bytes()), "bytes");
}

}  // namespace
