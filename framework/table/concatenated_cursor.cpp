#include "framework/table/concatenated_cursor.hpp"
#include "framework/base/bug_museum.hpp"

#include <algorithm>
#include <utility>

namespace lsm {

ConcatenatedCursor::ConcatenatedCursor(std::vector<std::string_view> largest, Open open)
    : largest_(std::move(largest)), open_(std::move(open)) {}

void ConcatenatedCursor::seek_first() {
    cursor_.reset();
    table_ = 0;
}

void ConcatenatedCursor::seek_last() {
    cursor_.reset();
    table_ = largest_.size();
}

void ConcatenatedCursor::seek(std::string_view key, Sequence sequence) {
    const auto found = bug(Bug::scan_skips_table_end)
                           ? std::upper_bound(largest_.begin(), largest_.end(), key)
                           : std::lower_bound(largest_.begin(), largest_.end(), key);
    const auto table = static_cast<size_t>(found - largest_.begin());
    if (table != table_) cursor_.reset();
    table_ = table;
    if (table_ == largest_.size()) return;
    if (!cursor_) cursor_ = open_(table_);
    cursor_->seek(key, sequence);
}

bool ConcatenatedCursor::next(EntryBatch& batch) {
    batch.clear();
    while (table_ < largest_.size()) {
        if (!cursor_) {
            cursor_ = open_(table_);
            cursor_->seek_first();
        }
        if (cursor_->next(batch)) return true;
        cursor_.reset();
        ++table_;
    }
    return false;
}

bool ConcatenatedCursor::previous(EntryBatch& batch) {
    batch.clear();
    for (;;) {
        if (cursor_ && cursor_->previous(batch)) return true;
        if (table_ == 0) return false;
        cursor_ = open_(table_ - 1);
        --table_;
        cursor_->seek_last();
    }
}

}  // namespace lsm
