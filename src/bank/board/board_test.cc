// Boards: operations and the clock from tests/board/*.yaml, storage, the starting deck, coverage, and the way to a package.
#include <gtest/gtest.h>

#include <filesystem>

#include "bank/board/board.h"
#include "bank/board/calendar.h"
#include "bank/board/deck.h"
#include "bank/board/diagram.h"
#include "bank/board/manifest.h"
#include "bank/test_bank.h"
#include "base/limits_board.h"
#include "base/storage.h"
#include "base/text.h"

namespace {

using namespace bank::board;
using base::Json;
using bank::Bank;
namespace fs = std::filesystem;

constexpr const char* kA = "11111111";
constexpr const char* kB = "22222222";
constexpr const char* kCorrect = "tvaergaaende/arbejdsevnevurdering-2010";
constexpr const char* kRedesigned = "arbejdsmarked/arbejdsevnevurdering-paa-et-moede";

Json cases(const std::string& file) {
  const auto text = base::read_file("tests/board/" + file, 1 << 20);
  EXPECT_TRUE(text.has_value()) << file;
  auto document = base::parse_yaml(text.value_or(""), file);
  EXPECT_TRUE(document.has_value()) << (document ? "" : document.error().text());
  return document ? document->value : Json();
}
std::int64_t day(const std::string& text) { return day_of(std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))); }

TEST(BoardClock, Cases) {
  const Json all = cases("clock.yaml");
  for (const Json& one : all["cases"].as_array()) {
    std::vector<Timed> cards;
    for (const Json& line : one["cards"].as_array()) {
      const auto parts = base::split(line.as_string(), ' ');
      const auto part = [&](std::size_t at) { return at < parts.size() ? std::string(parts[at]) : std::string(); };
      cards.push_back({"k" + std::to_string(cards.size()), std::stoi(part(0)), parse_range(part(1)).value(), parse_range(part(2)).value(), part(3).empty() ? 100 : std::stoi(part(3))});
    }
    const Figures found = figures(cards);
    EXPECT_EQ(words(found.lead), one["lead"].as_string()) << one["name"].as_string();
    EXPECT_EQ(words(found.handling), one["handling"].as_string()) << one["name"].as_string();
    EXPECT_LE(found.lead.low, found.lead_median) << one["name"].as_string();
    EXPECT_LE(found.lead_median, found.lead_most) << one["name"].as_string();
    EXPECT_LE(found.lead_most, found.lead.high) << one["name"].as_string();
    std::reverse(cards.begin(), cards.end());
    EXPECT_EQ(figures(cards).lead_most, found.lead_most) << one["name"].as_string() << ": the order of the cards decides nothing";
  }
}

TEST(BoardClock, WordsFaultsAndDays) {
  const Json all = cases("clock.yaml");
  for (const Json& one : all["words"].as_array()) EXPECT_EQ(words(parse_range(one["range"].as_string()).value()), one["words"].as_string()) << one["range"].as_string();
  for (const Json& one : all["wrong"].as_array()) EXPECT_FALSE(parse_range(one.as_string()).has_value()) << one.as_string();
  for (const Json& one : all["days"].as_array())
    EXPECT_EQ(date_text(done_on(day(one["from"].as_string()), static_cast<double>(one["days"].as_int()))), one["done"].as_string()) << one.dump();
  EXPECT_EQ(date_text(danish_day(1'782'856'800'000 - 1)), "2026-06-30") << "one millisecond before midnight of summer time";
  EXPECT_EQ(date_text(danish_day(1'782'856'800'000)), "2026-07-01");
}

