#include "framework/experiment/predictions.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/math.hpp"
#include "framework/experiment/phase_means.hpp"
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
        const int levels =
            std::isnan(now.levels) ? growth_.deepest() : static_cast<int>(now.levels);
        model::WriteBand band{kUndefined, kUndefined, kUndefined};
        if (levels > 0) band = write_band(model_.layout(), levels);
        const double numbers[] = {
            growth_.write_amplification(),
            1 + band.bypass,
            1 + band.write_then_spill,
            growth_.space_amplification(),
            ratio_of(empty_blocks_ + found_blocks_, now.empty_gets + now.found_gets),
            ratio_of(empty_blocks_, now.empty_gets),
            ratio_of(found_blocks_, now.found_gets),
            ratio_of(space_sum_, space_span_),
        };
        const std::vector<std::string> names = predicted_metric_names();
        Values values;
        for (size_t i = 0; i < names.size(); ++i) values.emplace_back(names[i], numbers[i]);
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

std::vector<std::string> predicted_metric_names() {
    return {"model_write_amplification",      "model_write_amplification_low",
            "model_write_amplification_high", "model_space_amplification",
            "model_read_amplification",       "model_read_amplification_empty",
            "model_read_amplification_found", "model_mean_space_amplification"};
}

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
