#include "bank/generate/outline.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace bank::generate {
namespace {

std::uint64_t hash_of(std::string_view text) {  // FNV-1a
  std::uint64_t out = 14695981039346656037ull;
  for (const unsigned char c : text) out = (out ^ c) * 1099511628211ull;
  return out;
}

std::string capital(std::string text) {
  if (text.empty()) return text;
  const std::u32string all = base::to_utf32(text);
  return base::upper(base::to_utf8(all.substr(0, 1))) + base::to_utf8(all.substr(1));
}

// One drawer's words: the same concept mostly gets the same word.
class Words {
 public:
  explicit Words(const Style& style) : style_(style), random_(mixed(style.seed, 77)) {}

  std::string_view one(Concept concept_) {
    const auto all = base::split(concept_, '|');
    if (style_.plainest || all.size() == 1) return all[0];
    if (random_.chance(12)) return all[random_.below(all.size())];
    return all[mixed(style_.seed, hash_of(concept_)) % all.size()];
  }
  std::string with(Concept pattern, Concept object) {
    std::string out(one(pattern));
    if (const auto at = out.find("{}"); at != std::string::npos) out.replace(at, 2, one(object));
    return capital(out);
  }
  std::string phrase(const Label& label) {
    if (!label.pattern.empty()) return with(label.pattern, label.object);
    const auto forms = base::split(one(label.verb), ':');
    Style::Form form = style_.form;
    if (!style_.plainest && random_.chance(10)) form = static_cast<Style::Form>(random_.below(3));
    std::string out(forms[std::min(static_cast<std::size_t>(form), forms.size() - 1)]);
    if (!label.object.empty()) out += " " + std::string(one(label.object));
    if (!label.tail.empty()) out += " " + std::string(one(label.tail));
    return out;
  }
  std::string label(const Label& label) {
    std::string out = phrase(label);
    for (const Label& also : label.also) out += " og " + phrase(also);
    return capital(out);
  }
  Random& random() { return random_; }

 private:
  const Style& style_;
  Random random_;
};

class Writer {
 public:
  Writer(const Story& story, const Style& style, const std::vector<Called>& calls, const std::vector<Called>& patterns)
      : story_(story), style_(style), words_(style), calls_(calls), patterns_(patterns) {}

  Outline run(const std::string& process_id, const std::string& title) {
    for (const Concept& role : story_.roles) role_names_.emplace_back(words_.one(role));
    roles_used_.assign(story_.roles.size(), false);
    line(1, "@" + role_names_[0], nullptr);
    used(0);
    const std::string start = words_.with(story_.start.pattern, story_.start.object), end = words_.with(story_.end.pattern, story_.end.object);
    element(1, words_.random().chance(50) ? "start besked" : "start", start);
    blocks(story_.body.parts, 1);
    role(0, 1);
    element(1, "slut", end);
    Outline out;
    out.text = "proces #" + process_id + ": " + title + "\n  pulje: " + (style_.plainest ? "Kommunen" : "Kommune") + "\n";
    for (std::size_t i = 0; i < role_names_.size(); ++i)
      if (roles_used_[i]) {
        out.text += "  bane: " + role_names_[i] + "\n";
        out.roles.push_back(role_names_[i]);
      }
    out.text += "\n" + text_;
    out.laws = std::move(laws_);
    return out;
  }

 private:
  void line(int depth, const std::string& head, const std::string* value) {
    text_.append(static_cast<std::size_t>(depth) * 2, ' ');
    text_ += head;
    if (value != nullptr) text_ += ": " + *value;
    text_ += '\n';
  }
  std::string new_id() {
    ++elements_;
    if (style_.ids == Style::Ids::numbered) return "n" + std::to_string(elements_);
    std::string out = "Activity_";
    for (std::uint64_t bits = mixed(style_.seed, 5, elements_), i = 0; i < 7; ++i, bits >>= 5) out += "0123456789abcdefghijklmnopqrstuv"[bits & 31];
    return out;
  }
  void element(int depth, const std::string& keyword, const std::string& name, const std::string& id = {}) {
    const std::string own = id.empty() && style_.ids != Style::Ids::by_name ? new_id() : id;
    line(depth, keyword + (own.empty() ? "" : " #" + own), &name);
  }
  void used(int role) { roles_used_[static_cast<std::size_t>(role)] = true; }
  void role(int wanted, int depth) {
    used(wanted);
    line(depth, "@" + role_names_[static_cast<std::size_t>(wanted)], nullptr);
  }

