// Drafts: the life from tests/drafts/life.yaml, what they begin from, revisions, coverage, versions in between, what changed.
#include "bank/drafts/drafts.h"

#include <gtest/gtest.h>


#include "bank/coverage.h"
#include "bank/drafts/row.h"
#include "bank/test_bank.h"
#include "base/storage.h"
#include "base/text.h"

namespace {

using namespace bank::drafts;
using bank::Bank;
using bank::Finding;
using base::ErrorCode;
using base::Json;

constexpr const char* kA = "11111111";
constexpr const char* kB = "22222222";
constexpr const char* kCorrect = "tvaergaaende/arbejdsevnevurdering-2010";
constexpr const char* kText = "proces: Svarer på en henvendelse\n  pulje: Svar\n  bane: Sagsbehandler\n  @Sagsbehandler\n  start: Henvendelse modtaget\n  bruger: Læser henvendelsen\n  bruger: Skriver et svar\n  slut: Svaret er sendt\n";

class DraftsTest : public testing::Test, protected bank_test::TestBank {
 protected:
  DraftsTest() : TestBank("drafts") {}
  void SetUp() override {
    ASSERT_TRUE(Drafts::prepare(*database_).has_value());
    drafts_ = std::make_unique<Drafts>(*database_, *bank_, clock_);
  }
  std::int64_t create(const Person& who, const NewDraft& asked) {
    const auto made = drafts_->create(who, asked);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().text());
    return made ? std::atoll((*made)["id"].string_or("0").c_str()) : 0;
  }
  std::int64_t from_text(const Person& who, const std::string& name = "") { return create(who, {.domain = "tvaergaaende", .name = name, .notation = kText}); }
  Json seen(const Person& who, std::int64_t key) {
    auto out = drafts_->get(who, key);
    EXPECT_TRUE(out.has_value());
    return out ? out->draft : Json();
  }
  std::string take(const Person& who, std::int64_t key, Step step, const Asked& asked = {}) {
    const auto done = drafts_->take(who, key, step, asked, nullptr);
    return done ? (*done)["state"].string_or("") : std::string(base::name(done.error().code));
  }
  void import(const std::string& slug, bool publish = false) {
    auto package = bank::load_folder("bank/" + slug, slug);
    ASSERT_TRUE(package.has_value()) << slug;
    const auto imported = bank_->import(kA, slug, package->files, "anna", "");
    ASSERT_TRUE(imported.has_value()) << imported.error().text();
    if (publish) {
      ASSERT_TRUE(bank_->publish(kA, slug).has_value());
    }
  }
  // Proposed by who wrote it, approved and published by another.
  std::string through(const Person& author, std::int64_t key, const Person& other) {
    const std::string proposed = take(author, key, Step::propose), approved = take(other, key, Step::approve);
    return proposed != "proposed" ? proposed : approved != "approved" ? approved : take(other, key, Step::publish);
  }

  std::unique_ptr<Drafts> drafts_;
  const Person anna_{kA, "anna", "Anna Konsulent", true}, carl_{kA, "carl", "Carl Konsulent", true}, bo_{kA, "bo", "Bo Sagsbehandler", false}, dorte_{kA, "dorte", "Dorte Sagsbehandler", false},
      erik_{kB, "erik", "Erik Nabo", true};

