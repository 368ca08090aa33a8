#include "base/xml.h"

#include <expat.h>

#include <strings.h>

#include <algorithm>
#include <optional>

namespace base::xml {

// Children are taken apart level by level, so a deep tree never recurses in its destructor.
Element::~Element() {
  std::vector<std::unique_ptr<Element>> pending;
  const auto take = [&](Element& from) {
    for (Node& node : from.children)
      if (node.element) pending.push_back(std::move(node.element));
  };
  take(*this);
  while (!pending.empty()) {
    const std::unique_ptr<Element> last = std::move(pending.back());
    pending.pop_back();
    take(*last);
  }
}

const std::string* Element::attribute(std::string_view name) const { return attribute("", name); }

const std::string* Element::attribute(std::string_view space, std::string_view name) const {
  for (const Attribute& a : attributes)
    if (a.local == name && a.ns == space) return &a.value;
  return nullptr;
}

std::string Element::attribute_or(std::string_view name, std::string_view otherwise) const {
  const std::string* found = attribute(name);
  return found ? *found : std::string(otherwise);
}

void Element::set_attribute(std::string_view name, std::string_view value) {
  for (Attribute& a : attributes) {
    if (a.local != name || !a.ns.empty()) continue;
    a.value = value;
    return;
  }
  attributes.push_back({"", "", std::string(name), std::string(value)});
}

const Element* Element::child(std::string_view space, std::string_view name) const {
  for (const Node& node : children)
    if (node.element && node.element->is(space, name)) return node.element.get();
  return nullptr;
}

std::vector<const Element*> Element::children_named(std::string_view space, std::string_view name) const {
  std::vector<const Element*> out;
  for (const Node& node : children)
    if (node.element && node.element->is(space, name)) out.push_back(node.element.get());
  return out;
}

std::vector<const Element*> Element::elements() const {
  std::vector<const Element*> out;
  for (const Node& node : children)
    if (node.element) out.push_back(node.element.get());
  return out;
}

std::string Element::text() const {
  std::string out;
  for (const Node& node : children)
    if (node.kind == Node::Kind::text) out += node.text;
  return out;
}

std::unique_ptr<Element> Element::clone() const {
  auto root = std::make_unique<Element>();
  std::vector<std::pair<const Element*, Element*>> pending{{this, root.get()}};
  while (!pending.empty()) {
    const auto [from, to] = pending.back();
    pending.pop_back();
    to->ns = from->ns;
    to->prefix = from->prefix;
    to->local = from->local;
    to->attributes = from->attributes;
    to->namespaces = from->namespaces;
    to->line = from->line;
    to->column = from->column;
    for (const Node& node : from->children) {
      Node copy{node.kind, node.text, nullptr};
      if (node.element) {
        copy.element = std::make_unique<Element>();
        pending.emplace_back(node.element.get(), copy.element.get());
      }
      to->children.push_back(std::move(copy));
    }
  }
  return root;
}

namespace {

constexpr char kSeparator = '\x1f';  // between namespace, local name and prefix in expat's triplets

struct Builder {
  XML_Parser parser = nullptr;
  Limits limits;
  std::string_view file;
  Document document;
  std::vector<Element*> open;
  std::vector<std::pair<std::string, std::string>> declared;  // xmlns seen before the start tag they belong to
  std::size_t nodes = 0;
  std::optional<Error> error;

