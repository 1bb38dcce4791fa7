#include "framework/engines/estimate_engine.hpp"

#include "framework/engines/bulk_engine.hpp"
#include "framework/engines/shaped_engine.hpp"
#include "framework/engines/simulator_engine.hpp"
#include "framework/simulate/estimated_tree.hpp"

namespace lsm {

namespace {

struct ByCount {
    static constexpr const char* kTakes = "the estimate takes counts of operations";
    static constexpr const char* kRemedy = "use Engine::bulk()";
};

class EstimateEngine final : public ShapedEngine<simulate::EstimatedTree, ByCount>,
                             public BulkEngine {
  public:
    using ShapedEngine::ShapedEngine;

    BulkEngine* bulk() override { return this; }
    void use_sizes(uint64_t key_bytes, double value_bytes) override {
        tree_.use_sizes(key_bytes, value_bytes);
    }
    void write(uint64_t inserts, uint64_t updates) override { tree_.write(inserts, updates); }
    uint64_t live_entries() const override { return tree_.keys(); }
    double live_bytes() const override { return tree_.live_bytes(); }
};

}  // namespace

std::optional<EngineProblem> estimate_engine_problem(const Registry& registry,
                                                     const EngineSettings& settings) {
    if (const auto problem = simulator_problem(settings)) return problem;
    simulate::SimulatorOptions options;
    try {
        options = simulator_options(registry, settings);
    } catch (const Error&) {
        return std::nullopt;  // settings that no engine takes; who opens one says so
    }
    if (AnyCompaction(options.compaction).wants_reads()) {
        return EngineProblem{"tree.compaction.policy",
                             settings.compaction.policy +
                                 " chooses by where lookups go, and the estimate has no lookups; "
                                 "use `engine: simulator`"};
    }
    if (AnyBloomSizing(options.bloom).wants_probes) {
        return EngineProblem{"tree.bloom.policy",
                             settings.bloom.policy +
                                 " goes by where lookups go, and the estimate has no lookups; use "
                                 "`engine: simulator`"};
    }
    return std::nullopt;
}

std::unique_ptr<Engine> open_estimate_engine(const Registry& registry,
                                             const EngineSettings& settings) {
    if (const auto problem = estimate_engine_problem(registry, settings))
        throw Error(ErrorKind::config, problem->path + ": " + problem->message);
    return std::make_unique<EstimateEngine>(simulator_options(registry, settings));
}

}  // namespace lsm
