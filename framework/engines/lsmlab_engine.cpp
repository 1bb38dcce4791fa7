#include "framework/engines/lsmlab_engine.hpp"

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {

namespace {

/// Looks the policy up and makes its options; what is wrong is appended as "tree.<axis>...: ...".
template <class Any>
typename Any::Options make_part(const AxisRegistry<Any>& axis, const std::string& name,
                                const EngineSettings::Part& part, std::vector<std::string>& wrong) {
    const PolicyEntry<Any>* policy = axis.find(part.policy);
    if (policy == nullptr) {
        wrong.push_back("tree." + name + ".policy: there is no " + name + " policy " + part.policy);
        return {};
    }
    std::vector<OptionProblem> problems;
    auto options = policy->make(part.options, problems);
    for (const OptionProblem& problem : problems) {
        wrong.push_back("tree." + name + (problem.option.empty() ? "" : "." + problem.option) +
                        ": " + problem.message);
    }
    return options;
}

SyncMode parse_sync(const std::string& text, std::vector<std::string>& wrong) {
    if (text == "none") return SyncMode::none;
    if (text == "process") return SyncMode::process;
    if (text == "power") return SyncMode::power;
    wrong.push_back("tree.log.sync: expected none, process or power, got " + text);
    return SyncMode::process;
}

class LsmlabEngine final : public Engine {
  public:
    LsmlabEngine(const Registry& registry, const EngineSettings& settings) {
        AnyTree::Options options = tree_options(registry, settings);
        if (settings.storage == "memory") {
            memory_ = make_memory_file_system();
            options.files = memory_.get();
            options.folder = "tree";
        } else {
            options.folder = settings.storage;
        }
        if (!settings.deterministic) {
            options.clock = &system_clock();
            executor_ = make_pool_executor(static_cast<int>(settings.background_threads));
            options.executor = executor_.get();
            options.max_compactions = settings.background_threads;
        }
        options.on_event = [this](const EngineEvent& event) {
            if (listener_) listener_(event);
        };
        tree_ = AnyTree::open(std::move(options));
    }

    void put(std::string_view key, std::string_view value) override { tree_->put(key, value); }
    void put_for(std::string_view key, std::string_view value, uint64_t ttl) override {
        tree_->put(key, value, ttl);
    }
    void remove(std::string_view key) override { tree_->remove(key); }
    void remove_range(std::string_view first, std::string_view last) override {
        tree_->remove_range(first, last);
    }
    bool get(std::string_view key, std::string& value) override { return tree_->get(key, value); }

    uint64_t scan(std::string_view from, uint64_t limit, bool backward,
                  const std::function<void(std::string_view, std::string_view)>& take) override {
        const auto cursor = tree_->cursor();
        uint64_t count = 0;
        if (backward) {
            for (cursor->seek_at_most(from); cursor->valid() && count < limit; ++count) {
                take(cursor->key(), cursor->value());
                if (count + 1 < limit) cursor->previous();
            }
        } else {
            for (cursor->seek(from); cursor->valid() && count < limit; ++count) {
                take(cursor->key(), cursor->value());
                if (count + 1 < limit) cursor->next();
            }
        }
        return count;
    }

    void flush() override { tree_->flush(); }
    void settle() override { tree_->settle(); }
    EngineCounters counters() override { return tree_->counters(); }
    TreeShape shape() override { return tree_->shape(); }
    bool may_drop() const override { return tree_->may_drop(); }
    void on_event(std::function<void(const EngineEvent&)> listener) override {
        listener_ = std::move(listener);
    }
    void close() override { tree_->close(); }

  private:
    std::unique_ptr<FileSystem> memory_;
    std::unique_ptr<Executor> executor_;
    std::function<void(const EngineEvent&)> listener_;
    std::unique_ptr<AnyTree> tree_;
};

}  // namespace

AnyTree::Options tree_options(const Registry& registry, const EngineSettings& settings) {
    std::vector<std::string> wrong;
    AnyTree::Options options;
    options.memtable = make_part(registry.memtable(), "memtable", settings.memtable, wrong);
    options.bloom = make_part(registry.bloom(), "bloom", settings.bloom, wrong);
    options.filter = make_part(registry.filter(), "filter", settings.filter, wrong);
    options.format = make_part(registry.format(), "format", settings.format, wrong);
    options.compaction = make_part(registry.compaction(), "compaction", settings.compaction, wrong);
    options.sync = parse_sync(settings.log_sync, wrong);
    if (!wrong.empty()) throw Error(ErrorKind::config, join(wrong, "; "));
    options.format_name = settings.format.policy;
    options.filter_name = settings.filter.policy;
    options.compaction_name = settings.compaction.policy;
    options.memtable_size = settings.memtable_size;
    options.table_size = settings.table_size;
    options.table = {settings.block_size, settings.codec};
    options.cache_size = settings.cache_size;
    options.seed = settings.seed;
    return options;
}

std::unique_ptr<Engine> open_lsmlab_engine(const Registry& registry,
                                           const EngineSettings& settings) {
    return std::make_unique<LsmlabEngine>(registry, settings);
}

}  // namespace lsm
