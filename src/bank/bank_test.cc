#include "bank/bank.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>

#include <filesystem>

#include "bank/schemas.h"
#include "bank/steps.h"
#include "bank/test_bank.h"
#include "bank/zip.h"
#include "base/json_schema.h"
#include "base/storage.h"

namespace {

using base::Json;
using Files = std::map<std::string, std::string>;
namespace fs = std::filesystem;

constexpr const char* kManifest = R"(format: 1
titel: Udbetaling af tilskud til cykler
resume: Starter, når en borger søger om tilskud til en cykel.
domaene: Kultur
kle: "54.18.00"
art: god
ejerrolle: Leder
version: 1.0.0
jura:
  - {titel: Lov om cykler, henvisning: paragraf 7, verificeret: "2026-01-02", status: eksempel}
afgoerelse: ingen
automatik: {grad: delvis, beskrivelse: x}
hjemmel: eksempel
bevaring: {kode: K, slettefrist: P5Y}
systemer:
  - {slags: oekonomi, brug: Betale tilskuddet}
roller: [Sagsbehandler, Automatik]
vurdering: {stjerner: 3}
)";

constexpr const char* kDiagram = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
  <bpmn:process id="p" name="Tilskud" isExecutable="false">
    <bpmn:laneSet id="ls">
      <bpmn:lane id="l1" name="Sagsbehandler"><bpmn:flowNodeRef>vurder</bpmn:flowNodeRef><bpmn:flowNodeRef>valg</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="l2" name="Automatik"><bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:flowNodeRef>betal</bpmn:flowNodeRef><bpmn:flowNodeRef>slut</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start" name="Ansøgning modtaget"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:task id="vurder" name="Vurder ansøgningen"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:task>
    <bpmn:exclusiveGateway id="valg" name="Bevilges det?" default="f4"><bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:task id="betal" name="Betal tilskuddet"><bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing></bpmn:task>
    <bpmn:endEvent id="slut" name="Sagen er lukket"><bpmn:incoming>f4</bpmn:incoming><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="vurder" />
    <bpmn:sequenceFlow id="f2" sourceRef="vurder" targetRef="valg" />
    <bpmn:sequenceFlow id="f3" name="ja" sourceRef="valg" targetRef="betal"><bpmn:conditionExpression>=true</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f4" sourceRef="valg" targetRef="slut" />
    <bpmn:sequenceFlow id="f5" sourceRef="betal" targetRef="slut" />
  </bpmn:process>
</bpmn:definitions>
)";

Files bicycle() { return {{"arbejdsgang.yaml", kManifest}, {"proces.bpmn", kDiagram}}; }
Files changed(Files files, const std::string& file, const std::string& from, const std::string& to) {
  const auto at = files[file].find(from);
  EXPECT_NE(at, std::string::npos) << from;
  files[file].replace(at, from.size(), to);
  return files;
}
Files titled(const std::string& title, const std::string& kle) {
  Files files = changed(changed(bicycle(), "arbejdsgang.yaml", "Udbetaling af tilskud til cykler", title), "arbejdsgang.yaml", "54.18.00", kle);
  files = changed(std::move(files), "arbejdsgang.yaml", "Starter, når en borger søger om tilskud til en cykel.", "Noget andet.");
  files = changed(std::move(files), "arbejdsgang.yaml", "Betale tilskuddet", "Betale");
  return changed(std::move(files), "proces.bpmn", "Betal tilskuddet", "Betal");
}