  Where here() const {
    return {.file = std::string(file),
            .line = static_cast<int>(XML_GetCurrentLineNumber(parser)),
            .column = static_cast<int>(XML_GetCurrentColumnNumber(parser)) + 1};
  }
  void stop(ErrorCode code, std::string message, std::string remedy = {}) {
    if (!error) error = Error{code, std::move(message), here(), std::move(remedy)};
    XML_StopParser(parser, XML_FALSE);
  }
  bool count_node() {
    if (++nodes <= limits.nodes) return true;
    stop(ErrorCode::limit_exceeded, "more than " + std::to_string(limits.nodes) + " XML nodes (kXmlNodes)");
    return false;
  }
  Node* add(Node::Kind kind) {
    if (open.empty() || !count_node()) return nullptr;
    auto& children = open.back()->children;
    children.push_back({kind, {}, nullptr});
    return &children.back();
  }
};

struct Triplet {
  std::string ns, local, prefix;
};
Triplet split_name(const char* name) {
  Triplet out;
  const std::string_view text(name);
  const std::size_t first = text.find(kSeparator);
  if (first == std::string_view::npos) return {"", std::string(text), ""};
  out.ns = text.substr(0, first);
  const std::string_view rest = text.substr(first + 1);
  const std::size_t second = rest.find(kSeparator);
  out.local = rest.substr(0, second);
  if (second != std::string_view::npos) out.prefix = rest.substr(second + 1);
  return out;
}

void on_start(void* self, const char* name, const char** attributes) {
  Builder& b = *static_cast<Builder*>(self);
  if (b.error) return;
  if (static_cast<int>(b.open.size()) >= b.limits.depth)
    return b.stop(ErrorCode::limit_exceeded, "elements nested deeper than " + std::to_string(b.limits.depth) + " (kXmlDepth)");
  if (!b.count_node()) return;
  auto element = std::make_unique<Element>();
  Triplet t = split_name(name);
  element->ns = std::move(t.ns);
  element->local = std::move(t.local);
  element->prefix = std::move(t.prefix);
  element->namespaces = std::move(b.declared);
  b.declared.clear();
  const Where at = b.here();
  element->line = at.line;
  element->column = at.column;
  std::size_t count = 0;
  for (; attributes[0]; attributes += 2) {
    if (++count > base::limits::kXmlAttributes)
      return b.stop(ErrorCode::limit_exceeded, "more than 256 attributes on one element (kXmlAttributes)");
    Triplet a = split_name(attributes[0]);
    element->attributes.push_back({std::move(a.ns), std::move(a.prefix), std::move(a.local), attributes[1]});
  }
  Element* raw = element.get();
  if (b.open.empty()) b.document.root = std::move(element);
  else b.open.back()->children.push_back({Node::Kind::element, {}, std::move(element)});
  b.open.push_back(raw);
}

void on_end(void* self, const char*) {
  Builder& b = *static_cast<Builder*>(self);
  if (!b.open.empty()) b.open.pop_back();
}

void on_text(void* self, const char* text, int length) {
  Builder& b = *static_cast<Builder*>(self);
  if (b.error || b.open.empty()) return;
  auto& children = b.open.back()->children;
  if (children.empty() || children.back().kind != Node::Kind::text)
    if (!b.add(Node::Kind::text)) return;
  children.back().text.append(text, static_cast<std::size_t>(length));
}

void on_comment(void* self, const char* text) {
  Builder& b = *static_cast<Builder*>(self);
  if (b.error) return;
  if (b.open.empty()) {
    if (!b.document.root) b.document.comments_before.emplace_back(text);
    return;
  }
  if (Node* node = b.add(Node::Kind::comment)) node->text = text;
}

void on_namespace(void* self, const char* prefix, const char* uri) {
  static_cast<Builder*>(self)->declared.emplace_back(prefix ? prefix : "", uri ? uri : "");
}

void on_doctype(void* self, const char*, const char*, const char*, int) {
  static_cast<Builder*>(self)->stop(ErrorCode::invalid_xml, "a DOCTYPE is not accepted (entities and external files)",
                                    "remove the DOCTYPE declaration");
}

// Expat's few words, with the element that was open and what would be right.
Error syntax_error(const Builder& b, bool empty) {
  const XML_Error code = XML_GetErrorCode(b.parser);
  const std::string inside = b.open.empty() ? std::string() : b.open.back()->local;
  const std::string started = inside.empty() ? std::string() : "'" + inside + "' of line " + std::to_string(b.open.back()->line);
  std::string message = XML_ErrorString(code), remedy;
  switch (code) {
    case XML_ERROR_NO_ELEMENTS:
      message = empty ? "the file is empty" : started.empty() ? "the file holds no element" : "the file ends inside " + started;
      remedy = started.empty() ? "an XML document with one root element" : "the whole file: </" + inside + "> is missing";
      break;
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR: remedy = "the whole file: it ends in the middle of a tag or a character"; break;
    case XML_ERROR_TAG_MISMATCH: remedy = started.empty() ? "an end tag for each start tag" : "close " + started + " with </" + inside + "> first"; break;
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT: remedy = "one root element, and nothing but comments after it"; break;
    case XML_ERROR_UNDEFINED_ENTITY: remedy = "&amp; for '&'; only amp, lt, gt, quot and apos are known"; break;
    case XML_ERROR_DUPLICATE_ATTRIBUTE: remedy = "each attribute once"; break;
    case XML_ERROR_UNBOUND_PREFIX: remedy = "declare the prefix with xmlns:prefix=\"…\""; break;
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING: remedy = "UTF-8"; break;
    default: remedy = "well-formed XML; '<' and '&' in text are written &lt; and &amp;";
  }
  Where where = b.here();
  where.element = inside;
  return {ErrorCode::invalid_xml, std::move(message), std::move(where), std::move(remedy)};
}

// windows-1252, which expat does not know: 0x80–0x9f by table, the rest as ISO-8859-1.
int on_encoding(void*, const char* name, XML_Encoding* info) {
  static constexpr int kHigh[32] = {0x20ac, -1, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, -1, 0x17d, -1,
                                    -1, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, -1, 0x17e, 0x178};
  if (strcasecmp(name, "windows-1252") != 0 && strcasecmp(name, "cp1252") != 0) return XML_STATUS_ERROR;
  for (int i = 0; i < 256; ++i) info->map[i] = i >= 0x80 && i < 0xa0 ? kHigh[i - 0x80] : i;
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return XML_STATUS_OK;
}

// Text between elements that is only white space is layout, not content.
void drop_layout(Element& root) {
  std::vector<Element*> pending{&root};
  while (!pending.empty()) {
    Element& element = *pending.back();
    pending.pop_back();
    bool has_elements = false, has_text = false;
    for (const Node& n : element.children) {
      has_elements |= n.kind != Node::Kind::text;
      has_text |= n.kind == Node::Kind::text && n.text.find_first_not_of(" \t\r\n") != std::string::npos;
    }
    if (has_elements && !has_text) std::erase_if(element.children, [](const Node& n) { return n.kind == Node::Kind::text; });
    for (Node& n : element.children)
      if (n.element) pending.push_back(n.element.get());
  }
}

}  // namespace

Result<Document> parse(std::string_view bytes, std::string_view file, const Limits& limits) {
  if (bytes.size() > limits.bytes)
    return fail(ErrorCode::limit_exceeded,
                "file of " + std::to_string(bytes.size()) + " bytes; the limit is " + std::to_string(limits.bytes) + " (kXmlBytes)",
                {.file = std::string(file)});
  Builder b;
  b.limits = limits;
  b.file = file;
  b.parser = XML_ParserCreateNS(nullptr, kSeparator);
  XML_SetReturnNSTriplet(b.parser, 1);
  XML_SetUserData(b.parser, &b);
  XML_SetElementHandler(b.parser, on_start, on_end);
  XML_SetCharacterDataHandler(b.parser, on_text);
  XML_SetCommentHandler(b.parser, on_comment);
  XML_SetNamespaceDeclHandler(b.parser, on_namespace, nullptr);
  XML_SetStartDoctypeDeclHandler(b.parser, on_doctype);
  XML_SetUnknownEncodingHandler(b.parser, on_encoding, nullptr);
  std::size_t at = 0;
  XML_Status status = XML_STATUS_OK;
  do {  // in pieces: expat takes an int
    const std::size_t piece = std::min<std::size_t>(bytes.size() - at, 1u << 20);
    status = XML_Parse(b.parser, bytes.data() + at, static_cast<int>(piece), at + piece == bytes.size());
    at += piece;
  } while (status == XML_STATUS_OK && at < bytes.size());
  if (status != XML_STATUS_OK && !b.error)
    b.error = syntax_error(b, bytes.empty());
  XML_ParserFree(b.parser);
  if (b.error) return std::unexpected(std::move(*b.error));
  drop_layout(*b.document.root);
  return std::move(b.document);
}

namespace {
void escape_into(std::string& out, std::string_view text, bool attribute) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += attribute ? "&quot;" : "\""; break;
      case '\n': out += attribute ? "&#10;" : "\n"; break;
      case '\t': out += attribute ? "&#9;" : "\t"; break;
      case '\r': out += "&#13;"; break;
      default: out += c;
    }
  }
}

