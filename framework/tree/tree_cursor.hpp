// What a user walks over: live keys with their values as of one moment, in both directions.
// Underneath is a merge of the memtables and all runs; this hides old versions, tombstones and what
// range tombstones cover, and values whose time was over when it was made.
//
// One thread at a time. The cursor pins the memtables and tables it reads, so a long-lived one
// costs memory and disk. Amortised cost per step: one merged entry, plus what is hidden. key() and
// value() stay valid until the next call.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "framework/policy/cursor.hpp"
#include "framework/tree/range_view.hpp"
#include "framework/tree/read_statistics.hpp"

namespace lsm {

class TreeCursor {
  public:
    /// `merged`: all entries; `ranges`: all range tombstones; `now`: the tick; `at`: the sequence
    /// number it sees; `pin`: what keeps everything in place; `finish` is called with the cost when
    /// the cursor goes.
    TreeCursor(std::unique_ptr<Cursor> merged, RangeView ranges, Sequence at, uint64_t now,
               std::shared_ptr<void> pin, std::function<void(const ReadCost&)> finish);
    ~TreeCursor();
    TreeCursor(const TreeCursor&) = delete;
    TreeCursor& operator=(const TreeCursor&) = delete;

    void seek_first();
    void seek_last();
    /// To the first live key that is not below `key`.
    void seek(std::string_view key);
    /// To the last live key that is not above `key`.
    void seek_at_most(std::string_view key);

    /// It sees the writes up to this one.
    Sequence sequence() const { return at_; }
    bool valid() const { return valid_; }
    std::string_view key() const { return key_; }      // valid() only
    std::string_view value() const { return value_; }  // valid() only
    void next();                                       // valid() only
    void previous();                                   // valid() only

  private:
    bool fetch(bool forward);
    void find_forward();
    void find_backward();
    void take(const Entry& entry);
    bool is_live(const Entry& entry) const {
        return entry.kind != Kind::tombstone && !is_expired(entry, now_) &&
               !ranges_.covers(entry.key, entry.sequence, at_);
    }

    std::unique_ptr<Cursor> merged_;
    const RangeView ranges_;
    const Sequence at_;
    const uint64_t now_;
    std::shared_ptr<void> pin_;
    std::function<void(const ReadCost&)> finish_;
    EntryBatch batch_;
    uint32_t next_in_batch_ = 0;
    bool forward_ = true;
    bool valid_ = false;
    std::string key_;
    std::string value_;
    ReadCost cost_;
};

}  // namespace lsm
