#include "framework/experiment/trial_runner.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/estimate_run.hpp"
#include "framework/experiment/predictions.hpp"
#include "framework/experiment/trial_recorder.hpp"
#include "framework/os/sync.hpp"
#include "framework/os/threads.hpp"
#include "workloads/client.hpp"

namespace lsm::experiment {

namespace {

constexpr uint64_t kReportEvery = 4096;  // operations between calls of the hooks
constexpr uint64_t kPublishEvery = 64;   // operations between a client's looks at the others

/// The trial's own folder below its storage, removed when the trial is over. Nothing for memory.
class StorageFolder {
  public:
    StorageFolder(const Trial& trial, const TrialHooks& hooks)
        : files_(hooks.files != nullptr ? *hooks.files : posix_file_system()),
          keep_(hooks.keep_storage) {
        if (trial.settings.storage == "memory") return;
        path_ = trial.settings.storage + "/trial-" + format_number(trial.number);
        if (files_.exists(path_)) {
            throw Error(ErrorKind::io, "the trial's folder is there already", {path_, {}, {}, {}},
                        "remove it, or name another folder as storage");
        }
    }
    StorageFolder(const StorageFolder&) = delete;
    StorageFolder& operator=(const StorageFolder&) = delete;

    ~StorageFolder() {
        try {
            remove();
        } catch (const Error&) {
            // Reached while another error is on its way, which says more.
        }
    }

    std::string storage() const { return path_.empty() ? "memory" : path_; }

    void remove() {
        if (path_.empty() || keep_ || !files_.exists(path_)) return;
        remove_below(path_);
    }

  private:
    void remove_below(const std::string& folder) {
        for (const std::string& name : files_.list(folder)) {
            const std::string path = folder + "/" + name;
            if (files_.is_folder(path)) {
                remove_below(path);
            } else {
                files_.remove(path);
            }
        }
        files_.remove_folder(folder);
    }

    FileSystem& files_;
    bool keep_;
    std::string path_;
};

/// What each client lets the others see, on a cache line of its own.
struct alignas(64) Published {
    std::atomic<uint64_t> live_entries{0};
    std::atomic<uint64_t> live_bytes{0};
};

class TrialRun {
  public:
    TrialRun(const Trial& trial, const TrialHooks& hooks, Engine& engine, Clock& clock)
        : hooks_(hooks),
          engine_(engine),
          clock_(clock),
          realtime_(trial.mode == Mode::realtime),
          workload_(trial.phases, trial.seed,
                    realtime_ ? std::max<uint64_t>(trial.client_threads, 1) : 1, hooks.files),
          recorder_(trial, engine),
          total_(workload_.total_operations()),
          published_(workload_.clients()) {
        const uint64_t every = std::max<uint64_t>(trial.measure_every, 1);
        every_ = every * (total_ / every / kMaxSamples + 1);
        for (uint64_t i = 0; i < workload_.clients(); ++i) {
            clients_.push_back(std::make_unique<workloads::Client>(engine, workload_, i,
                                                                   realtime_ ? &clock : nullptr));
        }
    }

    TrialResult run() {
        started_ = now();
        for (size_t phase = 0; phase < workload_.phases().size(); ++phase) run_phase(phase);
        engine_.settle();
        const workloads::Latencies latencies = all_latencies();
        sample(done_, &latencies);
        TrialResult result = recorder_.finish();
        for (const auto& client : clients_) result.checked_reads += client->checked();
        return result;
    }

  private:
    void run_phase(size_t phase) {
        recorder_.note_phase(done_, phase + 1, workload_.phases()[phase]);
        for (auto& client : clients_) client->begin_phase(phase);
        phase_started_ = now();
        if (clients_.size() == 1) {
            run_alone(*clients_[0]);
        } else {
            run_together(clients_.size(), [this](uint64_t number) { run_beside_others(number); });
        }
        running_before_ += seconds_since(phase_started_);
        phase_started_ = now();
        if (stopped_) throw TrialStopped();
        report(done_);
        if (done_ == sampled_at_ && !realtime_) return;
        const workloads::Latencies latencies = all_latencies();
        sample(done_, &latencies);
    }

    void run_alone(workloads::Client& client) {
        while (client.remaining() > 0) {
            uint64_t done = done_;
            const uint64_t to_sample = every_ - done % every_;
            const uint64_t batch = std::min({client.remaining(), to_sample, kReportEvery});
            for (uint64_t i = 0; i < batch; ++i) {
                recorder_.set_operations(++done);
                client.step();
            }
            done_ = done;
            publish(0);
            if (done_ % every_ == 0) sample(done_, nullptr);
            report(done_);
            if (stop_wanted()) throw TrialStopped();
        }
    }

