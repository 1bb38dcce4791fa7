// Makes a list of operations that fails shorter: leaves out halves, quarters and so on down to
// single ones for as long as what is left still fails. After Zeller and Hildebrandt, "Simplifying
// and Isolating Failure-Inducing Input", 2002, without its complements.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace lsm::torture {

/// `failing(numbers)`: the number of the operation at which it fails, nothing when it does not;
/// what comes behind that one is left out. Asks until the lists asked about add up to `budget`.
/// Returns what is left, which fails if `numbers` does.
template <class Failing>
std::vector<uint64_t> shrink(std::vector<uint64_t> numbers, uint64_t budget,
                             const Failing& failing) {
    const auto fails = [&](const std::vector<uint64_t>& some) -> std::optional<uint64_t> {
        if (some.size() > budget) return {};
        budget -= some.size();
        return failing(some);
    };
    const auto keep = [&](std::vector<uint64_t> some, uint64_t last) {
        numbers = std::move(some);
        numbers.erase(std::upper_bound(numbers.begin(), numbers.end(), last), numbers.end());
    };
    if (const auto last = fails(numbers)) keep(numbers, *last);
    for (size_t length = (numbers.size() + 1) / 2; length > 0; length /= 2) {
        for (size_t first = 0; first < numbers.size();) {
            std::vector<uint64_t> some = numbers;
            const auto begin = some.begin() + static_cast<std::ptrdiff_t>(first);
            const size_t end = std::min(numbers.size(), first + length);
            some.erase(begin, some.begin() + static_cast<std::ptrdiff_t>(end));
            if (const auto last = fails(some)) {
                keep(std::move(some), *last);
            } else {
                first = end;
            }
        }
    }
    return numbers;
}

}  // namespace lsm::torture
