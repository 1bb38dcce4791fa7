// Writes one sorted run from a sorted stream of entries and the fragments of its range tombstones:
// what a flush and a compaction have in common. Drops what the version rule lets go, and cuts the
// run into tables at the table size and in front of the cut keys; versions of one key stay in one
// table.
//
// A fragment that spans a cut is cut as well: a table takes what lies in front of the key at which
// the next one begins, so that tables of the run do not overlap. What a cut leaves for the next
// table does not count towards that table's size, or a fragment above the table size would make a
// table of each key.
//
// One thread. An error leaves files behind that the caller removes (they are listed in `paths`).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/bug_museum.hpp"
#include "framework/policy/cursor.hpp"
#include "framework/table/table_builder.hpp"

namespace lsm {

/// How a run is to be written.
struct RunPlan {
    TablePolicyNames names;
    TableSettings settings;
    TableOrigin origin;
    uint64_t table_size = 0;  // logical bytes
    double bits_per_key = 0;
    std::vector<std::string> cut_keys;    // ascending
    std::function<TableId()> next_table;  // a number never used before
    std::function<std::string(TableId)> path;
    std::function<void(uint64_t)> wrote_table;  // stored bytes, as each table is finished
};

struct WrittenRun {
    std::vector<TableShape> tables;
    std::vector<std::string> paths;  // of all files begun
    uint64_t entries_dropped = 0;
    uint64_t stored_bytes = 0;
};

template <Format F, Filter X>
class RunWriter {
  public:
    RunWriter(FileSystem& files, const F& format, const X& filter, const RunPlan& plan,
              WrittenRun& written)
        : files_(files), format_(format), filter_(filter), plan_(plan), written_(written) {}

    /// All entries of the cursor that `rule` keeps, and the fragments as they are.
    template <class Rule>
    void write(Cursor& cursor, Rule rule, std::vector<RangeFragment> fragments = {}) {
        fragments_ = std::move(fragments);
        cursor.seek_first();
        EntryBatch batch;
        while (cursor.next(batch)) {
            for (const Entry& entry : batch) {
                if (rule.keeps(entry)) {
                    add(entry, rule.last_was_expired());
                } else {
                    ++written_.entries_dropped;
                }
            }
        }
        while (next_fragment_ < fragments_.size()) take_fragment();
        for (; next_cut_ < plan_.cut_keys.size() && !ranges_.empty() &&
               plan_.cut_keys[next_cut_] < ranges_.back().last;
             ++next_cut_) {
            finish_table(&plan_.cut_keys[next_cut_]);
        }
        finish_table(nullptr);
    }

  private:
    void add(const Entry& entry, bool expired) {
        if (!builder_ || entry.key != last_key_ || bug(Bug::versions_of_a_key_split)) {
            while (next_fragment_ < fragments_.size() &&
                   fragments_[next_fragment_].first <= entry.key)
                take_fragment();
            cut_before(entry.key);
            if (!builder_) begin_table();
        }
        expired ? builder_->add_expired(entry) : builder_->add(entry);
        last_key_.assign(entry.key);
    }

    void take_fragment() {
        RangeFragment& fragment = fragments_[next_fragment_++];
        cut_before(fragment.first);
        range_bytes_ += fragment.logical_bytes();
        ranges_.push_back(std::move(fragment));
    }

    /// Ends tables in front of cut keys up to `key`, and in front of `key` when the size says so.
    void cut_before(std::string_view key) {
        for (; next_cut_ < plan_.cut_keys.size() && plan_.cut_keys[next_cut_] <= key; ++next_cut_)
            finish_table(&plan_.cut_keys[next_cut_]);
        const uint64_t bytes = range_bytes_ + (builder_ ? builder_->logical_bytes() : 0);
        if (bytes < plan_.table_size) return;
        const std::string bound(key);
        finish_table(&bound);
    }

    void begin_table() {
        const TableId id = plan_.next_table();
        written_.paths.push_back(plan_.path(id));
        builder_.emplace(files_, written_.paths.back(), id, format_, filter_, plan_.names,
                         plan_.settings, plan_.bits_per_key, plan_.origin);
    }

    /// Ends the table; what lies at or behind `bound` is left for the next one.
    void finish_table(const std::string* bound) {
        std::optional<RangeFragment> rest;
        range_bytes_ = 0;
        if (bound != nullptr && !ranges_.empty() && ranges_.back().last > *bound) {
            rest = ranges_.back();
            if (rest->first < *bound) {
                rest->first = *bound;
                if (!bug(Bug::range_tombstone_uncut_at_table_end)) ranges_.back().last = *bound;
            } else {
                range_bytes_ = rest->logical_bytes();
                ranges_.pop_back();
            }
        }
        if (builder_ || !ranges_.empty()) write_table();
        ranges_.clear();
        if (rest) ranges_.push_back(std::move(*rest));
    }

    void write_table() {
        if (!builder_) begin_table();
        builder_->add_ranges(std::move(ranges_));
        written_.tables.push_back(builder_->finish());
        builder_.reset();
        written_.stored_bytes += written_.tables.back().stored_bytes;
        if (plan_.wrote_table) plan_.wrote_table(written_.tables.back().stored_bytes);
    }

    FileSystem& files_;
    const F& format_;
    const X& filter_;
    const RunPlan& plan_;
    WrittenRun& written_;
    std::optional<TableBuilder<F, X>> builder_;
    std::string last_key_;
    size_t next_cut_ = 0;
    std::vector<RangeFragment> fragments_;  // all
    size_t next_fragment_ = 0;
    std::vector<RangeFragment> ranges_;  // of the table that is being written
    uint64_t range_bytes_ = 0;           // of those that begin in it
};

}  // namespace lsm
