// A changed sheet back into its file: the bytes are cut at element positions and put together again, so that nothing else moves.
#include <algorithm>
#include <map>
#include <set>

#include <xxhash.h>

#include "base/limits.h"
#include "base/text.h"
#include "dmn/sheet_source.h"

namespace dmn {

using base::ErrorCode;
using Xml = base::xml::Element;

namespace {

struct Edit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

// The bytes from..to with the edits done; edits lie inside and do not overlap. Those at one place are done in the order given.
std::string edited(std::string_view bytes, std::size_t from, std::size_t to, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string out;
  for (const Edit& e : edits) {
    out += bytes.substr(from, e.begin - from);
    out += e.text;
    from = e.end;
  }
  out += bytes.substr(from, to - from);
  return out;
}

bool same(const std::string& a, const std::string& b) { return a == b || clean(a) == clean(b); }

class Writer {
 public:
  Writer(std::string_view xml, const TableSource& source, const Sheet& before, const Sheet& after)
      : xml_(xml), source_(source), before_(before), after_(after), prefix_(source.table->prefix.empty() ? "" : source.table->prefix + ":") {}

  base::Result<std::string> write() {
    TRY_VOID(check());
    std::vector<Edit> edits;
    attribute(*source_.table, "hitPolicy", before_.hit_policy, after_.hit_policy, edits);
    attribute(*source_.table, "aggregation", before_.aggregation, after_.aggregation, edits);
    for (std::size_t i = 0; i < source_.inputs.size(); ++i) input(*source_.inputs[i], before_.inputs[i], after_.inputs[i], edits);
    for (std::size_t i = 0; i < source_.outputs.size(); ++i) output(*source_.outputs[i], before_.outputs[i], after_.outputs[i], edits);
    for (std::size_t i = 0; i < source_.annotations.size(); ++i) attribute(*source_.annotations[i], "name", before_.annotations[i], after_.annotations[i], edits);
    rules(edits);
    return edited(xml_, 0, xml_.size(), std::move(edits));
  }

 private:
  const base::xml::Bytes& at(const Xml& e) const { return source_.at(e); }
  base::Status check() const {
    const auto columns = [](std::size_t have, std::size_t got, const char* what) -> base::Status {
      if (have == got) return {};
      return base::fail(ErrorCode::invalid_argument, "the table has " + std::to_string(have) + " " + what + " columns, the sheet has " + std::to_string(got), {},
                        "columns are added and removed in the table's editor; a sheet changes texts and rules");
    };
    TRY_VOID(columns(before_.inputs.size(), after_.inputs.size(), "input"));
    TRY_VOID(columns(before_.outputs.size(), after_.outputs.size(), "output"));
    TRY_VOID(columns(before_.annotations.size(), after_.annotations.size(), "annotation"));
    const auto ids = [](const auto& have, const auto& got) -> base::Status {
      for (std::size_t i = 0; i < have.size(); ++i)
        if (!got[i].id.empty() && got[i].id != have[i].id)
          return base::fail(ErrorCode::invalid_argument, "column " + std::to_string(i + 1) + " is '" + have[i].id + "' in the table and '" + got[i].id + "' in the sheet", {}, "the columns in the table's order");
      return {};
    };
    TRY_VOID(ids(before_.inputs, after_.inputs));
    TRY_VOID(ids(before_.outputs, after_.outputs));
    if (after_.rules.size() > base::limits::kTableRules) return base::fail(ErrorCode::limit_exceeded, "more rules than the limit kTableRules");
    for (std::size_t i = 0; i < after_.rules.size(); ++i) TRY_VOID(check_rule(after_.rules[i], i + 1));
    for (const auto& c : after_.inputs)
      for (const auto* t : {&c.label, &c.expression, &c.type, &c.allowed}) TRY_VOID(characters(*t, 0));
    for (const auto& c : after_.outputs)
      for (const auto* t : {&c.name, &c.label, &c.type, &c.allowed, &c.default_entry}) TRY_VOID(characters(*t, 0));
    for (const auto& c : after_.annotations) TRY_VOID(characters(c, 0));
    TRY_VOID(characters(after_.hit_policy, 0));
    return characters(after_.aggregation, 0);
  }
  base::Status check_rule(const SheetRule& rule, std::size_t number) const {
    if (rule.inputs.size() != after_.inputs.size() || rule.outputs.size() != after_.outputs.size() || rule.annotations.size() > after_.annotations.size())
      return base::fail(ErrorCode::invalid_argument, "rule " + std::to_string(number) + " has another number of cells than the table has columns", {},
                        std::to_string(after_.inputs.size()) + " inputs and " + std::to_string(after_.outputs.size()) + " outputs");
    for (const auto* cells : {&rule.inputs, &rule.outputs, &rule.annotations})
      for (const auto& cell : *cells) TRY_VOID(characters(cell, number));
    return {};
  }
  // XML 1.0 section 2.2: what a document may hold at all.
  static base::Status characters(const std::string& text, std::size_t rule) {
    const std::string where = rule == 0 ? std::string("the table's head") : "rule " + std::to_string(rule);
    if (!base::valid_utf8(text)) return base::fail(ErrorCode::invalid_argument, where + " has a text that is not UTF-8");
    for (std::size_t i = 0; i < text.size(); ++i) {
      const unsigned char c = static_cast<unsigned char>(text[i]);
      const bool control = c < ' ' && c != '\n' && c != '\r' && c != '\t';
      const bool beyond = c == 0xef && static_cast<unsigned char>(text[i + 1]) == 0xbf && static_cast<unsigned char>(text[i + 2]) >= 0xbe;
      if (control || beyond) return base::fail(ErrorCode::invalid_argument, where + " has a character that XML cannot hold", {}, "remove it");
    }
    return {};
  }

