#include "framework/experiment/trial_recorder.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "framework/experiment/event_lines.hpp"

namespace lsm::experiment {

namespace {

LatencySummary summary_of(const Histogram& histogram) {
    LatencySummary summary;
    if (histogram.count() == 0) return summary;
    const auto seconds = [&](double percent) {
        return static_cast<double>(histogram.percentile(percent)) / 1e9;
    };
    summary.p50 = seconds(50);
    summary.p90 = seconds(90);
    summary.p99 = seconds(99);
    summary.p99_9 = seconds(99.9);
    summary.p99_99 = seconds(99.99);
    summary.mean = histogram.mean() / 1e9;
    summary.max = static_cast<double>(histogram.max()) / 1e9;
    return summary;
}

}  // namespace

TrialRecorder::TrialRecorder(const Trial& trial, Engine& engine)
    : engine_(engine),
      realtime_(trial.mode == Mode::realtime),
      block_bytes_(trial.settings.block_size),
      device_(trial.device),
      summary_(realtime_) {
    events_->lines.push_back(start_line(trial));
    engine.on_event([events = events_, realtime = realtime_](const EngineEvent& event) {
        std::string line =
            event_line(events->operations.load(std::memory_order_relaxed), event, realtime);
        const std::lock_guard lock(events->mutex);
        events->lines.push_back(std::move(line));
    });
}

void TrialRecorder::note_phase(uint64_t operations, uint64_t number,
                               const workloads::Phase& phase) {
    const std::lock_guard lock(events_->mutex);
    events_->lines.push_back(phase_line(operations, number, phase));
}

/// What a strategy dropped is alive for nobody. Without merges, tables hold ranges of sequence
/// numbers and the oldest of them begins where the dropped ones ended; otherwise all that is sure
/// is that no more is alive than the tree holds.
void TrialRecorder::leave_out_dropped(const Progress& progress, const TreeShape& shape,
                                      Moment& now) {
    uint64_t oldest = UINT64_MAX;
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables)
                oldest = std::min(oldest, table.oldest_sequence);
        }
    }
    if (progress.only_client != nullptr && now.counters.compactions == 0 && oldest != UINT64_MAX) {
        const auto held = progress.only_client->held_since(oldest);
        now.live_entries = held.entries;
        now.live_bytes = held.bytes;
    }
    now.live_bytes =
        std::min(now.live_bytes, now.counters.logical_bytes + now.counters.memtable_bytes);
}

Moment TrialRecorder::moment_of(const Progress& progress, const TreeShape& shape) const {
    Moment now;
    now.operations = progress.operations;
    now.counters = engine_.counters();
    now.shape = shape_totals(shape);
    now.live_entries = progress.live_entries;
    now.live_bytes = progress.live_bytes;
    if (engine_.may_drop()) leave_out_dropped(progress, shape, now);
    now.block_bytes = block_bytes_;
    if (device_) now.modelled_seconds = device_->seconds(now.counters);
    if (!realtime_) return now;
    now.elapsed_seconds = progress.elapsed_seconds;
    now.running_seconds = progress.running_seconds;
    if (progress.latencies == nullptr) return now;
    const auto& latencies = *progress.latencies;
    now.put = summary_of(latencies[static_cast<size_t>(workloads::Timed::put)]);
    now.get = summary_of(latencies[static_cast<size_t>(workloads::Timed::get)]);
    now.scan = summary_of(latencies[static_cast<size_t>(workloads::Timed::scan)]);
    now.remove = summary_of(latencies[static_cast<size_t>(workloads::Timed::remove)]);
    return now;
}

void TrialRecorder::add_level_rows(uint64_t operations, const TreeShape& shape) {
    for (size_t level = 0; level < shape.levels.size(); ++level) {
        uint64_t number = 0;
        for (const RunShape& run : shape.levels[level].runs) {
            LevelRow row;
            row.operations = operations;
            row.level = static_cast<int>(level) + 1;
            row.run = ++number;
            row.tables = run.tables.size();
            row.entries = run.entries();
            row.tombstones = run.tombstones();
            row.logical_bytes = run.logical_bytes();
            row.stored_bytes = run.stored_bytes();
            for (const TableShape& table : run.tables) row.filter_bits += table.filter_bits;
            result_.levels.push_back(row);
        }
    }
}

/// Of two samples at one moment the later one stands: a tree that has settled, the end of a phase.
void TrialRecorder::forget_sample_at(uint64_t operations) {
    if (result_.samples.empty() || result_.samples.back().operations != operations) return;
    result_.samples.pop_back();
    while (!result_.levels.empty() && result_.levels.back().operations == operations)
        result_.levels.pop_back();
}

void TrialRecorder::sample(const Progress& progress) {
    const TreeShape shape = engine_.shape();
    Moment now = moment_of(progress, shape);
    // Once the tree has settled, no operation later than the sample before: the window stays that
    // one's.
    if (now.operations > last_.operations) window_start_ = last_;
    summary_.add(now, window_start_, now.operations - last_.operations);
    Sample sample;
    sample.operations = now.operations;
    sample.user_bytes = now.counters.user_bytes;
    sample.metrics = compute_metrics(now, window_start_, realtime_);
    forget_sample_at(now.operations);
    result_.samples.push_back(std::move(sample));
    add_level_rows(now.operations, shape);
    last_ = std::move(now);
}

TrialResult TrialRecorder::finish() {
    {
        const std::lock_guard lock(events_->mutex);
        result_.events = std::move(events_->lines);
    }
    if (!result_.samples.empty()) {
        const std::string by_level = "level_";
        for (const auto& [name, value] : result_.samples.back().metrics) {
            if (!name.starts_with(by_level)) result_.metrics.emplace_back(name, value);
        }
    }
    for (auto& one : summary_.peaks_and_means()) result_.metrics.push_back(std::move(one));
    return std::move(result_);
}

}  // namespace lsm::experiment
