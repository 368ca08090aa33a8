#include "bank/generate/generate.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <set>

#include "bank/package.h"
#include "base/json.h"
#include "base/storage.h"

namespace bank::generate {
namespace {

std::vector<Made> all_of(const Options& options) {
  std::vector<Made> out;
  const Generator generator(options);
  for (std::size_t i = 0; i < generator.size(); ++i) {
    auto made = generator.package(i);
    if (!made) ADD_FAILURE() << "package " << i << ": " << made.error().text();
    else out.push_back(std::move(*made));
  }
  return out;
}

TEST(Generate, EveryPackagePassesCheckWithoutAWarning) {
  for (const std::uint64_t seed : {1u, 7u, 2010u})
    for (const Made& made : all_of({.count = 120, .seed = seed})) {
      const auto package = load_files(made.files, made.slug);
      ASSERT_TRUE(package) << made.slug << ": " << package.error().text();
      for (const Finding& f : check(*package)) ADD_FAILURE() << "seed " << seed << ' ' << made.slug << ": " << f.code << ' ' << f.element << ' ' << f.message;
      EXPECT_FALSE(package->process->diagrams.empty()) << made.slug;
      EXPECT_GE(package->process->nodes.size(), 4u) << made.slug;
    }
}

TEST(Generate, SameSeedSameBytesAndAnotherSeedAnotherBank) {
  const auto once = all_of({.count = 40, .seed = 3}), again = all_of({.count = 40, .seed = 3}), other = all_of({.count = 40, .seed = 4});
  ASSERT_EQ(once.size(), again.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].slug, again[i].slug);
    EXPECT_EQ(once[i].files, again[i].files);
    same += once[i].files == other[i].files;
  }
  EXPECT_EQ(same, 0u);
}

TEST(Generate, ACalledPackageIsInTheBankAndDrawingsOfOneWorkflowDiffer) {
  const auto all = all_of({.count = 300, .seed = 5});
  std::set<std::string> slugs;
  std::map<std::string, std::set<std::string>> clusters;
  for (const Made& made : all) {
    EXPECT_TRUE(slugs.insert(made.slug).second) << made.slug << " twice";
    EXPECT_TRUE(clusters[made.cluster].insert(made.files.at("proces.bpmn")).second) << made.slug << " is drawn as another one of its cluster";
  }
  std::size_t calls = 0;
  for (const Made& made : all) {
    const auto package = load_files(made.files, made.slug);
    ASSERT_TRUE(package);
    for (const auto& node : package->process->nodes)
      for (const auto& property : node.zeebe.properties)
        if (property.key == "pakke") {
          ++calls;
          EXPECT_TRUE(slugs.contains(property.value)) << made.slug << " calls " << property.value;
        }
  }
  EXPECT_GT(calls, 50u);
  EXPECT_GT(clusters.size(), 40u);
}

TEST(Generate, WritesFoldersAndTheClusters) {
  const std::string folder = (std::filesystem::temp_directory_path() / ("generate_test." + std::to_string(getpid()))).string();
  ASSERT_TRUE(write_bank({.count = 30, .seed = 9, .diagrams = false}, folder));
  const auto text = base::read_file(folder + "/klynger.json", 1 << 20);
  ASSERT_TRUE(text);
  const auto json = base::parse_json(*text);
  ASSERT_TRUE(json);
  std::size_t slugs = 0;
  for (const auto& [cluster, list] : (*json)["clusters"].as_object())
    for (const base::Json& slug : list.as_array()) {
      ++slugs;
      EXPECT_TRUE(load_folder(folder + "/" + slug.as_string(), slug.as_string())) << slug.as_string();
    }
  EXPECT_EQ(slugs, 30u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace bank::generate