TEST(BoardClock, ChanceIsDrawnAndSeeded) {
  std::vector<Timed> cards;
  for (int i = 0; i < 10; ++i) cards.push_back({"kort" + std::to_string(i), i, {0, 60}, {0, 0}, 100});
  const Figures found = figures(cards);
  EXPECT_NEAR(found.lead_median, 300, 10) << "ten cards of half an hour on average";
  EXPECT_NEAR(found.lead_most, 300 + 1.2816 * 54.8, 12) << "the 90 % value of ten uniform hours";
  EXPECT_EQ(figures(cards).lead_most, found.lead_most);
  cards.push_back({"sjaelden", 10, {600, 600}, {0, 0}, 5});
  EXPECT_NEAR(figures(cards).handling_most, found.handling_most, 30) << "what happens once in twenty is not in the 90 % value";
}

class BoardTest : public testing::Test, protected bank_test::TestBank {
 protected:
  BoardTest() : TestBank("board", 1'764'586'800'000) {}
  void SetUp() override { reopen(); }
  void reopen() {
    boards_.reset();
    open_bank();
    boards_ = std::move(Boards::open(*database_, *bank_, clock_).value());
  }
  void shipped(const std::string& slug, const std::string& authority = kA) {
    auto package = bank::load_folder("bank/" + slug, slug);
    ASSERT_TRUE(package.has_value()) << package.error().text();
    auto imported = bank_->import(authority, slug, package->files, "anna", "");
    ASSERT_TRUE(imported.has_value()) << imported.error().text();
  }
  static Member member(const std::string& user, const std::string& authority = kA) { return {authority, user, user}; }
  std::int64_t create(const NewBoard& asked) {
    auto key = boards_->create(member("anna"), asked);
    EXPECT_TRUE(key.has_value()) << (key ? "" : key.error().text());
    return key.value_or(0);
  }
  base::Result<Json> change(std::int64_t key, const std::string& user, const Json& op) { return boards_->change(member(user), key, Mode::apply, op); }
  void must(std::int64_t key, const std::string& user, const Json& op) {
    auto done = change(key, user, op);
    EXPECT_TRUE(done.has_value()) << op.dump() << ": " << (done ? "" : done.error().text());
  }
  Json get(std::int64_t key) {
    auto found = boards_->get(kA, key);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().text());
    return found ? std::move(*found) : Json();
  }
  static Json card(const Json& board, const std::string& id) {
    for (const Json& one : board["cards"].as_array())
      if (one["id"].as_string() == id) return one;
    return {};
  }
  static std::string ids(const Json& lines) {
    std::vector<std::string> out;
    for (const Json& one : lines.as_array()) out.push_back(one["id"].as_string());
    return base::join(out, " ");
  }

  std::unique_ptr<Boards> boards_;
};

TEST_F(BoardTest, OperationsOfSeveralPeople) {
  const Json all = cases("operations.yaml");
  for (const Json& one : all["cases"].as_array()) {
    const std::string name = one["name"].as_string();
    const std::int64_t key = create({"Prøve", "", "proces: Prøve\n  bane: En\n  bane: To\n  @En\n  start: x\n  bruger #a: a\n  bruger #b: b\n  bruger #c: c\n"});
    // From a text each activity has its column; the cases begin with all in the first.
    for (const char* id : {"a", "b", "c"}) must(key, "vaert", Json::Object{{"op", "move"}, {"card", id}, {"role", "r1"}, {"column", "k1"}});
    must(key, "vaert", Json::Object{{"op", "drop"}, {"what", "column"}, {"id", "k3"}});
    must(key, "vaert", Json::Object{{"op", "role"}, {"id", "r2"}, {"text", "To"}});
    for (const Json& step : one["do"].as_array()) {
      std::string line = step.as_string();
      const bool refused = line.starts_with("!");
      if (refused) line.erase(0, 1);
      const std::string who = line.substr(0, line.find(':')), what = line.substr(line.find(':') + 2);
      const Json before = get(key);
      const auto done = what == "undo" || what == "redo" ? boards_->change(member(who), key, what == "undo" ? Mode::undo : Mode::redo, {})
                                                         : change(key, who, base::parse_yaml(what, "op").value().value);
      EXPECT_EQ(done.has_value(), !refused) << name << ": " << step.as_string() << (done ? "" : ": " + done.error().text());
      EXPECT_TRUE(!refused || get(key) == before) << name << ": " << step.as_string() << " left something behind";
    }
    for (const bool again : {false, true}) {  // in memory, and folded anew from the store
      if (again) reopen();
      const Json board = get(key);
      std::map<std::string, std::string> cells;
      for (const Json& c : board["cards"].as_array()) {
        std::string& cell = cells[c["role"].as_string() + "/" + c["column"].as_string()];
        cell += (cell.empty() ? "" : " ") + c["id"].as_string();
      }
      if (one.has("board")) {
        EXPECT_EQ(cells.size(), one["board"].size()) << name << board["cards"].dump();
        for (const auto& [cell, wanted] : one["board"].as_object()) EXPECT_EQ(cells[cell], wanted.as_string()) << name << " " << cell;
      }
      EXPECT_EQ(ids(board["columns"]), one["columns"].string_or(ids(board["columns"]))) << name;
      EXPECT_EQ(ids(board["roles"]), one["roles"].string_or(ids(board["roles"]))) << name;
      for (const auto& [id, fields] : one["fields"].is_object() ? one["fields"].as_object() : Json::Object{})
        for (const auto& [field, value] : fields.as_object()) EXPECT_EQ(card(board, id)[field].string_or(""), value.as_string()) << name << " " << id << "." << field;
    }
  }
}