class BankTest : public testing::Test, protected bank_test::TestBank {
 protected:
  BankTest() : TestBank("bank") {}
  bank::Imported import(const std::string& authority, const std::string& slug, Files files) {
    auto imported = bank_->import(authority, slug, std::move(files), "anna", "første");
    EXPECT_TRUE(imported.has_value()) << imported.error().text();
    return imported.value_or(bank::Imported{});
  }
  std::vector<std::string> found(const std::string& authority, bank::ListRequest request) {
    std::vector<std::string> out;
    auto list = bank_->list(authority, request);
    EXPECT_TRUE(list.has_value()) << list.error().text();
    if (list)
      for (const Json& item : (*list)["items"].as_array()) out.push_back(item["slug"].as_string());
    return out;
  }
  std::vector<std::string> search(const std::string& words, const std::string& authority = "11111111") { return found(authority, {.q = words, .domain = {}, .kind = {}, .kle = {}, .runnable = {}}); }

};

using Slugs = std::vector<std::string>;

TEST_F(BankTest, ImportMakesVersionsOnlyOfChanges) {
  EXPECT_EQ(import("11111111", "kultur/cykler", bicycle()).version, 1);
  const auto again = import("11111111", "kultur/cykler", bicycle());
  EXPECT_EQ(again.version, 1);
  EXPECT_FALSE(again.changed);
  clock_.advance(1000);
  EXPECT_EQ(import("11111111", "kultur/cykler", titled("Cykler", "54")).version, 2);
  auto workflow = bank_->workflow("11111111", "kultur/cykler");
  ASSERT_TRUE(workflow.has_value()) << workflow.error().text();
  EXPECT_EQ((*workflow)["title"], Json("Cykler"));
  ASSERT_EQ((*workflow)["versions"].size(), 2u);
  EXPECT_EQ((*workflow)["versions"].as_array()[0]["by"], Json("anna"));
  EXPECT_EQ((*workflow)["versions"].as_array()[0]["version"], Json(2));
  EXPECT_EQ((*workflow)["law"].as_array()[0]["verified"], Json("2026-01-02"));
  EXPECT_EQ((*workflow)["diagramElements"], Json(5));
}

TEST_F(BankTest, AFaultyPackageIsRefusedWholeWithEveryFinding) {
  std::vector<bank::Finding> findings;
  auto files = changed(changed(bicycle(), "arbejdsgang.yaml", "titel:", "titl:"), "arbejdsgang.yaml", "art: god", "art: bedst");
  auto imported = bank_->import("11111111", "kultur/cykler", files, "anna", "", &findings);
  ASSERT_FALSE(imported.has_value());
  EXPECT_EQ(imported.error().code, base::ErrorCode::invalid_package);
  const auto find = [&](const std::string& text) { return std::find_if(findings.begin(), findings.end(), [&](const auto& f) { return f.message.find(text) != std::string::npos; }); };
  ASSERT_NE(find("'titl' is not a known key"), findings.end());
  EXPECT_EQ(find("'titl' is not a known key")->remedy, "did you mean 'titel'?");
  EXPECT_EQ(find("'titl' is not a known key")->line, 2);
  EXPECT_EQ(find("'titl' is not a known key")->file, "arbejdsgang.yaml");
  ASSERT_NE(find("none of the values"), findings.end());
  EXPECT_EQ(find("none of the values")->line, 6);
  ASSERT_NE(find("'titel' is missing"), findings.end());
  EXPECT_EQ(bank_->get("11111111", "kultur/cykler").error().code, base::ErrorCode::not_found);
  EXPECT_EQ(search("tilskud"), Slugs{});
}

