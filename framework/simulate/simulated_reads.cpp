// The read side of the simulator: lookups, scans, and what is counted.
#include <algorithm>

#include "framework/simulate/simulated_tree.hpp"

namespace lsm::simulate {

auto SimulatedTree::runs() -> const std::vector<Run>& {
    if (runs_known_) return runs_;
    runs_known_ = true;
    runs_.clear();
    overtaken_ = false;
    ranges_there_ = false;
    for (size_t i = 0; i < shape_.levels.size(); ++i) {
        for (const RunShape& from : shape_.levels[i].runs) {
            Run run{static_cast<int>(i) + 1, from.overtakes, {}};
            run.tables.reserve(from.tables.size());
            for (const TableShape& table : from.tables) {
                run.tables.push_back(tables_.at(table.id).get());
                ranges_there_ = ranges_there_ || table.range_tombstones > 0;
            }
            overtaken_ = overtaken_ || run.overtakes;
            runs_.push_back(std::move(run));
        }
    }
    return runs_;
}

KeyTable* SimulatedTree::find_table(const Run& run, uint64_t number) const {
    const auto place =
        std::partition_point(run.tables.begin(), run.tables.end(),
                             [&](const KeyTable* table) { return table->largest < number; });
    if (place == run.tables.end() || (*place)->smallest > number) return nullptr;
    return *place;
}

/// Whether the table has the key, after its filter was asked.
bool SimulatedTree::probe(KeyTable& table, uint64_t number, KeyEntry& found, uint64_t& blocks) {
    const size_t place = table.place_of(number);
    const bool has = place < table.entries.size() && table.entries[place].number == number;
    const bool filtered = table.filter_bits > 0;
    if (filtered) {
        counters_.filter_probes += 1;
        if (!has) {
            expected_false_positives_ += table.false_positives;
            if (!table.is_false_positive(number, options_.seed)) {
                counters_.filter_true_negatives += 1;
                return false;
            }
            counters_.filter_false_positives += 1;
        }
    }
    counters_.tables_probed += 1;
    if (has) {
        found = table.entries[place];
        blocks += 1;
        return true;
    }
    // Keys between two blocks are told from their fences.
    if (place % table.block_entries != 0) blocks += 1;
    return false;
}

/// A range tombstone over the key, newer than what was found, is found as a tombstone of the key.
static bool heed_range(uint32_t covering, uint64_t number, bool any, KeyEntry& found) {
    if (covering == 0 || (any && found.write > covering)) return any;
    found = KeyEntry::tombstone(number, covering, 0);
    return true;
}

bool SimulatedTree::find_in_memtable(uint64_t number, KeyEntry& found) {
    const KeyEntry* entry = memtable_.find(number);
    if (entry != nullptr) found = *entry;
    return heed_range(memtable_.ranges().newest_covering(number), number, entry != nullptr, found);
}

bool SimulatedTree::find_in_tables(uint64_t number, KeyEntry& found, uint64_t& blocks) {
    bool any = false;
    for (const Run& run : runs()) {
        if (any && !(overtaken_ && run.overtakes)) continue;
        KeyTable* table = find_table(run, number);
        if (table == nullptr) continue;
        if (counts_reads_) {
            table->reads += 1;
            probes_[static_cast<size_t>(std::min(run.level, 255))] += 1;
        }
        KeyEntry here;
        bool hit = probe(*table, number, here, blocks);
        if (!table->ranges.empty())
            hit = heed_range(newest_covering(table->ranges, number), number, hit, here);
        if (!hit) continue;
        if (!any || here.write > found.write) found = here;
        any = true;
        if (!overtaken_) break;
    }
    return any;
}

Sequence SimulatedTree::get(uint64_t number) {
    throw_if_failed();
    uint64_t blocks = 0;
    KeyEntry found;
    const bool any = find_in_memtable(number, found) || find_in_tables(number, found, blocks);
    const bool live = any && is_live(found);
    counters_.gets += 1;
    counters_.empty_gets += live ? 0 : 1;
    (live ? counters_.get_data_blocks_found : counters_.get_data_blocks_empty) += blocks;
    counters_.device_reads += blocks;
    counters_.device_read_bytes += blocks * options_.block_size;
    return live ? found.write : 0;
}

/// Whether a range tombstone, wherever it is, deletes that version.
bool SimulatedTree::is_covered(const KeyEntry& entry) {
    if (memtable_.ranges().newest_covering(entry.number) > entry.write) return true;
    if (!ranges_there_) return false;
    for (const Run& run : runs_) {
        const KeyTable* table = find_table(run, entry.number);
        if (table != nullptr && newest_covering(table->ranges, entry.number) > entry.write)
            return true;
    }
    return false;
}

/// A scan's place in each run, and the data blocks that it has entered.
class SimulatedTree::ScanWalk {
  public:
    ScanWalk(const std::vector<KeyEntry>& memtable, const std::vector<Run>& runs, uint64_t from,
             bool backward)
        : backward_(backward) {
        const auto at =
            std::partition_point(memtable.begin(), memtable.end(), [&](const KeyEntry& entry) {
                return backward ? entry.number <= from : entry.number < from;
            });
        Place place;
        place.entry = memtable.data() + (at - memtable.begin());
        place.begin = memtable.data();
        place.end = memtable.data() + memtable.size();
        add(place);
        for (const Run& run : runs) enter(run, from);
    }

