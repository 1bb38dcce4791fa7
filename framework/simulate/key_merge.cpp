#include "framework/simulate/key_merge.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace lsm::simulate {

namespace {
constexpr size_t kBufferEntries = 512;
constexpr std::ptrdiff_t kStride = 8;  // entries of a large side that are looked at together
constexpr uint64_t kMuchLarger = 3;    // times as many entries, for which that pays
}  // namespace

/// Where a merge takes entries from: windows of them, one after another.
struct KeyMerge::Source {
    virtual ~Source() = default;
    /// Up to `most` next entries, at `out` or where they are; empty when there are none below the
    /// limit. The window before it is no longer valid.
    virtual Window next() = 0;
    virtual size_t take(KeyEntry* out, size_t most) = 0;
};

struct KeyMerge::Leaf final : KeyMerge::Source {
    Leaf(MergeRun from, EntryPool& where) : run(std::move(from)), pool(where) {}

    Window next() override {
        while (true) {
            if (table == run.tables.size()) return {};
            EntryArray& array = run.tables[table];
            const KeyEntry* const begin = array.begin() + at;
            const KeyEntry* end = array.end();
            if (begin == end) {
                pool.give(std::move(array));
                array = EntryArray();
                ++table;
                at = 0;
                continue;
            }
            if (end[-1].number > limit) {
                end = std::partition_point(
                    begin, end, [this](const KeyEntry& entry) { return entry.number <= limit; });
                if (begin == end) return {};
            }
            at = static_cast<size_t>(end - array.begin());
            return {begin, end};
        }
    }

    size_t take(KeyEntry* out, size_t most) override {
        size_t count = 0;
        while (count < most) {
            if (window.begin == window.end) {
                window = next();
                if (window.begin == window.end) break;
            }
            const size_t part =
                std::min(most - count, static_cast<size_t>(window.end - window.begin));
            std::memcpy(out + count, window.begin, part * sizeof(KeyEntry));
            window.begin += part;
            count += part;
        }
        return count;
    }

    MergeRun run;
    EntryPool& pool;
    size_t table = 0;
    size_t at = 0;
    uint64_t limit = UINT64_MAX;
    Window window;
};

template <bool by_sequence>
struct KeyMerge::Pair final : KeyMerge::Source {
    Pair(std::unique_ptr<Source> left, std::unique_ptr<Source> right, uint64_t left_entries,
         uint64_t right_entries)
        : newer(std::move(left)),
          older(std::move(right)),
          older_is_large(!by_sequence && right_entries >= kMuchLarger * left_entries),
          newer_is_large(!by_sequence && left_entries >= kMuchLarger * right_entries) {}

    Window next() override {
        const size_t count = take(buffer.data(), buffer.size());
        return {buffer.data(), buffer.data() + count};
    }

    size_t take(KeyEntry* out, size_t most) override {
        KeyEntry* const begin = out;
        KeyEntry* const end = out + most;
        while (out < end) {
            if (a.begin == a.end) a = newer->next();
            if (b.begin == b.end) b = older->next();
            if (a.begin == a.end || b.begin == b.end) {
                Window& rest = a.begin == a.end ? b : a;
                const auto count = std::min(end - out, rest.end - rest.begin);
                if (count == 0) break;
                std::memcpy(out, rest.begin, static_cast<size_t>(count) * sizeof(KeyEntry));
                rest.begin += count;
                out += count;
                continue;
            }
            if (older_is_large) out = merge_strides<true>(out, end, a, b);
            if (newer_is_large) out = merge_strides<false>(out, end, b, a);
            out = merge(out, std::min({end - out, a.end - a.begin, b.end - b.begin}));
        }
        return static_cast<size_t>(out - begin);
    }

