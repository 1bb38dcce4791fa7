#include "framework/base/text.hpp"

#include <algorithm>
#include <cctype>

namespace lsm {
namespace {

std::string lower_case(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lowered;
}

}  // namespace

uint64_t edit_distance(std::string_view left, std::string_view right) {
    // Rows of the table of distances between prefixes: two back, one back, and the one being
    // filled.
    std::vector<uint64_t> before(right.size() + 1);
    std::vector<uint64_t> last(right.size() + 1);
    std::vector<uint64_t> row(right.size() + 1);
    for (size_t j = 0; j <= right.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= left.size(); ++i) {
        std::swap(before, last);
        std::swap(last, row);
        row[0] = i;
        for (size_t j = 1; j <= right.size(); ++j) {
            const bool same = left[i - 1] == right[j - 1];
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[right.size()];
}

std::optional<std::string> closest_match(std::string_view word,
                                         const std::vector<std::string>& candidates) {
    if (word.empty()) return std::nullopt;
    const std::string wanted = lower_case(word);
    const std::string* best = nullptr;
    uint64_t best_distance = std::max<uint64_t>(1, wanted.size() / 3);
    const std::string* longer = nullptr;
    int longer_count = 0;
    for (const std::string& candidate : candidates) {
        const std::string lowered = lower_case(candidate);
        const uint64_t distance = edit_distance(wanted, lowered);
        // A distance as long as the candidate shares nothing with it.
        if (distance < lowered.size() &&
            (distance < best_distance || (distance == best_distance && best == nullptr))) {
            best = &candidate;
            best_distance = distance;
        }
        if (lowered.starts_with(wanted)) {
            longer = &candidate;
            ++longer_count;
        }
    }
    if (best != nullptr) return *best;
    return longer_count == 1 ? std::optional<std::string>(*longer) : std::nullopt;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += separator;
        text += parts[i];
    }
    return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const size_t at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace lsm