    /// The next entry in the direction, of one key the newest; null at the end.
    const KeyEntry* next() {
        if (!backward_) step_past_last();
        const KeyEntry* best = nullptr;
        for (const Place& place : places_) {
            const KeyEntry* head = place.head(backward_);
            if (head == nullptr) continue;
            if (best == nullptr || before(*head, *best)) best = head;
        }
        last_ = best;
        if (backward_) step_past_last();
        return best;
    }

    uint64_t blocks() const { return blocks_; }

  private:
    struct Place {
        const KeyEntry* begin = nullptr;
        const KeyEntry* end = nullptr;
        const KeyEntry* entry = nullptr;  // the position is in front of it
        const Run* run = nullptr;         // null: the memtable
        size_t table = 0;
        uint64_t block = UINT64_MAX;  // of the table, entered last

        const KeyEntry* head(bool backward) const {
            if (backward) return entry == begin ? nullptr : entry - 1;
            return entry == end ? nullptr : entry;
        }
    };

    bool before(const KeyEntry& left, const KeyEntry& right) const {
        if (left.number != right.number)
            return backward_ ? left.number > right.number : left.number < right.number;
        return left.write > right.write;
    }

    void enter(const Run& run, uint64_t from) {
        Place place;
        place.run = &run;
        // As a cursor does: to the first entry at or behind the start, then back where it goes
        // down.
        const auto found =
            std::partition_point(run.tables.begin(), run.tables.end(), [&](const KeyTable* table) {
                return backward_ ? table->largest <= from : table->largest < from;
            });
        if (found == run.tables.end()) {
            if (!backward_) return;
            place.table = run.tables.size() - 1;
            open(place);
            place.entry = place.end;
        } else {
            place.table = static_cast<size_t>(found - run.tables.begin());
            open(place);
            const size_t at = (*found)->place_of(backward_ && from != UINT64_MAX ? from + 1 : from);
            place.entry = place.begin + at;
            if (place.entry != place.end) touch(place, place.entry);
        }
        settle(place);
        add(place);
    }

    void open(Place& place) const {
        const KeyTable& table = *place.run->tables[place.table];
        place.begin = table.entries.begin();
        place.end = table.entries.end();
        place.entry = backward_ ? place.end : place.begin;
        place.block = UINT64_MAX;
    }

    /// Goes on to the next table where this one has ended, and enters the head's block.
    void settle(Place& place) {
        if (place.run == nullptr) return;
        while (place.head(backward_) == nullptr) {
            const bool last =
                backward_ ? place.table == 0 : place.table + 1 == place.run->tables.size();
            if (last) return;
            place.table = backward_ ? place.table - 1 : place.table + 1;
            open(place);
        }
        touch(place, place.head(backward_));
    }

    void touch(Place& place, const KeyEntry* entry) {
        const KeyTable& table = *place.run->tables[place.table];
        const uint64_t block = table.block_of(static_cast<size_t>(entry - place.begin));
        blocks_ += block != place.block ? 1 : 0;
        place.block = block;
    }

    /// As a cursor does: forward only when more is wanted, for what follows may be in another
    /// block; backward at once, for the key's newest version comes last.
    void step_past_last() {
        if (last_ == nullptr) return;
        const uint64_t number = last_->number;
        for (Place& place : places_) {
            const KeyEntry* head = place.head(backward_);
            if (head != nullptr && head->number == number) advance(place);
        }
    }

    void advance(Place& place) {
        place.entry += backward_ ? -1 : 1;
        settle(place);
    }

    void add(const Place& place) {
        if (place.head(backward_) != nullptr) places_.push_back(place);
    }

    bool backward_;
    uint64_t blocks_ = 0;
    std::vector<Place> places_;
    const KeyEntry* last_ = nullptr;  // what next() gave
};

uint64_t SimulatedTree::scan(uint64_t from, uint64_t limit, bool backward,
                             const std::function<void(uint64_t, Sequence)>& take) {
    throw_if_failed();
    ScanWalk walk(memtable_.sorted(), runs(), from, backward);
    uint64_t count = 0;
    while (count < limit) {
        const KeyEntry* entry = walk.next();
        if (entry == nullptr) break;
        if (!is_live(*entry) || is_covered(*entry)) continue;
        take(entry->number, entry->write);
        counters_.scan_live_bytes += entry->bytes();
        ++count;
    }
    counters_.scans += 1;
    counters_.scan_data_blocks += walk.blocks();
    counters_.device_reads += walk.blocks();
    counters_.device_read_bytes += walk.blocks() * options_.block_size;
    return count;
}

EngineCounters SimulatedTree::counters() const {
    EngineCounters counters = ShapedTree::counters();
    counters.filter_expected_false_positives =
        static_cast<double>(expected_false_positives_) * 0x1.0p-32;
    return counters;
}

}  // namespace lsm::simulate
