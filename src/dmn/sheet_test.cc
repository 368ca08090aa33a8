// Sheets: nothing changes that was not changed, through every codec, for every table at hand; what people do to sheets is understood.
#include "dmn/sheet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/xml.h"
#include "dmn/dmn.h"
#include "dmn/sheet_grid.h"
#include "dmn/sheet_source.h"

namespace dmn {
namespace {

namespace fs = std::filesystem;

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

std::vector<fs::path> dmn_files() {
  std::vector<fs::path> out;
  for (const char* folder : {"tests/dmn", "bank", "../shared/conformance/dmn-tck"})
    if (fs::exists(folder))
      for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".dmn") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

// Ids of all tables of a file; a table without one by its decision.
std::vector<std::string> tables_of(const std::string& xml) {
  std::vector<std::string> out;
  const auto document = base::xml::parse(xml);
  if (!document) return out;
  std::vector<std::pair<const base::xml::Element*, std::string>> open{{document->root.get(), ""}};
  while (!open.empty()) {
    auto [e, owner] = open.back();
    open.pop_back();
    if (e->local == "decision" || e->local == "businessKnowledgeModel") owner = e->attribute_or("id", e->attribute_or("name", ""));
    if (e->local == "decisionTable") out.push_back(e->attribute_or("id", owner));
    for (const auto* c : e->elements()) open.emplace_back(c, owner);
  }
  return out;
}

Sheet must(base::Result<Sheet> sheet) {
  EXPECT_TRUE(sheet) << sheet.error().text();
  return sheet ? *sheet : Sheet{};
}
std::string must(base::Result<std::string> text) {
  EXPECT_TRUE(text) << text.error().text();
  return text ? *text : std::string();
}

constexpr const char* kFile = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:x="urn:x" id="m" name="M" namespace="urn:m">
  <!-- a note --> <decision id="sats" name="Sats">
    <decisionTable id="t" hitPolicy='UNIQUE' >
      <input id="i1" label="Beløb"><inputExpression id="e1" typeRef="number"><text>beløb</text></inputExpression></input>
      <input id="i2"><inputExpression typeRef="string"><text>slags</text></inputExpression><inputValues><text>"a","b"</text></inputValues></input>
      <output id="o1" name="sats" typeRef="number"/>
      <annotation name="Hjemmel"/>
      <rule id="r1"><extensionElements><x:mark a="1"/></extensionElements>
        <inputEntry id="r1i1"><text><![CDATA[< 100]]></text></inputEntry>   <inputEntry id="r1i2"><text>
           "a"
        </text></inputEntry><outputEntry><text>1.50</text></outputEntry><annotationEntry><text>§ 1</text></annotationEntry></rule>
      <!-- about the second -->
      <rule id='r2'>
        <description>Gammel regel</description>
        <inputEntry><text>&gt;= 100</text></inputEntry>
        <inputEntry><text/></inputEntry>
        <outputEntry><text>2</text></outputEntry>
      </rule>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>"b"</text></inputEntry><outputEntry><text>3</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
)";

TEST(Sheet, WithTheSheetOfItselfEveryFileIsTheSameByteForByte) {
  std::size_t tables = 0;
  for (const auto& path : dmn_files()) {
    const std::string xml = file_text(path);
    for (const std::string& id : tables_of(xml)) {
      const auto sheet = sheet_of(xml, id, path.string());
      ASSERT_TRUE(sheet) << path << " " << id << ": " << sheet.error().text();
      EXPECT_EQ(must(with_sheet(xml, *sheet)), xml) << path << " " << id;
      EXPECT_EQ(changes(*sheet, *sheet), std::vector<std::string>{}) << path;
      ++tables;
    }
  }
  EXPECT_GE(tables, 20u);
}

TEST(Sheet, EveryCodecGivesTheSameSheetBack) {
  for (const auto& path : dmn_files()) {
    const std::string xml = file_text(path);
    for (const std::string& id : tables_of(xml)) {
      const Sheet sheet = must(sheet_of(xml, id));
      for (const auto format : {SheetFormat::json, SheetFormat::csv, SheetFormat::xlsx}) {
        const std::string bytes = must(encode(sheet, format));
        const Sheet back = must(arranged(sheet, must(decode(bytes, format))));
        EXPECT_EQ(to_json(back).dump(), to_json(sheet).dump()) << path << " " << id << " in format " << static_cast<int>(format);
        EXPECT_EQ(must(with_sheet(xml, back)), xml) << path;
      }
    }
  }
}

TEST(Sheet, ReadsWhatTheTableSays) {
  const Sheet sheet = must(sheet_of(kFile, "Sats"));
  EXPECT_EQ(sheet.decision_id, "sats");
  EXPECT_EQ(sheet.hit_policy, "UNIQUE");
  EXPECT_EQ(sheet.inputs[0], (SheetInput{"i1", "Beløb", "beløb", "number", ""}));
  EXPECT_EQ(sheet.inputs[1].allowed, "\"a\",\"b\"");
  EXPECT_EQ(sheet.annotations, (std::vector<std::string>{"Hjemmel", "Bemærkning"}));
  ASSERT_EQ(sheet.rules.size(), 3u);
  EXPECT_EQ(sheet.rules[0], (SheetRule{"r1", {"< 100", "\"a\""}, {"1.50"}, {"§ 1", ""}}));
  EXPECT_EQ(sheet.rules[1], (SheetRule{"r2", {">= 100", ""}, {"2"}, {"", "Gammel regel"}}));
  EXPECT_EQ(sheet.rules[2].id, "#3");
}

TEST(Sheet, AChangedCellChangesItsBytesOnly) {
  Sheet sheet = must(sheet_of(kFile, "sats"));
  sheet.rules[0].inputs[0] = "< 200";
  sheet.rules[1].inputs[1] = "\"b\"";
  std::string expected = kFile;
  expected.replace(expected.find("<![CDATA[< 100]]>"), 17, "&lt; 200");
  const auto empty = expected.find("<text/>");
  expected.replace(empty, 7, "<text>\"b\"</text>");
  EXPECT_EQ(must(with_sheet(kFile, sheet)), expected);
  EXPECT_EQ(changes(must(sheet_of(kFile, "sats")), sheet),
            (std::vector<std::string>{"Regel 1, Beløb: var »< 100« og er nu »< 200«.", "Regel 2, slags: var tom og er nu »\"b\"«."}));
}

TEST(Sheet, RulesAreAddedRemovedAndMoved) {
  const Sheet before = must(sheet_of(kFile, "sats"));
  Sheet sheet = before;
  sheet.rules.erase(sheet.rules.begin() + 1);
  std::swap(sheet.rules[0], sheet.rules[1]);
  sheet.rules.push_back({"", {"[100..200]", "\"b\""}, {"4"}, {"§ 2", "Ny i 2027 & frem"}});
  const std::string xml = must(with_sheet(kFile, sheet));
  const Sheet after = must(sheet_of(xml, "sats"));
  ASSERT_EQ(after.rules.size(), 3u);
  EXPECT_EQ(after.rules[1].id, "r1");
  EXPECT_EQ(after.rules[2].outputs[0], "4");
  EXPECT_EQ(after.rules[2].annotations, (std::vector<std::string>{"§ 2", "Ny i 2027 & frem"}));
  EXPECT_TRUE(after.rules[2].id.starts_with("Regel_")) << after.rules[2].id;
  EXPECT_NE(xml.find("<x:mark a=\"1\"/>"), std::string::npos);
  EXPECT_EQ(xml.find("Gammel regel"), std::string::npos);
  const auto model = read(xml, "m.dmn");
  ASSERT_TRUE(model) << model.error().text();
  for (const auto& f : check(**model)) EXPECT_NE(f.code, "DMN-ID-DUPLICATE") << f.message;
  // The rule without an id is "#3" before and "#1" after: its text is the same, and it is known again by it.
  const auto said = changes(before, must(arranged(before, sheet)));
  EXPECT_EQ(said, (std::vector<std::string>{"Regel 2 er fjernet: Beløb »>= 100« giver sats »2«.", "Regel 3 er flyttet og er nu regel 1.",
                                            "Regel 3 er ny: Beløb »[100..200]«, slags »\"b\"« giver sats »4«."}));
  EXPECT_EQ(must(with_sheet(kFile, before)), kFile);
}

TEST(Sheet, TheHeadsTextsMayChange) {
  Sheet sheet = must(sheet_of(kFile, "sats"));
  sheet.hit_policy = "FIRST";
  sheet.inputs[0].label = "Beløb \"i alt\"";
  sheet.inputs[0].allowed = "[0..1000]";
  sheet.inputs[1].allowed = "";
  sheet.inputs[1].type = "";
  sheet.outputs[0].allowed = "1,2";
  sheet.outputs[0].default_entry = "0";
  sheet.annotations[0] = "Lov";
  const std::string xml = must(with_sheet(kFile, sheet));
  EXPECT_EQ(to_json(must(sheet_of(xml, "sats"))).dump(), to_json(sheet).dump()) << xml;
  EXPECT_TRUE(read(xml, "m.dmn")) << xml;
  sheet.outputs[0].default_entry = "";
  sheet.outputs[0].allowed = "";
  EXPECT_EQ(to_json(must(sheet_of(must(with_sheet(xml, sheet)), "sats"))).dump(), to_json(sheet).dump());
}

TEST(Sheet, AllRulesGoAndComeBack) {
  Sheet sheet = must(sheet_of(kFile, "sats"));
  const auto rules = sheet.rules;
  sheet.rules.clear();
  const std::string none = must(with_sheet(kFile, sheet));
  EXPECT_EQ(must(sheet_of(none, "sats")).rules.size(), 0u);
  sheet.rules = rules;
  const Sheet again = must(sheet_of(must(with_sheet(none, sheet)), "sats"));
  ASSERT_EQ(again.rules.size(), 3u);
  EXPECT_EQ(again.rules[0].inputs, rules[0].inputs);
  EXPECT_EQ(again.rules[0].id, "r1");  // free again, so it is kept
}

TEST(Sheet, WhatItCannotDoItSays) {
  Sheet sheet = must(sheet_of(kFile, "sats"));
  Sheet wider = sheet;
  wider.inputs.push_back({});
  EXPECT_EQ(with_sheet(kFile, wider).error().code, base::ErrorCode::invalid_argument);
  Sheet swapped = sheet;
  std::swap(swapped.inputs[0], swapped.inputs[1]);
  EXPECT_NE(with_sheet(kFile, swapped).error().message.find("column 1"), std::string::npos);
  Sheet control = sheet;
  control.rules[0].outputs[0] = "\x01";
  EXPECT_NE(with_sheet(kFile, control).error().message.find("rule 1"), std::string::npos);
  EXPECT_EQ(sheet_of(kFile, "findes-ikke").error().code, base::ErrorCode::not_found);
  EXPECT_EQ(sheet_of("<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/'><decision id='a' name='A'><context><contextEntry><decisionTable id='inner'/></contextEntry></context></decision></definitions>", "a").error().where.element, "a");
}

TEST(Sheet, OtherEncodingsGetReferences) {
  std::string xml = kFile;
  xml.replace(xml.find("UTF-8"), 5, "US-ASCII");
  std::string ascii;
  for (std::size_t i = 0; i < xml.size(); ++i) {
    if ((xml[i] & 0x80) == 0) ascii += xml[i];
    else if ((xml[i] & 0xc0) == 0xc0) ascii += "&#248;";
  }
  Sheet sheet = must(sheet_of(ascii, "sats"));
  sheet.rules[0].annotations[0] = "§ 7 æ";
  const std::string changed = must(with_sheet(ascii, sheet));
  EXPECT_TRUE(std::all_of(changed.begin(), changed.end(), [](char c) { return (c & 0x80) == 0; }));
  EXPECT_EQ(must(sheet_of(changed, "sats")).rules[0].annotations[0], "§ 7 æ");
}

TEST(Sheet, AByteOrderMarkCounts) {
  const std::string marked = std::string("\xef\xbb\xbf") + kFile;
  Sheet sheet = must(sheet_of(marked, "sats"));
  EXPECT_EQ(must(with_sheet(marked, sheet)), marked);
  sheet.rules[0].outputs[0] = "1.75";
  std::string expected = marked;
  expected.replace(expected.find("1.50"), 4, "1.75");
  EXPECT_EQ(must(with_sheet(marked, sheet)), expected);
}

TEST(Sheet, CsvIsSafeAndReadsWhatSpreadsheetsWrite) {
  Sheet sheet = must(sheet_of(kFile, "sats"));
  sheet.rules[0].annotations = {"=1+1", "'@x"};
  sheet.rules[1].annotations = {"-1+cmd", "to\nlinjer; \"citat\""};
  sheet.rules[1].outputs[0] = "-5";
  const std::string csv = must(encode(sheet, SheetFormat::csv));
  EXPECT_NE(csv.find(";'=1+1;"), std::string::npos) << csv;
  EXPECT_NE(csv.find(";'-1+cmd;"), std::string::npos);
  EXPECT_NE(csv.find(";-5;"), std::string::npos);
  EXPECT_EQ(must(decode(csv, SheetFormat::csv)), sheet);
  // The same with commas and without the byte order mark, with line ends of Unix, with blank rows and a row of somebody's own.
  std::string other;
  bool quoted = false;
  for (const char c : csv.substr(3)) {
    quoted ^= c == '"';
    if (c == ';' && !quoted) other += ',';
    else if (c != '\r') other += c;
  }
  other.insert(other.rfind("#3"), ",,,,,,\n");
  other += "\n,,\"[7..9]\",\"\"\"a\"\"\",9,,\n";
  const auto decoded = must(decode(other, SheetFormat::csv));
  ASSERT_EQ(decoded.rules.size(), 4u);
  EXPECT_EQ(decoded.rules[3], (SheetRule{"", {"[7..9]", "\"a\""}, {"9"}, {"", ""}}));
  EXPECT_EQ(decode("a;b\n", SheetFormat::csv).error().code, base::ErrorCode::invalid_document);
  EXPECT_EQ(decode("\"a", SheetFormat::csv).error().code, base::ErrorCode::invalid_document);
}

TEST(Sheet, RowsWithoutIdsAndMovedColumnsAreUnderstood) {
  const Sheet original = must(sheet_of(kFile, "sats"));
  Sheet imported = original;
  for (auto& rule : imported.rules) rule.id.clear();
  EXPECT_EQ(must(arranged(original, imported)), original);
  imported = original;
  std::swap(imported.inputs[0], imported.inputs[1]);
  for (auto& rule : imported.rules) std::swap(rule.inputs[0], rule.inputs[1]);
  imported.rules.insert(imported.rules.begin(), imported.rules[0]);  // a row copied with its hidden id
  const Sheet back = must(arranged(original, imported));
  EXPECT_EQ(back.inputs, original.inputs);
  EXPECT_EQ(back.rules[0].id, "r1");
  EXPECT_EQ(back.rules[1].id, "");
  imported.inputs.pop_back();
  EXPECT_EQ(arranged(original, imported).error().code, base::ErrorCode::invalid_argument);
}

TEST(Sheet, AThousandEditsKeepTheFileWhole) {
  // Random deletions, copies, moves and cell texts: what is read back is what was asked for.
  std::string xml = kFile;
  std::uint64_t state = 20261122;
  const auto next = [&](std::uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
  };
  const char* texts[] = {"-", "", "< 5", "\"a\",\"b\"", "not(\"x & y\")", "[1..2]\n", "&lt;", "]]>", "  x  ", "å\r\nø"};
  for (int round = 0; round < 1000; ++round) {
    Sheet sheet = must(sheet_of(xml, "sats"));
    const std::size_t n = sheet.rules.size();
    switch (next(5)) {
      case 0: if (n > 1) sheet.rules.erase(sheet.rules.begin() + static_cast<std::ptrdiff_t>(next(n))); break;
      case 1: if (n < 30) sheet.rules.push_back({"", {texts[next(10)], texts[next(10)]}, {texts[next(10)]}, {texts[next(10)], texts[next(10)]}}); break;
      case 2: if (n > 1) std::swap(sheet.rules[next(n)], sheet.rules[next(n)]); break;
      case 3: if (n > 0) sheet.rules[next(n)].inputs[next(2)] = texts[next(10)]; break;
      default: if (n > 0) sheet.rules[next(n)].annotations[next(2)] = texts[next(10)];
    }
    const std::string changed = must(with_sheet(xml, sheet));
    const Sheet after = must(sheet_of(changed, "sats"));
    ASSERT_EQ(after.rules.size(), sheet.rules.size()) << changed;
    for (std::size_t i = 0; i < after.rules.size(); ++i)
      for (std::size_t c = 0; c < 2; ++c) {
        ASSERT_EQ(after.rules[i].inputs[c], clean(sheet.rules[i].inputs[c])) << round << "\n" << changed;
        ASSERT_EQ(after.rules[i].annotations[c], clean(sheet.rules[i].annotations[c])) << round << "\n" << changed;
      }
    ASSERT_EQ(changed.substr(0, 300), std::string(kFile).substr(0, 300));
    ASSERT_TRUE(changed.ends_with("    </decisionTable>\n  </decision>\n</definitions>\n")) << changed;
    xml = changed;
  }
}

TEST(Sheet, BadSpreadsheetsAreRefused) {
  const std::string good = must(encode(must(sheet_of(kFile, "sats")), SheetFormat::xlsx));
  EXPECT_EQ(decode("PK no zip", SheetFormat::xlsx).error().code, base::ErrorCode::invalid_document);
  std::size_t refused = 0;
  for (std::size_t cut = 0; cut < good.size(); cut += 97) refused += !decode(good.substr(0, cut), SheetFormat::xlsx);
  EXPECT_EQ(refused, (good.size() + 96) / 97);
  for (std::size_t at = 0; at < good.size(); at += 13) {  // no crash: some bytes matter to nobody
    std::string broken = good;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    (void)decode(broken, SheetFormat::xlsx);
  }
}

}  // namespace
}  // namespace dmn
