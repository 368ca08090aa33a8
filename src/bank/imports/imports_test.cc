// Uploads of many files: read in the background, refused one by one, settled, taken back, and one draft each.
#include "bank/imports/imports.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>

#include <filesystem>

#include "bank/imports/take.h"
#include "bank/imports/test_drawing.h"
#include "bank/zip.h"
#include "base/clock.h"

namespace {

using namespace bank::imports;
using base::Json;

constexpr const char* kBpmn = R"(<?xml version="1.0"?><?xml-stylesheet href="http://example.org/x.xsl"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><process id="p" name="Uden diagram">
<documentation><![CDATA[<script>alert(1)</script>]]></documentation><startEvent id="s"/><task id="a" name="Gør det"/><endEvent id="e"/>
<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="e"/></process></definitions>)";
constexpr const char* kManifest = "format: 1\ntitel: En pakke\nresume: x\ndomaene: Prøver\nkle: \"15\"\nart: lokal\nejerrolle: Leder\nversion: 1.0.0\njura: []\nafgoerelse: ingen\nautomatik: {grad: delvis, beskrivelse: x}\n"
                                  "hjemmel: x\nbevaring: {kode: K, slettefrist: P5Y}\nsystemer: []\nroller: []\n";

class ImportsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "sagsgang-imports-" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    open();
  }
  void TearDown() override {
    imports_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    imports_.reset();
    database_ = std::move(*store::Database::open(folder_ + "/db", {.synchronous_full = false, .readers = 2}));
    imports_ = std::move(*Imports::open(*database_, clock_));
  }
  std::int64_t upload(const std::vector<Upload>& files) {
    const auto made = imports_->create(who_, files);
    EXPECT_TRUE(made) << made.error().text();
    imports_->wait();
    return made ? std::atoll((*made)["importKey"].as_string().c_str()) : 0;
  }
  std::map<std::string, Json> files(std::int64_t key) {
    std::map<std::string, Json> out;
    const auto got = imports_->get("1", key);
    EXPECT_TRUE(got);
    for (const Json& file : (*got)["files"].as_array()) out.emplace(file["path"].as_string(), file);
    return out;
  }
  std::string folder_;
  base::SystemClock clock_;
  Person who_{"1", "anna", "Anna"};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Imports> imports_;
};

TEST_F(ImportsTest, ABrokenFileStopsNothingAndEachIsTold) {
  const std::string vdx = test::three_steps().vdx();
  std::map<std::string, std::string> all = {{"a/Sag.vdx", vdx}, {"a/Samme sag.vdx", vdx}, {"b/uden.bpmn", kBpmn}, {"b/halv.bpmn", std::string(kBpmn).substr(0, 200)}, {"b/ikke.bpmn", "<x/>"}, {"c/brev.docx", "PK"},
      {"d/tom.vsdx", ""}, {"d/gammel.vsd", "\xd0\xcf\x11\xe0 ikke mere"}, {"e/pakke/arbejdsgang.yaml", kManifest}, {"e/pakke/proces.bpmn", kBpmn}, {"e/pakke/data/x.csv", "a,b\n"}};
  for (int i = 0; i < 900; ++i) all["mange/" + std::to_string(i) + ".vdx"] = test::Sketch{}.box(1, 2, 8, "Skridt " + std::to_string(i)).box(2, 6, 8, "Slut").line(3, 2.75, 8, 5.25, 8).vdx();
  const std::int64_t key = upload({{"alt.zip", bank::zip(all).value()}});
  auto got = files(key);
  ASSERT_EQ(got.size(), all.size() - 2) << "a package is one";
  for (const auto& [path, state] : std::vector<std::pair<const char*, const char*>>{{"a/Sag.vdx", "doubtful"}, {"b/uden.bpmn", "ready"}, {"b/halv.bpmn", "refused"}, {"b/ikke.bpmn", "refused"}, {"c/brev.docx", "refused"},
           {"d/tom.vsdx", "refused"}, {"d/gammel.vsd", "refused"}, {"e/pakke.zip", "ready"}, {"mange/899.vdx", "doubtful"}})
    EXPECT_EQ(got[path]["state"], Json(state)) << path << got[path].dump();
  EXPECT_EQ(got["a/Samme sag.vdx"]["sameAs"], got["a/Sag.vdx"]["number"]);
  EXPECT_EQ(got["e/pakke.zip"]["title"], Json("En pakke"));
  EXPECT_EQ(got["b/uden.bpmn"]["title"], Json("Uden diagram"));
  for (const char* path : {"b/halv.bpmn", "b/ikke.bpmn", "c/brev.docx", "d/tom.vsdx", "d/gammel.vsd"}) {
    EXPECT_NE(got[path]["error"]["textDa"].string_or(""), "") << path;
    const int number = static_cast<int>(got[path]["number"].as_int());
    EXPECT_FALSE(imports_->diagram("1", key, number)) << "nothing half";
    EXPECT_FALSE(imports_->decide(who_, key, number, 1, {}));
    EXPECT_FALSE(imports_->draft(who_, key, number, [](const Imports::Content&) { return std::string("9"); }));
  }
  const auto placed = imports_->diagram("1", key, static_cast<int>(got["b/uden.bpmn"]["number"].as_int()));
  ASSERT_TRUE(placed);
  EXPECT_NE(placed->find("BPMNShape"), std::string::npos) << "our layout";
  EXPECT_EQ(placed->find("xml-stylesheet"), std::string::npos);
  EXPECT_EQ(placed->find("<script"), std::string::npos) << "documentation is text";
}

