// Collects what a trial gives: samples, rows of levels, lines of events, and in the end the row of
// trials.csv. Events may come from any thread; the rest from one thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/engines/engine.hpp"
#include "framework/experiment/device.hpp"
#include "framework/experiment/trial.hpp"
#include "framework/metrics/metrics.hpp"
#include "framework/os/sync.hpp"
#include "workloads/client.hpp"

namespace lsm::experiment {

class TrialRecorder {
  public:
    /// Error(config) for a device that there is no model of. Listens to the engine's events from
    /// here on.
    TrialRecorder(const Trial& trial, Engine& engine);

    void note_phase(uint64_t operations, uint64_t number, const workloads::Phase& phase);

    /// What the workload knows at a sample; times only in realtime mode.
    struct Progress {
        uint64_t operations = 0;
        uint64_t live_entries = 0;
        uint64_t live_bytes = 0;
        double elapsed_seconds = kUndefined;
        double running_seconds = kUndefined;
        const workloads::Latencies* latencies = nullptr;  // of all clients; null while they run
        const workloads::Client* only_client = nullptr;   // its oracle, when there is one client
    };
    void sample(const Progress& progress);

    /// The workload's count, for events that happen from now on.
    void set_operations(uint64_t operations) {
        events_->operations.store(operations, std::memory_order_relaxed);
    }

    /// The result so far; the recorder is empty afterwards.
    TrialResult finish();

  private:
    /// Shared with the engine's listener, which may outlive the recorder.
    struct Events {
        std::atomic<uint64_t> operations{0};
        Mutex mutex;
        std::vector<std::string> lines;
    };

    Moment moment_of(const Progress& progress, const TreeShape& shape) const;
    static void leave_out_dropped(const Progress& progress, const TreeShape& shape, Moment& now);
    void forget_sample_at(uint64_t operations);
    void add_level_rows(uint64_t operations, const TreeShape& shape);

    Engine& engine_;
    bool realtime_;
    uint64_t block_bytes_;
    std::optional<Device> device_;
    std::shared_ptr<Events> events_ = std::make_shared<Events>();
    Moment last_;          // of the last sample
    Moment window_start_;  // of the last sample with fewer operations than that
    MetricSummary summary_;
    TrialResult result_;
};

}  // namespace lsm::experiment
