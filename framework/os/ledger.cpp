#include "framework/os/ledger.hpp"

#include <algorithm>

namespace lsm {
namespace {

void add(LedgerCount& sum, const LedgerCount& more) {
    sum.reads += more.reads;
    sum.read_bytes += more.read_bytes;
    sum.writes += more.writes;
    sum.written_bytes += more.written_bytes;
}

}  // namespace

const char* cause_name(Cause cause) {
    switch (cause) {
        case Cause::log:
            return "log";
        case Cause::manifest:
            return "manifest";
        case Cause::flush:
            return "flush";
        case Cause::compaction:
            return "compaction";
        case Cause::get:
            return "get";
        case Cause::scan:
            return "scan";
        case Cause::recovery:
            return "recovery";
        case Cause::backup:
            return "backup";
        case Cause::other:
            return "other";
    }
    return "unknown";
}

const char* block_kind_name(BlockKind kind) {
    switch (kind) {
        case BlockKind::data:
            return "data";
        case BlockKind::index:
            return "index";
        case BlockKind::filter:
            return "filter";
        case BlockKind::meta:
            return "meta";
        case BlockKind::record:
            return "record";
    }
    return "unknown";
}

LedgerCount LedgerSnapshot::total(Cause cause) const {
    LedgerCount sum;
    for (const auto& level : counts[static_cast<size_t>(cause)]) {
        for (const LedgerCount& count : level) add(sum, count);
    }
    return sum;
}

LedgerCount LedgerSnapshot::total(Cause cause, int level) const {
    LedgerCount sum;
    const auto slot = static_cast<size_t>(std::clamp(level, 0, kLedgerLevels - 1));
    for (const LedgerCount& count : counts[static_cast<size_t>(cause)][slot]) add(sum, count);
    return sum;
}

LedgerCount LedgerSnapshot::total(Cause cause, BlockKind block) const {
    LedgerCount sum;
    for (const auto& level : counts[static_cast<size_t>(cause)])
        add(sum, level[static_cast<size_t>(block)]);
    return sum;
}

LedgerSnapshot LedgerSnapshot::since(const LedgerSnapshot& earlier) const {
    LedgerSnapshot change = *this;
    for (size_t cause = 0; cause < counts.size(); ++cause) {
        for (size_t level = 0; level < counts[cause].size(); ++level) {
            for (size_t block = 0; block < counts[cause][level].size(); ++block) {
                LedgerCount& count = change.counts[cause][level][block];
                const LedgerCount& before = earlier.counts[cause][level][block];
                count.reads -= before.reads;
                count.read_bytes -= before.read_bytes;
                count.writes -= before.writes;
                count.written_bytes -= before.written_bytes;
            }
        }
    }
    change.syncs -= earlier.syncs;
    return change;
}

void Ledger::add_read(IoTag tag, uint64_t bytes) {
    Counter& counter = at(tag);
    counter.reads.fetch_add(1, std::memory_order_relaxed);
    counter.read_bytes.fetch_add(bytes, std::memory_order_relaxed);
}

void Ledger::add_write(IoTag tag, uint64_t bytes) {
    Counter& counter = at(tag);
    counter.writes.fetch_add(1, std::memory_order_relaxed);
    counter.written_bytes.fetch_add(bytes, std::memory_order_relaxed);
}

void Ledger::add_sync() { syncs_.fetch_add(1, std::memory_order_relaxed); }

LedgerSnapshot Ledger::snapshot() const {
    LedgerSnapshot copy;
    for (int cause = 0; cause < kCauseCount; ++cause) {
        for (int level = 0; level < kLedgerLevels; ++level) {
            for (int block = 0; block < kBlockKindCount; ++block) {
                const Counter& counter = at(cause, level, block);
                copy.counts[static_cast<size_t>(cause)][static_cast<size_t>(level)]
                           [static_cast<size_t>(block)] = {
                    counter.reads.load(std::memory_order_relaxed),
                    counter.read_bytes.load(std::memory_order_relaxed),
                    counter.writes.load(std::memory_order_relaxed),
                    counter.written_bytes.load(std::memory_order_relaxed)};
            }
        }
    }
    copy.syncs = syncs_.load(std::memory_order_relaxed);
    return copy;
}

Ledger::Counter& Ledger::at(IoTag tag) {
    return const_cast<Counter&>(
        at(static_cast<int>(tag.cause), tag.level, static_cast<int>(tag.block)));
}

const Ledger::Counter& Ledger::at(int cause, int level, int block) const {
    const int slot = std::min(level, kLedgerLevels - 1);
    return counters_[static_cast<size_t>((cause * kLedgerLevels + slot) * kBlockKindCount + block)];
}

}  // namespace lsm
