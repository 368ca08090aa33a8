// The contract (openapi.json, inside the binary) as the server reads it: routes, roles, bodies, look-ups to be logged.
// There is no second list of routes; server start fails when an operation has no handler or a handler no operation.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "base/json.h"

namespace api {

struct Operation {
  std::string method;                 // "GET"
  std::string path;                   // "/api/tasks/{userTaskKey}"
  std::string id;                     // operationId
  std::vector<std::string> segments;  // "{name}" stands for any
  std::vector<std::string> roles;     // any of them; empty: whoever has signed in
  bool open = false;                  // nobody need be signed in
  std::string audit;                  // kind of thing whose look-up is logged; "" = not
  std::string media;                  // of the body; "" = no body is read
  const base::Json* body = nullptr;   // its schema
  bool body_required = false;
  bool relational = false;            // x-relational: a write whose answer the server remembers itself
  const base::Json* node = nullptr;   // the operation object
};

class Contract {
 public:
  static const Contract& instance();
  std::string_view text() const { return text_; }
  const base::Json& document() const { return document_; }
  const std::vector<Operation>& operations() const { return operations_; }
  const Operation* operation(std::string_view id) const;
  // The operation of a path, or nullptr; `allowed` gets the methods of the path when only the method is wrong.
  const Operation* match(const std::string& method, const std::vector<std::string>& segments, std::string& allowed) const;
  // Path and query parameters and the JSON body against the contract. Errors: invalid_argument with a JSON pointer.
  base::Status check_parameters(const Operation&, const Request&) const;
  base::Status check_body(const Operation&, const base::Json& body) const;

 private:
  explicit Contract(std::string_view text);
  std::string_view text_;
  base::Json document_;
  std::vector<Operation> operations_;
};

}  // namespace api