TEST_F(BoardTest, EverybodySeesEachChangeAtOnce) {
  const std::int64_t key = create({"Prøve", "", ""});
  std::vector<std::pair<std::string, Json>> anna, bo;
  ASSERT_TRUE(boards_->listen(member("anna"), key, "a1", [&](std::string_view event, const Json& data) { anna.emplace_back(event, data); }).has_value());
  const auto bos = [&](std::string_view event, const Json& data) { bo.emplace_back(event, data); };
  const auto first = boards_->listen(member("bo"), key, "b1", bos), second = boards_->listen(member("bo"), key, "b1", bos);
  ASSERT_TRUE(first.has_value() && second.has_value());
  boards_->leave(key, "b1", *first);  // the old stream of a page that has come back
  EXPECT_EQ(boards_->listen(member("carl"), key, "b1", bos).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(bo.front().first, "board") << "first everything";
  EXPECT_EQ(anna.back().second["people"].size(), 2u) << "who is here";
  must(key, "anna", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "x"}, {"role", "r1"}, {"column", "k2"}, {"text", "Ringer"}, {"handling", "PT30M"}}}});
  ASSERT_EQ(bo.back().first, "patch");
  EXPECT_EQ(bo.back().second["cards"].as_array()[0]["text"], Json("Ringer"));
  EXPECT_EQ(bo.back().second["operation"]["by"], Json("anna"));
  EXPECT_EQ(bo.back().second["clock"]["lead"]["text"], Json("30 minutter")) << "the clock runs along";
  EXPECT_EQ(anna.back().second["revision"], bo.back().second["revision"]);
  const auto told = anna.size();
  ASSERT_TRUE(boards_->here(member("bo"), key, "b1", Json::Object{{"card", "x"}, {"x", 0.5}, {"y", 0.25}}).has_value());
  EXPECT_EQ(anna.back().first, "here");
  EXPECT_EQ(anna.back().second["card"], Json("x"));
  ASSERT_TRUE(boards_->here(member("bo"), key, "b1", Json::Object{{"card", "x"}, {"x", 0.6}, {"y", 0.25}}).has_value());
  EXPECT_EQ(anna.size(), told + 1) << "a pointer is told at most every kBoardPresenceMs";
  clock_.advance(base::limits::kBoardPresenceMs);
  ASSERT_TRUE(boards_->here(member("bo"), key, "b1", Json::Object{{"card", "x"}, {"x", 0.6}, {"y", 0.25}}).has_value());
  EXPECT_EQ(anna.size(), told + 2);
  EXPECT_FALSE(boards_->here(member("anna"), key, "b1", Json::object()).has_value()) << "nobody moves another's pointer";
  boards_->leave(key, "b1", *second);
  EXPECT_EQ(anna.back().second["people"].size(), 1u);
  ASSERT_TRUE(boards_->remove(kA, key).has_value());
  EXPECT_EQ(anna.back().first, "gone");
}

