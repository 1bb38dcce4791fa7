// The cursor of a memtable that keeps no order: it sorts a copy of the entries once and walks that.
// Making one costs O(n log n) comparisons and 48 bytes per entry; it shows the entries of the
// moment it was made. Keys and values are not copied.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm {

class SortedCopyCursor {
  public:
    explicit SortedCopyCursor(std::vector<Entry> entries) : entries_(std::move(entries)) {
        std::sort(entries_.begin(), entries_.end(), before);
        place_ = entries_.size();
    }

    void seek(std::string_view key, Sequence sequence) {
        const Entry target = Entry::make(key, {}, sequence, Kind::value);
        const auto found = std::lower_bound(entries_.begin(), entries_.end(), target, before);
        place_ = static_cast<size_t>(found - entries_.begin());
    }
    void seek_first() { place_ = 0; }
    void seek_last() { place_ = entries_.empty() ? 0 : entries_.size() - 1; }
    bool valid() const { return place_ < entries_.size(); }
    Entry entry() const { return entries_[place_]; }
    void next() { ++place_; }
    void previous() { place_ = place_ == 0 ? entries_.size() : place_ - 1; }

  private:
    static bool before(const Entry& left, const Entry& right) {
        return compare_entries(left, right) < 0;
    }

    std::vector<Entry> entries_;
    size_t place_ = 0;
};

}  // namespace lsm