struct Fault { const char* name; Files files; const char* code; };
void PrintTo(const Fault& f, std::ostream* out) { *out << f.name; }
class Faulty : public testing::TestWithParam<Fault> {};
TEST_P(Faulty, HasTheFinding) {
  auto package = bank::load_files(GetParam().files, "kultur/cykler");
  ASSERT_TRUE(package.has_value()) << package.error().text();
  std::string codes;
  for (const auto& f : bank::check(*package))
    if (f.is_error) codes += f.code + " ";
  EXPECT_NE(codes.find(GetParam().code), std::string::npos) << codes;
}
Files with(std::string file, std::string content) {
  Files files = bicycle();
  files[std::move(file)] = std::move(content);
  return files;
}
INSTANTIATE_TEST_SUITE_P(Check, Faulty, testing::Values(
  Fault{"no_such_day", changed(bicycle(), "arbejdsgang.yaml", "2026-01-02", "2026-02-30"), "SG-DATE"},
  Fault{"no_such_review_day", changed(bicycle(), "arbejdsgang.yaml", "vurdering:", "gennemgang: \"2027-02-29\"\nvurdering:"), "SG-DATE"},
  Fault{"replaces_itself", changed(bicycle(), "arbejdsgang.yaml", "vurdering:", "erstatter: [kultur/cykler]\nvurdering:"), "SG-RELATION"},
  Fault{"relation_is_no_slug", changed(bicycle(), "arbejdsgang.yaml", "vurdering:", "afledt_af: [Cykler]\nvurdering:"), "SG-MANIFEST"},
  Fault{"kle_form", changed(bicycle(), "arbejdsgang.yaml", "54.18.00", "5.18"), "SG-MANIFEST"},
  Fault{"broken_yaml", with("arbejdsgang.yaml", "a: [1"), "SG-YAML"},
  Fault{"manifest_is_a_list", with("arbejdsgang.yaml", "- 1"), "SG-MANIFEST"},
  Fault{"broken_xml", with("proces.bpmn", "<a>"), "SG-BPMN"},
  Fault{"doctype", with("proces.bpmn", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"), "SG-BPMN"},
  Fault{"broken_dmn", with("beslutninger.dmn", "<a/>"), "SG-DMN"},
  Fault{"stray_file", with("kode.exe", "MZ"), "SG-FILE"},
  Fault{"broken_form", with("formularer/a.form", "{"), "SG-FORM"},
  Fault{"scenario_key", with("scenarier/a.yaml", "titel: x\nnaar: []\nsaaa: {}\n"), "SG-SCENARIO"},
  Fault{"executable_without_scenario", changed(bicycle(), "proces.bpmn", "isExecutable=\"false\"", "isExecutable=\"true\""), "SG-EXECUTABLE"}),
  [](const auto& info) { return std::string(info.param.name); });

// FEEL in a diagram: what can never work is a warning; what depends on variables is left alone.
TEST(Check, ExpressionsOfTheDiagram) {
  const auto warned = [](const std::string& condition) {
    std::string with = "sourceRef=\"valg\" targetRef=\"betal\"><bpmn:conditionExpression>=" + condition + "</bpmn:conditionExpression></bpmn:sequenceFlow>";
    Files files = bicycle();
    std::string& text = files["proces.bpmn"];
    const auto at = text.find("sourceRef=\"valg\" targetRef=\"betal\"");
    EXPECT_NE(at, std::string::npos);
    const auto end = text.find(">", at);
    const bool closed = text[end - 1] == '/';
    text.replace(at, (closed ? end : text.find("</bpmn:sequenceFlow>", at) + 19) + 1 - at, with);
    std::string out;
    const auto package = bank::load_files(files, "kultur/cykler");
    EXPECT_TRUE(package.has_value());
    for (const auto& f : bank::check(*package))
      if (f.code == "SG-FEEL") out += (f.is_error ? "error " : "") + f.element + ": " + f.message + "; ";
    return out;
  };
  EXPECT_EQ(warned("bevilget"), "");
  EXPECT_EQ(warned("sag.beløb + 1 = grænse and count(bilag) = 0"), "");
  EXPECT_EQ(warned("\"a\" + 1 = x"), "f3: +: string + number is always null in '\"a\" + 1 = x', column 5; ");
  EXPECT_EQ(warned("count(bilag)"), "f3: the condition 'count(bilag)' is neither true nor false; ");
}

// The shipped packages: nothing that can never work, no overlap, no gap, no rule that is never reached.
TEST(Check, ShippedPackagesHaveNoFindingOfExpressionsOrTables) {
  if (!std::filesystem::exists("bank")) GTEST_SKIP() << "run from the root of the project";
  int packages = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("bank")) {
    if (entry.path().filename() != "arbejdsgang.yaml") continue;
    const auto folder = entry.path().parent_path();
    const auto package = bank::load_folder(folder.string(), folder.parent_path().filename().string() + "/" + folder.filename().string());
    ASSERT_TRUE(package.has_value()) << package.error().text();
    ++packages;
    for (const auto& f : bank::check(*package)) {
      const bool of_ours = f.code == "SG-FEEL" || f.code.starts_with("DMN-");
      EXPECT_FALSE(of_ours) << f.file << ":" << f.line << ": " << f.code << ": " << f.message;
    }
  }
  EXPECT_GT(packages, 0);
}

TEST(Package, SlugsAndMissingManifest) {
  for (const char* bad : {"", "a", "a/", "/a", "a/b/c", "A/b", "a/b_c", "../b", "a/æ"}) {
    EXPECT_FALSE(bank::valid_slug(bad)) << bad;
    EXPECT_FALSE(bank::load_files(bicycle(), bad).has_value()) << bad;
  }
  EXPECT_TRUE(bank::valid_slug("a-1/b-2"));
  auto missing = bank::load_files({{"proces.bpmn", kDiagram}}, "a/b");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, base::ErrorCode::invalid_package);
}

