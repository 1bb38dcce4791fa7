#include "framework/base/error.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

TableNote note_of(const TableShape& table, int level, RunId run) {
    return {table.id,           level,         run,
            table.smallest,     table.largest, table.logical_bytes,
            table.stored_bytes, table.entries, table.tombstones};
}

DiskFullError disk_full(const std::string& folder, const std::string& cause) {
    return {ErrorKind::io,
            "the disk is full, and writes are refused: " + cause,
            {folder, {}, {}, {}},
            "reads go on; once there is room, so do writes, without opening the tree anew"};
}

void check_settings(const TreeSettings& settings) {
    if (settings.folder.empty())
        throw Error(ErrorKind::config, "folder is empty", {}, "name the tree's folder");
    constexpr uint64_t kTiB = uint64_t{1} << 40;
    struct Range {
        const char* name;
        uint64_t value, least, most;
    };
    for (const Range& one : {Range{"memtable_size", settings.memtable_size, 1, kTiB},
                             {"table_size", settings.table_size, 1, kTiB},
                             {"table.block_size", settings.table.block_size, 1, 1 << 30},
                             {"cache_size", settings.cache_size, 0, 1024 * kTiB},
                             {"log_reserve", settings.log_reserve, 0, kTiB},
                             {"manifest_growth", settings.manifest_growth, 0, kTiB},
                             {"max_waiting_memtables", settings.max_waiting_memtables, 1, 1000},
                             {"slow_down_runs", settings.slow_down_runs, 0, UINT64_MAX},
                             {"stop_runs", settings.stop_runs, 1, UINT64_MAX},
                             {"max_compactions", settings.max_compactions, 1, 1000}}) {
        if (one.value >= one.least && one.value <= one.most) continue;
        throw Error(ErrorKind::config, std::string(one.name) + " is " + std::to_string(one.value) +
                                           ", but must be from " + std::to_string(one.least) +
                                           " to " + std::to_string(one.most));
    }
}

void fill_from_ledger(const LedgerSnapshot& ledger, EngineCounters& counters) {
    counters.flush_bytes = ledger.total(Cause::flush).written_bytes;
    counters.compaction_bytes_written = ledger.total(Cause::compaction).written_bytes;
    counters.compaction_bytes_read = ledger.total(Cause::compaction).read_bytes;
    counters.log_bytes = ledger.total(Cause::log).written_bytes;
    counters.level_bytes_written.clear();
    for (int level = 1; level < kLedgerLevels; ++level) {
        counters.level_bytes_written.push_back(
            ledger.total(Cause::flush, level).written_bytes +
            ledger.total(Cause::compaction, level).written_bytes);
    }
    while (!counters.level_bytes_written.empty() && counters.level_bytes_written.back() == 0) {
        counters.level_bytes_written.pop_back();
    }
    counters.sync_calls = ledger.syncs;
    counters.device_reads = counters.device_read_bytes = 0;
    counters.device_writes = counters.device_written_bytes = 0;
    for (int cause = 0; cause < kCauseCount; ++cause) {
        if (static_cast<Cause>(cause) == Cause::log) continue;
        const LedgerCount count = ledger.total(static_cast<Cause>(cause));
        counters.device_reads += count.reads;
        counters.device_read_bytes += count.read_bytes;
        counters.device_writes += count.writes;
        counters.device_written_bytes += count.written_bytes;
    }
}

template class Tree<AnyMemtable, AnyBloomSizing, AnyFormat, AnyCompaction, AnyFilter>;

}  // namespace lsm
