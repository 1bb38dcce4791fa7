// What an engine counts and tells: the raw material of every metric. The tree fills it, the
// simulator and the baselines fill as much of it as they know, and framework/metrics turns it into
// amplification. Plain data; docs/metrics.md says what each counter means.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lsm {

/// Cumulative since the engine was opened, unless it says otherwise. Bytes and counts;
/// docs/metrics.md says what each one means.
struct EngineCounters {
    // what was asked for
    uint64_t user_bytes = 0;  // keys and values of puts, keys of deletes
    uint64_t puts = 0;
    uint64_t deletes = 0;
    uint64_t gets = 0;
    uint64_t empty_gets = 0;  // gets that found nothing
    uint64_t scans = 0;
    // what was written
    uint64_t flush_bytes = 0;
    uint64_t compaction_bytes_written = 0;
    uint64_t compaction_bytes_read = 0;
    uint64_t log_bytes = 0;
    std::vector<uint64_t>
        level_bytes_written;  // flush and compaction, by output level; [0] is level 1
    uint64_t flushes = 0;
    uint64_t compactions = 0;
    uint64_t moves = 0;
    uint64_t drops = 0;
    uint64_t dropped_entries = 0;           // evicted by a strategy's drop
    uint64_t largest_compaction_bytes = 0;  // read and written by one compaction
    uint64_t final_tombstones = 0;          // that went because nothing older was left
    uint64_t final_tombstone_age_sum = 0;   // ticks
    uint64_t final_tombstone_age_max = 0;   // ticks
    // what reads cost
    uint64_t get_data_blocks_found = 0;  // data blocks fetched by gets that found a value
    uint64_t get_data_blocks_empty = 0;
    uint64_t tables_probed = 0;           // by gets: tables whose filter did not say no
    uint64_t filter_probes = 0;           // by gets
    uint64_t filter_false_positives = 0;  // maybe, and the table did not have the key
    uint64_t filter_true_negatives = 0;
    double filter_expected_false_positives =
        0;  // sum of the theoretical rate over the probes of tables without the key
    uint64_t scan_data_blocks = 0;
    uint64_t scan_live_bytes = 0;  // keys and values that scans returned
    uint64_t cache_hits = 0;
    uint64_t cache_misses = 0;
    // what is there now
    uint64_t logical_bytes = 0;   // keys and values in tables
    uint64_t memtable_bytes = 0;  // logical, not yet flushed
    uint64_t stored_bytes = 0;    // table files
    uint64_t stored_bytes_peak =
        0;  // highest stored_bytes so far, a compaction's inputs and outputs together
    uint64_t filter_memory_bytes = 0;
    uint64_t compaction_debt_bytes = 0;  // logical bytes above the levels' capacities
    uint64_t oldest_tombstone_age = 0;   // ticks; 0 when there is none
    uint64_t stall_nanoseconds = 0;      // realtime only
    uint64_t sync_calls = 0;
    // device time is modelled from these: random reads and sequential bytes, all causes but log
    uint64_t device_reads = 0;
    uint64_t device_read_bytes = 0;
    uint64_t device_writes = 0;
    uint64_t device_written_bytes = 0;
};

/// A structural change of the tree, in the order in which they happen.
struct TableNote {
    uint64_t id = 0;
    int level = 0;
    uint64_t run = 0;
    std::string smallest;
    std::string largest;
    uint64_t logical_bytes = 0;
    uint64_t stored_bytes = 0;
    uint64_t entries = 0;
    uint64_t tombstones = 0;
};
struct EngineEvent {
    enum class Type { flush, compaction, move, drop, stall };
    Type type = Type::flush;
    uint64_t operations = 0;  // writes acknowledged before it
    std::vector<TableNote> inputs;
    std::vector<TableNote> outputs;
    uint64_t bytes_read = 0;
    uint64_t bytes_written = 0;
    uint64_t entries_dropped = 0;  // old versions and tombstones that did not come out
    double score = 0;
    std::string reason;
    uint64_t nanoseconds = 0;  // how long it took; realtime only
};
const char* event_type_name(EngineEvent::Type type);  // "flush", ...

}  // namespace lsm