  // One step of life.yaml: the new state, "r<revision>", or the code of the refusal.
  std::string step(std::int64_t key, const Person& who, std::string what) {
    const auto shown = [](const auto& result, const std::function<std::string()>& well) { return result ? well() : std::string(base::name(result.error().code)); };
    Asked asked{.note = "fordi"};
    if (what == "save" || what == "save-same") {
      const auto head = drafts_->head(kA, key);
      const auto now = drafts_->file(kA, key, "proces.bpmn");
      const auto saved = drafts_->save(who, key, head ? head->revision : 0, "proces.bpmn", now->bytes + (what == "save" ? "\n" : ""));
      return shown(saved, [&] { return "r" + std::to_string(saved->revision); });
    }
    if (what == "comment" || what == "comment-without-words") {
      const auto said = drafts_->comment(who, key, what == "comment" ? "Godt" : "  ", "");
      return shown(said, [&] { return "r" + std::to_string((*said)["revision"].int_or(0)); });
    }
    if (what == "state") {
      const auto head = drafts_->head(who.authority, key);
      return shown(head, [&] { return std::string(name(head->state)); });
    }
    if (what == "create") return from_text(who, "en-anden") > 0 ? "created" : "failed";
    if (what == "return-without-reason") asked.note.clear(), what = "return";
    if (const auto at = what.find("-r"); at != std::string::npos) asked.revision = std::stoi(what.substr(at + 2)), what.resize(at);
    static const std::map<std::string, Step> kSteps = {{"propose", Step::propose}, {"withdraw", Step::withdraw}, {"return", Step::send_back}, {"approve", Step::approve},
        {"publish", Step::publish}, {"delete", Step::remove}, {"restore", Step::restore}};
    EXPECT_TRUE(kSteps.contains(what)) << what;
    return take(who, key, kSteps.at(what), asked);
  }
};

TEST_F(DraftsTest, Life) {
  const auto text = base::read_file("tests/drafts/life.yaml", 1 << 20);
  ASSERT_TRUE(text.has_value()) << "run from the root of the project";
  const auto document = base::parse_yaml(*text, "life.yaml");
  ASSERT_TRUE(document.has_value()) << document.error().text();
  const std::map<std::string, Person> people = {{"anna", anna_}, {"bo", bo_}, {"carl", carl_}, {"dorte", dorte_}, {"erik", erik_}};
  int number = 0;
  for (const Json& one : document->value["cases"].as_array()) {
    const std::int64_t key = from_text(bo_, "sag-" + std::to_string(++number));
    for (const Json& line : one["steps"].as_array()) {
      const auto words = base::split(line.as_string(), ' ');
      ASSERT_GE(words.size(), 2u) << line.as_string();
      if (words[0] == "wait") {
        clock_.advance(std::stoll(std::string(words[1])) * 24 * 3'600'000);
        continue;
      }
      ASSERT_EQ(words.size(), 4u) << line.as_string();
      EXPECT_EQ(step(key, people.at(std::string(words[0])), std::string(words[1])), words[3]) << one["name"].as_string() << ": " << line.as_string() << "; rerun: build/release/bank_test --gtest_filter=DraftsTest.Life";
    }
  }
  EXPECT_GE(number, 15);
}