    void run_beside_others(uint64_t number) {
        workloads::Client& client = *clients_[number];
        try {
            while (client.remaining() > 0 && !stopped_) {
                const uint64_t batch = std::min(client.remaining(), kPublishEvery);
                for (uint64_t i = 0; i < batch; ++i) client.step();
                publish(number);
                const uint64_t before = done_.fetch_add(batch);
                recorder_.set_operations(before + batch);
                if (before / every_ != (before + batch) / every_) sample(before + batch, nullptr);
                if (before / kReportEvery != (before + batch) / kReportEvery) {
                    report(before + batch);
                    if (stop_wanted()) stopped_ = true;
                }
            }
        } catch (...) {
            stopped_ = true;
            throw;
        }
    }

    void publish(uint64_t number) {
        const workloads::Client& client = *clients_[number];
        published_[number].live_entries.store(client.live_entries(), std::memory_order_relaxed);
        published_[number].live_bytes.store(client.live_bytes(), std::memory_order_relaxed);
    }

    void sample(uint64_t operations, const workloads::Latencies* latencies) {
        const std::lock_guard lock(sample_mutex_);
        // Of two clients that crossed marks at about the same time, the later one may come first.
        if (operations < sampled_at_) return;
        sampled_at_ = operations;
        TrialRecorder::Progress progress;
        progress.operations = operations;
        for (const Published& one : published_) {
            progress.live_entries += one.live_entries.load(std::memory_order_relaxed);
            progress.live_bytes += one.live_bytes.load(std::memory_order_relaxed);
        }
        if (realtime_) {
            progress.elapsed_seconds = seconds_since(started_);
            progress.running_seconds = latencies != nullptr
                                           ? running_before_
                                           : running_before_ + seconds_since(phase_started_);
        }
        progress.latencies = latencies;
        if (clients_.size() == 1) progress.only_client = clients_[0].get();
        recorder_.sample(progress);
    }

    void report(uint64_t done) {
        if (!hooks_.progress) return;
        const std::lock_guard lock(report_mutex_);
        reported_ = std::max(reported_, done);
        hooks_.progress(reported_, total_);
    }

    bool stop_wanted() const { return hooks_.should_stop && hooks_.should_stop(); }

    workloads::Latencies all_latencies() const {
        workloads::Latencies all;
        if (!realtime_) return all;
        for (const auto& client : clients_) {
            for (size_t i = 0; i < all.size(); ++i) all[i].merge(client->latencies()[i]);
        }
        return all;
    }

    uint64_t now() const { return realtime_ ? clock_.nanoseconds() : 0; }
    double seconds_since(uint64_t start) const { return static_cast<double>(now() - start) / 1e9; }

    const TrialHooks& hooks_;
    Engine& engine_;
    Clock& clock_;
    bool realtime_;
    workloads::Workload workload_;
    TrialRecorder recorder_;
    uint64_t total_;
    uint64_t every_ = 1;
    std::vector<std::unique_ptr<workloads::Client>> clients_;
    std::vector<Published> published_;

    std::atomic<uint64_t> done_{0};
    std::atomic<bool> stopped_{false};
    Mutex sample_mutex_;
    uint64_t sampled_at_ = 0;
    Mutex report_mutex_;
    uint64_t reported_ = 0;
    uint64_t started_ = 0;
    uint64_t phase_started_ = 0;
    double running_before_ = 0;  // seconds in the phases before this one
};

}  // namespace

TrialResult run_trial(const Trial& trial, const TrialHooks& hooks) {
    Clock& clock = hooks.clock != nullptr ? *hooks.clock : system_clock();
    const uint64_t start = clock.nanoseconds();
    StorageFolder folder(trial, hooks);
    TrialResult result;
    {
        EngineSettings settings = trial.settings;
        settings.storage = folder.storage();
        settings.deterministic = trial.mode == Mode::deterministic;
        settings.seed = trial.seed;
        const std::unique_ptr<Engine> engine =
            hooks.open ? hooks.open(trial.engine, settings) : open_engine(trial.engine, settings);
        BulkEngine* const bulk = engine->bulk();
        result = bulk != nullptr ? run_estimate(trial, hooks, *engine, *bulk)
                                 : TrialRun(trial, hooks, *engine, clock).run();
        engine->close();
    }
    folder.remove();
    add_predictions(trial, all_policies(), result);
    result.wall_seconds = static_cast<double>(clock.nanoseconds() - start) / 1e9;
    return result;
}

}  // namespace lsm::experiment
