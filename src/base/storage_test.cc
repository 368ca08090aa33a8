#include "base/storage.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace base {
namespace {

class StorageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/sagsgang-storage-XXXXXX";
    folder_ = ::mkdtemp(path);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
  SystemStorage storage_;
};

TEST_F(StorageTest, WritesReadsAndLists) {
  ASSERT_TRUE(storage_.make_folder(folder_ + "/a/b"));
  auto file = storage_.open(folder_ + "/a/b/one", Storage::Open::create);
  ASSERT_TRUE(file) << file.error().text();
  ASSERT_TRUE((*file)->write_at(4, "data"));
  ASSERT_TRUE((*file)->sync());
  EXPECT_EQ(*(*file)->size(), 8u);
  EXPECT_EQ(*(*file)->read_at(2, 100), std::string("\0\0data", 6));
  ASSERT_TRUE((*file)->preallocate(4096));
  EXPECT_EQ(*(*file)->size(), 4096u);
  ASSERT_TRUE((*file)->truncate(6));
  EXPECT_EQ(*(*file)->read_at(0, 100), std::string("\0\0\0\0da", 6));
  EXPECT_EQ(storage_.open(folder_ + "/a/b/one", Storage::Open::create).error().code, ErrorCode::conflict);
  EXPECT_EQ(storage_.open(folder_ + "/a/b/two", Storage::Open::read).error().code, ErrorCode::not_found);
  ASSERT_TRUE(storage_.rename(folder_ + "/a/b/one", folder_ + "/a/b/zero"));
  ASSERT_TRUE(write_file_atomic(folder_ + "/a/b/alpha", "x"));
  EXPECT_EQ(*storage_.list(folder_ + "/a/b"), (std::vector<std::string>{"alpha", "zero"}));
  ASSERT_TRUE(storage_.remove(folder_ + "/a/b/zero"));
  EXPECT_FALSE(storage_.exists(folder_ + "/a/b/zero"));
}

TEST_F(StorageTest, ReadFileKeepsItsLimit) {
  ASSERT_TRUE(write_file_atomic(folder_ + "/ten", "0123456789"));
  EXPECT_EQ(*read_file(folder_ + "/ten", 10), "0123456789");
  EXPECT_EQ(read_file(folder_ + "/ten", 9).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(read_file(folder_ + "/none", 9).error().code, ErrorCode::not_found);
}

TEST_F(StorageTest, AtomicWriteLeavesNoTemporaryFileWhenItFails) {
  ASSERT_TRUE(storage_.make_folder(folder_ + "/target"));
  EXPECT_FALSE(write_file_atomic(folder_ + "/target", "a file cannot replace a folder"));
  EXPECT_EQ(*storage_.list(folder_), (std::vector<std::string>{"target"}));
}

}  // namespace
}  // namespace base
