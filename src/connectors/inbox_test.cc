#include "connectors/inbox.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/storage.h"
#include "connectors/test_support.h"

namespace connectors {
namespace {

using namespace test;
namespace fs = std::filesystem;

struct Box {
  FakeEngine engine;
  FakeCases cases;
  std::string root;
  std::string crash_at;
  bool note_fails = false;
  std::vector<engine::Effect> noted;

  Box() {
    std::string pattern = (fs::temp_directory_path() / "sagsgang-inbox-XXXXXX").string();
    root = mkdtemp(pattern.data());
    fs::create_directories(folder());
  }
  ~Box() { fs::remove_all(root); }
  std::string folder() const { return root + "/inbox/10000009/proces"; }
  std::string rejected() const { return root + "/rejected/10000009"; }
  void put(const std::string& name, const std::string& bytes) { ASSERT_TRUE(base::write_file_atomic(folder() + "/" + name, bytes)); }
  InboxReport scan(std::size_t max_bytes = 20u << 20) {
    Inbox inbox({.engine = &engine, .cases = &cases, .inbox = root + "/inbox", .rejected = root + "/rejected", .format = [](const std::string&) { return std::string("oioubl"); },
                 .settle_ms = 0,
                 .note_effect = [this](const engine::Effect& e) -> base::Status {
                   if (note_fails) return base::fail(base::ErrorCode::io_failed, "disk full");
                   noted.push_back(e);
                   return {};
                 },
                 .max_bytes = max_bytes,
                 .writers = 1,
                 .crash = [this](std::string_view p) { return p == crash_at; }});
    auto r = inbox.scan();
    EXPECT_TRUE(r);
    return r ? *r : InboxReport{};
  }
  static std::size_t files(const std::string& f) {
    std::size_t n = 0;
    std::error_code e;
    for (fs::directory_iterator it(f, e), end; !e && it != end; it.increment(e)) ++n;
    return n;
  }
};

std::string good() { return *base::read_file("bank/arbejdsmarked/betaling-af-laegeerklaeringer/data/regning.xml", 1 << 20); }

TEST(Inbox, AFileBecomesOneInstanceWithItsOriginal) {
  Box b;
  b.put("a.xml", good());
  const InboxReport r = b.scan();
  EXPECT_EQ(r.started, 1u);
  EXPECT_EQ(b.engine.created.size(), 1u);
  EXPECT_EQ(b.cases.documents["1/original.xml"], good());
  EXPECT_EQ(Box::files(b.folder()), 0u);
  EXPECT_EQ(b.scan().started, 0u);
}

TEST(Inbox, WhatWasReceivedIsNotedBeforeTheFileGoes) {
  Box b;
  b.put("a.xml", good());
  b.note_fails = true;
  EXPECT_EQ(b.scan().waiting, 1u);
  EXPECT_EQ(Box::files(b.folder()), 1u) << "not noted, not removed";
  b.note_fails = false;
  EXPECT_EQ(b.scan().started, 1u);
  ASSERT_EQ(b.noted.size(), 1u);
  EXPECT_EQ(b.noted[0].kind, "received");
  EXPECT_EQ(b.noted[0].instance, 1);
  EXPECT_EQ(b.noted[0].text.find("a.xml"), std::string::npos) << "file names may hold personal numbers";
}

TEST(Inbox, TheSameDeliveryAgainIsTheSameInstanceAnotherNameIsANewOne) {
  Box b;
  b.put("a.xml", good());
  b.scan();
  b.put("a.xml", good());
  b.scan();
  EXPECT_EQ(b.engine.created.size(), 1u);
  b.put("b.xml", good());
  b.scan();
  EXPECT_EQ(b.engine.created.size(), 2u) << "whose duplicate check must catch it";
}

TEST(Inbox, ACrashAtAnyPointLosesNothingAndDoesNothingTwice) {
  for (const char* point : {"checked", "created", "stored"}) {
    Box b;
    b.put("a.xml", good());
    b.put("b.xml", good());
    b.crash_at = point;
    b.scan();
    EXPECT_EQ(Box::files(b.folder()), 2u) << point << ": the files are still there";
    b.crash_at = "";
    EXPECT_EQ(b.scan().started, 2u) << point;
    EXPECT_EQ(b.engine.created.size(), 2u) << point;
    EXPECT_EQ(b.cases.documents.size(), 2u) << point;
    EXPECT_EQ(Box::files(b.folder()), 0u) << point;
  }
}

TEST(Inbox, BrokenFilesAreRejectedWithAReadableReport) {
  Box b;
  std::string broken = good();
  broken.resize(broken.size() / 2);
  b.put("brudt.xml", broken);
  b.put("andet.xml", "<a/>");
  b.put("stor.xml", good());
  const InboxReport r = b.scan(3'000);
  EXPECT_EQ(r.rejected, 3u);
  EXPECT_EQ(b.engine.created.size(), 0u);
  EXPECT_EQ(Box::files(b.folder()), 0u);
  EXPECT_EQ(*base::read_file(b.rejected() + "/brudt.xml", 1 << 20), broken);
  const std::string report = *base::read_file(b.rejected() + "/brudt.xml.rapport.txt", 1 << 20);
  for (const char* words : {"Fil: brudt.xml", "ikke gyldig XML", "Hvor: linje ", "kolonne ", "Hvad ville være rigtigt: "}) EXPECT_NE(report.find(words), std::string::npos) << words << "\n" << report;
  EXPECT_NE(base::read_file(b.rejected() + "/stor.xml.rapport.txt", 1 << 20)->find("større"), std::string::npos);
}

TEST(Inbox, ARejectedNameTwiceKeepsBothAndACrashBetweenReportAndMoveIsRepeated) {
  Box b;
  b.put("x.xml", "<a/>");
  b.crash_at = "reported";
  b.scan();
  EXPECT_EQ(Box::files(b.folder()), 1u);
  b.crash_at = "";
  EXPECT_EQ(b.scan().rejected, 1u);
  b.put("x.xml", "<b/>");
  EXPECT_EQ(b.scan().rejected, 1u);
  EXPECT_EQ(*base::read_file(b.rejected() + "/x.xml", 100), "<a/>");
  EXPECT_EQ(*base::read_file(b.rejected() + "/x-2.xml", 100), "<b/>");
  EXPECT_EQ(Box::files(b.rejected()), 4u);
}

TEST(Inbox, AnUnknownProcessLeavesTheFilesWaiting) {
  Box b;
  b.engine.process_known = false;
  b.put("a.xml", good());
  const InboxReport r = b.scan();
  EXPECT_EQ(r.waiting, 1u);
  EXPECT_NE(r.why_waiting.find("proces"), std::string::npos);
  EXPECT_EQ(Box::files(b.folder()), 1u);
  b.engine.process_known = true;
  EXPECT_EQ(b.scan().started, 1u);
}

TEST(Inbox, FilesThatAreBeingWrittenAreLeftAlone) {
  Box b;
  b.put(".skjult.xml", "<a");
  b.put("a.xml.part", "<a");
  b.put("a.tmp", "<a");
  const InboxReport r = b.scan();
  EXPECT_EQ(r.rejected + r.started, 0u);
  EXPECT_EQ(Box::files(b.folder()), 3u);
}

}  // namespace
}  // namespace connectors
