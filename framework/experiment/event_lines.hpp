// Lines of events.jsonl: one JSON object each, keys in a fixed order, without the trial's number
// (the run's writer puts it in front). Keys of entries appear as printable() has them. In realtime
// mode events that took time also say how long, in seconds.
//
// `operations` is the workload's count when the event happened, the same scale as in series.csv and
// levels.csv; `writes` is the engine's count of writes that were acknowledged by then. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "framework/experiment/trial.hpp"
#include "framework/metrics/engine_counters.hpp"
#include "workloads/phase.hpp"

namespace lsm::experiment {

/// {"event":"start","operations":0,"settings":{path: text, ...}}, without what a swept entry is
/// called: names change nothing of a trial.
std::string start_line(const Trial& trial);
/// {"event":"phase","operations":N,"phase":1,"kind":"load","name":"","options":{...}}; `number`
/// from 1.
std::string phase_line(uint64_t operations, uint64_t number, const workloads::Phase& phase);
/// {"event":"compaction","operations":N,"writes":N,"reason":"...","score":1.25,...,"inputs":[...],"outputs":[...]}
std::string event_line(uint64_t operations, const EngineEvent& event, bool realtime);

}  // namespace lsm::experiment
