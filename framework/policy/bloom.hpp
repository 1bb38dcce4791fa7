// The bloom axis: how many filter bits per key a new table gets, from its level and the shape of
// the tree. Which structure spends them is the filter axis.
//
// A bloom sizing policy is a type with `Options`, a constructor from it, `about`, and a pure
//   `bits_per_key(question) -> double`; 0 or less: no filter;
// and optionally `static constexpr bool wants_probes = true`, when it looks at LevelShape::probes.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <vector>

#include "framework/policy/policy_name.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

/// What the layout lets a level hold at rest; 0 where it sets no limit.
struct LevelLimits {
    uint64_t runs = 0;
    uint64_t entries = 0;  // by the mean size of the level's entries
};

struct BloomQuestion {
    const TreeShape&
        after;  // as the tree will be once the edit is done, without the run that is being written
    int level = 1;             // where the new run will be
    uint64_t run_entries = 0;  // entries of the whole run that is being written, an upper bound; a
                               // run counts, not its tables
    uint64_t joined_entries = 0;  // of these, the ones of the run it joins that stay, already part
                                  // of `after`; 0 when it founds a run
    std::function<double(double bits_per_key)> false_positive_rate;  // of the filter in use
    std::vector<LevelLimits> limits = {};  // by level, level 1 first, to the deepest with data once
                                           // the edit is done; empty where nobody knows
};

template <class B>
concept BloomSizing = requires(const B& sizing, const BloomQuestion& question) {
    typename B::Options;
    requires std::constructible_from<B, const typename B::Options&>;
    { sizing.bits_per_key(question) } -> std::convertible_to<double>;
};

template <class B>
concept BloomSizingPolicy = BloomSizing<B> && requires {
    { B::about } -> std::convertible_to<std::string_view>;
};

/// Whether the sizing looks at LevelShape::probes, by its own word: `static constexpr bool
/// wants_probes = true`. Counting them makes lookups write to memory that they share, so the tree
/// does it only on demand.
template <BloomSizing B>
bool wants_probes(const B& sizing) {
    if constexpr (requires { sizing.wants_probes; }) {
        return sizing.wants_probes;
    } else {
        return false;
    }
}

class AnyBloomSizing {
  public:
    struct Options {
        std::function<std::function<double(const BloomQuestion&)>()> make;
        bool wants_probes = false;
    };

    explicit AnyBloomSizing(const Options& options)
        : bits_per_key_(options.make()), wants_probes(options.wants_probes) {}

    template <BloomSizingPolicy B>
    static Options of(const typename B::Options& options) {
        return {[options]() -> std::function<double(const BloomQuestion&)> {
                    require_valid_options<B>(options);
                    return [sizing = B(options)](const BloomQuestion& question) {
                        return sizing.bits_per_key(question);
                    };
                },
                wants_probes_of<B>()};
    }

    double bits_per_key(const BloomQuestion& question) const { return bits_per_key_(question); }

  private:
    template <class B>
    static constexpr bool wants_probes_of() {
        if constexpr (requires { B::wants_probes; }) {
            return B::wants_probes;
        } else {
            return false;
        }
    }

    std::function<double(const BloomQuestion&)> bits_per_key_;

  public:
    const bool wants_probes;
};

}  // namespace lsm
