#include "framework/simulate/key_sort.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lsm::simulate {

namespace {

constexpr size_t kInsertionCount = 24;
constexpr size_t kFineCount = 1 << 15;  // up to here one pass leaves about an entry a bucket
constexpr unsigned kCoarseBits = 10;    // above, so few buckets that each stays in the cache

bool before(const KeyEntry& left, const KeyEntry& right) {
    return left.number != right.number ? left.number < right.number : left.write > right.write;
}

void insertion_sort(KeyEntry* entries, size_t count) {
    for (size_t i = 1; i < count; ++i) {
        if (!before(entries[i], entries[i - 1])) continue;
        const KeyEntry moved = entries[i];
        size_t at = i;
        for (; at > 0 && before(moved, entries[at - 1]); --at) entries[at] = entries[at - 1];
        entries[at] = moved;
    }
}

}  // namespace

void KeySorter::sort(KeyEntry* entries, size_t count) {
    if (scratch_.size() < count) scratch_.resize(count);
    sort_part(entries, count);
}

void KeySorter::sort_part(KeyEntry* entries, size_t count) {
    if (count <= kInsertionCount) return insertion_sort(entries, count);
    uint64_t smallest = entries[0].number;
    uint64_t largest = smallest;
    for (size_t i = 1; i < count; ++i) {
        smallest = std::min(smallest, entries[i].number);
        largest = std::max(largest, entries[i].number);
    }
    if (smallest == largest) {
        // Versions of one key come oldest first.
        std::sort(entries, entries + count, before);
        return;
    }
    const auto wanted =
        count > kFineCount ? kCoarseBits : static_cast<unsigned>(std::bit_width(count - 1));
    const auto range_bits = static_cast<unsigned>(std::bit_width(largest - smallest));
    const unsigned shift = range_bits > wanted ? range_bits - wanted : 0;
    const size_t buckets = ((largest - smallest) >> shift) + 1;

    std::vector<uint32_t> ends(std::move(ends_));
    ends.assign(buckets + 1, 0);
    for (size_t i = 0; i < count; ++i) ++ends[((entries[i].number - smallest) >> shift) + 1];
    for (size_t i = 1; i <= buckets; ++i) ends[i] += ends[i - 1];
    for (size_t i = 0; i < count; ++i) {
        scratch_[ends[(entries[i].number - smallest) >> shift]++] = entries[i];
    }
    std::memcpy(entries, scratch_.data(), count * sizeof(KeyEntry));
    size_t begin = 0;
    for (size_t i = 0; i < buckets; ++i) {  // ends[i] is now where bucket i ends
        const size_t end = ends[i];
        if (end - begin > 1) sort_part(entries + begin, end - begin);
        begin = end;
    }
    ends_ = std::move(ends);
}

}  // namespace lsm::simulate
