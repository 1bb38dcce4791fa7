#include "framework/simulate/run_cutter.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lsm::simulate {

void TableSums::add(const KeyEntry* begin, const KeyEntry* end, const Lifetimes* lifetimes) {
    uint64_t sizes = 0;
    uint64_t deletes = 0;
    auto largest = static_cast<uint32_t>(largest_bytes << 2);
    uint32_t oldest = oldest_write;
    uint32_t newest = newest_write;
    for (const KeyEntry* entry = begin; entry != end; ++entry) {
        sizes += entry->size >> 2;
        deletes += entry->size & 1;
        largest = std::max(largest, entry->size);
        oldest = std::min(oldest, entry->write);
        newest = std::max(newest, entry->write);
    }
    bytes += sizes;
    tombstones += deletes;
    largest_bytes = largest >> 2;
    oldest_write = oldest;
    newest_write = newest;
    if (lifetimes == nullptr) return;
    for (const KeyEntry* entry = begin; entry != end; ++entry) {
        if (!entry->expires()) continue;
        expiring += 1;
        last_expiry = std::max(last_expiry, lifetimes->expires_at(entry->write));
    }
}

void TableSums::add_alike(const KeyEntry* begin, const KeyEntry* end, uint64_t entry_bytes) {
    uint32_t oldest = oldest_write;
    uint32_t newest = newest_write;
    for (const KeyEntry* entry = begin; entry != end; ++entry) {
        oldest = std::min(oldest, entry->write);
        newest = std::max(newest, entry->write);
    }
    bytes += static_cast<uint64_t>(end - begin) * entry_bytes;
    largest_bytes = entry_bytes;
    oldest_write = oldest;
    newest_write = newest;
}

void RunCutter::write(KeyMerge& merge) {
    const KeyRanges none;
    const KeyRanges& ranges = plan_.rule != nullptr ? plan_.rule->ranges() : none;
    auto range = ranges.begin();
    const auto take_ranges = [&](uint64_t end) {
        for (; range != ranges.end() && range->first < end; ++range) {
            write_until(merge, range->first);
            take_range(*range);
        }
    };
    for (const uint64_t cut : plan_.cuts) {
        if (cut == 0) continue;
        take_ranges(cut);
        write_until(merge, cut);
        finish_table(cut);
    }
    take_ranges(UINT64_MAX);
    merge.set_limit(UINT64_MAX);
    write_segment(merge);
    finish_table(UINT64_MAX);
}

size_t RunCutter::expected_entries() const {
    const uint64_t bytes = std::max<uint64_t>(plan_.expected_bytes, 1);
    return static_cast<size_t>(std::min(plan_.table_size / bytes + 2, plan_.entries));
}

/// All entries in front of that number.
void RunCutter::write_until(KeyMerge& merge, uint64_t end) {
    if (end == 0) return;
    merge.set_limit(end - 1);
    write_segment(merge);
}

void RunCutter::write_segment(KeyMerge& merge) {
    const uint64_t largest = std::max<uint64_t>(plan_.largest_bytes, 1);
    while (true) {
        while (is_full()) {
            if (!cut_by_size(merge)) return;
        }
        // So many fit for sure: before the last of them is added the table is not full.
        const uint64_t room =
            (plan_.table_size - sums_.bytes - range_bytes_ + largest - 1) / largest;
        make_room();
        const size_t most = std::min<uint64_t>(room, table_.capacity() - table_.size());
        KeyEntry* const begin = table_.end();
        size_t count = merge.take(begin, most);
        if (count == 0) break;
        if (plan_.rule != nullptr) count = plan_.rule->keep(begin, count, sums_.expired);
        if (plan_.alike) {
            sums_.add_alike(begin, begin + count, plan_.largest_bytes);
        } else {
            sums_.add(begin, begin + count, plan_.lifetimes);
        }
        table_.set_size(table_.size() + count);
    }
}

/// Ends a table that is full in front of what comes next; false when nothing does.
bool RunCutter::cut_by_size(KeyMerge& merge) {
    if (ranges_.empty()) {
        finish_table(UINT64_MAX);
        return true;
    }
    KeyEntry next;
    TableSums sums;
    do {
        if (merge.take(&next, 1) == 0) return false;
    } while (plan_.rule->keep(&next, 1, sums.expired) == 0);
    finish_table(next.number);
    make_room();
    *table_.end() = next;
    table_.set_size(1);
    sums.add(&next, &next + 1, plan_.lifetimes);
    sums_ = sums;
    return true;
}

void RunCutter::take_range(const KeyRange& range) {
    if (is_full()) finish_table(range.first);
    ranges_.push_back(range);
    range_bytes_ += plan_.range_bytes;
}

/// For at least one more entry.
void RunCutter::make_room() {
    if (table_.capacity() == 0) table_ = pool_.take(expected_entries());
    if (table_.size() < table_.capacity()) return;
    EntryArray larger(table_.capacity() * 3 / 2 + 16);
    std::memcpy(larger.begin(), table_.begin(), table_.size() * sizeof(KeyEntry));
    larger.set_size(table_.size());
    pool_.give(std::exchange(table_, std::move(larger)));
}

/// What lies at or behind the bound is left for the next table.
void RunCutter::finish_table(uint64_t bound) {
    KeyRanges rest;
    range_bytes_ = 0;
    if (!ranges_.empty() && ranges_.back().end > bound) {
        rest.push_back(ranges_.back());
        if (rest.front().first < bound) {
            rest.front().first = ranges_.back().end = bound;
        } else {
            range_bytes_ = plan_.range_bytes;
            ranges_.pop_back();
        }
    }
    if (table_.size() > 0 || !ranges_.empty()) {
        // The last table of a run may be much smaller than its room.
        if (table_.size() < table_.capacity() * 3 / 4) {
            EntryArray smaller(table_.size());
            std::memcpy(smaller.begin(), table_.begin(), table_.size() * sizeof(KeyEntry));
            smaller.set_size(table_.size());
            pool_.give(std::exchange(table_, std::move(smaller)));
        }
        take_(std::move(table_), std::move(ranges_), sums_);
    } else {
        pool_.give(std::move(table_));
    }
    table_ = EntryArray();
    sums_ = {};
    ranges_ = std::move(rest);
}

}  // namespace lsm::simulate