TEST(Package, SchemasUseOnlyWhatTheCheckerKnows) {
  EXPECT_EQ(base::unknown_keywords(bank::manifest_schema()), std::vector<std::string>{});
  EXPECT_EQ(base::unknown_keywords(bank::scenario_schema()), std::vector<std::string>{});
}

TEST(Package, TheShippedPackagesHaveNoError) {
  if (!fs::exists("bank")) GTEST_SKIP() << "no bank/ here";
  int packages = 0;
  for (const auto& domain : fs::directory_iterator("bank")) {
    if (!domain.is_directory()) continue;
    for (const auto& name : fs::directory_iterator(domain.path())) {
      if (!fs::exists(name.path() / "arbejdsgang.yaml")) continue;
      const std::string slug = domain.path().filename().string() + "/" + name.path().filename().string();
      auto package = bank::load_folder(name.path().string(), slug);
      ASSERT_TRUE(package.has_value()) << package.error().text();
      for (const auto& f : bank::check(*package)) EXPECT_FALSE(f.is_error) << slug << "/" << f.file << ":" << f.line << ": " << f.code << " " << f.message << " " << f.element;
      ++packages;
    }
  }
  EXPECT_GT(packages, 0);
}

TEST_F(BankTest, SearchFindsStemsTyposKleLawAndElements) {
  import("11111111", "kultur/cykler", bicycle());
  import("11111111", "kultur/pas", changed(titled("Fejl i pasregistret", "23.05.00"), "arbejdsgang.yaml", "Lov om cykler, henvisning: paragraf 7", "Pasloven, henvisning: paragraf 2"));
  EXPECT_EQ(search("tilskuddene"), Slugs{"kultur/cykler"}) << "another form of the word";
  EXPECT_EQ(search("pasregistret"), Slugs{"kultur/pas"});
  EXPECT_EQ(search("pasregisteret"), Slugs{"kultur/pas"}) << "misspelt";
  EXPECT_EQ(search("54.18"), Slugs{"kultur/cykler"}) << "beginning of a KLE number";
  EXPECT_EQ(search("54.18.00"), Slugs{"kultur/cykler"});
  EXPECT_EQ(search("23"), Slugs{"kultur/pas"});
  EXPECT_EQ(search("pasloven"), Slugs{"kultur/pas"});
  EXPECT_EQ(search("cyk"), Slugs{"kultur/cykler"}) << "while typing";
  EXPECT_EQ(search("rumraket"), Slugs{});
  EXPECT_EQ(search("\"OR AND ( NOT *"), Slugs{}) << "no query language for strangers";
  auto list = bank_->list("11111111", {.q = "vurder", .domain = {}, .kind = {}, .kle = {}, .runnable = {}});
  ASSERT_TRUE(list.has_value());
  const Json& hit = (*list)["items"].as_array()[0]["hits"].as_array()[0];
  EXPECT_EQ(hit["field"], Json("aktivitet"));
  EXPECT_EQ(hit["text"], Json("Vurder ansøgningen"));
  EXPECT_EQ(hit["elementId"], Json("vurder"));
}

