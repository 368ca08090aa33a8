// The files of a new draft: from a workflow, from BPMN, from text notation, or from nothing.
#include <algorithm>

#include "bank/board/manifest.h"
#include "bank/coverage.h"
#include "bank/drafts/row.h"
#include "base/text.h"
#include "bpmn/layout/layout.h"
#include "bpmn/notation/lines.h"
#include "bpmn/notation/notation.h"

namespace bank::drafts {
namespace {

using base::ErrorCode;
using base::Json;
using bpmn::notation::quoted;

// "tvaergaaende" or "social-service" as a person would write it; other text stands.
std::string shown_domain(std::string_view domain) {
  std::string out(base::trim(domain));
  if (slug_part(out) != out) return out;
  std::replace(out.begin(), out.end(), '-', ' ');
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"aa", "å"}, {"ae", "æ"}, {"oe", "ø"}})
    for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at + 1)) out.replace(at, 2, to);
  const std::u32string letters = base::to_utf32(out);
  return letters.empty() ? out : base::upper(base::to_utf8(letters.substr(0, 1))) + base::to_utf8(letters.substr(1));
}

// What an author meets who begins with nothing.
std::string empty_outline(const std::string& title) {
  return "proces: " + quoted(title) + "\n  pulje: " + quoted(title) + "\n  bane: Sagsbehandler\n  @Sagsbehandler\n  start: Sagen begynder\n  bruger: Beskriv det første trin\n  slut: Sagen er færdig\n";
}

// Positions where the file has none, so that it can be drawn.
base::Result<std::string> drawn(const bpmn::Model& model, std::string as_written) {
  const bool placed = std::any_of(model.diagrams.begin(), model.diagrams.end(), [](const auto& d) { return !d.shapes.empty(); });
  if (placed) return as_written;
  TRY(const auto laid, bpmn::layout(model));
  return bpmn::write(*laid);
}

Json manifest_of(const std::string& title, const std::string& domain, const std::string& kle, const bpmn::Model& model) {
  Json roles = Json::array();
  for (const auto& lane : model.lanes)
    if (const Json role(lane.name); !lane.name.empty() && std::find(roles.as_array().begin(), roles.as_array().end(), role) == roles.as_array().end()) roles.push(role);
  if (roles.size() == 0) roles.push("Sagsbehandler");
  Json out = Json::Object{{"format", 1}, {"titel", title}, {"resume", title + ". Beskriv, hvornår arbejdsgangen begynder, og hvad den fører til."}, {"domaene", domain},
      {"kle", kle.empty() ? "00" : kle}, {"art", "lokal"}, {"moenster", false}, {"ejerrolle", "Leder"}, {"version", "1.0.0"}, {"jura", Json::array()}, {"afgoerelse", "ingen"},
      {"automatik", Json::Object{{"grad", "ingen"}, {"beskrivelse", "Ikke vurderet endnu."}}}, {"hjemmel", "Ikke beskrevet endnu."},
      {"bevaring", Json::Object{{"kode", "K"}, {"slettefrist", nullptr}, {"bemaerkning", "Ikke besluttet endnu."}}}, {"systemer", Json::array()}, {"roller", std::move(roles)}};
  for (const auto& process : model.processes)
    if (process.executable && !out.has("proces")) out.set("proces", process.id);
  return out;
}

// The line `version: 1.4.0` of a manifest that stays as it was written, one minor version up.
void next_version(std::string& yaml) {
  for (std::size_t at = 0; at < yaml.size(); at = yaml.find('\n', at) == std::string::npos ? yaml.size() : yaml.find('\n', at) + 1) {
    if (yaml.compare(at, 8, "version:") != 0) continue;
    const auto end = std::min(yaml.find('\n', at), yaml.size());
    const auto first = yaml.find('.', at);
    const auto second = first < end ? yaml.find('.', first + 1) : std::string::npos;
    if (second >= end || second - first > 9 || !std::all_of(yaml.begin() + static_cast<std::ptrdiff_t>(first) + 1, yaml.begin() + static_cast<std::ptrdiff_t>(second), [](char c) { return c >= '0' && c <= '9'; })) return;
    const auto patch = yaml.find_first_not_of("0123456789", second + 1);
    const int minor = std::atoi(yaml.substr(first + 1, second - first - 1).c_str()) + 1;
    yaml.replace(first, std::min(patch, end) - first, "." + std::to_string(minor) + ".0");
    return;
  }
}

}  // namespace

