// A strategy that is wrong is caught by the tree at once and named; reads go on.
#include <gtest/gtest.h>

#include "framework/base/error.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {
namespace {

/// Moves the only run down, and up again, for ever.
struct Restless {
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "never comes to rest";
    explicit Restless(const Options&) {}

    Choice choose(const TreeShape& shape) const {
        const int last = shape.last_level();
        if (last == 0) return Choice::nothing();
        Choice choice;
        choice.action = Choice::Action::move;
        for (const TableShape& table : shape.level(last).runs.front().tables)
            choice.inputs.push_back(table.id);
        choice.output_level = last == 1 ? 2 : 1;
        return choice;
    }
    uint64_t runs_allowed(const TreeShape&, int) const { return 1; }
};

TEST(WrongStrategyTest, OneThatNeverComesToRestIsStopped) {
    EngineSettings settings;
    settings.memtable.policy = "skiplist";
    settings.bloom.policy = "none";
    settings.filter.policy = "bloom";
    settings.format.policy = "plain";
    settings.compaction.policy = "never";
    const auto files = make_memory_file_system();
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.files = files.get();
    options.folder = "tree";
    options.compaction = AnyCompaction::of<Restless>({});
    options.compaction_name = "restless";
    const auto tree = AnyTree::open(std::move(options));
    tree->put("key", "value");
    try {
        tree->flush();
        FAIL() << "the strategy was let go on";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("restless never comes to rest"), std::string::npos)
            << error.what();
    }
    EXPECT_EQ(tree->get("key"), "value");
    EXPECT_THROW(tree->put("other", "value"), Error);
}

}  // namespace
}  // namespace lsm
