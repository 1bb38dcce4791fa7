// The table of all metrics: each with the arithmetic that docs/metrics.md puts in words.
#include "framework/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace lsm {

namespace {

using Count = uint64_t EngineCounters::*;

double real(uint64_t count) { return static_cast<double>(count); }

double written(const EngineCounters& counters) {
    return real(counters.flush_bytes) + real(counters.compaction_bytes_written);
}

double get_blocks(const EngineCounters& counters) {
    return real(counters.get_data_blocks_found) + real(counters.get_data_blocks_empty);
}

/// Probes of filters of tables that did not have the key.
double negatives(const EngineCounters& counters) {
    return real(counters.filter_false_positives) + real(counters.filter_true_negatives);
}

template <Count member>
double counted(const Moment& now, const Moment&) {
    return real(now.counters.*member);
}

template <uint64_t ShapeTotals::* member>
double summed(const Moment& now, const Moment&) {
    return real(now.shape.*member);
}

template <uint64_t Moment::* member>
double known(const Moment& now, const Moment&) {
    return real(now.*member);
}

template <double Moment::* member>
double timed(const Moment& now, const Moment&) {
    return now.*member;
}

template <LatencySummary Moment::* call, double LatencySummary::* figure>
double latency(const Moment& now, const Moment&) {
    return now.*call.*figure;
}

/// The most that was stored between the moments: what the engine saw, when that is a new high, else
/// the larger end.
double stored_peak(const Moment& now, const Moment& before) {
    if (now.counters.stored_bytes_peak > before.counters.stored_bytes_peak) {
        return real(now.counters.stored_bytes_peak);
    }
    return real(std::max(now.counters.stored_bytes, before.counters.stored_bytes));
}

double space_peak(const Moment& now, const Moment& before) {
    return ratio_of(stored_peak(now, before), real(std::max(now.live_bytes, before.live_bytes)));
}

class Table {
  public:
    void counter(std::string name, std::string unit, std::string about,
                 double (*value)(const Moment&, const Moment&)) {
        add(std::move(name), std::move(unit), MetricKind::counter, false, std::move(about), value);
    }
    void gauge(std::string name, std::string unit, std::string about,
               double (*value)(const Moment&, const Moment&),
               double (*peak)(const Moment&, const Moment&) = nullptr) {
        add(std::move(name), std::move(unit), MetricKind::gauge, false, std::move(about), value,
            peak);
    }
    void ratio(std::string name, std::string unit, std::string about,
               double (*value)(const Moment&, const Moment&),
               double (*peak)(const Moment&, const Moment&) = nullptr) {
        add(std::move(name), std::move(unit), MetricKind::ratio, false, std::move(about), value,
            peak);
    }
    void realtime(std::string name, std::string unit, MetricKind kind, std::string about,
                  double (*value)(const Moment&, const Moment&)) {
        add(std::move(name), std::move(unit), kind, true, std::move(about), value);
    }
    std::vector<Metric> take() { return std::move(metrics_); }