  std::string coded(std::string text) const {
    if (!source_.ascii) return text;
    std::string out;
    for (const char32_t c : base::to_utf32(text))
      if (c < 0x80) out += static_cast<char>(c);
      else out += "&#" + std::to_string(static_cast<std::uint32_t>(c)) + ";";
    return out;
  }
  std::string in_text(const std::string& s) const { return coded(base::xml::escape_text(clean(s))); }
  std::string in_attribute(const std::string& s) const { return coded(base::xml::escape_attribute(clean(s))); }
  std::string tag(const char* local) const { return prefix_ + local; }
  std::string text_element(const std::string& s) const { return "<" + tag("text") + ">" + in_text(s) + "</" + tag("text") + ">"; }

  // White space before an element back to (and with) the line's beginning; "" where something else stands before it.
  std::string gap(const Xml& e) const {
    std::size_t from = at(e).begin;
    while (from > 0 && (xml_[from - 1] == ' ' || xml_[from - 1] == '\t')) --from;
    if (from == 0 || xml_[from - 1] != '\n') return {};
    --from;
    if (from > 0 && xml_[from - 1] == '\r') --from;
    return std::string(xml_.substr(from, at(e).begin - from));
  }

  // ---- attributes of a start tag
  struct Found { std::size_t begin = 0, value = 0, value_end = 0; };  // the white space before the name; between the quotes
  bool find_attribute(const Xml& e, std::string_view name, Found& out) const {
    std::size_t pos = xml_.find_first_of(" \t\r\n/>", at(e).begin);
    while (pos < at(e).open_end) {
      const std::size_t word = xml_.find_first_not_of(" \t\r\n", pos);
      const std::size_t equals = xml_.find('=', word);
      if (word == std::string_view::npos || xml_[word] == '/' || xml_[word] == '>' || equals >= at(e).open_end) return false;
      const std::size_t quote = xml_.find_first_of("\"'", equals), end = xml_.find(xml_[quote], quote + 1);
      if (base::trim(xml_.substr(word, equals - word)) == name) {
        out = {pos, quote + 1, end};
        return true;
      }
      pos = end + 1;
    }
    return false;
  }
  void attribute(const Xml& e, std::string_view name, const std::string& before, const std::string& after, std::vector<Edit>& edits) const {
    if (same(before, after)) return;
    Found found;
    const bool there = find_attribute(e, name, found);
    const std::size_t behind_name = xml_.find_first_of(" \t\r\n/>", at(e).begin);
    if (!there) edits.push_back({behind_name, behind_name, " " + std::string(name) + "=\"" + in_attribute(after) + "\""});
    else if (after.empty()) edits.push_back({found.begin, found.value_end + 1, ""});
    else edits.push_back({found.value - 1, found.value_end + 1, "\"" + in_attribute(after) + "\""});
  }