TEST_F(BoardTest, TheCorrectWorkflowIsTheDeckAndItsDutiesArePinned) {
  shipped(kCorrect);
  const std::int64_t key = create({"", kCorrect, ""});
  Json board = get(key);
  EXPECT_EQ(board["fields"]["title"], Json("Arbejdsevnevurdering (2010)"));
  EXPECT_EQ(board["coverage"]["text"], Json("8 af 8 lovfastsatte opgaver dækket"));
  EXPECT_EQ(card(board, "opretter_sag")["law"], Json("Offentlighedsloven (1985) § 6"));
  EXPECT_EQ(card(board, "giver_tilbud")["calls"], Json("tvaergaaende/giver-tilbud-2010"));
  EXPECT_EQ(card(board, "opretter_sag")["column"], Json("k1"));
  must(key, "bo", Json::Object{{"op", "remove"}, {"card", "indhenter_samtykke"}});
  board = get(key);
  EXPECT_EQ(board["coverage"]["text"], Json("7 af 8 lovfastsatte opgaver dækket"));
  EXPECT_EQ(board["coverage"]["missing"].as_array()[0]["name"], Json("Indhenter samtykke"));
  must(key, "bo", Json::Object{{"op", "claim"}, {"card", "samtale_med_borgeren"}, {"duty", "indhenter_samtykke"}});
  EXPECT_EQ(get(key)["coverage"]["missing"].size(), 0u) << "another card took it over";
  must(key, "bo", Json::Object{{"op", "unclaim"}, {"card", "samtale_med_borgeren"}, {"duty", "indhenter_samtykke"}});
  must(key, "bo", Json::Object{{"op", "excuse"}, {"duty", "indhenter_samtykke"}, {"reason", "Ikke relevant her"}});
  board = get(key);
  EXPECT_EQ(board["coverage"]["text"], Json("7 af 8 lovfastsatte opgaver dækket, 1 fravalgt med begrundelse"));
  EXPECT_EQ(board["coverage"]["missing"].size(), 0u);
  const auto wrong = change(key, "bo", Json::Object{{"op", "claim"}, {"card", "opretter_sag"}, {"duty", "indhenter_samtykk"}});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().remedy, "indhenter_samtykke") << "the nearest duty";
}

TEST_F(BoardTest, TheRedesignedProcessClaimsAllEightDutiesOfItsDeck) {
  shipped(kCorrect);
  shipped(kRedesigned);
  const auto package = bank_->get(kA, kRedesigned);
  const auto covered = bank::coverage(*bank_, kA, kA, *package->package);
  ASSERT_TRUE(covered.has_value());
  EXPECT_EQ(covered->text(), "8 af 8 lovfastsatte opgaver dækket");
  const std::int64_t key = create({"", kRedesigned, ""});
  const Json board = get(key);
  EXPECT_EQ(board["coverage"]["covered"], Json(8));
  for (const Json& duty : board["coverage"]["duties"].as_array()) EXPECT_GE(duty["by"].size(), 1u) << duty.dump();
  EXPECT_EQ(board["coverage"]["duties"].as_array()[5]["slug"], Json(kCorrect));
}

