#include "framework/base/error.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

TableNote note_of(const TableShape& table, int level, RunId run) {
    return {table.id,           level,         run,
            table.smallest,     table.largest, table.logical_bytes,
            table.stored_bytes, table.entries, table.tombstones};
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
