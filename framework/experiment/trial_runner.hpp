// Runs one trial: opens its engine, lets clients perform the phases in order, samples metrics and
// the tree's shape on the way, and gives back everything that the run's folder holds of it. The
// engine is closed at the end, and its folder removed.
//
// Samples are taken every `measure_every` operations and at the end of each phase, where nothing
// else runs; the last one after the engine has settled. A trial with more than kMaxSamples of them
// is sampled at a multiple of `measure_every` instead.
//
// Deterministic mode: one client on the calling thread; no clock is read but for wall_seconds, and
// the result is a function of the trial. Realtime mode: `client_threads` clients, each with a share
// of the keys and of each phase's operations; samples are taken by whichever client crosses the
// mark, while the others go on.
//
// run_trial may be called from several threads at once, with different trials.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "framework/engines/engine.hpp"
#include "framework/experiment/trial.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

inline constexpr uint64_t kMaxSamples = 5000;

/// Thrown by run_trial when should_stop said so; nothing of the trial is left behind.
class TrialStopped : public std::exception {
  public:
    const char* what() const noexcept override { return "the trial was stopped"; }
};

/// What a trial needs from outside; all of it may be left out.
struct TrialHooks {
    /// Every few thousand operations, from a client's thread, never from two at once.
    std::function<void(uint64_t done, uint64_t total)> progress;
    /// Asked as often, from any client's thread.
    std::function<bool()> should_stop;
    /// Opens the engine, instead of open_engine.
    std::function<std::unique_ptr<Engine>(const std::string& name, const EngineSettings& settings)>
        open;
    /// Leave the engine's folder behind; it is `storage`/trial-<number>.
    bool keep_storage = false;
    FileSystem* files = nullptr;  // where that folder is removed; the real one when left out
    Clock* clock = nullptr;       // the machine's when left out
};

/// Error(config) for settings or phases that contradict each other, Error(corruption) when the
/// engine answers wrong, Error(io) when its folder is there already, and what the engine throws.
TrialResult run_trial(const Trial& trial, const TrialHooks& hooks = {});

}  // namespace lsm::experiment
