#include "base/yaml.h"

#include <yaml-cpp/yaml.h>

#include <yaml-cpp/eventhandler.h>

#include <sstream>

#include "base/json.h"
#include "base/json_pointer.h"

namespace base {
namespace {

struct TooDeep { YAML::Mark mark; };

// Stops at the first anchor, alias or tag: they would let a small file grow without bound.
class AliasGuard final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { look(mark, anchor, ""); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, "an alias (*name)"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string&) override { look(mark, anchor, tag); }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override { enter(mark, anchor, tag); }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override { enter(mark, anchor, tag); }
  void OnMapEnd() override { --depth_; }

 private:
  static void refuse(const YAML::Mark& mark, const std::string& what) {
    throw YAML::ParserException(mark, what + " is not accepted: write the value out");
  }
  void enter(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
    look(mark, anchor, tag);
    if (++depth_ > limits::kYamlDepth) throw TooDeep{mark};
  }
  static void look(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
    if (anchor != 0) refuse(mark, "an anchor (&name)");
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "a tag (" + tag + ")");
  }
  int depth_ = 0;
};

Where at(const YamlDocument& document, const YAML::Mark& mark) {
  Where where{.file = document.file};
  if (!mark.is_null()) where.line = mark.line + 1, where.column = mark.column + 1;
  return where;
}

// The core schema's plain scalars (YAML 1.2.2 section 10.3.2); dates stay text.
Json plain_scalar(const std::string& text) {
  if (text.empty() || text == "null" || text == "~") return {};
  if (text == "true") return Json(true);
  if (text == "false") return Json(false);
  const bool numeric = (text[0] >= '0' && text[0] <= '9') || (text[0] == '-' && text.size() > 1);
  if (numeric) {
    auto number = parse_json(text);
    if (number && number->is_number()) return *number;
  }
  return Json(text);
}

struct Converter {
  YamlDocument& document;
  std::size_t nodes = 0;

  Result<Json> convert(const YAML::Node& node, const std::string& pointer, int depth) {
    if (depth > limits::kYamlDepth || ++nodes > limits::kYamlNodes)
      return fail(ErrorCode::limit_exceeded, "YAML nested or repeated beyond its limit (kYamlDepth, kYamlNodes)", at(document, node.Mark()));
    document.positions[pointer] = {node.Mark().line + 1, node.Mark().column + 1};
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: return Json();
      case YAML::NodeType::Scalar: return node.Tag() == "!" ? Json(node.Scalar()) : plain_scalar(node.Scalar());
      case YAML::NodeType::Sequence: {
        Json out = Json::array();
        for (std::size_t i = 0; i < node.size(); ++i) {
          TRY(Json item, convert(node[i], pointer + '/' + std::to_string(i), depth + 1));
          out.push(std::move(item));
        }
        return out;
      }
      case YAML::NodeType::Map: {
        Json out = Json::object();
        for (const auto& member : node) {
          const std::string key = member.first.Scalar();
          if (out.has(key))
            return fail(ErrorCode::invalid_yaml, "the key '" + key + "' is repeated", at(document, member.first.Mark()), "keep one of them");
          TRY(Json value, convert(member.second, pointer + '/' + escape_pointer(key), depth + 1));
          out.as_object().emplace_back(key, std::move(value));
        }
        return out;
      }
    }
    return Json();
  }
};


}  // namespace

Where YamlDocument::where(std::string_view pointer) const {
  Where out{.file = file, .pointer = std::string(pointer)};
  // The nearest ancestor that has a position.
  for (std::string_view p = pointer;; p = p.substr(0, p.rfind('/'))) {
    if (const auto found = positions.find(p); found != positions.end()) {
      out.line = found->second.first;
      out.column = found->second.second;
      break;
    }
    if (p.empty()) break;
  }
  return out;
}

Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file) {
  YamlDocument document;
  document.file = file;
  if (text.size() > limits::kYamlBytes)
    return fail(ErrorCode::limit_exceeded, "YAML larger than " + std::to_string(limits::kYamlBytes) + " bytes (kYamlBytes)",
                {.file = document.file});
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser guard(stream);
    AliasGuard handler;
    while (guard.HandleNextDocument(handler)) {
    }
    const std::vector<YAML::Node> all = YAML::LoadAll(std::string(text));
    if (all.size() != 1)
      return fail(ErrorCode::invalid_yaml, "expected one YAML document, found " + std::to_string(all.size()), {.file = document.file, .line = 1, .column = 1}, "one document of 'key: value' lines, without '---' between");
    Converter converter{document};
    TRY(document.value, converter.convert(all[0], "", 0));
    return document;
  } catch (const TooDeep& e) {
    return fail(ErrorCode::limit_exceeded, "nested deeper than " + std::to_string(limits::kYamlDepth) + " levels (kYamlDepth)", at(document, e.mark));
  } catch (const YAML::Exception& e) {
    return fail(ErrorCode::invalid_yaml, e.msg, at(document, e.mark), "valid YAML 1.2: spaces for indentation, 'key: value', quotes around text with ': ' or '#'");
  }
}

}  // namespace base
