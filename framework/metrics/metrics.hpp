// Every metric in one table: its name, unit, kind, meaning, and the arithmetic from counters to
// number. docs/metrics.md defines them in words, with a worked example of each; the two must say
// the same.
//
// A metric is a function of a Moment (what the engine has counted so far, the sums over the tree's
// shape, what the workload knows to be alive) and of the moment of the sample before it, which
// windows begin at. Undefined (nothing happened that it could be a share of) is not-a-number. Pure;
// any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "framework/metrics/engine_counters.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// part / whole; undefined when the whole is 0.
inline double ratio_of(double part, double whole) { return whole > 0 ? part / whole : kUndefined; }

/// Sums over a tree's shape.
struct ShapeTotals {
    uint64_t levels = 0;  // the deepest level with a table
    uint64_t runs = 0;
    uint64_t tables = 0;
    uint64_t entries = 0;
    uint64_t tombstones = 0;
    uint64_t range_tombstones = 0;
    uint64_t filter_bits = 0;
};
ShapeTotals shape_totals(const TreeShape& shape);

/// Percentiles of one kind of call, in seconds; undefined when there was none.
struct LatencySummary {
    double p50 = kUndefined, p90 = kUndefined, p99 = kUndefined, p99_9 = kUndefined,
           p99_99 = kUndefined;
    double mean = kUndefined, max = kUndefined;
};

/// All that metrics are computed from, as it stood after some operation.
struct Moment {
    uint64_t operations = 0;  // of the workload
    EngineCounters counters;
    ShapeTotals shape;
    uint64_t live_entries = 0;
    uint64_t live_bytes = 0;
    uint64_t block_bytes = 4096;
    double modelled_seconds = kUndefined;
    // realtime mode only
    double elapsed_seconds = kUndefined;  // since the first operation
    double running_seconds = kUndefined;  // thereof while operations were performed
    LatencySummary put, get, scan, remove;
};

enum class MetricKind {
    counter,  // only grows: its last value says all
    gauge,    // goes up and down
    ratio,    // of two sums
};

struct Metric {
    std::string name;
    std::string unit;
    MetricKind kind;
    bool realtime_only;
    std::string about;
    double (*value)(const Moment& now, const Moment& before);
    /// The highest value between the two moments where that can be known; else null, and the value
    /// stands for it.
    double (*peak)(const Moment& now, const Moment& before);
};

/// All metrics, in the order in which they appear everywhere.
const std::vector<Metric>& all_metrics();
/// Their names, without peak_ and mean_ and without the series by level.
std::vector<std::string> metric_names();

using MetricValues = std::vector<std::pair<std::string, double>>;

/// Values of all metrics (of realtime mode only when asked for), then by level:
/// level_1_write_amplification, ...
MetricValues compute_metrics(const Moment& now, const Moment& before, bool realtime);

/// Peaks and means over a trial's samples. A mean weighs each sample by the operations since the
/// one before; samples where the metric is undefined do not count.
class MetricSummary {
  public:
    explicit MetricSummary(bool realtime);
    /// `operations`: since the sample before, which need not be where the window begins.
    void add(const Moment& now, const Moment& before, uint64_t operations);
    /// peak_X and then mean_X for each gauge and ratio.
    MetricValues peaks_and_means() const;

  private:
    struct Running {
        const Metric* metric;
        double peak = kUndefined;
        double weighted_sum = 0;
        double weight = 0;
    };
    std::vector<Running> running_;
};

}  // namespace lsm
