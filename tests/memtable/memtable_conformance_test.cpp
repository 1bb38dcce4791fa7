// What every memtable policy has to do, whatever it is made of: checked against a std::map, for
// each registered policy with its default options and with each option at the ends of its range.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>

#include "framework/base/number.hpp"
#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"

namespace lsm {
namespace {

struct Subject {
    std::string policy;
    OptionValues options;
    std::string label;
};

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.label; }

std::vector<Subject> subjects() {
    std::vector<Subject> all;
    for (const auto& policy : all_policies().memtable().policies()) {
        all.push_back({policy.name, {}, policy.name});
        for (const OptionInfo& option : policy.options) {
            if (option.type != OptionType::count) continue;
            for (const double value : {option.range.minimum, option.range.maximum}) {
                if (value > 1 << 20) continue;
                const std::string text = format_number(value);
                all.push_back({policy.name,
                               {{option.name, {{text}, false}}},
                               policy.name + "_" + option.name + "_" + text});
            }
        }
    }
    return all;
}

std::unique_ptr<AnyMemtable> make(const Subject& subject) {
    std::vector<OptionProblem> problems;
    const auto options =
        all_policies().memtable().find(subject.policy)->make(subject.options, problems);
    EXPECT_TRUE(problems.empty()) << problems[0].message;
    return std::make_unique<AnyMemtable>(options);
}

struct Version {
    std::string key;
    Sequence sequence;
    bool operator<(const Version& other) const {
        return key != other.key ? key < other.key : sequence > other.sequence;
    }
};
struct Held {
    std::string value;
    Kind kind;
};
using Model = std::map<Version, Held>;

void expect_same(const Entry& entry, const Model::value_type& expected) {
    ASSERT_EQ(entry.key, expected.first.key);
    ASSERT_EQ(entry.sequence, expected.first.sequence);
    ASSERT_EQ(entry.value, expected.second.value);
    ASSERT_EQ(entry.kind, expected.second.kind);
    ASSERT_EQ(entry.prefix, key_prefix(entry.key));
}

/// Keys that share prefixes, hold zero bytes, and are prefixes of one another.
std::string random_key(Random& random, uint64_t variety) {
    static const std::string starts[] = {
        "", "a", std::string("a\0", 2), "samestart", "samestartandmore", std::string(8, '\xff')};
    std::string key = starts[random.below(6)];
    const uint64_t number = random.below(variety);
    if (number > 0) key += std::to_string(number);
    return key;
}

class MemtableConformance : public testing::TestWithParam<Subject> {
  protected:
    void insert(Random& random, uint64_t variety) {
        const std::string key = random_key(random, variety);
        const std::string value(random.below(20), static_cast<char>('a' + random.below(26)));
        const Kind kind = std::array{Kind::tombstone, Kind::value, Kind::expiring, Kind::value}.at(
            random.below(4));
        insert(key, value, kind);
    }
    void insert(std::string key, std::string value, Kind kind) {
        sequence_ += 1;
        memtable_->insert(Entry::make(key, value, sequence_, kind));
        model_[{key, sequence_}] = {value, kind};
        // What was handed in must not be needed any more.
        std::fill(key.begin(), key.end(), '?');
        std::fill(value.begin(), value.end(), '?');
    }

    void check_find(std::string_view key, Sequence at) {
        Entry found;
        const bool there = memtable_->find(key, at, found);
        const auto expected = model_.lower_bound({std::string(key), at});
        const bool should = expected != model_.end() && expected->first.key == key;
        ASSERT_EQ(there, should) << "key " << key << " at " << at;
        if (should) expect_same(found, *expected);
    }

    /// Up to `batches` batches forward from the cursor's position, which is in front of `place`.
    void check_forward(Cursor& cursor, Model::const_iterator place, int batches) {
        EntryBatch batch;
        for (int i = 0; i < batches; ++i) {
            const bool more = cursor.next(batch);
            ASSERT_EQ(more, place != model_.end());
            if (!more) {
                ASSERT_TRUE(batch.empty());
                return;
            }
            for (const Entry& entry : batch) {
                ASSERT_NE(place, model_.end());
                expect_same(entry, *place++);
            }
        }
    }
    void check_backward(Cursor& cursor, Model::const_iterator place, int batches) {
        EntryBatch batch;
        for (int i = 0; i < batches; ++i) {
            const bool more = cursor.previous(batch);
            ASSERT_EQ(more, place != model_.begin());
            if (!more) {
                ASSERT_TRUE(batch.empty());
                return;
            }
            for (const Entry& entry : batch) {
                ASSERT_NE(place, model_.begin());
                expect_same(entry, *--place);
            }
        }
    }