    /// So many steps, for which each side has enough. A step takes the smaller entry, or of two
    /// versions of a key both, and writes one.
    KeyEntry* merge(KeyEntry* out, std::ptrdiff_t steps) {
        const KeyEntry* left = a.begin;
        const KeyEntry* right = b.begin;
        for (std::ptrdiff_t i = 0; i < steps; ++i) {
            const uint64_t x = left->number;
            const uint64_t y = right->number;
            const size_t take_left = x <= y;
            const size_t take_right = y <= x;
            size_t from_left = take_left;
            if constexpr (by_sequence)
                from_left = (x < y) | (take_left & take_right & (left->write > right->write));
            // By arithmetic, so that no compiler makes a branch of it.
            const uintptr_t choice = uintptr_t{0} - from_left;
            const uintptr_t source = (reinterpret_cast<uintptr_t>(left) & choice) |
                                     (reinterpret_cast<uintptr_t>(right) & ~choice);
            std::memcpy(out++, reinterpret_cast<const KeyEntry*>(source), sizeof(KeyEntry));
            left += take_left;
            right += take_right;
        }
        a.begin = left;
        b.begin = right;
        return out;
    }

    /// As merge(), where `large` has several entries for each of `small`: a step takes the large
    /// side's entries up to the next small one, kStride at most, and then that one. As long as
    /// there is room for whatever a step may take.
    template <bool small_is_newer>
    static KeyEntry* merge_strides(KeyEntry* out, KeyEntry* end, Window& small, Window& large) {
        const KeyEntry* few = small.begin;
        const KeyEntry* many = large.begin;
        while (few != small.end && large.end - many > kStride && end - out > kStride) {
            const uint64_t x = few->number;
            size_t smaller = 0;
            for (std::ptrdiff_t i = 0; i < kStride; ++i) smaller += many[i].number < x;
            std::memcpy(out, many, kStride * sizeof(KeyEntry));
            out += smaller;
            many += smaller;
            const size_t take_few = smaller < kStride;
            const size_t both = take_few & (many->number == x);
            // By arithmetic, so that no compiler makes a branch of it.
            const uintptr_t choice = uintptr_t{0} - (small_is_newer ? 1 : 1 - both);
            const uintptr_t source = (reinterpret_cast<uintptr_t>(few) & choice) |
                                     (reinterpret_cast<uintptr_t>(many) & ~choice);
            std::memcpy(out, reinterpret_cast<const KeyEntry*>(source), sizeof(KeyEntry));
            out += take_few;
            few += take_few;
            many += both;
        }
        small.begin = few;
        large.begin = many;
        return out;
    }

    std::unique_ptr<Source> newer, older;
    const bool older_is_large, newer_is_large;
    Window a, b;
    std::array<KeyEntry, kBufferEntries> buffer;
};

KeyMerge::KeyMerge(std::vector<MergeRun> runs, bool by_sequence, EntryPool& pool) {
    std::vector<std::unique_ptr<Source>> sources;
    std::vector<uint64_t> weights;
    for (MergeRun& run : runs) {
        weights.push_back(run.entries);
        auto leaf = std::make_unique<Leaf>(std::move(run), pool);
        leaves_.push_back(leaf.get());
        sources.push_back(std::move(leaf));
    }
    // Neighbours that are small together meet first; only neighbours may, for which is the newer
    // goes by place.
    while (sources.size() > 1) {
        size_t best = 0;
        for (size_t i = 1; i + 1 < sources.size(); ++i) {
            if (weights[i] + weights[i + 1] < weights[best] + weights[best + 1]) best = i;
        }
        std::unique_ptr<Source> pair;
        if (by_sequence) {
            pair =
                std::make_unique<Pair<true>>(std::move(sources[best]), std::move(sources[best + 1]),
                                             weights[best], weights[best + 1]);
        } else {
            pair = std::make_unique<Pair<false>>(std::move(sources[best]),
                                                 std::move(sources[best + 1]), weights[best],
                                                 weights[best + 1]);
        }
        sources[best] = std::move(pair);
        weights[best] += weights[best + 1];
        sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        weights.erase(weights.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
    if (!sources.empty()) root_ = std::move(sources.front());
}

KeyMerge::~KeyMerge() = default;

void KeyMerge::set_limit(uint64_t largest_number) {
    for (Leaf* leaf : leaves_) leaf->limit = largest_number;
}

size_t KeyMerge::take(KeyEntry* out, size_t most) { return root_ ? root_->take(out, most) : 0; }

}  // namespace lsm::simulate