std::string slug_part(std::string_view text) {
  std::string out;
  for (const char32_t c : base::to_utf32(base::lower(text))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += static_cast<char>(c);
    else if (c == U'æ' || c == U'ä') out += "ae";
    else if (c == U'ø' || c == U'ö') out += "oe";
    else if (c == U'å') out += "aa";
    else if (c == U'é' || c == U'è') out += 'e';
    else if (c == U'ü') out += 'u';
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  constexpr std::size_t kPartBytes = 80;
  if (out.size() > kPartBytes) out.resize(kPartBytes);
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string manifest_yaml(const Json& manifest) { return board::yaml(manifest); }

base::Result<Beginning> begin_new(const NewDraft& asked) {
  std::string title(base::trim(asked.title));
  bpmn::ModelPtr model;
  std::string bpmn = asked.bpmn;
  if (!bpmn.empty()) {
    TRY(model, bpmn::read(bpmn, "proces.bpmn"));
  } else {
    if (asked.notation.empty() && title.empty()) return base::fail(ErrorCode::invalid_argument, "a new workflow needs a title", {.pointer = "/title"}, "what it is called, a noun phrase");
    TRY(model, bpmn::from_text(asked.notation.empty() ? empty_outline(title) : asked.notation, "arbejdsgang.tekst"));
  }
  if (title.empty() && !model->processes.empty()) title = model->processes.front().name;
  if (title.empty()) return base::fail(ErrorCode::invalid_argument, "a new workflow needs a title: the diagram has none", {.pointer = "/title"}, "what it is called, a noun phrase");
  if (base::trim(asked.domain).empty()) return base::fail(ErrorCode::invalid_argument, "a new workflow needs a domain", {.pointer = "/domain"}, "one of the bank's, or a new one");
  TRY(bpmn, drawn(*model, std::move(bpmn)));
  Beginning out;
  out.slug = slug_part(asked.domain) + "/" + slug_part(asked.name.empty() ? title : asked.name);
  if (!valid_slug(out.slug)) return base::fail(ErrorCode::invalid_argument, "title and domain make no slug", {.pointer = "/name"}, "a name of a-z, 0-9 and hyphen");
  out.title = title;
  out.files = {{"arbejdsgang.yaml", manifest_yaml(manifest_of(title, shown_domain(asked.domain), asked.kle, *model))}, {"proces.bpmn", std::move(bpmn)}};
  return out;
}

base::Result<Beginning> begin_from(const NewDraft& asked, const std::map<std::string, std::string>& source, const std::string& source_slug, bool own) {
  TRY(const Package package, load_files(source, source_slug));
  const auto slash = source_slug.find('/');
  const std::string domain = base::trim(asked.domain).empty() ? source_slug.substr(0, slash) : slug_part(asked.domain);
  const std::string name = base::trim(asked.name).empty() ? source_slug.substr(slash + 1) + (own ? "" : "-lokal") : slug_part(asked.name);
  Beginning out{domain + "/" + name, std::string(base::trim(asked.title)), source};
  if (!valid_slug(out.slug)) return base::fail(ErrorCode::invalid_argument, "domain and name make no slug", {.pointer = "/name"}, "a name of a-z, 0-9 and hyphen");
  if (out.title.empty()) out.title = package.title;
  std::string& yaml = out.files["arbejdsgang.yaml"];
  Json manifest = package.manifest.value;
  if (out.slug == source_slug) {
    if (!own) return base::fail(ErrorCode::invalid_argument, "the workflow is another authority's: a draft from it needs a name of its own", {.pointer = "/name"}, slug_part(name) + "-lokal");
    if (out.title != package.title && manifest.is_object()) yaml = manifest_yaml(manifest.set("titel", out.title));
    next_version(yaml);
    return out;
  }
  Json derived = Json::array();
  derived.push(source_slug);
  if (package.kind != "korrekt")  // the law behind it still counts
    for (const std::string& one : derived_from(package))
      if (one != out.slug) derived.push(one);
  manifest.set("titel", out.title);
  if (!base::trim(asked.domain).empty() && domain != source_slug.substr(0, slash)) manifest.set("domaene", shown_domain(asked.domain));
  if (!asked.kle.empty()) manifest.set("kle", asked.kle);
  if (package.kind == "korrekt") manifest.set("art", "lokal");
  manifest.set("version", "1.0.0");
  manifest.set("afledt_af", std::move(derived));
  for (const char* of_the_source : {"erstatter", "vurdering"}) manifest.erase(of_the_source);
  yaml = manifest_yaml(manifest);
  return out;
}

bool valid_path(std::string_view path) {
  if (path.empty() || path.size() > 200 || path.front() == '/' || path.back() == '/' || !base::valid_utf8(path)) return false;
  if (std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < ' ' || c == 0x7f || c == '\\' || c == ':'; })) return false;
  const auto parts = base::split(path, '/');
  return std::none_of(parts.begin(), parts.end(), [](std::string_view part) { return part.empty() || part.starts_with("."); });
}

}  // namespace bank::drafts
