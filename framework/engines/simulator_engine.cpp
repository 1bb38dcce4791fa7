#include "framework/engines/simulator_engine.hpp"

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/engines/numbered_engine.hpp"
#include "framework/simulate/simulated_tree.hpp"

namespace lsm {

namespace {

class SimulatorEngine final : public Engine, public NumberedEngine {
  public:
    explicit SimulatorEngine(const simulate::SimulatorOptions& options) : tree_(options) {}

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

    void put(std::string_view, std::string_view) override { refuse_bytes(); }
    void remove(std::string_view) override { refuse_bytes(); }
    bool get(std::string_view, std::string&) override { refuse_bytes(); }
    uint64_t scan(std::string_view, uint64_t, bool,
                  const std::function<void(std::string_view, std::string_view)>&) override {
        refuse_bytes();
    }

    void flush() override { tree_.flush(); }
    void settle() override { tree_.settle(); }
    EngineCounters counters() override { return tree_.counters(); }
    TreeShape shape() override { return tree_.shape(); }
    bool may_drop() const override { return tree_.may_drop(); }
    void on_event(std::function<void(const EngineEvent&)> listener) override {
        tree_.on_event(std::move(listener));
    }
    void close() override {}

  private:
    [[noreturn]] static void refuse_bytes() {
        throw Error(ErrorKind::usage, "the simulator takes keys by number", {},
                    "use Engine::numbered()");
    }

    simulate::SimulatedTree tree_;
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
