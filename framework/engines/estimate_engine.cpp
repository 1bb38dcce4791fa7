#include "framework/engines/estimate_engine.hpp"

#include "framework/base/error.hpp"
#include "framework/engines/bulk_engine.hpp"
#include "framework/engines/simulator_engine.hpp"
#include "framework/simulate/estimated_tree.hpp"

namespace lsm {

namespace {

class EstimateEngine final : public Engine, public BulkEngine {
  public:
    explicit EstimateEngine(const simulate::SimulatorOptions& options) : tree_(options) {}

    BulkEngine* bulk() override { return this; }
    void use_sizes(uint64_t key_bytes, double value_bytes) override {
        tree_.use_sizes(key_bytes, value_bytes);
    }
    void write(uint64_t inserts, uint64_t updates) override { tree_.write(inserts, updates); }
    uint64_t live_entries() const override { return tree_.keys(); }
    double live_bytes() const override { return tree_.live_bytes(); }

    void put(std::string_view, std::string_view) override { refuse(); }
    void remove(std::string_view) override { refuse(); }
    bool get(std::string_view, std::string&) override { refuse(); }
    uint64_t scan(std::string_view, uint64_t, bool,
                  const std::function<void(std::string_view, std::string_view)>&) override {
        refuse();
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
    [[noreturn]] static void refuse() {
        throw Error(ErrorKind::usage, "the estimate takes counts of operations", {},
                    "use Engine::bulk()");
    }

    simulate::EstimatedTree tree_;
};

}  // namespace

std::unique_ptr<Engine> open_estimate_engine(const Registry& registry,
                                             const EngineSettings& settings) {
    return std::make_unique<EstimateEngine>(simulator_options(registry, settings));
}

}  // namespace lsm
