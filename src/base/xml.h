// XML as a small tree, read by expat: namespaces resolved, positions kept, DOCTYPE refused, every size limited.
// What is written again has the same elements, attributes, text and prefixes (the round trip of unknown extensions).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace base::xml {

struct Attribute {
  std::string ns;      // namespace URI; "" for an attribute without prefix
  std::string prefix;  // as written
  std::string local;
  std::string value;
};

struct Element;
// A child: an element, or text (CDATA and text are one), or a comment.
struct Node {
  enum class Kind : std::uint8_t { element, text, comment };
  Kind kind = Kind::text;
  std::string text;
  std::unique_ptr<Element> element;
};

struct Element {
  std::string ns;  // namespace URI, "" when none
  std::string prefix;
  std::string local;
  std::vector<Attribute> attributes;                                   // without xmlns
  std::vector<std::pair<std::string, std::string>> namespaces;         // xmlns declared here: prefix ("" = default), URI
  std::vector<Node> children;
  int line = 0, column = 0;

  Element() = default;
  Element(Element&&) = default;
  Element& operator=(Element&&) = default;
  ~Element();  // iterative: depth never reaches the stack

  // Attribute without namespace; nullptr where absent.
  const std::string* attribute(std::string_view local) const;
  const std::string* attribute(std::string_view ns, std::string_view local) const;
  std::string attribute_or(std::string_view local, std::string_view otherwise) const;
  void set_attribute(std::string_view local, std::string_view value);
  const Element* child(std::string_view ns, std::string_view local) const;  // the first
  std::vector<const Element*> children_named(std::string_view ns, std::string_view local) const;
  std::vector<const Element*> elements() const;
  std::string text() const;  // own text and CDATA, not of descendants
  bool is(std::string_view ns_, std::string_view local_) const { return local == local_ && ns == ns_; }
  std::unique_ptr<Element> clone() const;
};

struct Document {
  std::unique_ptr<Element> root;
  std::vector<std::string> comments_before;  // comments above the root
};

struct Limits {
  std::size_t bytes = limits::kXmlBytes;
  int depth = limits::kXmlDepth;
  std::size_t nodes = limits::kXmlNodes;
};

// Errors: invalid_xml (line, column), limit_exceeded. Encodings: UTF-8, UTF-16, ISO-8859-1, US-ASCII, windows-1252.
Result<Document> parse(std::string_view bytes, std::string_view file = {}, const Limits& = {});
// UTF-8 with declaration; elements that hold no text are indented by two spaces.
std::string write(const Document&);
std::string write(const Element&);  // fragment without declaration
std::string escape_text(std::string_view);
std::string escape_attribute(std::string_view);

}  // namespace base::xml
