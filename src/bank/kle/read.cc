// The three forms in which subject numbers come.
#include <algorithm>

#include "bank/kle/kle.h"
#include "base/limits_find.h"
#include "base/text.h"
#include "base/xml.h"
#include "base/yaml.h"

namespace bank::kle {
namespace {

using base::ErrorCode;
using base::Json;
using base::xml::Element;

bool valid_number(std::string_view text) {
  if (text.size() != 2 && text.size() != 5 && text.size() != 8) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i % 3 == 2 ? text[i] != '.' : text[i] < '0' || text[i] > '9') return false;
  return true;
}

std::string child_text(const Element& element, std::string_view name) {
  const Element* child = element.child("", name);
  return child == nullptr ? std::string() : std::string(base::trim(child->text()));
}

base::Status add(Edition& out, Subject subject, std::string_view file, int line) {
  if (!valid_number(subject.number))
    return base::fail(ErrorCode::invalid_argument, "'" + subject.number.substr(0, 40) + "' is no KLE number", {.file = std::string(file), .line = line}, "15, 15.20 or 15.20.00");
  if (out.subjects.size() == base::limits::kKleSubjects)
    return base::fail(ErrorCode::limit_exceeded, "more than " + std::to_string(base::limits::kKleSubjects) + " numbers", {.file = std::string(file), .line = line});
  if (subject.keywords.size() > base::limits::kKleKeywords) subject.keywords.resize(base::limits::kKleKeywords);
  out.subjects.push_back(std::move(subject));
  return {};
}

// XSD 2.0: the same elements on three levels, with the level's name before them. History: Historisk/UdgaaetDato or Historisk/Flyttet/{FlyttetDato, AfloestAf}.
base::Status read_level(Edition& out, const Element& element, const std::string& level, std::string_view file) {
  Subject subject{child_text(element, level + "Nr"), child_text(element, level + "Titel"), {}, {}, {}};
  if (const std::size_t mark = subject.title.rfind(" ["); mark != std::string::npos && subject.title.ends_with(']')) subject.title.resize(mark);  // "[udgået]"
  if (const Element* info = element.child("", level + "AdministrativInfo"))
    if (const Element* history = info->child("", "Historisk")) {
      subject.gone = child_text(*history, "UdgaaetDato");
      for (const Element* moved : history->children_named("", "Flyttet")) {
        subject.gone = child_text(*moved, "FlyttetDato");
        for (const Element* by : moved->children_named("", "AfloestAf"))
          for (const Element* number : by->elements())
            if (std::string to(base::trim(number->text())); valid_number(to) && to != subject.number) subject.moved_to.push_back(std::move(to));
      }
      if (subject.gone.empty()) subject.gone = "-";
    }
  for (const Element* reference : element.children_named("", level + "RetskildeReference"))  // the laws of a subject are words for it
    for (const Element* law : reference->elements())
      if (law->local == "RetskildeTitel" || law->child("", "RetskildeTitel") != nullptr) {
        std::string title = law->local == "RetskildeTitel" ? std::string(base::trim(law->text())) : child_text(*law, "RetskildeTitel");
        if (!title.empty() && std::find(subject.keywords.begin(), subject.keywords.end(), title) == subject.keywords.end()) subject.keywords.push_back(std::move(title));
      }
  return add(out, std::move(subject), file, element.line);
}

base::Result<Edition> read_xml(std::string_view bytes, std::string_view file) {
  TRY(const auto document, base::xml::parse(bytes, file, {.bytes = base::limits::kKleFileBytes, .depth = base::limits::kXmlDepth, .nodes = 4'000'000}));
  if (document.root->local != "KLE-Emneplan")
    return base::fail(ErrorCode::invalid_argument, "the XML is <" + document.root->local + ">, no <KLE-Emneplan>", {.file = std::string(file), .line = document.root->line}, "the file KLE-Emneplan of kle-online.dk");
  Edition out{"KLE-Emneplan", child_text(*document.root, "UdgivelsesDato"), {}};
  for (const Element* main : document.root->children_named("", "Hovedgruppe")) {
    TRY_VOID(read_level(out, *main, "Hovedgruppe", file));
    for (const Element* group : main->children_named("", "Gruppe")) {
      TRY_VOID(read_level(out, *group, "Gruppe", file));
      for (const Element* subject : group->children_named("", "Emne")) TRY_VOID(read_level(out, *subject, "Emne", file));
    }
  }
  return out;
}

// KLENummer='…':KLETitel='…':Keywords[Weight]=word[5];word[1000]; with the heaviest words first in what we keep.
base::Result<Edition> read_os2kle(std::string_view bytes, std::string_view file) {
  Edition out{"OS2KLE", {}, {}};
  int line = 0;
  for (std::string_view text : base::split(bytes, '\n')) {
    ++line;
    text = base::trim(text);
    if (text.empty()) continue;
    constexpr std::string_view kNumber = "KLENummer='", kTitle = "':KLETitel='", kWords = "':Keywords[Weight]=";
    const std::size_t title = text.find(kTitle), words = text.find(kWords, title == std::string_view::npos ? 0 : title);
    if (!text.starts_with(kNumber) || title == std::string_view::npos || words == std::string_view::npos)
      return base::fail(ErrorCode::invalid_argument, "the line is not as OS2KLE writes it", {.file = std::string(file), .line = line}, "KLENummer='…':KLETitel='…':Keywords[Weight]=word[5];…");
    Subject subject{std::string(text.substr(kNumber.size(), title - kNumber.size())), std::string(text.substr(title + kTitle.size(), words - title - kTitle.size())), {}, {}, {}};
    std::vector<std::pair<int, std::string>> weighted;
    for (const std::string_view one : base::split(text.substr(words + kWords.size()), ';')) {
      const std::size_t open = one.rfind('[');
      if (open == std::string_view::npos || open == 0) continue;
      weighted.emplace_back(-std::atoi(std::string(one.substr(open + 1, 9)).c_str()), std::string(base::trim(one.substr(0, open))));
    }
    std::stable_sort(weighted.begin(), weighted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [weight, word] : weighted) subject.keywords.push_back(std::move(word));
    TRY_VOID(add(out, std::move(subject), file, line));
  }
  return out;
}

base::Result<Edition> read_yaml(std::string_view bytes, std::string_view file) {
  TRY(const auto document, base::parse_yaml(bytes, file));
  const Json& list = document.value["emner"];
  if (!list.is_array()) return base::fail(ErrorCode::invalid_argument, "the file is neither KLE's XML, OS2KLE's text nor a list 'emner'", {.file = std::string(file)}, "see bank/kle-eksempel.yaml");
  Edition out{document.value["titel"].string_or("KLE"), {}, {}};
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json& one = list.as_array()[i];
    Subject subject{one["nr"].string_or(""), one["titel"].string_or(""), {}, {}, {}};
    for (const Json& word : one["stikord"].is_array() ? one["stikord"].as_array() : Json::Array{}) subject.keywords.push_back(word.string_or(""));
    for (const Json& to : one["flyttet_til"].is_array() ? one["flyttet_til"].as_array() : Json::Array{})
      if (valid_number(to.string_or(""))) subject.moved_to.push_back(to.as_string());
    subject.gone = one["udgaaet"].string_or(subject.moved_to.empty() ? "" : "-");
    TRY_VOID(add(out, std::move(subject), file, document.where("/emner/" + std::to_string(i)).line));
  }
  return out;
}

}  // namespace

base::Result<Edition> read_edition(std::string_view bytes, std::string_view file) {
  if (bytes.size() > base::limits::kKleFileBytes) return base::fail(ErrorCode::limit_exceeded, "the file is larger than 64 MB", {.file = std::string(file)});
  std::string_view begin = bytes.substr(0, 200);
  if (begin.starts_with("\xef\xbb\xbf")) begin.remove_prefix(3);
  begin = base::trim(begin);
  auto edition = begin.starts_with("<") ? read_xml(bytes, file) : begin.starts_with("KLENummer=") ? read_os2kle(bytes.substr(bytes.find("KLENummer=")), file) : read_yaml(bytes, file);
  if (edition && edition->subjects.empty()) return base::fail(ErrorCode::invalid_argument, "the file has no KLE number", {.file = std::string(file)});
  return edition;
}

}  // namespace bank::kle
