// What every format must do, for every registered format with every codec and several block sizes:
// find every version of every key and nothing else, and walk and seek both ways.
#include <gtest/gtest.h>

#include <thread>

#include "framework/policy/registry.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using test::Entries;
using test::OwnedEntry;

using Maker = test::TableMaker<AnyFormat, AnyFilter>;
using AnyTable = Table<AnyFormat, AnyFilter>;

/// Ways to configure a format: its defaults, and each flag turned round, each number at its
/// extremes.
std::vector<OptionValues> variants(const PolicyEntry<AnyFormat>& policy) {
    std::vector<OptionValues> values = {{}};
    for (const OptionInfo& option : policy.options) {
        const auto with = [&](const std::string& text) {
            values.push_back({{option.name, OptionValue{{text}, false}}});
        };
        if (option.type == OptionType::flag) with(option.default_text == "true" ? "false" : "true");
        if (option.type == OptionType::count) {
            with(std::to_string(static_cast<uint64_t>(option.range.minimum)));
            with(std::to_string(static_cast<uint64_t>(option.range.minimum) + 2));
        }
        if (option.type == OptionType::choice) {
            for (const std::string& choice : option.choices) with(choice);
        }
    }
    return values;
}

Maker make(const PolicyEntry<AnyFormat>& policy, const OptionValues& values) {
    std::vector<OptionProblem> problems;
    const AnyFormat::Options options = policy.make(values, problems);
    EXPECT_TRUE(problems.empty()) << policy.name << ": " << problems[0].message;
    return {AnyFormat(options), AnyFilter({})};
}

/// The sets that formats tend to get wrong.
std::vector<Entries> entry_sets() {
    std::vector<Entries> sets = {test::random_entries(1, 300), test::numbered_entries(150)};
    Entries versions;  // of one key, across many blocks
    for (Sequence sequence = 1; sequence <= 120; ++sequence) {
        versions.push_back({"key", std::string(sequence % 30, 'x'), sequence * 3, Kind::value});
    }
    versions.push_back({"ke", "before", 5, Kind::value});
    versions.push_back({"key0", "after", 5, Kind::value});
    test::sort_entries(versions);
    sets.push_back(versions);
    Random random(2);
    Entries extremes = {
        {"", "", 1, Kind::value},
        {"", "", kMaxSequence, Kind::tombstone},
        {std::string(1, '\0'), "zero", 7, Kind::value},
        {std::string(8, '\0'), "", 7, Kind::value},
        {std::string(kMaxKeyBytes, 'k'), "longest key", 9, Kind::value},
        {std::string(kMaxKeyBytes - 1, 'k') + "a", "", 9, Kind::tombstone},
        {std::string(300, '\xff'), test::random_bytes(random, 20000), 3, Kind::value},
        {"m", std::string(50000, 'm'), 4, Kind::value},
        {"n", "", 5, Kind::value}};
    test::sort_entries(extremes);
    sets.push_back(extremes);
    sets.push_back({{"only", "one", 1, Kind::value}});
    return sets;
}

/// Keys that are there, and their neighbours that are not.
std::vector<std::string> probes(const Entries& entries) {
    std::vector<std::string> keys = {"", "zzz", std::string(9, '\xff')};
    for (const OwnedEntry& entry : entries) {
        if (!keys.empty() && keys.back() == entry.key + '\0') continue;
        keys.push_back(entry.key);
        if (!entry.key.empty()) keys.push_back(entry.key.substr(0, entry.key.size() - 1));
        keys.push_back(entry.key + '\0');
    }
    return keys;
}

std::vector<Sequence> sequences_around(const Entries& entries, const std::string& key) {
    std::vector<Sequence> sequences = {1, kMaxSequence};
    for (const OwnedEntry& entry : entries) {
        if (entry.key != key) continue;
        sequences.push_back(entry.sequence);
        sequences.push_back(entry.sequence - 1);
    }
    return sequences;
}

void check_find(const AnyTable& table, const Entries& entries) {
    for (const std::string& key : probes(entries)) {
        for (const Sequence at : sequences_around(entries, key)) {
            const OwnedEntry* expected = test::expected_entry(entries, key, at);
            PinnedEntry found;
            ASSERT_EQ(table.find(key, at, {}, found), expected != nullptr) << key.substr(0, 20);
            if (expected != nullptr) {
                ASSERT_EQ(test::owned(found.entry), *expected);
                ASSERT_EQ(found.entry.prefix, key_prefix(key));
            }
        }
    }
}

void check_whole_walks(const AnyTable& table, const Entries& entries) {
    const auto cursor = table.cursor({});
    cursor->seek_first();
    EntryBatch batch;
    ASSERT_FALSE(cursor->previous(batch));
    ASSERT_EQ(test::take_forward(*cursor), entries);
    ASSERT_FALSE(cursor->next(batch));
    Entries back = test::take_backward(*cursor);
    std::reverse(back.begin(), back.end());
    ASSERT_EQ(back, entries);
    ASSERT_FALSE(cursor->previous(batch));
    cursor->seek_last();
    ASSERT_FALSE(cursor->next(batch));
    ASSERT_TRUE(cursor->previous(batch));
    ASSERT_EQ(test::owned(batch[0]), entries.back());
}

