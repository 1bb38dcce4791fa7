// The primitives by themselves, and combinations that no shipped strategy has.
#include "framework/policy/compaction/primitives.hpp"

#include <gtest/gtest.h>

#include "framework/base/random.hpp"
#include "framework/policy/options.hpp"
#include "policies/compaction/primitives.hpp"
#include "tests/compaction/model_tree.hpp"

namespace lsm {
namespace {

TableShape table(TableId id, std::string smallest, std::string largest, uint64_t bytes = 100) {
    TableShape made;
    made.id = id;
    made.smallest = std::move(smallest);
    made.largest = std::move(largest);
    made.entries = bytes;
    made.logical_bytes = bytes;
    return made;
}

TreeShape shape_of(std::vector<std::vector<RunShape>> levels) {
    TreeShape shape;
    shape.memtable_bytes = 100;
    for (auto& runs : levels) shape.levels.push_back({std::move(runs), ""});
    return shape;
}

RunShape run(RunId id, std::vector<TableShape> tables) { return {id, std::move(tables), false}; }

template <class Strategy>
struct Named {
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "a strategy of this test";
    explicit Named(const Options&) {}
    Choice choose(const TreeShape& shape) const { return Strategy::make().choose(shape); }
    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        return Strategy::make().runs_allowed(shape, level);
    }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return Strategy::make().capacity(shape, level);
    }
};

/// Random writes, each flush settled.
template <class Strategy>
ModelTree grown(uint64_t flushes) {
    ModelTree model(AnyCompaction(AnyCompaction::of<Named<Strategy>>({})), 32, 16);
    Random random(9);
    for (uint64_t n = 0; n < flushes * 32; ++n) {
        model.put(random.below(ModelTree::kKeys));
        model.settle();
    }
    model.check_runs_at_rest();
    model.check_nothing_lost();
    return model;
}

struct FluidOfTwoRuns {
    static auto make() { return WholeLevels<FluidLayout>(FluidLayout(9, 2, 1)); }
};

TEST(Layouts, FluidLiesBetweenLevelingAndTiering) {
    const FluidLayout fluid(9, 2, 1);
    const TreeShape shape = shape_of({{}, {}, {run(1, {table(1, "a", "z")})}});
    EXPECT_EQ(fluid.runs_allowed(shape, 1), 2u);
    EXPECT_EQ(fluid.runs_allowed(shape, 3), 1u);
    EXPECT_EQ(fluid.runs_allowed(shape, 4), 1u) << "a level that would become the last";
    EXPECT_EQ(fluid.run_capacity(shape, 1), 412u) << "four of eight arrivals, and an eighth of one";
    EXPECT_EQ(fluid.capacity(shape, 1), 812u);
    EXPECT_EQ(fluid.run_capacity(shape, 3), fluid.capacity(shape, 3));

    struct Leveled {
        static auto make() { return WholeLevels<LevelingLayout>(LevelingLayout(9)); }
    };
    struct Lazy {
        static auto make() { return WholeLevels<LazyLevelingLayout>(LazyLevelingLayout(9)); }
    };
    const double between = grown<FluidOfTwoRuns>(300).write_amplification();
    EXPECT_LT(between, grown<Leveled>(300).write_amplification());
    EXPECT_GT(between, grown<Lazy>(300).write_amplification());
}

TEST(Layouts, CapacitiesOfDeepLevelsDoNotOverflow) {
    EXPECT_EQ(LevelingLayout(100).capacity(shape_of({}), 40), uint64_t{1} << 63);
}

TEST(Triggers, TheMostUrgentLevelComesFirst) {
    const TreeShape shape = shape_of({{run(11, {table(1, "a", "z", 500)})},
                                      {run(21, {table(2, "a", "z", 3000)})},
                                      {run(31, {table(3, "a", "z", 100)})}});
    const auto due = LevelSize().due(shape, LevelingLayout(4));
    ASSERT_EQ(due.size(), 2u);
    EXPECT_EQ(due[0].level, 2);
    EXPECT_EQ(due[1].level, 1);
    EXPECT_GT(due[0].score, due[1].score);
    EXPECT_TRUE(RunCount().due(shape, LevelingLayout(4)).empty());
}

TEST(Triggers, SizeDoesNotMatterWhereRunsAreCounted) {
    const TreeShape shape = shape_of({{run(11, {table(1, "a", "z", 50000)})}});
    EXPECT_TRUE(LevelSize().due(shape, TieringLayout(4)).empty());
    EXPECT_EQ(LevelSize().due(shape, TieringLayout(2)).size(), 1u)
        << "at size ratio 2 it is leveled";
}

