#include "bank/find/synonyms.h"

#include <algorithm>
#include <cstdlib>

#include "bank/find/words.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/yaml.h"

EMBED_FILE(bank_synonyms, "bank/synonymer.yaml");
EMBED_FILE(bank_systems, "bank/systems.yaml");

namespace bank::find {
namespace {

using base::ErrorCode;
using base::Json;

std::vector<std::string> phrase(const std::string& text, bool stop_words) {
  std::vector<std::string> out;
  for (Token& token : tokens(text))
    if (stop_words || token.kind != TokenKind::word || !is_stop_word(token.text)) out.push_back(std::move(token.text));
  return out;
}

base::Result<std::vector<std::string>> texts(const base::YamlDocument& document, const std::string& pointer) {
  const Json& list = document.value.at_pointer(pointer);
  std::vector<std::string> out;
  if (!list.is_array() || list.size() == 0) return base::fail(ErrorCode::invalid_yaml, pointer + " is no list of texts", document.where(pointer));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json& one = list.as_array()[i];
    if (!one.is_string() || phrase(one.as_string(), false).empty())
      return base::fail(ErrorCode::invalid_yaml, pointer + " holds something that is no word to search for", document.where(pointer + "/" + std::to_string(i)), "quote numbers, and write at least one word that is no stop word");
    out.push_back(one.as_string());
  }
  return out;
}

}  // namespace

void Synonyms::add(const std::string& from, std::vector<std::vector<std::string>> to, std::vector<std::string> systems) {
  Entry entry{{}, std::move(to), std::move(systems)};
  for (std::string& word : phrase(from, true)) {
    entry.from.push_back(stem(word));
    words_.push_back(std::move(word));
  }
  if (entry.from.empty()) return;
  auto& list = entries_[entry.from[0]];
  list.push_back(std::move(entry));
  std::stable_sort(list.begin(), list.end(), [](const Entry& a, const Entry& b) { return a.from.size() > b.from.size(); });
}

base::Result<Synonyms> Synonyms::read(std::string_view yaml, std::string_view file) {
  TRY(const auto document, base::parse_yaml(yaml, file));
  Synonyms out;
  if (document.value["format"].int_or(0) != 1) return base::fail(ErrorCode::invalid_yaml, "'format' is not 1", document.where("/format"));
  for (const auto& [key, value] : document.value.as_object())
    if (key != "format" && key != "ens" && key != "ogsaa") return base::fail(ErrorCode::invalid_yaml, "'" + key + "' is not a known key", document.where("/" + key), "ens or ogsaa");
  for (std::size_t i = 0; i < document.value["ens"].size(); ++i) {
    TRY(const auto group, texts(document, "/ens/" + std::to_string(i)));
    for (const std::string& one : group) {
      std::vector<std::vector<std::string>> others;
      for (const std::string& other : group)
        if (other != one) others.push_back(phrase(other, false));
      out.add(one, std::move(others), {});
    }
  }
  for (std::size_t i = 0; i < document.value["ogsaa"].size(); ++i) {
    const std::string at = "/ogsaa/" + std::to_string(i);
    for (const auto& [key, value] : document.value.at_pointer(at).is_object() ? document.value.at_pointer(at).as_object() : Json::Object{})
      if (key != "skriv" && key != "find") return base::fail(ErrorCode::invalid_yaml, "'" + key + "' is not a known key", document.where(at + "/" + key), "skriv and find");
    TRY(const auto written, texts(document, at + "/skriv"));
    TRY(const auto found, texts(document, at + "/find"));
    std::vector<std::vector<std::string>> to;
    for (const std::string& one : found) to.push_back(phrase(one, false));
    for (const std::string& one : written) out.add(one, to, {});
  }
  return out;
}

base::Status Synonyms::add_products(std::string_view yaml, std::string_view file) {
  TRY(const auto document, base::parse_yaml(yaml, file));
  for (const Json& product : document.value["produkter"].is_array() ? document.value["produkter"].as_array() : Json::Array{}) {
    std::vector<std::string> names{product["produkt"].string_or("")}, kinds;
    for (const Json& name : product["ogsaa"].is_array() ? product["ogsaa"].as_array() : Json::Array{}) names.push_back(name.string_or(""));
    for (const Json& kind : product["slags"].is_array() ? product["slags"].as_array() : Json::Array{product["slags"]})
      if (kind.is_string()) kinds.push_back(kind.as_string());
    for (const std::string& name : names) add(name, {}, kinds);
  }
  return {};
}

const Synonyms& Synonyms::shipped() {
  static const Synonyms kShipped = [] {
    auto read = Synonyms::read(EMBEDDED(bank_synonyms), "bank/synonymer.yaml");
    const auto products = read ? read->add_products(EMBEDDED(bank_systems), "bank/systems.yaml") : base::Status();
    if (!read || !products) {  // the binary was built from a broken file: a defect of ours, seen at the first start
      base::log::error("bank", read ? products.error().text() : read.error().text());
      std::abort();
    }
    return std::move(*read);
  }();
  return kShipped;
}

const std::string& system_title(const std::string& kind) {
  static const std::unordered_map<std::string, std::string> kTitles = [] {
    std::unordered_map<std::string, std::string> out;
    if (const auto document = base::parse_yaml(EMBEDDED(bank_systems), "bank/systems.yaml"); document && document->value["slags"].is_array())
      for (const Json& one : document->value["slags"].as_array()) out[one["navn"].string_or("")] = one["titel"].string_or("");
    return out;
  }();
  static const std::string kNone;
  const auto found = kTitles.find(kind);
  return found == kTitles.end() ? kNone : found->second;
}

const std::vector<Synonyms::Entry>& Synonyms::beginning_with(const std::string& stem) const {
  static const std::vector<Entry> kNone;
  const auto found = entries_.find(stem);
  return found == entries_.end() ? kNone : found->second;
}

}  // namespace bank::find