  private:
    void add(std::string name, std::string unit, MetricKind kind, bool realtime_only,
             std::string about, double (*value)(const Moment&, const Moment&),
             double (*peak)(const Moment&, const Moment&) = nullptr) {
        metrics_.push_back(
            {std::move(name), std::move(unit), kind, realtime_only, std::move(about), value, peak});
    }
    std::vector<Metric> metrics_;
};

void add_workload(Table& table) {
    table.counter("operations", "operations", "performed by the workload",
                  known<&Moment::operations>);
    table.counter("user_bytes", "bytes", "keys and values of puts, keys of deletes",
                  counted<&EngineCounters::user_bytes>);
    table.counter("puts", "calls", "puts", counted<&EngineCounters::puts>);
    table.counter("deletes", "calls", "deletes", counted<&EngineCounters::deletes>);
    table.counter("gets", "calls", "point lookups", counted<&EngineCounters::gets>);
    table.counter("empty_gets", "calls", "point lookups that found nothing",
                  counted<&EngineCounters::empty_gets>);
    table.counter("scans", "calls", "range reads", counted<&EngineCounters::scans>);
}

void add_amplifications(Table& table) {
    table.ratio("write_amplification", "bytes per user byte",
                "bytes that flushes and compactions wrote, per user byte",
                [](const Moment& now, const Moment&) {
                    return ratio_of(written(now.counters), real(now.counters.user_bytes));
                });
    table.ratio("write_amplification_window", "bytes per user byte",
                "write amplification since the sample before",
                [](const Moment& now, const Moment& before) {
                    return ratio_of(written(now.counters) - written(before.counters),
                                    real(now.counters.user_bytes - before.counters.user_bytes));
                });
    table.ratio(
        "space_amplification", "bytes per live byte", "bytes of table files per live byte",
        [](const Moment& now, const Moment&) {
            return ratio_of(real(now.counters.stored_bytes), real(now.live_bytes));
        },
        space_peak);
    table.ratio("read_amplification", "blocks per lookup", "data blocks fetched per point lookup",
                [](const Moment& now, const Moment&) {
                    return ratio_of(get_blocks(now.counters), real(now.counters.gets));
                });
    table.ratio("read_amplification_window", "blocks per lookup",
                "read amplification since the sample before",
                [](const Moment& now, const Moment& before) {
                    return ratio_of(get_blocks(now.counters) - get_blocks(before.counters),
                                    real(now.counters.gets - before.counters.gets));
                });
    table.ratio("read_amplification_empty", "blocks per lookup",
                "data blocks fetched per lookup that found nothing",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.get_data_blocks_empty),
                                    real(now.counters.empty_gets));
                });
    table.ratio("read_amplification_found", "blocks per lookup",
                "data blocks fetched per lookup that found a value",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.get_data_blocks_found),
                                    real(now.counters.gets - now.counters.empty_gets));
                });
    table.ratio("range_read_amplification", "blocks per block of results",
                "data blocks fetched per block's worth of live entries that scans returned",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.scan_data_blocks) * real(now.block_bytes),
                                    real(now.counters.scan_live_bytes));
                });
    table.ratio("log_amplification", "bytes per user byte", "log bytes per user byte",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.log_bytes), real(now.counters.user_bytes));
                });
}

void add_lookups(Table& table) {
    table.ratio("tables_probed", "tables per lookup",
                "tables per lookup whose filter did not say no",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.tables_probed), real(now.counters.gets));
                });
    table.ratio("filter_probes", "filters per lookup", "filters asked per lookup",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.filter_probes), real(now.counters.gets));
                });
    table.ratio("filter_false_positive_rate", "fraction of probes",
                "share of \"maybe\" among probes of tables that do not have the key",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.filter_false_positives),
                                    negatives(now.counters));
                });
    table.ratio("filter_false_positive_rate_expected", "fraction of probes",
                "the same by theory, over the same probes", [](const Moment& now, const Moment&) {
                    return ratio_of(now.counters.filter_expected_false_positives,
                                    negatives(now.counters));
                });
    table.gauge("filter_bits_per_key", "bits per entry", "filter bits per entry in tables",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.shape.filter_bits), real(now.shape.entries));
                });
    table.gauge("filter_memory_bytes", "bytes", "filters of all tables",
                counted<&EngineCounters::filter_memory_bytes>);
    table.counter("cache_hits", "blocks", "blocks found in the block cache",
                  counted<&EngineCounters::cache_hits>);
    table.counter("cache_misses", "blocks", "blocks looked for in the cache in vain",
                  counted<&EngineCounters::cache_misses>);
}