TEST_F(DraftsTest, HistorySaysWhoWhenAndWhy) {
  const std::int64_t key = from_text(bo_);
  clock_.advance(60'000);
  for (const char* what : {"save", "save", "save"}) step(key, bo_, what);
  take(bo_, key, Step::propose, {.note = "Klar"});
  clock_.advance(60'000);
  take(anna_, key, Step::send_back, {.note = "Hvem svarer?"});
  const Json draft = seen(bo_, key);
  std::string told;
  for (const Json& e : draft["history"].as_array()) told += e["by"].as_string() + " " + e["what"].as_string() + (e["note"].as_string().empty() ? "" : " »" + e["note"].as_string() + "«") + " " + e["at"].as_string().substr(11, 5) + " r" + std::to_string(e["revision"].as_int()) + "; ";
  EXPECT_EQ(told, "Bo Sagsbehandler created 08:00 r1; Bo Sagsbehandler saved 08:01 r4; Bo Sagsbehandler proposed »Klar« 08:01 r4; Anna Konsulent returned »Hvem svarer?« 08:02 r4; ") << "saves in a row are one";
  EXPECT_EQ(draft["may"]["write"], Json(true));
  EXPECT_EQ(seen(dorte_, key)["may"]["write"], Json(false));
  EXPECT_EQ(draft["mayDecide"], Json(false));
}

TEST_F(DraftsTest, ListsAreWhatWaitsForWhom) {
  const std::int64_t open = from_text(bo_, "aaben"), proposed = from_text(bo_, "foreslaaet"), returned = from_text(bo_, "sendt-retur"), approved = from_text(anna_, "godkendt"), deleted = from_text(bo_, "slettet");
  for (const std::int64_t key : {proposed, returned}) take(bo_, key, Step::propose);
  take(anna_, returned, Step::send_back, {.note = "Nej"});
  take(anna_, approved, Step::propose);
  take(carl_, approved, Step::approve);
  take(bo_, deleted, Step::remove);
  const auto slugs = [&](const Person& who, Which which, std::optional<State> state = {}) {
    std::set<std::string> out;
    const auto list = drafts_->list(who, which, state);
    for (const Json& item : (*list)["items"].as_array()) out.insert(item["slug"].as_string().substr(13));
    return base::join({out.begin(), out.end()}, " ");
  };
  EXPECT_GT(open, 0);
  EXPECT_EQ(slugs(bo_, Which::mine), "aaben foreslaaet sendt-retur");
  EXPECT_EQ(slugs(bo_, Which::waiting), "sendt-retur");
  EXPECT_EQ(slugs(anna_, Which::waiting), "foreslaaet godkendt");
  EXPECT_EQ(slugs(dorte_, Which::waiting), "");
  EXPECT_EQ(slugs(dorte_, Which::all), "aaben foreslaaet godkendt sendt-retur");
  EXPECT_EQ(slugs(bo_, Which::mine, State::deleted), "slettet");
  EXPECT_EQ(slugs(erik_, Which::all), "");
}

TEST_F(DraftsTest, AWriterWithAnOldRevisionIsRefusedAndToldWho) {
  const std::int64_t key = from_text(bo_);
  clock_.advance(1'000);
  ASSERT_EQ(step(key, anna_, "save"), "r2");
  const auto late = drafts_->save(bo_, key, 1, "proces.bpmn", "<x/>");
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::conflict);
  const auto head = drafts_->head(kA, key);
  EXPECT_EQ(head->changed_by, "Anna Konsulent");
  EXPECT_EQ(head->changed, clock_.now());
  EXPECT_EQ(head->revision, 2);
}

TEST_F(DraftsTest, ADraftWithErrorsIsSavedButNeitherApprovedNorProposedWhereItCannotBeRead) {
  const std::int64_t key = from_text(bo_);
  const auto saved = drafts_->save_manifest(bo_, key, 1, Json::Object{{"format", 1}, {"titel", "Ny titel"}});
  ASSERT_TRUE(saved.has_value()) << saved.error().text();
  EXPECT_FALSE(saved->findings.empty());
  EXPECT_EQ(seen(bo_, key)["title"], Json("Ny titel"));
  EXPECT_EQ(take(bo_, key, Step::propose), "proposed") << "it can be read";
  std::vector<Finding> findings;
  const auto refused = drafts_->take(anna_, key, Step::approve, {}, &findings);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_package);
  EXPECT_FALSE(findings.empty());
  take(bo_, key, Step::withdraw);
  const auto broken = drafts_->save(bo_, key, 2, "proces.bpmn", "<bpmn:definitions");
  ASSERT_TRUE(broken.has_value());
  EXPECT_EQ(take(bo_, key, Step::propose), "invalid_package");
  ASSERT_TRUE(drafts_->save(bo_, key, 3, "arbejdsgang.yaml", std::nullopt).has_value());
  EXPECT_EQ(take(bo_, key, Step::propose), "invalid_package");
  EXPECT_EQ(seen(bo_, key)["manifest"], Json());
  for (const char* path : {"../x", "/x", "a//b", "", ".skjult", "a/../b", "a\\b"}) {
    const auto no = drafts_->save(bo_, key, 4, path, "x");
    EXPECT_EQ(no ? "saved" : base::name(no.error().code), "invalid_argument") << path;
  }
}

TEST_F(DraftsTest, TheSameManifestStaysAsItWasWritten) {
  import(kCorrect);
  const std::int64_t key = create(anna_, {.from = kCorrect});
  const Json manifest = seen(anna_, key)["manifest"];
  const auto before = drafts_->file(kA, key, "arbejdsgang.yaml")->bytes;
  EXPECT_EQ(drafts_->save_manifest(anna_, key, 1, manifest)->revision, 1);
  Json other = manifest;
  other.set("titel", "En anden: \"titel\" # med tegn");
  ASSERT_EQ(drafts_->save_manifest(anna_, key, 1, other)->revision, 2);
  EXPECT_EQ(seen(anna_, key)["manifest"], other) << "what is written is what is read";
  EXPECT_NE(drafts_->file(kA, key, "arbejdsgang.yaml")->bytes, before);
}

TEST_F(DraftsTest, BeginsFromTextFromBpmnAndFromNothing) {
  const auto clean = [&](std::int64_t key) {
    std::string out;
    const auto got = drafts_->get(bo_, key);
    for (const Finding& f : got->findings)
      if (f.is_error) out += f.file + ":" + f.code + ": " + f.message + "\n";
    return out;
  };
  const std::int64_t text = from_text(bo_);
  EXPECT_EQ(seen(bo_, text)["slug"], Json("tvaergaaende/svarer-paa-en-henvendelse"));
  EXPECT_EQ(seen(bo_, text)["manifest"]["domaene"], Json("Tværgående"));
  EXPECT_EQ(seen(bo_, text)["manifest"]["roller"], Json(Json::Array{"Sagsbehandler"}));
  EXPECT_EQ(clean(text), "");
  const std::int64_t empty = create(bo_, {.title = "Årlig høring: plan & budget", .domain = "Teknik og miljø", .kle = "01.02"});
  EXPECT_EQ(seen(bo_, empty)["slug"], Json("teknik-og-miljoe/aarlig-hoering-plan-budget"));
  EXPECT_EQ(seen(bo_, empty)["manifest"]["domaene"], Json("Teknik og miljø"));
  EXPECT_EQ(clean(empty), "");
  const std::string xml = drafts_->file(kA, text, "proces.bpmn")->bytes;
  const std::int64_t bpmn = create(bo_, {.title = "Fra fil", .domain = "tvaergaaende", .bpmn = xml});
  EXPECT_EQ(drafts_->file(kA, bpmn, "proces.bpmn")->bytes, xml);
  EXPECT_EQ(clean(bpmn), "");
  const auto refused = [&](const NewDraft& asked) {
    const auto made = drafts_->create(bo_, asked);
    return made ? std::string("made") : std::string(base::name(made.error().code));
  };
  EXPECT_EQ(refused({.title = "x", .domain = "y", .bpmn = "<x"}), "invalid_xml");
  EXPECT_EQ(refused({.title = "x", .domain = "y", .notation = "proces: A\n  hovsa: B\n"}), "invalid_bpmn");
  EXPECT_EQ(refused({.title = "", .domain = "y"}), "invalid_argument");
  EXPECT_EQ(refused({.title = "x", .domain = " "}), "invalid_argument");
  EXPECT_EQ(refused({.title = "???", .domain = "y"}), "invalid_argument");
  EXPECT_EQ(refused({.title = "x", .domain = "y", .from = "findes/ikke"}), "not_found");
  EXPECT_EQ(refused({.title = "x", .domain = "y", .from = kCorrect, .bpmn = "<x/>"}), "invalid_argument");
}

TEST_F(DraftsTest, PublishedAsTheNextVersionAndReadableByOthers) {
  const std::int64_t first = from_text(bo_);
  EXPECT_EQ(through(bo_, first, anna_), "published");
  const std::string slug = "tvaergaaende/svarer-paa-en-henvendelse";
  EXPECT_TRUE(bank_->get(kB, slug).has_value()) << "published to everybody";
  EXPECT_EQ(seen(bo_, first)["published"], Json(1));
  const auto again = drafts_->create(bo_, {.title = "Svarer på en henvendelse", .domain = "tvaergaaende"});
  EXPECT_EQ(again.error().code, ErrorCode::conflict) << "the name is taken: one draws on from what is there";
  const std::int64_t next = create(bo_, {.from = slug});
  EXPECT_EQ(seen(bo_, next)["manifest"]["version"], Json("1.1.0"));
  EXPECT_EQ(seen(bo_, next)["replaces"], Json(1));
  step(next, bo_, "save");
  EXPECT_EQ(through(bo_, next, anna_), "published");
  EXPECT_EQ(bank_->get(kA, slug)->version, 2);
  EXPECT_EQ((*bank_->list(kB, {.q = "henvendelsen"}))["total"], Json(1)) << "found by search";
}

TEST_F(DraftsTest, AVersionInBetweenIsNeverOverwrittenSilently) {
  const std::string slug = "tvaergaaende/svarer-paa-en-henvendelse";
  ASSERT_EQ(through(bo_, from_text(bo_), anna_), "published");
  const std::int64_t one = create(bo_, {.from = slug});
  const std::int64_t two = create(dorte_, {.from = slug});
  for (const auto& [key, who] : {std::pair{one, bo_}, {two, dorte_}}) {
    step(key, who, "save");
    take(who, key, Step::propose);
    take(anna_, key, Step::approve);
  }
  step(two, dorte_, "withdraw"), step(two, dorte_, "save"), take(dorte_, two, Step::propose), take(anna_, two, Step::approve);
  EXPECT_EQ(take(anna_, one, Step::publish), "published");
  EXPECT_EQ(seen(dorte_, two)["behind"]["version"], Json(2));
  EXPECT_EQ(take(anna_, two, Step::publish), "conflict");
  EXPECT_EQ(take(anna_, two, Step::publish, {.over = 1}), "conflict");
  EXPECT_EQ(take(anna_, two, Step::publish, {.over = 2}), "published");
  EXPECT_EQ(bank_->get(kA, slug)->version, 3);
}

TEST_F(DraftsTest, AnOlderVersionComesBackAsADraftAgainstTheOneInForce) {
  const std::string slug = "tvaergaaende/svarer-paa-en-henvendelse";
  ASSERT_EQ(through(bo_, from_text(bo_), anna_), "published");
  const std::string original = bank_->file(kA, slug, 1, "proces.bpmn").value();
  const std::int64_t next = create(bo_, {.from = slug});
  std::string renamed = original;
  renamed.replace(renamed.find("Skriver et svar"), 15, "Ringer med svar");
  ASSERT_TRUE(drafts_->save(bo_, next, 1, "proces.bpmn", renamed).has_value());
  const auto changed = drafts_->changes(kA, next);
  EXPECT_EQ((*changed)["against"]["version"], Json(1));
  EXPECT_EQ((*changed)["diagram"]["differences"].size(), 1u) << changed->dump();
  EXPECT_EQ((*changed)["manifest"].as_array()[0]["key"], Json("version"));
  EXPECT_NE(drafts_->changes_svg(kA, next)->find("Forslaget"), std::string::npos);
  ASSERT_EQ(through(bo_, next, anna_), "published");
  const std::int64_t back = create(bo_, {.from = slug, .version = 1});
  EXPECT_EQ(drafts_->file(kA, back, "proces.bpmn")->bytes, original);
  EXPECT_EQ(seen(bo_, back)["base"]["version"], Json(1));
  EXPECT_EQ((*drafts_->changes(kA, back))["against"]["version"], Json(2));
  EXPECT_EQ((*drafts_->changes(kA, back))["diagram"]["differences"].size(), 1u);
  EXPECT_EQ(through(bo_, back, anna_), "published");
  EXPECT_EQ(bank_->file(kA, slug, 3, "proces.bpmn").value(), original);
  const auto no = drafts_->create(bo_, {.from = slug, .version = 9});
  EXPECT_EQ(no.error().code, ErrorCode::not_found);
}

TEST_F(DraftsTest, PublicationAsksForEveryDutyOfTheLaw) {
  import(kCorrect, true);
  const std::int64_t key = create(bo_, {.title = "Vores arbejdsevnevurdering", .name = "vores", .from = kCorrect});
  EXPECT_EQ(seen(bo_, key)["manifest"]["afledt_af"], Json(Json::Array{kCorrect}));
  EXPECT_EQ(seen(bo_, key)["manifest"]["art"], Json("lokal"));
  const std::string whole = drafts_->file(kA, key, "proces.bpmn")->bytes;
  const auto duties = bank::duties(*bank_->get(kA, kCorrect)->package);
  ASSERT_EQ(duties.size(), 8u);
  std::string less = whole;  // one activity loses its law, so it is not the duty any more
  const auto at = less.find("name=\"lov\"", less.find("id=\"" + duties[2].id + "\""));
  ASSERT_NE(at, std::string::npos);
  less.replace(at, 10, "name=\"bem\"");
  const auto saved = drafts_->save(bo_, key, 1, "proces.bpmn", less);
  ASSERT_TRUE(saved.has_value());
  const auto missing = std::count_if(saved->findings.begin(), saved->findings.end(), [](const Finding& f) { return f.code == "SG-COVERAGE"; });
  EXPECT_EQ(missing, 1) << "told at the save already";
  EXPECT_EQ(take(bo_, key, Step::propose), "proposed");
  std::vector<Finding> findings;
  const auto refused = drafts_->take(anna_, key, Step::approve, {}, &findings);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("'" + duties[2].name + "'"), std::string::npos) << refused.error().message;
  take(anna_, key, Step::send_back, {.note = "En opgave mangler"});
  ASSERT_TRUE(drafts_->save(bo_, key, 2, "proces.bpmn", whole).has_value());
  take(bo_, key, Step::propose);
  EXPECT_EQ(take(anna_, key, Step::approve), "approved");
  // The law moves between approval and publication: a ninth duty.
  auto package = bank::load_folder(std::string("bank/") + kCorrect, kCorrect);
  std::string& xml = package->files["proces.bpmn"];
  const std::string id = duties[3].id;
  std::string ninth = xml;
  for (auto found = ninth.find("\"" + id + "\""); found != std::string::npos; found = ninth.find("\"" + id + "\"", found + 1)) ninth.replace(found, id.size() + 2, "\"" + id + "_ny\"");
  for (auto found = ninth.find(">" + id + "<"); found != std::string::npos; found = ninth.find(">" + id + "<", found + 1)) ninth.replace(found, id.size() + 2, ">" + id + "_ny<");
  package->files["proces.bpmn"] = ninth;
  const auto newer = bank_->import(kA, kCorrect, package->files, "anna", "");
  ASSERT_TRUE(newer.has_value()) << newer.error().text();
  EXPECT_EQ(take(anna_, key, Step::publish), "conflict") << "the guard stands at publication too";
  EXPECT_FALSE(bank_->get(kA, "tvaergaaende/vores").has_value()) << "and nothing was stored";
}