  // ---- elements
  std::string raw_name(const Xml& e) const { return e.prefix.empty() ? e.local : e.prefix + ":" + e.local; }
  // More content at the end of an element, which may be <a/>.
  void append(const Xml& e, const std::string& content, std::vector<Edit>& edits) const {
    if (at(e).close != at(e).end) {
      std::size_t pos = at(e).close;  // before the white space of the end tag's own line
      while (pos > at(e).open_end && (xml_[pos - 1] == ' ' || xml_[pos - 1] == '\t' || xml_[pos - 1] == '\n' || xml_[pos - 1] == '\r')) --pos;
      edits.push_back({pos, pos, content});
      return;
    }
    const std::size_t slash = xml_.rfind('/', at(e).end);
    const std::string inner = content.starts_with("\n") || content.starts_with("\r") ? content + gap(e) : content;
    edits.push_back({slash, at(e).end, ">" + inner + "</" + raw_name(e) + ">"});
  }
  // Sets <text> below the element.
  void set_text(const Xml& e, const std::string& text, std::vector<Edit>& edits) const {
    const Xml* found = e.child(source_.ns, "text");
    if (found == nullptr) append(e, text_element(text), edits);
    else if (at(*found).close == at(*found).end) edits.push_back({at(*found).begin, at(*found).end, text_element(text)});
    else edits.push_back({at(*found).open_end, at(*found).close, in_text(text)});
  }
  void remove(const Xml& e, std::vector<Edit>& edits) const { edits.push_back({at(e).begin - gap(e).size(), at(e).end, ""}); }
  // <holder><text>…</text></holder> below `parent`: changed, made (behind `after`, or at the end) or taken away.
  void held_text(const Xml& parent, const char* holder, const Xml* behind, const std::string& before, const std::string& after, std::string& at_end, std::vector<Edit>& edits) const {
    if (same(before, after)) return;
    if (const Xml* found = parent.child(source_.ns, holder)) {
      if (after.empty()) remove(*found, edits);
      else set_text(*found, after, edits);
      return;
    }
    const std::string inner = gap(parent).empty() ? std::string() : gap(parent) + "  ";
    const std::string made = inner + "<" + tag(holder) + ">" + text_element(after) + "</" + tag(holder) + ">";
    if (behind != nullptr) edits.push_back({at(*behind).end, at(*behind).end, made});
    else at_end += made;
  }

  void input(const Xml& e, const SheetInput& before, const SheetInput& after, std::vector<Edit>& edits) const {
    attribute(e, "label", before.label, after.label, edits);
    std::string at_end;
    const Xml* expression = e.child(source_.ns, "inputExpression");
    held_text(e, "inputExpression", nullptr, before.expression, after.expression, at_end, edits);
    if (expression != nullptr) attribute(*expression, "typeRef", before.type, after.type, edits);
    held_text(e, "inputValues", expression, before.allowed, after.allowed, at_end, edits);
    if (!at_end.empty()) append(e, at_end, edits);
  }
  void output(const Xml& e, const SheetOutput& before, const SheetOutput& after, std::vector<Edit>& edits) const {
    attribute(e, "name", before.name, after.name, edits);
    attribute(e, "label", before.label, after.label, edits);
    attribute(e, "typeRef", before.type, after.type, edits);
    std::string at_end;
    const bool new_default = e.child(source_.ns, "defaultOutputEntry") == nullptr;
    if (!new_default && e.child(source_.ns, "outputValues") == nullptr && !same(before.allowed, after.allowed)) {  // 8.3.3: values come first
      const Xml& entry = *e.child(source_.ns, "defaultOutputEntry");
      edits.push_back({at(entry).begin, at(entry).begin, "<" + tag("outputValues") + ">" + text_element(after.allowed) + "</" + tag("outputValues") + ">" + gap(entry)});
    } else {
      held_text(e, "outputValues", nullptr, before.allowed, after.allowed, at_end, edits);
    }
    held_text(e, "defaultOutputEntry", nullptr, before.default_entry, after.default_entry, at_end, edits);
    if (!at_end.empty()) append(e, at_end, edits);
  }