TEST_F(BoardTest, PublicationAsksForTheEighthDuty) {
  shipped(kCorrect);
  shipped(kRedesigned);
  const std::int64_t key = create({"", kRedesigned, ""});
  must(key, "anna", Json::Object{{"op", "remove"}, {"card", "indkalder_til_moede"}});  // it claimed "Opretter sag"
  const Target target{.slug = "arbejdsmarked/proeve", .title = "Vores forløb"};
  std::vector<bank::Finding> findings;
  auto stored = boards_->store(member("anna"), key, target, &findings);
  ASSERT_TRUE(stored.has_value()) << stored.error().text();
  EXPECT_EQ((*stored)["coverage"]["text"], Json("7 af 8 lovfastsatte opgaver dækket"));
  EXPECT_EQ((*stored)["from"], Json(kRedesigned));
  for (const auto& f : findings) EXPECT_FALSE(f.is_error) << f.code << " " << f.message;
  const auto refused = bank_->publish(kA, target.slug);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("'Opretter sag' (" + std::string(kCorrect) + "#opretter_sag)"), std::string::npos) << refused.error().message;
  EXPECT_EQ(bank_->get(kB, target.slug).error().code, base::ErrorCode::not_found);
  must(key, "anna", Json::Object{{"op", "excuse"}, {"duty", "opretter_sag"}, {"reason", "Ikke relevant her"}});
  ASSERT_TRUE(boards_->store(member("anna"), key, target, nullptr).has_value());
  const auto after = bank::coverage(*bank_, kA, kA, *bank_->get(kA, target.slug)->package);
  EXPECT_EQ(after->duties.front().excuse.reason, "Ikke relevant her");
  EXPECT_EQ(after->duties.front().excuse.by, "anna") << "who and when";
  EXPECT_TRUE(bank_->publish(kA, target.slug).has_value());
  // Published: a version that covers less is not stored over it.
  must(key, "anna", Json::Object{{"op", "excuse"}, {"duty", "opretter_sag"}, {"reason", ""}});
  const auto worse = boards_->store(member("anna"), key, target, nullptr);
  ASSERT_FALSE(worse.has_value());
  EXPECT_EQ(worse.error().code, base::ErrorCode::conflict);
  std::map<std::string, std::string> files = bank_->get(kA, target.slug)->package->files;
  EXPECT_TRUE(bank_->import(kA, target.slug, files, "anna", "").has_value()) << "the same again is no new version";
  std::string& bpmn = files["proces.bpmn"];
  const std::string claim = "indhenter_kommentarer_til_aev";
  const std::size_t at = bpmn.find(claim + ", ");
  ASSERT_NE(at, std::string::npos);
  bpmn.erase(at, claim.size() + 2);
  findings.clear();
  EXPECT_EQ(bank_->import(kA, target.slug, files, "anna", "", &findings).error().code, base::ErrorCode::conflict) << "nor by any other way";
  ASSERT_EQ(findings.size(), 1u) << "the reason it was published with still stands for the other";
  EXPECT_EQ(findings.back().code, "SG-COVERAGE");
  const auto foreign = bank::coverage(*bank_, kB, kA, *bank_->get(kB, target.slug)->package);
  EXPECT_EQ(foreign->unknown.size(), 2u) << "the sources are not published to the other authority";
}

TEST_F(BoardTest, StoredTwiceWithoutAChangeIsOneVersion) {
  shipped(kCorrect);
  const std::int64_t key = create({"", kCorrect, ""});
  const Target target{.slug = "arbejdsmarked/proeve"};
  EXPECT_EQ(boards_->store(member("anna"), key, target, nullptr).value()["version"], Json(1));
  EXPECT_EQ(boards_->store(member("anna"), key, target, nullptr).value()["changed"], Json(false));
  must(key, "anna", Json::Object{{"op", "goal"}, {"id", "m1"}, {"text", "Hurtigere"}});
  EXPECT_EQ(boards_->store(member("anna"), key, target, nullptr).value()["version"], Json(2));
}

TEST_F(BoardTest, TheShippedBankCoversItsDuties) {
  const auto imported = bank_->import_tree(kA, "bank", "anna", "", true);
  ASSERT_TRUE(imported.has_value()) << imported.error().text();
  int judged = 0;
  for (const auto& one : *imported) {
    const auto package = bank_->get(kA, one.slug)->package;
    if (package->kind == "korrekt" || derived_from(*package).empty()) continue;
    const auto found = bank::coverage(*bank_, kA, kA, *package);
    EXPECT_TRUE(found->missing().empty() && found->unknown.empty()) << one.slug << ": " << found->json().dump();
    judged += found->total > 0 ? 1 : 0;
  }
  EXPECT_GE(judged, 2);
}

