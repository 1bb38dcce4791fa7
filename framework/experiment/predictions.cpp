#include "framework/experiment/predictions.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/math.hpp"
#include "framework/metrics/metrics.hpp"
#include "framework/model/growth.hpp"

namespace lsm::experiment {
namespace {

using Values = std::vector<std::pair<std::string, double>>;

/// What has happened up to some moment: all that the model is told.
struct Past {
    double operations = 0;
    double user_bytes = 0;
    double live_bytes = 0;
    double empty_gets = 0;
    double found_gets = 0;
    double levels = kUndefined;  ///< of the measured tree
};

/// Follows a trial from sample to sample.
class Follower {
  public:
    explicit Follower(const TrialModel& model)
        : model_(model), growth_(model.layout(), model.data().entry_bytes) {}

    Values advance(const Past& now) {
        const double written = std::max(0.0, now.user_bytes - before_.user_bytes);
        const double fresh = now.live_bytes - before_.live_bytes;
        const double updates = written > 0 ? std::clamp(1 - fresh / written, 0.0, 1.0) : 0;
        const double empty = std::max(0.0, now.empty_gets - before_.empty_gets);
        const double found = std::max(0.0, now.found_gets - before_.found_gets);
        const double steps =
            std::clamp(std::ceil(written / model_.layout().memtable_bytes()), 1.0, kMostSteps);
        for (double step = 1; step <= steps; ++step) {
            // Lookups and writes of a window are mixed evenly.
            growth_.write(written / steps, updates, before_.live_bytes + fresh * step / steps);
            if (!(empty + found > 0)) continue;
            const auto cost = growth_.lookups(filters());
            empty_blocks_ += empty / steps * cost.empty;
            found_blocks_ += found / steps * cost.found;
        }
        const double span = now.operations - before_.operations;
        const double space = growth_.space_amplification();
        if (!std::isnan(space) && growth_.run_bytes() > 0) {
            space_sum_ += space * span;
            space_span_ += span;
        }
        before_ = now;
        return values(now);
    }

  private:
    static constexpr double kMostSteps = 64;

    /// Made anew where the tree has changed.
    const std::vector<model::LevelFilter>& filters() {
        if (filters_at_ != growth_.flushes()) {
            filters_ = growth_.filters(model_.sizing(), model_.filter());
            filters_at_ = growth_.flushes();
        }
        return filters_;
    }

    Values values(const Past& now) const {
        Values values;
        const auto add = [&](const char* name, double value) {
            values.emplace_back(std::string(kModelPrefix) + name, value);
        };
        add("write_amplification", growth_.write_amplification());
        const int levels =
            std::isnan(now.levels) ? growth_.deepest() : static_cast<int>(now.levels);
        const bool any = levels > 0;
        const model::WriteBand band =
            any ? write_band(model_.layout(), levels) : model::WriteBand{};
        add("write_amplification_low", any ? 1 + band.bypass : kUndefined);
        add("write_amplification_high", any ? 1 + band.write_then_spill : kUndefined);
        add("space_amplification", growth_.space_amplification());
        add("read_amplification",
            ratio_of(empty_blocks_ + found_blocks_, now.empty_gets + now.found_gets));
        add("read_amplification_empty", ratio_of(empty_blocks_, now.empty_gets));
        add("read_amplification_found", ratio_of(found_blocks_, now.found_gets));
        add("mean_space_amplification", ratio_of(space_sum_, space_span_));
        return values;
    }

    const TrialModel& model_;
    model::Growth growth_;
    Past before_;
    std::vector<model::LevelFilter> filters_;
    uint64_t filters_at_ = UINT64_MAX;
    double empty_blocks_ = 0;
    double found_blocks_ = 0;
    double space_sum_ = 0;
    double space_span_ = 0;
};

double value_of(const Values& values, std::string_view name) {
    for (const auto& [key, value] : values) {
        if (key == name) return value;
    }
    return kUndefined;
}

double number_or_0(double value) { return std::isnan(value) ? 0 : value; }

double mean_value_bytes(const workloads::Phase& phase) {
    if (phase.value.size() == 1) return static_cast<double>(phase.value[0]);
    if (phase.value.size() == 2) return static_cast<double>(phase.value[0] + phase.value[1]) / 2;
    double sum = 0;
    double weights = 0;
    for (size_t i = 0; i < phase.value_sizes.size(); ++i) {
        const double weight =
            phase.value_weights.empty() ? 1 : static_cast<double>(phase.value_weights[i]);
        sum += weight * static_cast<double>(phase.value_sizes[i]);
        weights += weight;
    }
    return weights > 0 ? sum / weights : 0;
}

/// What one operation of a phase does, on average.
struct PhaseMeans {
    double entry_bytes = 0;
    double inserts = 0;
    double updates = 0;
    double puts = 0;  ///< of keys that are there or not
    double deletes = 0;
    double empty_gets = 0;
    double found_gets = 0;

