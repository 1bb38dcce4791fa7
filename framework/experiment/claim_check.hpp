// What a claim's names stand for in an experiment, and whether it holds.
//
// A selector picks one entry of one axis of the sweep; the axes that the claim's metrics pick from
// are bound, all others are free. The claim is checked at every point of the free axes that `where`
// leaves. With repeats, a metric is its mean over them, and beside the verdict stands the interval
// of the paired difference: both sides are computed for each repeat alone, too.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/claim.hpp"
#include "framework/experiment/claim_result.hpp"
#include "framework/experiment/experiment.hpp"
#include "framework/experiment/metric_names.hpp"

namespace lsm::experiment {

/// Looks up every name of the claim; adds a problem for each metric that there is none of, each
/// selector that matches nothing or too much, and conditions that leave no point. False when there
/// was one. A claim that is right in the file's own sweep, `written`, and has no point in what
/// `--set` made of it is no mistake: its `not_asked` says why.
bool bind_claim(Claim& claim, const Experiment& experiment, const std::vector<SweepAxis>& written,
                const MetricNames& metrics, Problems& problems);

/// What all of its trials are.
MetricSource metric_source(const Experiment& experiment);

/// The part of it that needs no sweep: metrics that there are none of.
bool check_metrics(const Claim& claim, const Experiment& experiment, const MetricNames& metrics,
                   Problems& problems);

/// The value of a metric (as the claim spells it, without `final_`) of a trial, by its place in
/// experiment.trials; nothing where it has none.
using MetricOf = std::function<std::optional<double>(size_t trial, const std::string& metric)>;

/// Precondition: bind_claim said true for it, or its `not_asked` is set. Does not throw.
ClaimResult check_claim(const Claim& claim, const Experiment& experiment,
                        const MetricOf& metric_of);

}  // namespace lsm::experiment
