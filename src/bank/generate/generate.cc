#include "bank/generate/generate.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "bank/generate/outline.h"
#include "base/json.h"
#include "base/storage.h"
#include "base/text.h"
#include "bpmn/layout/layout.h"
#include "bpmn/notation/ids.h"
#include "bpmn/notation/notation.h"

namespace bank::generate {
namespace {

constexpr std::size_t kFewestDrawings = 2, kMoreDrawings = 5;  // of one workflow, beside the correct one

Theme theme_of(std::uint64_t seed) {
  Random random(seed);
  const Domain& domain = domains()[random.below(domains().size())];
  const auto any = [&](const auto& list) { return list[random.below(list.size())]; };
  const CaseKind kind = any(case_kinds());
  const Concept subject = any(domain.subjects);
  return {&domain, kind, subject, any(qualifiers())};
}

std::string slug_of(std::string_view folder, const std::string& title, std::size_t index) {
  return std::string(folder) + "/" + bpmn::notation::slug(title, '-') + "-" + std::to_string(index);
}

std::string process_of(std::size_t index) { return "proces-" + std::to_string(index); }

void add_list(std::string& out, const char* key, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out += std::string(key) + ":\n";
  for (const std::string& item : items) out += "  - " + item + "\n";
}

struct Manifest {
  std::string title;
  const Story& story;
  const Outline& outline;
  int variant;
  bool pattern;
  std::string derived_from;
  std::uint64_t seed;
};

std::string manifest_text(const Manifest& m) {
  const Domain& domain = *m.story.domain;
  const char* kind = m.variant == 0 ? "korrekt" : m.variant == 1 ? "god" : "lokal";
  const bool decides = !m.outline.laws.empty();
  std::string kle(m.pattern ? "00" : domain.kle);
  const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  // The subject decides the group and the kind of case the topic, so that the same workflow has the same number in every drawing.
  const auto sum = [](std::string_view text) { std::uint64_t n = 0; for (const unsigned char c : text) n = n * 31 + c; return n; };
  kle += "." + two(1 + sum(m.story.subject) % 60) + "." + two(sum(m.story.kind) % 60);
  std::string out = "format: 1\ntitel: \"" + m.title + "\"\nresume: >-\n  Genereret eksempel. " + m.title + ", som " + (m.variant == 0 ? "reglerne kræver det" : m.variant == 1 ? "et godt eksempel viser det" : "det gøres ét sted") +
                    ". En medarbejder er nødvendig, når noget mangler, eller sagen går parten imod.\n";
  out += "domaene: \"" + std::string(m.pattern ? "Tværgående" : domain.name) + "\"\nkle: \"" + kle + "\"\nart: " + kind + "\nmoenster: " + (m.pattern ? "true" : "false") + "\nejerrolle: \"" + m.outline.roles.front() + "\"\nversion: 1.0.0\n";
  if (!m.derived_from.empty()) add_list(out, "afledt_af", {m.derived_from});
  out += "jura:\n";
  for (const std::string_view law : domain.laws)
    out += "  - titel: \"" + std::string(law) + "\"\n    henvisning: Genereret henvisning\n    verificeret: \"2026-01-01\"\n    status: genereret eksempel, ingen rigtig henvisning\n";
  out += std::string("afgoerelse: ") + (decides ? "bebyrdende" : "ingen") + "\nautomatik:\n  grad: ingen\n  beskrivelse: Genereret eksempel, som ikke kører.\n";
  out += "hjemmel: Genereret eksempel uden behandling af personoplysninger.\nbevaring:\n  kode: K\n  slettefrist: P5Y\nsystemer:\n";
  for (std::size_t i = 0; i < domain.systems.size(); ++i)
    if (i == 0 || mixed(m.seed, 11, i) % 2 == 0) out += "  - slags: " + std::string(domain.systems[i]) + "\n    brug: Genereret eksempel\n";
  add_list(out, "roller", m.outline.roles);
  return out + "bemaerkninger: Genereret til prøver og målinger; ikke en rigtig arbejdsgang.\n";
}

}  // namespace

Generator::Generator(const Options& options) : options_(options) {
  std::size_t at = 0;
  for (std::size_t number = 0; at < options_.count; ++number) {
    Random random(mixed(options_.seed, 1, number));
    Family family{at, 1, {}};
    // The first family holds the generic patterns; of the others about half have sub-workflows.
    if (number == 0) family.workflows = kPatterns;
    else if (random.chance(50)) family.workflows = 1 + 3 + static_cast<int>(random.below(kStages - 2));
    at += static_cast<std::size_t>(family.workflows);
    for (int w = 0; w < family.workflows; ++w) {
      family.variants.push_back(static_cast<int>(kFewestDrawings + random.below(kMoreDrawings - kFewestDrawings + 1)));
      at += static_cast<std::size_t>(family.variants.back());
    }
    families_.push_back(std::move(family));
  }
}

// A family's correct workflows come first (sub-workflows, then the main one), then the other drawings of each.
Generator::Place Generator::place_of(std::size_t index) const {
  auto family = std::upper_bound(families_.begin(), families_.end(), index, [](std::size_t i, const Family& f) { return i < f.first; });
  --family;
  Place out{static_cast<std::size_t>(family - families_.begin()), 0, 0};
  std::size_t at = index - family->first;
  if (at < static_cast<std::size_t>(family->workflows)) {
    out.workflow = static_cast<int>(at);
    return out;
  }
  at -= static_cast<std::size_t>(family->workflows);
  while (at >= static_cast<std::size_t>(family->variants[static_cast<std::size_t>(out.workflow)])) at -= static_cast<std::size_t>(family->variants[static_cast<std::size_t>(out.workflow++)]);
  out.variant = static_cast<int>(at) + 1;
  return out;
}

base::Result<Made> Generator::package(std::size_t index) const {
  if (index >= options_.count) return base::fail(base::ErrorCode::invalid_argument, "the bank has no such package");
  const Place place = place_of(index);
  const Family& family = families_[place.family];
  const bool patterns = place.family == 0, main = !patterns && place.workflow + 1 == family.workflows;
  const std::uint64_t seed = mixed(options_.seed, 2, place.family);
  const Theme theme = theme_of(seed);
  const auto story_of = [&](int workflow, bool is_main) {
    const std::uint64_t own = mixed(seed, 3, static_cast<std::uint64_t>(workflow));
    return patterns ? make_pattern(workflow, own) : make_story(theme, is_main ? -1 : workflow, is_main ? family.workflows - 1 : 0, own);
  };
  const auto correct = [&](const Generator::Family& of, int workflow, const Story& story, std::string_view folder) {
    const std::size_t at = of.first + static_cast<std::size_t>(workflow);
    const std::string title = title_of(story, style_of(0, true));
    return Called{slug_of(folder, title, at), process_of(at), title};
  };
  std::vector<Called> calls, generic;
  for (int i = 0; main && i + 1 < family.workflows; ++i) calls.push_back(correct(family, i, story_of(i, false), theme.domain->folder));
  for (int i = 0; !patterns && i < kPatterns; ++i) generic.push_back(correct(families_[0], i, make_pattern(i, 0), "tvaergaaende"));

  Story story = story_of(place.workflow, main);
  const std::string_view folder = patterns ? std::string_view("tvaergaaende") : theme.domain->folder;
  const Called original = correct(family, place.workflow, story, folder);
  const std::uint64_t drawer = mixed(seed, 4, static_cast<std::uint64_t>(place.workflow), static_cast<std::uint64_t>(place.variant));
  const Style style = style_of(drawer, place.variant == 0 || options_.strength == 0);
  if (place.variant > 0) disturb(story, drawer, options_.strength);

  const Outline outline = outline_of(story, style, process_of(index), calls, generic);
  const std::string title = title_of(story, style);
  TRY(bpmn::ModelPtr model, bpmn::from_text(outline.text, "proces.tekst"));
  if (options_.diagrams) {
    TRY(model, bpmn::layout(*model));
  }
  Made out{slug_of(folder, title, index), "f" + std::to_string(place.family) + "-" + std::to_string(place.workflow), {}};
  out.files["proces.bpmn"] = bpmn::write(*model);
  out.files["arbejdsgang.yaml"] = manifest_text({title, story, outline, place.variant, patterns, place.variant > 0 ? original.slug : std::string(), drawer});
  return out;
}

base::Status write_bank(const Options& options, const std::string& folder, const std::function<void(std::size_t)>& progress) {
  namespace fs = std::filesystem;
  const Generator generator(options);
  std::map<std::string, std::vector<std::string>> clusters;
  for (std::size_t i = 0; i < generator.size(); ++i) {
    TRY(Made made, generator.package(i));
    std::error_code ec;
    fs::create_directories(fs::path(folder) / made.slug, ec);
    if (ec) return base::fail(base::ErrorCode::io_failed, "cannot make the folder: " + ec.message(), {.file = folder + "/" + made.slug});
    for (const auto& [name, content] : made.files)  // not synced one by one: a bank of examples can be made again
      if (!(std::ofstream(fs::path(folder) / made.slug / name, std::ios::binary) << content)) return base::fail(base::ErrorCode::io_failed, "cannot write the file", {.file = folder + "/" + made.slug + "/" + name});
    clusters[made.cluster].push_back(std::move(made.slug));
    if (progress) progress(i + 1);
  }
  base::Json all = base::Json::object();
  for (const auto& [cluster, slugs] : clusters) all.as_object().emplace_back(cluster, base::Json::Array(slugs.begin(), slugs.end()));
  return base::write_file_atomic(folder + "/klynger.json", base::Json(base::Json::Object{{"seed", static_cast<std::int64_t>(options.seed)}, {"count", static_cast<std::int64_t>(options.count)}, {"clusters", std::move(all)}}).dump_pretty() + "\n");
}

}  // namespace bank::generate
