// Inside the room: the XML tree turned into the model. One Reader per file; the first fault stops it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/xml.h"
#include "dmn/model.h"

namespace dmn {

// Finds where the text inside an element begins: base/xml keeps positions of start tags only.
class SourceText {
 public:
  explicit SourceText(std::string_view bytes);
  // Position of the first character after the start tag (and after "<![CDATA["); the tag's own where it cannot be told.
  Position content(const base::xml::Element&) const;

 private:
  std::string_view bytes_;
  std::vector<std::size_t> lines_;  // offset of each line's first byte
};

class Reader {
 public:
  Reader(Model& model, std::string_view bytes, const base::xml::Element& root);
  void read_model();                     // read.cc
  std::optional<base::Error>& error() { return error_; }

 private:
  using Xml = base::xml::Element;
  // read.cc: elements of the requirement graph
  void read_definitions_child(const Xml&);
  void read_decision(const Xml&);
  void read_knowledge(const Xml&);
  void read_service(const Xml&);
  void read_source(const Xml&);
  void read_import(const Xml&);
  ItemDefinition item_definition(const Xml&);
  bool read_requirement(const Xml&, std::vector<Reference>& decisions, std::vector<Reference>& inputs,
                        std::vector<Reference>& knowledge, std::vector<Reference>& authority);
  Reference reference(const Xml&, const std::string& element);

  // read_expression.cc
  static bool is_expression(std::string_view local);
  ExpressionPtr expression(const Xml&);          // of an expression's own element
  ExpressionPtr only_expression(const Xml& parent);  // the expression among the children; null where none
  ExpressionPtr child_expression(const Xml& parent, std::string_view local);  // <if><literalExpression/></if>
  ExpressionPtr literal_from(const Xml&);        // an element that is itself a literal expression
  DecisionTable table(const Xml&);
  DecisionRule rule(const Xml&);
  bool within_limit(const Xml&, std::size_t count);
  BoxedContext context(const Xml&);
  BoxedList list(const Xml&);
  Relation relation(const Xml&);
  FunctionDefinition function(const Xml&);
  Invocation invocation(const Xml&);
  Iteration iteration(const Xml&, IterationKind);

  // both
  void fill(Element&, const Xml&) const;
  InformationItem variable(const Xml* element);
  TypeRef type_attribute(const Xml&, std::string_view attribute) const;
  TypeRef type_child(const Xml&) const;
  std::string type_name(std::string_view text) const;  // without the prefix that a QName has
  Text text_child(const Xml&);                          // of <text> below the element
  std::string plain_child(const Xml&, std::string_view local) const;
  const Xml* child(const Xml&, std::string_view local) const;
  bool is_ours(const Xml&) const;                       // in the model's namespace
  void fail(base::ErrorCode, const Xml&, std::string message, std::string remedy);

  Model& model_;
  SourceText source_;
  const Xml& root_;
  std::string ns_;
  std::optional<base::Error> error_;
};

}  // namespace dmn