TEST_F(BoardTest, AReasonCanBeRecordedOnThePackage) {
  shipped(kCorrect);
  shipped(kRedesigned);
  auto package = bank::load_folder(std::string("bank/") + kRedesigned, kRedesigned);
  std::string& bpmn = package->files["proces.bpmn"];
  const std::string claim = "value=\"opretter_sag\"";
  bpmn.replace(bpmn.find(claim), claim.size(), "value=\"x\"");
  ASSERT_TRUE(bank_->import(kA, kRedesigned, package->files, "anna", "").has_value());
  EXPECT_FALSE(bank_->publish(kA, kRedesigned).has_value());
  EXPECT_EQ(bank_->excuse(kB, kRedesigned, "opretter_sag", "nej", "bo").error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(bank_->excuse(kA, kRedesigned, "opretter_sag", "Sagen er oprettet før", "anna").has_value());
  EXPECT_TRUE(bank_->publish(kA, kRedesigned).has_value());
  const auto foreign = bank::coverage(*bank_, kB, kA, *bank_->get(kB, kRedesigned)->package);
  ASSERT_TRUE(foreign.has_value());
  ASSERT_TRUE(bank_->publish(kA, kCorrect).has_value()) << "a correct workflow needs no cover";
  const auto seen = bank::coverage(*bank_, kB, kA, *bank_->get(kB, kRedesigned)->package);
  EXPECT_EQ(seen->duties.front().excuse.reason, "Sagen er oprettet før");
  EXPECT_EQ(seen->duties.front().excuse.by, "") << "who works elsewhere is not told";
}

TEST_F(BoardTest, ABoardBecomesADiagramWithLanesClaimsAndTimes) {
  shipped(kCorrect);
  const std::int64_t key = create({"", kCorrect, ""});
  must(key, "anna", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "ny"}, {"role", "r1"}, {"column", "k1"}, {"text", "Udfylder \"light\" \\ skema"}, {"kind", "form"}, {"document", "Ressourceprofil"},
      {"handling", "PT20M/PT30M"}, {"it", "Login\nmed MitID"}, {"claims", Json::Array{"indhenter_samtykke"}}}}});
  must(key, "anna", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "vent"}, {"role", "r1"}, {"column", "k2"}, {"text", "Venter på svar"}, {"kind", "wait"}, {"waiting", "P5D"}}}});
  must(key, "anna", Json::Object{{"op", "unclaim"}, {"card", "opretter_sag"}, {"duty", "opretter_sag"}});
  auto text = boards_->diagram(kA, key, "proeve");
  ASSERT_TRUE(text.has_value()) << text.error().text();
  const auto model = bpmn::read(*text, "proces.bpmn");
  ASSERT_TRUE(model.has_value());
  const auto& m = **model;
  EXPECT_FALSE(m.diagrams.empty());
  EXPECT_EQ(m.node("opretter_sag"), -1) << "it no longer claims to be the duty, so it does not wear its id";
  ASSERT_GE(m.node("kort_ny"), 0);
  const auto& node = m.nodes[static_cast<std::size_t>(m.node("kort_ny"))];
  EXPECT_EQ(node.name, "Udfylder \"light\" \\ skema");
  std::map<std::string, std::string> properties;
  for (const auto& p : node.zeebe.properties) properties[p.key] = p.value;
  EXPECT_EQ(properties["daekker"], "indhenter_samtykke");
  EXPECT_EQ(properties["behandlingstid"], "PT20M/PT30M");
  EXPECT_EQ(properties["it-krav"], "Login\nmed MitID");
  EXPECT_EQ(m.nodes[static_cast<std::size_t>(m.node("kort_vent"))].events.front().expression, "P7D") << "five working days are a week";
  // And a board that begins from it holds the same cards.
  const auto again = deck(m, bank::Claims{{"indhenter_samtykke", {{"kort_ny", ""}}}});
  ASSERT_TRUE(again.has_value());
  State state;
  std::int64_t revision = 0;
  for (const Json& op : *again) {
    const auto applied = apply(state, op, {++revision, "anna", 0});
    ASSERT_TRUE(applied.has_value()) << op.dump() << applied.error().text();
  }
  EXPECT_EQ(state.cards.size(), get(key)["cards"].size());
  const Card& back = state.cards.at("kort_ny");
  EXPECT_EQ(back.field("kind"), "form");
  EXPECT_EQ(back.field("document"), "Ressourceprofil");
  EXPECT_EQ(back.field("handling"), "PT20M/PT30M");
  EXPECT_EQ(back.column, state.cards.at("kort_opretter_sag").column) << "what stood in one column stands in one column";
  EXPECT_EQ(state.cards.at("kort_vent").field("waiting"), "P5D");
  EXPECT_EQ(back.claims.count("indhenter_samtykke"), 1u);
}

