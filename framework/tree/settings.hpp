// What a tree is opened with, besides its policies: where it lives, its sizes, its durability, and
// who lends it files, time and threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "framework/log/write_ahead_log.hpp"
#include "framework/metrics/engine_counters.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/executor.hpp"
#include "framework/os/file_system.hpp"
#include "framework/policy/format.hpp"

namespace lsm {

struct TreeSettings {
    std::string folder;           // made when it is missing
    FileSystem* files = nullptr;  // null: the real disk
    Clock* clock = nullptr;  // null: ages are counted in operations, and nothing depends on time
    Executor* executor = nullptr;      // null: inline; outlives the tree
    uint64_t memtable_size = 1 << 20;  // logical bytes at which a memtable is flushed
    uint64_t table_size = 2 << 20;     // logical bytes at which a table is cut
    TableSettings table;               // block size and codec
    SyncMode sync = SyncMode::process;
    uint64_t cache_size = 0;             // bytes of decoded blocks; 0: no cache
    uint64_t seed = 42;                  // of random choices of strategies
    uint64_t log_reserve = 1 << 20;      // bytes of the log that are reserved at a time
    uint64_t manifest_growth = 1 << 20;  // bytes by which a manifest outgrows what it began with,
                                         // twice, before a new one is begun
    uint64_t max_waiting_memtables =
        2;  // full memtables that wait for their flush before writers do
    uint64_t slow_down_runs =
        8;  // runs on level 1 above what the layout allows: writers are slowed down
    uint64_t stop_runs = 24;       // ... and stopped until compaction has caught up
    uint64_t max_compactions = 2;  // at the same time; more than one only with a pool
    // What tables keep, so that no other format or filter reads them, and what messages say. Empty:
    // the policies' own names, as YAML has them (policy_name.hpp). Only a program that knows better
    // sets them: a tree whose tables were written under another name, or two policies of one name.
    std::string format_name;
    std::string filter_name;
    std::string compaction_name;
    std::function<void(const EngineEvent&)>
        on_event;  // called for each change of the shape, in their order
};

/// Error(config) that names the first setting out of its range, and the range.
void check_settings(const TreeSettings& settings);

/// The tree's settings and the options of each policy.
template <class Memtable, class BloomSizing, class Format, class Compaction, class Filter>
struct TreeOptions : TreeSettings {
    typename Memtable::Options memtable;
    typename BloomSizing::Options bloom;
    typename Format::Options format;
    typename Compaction::Options compaction;
    typename Filter::Options filter;
};

}  // namespace lsm
