// Item definitions as FEEL types (DMN 1.5 section 7.3.2), with their allowed values as a question on the type.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dmn/faults.h"
#include "dmn/model.h"
#include "feel/feel.h"

namespace dmn {

// The types that one model sees: its own item definitions, and those of its imports as "import.name".
class TypeTable {
 public:
  TypeTable(const Model&, Faults&);
  // Types of an imported model become visible under the import's name; "" = unqualified. Call before resolve_all.
  void add_import(const std::string& name, const TypeTable& imported);
  void resolve_all();
  // nullptr = Any: for "" and for a name that is unknown (which is then a fault).
  feel::TypePtr find(const TypeRef&, const std::string& element);
  const std::vector<feel::Name>& names() const { return names_; }  // for feel::CompileOptions::types
  // The constants of an allowed-values list in order, for the order of outputs; empty where there is none.
  std::vector<feel::Value> allowed_order(const TypeRef&) const;

 private:
  feel::TypePtr named(const std::string& name, const TypeRef&, const std::string& element);
  feel::TypePtr resolve(const ItemDefinition&);
  feel::TypePtr base_type(const ItemDefinition&);
  feel::TypePtr restricted(feel::TypePtr, const Text& allowed, const ItemDefinition&);

  const Model& model_;
  Faults& faults_;
  std::map<std::string, feel::TypePtr, std::less<>> resolved_;
  std::map<std::string, const ItemDefinition*, std::less<>> definitions_;
  // Being resolved. A second visit is a circle, unless a component, a collection or a parameter lies between: then the inner one is a
  // reference to the outer.
  struct Open {
    std::string name;
    int structure = 0;
    std::shared_ptr<std::weak_ptr<const feel::Type>> whole;
  };
  std::vector<Open> open_;
  std::vector<std::string> imported_;  // names of the imports that are there
  int structure_ = 0;  // components, collections and parameters around what is being resolved
  std::vector<feel::Name> names_;
};

// FEEL's own type by any of the names that DMN files use; found = false where it is none.
struct BuiltinType {
  bool found = false;
  feel::TypePtr type;
};
BuiltinType builtin_type(std::string_view name);

feel::TypePtr list_of(feel::TypePtr element);
// The values that a list of unary tests names one by one ("A", "B", 3); empty where it holds anything else.
std::vector<feel::Value> constants(const Text& unary_tests);

}  // namespace dmn
