// One file of an import as it is stored. Private to this folder.
#pragma once
#include "bank/imports/imports.h"

namespace bank::imports {

enum class State : std::uint8_t { waiting, read, refused };

struct ImportFile {
  std::int64_t key = 0;
  int number = 0;
  std::string path, title, format;
  State state = State::waiting;
  std::size_t taken = 0, guessed = 0, refused = 0, open = 0;  // shapes; open: that ask and have no decision
  std::int64_t revision = 0;
  std::vector<Decision> decisions;
  base::Json error, report;                                   // report: of visio::Report
  std::string bpmn, draft;                                    // as read; the id of the draft made of it
  bool has_diagram = false;
  int same_as = 0;                                            // an earlier file of the import with the same bytes

  std::string_view said() const;                              // waiting | refused | empty | doubtful | ready | drafted
  std::vector<visio::Row> rows() const;                       // of the report
  std::size_t still_open() const;
  base::Json summary() const;
};

struct Entry { std::string path, bytes; base::Error refused; bool is_refused = false; };

// What an upload holds, file by file. Errors: those of Imports::create.
base::Result<std::vector<Entry>> unpacked(const std::vector<Upload>&);
base::Json error_json(const base::Error&);                    // {code, titleDa, textDa, message}

}  // namespace bank::imports