TEST_F(ImportsTest, NamesInAZipThatLeadElsewhereAreRefusedAlone) {
  const std::string path = folder_ + "/ond.zip";
  int error = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  const std::string good = test::three_steps().vdx();
  for (const char* name : {"../../etc/x.vdx", "god.vdx", "C:/y.vdx"}) zip_file_add(archive, name, zip_source_buffer(archive, good.data(), good.size(), 0), ZIP_FL_ENC_UTF_8);
  ASSERT_EQ(zip_close(archive), 0);
  std::string bytes;
  {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    char chunk[65536];
    for (std::size_t n; (n = std::fread(chunk, 1, sizeof chunk, file.get())) > 0;) bytes.append(chunk, n);
  }
  auto got = files(upload({{"ond.zip", bytes}}));
  EXPECT_EQ(got["../../etc/x.vdx"]["state"], Json("refused"));
  EXPECT_EQ(got["C:/y.vdx"]["state"], Json("refused"));
  EXPECT_EQ(got["god.vdx"]["state"], Json("doubtful"));
  EXPECT_FALSE(imports_->create(who_, {{"x.zip", "ingen zip"}})) << "the zip itself: nothing is stored";
  EXPECT_FALSE(imports_->create(who_, {}));
  EXPECT_EQ((*imports_->list("1"))["items"].size(), 1u);
}

TEST_F(ImportsTest, SettledTakenBackAndOneDraft) {
  const std::int64_t key = upload({{"Sag.vdx", test::three_steps().vdx()}});
  Json file = imports_->file("1", key, 1).value();
  const std::int64_t open = file["open"].as_int();
  ASSERT_GT(open, 3);
  std::vector<Decision> all;
  for (const Json& row : file["rows"].as_array())
    if (row["asks"].as_bool() && !row["line"].as_bool()) all.push_back({static_cast<std::size_t>(row["row"].as_int()), Action::accept, {}, {}, {}, {}, 0});
  const auto accepted = imports_->decide(who_, key, 1, 1, all);
  ASSERT_TRUE(accepted) << accepted.error().text();
  EXPECT_EQ((*accepted)["open"].as_int(), open - static_cast<std::int64_t>(all.size()));
  EXPECT_FALSE(imports_->decide(who_, key, 1, 1, all)) << "another revision";
  ASSERT_TRUE(imports_->decide(who_, key, 1, 2, {{all[0].row, Action::kind, "startEvent", {}, {}, {}, 0}}));
  EXPECT_NE(imports_->diagram("1", key, 1)->find("startEvent"), std::string::npos);
  ASSERT_TRUE(imports_->decide(who_, key, 1, 3, {}));
  EXPECT_EQ(imports_->diagram("1", key, 1)->find("startEvent"), std::string::npos);
  EXPECT_EQ((*imports_->decide(who_, key, 1, 4, {}))["open"].as_int(), open) << "accepted together, taken back together";
  EXPECT_FALSE(imports_->decide(who_, key, 1, 5, {{all[0].row, Action::reverse, {}, {}, {}, {}, 0}})) << "a box has no direction, and nothing of it is kept";
  this->open();
  EXPECT_EQ(imports_->file("1", key, 1)->operator[]("open").as_int(), open) << "nothing is lost when the house starts again";
  EXPECT_FALSE(imports_->draft(who_, key, 1, [](const Imports::Content&) -> base::Result<std::string> { return base::fail(base::ErrorCode::conflict, "no"); }));
  const auto id = imports_->draft(who_, key, 1, [](const Imports::Content& content) {
    EXPECT_EQ(content.title, "Sag");
    EXPECT_NE(content.bpmn.find("Modtag sag"), std::string::npos);
    EXPECT_NE(content.summary_da.find("Sag.vdx"), std::string::npos);
    return std::string("77");
  });
  EXPECT_EQ(id.value_or(""), "77");
  EXPECT_FALSE(imports_->draft(who_, key, 1, [](const Imports::Content&) { return std::string("78"); })) << "one draft";
  EXPECT_FALSE(imports_->decide(who_, key, 1, 6, all));
  EXPECT_EQ(imports_->source("1", key, 1)->bytes, test::three_steps().vdx());
  for (const std::string other : {"2", ""}) {
    EXPECT_FALSE(imports_->get(other, key));
    EXPECT_FALSE(imports_->file(other, key, 1));
    EXPECT_FALSE(imports_->diagram(other, key, 1));
    EXPECT_FALSE(imports_->remove(other, key));
    EXPECT_EQ((*imports_->list(other))["items"].size(), 0u);
  }
  EXPECT_TRUE(imports_->remove("1", key));
  EXPECT_FALSE(imports_->get("1", key));
}

}  // namespace