void write_name(std::string& out, const std::string& prefix, const std::string& local) {
  if (!prefix.empty()) out += prefix + ':';
  out += local;
}

void write_open(std::string& out, const Element& e) {
  out += '<';
  write_name(out, e.prefix, e.local);
  for (const auto& [prefix, uri] : e.namespaces) {
    out += prefix.empty() ? " xmlns" : " xmlns:" + prefix;
    out += "=\"";
    escape_into(out, uri, true);
    out += '"';
  }
  for (const Attribute& a : e.attributes) {
    out += ' ';
    write_name(out, a.prefix, a.local);
    out += "=\"";
    escape_into(out, a.value, true);
    out += '"';
  }
}

bool holds_text(const Element& e) {
  for (const Node& n : e.children)
    if (n.kind == Node::Kind::text) return true;
  return false;
}

void write_element(std::string& out, const Element& root) {
  struct Frame {
    const Element* element;
    std::size_t next;
    bool indent;
  };
  std::vector<Frame> stack;
  const auto line = [&](std::size_t depth) {
    out += '\n';
    out.append(depth * 2, ' ');
  };
  const auto open = [&](const Element& e) {
    write_open(out, e);
    if (e.children.empty()) {
      out += "/>";
      return;
    }
    out += '>';
    stack.push_back({&e, 0, !holds_text(e) && (stack.empty() || stack.back().indent)});
  };
  open(root);
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next == frame.element->children.size()) {
      const Element& done = *frame.element;
      const bool indent = frame.indent;
      stack.pop_back();
      if (indent) line(stack.size());
      out += "</";
      write_name(out, done.prefix, done.local);
      out += '>';
      continue;
    }
    const Node& node = frame.element->children[frame.next++];
    if (frame.indent) line(stack.size());
    if (node.kind == Node::Kind::element) open(*node.element);
    else if (node.kind == Node::Kind::comment) out += "<!--" + node.text + "-->";
    else escape_into(out, node.text, false);
  }
}
}  // namespace

std::string escape_text(std::string_view text) {
  std::string out;
  escape_into(out, text, false);
  return out;
}

std::string escape_attribute(std::string_view text) {
  std::string out;
  escape_into(out, text, true);
  return out;
}

std::string write(const Element& element) {
  std::string out;
  write_element(out, element);
  return out;
}

std::string write(const Document& document) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  for (const std::string& comment : document.comments_before) out += "<!--" + comment + "-->\n";
  if (document.root) write_element(out, *document.root);
  out += '\n';
  return out;
}

}  // namespace base::xml