  // ---- rules
  void rules(std::vector<Edit>& edits) {
    std::map<std::string, std::size_t> old;
    for (std::size_t i = 0; i < before_.rules.size(); ++i) old.emplace(before_.rules[i].id, i);
    std::vector<bool> used(before_.rules.size());
    std::string made;
    for (std::size_t n = 0; n < after_.rules.size(); ++n) {
      const SheetRule& rule = after_.rules[n];
      const auto found = old.find(rule.id);
      if (found != old.end() && !used[found->second]) {
        used[found->second] = true;
        made += xml_.substr(gap_begin(found->second), at(*source_.rules[found->second]).begin - gap_begin(found->second));
        made += kept(found->second, rule);
      } else {
        made += new_gap() + fresh(rule);
      }
    }
    for (std::size_t i = 0; i < used.size(); ++i)  // other elements between rules stay when their rule goes
      if (!used[i]) made += foreign(i);
    if (source_.rules.empty()) {
      if (!made.empty()) append(*source_.table, made, edits);
      return;
    }
    edits.push_back({gap_begin(0), at(*source_.rules.back()).end, std::move(made)});
  }
  // What stands between a rule and the element before it goes with the rule.
  std::size_t gap_begin(std::size_t rule) {
    if (rule > 0) return at(*source_.rules[rule - 1]).end;
    if (first_gap_ == 0) {
      first_gap_ = at(*source_.table).open_end;
      for (const Xml* e : source_.table->elements()) {
        if (e == source_.rules[0]) break;
        first_gap_ = at(*e).end;
      }
    }
    return first_gap_;
  }
  std::string foreign(std::size_t rule) {
    if (rule == 0 || xml_.substr(gap_begin(rule), at(*source_.rules[rule]).begin - gap_begin(rule)).find('<') == std::string_view::npos) return {};
    std::string out;
    if (elements_.empty()) elements_ = source_.table->elements();
    for (const Xml* e : elements_)
      if (at(*e).begin >= gap_begin(rule) && at(*e).end <= at(*source_.rules[rule]).begin) out += gap(*e) + std::string(xml_.substr(at(*e).begin, at(*e).end - at(*e).begin));
    return out;
  }
  std::string new_gap() const {
    if (!source_.rules.empty()) return gap(*source_.rules.back());
    const Xml* sibling = !source_.outputs.empty() ? source_.outputs.back() : !source_.inputs.empty() ? source_.inputs.back() : nullptr;
    return sibling == nullptr ? std::string() : gap(*sibling);
  }
  // How deep the children of a rule stand: as in the last rule that has some.
  std::string inner_gap() const {
    for (auto rule = source_.rules.rbegin(); rule != source_.rules.rend(); ++rule)
      if (const auto children = (*rule)->elements(); !children.empty()) return gap(*children.front());
    return new_gap().empty() ? std::string() : new_gap() + "  ";
  }

  std::string kept(std::size_t index, const SheetRule& rule) {
    const Xml& e = *source_.rules[index];
    const SheetRule& was = before_.rules[index];
    if (at(e).close == at(e).end) {  // <rule/>: no cell of it is there
      return rule.inputs == was.inputs && rule.outputs == was.outputs && padded(rule.annotations) == was.annotations
                 ? std::string(xml_.substr(at(e).begin, at(e).end - at(e).begin)) : built(rule, e.attribute_or("id", ""));
    }
    std::vector<Edit> edits;
    std::size_t behind = description(e, was.annotations.back(), padded(rule.annotations).back(), edits);
    cells(e, "inputEntry", was.inputs, rule.inputs, behind, edits);
    cells(e, "outputEntry", was.outputs, rule.outputs, behind, edits);
    auto notes = padded(rule.annotations), notes_before = was.annotations;
    notes.pop_back();
    notes_before.pop_back();
    cells(e, "annotationEntry", notes_before, notes, behind, edits);
    return edited(xml_, at(e).begin, at(e).end, std::move(edits));
  }
  std::vector<std::string> padded(std::vector<std::string> notes) const {
    notes.resize(after_.annotations.size());
    return notes;
  }
  // Returns where the first cell may stand.
  std::size_t description(const Xml& rule, const std::string& before, const std::string& after, std::vector<Edit>& edits) const {
    const Xml* found = rule.child(source_.ns, "description");
    const Xml* extensions = rule.child(source_.ns, "extensionElements");
    if (!same(before, after)) {
      const std::string made = "<" + tag("description") + ">" + in_text(after) + "</" + tag("description") + ">";
      if (found == nullptr) edits.push_back({at(rule).open_end, at(rule).open_end, inner_gap() + made});
      else if (after.empty()) remove(*found, edits);
      else if (at(*found).close == at(*found).end) edits.push_back({at(*found).begin, at(*found).end, made});
      else edits.push_back({at(*found).open_end, at(*found).close, in_text(after)});
    }
    return extensions != nullptr ? at(*extensions).end : found != nullptr ? at(*found).end : at(rule).open_end;
  }
  void cells(const Xml& rule, const char* local, const std::vector<std::string>& before, const std::vector<std::string>& after, std::size_t& behind, std::vector<Edit>& edits) const {
    const auto entries = source_.entries(rule, local);
    std::size_t last_set = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (same(before[i], after[i])) continue;
      last_set = i + 1;
      if (i < entries.size()) set_text(*entries[i], after[i], edits);
    }
    if (!entries.empty()) behind = std::max(behind, at(*entries.back()).end);
    std::string more;
    for (std::size_t i = entries.size(); i < last_set; ++i) more += inner_gap() + "<" + tag(local) + ">" + text_element(after[i]) + "</" + tag(local) + ">";
    if (!more.empty()) edits.push_back({behind, behind, std::move(more)});
  }

