// When writes expire. Lives change from phase to phase and not from write to write, so they are
// kept by the write from which on they hold, and an entry has but a bit for "this one expires".
//
// One thread. A question is O(1) for writes since the last change, else O(log changes).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm::simulate {

class Lifetimes {
  public:
    /// The write of that number, higher than any before, lives for `ttl` ticks.
    void note(Sequence write, uint64_t ttl) {
        if (eras_.empty() || eras_.back().ttl != ttl) eras_.push_back({write, ttl});
    }
    /// Whether no write ever expires.
    bool empty() const { return eras_.empty(); }
    /// The tick from which on an expiring write is not there any more.
    uint64_t expires_at(Sequence write) const {
        auto era = eras_.end() - 1;
        if (write < era->first_write) {
            era = std::partition_point(eras_.begin(), eras_.end(),
                                       [&](const Era& one) { return one.first_write <= write; }) -
                  1;
        }
        return write + std::min(era->ttl, UINT64_MAX - write);
    }

  private:
    struct Era {
        Sequence first_write;
        uint64_t ttl;
    };
    std::vector<Era> eras_;
};

}  // namespace lsm::simulate