TEST(Granularities, OldestRunLeavesNothingOlderBehind) {
    const TreeShape shape =
        shape_of({{run(12, {table(3, "a", "z")}), run(11, {table(2, "a", "z")})},
                  {run(22, {table(1, "a", "z")}), run(21, {table(4, "a", "z")})}});
    const Choice choice = OldestRun().take(shape, TieringLayout(4), Due{1});
    EXPECT_EQ(choice.inputs, (std::vector<TableId>{2, 1}));
    EXPECT_EQ(choice.join, RunId{22});
}

TEST(Granularities, SeveralTablesGoUntilTheRestFits) {
    const TreeShape shape =
        shape_of({{run(11, {table(1, "a", "c"), table(2, "d", "f"), table(3, "g", "i"),
                            table(4, "j", "l"), table(5, "m", "o"), table(6, "p", "r")})},
                  {run(21, {table(7, "a", "b"), table(8, "e", "h"), table(9, "n", "z")})}});
    const auto take = TablesOf<Oldest>{}.take(shape, LevelingLayout(4), Due{1});
    EXPECT_EQ(take.inputs, (std::vector<TableId>{1, 2, 3, 7, 8})) << "350 of 600 bytes may stay";
    const auto one = TableOf<Oldest>{}.take(shape, LevelingLayout(4), Due{1});
    EXPECT_EQ(one.inputs, (std::vector<TableId>{1, 7}));
}

struct TablesDown {
    static auto make() {
        using Strategy = lsm::Primitives<LevelingLayout, Rule<RunCount, WholeLevel>,
                                         Rule<LevelSize, TablesOf<RoundRobin>>>;
        return Strategy(LevelingLayout(4, Spill::write_then_spill), {}, {});
    }
};
struct RunsDown {
    static auto make() {
        using Strategy = lsm::Primitives<TieringLayout, Rule<RunCount, OldestRun>>;
        return Strategy(TieringLayout(4), {});
    }
};

TEST(Combinations, OfOtherPrimitivesWorkToo) {
    grown<TablesDown>(200).check_bytes_at_rest();
    grown<FluidOfTwoRuns>(200).check_bytes_at_rest();
    // Nothing takes level 2 down here: its run takes one from level 1 after each flush.
    const ModelTree runs_down = grown<RunsDown>(200);
    EXPECT_EQ(runs_down.shape().level(1).runs.size(), 3u);
    EXPECT_EQ(runs_down.shape().last_level(), 2);
}

std::string problem_of(OptionValues values) {
    std::vector<OptionProblem> problems;
    read_options<compaction::Primitives::Options>(values, problems);
    std::string all;
    for (const auto& [option, message] : problems)
        all += (all.empty() ? "" : "\n") + option + ": " + message;
    return all;
}

TEST(PrimitivesPolicy, RefusesCombinationsThatCanNotBeAndSaysWhy) {
    const auto words = [](std::vector<std::string> items) { return OptionValue{items, true}; };
    const auto word = [](const std::string& item) { return OptionValue{{item}, false}; };
    const std::vector<std::pair<OptionValues, std::string>> wrong = {
        {{{"movement", words({"oldest"})}},
         "movement: oldest picks a table, and no granularity is table or tables"},
        {{{"granularity", words({"table"})}}, "granularity: table and tables need a movement"},
        {{{"granularity", words({"table"})},
          {"movement", words({"oldest"})},
          {"spill", word("bypass")}},
         "spill: tables of a level that is too large"},
        {{{"granularity", words({"level", "level"})}}, "2 words for 1 trigger"},
        {{{"trigger", words({})}}, "trigger: it is empty"},
        {{{"size_ratio", word("4")}, {"layout", word("fluid")}, {"upper_runs", word("4")}},
         "upper_runs: it is 4, above size_ratio - 1 = 3"},
        {{{"size_ratio", word("4")}, {"layout", word("fluid")}, {"last_runs", word("5")}},
         "last_runs: it is 5, above size_ratio - 1 = 3"},
        {{{"size_ratio", word("4")},
          {"layout", word("per_level")},
          {"level_runs", words({"3", "9"})}},
         "level_runs: it is 9, above size_ratio - 1 = 3"},
        {{{"upper_runs", word("2")}}, "upper_runs: it goes with layout: fluid"},
        {{{"level_runs", words({"2"})}}, "level_runs: it goes with layout: per_level"},
        {{{"layout", word("tiering")}, {"level2_size", word("1 MiB")}},
         "level2_size: it goes with"},
        {{{"trigger", words({"tombstone_age", "level_size"})}}, "needs tombstone_ttl"},
        {{{"granularity", words({"table"})}, {"movement", words({"expired_tombstones"})}},
         "needs tombstone_ttl"},
        {{{"trigger", words({"staleness", "level_size"})}}, "needs stale_after"},
        {{{"trigger", words({"run_count"})}},
         "trigger: under spill: write_then_spill only level_size takes"},
        {{{"layout", word("tiering")},
          {"trigger", words({"run_count"})},
          {"granularity", words({"run"})}},
         "would never be due again"},
        {{{"granularity", words({"tree"})}}, "not for level_size"},
        {{{"tombstone_ttl", word("100")}}, "which keeps it"},
        {{{"stale_after", word("100")}}, "goes with the trigger staleness"},
        {{{"tombstone_density", word("0.1")}}, "goes with the trigger of that name"},
        {{{"space_amplification", word("2")}}, "goes with the trigger of that name"}};
    for (const auto& [values, part] : wrong) {
        EXPECT_NE(problem_of(values).find(part), std::string::npos)
            << "expected: " << part << "\ngot: " << problem_of(values);
    }
    EXPECT_EQ(problem_of({}), "");
}