TEST_F(BankTest, ListsHaveFiltersFacetsAndPages) {
  import("11111111", "kultur/cykler", bicycle());
  import("11111111", "kultur/aal", titled("Ål", "54"));
  import("11111111", "social/pas", changed(changed(titled("Pas", "23.05.00"), "arbejdsgang.yaml", "Kultur", "Social"), "arbejdsgang.yaml", "art: god", "art: korrekt"));
  EXPECT_EQ(found("11111111", {}), (Slugs{"social/pas", "kultur/cykler", "kultur/aal"})) << "Danish order: å last";
  EXPECT_EQ(found("11111111", {.q = {}, .domain = "Kultur", .kind = {}, .kle = {}, .runnable = {}}).size(), 2u);
  EXPECT_EQ(found("11111111", {.q = {}, .domain = {}, .kind = "korrekt", .kle = {}, .runnable = {}}), Slugs{"social/pas"});
  EXPECT_EQ(found("11111111", {.q = {}, .domain = {}, .kind = {}, .kle = "54", .runnable = {}}).size(), 2u);
  EXPECT_EQ(found("11111111", {.q = {}, .domain = {}, .kind = {}, .kle = "5", .runnable = {}}).size(), 0u);
  EXPECT_EQ(found("11111111", {.q = {}, .domain = {}, .kind = {}, .kle = {}, .runnable = true}).size(), 0u);
  EXPECT_EQ(found("11111111", {.q = {}, .domain = {}, .kind = {}, .kle = {}, .runnable = {}, .limit = 1, .offset = 1}), Slugs{"kultur/cykler"});
  auto list = bank_->list("11111111", {.q = {}, .domain = "Social", .kind = {}, .kle = {}, .runnable = {}});
  EXPECT_EQ((*list)["total"], Json(1));
  EXPECT_EQ((*list)["facets"]["domain"].dump(), R"([{"value":"Kultur","count":2},{"value":"Social","count":1}])");
}

TEST_F(BankTest, OnlyWhatIsPublishedCrossesTheBorder) {
  import("11111111", "kultur/cykler", bicycle());
  EXPECT_EQ(search("tilskud", "22222222"), Slugs{});
  EXPECT_EQ(found("22222222", {}), Slugs{});
  for (const auto& result : {bank_->workflow("22222222", "kultur/cykler"), bank_->steps("22222222", "kultur/cykler")}) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, base::ErrorCode::not_found);
  }
  EXPECT_EQ(bank_->publish("22222222", "kultur/cykler").error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(bank_->publish("11111111", "kultur/cykler").has_value());
  EXPECT_EQ(search("tilskud", "22222222"), Slugs{"kultur/cykler"});
  auto workflow = bank_->workflow("22222222", "kultur/cykler");
  ASSERT_TRUE(workflow.has_value());
  EXPECT_EQ((*workflow)["versions"].as_array()[0]["by"], Json("")) << "who works there is that authority's business";
  // A variant of one's own hides the published one.
  import("22222222", "kultur/cykler", titled("Vores cykler", "54"));
  EXPECT_EQ((*bank_->workflow("22222222", "kultur/cykler"))["title"], Json("Vores cykler"));
  EXPECT_EQ((*bank_->workflow("11111111", "kultur/cykler"))["title"], Json("Udbetaling af tilskud til cykler"));
}

