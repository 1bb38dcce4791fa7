// The tables of one sorted run as one cursor. Tables of a run do not overlap, so there is nothing
// to merge: a seek goes to one table, and a walk opens the next one when it gets there.
//
// Thread-safety: one thread. Cost: one open cursor at a time, O(log tables) a seek.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "framework/policy/cursor.hpp"

namespace lsm {

class ConcatenatedCursor final : public Cursor {
  public:
    /// A cursor over the table at that place in the run.
    using Open = std::function<std::unique_ptr<Cursor>(size_t table)>;

    /// `largest`: the last key of each table, in order; the bytes must outlive the cursor.
    ConcatenatedCursor(std::vector<std::string_view> largest, Open open);

    void seek_first() override;
    void seek_last() override;
    void seek(std::string_view key, Sequence sequence = kMaxSequence) override;
    bool next(EntryBatch& batch) override;
    bool previous(EntryBatch& batch) override;

  private:
    std::vector<std::string_view> largest_;
    Open open_;
    // With a cursor the position is the cursor's, in table_; without one it is in front of table_.
    size_t table_ = 0;
    std::unique_ptr<Cursor> cursor_;
};

}  // namespace lsm