TEST(PrimitivesPolicy, GivesAllReasonsAtOnceEachAtItsOption) {
    const auto words = [](std::vector<std::string> items) { return OptionValue{items, true}; };
    const auto word = [](const std::string& item) { return OptionValue{{item}, false}; };
    EXPECT_EQ(problem_of({{"trigger", words({"staleness", "tombstone_age"})},
                          {"granularity", words({"level", "level", "level"})},
                          {"movement", words({"oldest"})},
                          {"upper_runs", word("3")},
                          {"level2_size", word("1 MiB")},
                          {"layout", word("lazy_leveling")},
                          {"tombstone_density", word("0.25")}}),
              "granularity: it has 3 words for 2 triggers: give one for each, or one for all\n"
              "movement: oldest picks a table, and no granularity is table or tables\n"
              "upper_runs: it goes with layout: fluid\n"
              "level2_size: it goes with layout: leveling or one_leveling\n"
              "trigger: under spill: write_then_spill only level_size takes a leveled level down: "
              "name it, or say spill: bypass\n"
              "tombstone_density: it goes with the trigger of that name\n"
              "trigger: tombstone_age needs tombstone_ttl, the time after which a delete must be "
              "final\n"
              "trigger: staleness needs stale_after, the time that a table may stay");
}

TEST(Layouts, TheWackyContinuumHasTheClassicLayoutsInIt) {
    for (const uint64_t ratio : {2u, 3u, 5u}) {
        for (const auto& [upper, last] : std::vector<std::pair<int, int>>{{0, 0}, {1, 0}, {1, 1}}) {
            const WackyLayout wacky{ratio, 1, static_cast<double>(upper), static_cast<double>(last),
                                    ratio - 1};
            const FluidLayout fluid(ratio, upper > 0 ? ratio - 1 : 1, last > 0 ? ratio - 1 : 1);
            const TreeShape shape = shape_of({{}, {}, {run(1, {table(1, "a", "z")})}});
            for (int level = 1; level <= 4; ++level) {
                EXPECT_EQ(wacky.runs_allowed(shape, level), fluid.runs_allowed(shape, level));
                EXPECT_EQ(wacky.capacity(shape, level), fluid.capacity(shape, level));
                EXPECT_EQ(wacky.run_capacity(shape, level), fluid.run_capacity(shape, level));
            }
        }
    }
}

TEST(Triggers, SharesOfTheTimeForADeleteGrowByTheSizeRatioAndSumToIt) {
    for (const uint64_t ratio : {2u, 4u, 10u}) {
        for (int last = 2; last < 7; ++last) {
            double before = 0, share_before = 0;
            for (int level = 1; level < last; ++level) {
                const double share = tombstone_deadline(1000, ratio, level, last) - before;
                if (level > 1) {
                    EXPECT_NEAR(share / share_before, static_cast<double>(ratio), 1e-9);
                }
                before += share;
                share_before = share;
            }
            EXPECT_NEAR(before, 1000, 1e-9);
        }
    }
}

TEST(Movements, NamesAndTypesBelongTogether) {
    const TreeShape shape = shape_of({{run(11, {table(1, "a", "c"), table(2, "d", "f")})}});
    for (const std::string& name : NamedMovement::names()) {
        const NamedMovement movement(name);
        EXPECT_LT(pick_table(movement, shape, 1, shape.level(1).runs[0]), 2u) << name;
        EXPECT_EQ(movement.moves_cursor(), name == "round_robin") << name;
    }
}

TEST(Movements, RandomPicksEveryTableAndDependsOnSeedAndEditAlone) {
    TreeShape shape =
        shape_of({{run(11, {table(1, "a", "c"), table(2, "d", "f"), table(3, "g", "i")})}});
    std::vector<int> picked(3);
    for (shape.edit = 0; shape.edit < 300; ++shape.edit) {
        const size_t pick = pick_table(RandomTable(), shape, 1, shape.level(1).runs[0]);
        EXPECT_EQ(pick, pick_table(RandomTable(), shape, 1, shape.level(1).runs[0]));
        ++picked[pick];
    }
    for (const int count : picked) EXPECT_GT(count, 60);
}

}  // namespace
}  // namespace lsm
