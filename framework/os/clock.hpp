// Time, and the right to read it. Trees and runners are handed a Clock; nothing else reads one.
// Deterministic code is handed none and counts operations instead.
#pragma once

#include <cstdint>
#include <string>

namespace lsm {

class Clock {
  public:
    virtual ~Clock() = default;
    /// Monotonic, from an arbitrary start.
    virtual uint64_t nanoseconds() = 0;
    virtual void sleep(uint64_t nanoseconds) = 0;
    /// "2026-11-21T08:30:00Z", for manifests and folder names.
    virtual std::string utc_time() = 0;
};

/// The machine's clock; any thread.
Clock& system_clock();

}  // namespace lsm
