// What the simulator is made of, and what it refuses.
#include <algorithm>
#include <map>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/random.hpp"
#include "framework/engines/engine.hpp"
#include "framework/policy/registry.hpp"
#include "framework/policy/tree_edit.hpp"
#include "framework/simulate/key_memtable.hpp"
#include "framework/simulate/key_merge.hpp"
#include "framework/simulate/key_sort.hpp"
#include "framework/simulate/shape_without.hpp"
#include "framework/simulate/stored_size.hpp"
#include "tests/simulate/two_worlds.hpp"

namespace lsm {
namespace {

using simulate::EntryArray;
using simulate::EntryPool;
using simulate::KeyEntry;

std::vector<std::function<uint64_t(Random&)>> number_kinds() {
    return {[](Random& random) { return random.next(); },
            [](Random& random) { return random.below(50); },
            [](Random& random) { return (random.below(3) << 60) + random.below(1000); },
            [](Random& random) { return UINT64_MAX - random.below(1 << 20); },
            [](Random&) { return uint64_t{7}; }};
}

TEST(KeySort, PutsNewestFirst) {
    Random random(3);
    simulate::KeySorter sorter;
    for (const auto& number : number_kinds()) {
        for (const size_t count : {0u, 1u, 2u, 23u, 500u, 9039u, 70'000u}) {
            std::vector<KeyEntry> entries;
            for (size_t i = 0; i < count; ++i)
                entries.push_back(KeyEntry::value(number(random), i + 1, 100));
            std::vector<KeyEntry> expected = entries;
            const auto before = [](const KeyEntry& left, const KeyEntry& right) {
                return left.number != right.number ? left.number < right.number
                                                   : left.write > right.write;
            };
            std::sort(expected.begin(), expected.end(), before);
            sorter.sort(entries.data(), entries.size());
            for (size_t i = 0; i < count; ++i) {
                ASSERT_EQ(entries[i].number, expected[i].number) << i << " of " << count;
                ASSERT_EQ(entries[i].write, expected[i].write) << i << " of " << count;
            }
        }
    }
}

TEST(KeyMemtable, AnswersAsAMap) {
    Random random(9);
    simulate::KeyMemtable memtable;
    for (int round = 0; round < 3; ++round) {
        std::map<uint64_t, uint64_t> expected;
        for (uint64_t i = 1; i < 3000; ++i) {
            const uint64_t number = random.below(800);
            memtable.add(KeyEntry::value(number, i, 20));
            expected[number] = i;
            const uint64_t asked = random.below(900);
            const KeyEntry* found = memtable.find(asked);
            ASSERT_EQ(found != nullptr ? found->write : 0,
                      expected.count(asked) != 0 ? expected.at(asked) : 0);
            if (i % 97 != 0) continue;
            const auto& sorted = memtable.sorted();
            ASSERT_EQ(sorted.size(), expected.size());
            auto at = expected.begin();
            for (const KeyEntry& entry : sorted) {
                ASSERT_EQ(entry.number, at->first);
                ASSERT_EQ(entry.write, (at++)->second);
            }
        }
        memtable.clear();
        EXPECT_EQ(memtable.find(1), nullptr);
    }
}

/// Runs of random tables, newest first unless `mixed`, and what their union is.
TEST(KeyMerge, KeepsTheNewestOfEachKey) {
    Random random(4);
    for (int round = 0; round < 60; ++round) {
        const bool mixed = round % 3 == 0;
        const uint64_t run_count = 1 + random.below(7);
        std::map<uint64_t, uint64_t> expected;
        std::vector<simulate::MergeRun> runs;
        for (uint64_t r = 0; r < run_count; ++r) {
            std::map<uint64_t, uint64_t> run;
            const uint64_t size = random.below(round % 5 == 0 ? 3000 : 300);
            for (uint64_t i = 0; i < size; ++i)
                run[random.below(2000)] = mixed ? 1 + random.below(1 << 20) : run_count - r;
            simulate::MergeRun made;
            made.entries = run.size();
            EntryArray table(64);
            for (const auto& [number, write] : run) {
                if (table.size() == table.capacity()) {
                    made.tables.push_back(std::move(table));
                    table = EntryArray(64);
                }
                *table.end() = KeyEntry::value(number, write, 30);
                table.set_size(table.size() + 1);
                expected[number] = std::max(expected[number], write);
            }
            if (table.size() > 0) made.tables.push_back(std::move(table));
            runs.push_back(std::move(made));
        }
        EntryPool pool;
        simulate::KeyMerge merge(std::move(runs), mixed, pool);
        std::vector<KeyEntry> out(expected.size() + 1);
        size_t count = 0;
        for (const uint64_t limit : {uint64_t{400}, uint64_t{401}, uint64_t{1500}, UINT64_MAX}) {
            merge.set_limit(limit);
            while (const size_t part =
                       merge.take(&out[count], std::min<size_t>(37, out.size() - count)))
                count += part;
            if (count > 0) {
                EXPECT_LE(out[count - 1].number, limit);
            }
        }
        ASSERT_EQ(count, expected.size());
        auto at = expected.begin();
        for (size_t i = 0; i < count; ++i) {
            ASSERT_EQ(out[i].number, at->first);
            ASSERT_EQ(out[i].write, (at++)->second);
        }
    }
}

std::string text_of(const TreeShape& shape) {
    std::string text = std::to_string(shape.edit);
    for (const LevelShape& level : shape.levels) {
        text += " [" + level.cursor;
        for (const RunShape& run : level.runs) {
            text += " " + std::to_string(run.id) + (run.overtakes ? "!" : ":");
            for (const TableShape& table : run.tables)
                text += " " + std::to_string(table.id) + table.smallest;
        }
        text += "]";
    }
    return text;
}

TEST(ShapeWithout, IsWhatAnEditMakesAndGoesBack) {
    Random random(8);
    for (int round = 0; round < 500; ++round) {
        TreeShape shape;
        shape.edit = random.below(100);
        TableId next = 1;
        shape.levels.resize(random.below(4));
        for (LevelShape& level : shape.levels) {
            if (random.below(4) == 0) level.cursor = "c";
            for (uint64_t run = random.below(4); run > 0; --run) {
                RunShape made{next + 1000, {}, random.below(5) == 0};
                for (uint64_t table = 1 + random.below(4); table > 0; --table) {
                    TableShape one;
                    one.id = next++;
                    one.smallest = one.largest = "key" + std::to_string(one.id);
                    made.tables.push_back(one);
                }
                level.runs.push_back(made);
            }
        }
        while (!shape.levels.empty() && shape.levels.back().runs.empty() &&
               shape.levels.back().cursor.empty())
            shape.levels.pop_back();
        TreeEdit edit;
        for (TableId id = 1; id < next; ++id) {
            if (random.below(2) == 0) edit.removed.push_back(id);
        }
        TreeShape expected = shape;
        apply_edit(expected, edit);
        const std::string before = text_of(shape);
        {
            const simulate::ShapeWithout without(
                shape, std::set<TableId>(edit.removed.begin(), edit.removed.end()));
            EXPECT_EQ(text_of(shape), text_of(expected));
        }
        EXPECT_EQ(text_of(shape), before);
    }
}

TEST(Simulator, RefusesWhatItCanOnlyIgnore) {
    const experiment::Trial trial = testing::base_trial("leveling", {});
    const auto refused = [&](auto change) {
        EngineSettings settings = trial.settings;
        change(settings);
        const auto problem = engine_problem("simulator", settings);
        EXPECT_FALSE(engine_problem("lsmlab", settings).has_value());
        EXPECT_THROW(open_engine("simulator", settings), Error);
        EXPECT_THROW(open_engine("estimate", settings), Error);
        return problem ? problem->path : std::string();
    };
    EXPECT_EQ(refused([](auto& settings) { settings.codec = "lz4"; }), "tree.format.codec");
    EXPECT_EQ(refused([](auto& settings) { settings.cache_size = 1; }), "tree.cache.size");
    EXPECT_EQ(refused([](auto& settings) { settings.deterministic = false; }), "mode");
    EXPECT_EQ(refused([](auto& settings) { settings.storage = "data"; }), "storage");
    EXPECT_FALSE(engine_problem("simulator", trial.settings).has_value());
}

/// Whatever the filter is made of: lines, slots, bits.
TEST(Simulator, FiltersTakeWhatTheyTake) {
    for (const auto& policy : all_policies().filter().policies()) {
        SCOPED_TRACE(policy.name);
        std::vector<OptionProblem> problems;
        const AnyFilter filter(policy.make({}, problems));
        const AnyFormat format(all_policies().format().find("row_block")->make({}, problems));
        simulate::StoredSize sizes(format, filter, {"row_block", policy.name});
        std::vector<uint64_t> hashes;
        for (uint64_t i = 0; i < 70'000; ++i) hashes.push_back(mix64(i));
        for (const double bits : {2.7, 5.0, 8.0, 10.0}) {
            for (const uint64_t keys :
                 {1u, 40u, 512u, 513u, 560u, 840u, 2000u, 5000u, 16'900u, 70'000u}) {
                const auto built = filter.build(std::span(hashes).first(keys), bits).size();
                const auto told = static_cast<double>(sizes.filter_bits(keys, bits));
                EXPECT_NEAR(told, 8.0 * static_cast<double>(built), keys < 16'000 ? 0 : told / 100)
                    << keys << " keys, " << bits << " bits per key";
            }
        }
    }
}

/// What lookups and scans cost is modelled: close to the engine's, by its own counters.
TEST(Simulator, ReadsCostAboutWhatTheyCostInTheEngine) {
    for (const char* compaction : {"leveling", "tiering"}) {
        SCOPED_TRACE(compaction);
        experiment::Trial trial = testing::base_trial(compaction, {{"size_ratio", {{"4"}, false}}});
        trial.settings.bloom = {"uniform", {{"bits_per_key", {{"6"}, false}}}};
        trial.settings.table_size = 64 << 10;
        workloads::Phase load;
        load.records = 30'000;
        load.value = {84};
        workloads::Phase run;
        run.kind = workloads::PhaseKind::run;
        run.operations = 30'000;
        run.read = 0.4;
        run.read_missing = 0.4;
        run.scan = 0.1;
        run.update = 0.1;
        trial.phases = {load, run};
        for (const char* direction : {"forward", "backward"}) {
            trial.phases[1].scan_direction = direction;
            const auto engine = testing::run_on("lsmlab", trial);
            const auto simulator = testing::run_on("simulator", trial);
            EXPECT_EQ(engine.checked_reads, simulator.checked_reads);
            EXPECT_EQ(testing::metric_of(engine, "filter_probes"),
                      testing::metric_of(simulator, "filter_probes"));
            for (const char* name : {"read_amplification", "read_amplification_found",
                                     "range_read_amplification", "tables_probed"}) {
                EXPECT_LT(testing::gap(testing::metric_of(engine, name),
                                       testing::metric_of(simulator, name)),
                          0.03)
                    << name << " " << testing::metric_of(engine, name) << " "
                    << testing::metric_of(simulator, name);
            }
            // Few events each, of a drawn and a real filter.
            EXPECT_LT(testing::gap(testing::metric_of(engine, "read_amplification_empty"),
                                   testing::metric_of(simulator, "read_amplification_empty")),
                      0.25);
        }
    }
}

/// An entry is a block: a scan pays for those that it gives, and for none behind its last.
TEST(Simulator, ScansOfLargeValuesEnterTheSameBlocks) {
    for (const char* compaction : {"leveling", "tiering"}) {
        experiment::Trial trial = testing::base_trial(compaction, {});
        trial.settings.memtable_size = 256 << 10;
        workloads::Phase load;
        load.records = 1000;
        load.value = {6000};
        workloads::Phase run;
        run.kind = workloads::PhaseKind::run;
        run.operations = 1000;
        run.scan = 0.5;
        run.update = 0.5;
        trial.phases = {load, run};
        for (const char* direction : {"forward", "backward"}) {
            trial.phases[1].scan_direction = direction;
            EXPECT_EQ(
                testing::metric_of(testing::run_on("lsmlab", trial), "range_read_amplification"),
                testing::metric_of(testing::run_on("simulator", trial), "range_read_amplification"))
                << compaction << " " << direction;
        }
    }
}

}  // namespace
}  // namespace lsm
