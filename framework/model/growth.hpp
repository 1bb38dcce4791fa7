// The level rule counted: what a tree comes to hold, and what has been written, while data arrives.
// The closed forms of costs.hpp are its mean over the life of a level; a measured run begins with
// an empty tree and ends somewhere in the middle of one, and there this is what theory says of it.
//
// Sizes alone are tracked, in expectation: a write is a new key or a new version of a key that is
// there, each as likely; two runs that merge share the keys that chance lets them share. So skewed
// updates, deletes, headers and the granularity of blocks are outside: what remains as a gap.
//
// Where a strategy takes single tables down, a level that is above its capacity sends down what is
// too much, and it overlaps its share of the level below: the pick is taken to be blind.
//
// Deterministic. Cost: a few operations per flush. Not for sharing between threads.
#pragma once

#include <cstdint>
#include <vector>

#include "framework/model/design.hpp"

namespace lsm::model {

class Growth {
  public:
    /// A run: bytes, and of these the ones that supersede something deeper if that is there.
    struct Run {
        double bytes = 0;
        double updates = 0;
    };

    Growth(const DeclaredLayout& layout, double entry_bytes);

    /// Writes `user_bytes` more, of which the share `updates` are new versions of live keys; after
    /// them `live_bytes` are alive. Flushes and merges as the rule says.
    void write(double user_bytes, double updates, double live_bytes);

    /// Of all written so far, flushes and merges by user bytes; not-a-number before the first.
    double write_amplification() const;
    /// Bytes in runs by bytes alive; not-a-number while nothing is.
    double space_amplification() const;

    const std::vector<std::vector<Run>>& levels() const { return levels_; }  ///< newest run first
    double buffered_bytes() const { return buffered_; }
    double live_bytes() const { return live_bytes_; }
    int deepest() const;  ///< level with a run; 0 when there is none
    double run_bytes() const;
    uint64_t flushes() const { return flushes_; }

    /// Which filters its runs have.
    std::vector<LevelFilter> filters(const AnyBloomSizing& sizing, const AnyFilter& filter) const;

    /// Data blocks that a lookup fetches, of a key that is not there, and of one that is (each live
    /// key as likely; a key in the buffer costs none).
    struct Lookups {
        double empty = 0;
        double found = 0;
    };
    Lookups lookups(const std::vector<LevelFilter>& filters) const;

  private:
    void flush();
    bool settle_once();
    void take_down(size_t level);
    void send_tables_down(size_t level);
    Run merge(const Run& newer, const Run& older) const;
    double runs_allowed(size_t level) const;
    double run_capacity(size_t level) const;
    double capacity(size_t level) const;
    std::vector<Run>& runs(size_t level);

    const DeclaredLayout& layout_;
    double entry_bytes_;
    double flush_bytes_;  // a memtable is full with the entry that fills it
    double user_bytes_ = 0;
    double written_ = 0;
    uint64_t flushes_ = 0;
    double buffered_ = 0;
    double buffered_updates_ = 0;
    double live_bytes_ = 0;
    std::vector<std::vector<Run>> levels_;
};

}  // namespace lsm::model