void check_seeks(const AnyTable& table, const Entries& entries) {
    const auto cursor = table.cursor({});
    EntryBatch batch;
    for (const std::string& key : probes(entries)) {
        for (const Sequence at : sequences_around(entries, key)) {
            const OwnedEntry target{key, {}, at, Kind::value};
            const auto place = static_cast<size_t>(
                std::lower_bound(entries.begin(), entries.end(), target, test::entry_less) -
                entries.begin());
            cursor->seek(key, at);
            ASSERT_EQ(cursor->next(batch), place < entries.size());
            for (uint32_t i = 0; i < batch.count; ++i) {
                ASSERT_EQ(test::owned(batch[i]), entries[place + i]);
                ASSERT_EQ(batch[i].prefix, key_prefix(batch[i].key));
            }
            cursor->seek(key, at);
            ASSERT_EQ(cursor->previous(batch), place > 0);
            for (uint32_t i = 0; i < batch.count; ++i) {
                ASSERT_EQ(test::owned(batch[i]), entries[place - 1 - i]);
            }
        }
    }
}

TEST(FormatConformance, FindsAndWalksWhatWasWritten) {
    ASSERT_FALSE(all_policies().format().policies().empty());
    for (const auto& policy : all_policies().format().policies()) {
        for (const OptionValues& values : variants(policy)) {
            Maker maker = make(policy, values);
            for (const char* codec : {"none", "lz4", "zstd"}) {
                for (const uint64_t block_size : {1, 64, 1000, 1 << 20}) {
                    for (const Entries& entries : entry_sets()) {
                        SCOPED_TRACE(policy.name + " " + codec + " " + std::to_string(block_size));
                        maker.settings = {block_size, codec};
                        maker.write(entries);
                        const auto table = maker.open();
                        check_find(*table, entries);
                        check_whole_walks(*table, entries);
                        check_seeks(*table, entries);
                        table->verify(maker.files, {});
                        if (testing::Test::HasFatalFailure()) return;
                    }
                }
            }
        }
    }
}

TEST(FormatConformance, AFoundValueStaysWhileItsPinLives) {
    for (const auto& policy : all_policies().format().policies()) {
        Maker maker = make(policy, {});
        maker.settings.block_size = 200;
        const Entries entries = test::numbered_entries(200);
        maker.write(entries);
        BlockCache cache(2000);
        const auto table = maker.open(7, &cache);
        std::vector<PinnedEntry> kept(entries.size());
        for (size_t i = 0; i < entries.size(); ++i) {
            ASSERT_TRUE(table->find(entries[i].key, kMaxSequence, {}, kept[i]));
        }
        for (size_t i = 0; i < entries.size(); ++i) {
            EXPECT_EQ(test::owned(kept[i].entry), entries[i]) << policy.name;
        }
    }
}

TEST(FormatConformance, ReadsAreCountedAndCached) {
    for (const auto& policy : all_policies().format().policies()) {
        Maker maker = make(policy, {});
        maker.settings.block_size = 200;
        const Entries entries = test::numbered_entries(200);
        maker.write(entries);
        BlockCache cache(1 << 20);
        const auto table = maker.open(7, &cache);
        ReadCounts counts;
        ReadContext context{Cause::get, 1, true, &counts};
        PinnedEntry found;
        for (int round = 0; round < 2; ++round) {
            ASSERT_TRUE(table->find(entries[100].key, kMaxSequence, context, found));
        }
        EXPECT_GE(counts.data_blocks, 2U) << policy.name;
        EXPECT_EQ(counts.cache_hits + counts.cache_misses,
                  counts.data_blocks + counts.other_blocks);
        EXPECT_EQ(counts.cache_hits, counts.cache_misses) << policy.name;
    }
}

TEST(FormatConformance, ManyThreadsUseOneReader) {
    for (const auto& policy : all_policies().format().policies()) {
        Maker maker = make(policy, {});
        maker.settings.block_size = 200;
        const Entries entries = test::numbered_entries(300);
        maker.write(entries);
        BlockCache cache(5000);
        const auto table = maker.open(7, &cache);
        std::vector<std::thread> threads;
        for (uint64_t seed = 0; seed < 3; ++seed) {
            threads.emplace_back([&, seed] {
                Random random(seed);
                for (int i = 0; i < 3000; ++i) {
                    const OwnedEntry& entry = entries[random.below(entries.size())];
                    PinnedEntry found;
                    EXPECT_TRUE(table->find(entry.key, kMaxSequence, {}, found));
                    EXPECT_EQ(found.entry.value, entry.value);
                }
                const auto cursor = table->cursor({});
                cursor->seek_first();
                EXPECT_EQ(test::take_forward(*cursor), entries);
            });
        }
        for (std::thread& thread : threads) thread.join();
    }
}

}  // namespace
}  // namespace lsm