TEST_F(DraftsTest, FromAnotherAuthoritysAndWithANameOfItsOwn) {
  import(kCorrect, true);
  const std::int64_t key = create(erik_, {.from = kCorrect});
  EXPECT_EQ(seen(erik_, key)["slug"], Json(std::string(kCorrect) + "-lokal"));
  EXPECT_EQ(seen(erik_, key)["manifest"]["afledt_af"], Json(Json::Array{kCorrect}));
  EXPECT_EQ(seen(erik_, key)["base"]["own"], Json(false));
  const auto same = drafts_->create(erik_, {.name = "arbejdsevnevurdering-2010", .from = kCorrect});
  EXPECT_EQ(same.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(drafts_->get(anna_, key).error().code, ErrorCode::not_found);
}

TEST_F(DraftsTest, ACopyOfADraftGoesOnAsOnesOwn) {
  const std::int64_t key = from_text(bo_);
  step(key, anna_, "save");
  const std::string xml = drafts_->file(kA, key, "proces.bpmn")->bytes + "\n";
  const std::int64_t mine = create(bo_, {.title = "Min", .bpmn = xml, .copy = key});
  EXPECT_EQ(drafts_->file(kA, mine, "proces.bpmn")->bytes, xml);
  EXPECT_EQ(seen(bo_, mine)["slug"], seen(bo_, key)["slug"]);
  EXPECT_EQ(seen(bo_, mine)["title"], Json("Min"));
  EXPECT_EQ(drafts_->create(erik_, {.copy = key}).error().code, ErrorCode::not_found);
}

TEST(DraftSlug, Parts) {
  for (const auto& [text, slug] : std::vector<std::pair<std::string, std::string>>{{"Mål & midler", "maal-midler"}, {"  ÆØÅ  ", "aeoeaa"}, {"§ 10, stk. 2", "10-stk-2"}, {"Énarmet", "enarmet"}, {"---", ""}, {"日本", ""}})
    EXPECT_EQ(slug_part(text), slug) << text;
}

}  // namespace
