// What the cost model says of a trial: from its settings and phases before it runs, and beside each
// sample once it has run. See framework/model for the model itself.
//
// The predicted metrics are called as the measured ones with `model_` before: write_amplification,
// space_amplification (and its mean_), read_amplification, read_amplification_empty and
// read_amplification_found. They count a tree that grows by the level rule while as much is
// written, looked up and alive as at that sample. model_write_amplification_low and _high are the
// papers' band for a tree as deep as the measured one in its steady state, the flush included: an
// incoming run bypasses a full level, or is written before that level spills.
//
// Pure and deterministic; any thread.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "framework/experiment/trial.hpp"
#include "framework/model/costs.hpp"
#include "framework/policy/registry.hpp"

namespace lsm::experiment {

/// Names of all predicted metrics, for claims and plots.
std::vector<std::string> predicted_metric_names();

/// The policies and sizes of a trial as the model takes them.
class TrialModel {
  public:
    /// Or why the trial's strategy is outside the model, in words.
    static std::variant<TrialModel, std::string> of(const Trial& trial, const Registry& registry);

    const model::DeclaredLayout& layout() const { return layout_; }
    const AnyBloomSizing& sizing() const { return sizing_; }
    const AnyFilter& filter() const { return filter_; }

    /// Sizes of the trial: entries are all keys that its phases insert, once they have run.
    const model::DataSize& data() const { return data_; }
    /// The closed forms for that much data.
    model::DesignCosts costs(const model::DataSize& data) const {
        return costs_of(layout_, data, sizing_, filter_);
    }

  private:
    TrialModel(model::DeclaredLayout layout, AnyBloomSizing sizing, AnyFilter filter)
        : layout_(std::move(layout)), sizing_(std::move(sizing)), filter_(std::move(filter)) {}

    model::DeclaredLayout layout_;
    AnyBloomSizing sizing_;
    AnyFilter filter_;
    model::DataSize data_;
};

/// Adds the predicted metrics to every sample and to the row of trials.csv, where the model covers
/// the trial.
void add_predictions(const Trial& trial, const Registry& registry, TrialResult& result);

/// The predicted metrics at the end of the trial, from its phases alone: empty where the model does
/// not cover it.
std::vector<std::pair<std::string, double>> predict(const Trial& trial, const Registry& registry);

}  // namespace lsm::experiment
