#include "framework/tree/tree_cursor.hpp"
#include "framework/base/bug_museum.hpp"

namespace lsm {

TreeCursor::TreeCursor(std::unique_ptr<Cursor> merged, RangeView ranges, Sequence at, uint64_t now,
                       std::shared_ptr<void> pin, std::function<void(const ReadCost&)> finish)
    : merged_(std::move(merged)),
      ranges_(std::move(ranges)),
      at_(at),
      now_(now),
      pin_(std::move(pin)),
      finish_(std::move(finish)) {
    cost_.scans = 1;
}

TreeCursor::~TreeCursor() {
    merged_.reset();
    if (finish_) finish_(cost_);
}

/// Makes batch_[next_in_batch_] the next entry in the direction; false at the end.
bool TreeCursor::fetch(bool forward) {
    if (next_in_batch_ < batch_.count) return true;
    next_in_batch_ = 0;
    return forward ? merged_->next(batch_) : merged_->previous(batch_);
}

void TreeCursor::take(const Entry& entry) {
    key_.assign(entry.key);
    value_.assign(user_value(entry));
    valid_ = true;
    cost_.scan_live_bytes += key_.size() + value_.size();
}

void TreeCursor::seek_first() {
    merged_->seek_first();
    batch_.clear();
    next_in_batch_ = 0;
    forward_ = true;
    valid_ = false;
    find_forward();
}

void TreeCursor::seek_last() {
    merged_->seek_last();
    batch_.clear();
    next_in_batch_ = 0;
    forward_ = false;
    find_backward();
}

void TreeCursor::seek(std::string_view key) {
    merged_->seek(key, kMaxSequence);
    batch_.clear();
    next_in_batch_ = 0;
    forward_ = true;
    valid_ = false;
    find_forward();
}

void TreeCursor::seek_at_most(std::string_view key) {
    std::string behind(key);
    behind.push_back('\0');
    merged_->seek(behind, kMaxSequence);
    batch_.clear();
    next_in_batch_ = 0;
    forward_ = false;
    find_backward();
}

void TreeCursor::next() {
    if (!forward_) {
        merged_->seek(key_, kMaxSequence);
        batch_.clear();
        next_in_batch_ = 0;
        forward_ = true;
    }
    find_forward();
}

void TreeCursor::previous() {
    if (forward_ && !bug(Bug::iterator_turn_keeps_position)) {
        merged_->seek(key_, kMaxSequence);
        batch_.clear();
        next_in_batch_ = 0;
        forward_ = false;
    }
    find_backward();
}

/// The newest visible version of the first key behind key_ (of the first key at all when not valid)
/// that is live.
void TreeCursor::find_forward() {
    bool hiding = valid_;  // versions of key_ are behind us
    valid_ = false;
    while (fetch(true)) {
        const Entry& entry = batch_[next_in_batch_++];
        if (entry.sequence > at_) continue;
        if (hiding && entry.key == key_) continue;
        if (is_live(entry)) {
            take(entry);
            return;
        }
        key_.assign(entry.key);
        hiding = true;
    }
}

/// Descending order shows a key's oldest version first: the newest visible one is known once
/// another key shows up.
void TreeCursor::find_backward() {
    valid_ = false;
    bool live = false;
    bool any = false;
    while (fetch(false)) {
        const Entry& entry = batch_[next_in_batch_];
        if (any && entry.key != key_) {
            if (live) break;
            any = false;
        }
        next_in_batch_ += 1;
        if (entry.sequence > at_) continue;
        any = true;
        key_.assign(entry.key);
        live = is_live(entry);
        if (live) value_.assign(user_value(entry));
    }
    if (!live || !any) return;
    valid_ = true;
    cost_.scan_live_bytes += key_.size() + value_.size();
}

}  // namespace lsm
