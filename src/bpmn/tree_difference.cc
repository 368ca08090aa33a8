#include "bpmn/tree_difference.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace bpmn {
namespace {

using base::xml::Element;
using base::xml::Node;

// Blank text is indentation where elements stand beside it; elsewhere it is content.
std::vector<const Node*> content(const Element& element) {
  const bool holds_elements = std::ranges::any_of(element.children, [](const Node& n) { return n.kind == Node::Kind::element; });
  std::vector<const Node*> result;
  for (const Node& node : element.children)
    if (node.kind != Node::Kind::text || !base::trim(node.text).empty() || (!holds_elements && !node.text.empty()))
      result.push_back(&node);
  return result;
}

std::string place(const Element& element) {
  return "line " + std::to_string(element.line) + ", <" + element.local + " id='" + element.attribute_or("id", "") + "'>: ";
}

std::string attributes_differ(const Element& a, const Element& b) {
  if (a.attributes.size() != b.attributes.size())
    return place(a) + std::to_string(a.attributes.size()) + " attributes became " + std::to_string(b.attributes.size());
  for (const auto& one : a.attributes) {
    const std::string* other = one.ns.empty() ? b.attribute(one.local) : b.attribute(one.ns, one.local);
    if (!other) return place(a) + "attribute " + one.local + " is gone";
    if (*other != one.value) return place(a) + "attribute " + one.local + " '" + one.value + "' became '" + *other + "'";
  }
  return {};
}

std::string shallow(const Element& a, const Element& b) {
  if (a.ns != b.ns || a.local != b.local) return place(a) + "became <" + b.local + "> in '" + b.ns + "'";
  if (const std::string found = attributes_differ(a, b); !found.empty()) return found;
  const auto mine = content(a), theirs = content(b);
  if (mine.size() != theirs.size())
    return place(a) + std::to_string(mine.size()) + " children became " + std::to_string(theirs.size());
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i]->kind != theirs[i]->kind) return place(a) + "child " + std::to_string(i) + " is of another kind";
    if (mine[i]->kind != Node::Kind::element && base::trim(mine[i]->text) != base::trim(theirs[i]->text))
      return place(a) + "text '" + mine[i]->text + "' became '" + theirs[i]->text + "'";
  }
  return {};
}

}  // namespace

std::string tree_difference(const base::xml::Document& expected, const base::xml::Document& actual) {
  if (expected.comments_before != actual.comments_before) return "the comments above the root differ";
  std::vector<std::pair<const Element*, const Element*>> open{{expected.root.get(), actual.root.get()}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    if (const std::string found = shallow(*a, *b); !found.empty()) return found;
    const auto mine = content(*a), theirs = content(*b);
    for (std::size_t i = mine.size(); i-- > 0;)
      if (mine[i]->element) open.emplace_back(mine[i]->element.get(), theirs[i]->element.get());
  }
  return {};
}

}  // namespace bpmn
