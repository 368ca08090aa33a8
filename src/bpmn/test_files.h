// What the tests of this room share. Tests run in the project's root.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bpmn/model.h"

namespace bpmn::test {

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline ModelPtr model_of(const std::filesystem::path& path) {
  auto model = read(file_text(path), path.string());
  if (!model) {
    ADD_FAILURE() << path << ": " << model.error().message;
    return std::make_shared<Model>();
  }
  return *model;
}

inline std::vector<std::filesystem::path> bpmn_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::exists(folder))
    for (const auto& one : std::filesystem::recursive_directory_iterator(folder))
      if (one.path().extension() == ".bpmn") files.push_back(one.path());
  std::ranges::sort(files);
  return files;
}

// A file with one process around this content.
inline std::string process_text(const std::string& content, const std::string& roots = {}) {
  return "<definitions xmlns=\"" + std::string(kBpmnNs) +
         "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" targetNamespace=\"urn:test\" xmlns:t=\"urn:test\" "
         "xmlns:zeebe=\"" + std::string(kZeebeNs) + "\">" + roots + "<process id=\"p\" isExecutable=\"true\">" + content +
         "</process></definitions>";
}

}  // namespace bpmn::test