void add_tree(Table& table) {
    table.counter("flush_bytes", "bytes", "written by flushes",
                  counted<&EngineCounters::flush_bytes>);
    table.counter("compaction_bytes_written", "bytes", "written by compactions",
                  counted<&EngineCounters::compaction_bytes_written>);
    table.counter("compaction_bytes_read", "bytes", "read by compactions",
                  counted<&EngineCounters::compaction_bytes_read>);
    table.counter("log_bytes", "bytes", "written to the log", counted<&EngineCounters::log_bytes>);
    table.gauge("live_bytes", "bytes", "keys and values that are alive",
                known<&Moment::live_bytes>);
    table.gauge("live_entries", "entries", "keys that are alive", known<&Moment::live_entries>);
    table.gauge("logical_bytes", "bytes", "keys and values in tables, of all versions",
                counted<&EngineCounters::logical_bytes>);
    table.gauge("stored_bytes", "bytes", "table files", counted<&EngineCounters::stored_bytes>,
                stored_peak);
    table.gauge("levels", "levels", "the deepest level with a table", summed<&ShapeTotals::levels>);
    table.gauge("runs", "runs", "sorted runs", summed<&ShapeTotals::runs>);
    table.gauge("tables", "tables", "tables", summed<&ShapeTotals::tables>);
    table.counter("flushes", "flushes", "memtables written to level 1",
                  counted<&EngineCounters::flushes>);
    table.counter("compactions", "compactions", "merges", counted<&EngineCounters::compactions>);
    table.counter("moves", "moves", "changes of level or run without a rewrite",
                  counted<&EngineCounters::moves>);
    table.counter("drops", "drops", "deletions of tables with all they hold",
                  counted<&EngineCounters::drops>);
    table.counter("dropped_entries", "entries", "entries that drops took away",
                  counted<&EngineCounters::dropped_entries>);
    table.counter("largest_compaction_bytes", "bytes",
                  "most bytes read and written by one compaction",
                  counted<&EngineCounters::largest_compaction_bytes>);
    table.gauge("compaction_debt_bytes", "bytes", "logical bytes above the levels' capacities",
                counted<&EngineCounters::compaction_debt_bytes>);
    table.gauge("tombstones", "entries", "tombstones in tables", summed<&ShapeTotals::tombstones>);
    table.gauge("range_tombstones", "fragments", "fragments of range tombstones in tables",
                summed<&ShapeTotals::range_tombstones>);
    table.gauge("tombstone_age_max", "ticks", "age of the oldest tombstone",
                counted<&EngineCounters::oldest_tombstone_age>);
    table.ratio("tombstone_age_final_mean", "ticks", "mean age at which deletes became final",
                [](const Moment& now, const Moment&) {
                    return ratio_of(real(now.counters.final_tombstone_age_sum),
                                    real(now.counters.final_tombstones));
                });
    table.gauge("tombstone_age_final_max", "ticks", "highest age at which a delete became final",
                counted<&EngineCounters::final_tombstone_age_max>);
    table.counter("syncs", "calls", "sync calls", counted<&EngineCounters::sync_calls>);
    table.counter("modelled_seconds", "seconds",
                  "time the named device would take for reads and writes of tables",
                  timed<&Moment::modelled_seconds>);
}

template <LatencySummary Moment::* call>
void add_latency(Table& table, const std::string& name) {
    const auto add = [&](const char* figure, double (*value)(const Moment&, const Moment&)) {
        table.realtime("latency_" + name + "_" + figure, "seconds", MetricKind::counter,
                       "latency of " + name, value);
    };
    add("mean", latency<call, &LatencySummary::mean>);
    add("p50", latency<call, &LatencySummary::p50>);
    add("p90", latency<call, &LatencySummary::p90>);
    add("p99", latency<call, &LatencySummary::p99>);
    add("p99_9", latency<call, &LatencySummary::p99_9>);
    add("p99_99", latency<call, &LatencySummary::p99_99>);
    add("max", latency<call, &LatencySummary::max>);
}

void add_wall_clock(Table& table) {
    table.realtime("throughput", "operations per second", MetricKind::ratio,
                   "operations per second while they were performed",
                   [](const Moment& now, const Moment&) {
                       return ratio_of(real(now.operations), now.running_seconds);
                   });
    table.realtime(
        "throughput_window", "operations per second", MetricKind::ratio,
        "throughput since the sample before", [](const Moment& now, const Moment& before) {
            // Before the first sample no time is known to have passed: it counts from 0.
            const double start = std::isnan(before.running_seconds) ? 0 : before.running_seconds;
            if (now.operations == before.operations) return kUndefined;
            return ratio_of(real(now.operations - before.operations), now.running_seconds - start);
        });
    table.realtime("elapsed_seconds", "seconds", MetricKind::counter, "since the first operation",
                   timed<&Moment::elapsed_seconds>);
    table.realtime("stall_seconds", "seconds", MetricKind::counter,
                   "writers held back by compactions", [](const Moment& now, const Moment&) {
                       return real(now.counters.stall_nanoseconds) / 1e9;
                   });
    add_latency<&Moment::put>(table, "put");
    add_latency<&Moment::get>(table, "get");
    add_latency<&Moment::scan>(table, "scan");
    add_latency<&Moment::remove>(table, "delete");
}

}  // namespace

const std::vector<Metric>& all_metrics() {
    static const std::vector<Metric> metrics = [] {
        Table table;
        add_workload(table);
        add_amplifications(table);
        add_lookups(table);
        add_tree(table);
        add_wall_clock(table);
        return table.take();
    }();
    return metrics;
}

}  // namespace lsm