TEST_F(BoardTest, EveryShippedWorkflowWithADiagramIsADeckAndComesBack) {
  int decks = 0;
  for (const auto& domain : fs::directory_iterator("bank"))
    for (const auto& folder : domain.is_directory() ? fs::directory_iterator(domain.path()) : fs::directory_iterator()) {
      if (!fs::exists(folder.path() / "proces.bpmn")) continue;
      const std::string slug = domain.path().filename().string() + "/" + folder.path().filename().string();
      const auto package = bank::load_folder(folder.path().string(), slug);
      ASSERT_TRUE(package.has_value()) << slug;
      const auto operations = deck(*package->process, bank::claims(*package));
      ASSERT_TRUE(operations.has_value()) << slug << ": " << operations.error().text();
      State state;
      std::int64_t revision = 0;
      for (const Json& op : *operations) {
        const auto applied = apply(state, op, {++revision, "anna", 0});
        ASSERT_TRUE(applied.has_value()) << slug << ": " << op.dump() << applied.error().text();
      }
      for (const auto& duty : bank::duties(*package)) EXPECT_TRUE(state.cards.contains(duty.id)) << slug << ": the duty " << duty.id << " has no card";
      state.fields["title"] = package->title;
      const auto drawn = diagram(state, "proces", {});
      ASSERT_TRUE(drawn.has_value()) << slug << ": " << drawn.error().text() << "\n" << outline(state, "proces", {});
      const auto model = bpmn::read(*drawn, slug);
      for (const auto& finding : bpmn::check(**model, bpmn::Profile::lenient)) EXPECT_FALSE(finding.is_error) << slug << ": " << finding.message;
      ++decks;
    }
  EXPECT_GE(decks, 60);
}

TEST_F(BoardTest, APackageOfAnEmptyBoardIsWhole) {
  const std::int64_t key = create({"Vores nye forløb", "", ""});
  EXPECT_EQ(boards_->store(member("anna"), key, {.slug = "proever/nyt"}, nullptr).error().code, base::ErrorCode::conflict) << "no cards";
  must(key, "anna", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "x"}, {"role", "r1"}, {"column", "k2"}, {"text", "Ringer"}}}});
  must(key, "anna", Json::Object{{"op", "goal"}, {"id", "m1"}, {"text", "Svar: \"samme dag\" # altid"}});
  std::vector<bank::Finding> findings;
  const auto stored = boards_->store(member("anna"), key, {.slug = "proever/nyt", .domain = "Prøver", .kle = "15.20.00", .kind = "god", .owner_role = "Leder: drift"}, &findings);
  ASSERT_TRUE(stored.has_value()) << stored.error().text();
  const auto package = bank_->get(kA, "proever/nyt")->package;
  EXPECT_EQ(package->kind, "god");
  EXPECT_EQ(package->manifest.value["ejerrolle"], Json("Leder: drift"));
  EXPECT_NE(package->manifest.value["bemaerkninger"].as_string().find("\"samme dag\" # altid"), std::string::npos);
  EXPECT_EQ(boards_->store(member("anna"), key, {.slug = "Ikke En Slug"}, nullptr).error().code, base::ErrorCode::invalid_argument);
  shipped(kCorrect);
  EXPECT_EQ(boards_->store(member("anna"), create({"", kCorrect, ""}), {.slug = "proever/nyt"}, nullptr).error().code, base::ErrorCode::conflict) << "another workflow's slug";
}