    double writes() const { return inserts + updates + puts; }
};

PhaseMeans means_of(const workloads::Phase& phase) {
    PhaseMeans means;
    means.entry_bytes = static_cast<double>(phase.key) + mean_value_bytes(phase);
    if (phase.kind == workloads::PhaseKind::load) {
        means.inserts = 1;
        return means;
    }
    const double all = phase.read + phase.update + phase.insert + phase.read_modify_write +
                       phase.scan + phase.remove + phase.read_missing + phase.put + phase.read_any +
                       phase.delete_any;
    if (!(all > 0)) return means;
    means.inserts = phase.insert / all;
    means.updates = (phase.update + phase.read_modify_write) / all;
    means.puts = phase.put / all;
    means.deletes = (phase.remove + phase.delete_any) / all;
    const double reads = (phase.read + phase.read_any + phase.read_modify_write) / all;
    means.empty_gets = phase.read_missing / all + reads * phase.empty_reads;
    means.found_gets = reads * (1 - phase.empty_reads);
    return means;
}

/// The phases, filled in as the runner does.
std::vector<workloads::Phase> phases_of(const Trial& trial) {
    std::vector<workloads::Phase> phases = trial.phases;
    workloads::inherit_options(phases);
    return phases;
}

template <class Any>
std::optional<typename Any::Options> options_of(const AxisRegistry<Any>& axis,
                                                const EngineSettings::Part& part) {
    const PolicyEntry<Any>* policy = axis.find(part.policy);
    if (policy == nullptr) return std::nullopt;
    std::vector<OptionProblem> problems;
    auto options = policy->make(part.options, problems);
    if (!problems.empty()) return std::nullopt;
    return options;
}

model::DataSize data_of(const Trial& trial) {
    model::DataSize data;
    data.memtable_bytes = static_cast<double>(trial.settings.memtable_size);
    data.block_bytes = static_cast<double>(trial.settings.block_size);
    double bytes = 0;
    double writes = 0;
    for (const workloads::Phase& phase : phases_of(trial)) {
        const PhaseMeans means = means_of(phase);
        const auto operations = static_cast<double>(phase.total());
        data.entries += operations * (means.inserts - means.deletes);
        if (means.puts > 0) {
            // Of so many draws from the key space that many are of different keys.
            const auto space = static_cast<double>(std::max<uint64_t>(phase.key_space, 1));
            data.entries += space * (1 - exact_exp(-operations * means.puts / space));
        }
        bytes += operations * means.writes() * means.entry_bytes;
        writes += operations * means.writes();
    }
    data.entries = std::max(1.0, data.entries);
    data.entry_bytes = writes > 0 && bytes > 0 ? bytes / writes : 1;
    return data;
}

}  // namespace

std::variant<TrialModel, std::string> TrialModel::of(const Trial& trial, const Registry& registry) {
    const EngineSettings& settings = trial.settings;
    const auto strategy = options_of(registry.compaction(), settings.compaction);
    const auto sizing = options_of(registry.bloom(), settings.bloom);
    const auto filter = options_of(registry.filter(), settings.filter);
    if (!strategy || !sizing || !filter) return "a policy of it is not in this build";
    const model::DataSize data = data_of(trial);
    auto layout = model::DeclaredLayout::of(AnyCompaction(*strategy), data.memtable_bytes);
    if (const auto* reason = std::get_if<std::string>(&layout)) return *reason;
    TrialModel made(std::get<model::DeclaredLayout>(std::move(layout)), AnyBloomSizing(*sizing),
                    AnyFilter(*filter));
    made.data_ = data;
    return made;
}

void add_predictions(const Trial& trial, const Registry& registry, TrialResult& result) {
    const auto found = TrialModel::of(trial, registry);
    const auto* model = std::get_if<TrialModel>(&found);
    if (model == nullptr || result.samples.empty()) return;
    Follower follower(*model);
    Values last;
    for (Sample& sample : result.samples) {
        Past now;
        now.operations = static_cast<double>(sample.operations);
        now.user_bytes = static_cast<double>(sample.user_bytes);
        now.live_bytes = number_or_0(value_of(sample.metrics, "live_bytes"));
        now.empty_gets = number_or_0(value_of(sample.metrics, "empty_gets"));
        now.found_gets = number_or_0(value_of(sample.metrics, "gets")) - now.empty_gets;
        now.levels = value_of(sample.metrics, "levels");
        last = follower.advance(now);
        sample.metrics.insert(sample.metrics.end(), last.begin(), last.end());
    }
    result.metrics.insert(result.metrics.end(), last.begin(), last.end());
}

std::vector<std::pair<std::string, double>> predict(const Trial& trial, const Registry& registry) {
    constexpr double kSteps = 200;  // of each phase
    const auto found = TrialModel::of(trial, registry);
    const auto* model = std::get_if<TrialModel>(&found);
    if (model == nullptr) return {};
    Follower follower(*model);
    Values last;
    Past now;
    for (const workloads::Phase& phase : phases_of(trial)) {
        const PhaseMeans means = means_of(phase);
        const double operations = static_cast<double>(phase.total()) / kSteps;
        const double deleted = means.deletes * static_cast<double>(phase.key);
        const double space = static_cast<double>(phase.key_space) * means.entry_bytes;
        for (double step = 0; step < kSteps; ++step) {
            const double absent = space > 0 ? std::max(0.0, 1 - now.live_bytes / space) : 0;
            const double fresh = means.inserts + means.puts * absent - means.deletes;
            now.operations += operations;
            now.user_bytes += operations * (means.writes() * means.entry_bytes + deleted);
            now.live_bytes = std::max(0.0, now.live_bytes + operations * fresh * means.entry_bytes);
            now.empty_gets += operations * means.empty_gets;
            now.found_gets += operations * means.found_gets;
            last = follower.advance(now);
        }
    }
    return last;
}

}  // namespace lsm::experiment
