// The state's containers against plain ones, over random operations; texts and key lists of one word; shared names.
#include "engine/state/tables.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "engine/projector/owners.h"
#include "engine/state/compact.h"

namespace engine {
namespace {

struct Row { Key key = 0; std::string text; };

TEST(Tables, AreMapsWithStablePlaces) {
  std::mt19937 random(7);
  Table<Row> table;
  std::map<Key, std::string> plain;
  std::map<Key, Row*> where;
  for (int i = 0; i < 60'000; ++i) {
    const Key key = 1 + static_cast<Key>(random() % 5'000) * (random() % 2 == 0 ? 1 : 0x10000000000);
    if (const auto known = plain.find(key); known != plain.end() && random() % 2 == 0) {
      plain.erase(known);
      where.erase(key);
      table.erase(key);
    } else if (!plain.contains(key)) {
      Row& made = table.make(key);
      EXPECT_EQ(made.text, "") << "a place that is used again is empty";
      made.text = plain[key] = std::to_string(random());
      where[key] = &made;
    }
    ASSERT_EQ(table.find(key) != nullptr, plain.contains(key));
  }
  ASSERT_EQ(table.size(), plain.size());
  for (const auto& [key, text] : plain) {
    ASSERT_EQ(table.find(key), where[key]);
    EXPECT_EQ(table.find(key)->text, text);
  }
  std::vector<Key> keys;
  for (const auto& [key, text] : plain) keys.push_back(key);
  EXPECT_EQ(table.sorted_keys(), keys);
}

TEST(Tables, BitsAreFoundInOrder) {
  HandleBits bits;
  const std::set<Handle> set{0, 1, 63, 64, 65, 1'000, 100'000};
  for (const Handle h : set) bits.set(h);
  bits.set(77);
  bits.reset(77);
  std::set<Handle> found;
  for (Handle h = bits.first(0); h != kNone; h = bits.first(h + 1)) found.insert(h);
  EXPECT_EQ(found, set);
  EXPECT_FALSE(bits.test(5'000'000));
}

TEST(Tables, AFifoKeepsItsOrderOverItsPieces) {
  std::mt19937 random(3);
  Fifo<int> fifo;
  std::vector<int> plain;
  std::size_t gone = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 5 < 3) {
      fifo.push_back(i);
      plain.push_back(i);
    } else if (gone < plain.size()) {
      ASSERT_EQ(fifo.front(), plain[gone]);
      fifo.pop_front();
      ++gone;
    }
    if (i % 5'000 == 4'999 && gone < plain.size()) {
      const int some = plain[gone + (plain.size() - gone) / 2];
      fifo.remove(some);
      std::erase(plain, some);
    }
    if (i % 7'000 == 6'999) {
      while (!fifo.empty()) fifo.pop_front();
      gone = plain.size();
    }
  }
  std::vector<int> left;
  fifo.each([&](int one) {
    left.push_back(one);
    return true;
  });
  EXPECT_EQ(left, std::vector<int>(plain.begin() + static_cast<std::ptrdiff_t>(gone), plain.end()));
  EXPECT_EQ(left, std::vector<int>(fifo.begin(), fifo.end()));
}

TEST(Tables, WhatIsDueComesInOrderAndWhatIsOverNever) {
  std::mt19937 random(11);
  DueHeap heap;
  std::map<Key, base::Millis> valid;
  std::set<std::pair<base::Millis, Key>> order;
  const auto is_valid = [&](Key key, base::Millis due) {
    const auto at = valid.find(key);
    return at != valid.end() && at->second == due;
  };
  for (Key key = 1; key < 20'000; ++key) {
    const base::Millis due = static_cast<base::Millis>(random() % 1'000);
    heap.add(due, key);
    if (random() % 3 == 0) continue;
    valid[key] = due;
    order.insert({due, key});
  }
  heap.tidy(valid.size() / 4, is_valid);
  for (const auto& [due, key] : order) {
    const auto first = heap.first(is_valid);
    ASSERT_EQ(first.first, due);
    ASSERT_EQ(first.second, key) << "at the same time in the order of the keys";
    valid.erase(key);
  }
  EXPECT_EQ(heap.first(is_valid).second, 0);
}

TEST(Compact, TextsOfOneWord) {
  EXPECT_EQ(sizeof(Bytes), sizeof(void*));
  Bytes text;
  EXPECT_TRUE(text.empty());
  for (const std::size_t size : {0u, 1u, 11u, 12u, 13u, 36u, 37u, 500u, 1'023u, 1'024u, 5'000u, 3u}) {
    text = std::string(size, 'x') + "y";
    EXPECT_EQ(std::string(text), std::string(size, 'x') + "y");
    const Bytes copy = text;
    text = std::string_view(text).substr(size / 2);  // a part of itself
    EXPECT_EQ(std::string_view(text), std::string_view(copy).substr(size / 2));
  }
  Bytes moved = std::move(text);
  EXPECT_FALSE(moved.empty());
  moved = "";
  EXPECT_TRUE(moved.empty());
}

TEST(Compact, EvictedBytesSayWhereTheyAre) {
  EXPECT_EQ(sizeof(Evictable), sizeof(void*));
  Evictable text;
  text.set("something that is longer than nothing");
  EXPECT_GT(text.held(), 0u);
  for (const Place place : {Place{0, 0, 1}, Place{0xffff, (1u << 23) - 1, (1u << 24) - 1}, Place{7, 12, 600}}) {
    text.leave(place);
    EXPECT_TRUE(text.away());
    EXPECT_EQ(text.held(), 0u);
    EXPECT_EQ(text.place(), place);
  }
  text.set("back");
  EXPECT_EQ(text.here(), "back");
}

TEST(Compact, KeyListsOfOneWord) {
  EXPECT_EQ(sizeof(KeyList), sizeof(Key));
  KeyList list;
  std::vector<Key> plain;
  std::mt19937 random(5);
  for (Key key = 1; key < 2'000; ++key) {
    if (random() % 3 != 0 || plain.empty()) {
      list.push_back(key);
      plain.push_back(key);
    } else {
      const Key gone = plain[random() % plain.size()];
      list.erase(gone);
      std::erase(plain, gone);
    }
    ASSERT_EQ(std::vector<Key>(list.begin(), list.end()), plain);
    if (key % 100 == 0) {
      for (const Key one : std::vector<Key>(plain)) list.erase(one);
      plain.clear();
      ASSERT_TRUE(list.empty());
    }
  }
  KeyList copy = list;
  EXPECT_EQ(std::vector<Key>(copy.begin(), copy.end()), plain);
  EXPECT_EQ(list.upper_bound(plain[0]), list.begin() + 1);
}

TEST(Compact, NamesAreSharedAndGoWithTheirLastHolder) {
  const std::size_t before = Name::count();
  {
    Name a, b;
    a = "order changed";
    b = std::string("order changed");
    EXPECT_EQ(Name::count(), before + 1);
    EXPECT_TRUE(a == b);
    EXPECT_EQ(&a.text(), &b.text());
    const Name c = a;
    a = "another";
    EXPECT_EQ(c.text(), "order changed");
    EXPECT_FALSE(a == b);
    EXPECT_EQ(Name::count(), before + 2);
    a = "";
    EXPECT_TRUE(a.empty());
  }
  EXPECT_EQ(Name::count(), before);
}

TEST(Owners, AreFoundNearAndFar) {
  Owners owners;
  std::map<Key, Key> plain;
  std::mt19937_64 random(9);
  for (int i = 0; i < 50'000; ++i) {
    const Key key = 1 + static_cast<Key>(random() % 4'000) * 3 + (random() % 8 == 0 ? Key{1} << 45 : 0);
    if (random() % 3 == 0) {
      EXPECT_EQ(owners.erase(key), plain.erase(key) == 1);
    } else {
      const Key owner = random() % 5 == 0 ? 0 : std::max<Key>(1, key - static_cast<Key>(random() % 100));
      owners.set(key, owner);
      plain[key] = owner;
    }
    const auto found = owners.find(key);
    ASSERT_EQ(found.has_value(), plain.contains(key));
    if (found) {
      ASSERT_EQ(*found, plain[key]);
    }
  }
}

}  // namespace
}  // namespace engine
