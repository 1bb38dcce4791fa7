#include "framework/simulate/run_cutter.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lsm::simulate {

void TableSums::add(const KeyEntry* begin, const KeyEntry* end) {
    uint64_t sizes = 0;
    uint64_t deletes = 0;
    auto largest = static_cast<uint32_t>(largest_bytes << 1);
    uint32_t oldest = oldest_write;
    uint32_t newest = newest_write;
    for (const KeyEntry* entry = begin; entry != end; ++entry) {
        sizes += entry->size;
        deletes += entry->size & 1;
        largest = std::max(largest, entry->size);
        oldest = std::min(oldest, entry->write);
        newest = std::max(newest, entry->write);
    }
    bytes += (sizes - deletes) / 2;
    tombstones += deletes;
    largest_bytes = largest >> 1;
    oldest_write = oldest;
    newest_write = newest;
}

void RunCutter::write(KeyMerge& merge) {
    for (const uint64_t cut : plan_.cuts) {
        if (cut == 0) continue;
        merge.set_limit(cut - 1);
        write_segment(merge);
    }
    merge.set_limit(UINT64_MAX);
    write_segment(merge);
}

size_t RunCutter::expected_entries() const {
    const uint64_t bytes = std::max<uint64_t>(plan_.expected_bytes, 1);
    return static_cast<size_t>(std::min(plan_.table_size / bytes + 2, plan_.entries));
}

void RunCutter::write_segment(KeyMerge& merge) {
    const uint64_t largest = std::max<uint64_t>(plan_.largest_bytes, 1);
    while (true) {
        if (sums_.bytes >= plan_.table_size) finish_table();
        // So many fit for sure: before the last of them is added the table is not full.
        const uint64_t room = (plan_.table_size - sums_.bytes + largest - 1) / largest;
        if (table_.capacity() == 0) table_ = pool_.take(expected_entries());
        if (table_.size() == table_.capacity()) {
            EntryArray larger(table_.capacity() * 3 / 2 + 16);
            std::memcpy(larger.begin(), table_.begin(), table_.size() * sizeof(KeyEntry));
            larger.set_size(table_.size());
            pool_.give(std::exchange(table_, std::move(larger)));
        }
        const size_t most = std::min<uint64_t>(room, table_.capacity() - table_.size());
        KeyEntry* const begin = table_.end();
        size_t count = merge.take(begin, most);
        if (count == 0) break;
        if (plan_.keeps_tombstone) count = drop_tombstones(begin, count);
        sums_.add(begin, begin + count);
        table_.set_size(table_.size() + count);
    }
    finish_table();
}

size_t RunCutter::drop_tombstones(KeyEntry* begin, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        const KeyEntry entry = begin[i];
        begin[kept] = entry;
        if (!entry.is_tombstone() || plan_.keeps_tombstone(entry.number)) {
            ++kept;
            continue;
        }
        dropped_.count += 1;
        dropped_.sum += entry.write;
        dropped_.oldest = std::min<Sequence>(dropped_.oldest, entry.write);
    }
    return kept;
}

void RunCutter::finish_table() {
    if (table_.size() > 0) {
        // The last table of a run may be much smaller than its room.
        if (table_.size() < table_.capacity() * 3 / 4) {
            EntryArray smaller(table_.size());
            std::memcpy(smaller.begin(), table_.begin(), table_.size() * sizeof(KeyEntry));
            smaller.set_size(table_.size());
            pool_.give(std::exchange(table_, std::move(smaller)));
        }
        take_(std::move(table_), sums_);
    } else {
        pool_.give(std::move(table_));
    }
    table_ = EntryArray();
    sums_ = {};
}

}  // namespace lsm::simulate