TEST_F(BoardTest, BordersAndLimits) {
  const std::int64_t key = create({"Prøve", "", ""});
  EXPECT_EQ(boards_->get(kB, key).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(boards_->remove(kB, key).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(boards_->list(kB).value()["items"].size(), 0u);
  EXPECT_EQ(boards_->list(kA).value()["items"].size(), 1u);
  EXPECT_EQ(boards_->create(member("anna"), {"", "ingen/saadan", ""}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(boards_->create(member("anna"), {"", "", "noget sludder"}).error().code, base::ErrorCode::invalid_bpmn);
  for (std::size_t i = 0; i < base::limits::kBoardCards; ++i)
    must(key, "anna", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "k" + std::to_string(i)}, {"role", "r1"}, {"column", "k1"}, {"text", "Kort"}}}});
  EXPECT_EQ(change(key, "anna", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "en-til"}, {"role", "r1"}, {"column", "k1"}, {"text", "Kort"}}}}).error().code, base::ErrorCode::limit_exceeded);
  const auto said = [&](const char* field, std::size_t bytes) { return change(key, "anna", Json::Object{{"op", "edit"}, {"card", "k1"}, {"field", field}, {"value", std::string(bytes, 'x')}}).has_value(); };
  EXPECT_TRUE(said("ideas", base::limits::kBoardTextBytes));
  EXPECT_FALSE(said("ideas", base::limits::kBoardTextBytes + 1));
  EXPECT_TRUE(said("text", base::limits::kBoardNameBytes));
  EXPECT_FALSE(said("text", base::limits::kBoardNameBytes + 1));
  const auto fill = [&](std::size_t limit, const auto& op) {  // the limit is reached and not passed
    std::size_t done = 0;
    while (done <= limit && change(key, "anna", op(done)).has_value()) ++done;
    return done;
  };
  const auto line = [](const char* what) { return [what](std::size_t i) { return Json(Json::Object{{"op", what}, {"id", "ny" + std::to_string(i)}, {"text", "Ny " + std::to_string(i)}}); }; };
  EXPECT_EQ(fill(base::limits::kBoardGoals, line("goal")), base::limits::kBoardGoals);
  EXPECT_EQ(fill(base::limits::kBoardLines, line("role")), base::limits::kBoardLines - 1) << "one was there";
  EXPECT_EQ(fill(base::limits::kBoardLines, line("column")), base::limits::kBoardLines - 3);
  const auto ignore = [](std::string_view, const Json&) {};
  for (std::size_t i = 0; i < base::limits::kBoardListeners; ++i) ASSERT_TRUE(boards_->listen(member("anna"), key, "c" + std::to_string(i), ignore).has_value());
  EXPECT_EQ(boards_->listen(member("anna"), key, "en-til", ignore).error().code, base::ErrorCode::limit_exceeded);
  const Json history = boards_->history(kA, key, 0, 2).value();
  EXPECT_EQ(history["items"].size(), 2u);
  EXPECT_EQ(history["items"].as_array()[0]["by"], Json("anna"));
  ASSERT_TRUE(boards_->remove(kA, key).has_value());
  reopen();
  EXPECT_EQ(boards_->get(kA, key).error().code, base::ErrorCode::not_found);
}

}  // namespace
