// Writes one sorted run from a sorted stream of entries: what a flush and a compaction have in
// common. Drops what the version rule lets go, and cuts the run into tables at the table size and
// in front of the cut keys; versions of one key stay in one table.
//
// One thread. An error leaves files behind that the caller removes (they are listed in `paths`).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

    /// All entries of the cursor that `rule` keeps.
    template <class Rule>
    void write(Cursor& cursor, Rule rule) {
        cursor.seek_first();
        EntryBatch batch;
        while (cursor.next(batch)) {
            for (const Entry& entry : batch) {
                if (rule.keeps(entry)) {
                    add(entry);
                } else {
                    ++written_.entries_dropped;
                }
            }
        }
        finish_table();
    }

  private:
    void add(const Entry& entry) {
        if (builder_ && entry.key != last_key_ && cut_before(entry.key)) finish_table();
        if (!builder_) begin_table(entry.key);
        builder_->add(entry);
        last_key_.assign(entry.key);
    }

    bool cut_before(std::string_view key) {
        if (builder_->logical_bytes() >= plan_.table_size) return true;
        return next_cut_ < plan_.cut_keys.size() && plan_.cut_keys[next_cut_] <= key;
    }

    void begin_table(std::string_view first) {
        while (next_cut_ < plan_.cut_keys.size() && plan_.cut_keys[next_cut_] <= first) ++next_cut_;
        const TableId id = plan_.next_table();
        written_.paths.push_back(plan_.path(id));
        builder_.emplace(files_, written_.paths.back(), id, format_, filter_, plan_.names,
                         plan_.settings, plan_.bits_per_key, plan_.origin);
    }

    void finish_table() {
        if (!builder_) return;
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
};

}  // namespace lsm