TEST_F(BankTest, DeploymentsAndScenarioResultsBelongToTheAuthority) {
  import("11111111", "kultur/cykler", with("scenarier/a.yaml", "titel: En god dag\nnaar: []\nsaa: {antal_instanser: 0}\n"));
  ASSERT_TRUE(bank_->publish("11111111", "kultur/cykler").has_value());
  ASSERT_TRUE(bank_->note_deployment("22222222", "kultur/cykler", 1, "p", 7001, "bo").has_value());
  ASSERT_TRUE(bank_->note_deployment("22222222", "kultur/cykler", 1, "p", 7002, "bo").has_value());
  auto deployed = bank_->deployed("22222222");
  ASSERT_TRUE(deployed.has_value());
  ASSERT_EQ(deployed->size(), 1u);
  EXPECT_EQ((*deployed)[0].definition_key, 7002);
  EXPECT_EQ((*deployed)[0].title, "Udbetaling af tilskud til cykler");
  EXPECT_TRUE(bank_->deployed("11111111")->empty());
  EXPECT_EQ((*bank_->workflow("22222222", "kultur/cykler"))["deployed"]["definitionKey"], Json("7002"));
  EXPECT_TRUE((*bank_->workflow("11111111", "kultur/cykler"))["deployed"].is_null());
  const Json results = Json::Array{Json::Object{{"file", "scenarier/a.yaml"}, {"title", "En god dag"}, {"passed", true}, {"seconds", Json(0.25)}, {"message", ""}}};
  ASSERT_TRUE(bank_->note_scenarios("22222222", "kultur/cykler", 1, results).has_value());
  const auto last = [&](const char* authority) { return (*bank_->workflow(authority, "kultur/cykler"))["scenarios"].as_array()[0]["lastResult"]; };
  EXPECT_EQ(last("22222222")["passed"], Json(true));
  EXPECT_TRUE(last("11111111").is_null());
}

TEST_F(BankTest, TheIndexIsRebuiltFromTheStore) {
  import("11111111", "kultur/cykler", bicycle());
  bank_.reset();
  fs::remove_all(folder_ + "/index");
  open_bank();
  EXPECT_EQ(search("tilskud"), Slugs{"kultur/cykler"});
  bank_.reset();
  for (const auto& file : fs::directory_iterator(folder_ + "/index"))
    if (file.path().filename() != "flintlock") fs::resize_file(file.path(), 10);
  open_bank();
  EXPECT_EQ(search("tilskud"), Slugs{"kultur/cykler"}) << "a damaged index is made anew";
}

TEST_F(BankTest, ATreeIsImportedAndPublished) {
  for (const auto& [name, content] : bicycle()) {
    fs::create_directories(folder_ + "/tree/kultur/cykler");
    ASSERT_TRUE(base::write_file_atomic(folder_ + "/tree/kultur/cykler/" + name, content).has_value());
  }
  auto imported = bank_->import_tree("11111111", folder_ + "/tree", "anna", "", true);
  ASSERT_TRUE(imported.has_value()) << imported.error().text();
  EXPECT_EQ(imported->size(), 1u);
  EXPECT_EQ(search("tilskud", "22222222"), Slugs{"kultur/cykler"});
  ASSERT_TRUE(base::write_file_atomic(folder_ + "/tree/kultur/cykler/arbejdsgang.yaml", "format: 2\n").has_value());
  imported = bank_->import_tree("11111111", folder_ + "/tree", "anna", "", true);
  ASSERT_FALSE(imported.has_value());
  EXPECT_TRUE(imported.error().where.file.ends_with("tree/kultur/cykler/arbejdsgang.yaml")) << imported.error().text();
  fs::create_symlink("/etc/passwd", folder_ + "/tree/kultur/cykler/link");
  EXPECT_EQ(bank::load_folder(folder_ + "/tree/kultur/cykler", "kultur/cykler").error().code, base::ErrorCode::invalid_package);
}

