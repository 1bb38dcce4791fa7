// Cursors: a position in a sorted sequence of entries.
//
// Two forms. A policy writes the simple one (StepCursor): stand on an entry, step. The tree uses
// the erased one (Cursor), which hands over up to 64 entries a call, so that a virtual call is paid
// once per batch; BatchedCursor makes the second from the first.
//
// An erased cursor stands between entries: next() hands over those after the position and moves
// behind them, previous() those before it, nearest first, and moves in front of them. Views stay
// valid until the cursor's next call. A cursor is used by one thread. After a change of direction
// seek again: the position is at the end of the last batch.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

#include "framework/base/entry.hpp"

namespace lsm {

template <class C>
concept StepCursor =
    requires(C cursor, const C& constant, std::string_view key, Sequence sequence) {
        // To the first entry that is not before (key, sequence) in the tree's order; not valid()
        // when there is none.
        { cursor.seek(key, sequence) };
        { cursor.seek_first() };
        { cursor.seek_last() };
        { constant.valid() } -> std::convertible_to<bool>;
        { constant.entry() } -> std::convertible_to<Entry>;  // valid() only
        { cursor.next() };                                   // valid() only
        { cursor.previous() };  // valid() only; not valid() when there is none before
    };

class Cursor {
  public:
    virtual ~Cursor() = default;
    virtual void seek_first() = 0;
    /// To the end, behind the last entry.
    virtual void seek_last() = 0;
    /// In front of the first entry that is not before (key, sequence): kMaxSequence for all
    /// versions of a key.
    virtual void seek(std::string_view key, Sequence sequence = kMaxSequence) = 0;
    /// Fills the batch (at least one entry unless at the end); false and an empty batch at the end.
    virtual bool next(EntryBatch& batch) = 0;
    /// The same towards the front; entries come in descending order.
    virtual bool previous(EntryBatch& batch) = 0;
};

/// The erased form of a step cursor whose entries stay valid for as long as the cursor lives, as a
/// memtable's do.
template <StepCursor C>
class BatchedCursor final : public Cursor {
  public:
    explicit BatchedCursor(C cursor) : cursor_(std::move(cursor)) {}

    void seek_first() override {
        cursor_.seek_first();
        at_end_ = false;
    }
    void seek_last() override { at_end_ = true; }
    void seek(std::string_view key, Sequence sequence) override {
        cursor_.seek(key, sequence);
        at_end_ = !cursor_.valid();
    }

    bool next(EntryBatch& batch) override {
        batch.clear();
        if (at_end_) return false;
        while (cursor_.valid() && !batch.full()) {
            batch.push(cursor_.entry());
            cursor_.next();
        }
        at_end_ = !cursor_.valid();
        return !batch.empty();
    }

    bool previous(EntryBatch& batch) override {
        batch.clear();
        // The step cursor stands on the entry behind the position.
        if (at_end_) {
            cursor_.seek_last();
            at_end_ = false;
        } else if (cursor_.valid()) {
            cursor_.previous();
        }
        if (!cursor_.valid()) {
            cursor_.seek_first();
            at_end_ = !cursor_.valid();
            return false;
        }
        for (;;) {
            batch.push(cursor_.entry());
            if (batch.full()) return true;
            cursor_.previous();
            if (!cursor_.valid()) {
                cursor_.seek_first();
                return true;
            }
        }
    }

  private:
    C cursor_;
    bool at_end_ = true;
};

}  // namespace lsm
