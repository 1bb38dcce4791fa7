#include "framework/engines/simulator_engine.hpp"

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/engines/numbered_engine.hpp"
#include "framework/engines/shaped_engine.hpp"
#include "framework/simulate/simulated_tree.hpp"

namespace lsm {

namespace {

struct ByNumber {
    static constexpr const char* kTakes = "the simulator takes keys by number";
    static constexpr const char* kRemedy = "use Engine::numbered()";
};

class SimulatorEngine final : public ShapedEngine<simulate::SimulatedTree, ByNumber>,
                              public NumberedEngine {
  public:
    using ShapedEngine::get;  // of bytes, which it refuses, beside those of numbers
    using ShapedEngine::put;
    using ShapedEngine::put_for;
    using ShapedEngine::remove;
    using ShapedEngine::remove_range;
    using ShapedEngine::scan;
    using ShapedEngine::ShapedEngine;

    NumberedEngine* numbered() override { return this; }
    void use_keys(KeyNumbers keys) override { tree_.use_keys(std::move(keys)); }
    void put(uint64_t number, uint64_t value_bytes) override { tree_.put(number, value_bytes); }
    void put_for(uint64_t number, uint64_t value_bytes, uint64_t ttl) override {
        tree_.put_for(number, value_bytes, ttl);
    }
    void remove(uint64_t number) override { tree_.remove(number); }
    void remove_range(uint64_t first, uint64_t end) override { tree_.remove_range(first, end); }
    Sequence get(uint64_t number) override { return tree_.get(number); }
    uint64_t scan(uint64_t from, uint64_t limit, bool backward,
                  const std::function<void(uint64_t, Sequence)>& take) override {
        return tree_.scan(from, limit, backward, take);
    }
};

}  // namespace

std::optional<EngineProblem> simulator_problem(const EngineSettings& settings) {
    if (!settings.deterministic)
        return EngineProblem{"mode", "there is no clock: it runs in deterministic mode only"};
    if (settings.codec != "none")
        return EngineProblem{"tree.format.codec",
                             "no values are made, so nothing can be compressed: codec none"};
    if (settings.cache_size > 0)
        return EngineProblem{"tree.cache.size", "there is no cache: size 0"};
    if (settings.storage != "memory") return EngineProblem{"storage", "nothing is stored: memory"};
    return std::nullopt;
}

simulate::SimulatorOptions simulator_options(const Registry& registry,
                                             const EngineSettings& settings) {
    const AnyTree::Options tree = tree_options(registry, settings);
    if (const auto problem = simulator_problem(settings))
        throw Error(ErrorKind::config, problem->path + ": " + problem->message);
    simulate::SimulatorOptions options;
    options.bloom = tree.bloom;
    options.filter = tree.filter;
    options.format = tree.format;
    options.compaction = tree.compaction;
    options.filter_name = tree.filter_name;
    options.compaction_name = tree.compaction_name;
    options.memtable_size = tree.memtable_size;
    options.table_size = tree.table_size;
    options.block_size = tree.table.block_size;
    options.seed = tree.seed;
    return options;
}

std::unique_ptr<Engine> open_simulator_engine(const Registry& registry,
                                              const EngineSettings& settings) {
    return std::make_unique<SimulatorEngine>(simulator_options(registry, settings));
}

}  // namespace lsm