  void blocks(const std::vector<Block>& all, int depth) {
    for (const Block& b : all) block(b, depth);
  }
  void block(const Block& b, int depth) {
    switch (b.kind) {
      case Block::Kind::step: return step(b, depth);
      case Block::Kind::call: return call(b, depth);
      case Block::Kind::sequence: return blocks(b.parts, depth);
      case Block::Kind::choice:
        element(depth, "valg", words_.with(b.label.pattern, b.label.object));
        for (std::size_t i = 0; i < b.parts.size(); ++i) {
          line(depth + 1, "gren " + std::string(b.answers[i]), &kNothing);
          blocks(b.parts[i].parts, depth + 2);
        }
        return;
      case Block::Kind::parallel:
        if (b.parts.empty()) return;
        element(depth, "parallel", kNothing);
        for (const Block& branch : b.parts) {
          line(depth + 1, "gren", &kNothing);
          blocks(branch.parts, depth + 2);
        }
        return element(depth, "parallel", kNothing);
      case Block::Kind::wait: return element(depth, "vent timer " + std::string(b.after), words_.with(b.label.pattern, b.label.object));
      case Block::Kind::stop:
        if (b.retry >= 0) return line(depth, "gå til mark_" + std::to_string(b.retry), nullptr);
        return element(depth, "slut", words_.with(b.label.pattern, b.label.object));
    }
  }
  void step(const Block& b, int depth) {
    role(b.role, depth);
    element(depth, std::string(b.type), words_.label(b.label), b.mark >= 0 ? "mark_" + std::to_string(b.mark) : std::string());
    if (b.law) {
      const auto laws = story_.domain->laws;
      const std::string law = std::string(laws[hash_of(b.label.verb) % laws.size()]) + " § " + std::to_string(1 + hash_of(b.label.object) % 150);
      line(depth + 1, "lov", &law);
      laws_.push_back(law);
    }
    if (!b.late.empty()) {
      const std::string gone = words_.with("Fristen er udløbet|Der er ikke svaret i tide|For sent", {});
      element(depth + 1, "ved timer P14D", gone);
      blocks(b.late, depth + 2);
    }
  }
  void call(const Block& b, int depth) {
    const bool pattern = b.called < -1;
    const auto& from = pattern ? patterns_ : calls_;
    const auto index = static_cast<std::size_t>(pattern ? -2 - b.called : b.called);
    role(b.role, depth);
    if (index >= from.size()) return element(depth, "opgave", b.label.pattern.empty() ? "Fortsætter" : std::string(words_.one(b.label.pattern)));
    const Called& to = from[index];
    element(depth, "kald " + to.process, b.label.pattern.empty() ? to.title : std::string(words_.one(b.label.pattern)));
    line(depth + 1, "pakke", &to.slug);
  }

  inline static const std::string kNothing;
  const Story& story_;
  const Style& style_;
  Words words_;
  const std::vector<Called>&calls_, &patterns_;
  std::string text_;
  std::vector<std::string> role_names_, laws_;
  std::vector<bool> roles_used_;
  std::uint64_t elements_ = 0;
};

}  // namespace

Style style_of(std::uint64_t seed, bool plainest) {
  Style out;
  out.seed = seed;
  out.plainest = plainest;
  if (plainest) return out;
  Random random(mixed(seed, 3));
  out.form = static_cast<Style::Form>(random.below(3));
  out.ids = static_cast<Style::Ids>(random.below(3));
  return out;
}

std::string title_of(const Story& story, const Style& style) {
  Words words(style);
  std::string out(words.one(story.kind));
  if (!story.subject.empty()) out += " " + std::string(words.one(story.subject));
  if (!story.qualifier.empty()) out += " " + std::string(words.one(story.qualifier));
  if (!story.stage.empty()) out += ": " + std::string(words.one(story.stage));
  return capital(out);
}

Outline outline_of(const Story& story, const Style& style, const std::string& process_id, const std::vector<Called>& calls, const std::vector<Called>& patterns) {
  return Writer(story, style, calls, patterns).run(process_id, title_of(story, style));
}

}  // namespace bank::generate
