// MergingCursor and ConcatenatedCursor against one sorted list, over cursors that are as strict as
// the interface allows: short batches, and views that die with the next call.
#include "framework/table/merging_cursor.hpp"

#include <gtest/gtest.h>

#include "framework/table/concatenated_cursor.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using test::Entries;
using test::OwnedEntry;

/// Hands over copies, a random few at a time, and frees the earlier ones at every call.
class StrictCursor final : public Cursor {
  public:
    StrictCursor(const Entries& entries, uint64_t seed) : entries_(entries), random_(seed) {}

    void seek_first() override { forget().place_ = 0; }
    void seek_last() override { forget().place_ = entries_.size(); }
    void seek(std::string_view key, Sequence sequence) override {
        const OwnedEntry target{std::string(key), {}, sequence, Kind::value};
        forget().place_ = static_cast<size_t>(
            std::lower_bound(entries_.begin(), entries_.end(), target, test::entry_less) -
            entries_.begin());
    }
    bool next(EntryBatch& batch) override {
        forget();
        batch.clear();
        const uint64_t most = 1 + random_.below(5);
        copies_.reserve(most);
        while (place_ < entries_.size() && copies_.size() < most) push(batch, place_++);
        return !batch.empty();
    }
    bool previous(EntryBatch& batch) override {
        forget();
        batch.clear();
        const uint64_t most = 1 + random_.below(5);
        copies_.reserve(most);
        while (place_ > 0 && copies_.size() < most) push(batch, --place_);
        return !batch.empty();
    }
    bool fails = false;

  private:
    StrictCursor& forget() {
        if (fails) throw Error(ErrorKind::io, "no luck");
        copies_ = {};
        return *this;
    }
    void push(EntryBatch& batch, size_t place) {
        copies_.push_back(entries_[place]);
        batch.push(copies_.back().view());
    }

    const Entries& entries_;
    Random random_;
    size_t place_ = 0;
    Entries copies_;
};

/// Entries spread over `count` parts, and all of them in one.
struct Spread {
    std::vector<Entries> parts;
    Entries all;

    Spread(uint64_t seed, size_t count, uint64_t entries) : parts(count) {
        all = test::random_entries(seed, entries);
        Random random(seed + 1);
        for (const OwnedEntry& entry : all) parts[random.below(count)].push_back(entry);
    }
    std::vector<std::unique_ptr<Cursor>> cursors() const {
        std::vector<std::unique_ptr<Cursor>> made;
        for (const Entries& part : parts) {
            made.push_back(std::make_unique<StrictCursor>(part, made.size()));
        }
        return made;
    }
};

Entries reversed(Entries entries) {
    std::reverse(entries.begin(), entries.end());
    return entries;
}

TEST(MergingCursor, GivesAllEntriesInOrderBothWays) {
    for (const size_t count : {1, 2, 3, 5, 17}) {
        for (const uint64_t entries : {0, 1, 10, 500}) {
            const Spread spread(count, count, entries);
            MergingCursor cursor(spread.cursors());
            cursor.seek_first();
            EXPECT_EQ(test::take_forward(cursor), spread.all);
            cursor.seek_last();
            EXPECT_EQ(test::take_backward(cursor), reversed(spread.all));
        }
    }
}

TEST(MergingCursor, OfNothingIsEmpty) {
    MergingCursor cursor({});
    cursor.seek_first();
    EXPECT_TRUE(test::take_forward(cursor).empty());
    EXPECT_TRUE(test::take_backward(cursor).empty());
}

/// Seeks, walks and turns at random, against a place in the sorted list.
void walk_at_random(Cursor& cursor, const Entries& all, uint64_t seed) {
    Random random(seed);
    size_t place = 0;
    cursor.seek_first();
    EntryBatch batch;
    for (int step = 0; step < 2000; ++step) {
        const uint64_t action = random.below(12);
        if (action == 0) {
            const OwnedEntry target{test::random_bytes(random, random.below(8), 3),
                                    {},
                                    1 + random.below(all.size()),
                                    Kind::value};
            cursor.seek(target.key, target.sequence);
            place = static_cast<size_t>(
                std::lower_bound(all.begin(), all.end(), target, test::entry_less) - all.begin());
        } else if (action == 1) {
            random.below(2) == 0 ? (cursor.seek_first(), place = 0)
                                 : (cursor.seek_last(), place = all.size());
        } else if (action < 7) {
            ASSERT_EQ(cursor.next(batch), place < all.size());
            for (const Entry& entry : batch) ASSERT_EQ(test::owned(entry), all[place++]);
        } else {
            ASSERT_EQ(cursor.previous(batch), place > 0);
            for (const Entry& entry : batch) ASSERT_EQ(test::owned(entry), all[--place]);
        }
    }
}

TEST(MergingCursor, SeeksAndTurnsAnywhere) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        const Spread spread(seed, 1 + seed % 6, 60);
        MergingCursor cursor(spread.cursors());
        walk_at_random(cursor, spread.all, seed);
    }
}

TEST(MergingCursor, AnErrorStaysUntilASeek) {
    const Spread spread(3, 3, 100);
    auto inputs = spread.cursors();
    auto* second = static_cast<StrictCursor*>(inputs[1].get());
    MergingCursor cursor(std::move(inputs));
    cursor.seek_first();
    EntryBatch batch;
    ASSERT_TRUE(cursor.next(batch));
    second->fails = true;
    EXPECT_EQ(test::error_kind([&] { test::take_forward(cursor); }), ErrorKind::io);
    second->fails = false;
    EXPECT_EQ(test::error_kind([&] { cursor.next(batch); }), ErrorKind::io);
    cursor.seek_first();
    EXPECT_EQ(test::take_forward(cursor), spread.all);
}

/// Cuts a list into parts between keys.
std::vector<Entries> cut(const Entries& all, size_t about) {
    std::vector<Entries> parts;
    for (const OwnedEntry& entry : all) {
        const bool cut_here =
            parts.empty() || (parts.back().size() >= about && parts.back().back().key != entry.key);
        if (cut_here) parts.emplace_back();
        parts.back().push_back(entry);
    }
    return parts;
}

TEST(ConcatenatedCursor, SeeksAndTurnsAnywhereAndOpensLazily) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        const Entries all = test::random_entries(seed, 80);
        const std::vector<Entries> parts = cut(all, 1 + seed % 9);
        std::vector<std::string_view> largest;
        for (const Entries& part : parts) largest.push_back(part.back().key);
        size_t opened = 0;
        ConcatenatedCursor cursor(largest, [&](size_t part) {
            ++opened;
            return std::make_unique<StrictCursor>(parts[part], part);
        });
        EXPECT_EQ(opened, 0U);
        cursor.seek(parts[0][0].key);
        EXPECT_EQ(opened, 1U);
        walk_at_random(cursor, all, seed);
        cursor.seek_first();
        EXPECT_EQ(test::take_forward(cursor), all);
        EXPECT_EQ(test::take_backward(cursor), reversed(all));
    }
}

TEST(ConcatenatedCursor, OfNoTablesIsEmpty) {
    ConcatenatedCursor cursor({}, [](size_t) -> std::unique_ptr<Cursor> { return nullptr; });
    cursor.seek("a");
    EXPECT_TRUE(test::take_forward(cursor).empty());
    EXPECT_TRUE(test::take_backward(cursor).empty());
}

}  // namespace
}  // namespace lsm