TEST(Steps, NumbersRunThroughTheLanes) {
  auto model = bpmn::read(kDiagram, "proces.bpmn");
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(bank::steps(**model).dump(),
            R"({"lanes":[{"id":"l2","name":"Automatik","steps":[{"number":1,"elementId":"start","kind":"start","text":"Begynder: Ansøgning modtaget."},)"
            R"({"number":4,"elementId":"betal","kind":"opgave","text":"Betal tilskuddet."},{"number":5,"elementId":"slut","kind":"slut","text":"Slutter: Sagen er lukket."}]},)"
            R"({"id":"l1","name":"Sagsbehandler","steps":[{"number":2,"elementId":"vurder","kind":"opgave","text":"Vurder ansøgningen."},)"
            R"({"number":3,"elementId":"valg","kind":"valg","text":"Bevilges det? Hvis »ja«, gå til trin 4. Ellers gå til trin 5."}]}]})");
}

// A zip with entries as told, so that names and sizes can be hostile.
std::string zip_of(const Files& files, bool link = false) {
  const std::string path = testing::TempDir() + "sagsgang-zip-" + std::to_string(getpid());
  int error = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : files) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (link) zip_file_set_external_attributes(archive, static_cast<zip_uint64_t>(index), 0, ZIP_OPSYS_UNIX, 0120777u << 16);
  }
  zip_close(archive);
  auto bytes = base::read_file(path, 100u << 20);
  fs::remove(path);
  return bytes.value_or("");
}

TEST(Zip, RoundTripAndTopFolder) {
  auto bytes = bank::zip(bicycle());
  ASSERT_TRUE(bytes.has_value()) << bytes.error().text();
  EXPECT_EQ(bank::unzip(*bytes).value_or(Files{}), bicycle());
  Files inside;
  for (const auto& [name, content] : bicycle()) inside["cykler/" + name] = content;
  inside["__MACOSX/x"] = "y";
  EXPECT_EQ(bank::unzip(zip_of(inside)).value_or(Files{}), bicycle());
}

TEST(Zip, HostileOnesAreRefused) {
  const auto code = [](const std::string& bytes) {
    auto files = bank::unzip(bytes);
    return files ? std::string("accepted") : std::string(base::name(files.error().code));
  };
  EXPECT_EQ(code("PK nonsense"), "invalid_package");
  EXPECT_EQ(code(""), "invalid_package");
  EXPECT_EQ(code(zip_of({{"../../etc/cron.d/x", "x"}})), "invalid_package");
  EXPECT_EQ(code(zip_of({{"a/../../b", "x"}})), "invalid_package");
  EXPECT_EQ(code(zip_of({{"/etc/passwd", "x"}})), "invalid_package");
  EXPECT_EQ(code(zip_of({{"C:/x", "x"}})), "invalid_package");
  EXPECT_EQ(code(zip_of({{"a\\b", "x"}})), "invalid_package");
  EXPECT_EQ(code(zip_of({{"a.yaml", "x"}, {"A.yaml", "y"}})), "invalid_package");
  EXPECT_EQ(code(zip_of({{"a", "/etc/passwd"}}, true)), "invalid_package");
  EXPECT_EQ(code(zip_of({{"bomb", std::string(base::limits::kPackageBytes + 1, '0')}})), "limit_exceeded");
  Files many;
  for (std::size_t i = 0; i <= base::limits::kPackageFiles; ++i) many["f" + std::to_string(i)] = "";
  EXPECT_EQ(code(zip_of(many)), "limit_exceeded");
  many.erase("f0");
  EXPECT_EQ(code(zip_of(many)), "accepted") << "exactly at the limit";
  std::string damaged = zip_of({{"a", std::string(1000, 'x') + "abcdef"}});
  damaged[40] ^= 0x55;
  EXPECT_EQ(code(damaged), "invalid_package");
}

}  // namespace