    std::unique_ptr<AnyMemtable> memtable_ = make(GetParam());
    Model model_;
    Sequence sequence_ = 0;
};

TEST_P(MemtableConformance, EmptyHasNothing) {
    Entry found;
    EXPECT_FALSE(memtable_->find("key", kMaxSequence, found));
    const auto cursor = memtable_->cursor();
    check_forward(*cursor, model_.end(), 1);
    for (auto move : {0, 1, 2}) {
        if (move == 0) cursor->seek_first();
        if (move == 1) cursor->seek_last();
        if (move == 2) cursor->seek("key");
        check_forward(*cursor, model_.end(), 1);
        check_backward(*cursor, model_.begin(), 1);
    }
}

TEST_P(MemtableConformance, AgreesWithAMap) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        memtable_ = make(GetParam());
        model_.clear();
        sequence_ = 0;
        const uint64_t variety = 1 + random.below(seed % 2 == 0 ? 10 : 500);
        for (int step = 0; step < 600; ++step) {
            insert(random, variety);
            const std::string key = random_key(random, variety);
            check_find(key, random.below(2) == 0 ? kMaxSequence : random.below(sequence_ + 2));
            if (HasFatalFailure()) return;
        }
        const auto cursor = memtable_->cursor();
        for (int step = 0; step < 60 && !HasFatalFailure(); ++step) {
            const std::string key = random_key(random, variety);
            const Sequence at = random.below(2) == 0 ? kMaxSequence : random.below(sequence_ + 2);
            const auto place = model_.lower_bound({key, at});
            cursor->seek(key, at);
            if (random.below(2) == 0) {
                check_forward(*cursor, place, 3);
            } else {
                check_backward(*cursor, place, 3);
            }
        }
        cursor->seek_first();
        check_forward(*cursor, model_.begin(), 1000);
        cursor->seek_last();
        check_backward(*cursor, model_.end(), 1000);
        if (HasFatalFailure()) return;
    }
}

TEST_P(MemtableConformance, ACursorWorksAfterInsertsOnceItIsPositionedAnew) {
    Random random(7);
    for (int i = 0; i < 200; ++i) insert(random, 300);
    const Model before = model_;
    const auto cursor = memtable_->cursor();
    EntryBatch batch;
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 50; ++i) insert(random, 300);
        const std::string start = random_key(random, 300);
        cursor->seek(start);
        // All that was there when it was made, perhaps more, in order.
        auto due = before.lower_bound({start, kMaxSequence});
        Version last{"", kMaxSequence + 1};
        while (cursor->next(batch)) {
            for (const Entry& entry : batch) {
                const Version version{std::string(entry.key), entry.sequence};
                ASSERT_TRUE(last < version);
                ASSERT_TRUE(model_.count(version));
                last = version;
                if (due != before.end() && due->first.key == version.key &&
                    due->first.sequence == version.sequence) {
                    ++due;
                }
            }
        }
        ASSERT_EQ(due, before.end());
    }
}

TEST_P(MemtableConformance, EntriesStayWhereTheyAre) {
    Random random(3);
    std::vector<Entry> handed_out;
    for (int i = 0; i < 2000; ++i) {
        insert("key" + std::to_string(i), "value" + std::to_string(i), Kind::value);
        Entry found;
        ASSERT_TRUE(memtable_->find("key" + std::to_string(i), kMaxSequence, found));
        handed_out.push_back(found);
    }
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(handed_out[static_cast<size_t>(i)].value, "value" + std::to_string(i));
    }
}

TEST_P(MemtableConformance, LargeKeysAndValues) {
    const std::string large_key(kMaxKeyBytes, 'k');
    const std::string large_value(3 << 20, 'v');
    insert(large_key, large_value, Kind::value);
    insert(large_key, "", Kind::value);
    insert(std::string(kMaxKeyBytes - 1, 'k'), large_value, Kind::tombstone);
    insert("", "the empty key", Kind::value);
    check_find(large_key, 1);
    check_find(large_key, kMaxSequence);
    check_find("", kMaxSequence);
    const auto cursor = memtable_->cursor();
    cursor->seek_first();
    check_forward(*cursor, model_.begin(), 2);
    cursor->seek_last();
    check_backward(*cursor, model_.end(), 2);
    EXPECT_GE(memtable_->bytes_used(), 2 * large_value.size());
}

TEST_P(MemtableConformance, AscendingAndDescendingInserts) {
    for (int i = 0; i < 3000; ++i) insert("a" + std::to_string(10000 + i), "v", Kind::value);
    for (int i = 0; i < 3000; ++i) insert("b" + std::to_string(90000 - i), "v", Kind::value);
    const auto cursor = memtable_->cursor();
    cursor->seek_first();
    check_forward(*cursor, model_.begin(), 1000);
}

INSTANTIATE_TEST_SUITE_P(Registered, MemtableConformance, testing::ValuesIn(subjects()),
                         [](const auto& test) { return test.param.label; });

}  // namespace
}  // namespace lsm