  std::string fresh(const SheetRule& rule) { return built(rule, fresh_id(rule)); }
  std::string built(const SheetRule& rule, const std::string& id) {
    const std::string inner = inner_gap(), end = inner.empty() ? std::string() : new_gap();
    std::string out = "<" + tag("rule") + (id.empty() ? std::string() : " id=\"" + in_attribute(id) + "\"") + ">";
    const auto notes = padded(rule.annotations);
    if (!notes.back().empty()) out += inner + "<" + tag("description") + ">" + in_text(notes.back()) + "</" + tag("description") + ">";
    std::size_t cell = 0;
    const auto add = [&](const char* local, const std::string& text, bool with_id) {
      const std::string own = id.empty() || !with_id ? std::string() : unused(id + "_" + std::to_string(++cell));
      out += inner + "<" + tag(local) + (own.empty() ? std::string() : " id=\"" + in_attribute(own) + "\"") + ">" + text_element(text) + "</" + tag(local) + ">";
    };
    for (const auto& t : rule.inputs) add("inputEntry", t, true);
    for (const auto& t : rule.outputs) add("outputEntry", t, true);
    std::size_t written = notes.size() - 1;  // one for each column of the table, and what else is said
    while (written > source_.annotations.size() && notes[written - 1].empty()) --written;
    for (std::size_t i = 0; i < written; ++i) add("annotationEntry", notes[i], false);
    return out + end + "</" + tag("rule") + ">";
  }

  // Ids are the file's own (NCName), the same for the same import, and none that the file has had in this moment.
  std::string fresh_id(const SheetRule& rule) {
    if (name_like(rule.id) && !taken().contains(rule.id)) return unused(rule.id);
    std::string seed = after_.decision_id;
    for (const auto* cells : {&rule.inputs, &rule.outputs, &rule.annotations})
      for (const auto& c : *cells) seed += '\x1f' + c;
    for (unsigned attempt = 0;; ++attempt) {
      const std::uint64_t hash = XXH3_64bits_withSeed(seed.data(), seed.size(), attempt);
      std::string id = "Regel_" + base::hex(std::string_view(reinterpret_cast<const char*>(&hash), 5));
      if (!taken().contains(id)) return unused(id);
    }
  }
  static bool name_like(const std::string& id) {
    if (id.empty() || id.size() > 200) return false;
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; };
    return letter(id[0]) && std::all_of(id.begin(), id.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
  }
  std::string unused(std::string id) {
    while (!taken().insert(id).second) id += "x";
    return id;
  }
  std::set<std::string>& taken() {
    if (!ids_read_) {
      std::vector<const Xml*> open{source_.document.root.get()};
      while (!open.empty()) {
        const Xml* top = open.back();
        open.pop_back();
        if (const auto* id = top->attribute("id")) ids_.insert(*id);
        const auto children = top->elements();
        open.insert(open.end(), children.begin(), children.end());
      }
      ids_read_ = true;
    }
    return ids_;
  }

  std::string_view xml_;
  const TableSource& source_;
  const Sheet& before_;
  const Sheet& after_;
  const std::string prefix_;
  std::size_t first_gap_ = 0;
  std::vector<const Xml*> elements_;
  std::set<std::string> ids_;
  bool ids_read_ = false;
};

}  // namespace

base::Result<std::string> with_sheet(std::string_view xml, const Sheet& sheet, std::string_view file) {
  TRY(const TableSource source, find_table(xml, sheet.decision_id, file));
  const Sheet before = sheet_of(source);
  return Writer(xml, source, before, sheet).write();
}

}  // namespace dmn
