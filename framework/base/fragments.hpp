// Cuts ranges that may overlap into fragments that do not, each with the numbers of all ranges over
// it: what range tombstones are kept as, over bytes in tables and over numbers in the simulator.
//
// Pure. O(n log n) where few overlap, O(n * overlap) where they do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace lsm {

/// [first, last), first < last, and the number that it came with.
template <class Bound>
struct NumberedRange {
    Bound first;
    Bound last;
    uint64_t number = 0;
};

/// Calls take(first, last, numbers) for each fragment, ascending; the numbers descend and differ.
/// Neighbours under the same numbers are one fragment.
template <class Bound, class Take>
void cut_into_fragments(std::vector<NumberedRange<Bound>> ranges, Take take) {
    using Range = NumberedRange<Bound>;
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& left, const Range& right) { return left.first < right.first; });
    std::vector<Bound> bounds;
    bounds.reserve(ranges.size() * 2);
    for (const Range& one : ranges) {
        bounds.push_back(one.first);
        bounds.push_back(one.last);
    }
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    std::vector<Range> active;  // those over the piece from the bound on
    std::vector<uint64_t> numbers;
    Bound first{}, last{};
    std::vector<uint64_t> held;  // of the fragment [first, last) that may go on
    size_t next = 0;
    for (size_t i = 0; i + 1 < bounds.size(); ++i) {
        std::erase_if(active, [&](const Range& one) { return one.last <= bounds[i]; });
        while (next < ranges.size() && ranges[next].first == bounds[i])
            active.push_back(ranges[next++]);
        if (active.empty()) continue;
        numbers.clear();
        for (const Range& one : active) numbers.push_back(one.number);
        std::sort(numbers.begin(), numbers.end(), std::greater<>());
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
        if (last == bounds[i] && numbers == held) {
            last = bounds[i + 1];
            continue;
        }
        if (!held.empty()) take(first, last, std::as_const(held));
        first = bounds[i];
        last = bounds[i + 1];
        held.swap(numbers);
    }
    if (!held.empty()) take(first, last, std::as_const(held));
}

}  // namespace lsm
