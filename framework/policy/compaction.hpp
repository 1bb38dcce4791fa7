// The compaction axis: when to merge, what, how much, and into what.
//
// A compaction policy is a type with
//   - `Options`, a constructor from it, and `about`;
//   - `choose(shape) -> Choice`: pure, a function of the shape alone. The tree calls it after each
//   flush and each finished
//     compaction until it says nothing. Tables marked busy must not be chosen;
//   - `runs_allowed(shape, level) -> uint64_t`: how many sorted runs the layout lets that level
//   hold at rest (bloom sizing,
//     the model and the plots ask);
//   - `static constexpr bool may_drop = true`, only for a policy that drops live data (a drop by
//   another one is an error);
//   - optionally `capacity(shape, level) -> uint64_t`: logical bytes the level may hold at rest,
//   for plots and debt; 0: no limit;
//   - optionally `static constexpr Mapping mapping`: what it is in terms of the four primitives,
//   for listings;
//   - optionally `wants_reads() -> bool`: whether `choose` looks at TableShape::reads. Counting
//   them makes lookups write to memory that they share, so the tree does it only on demand;
//   - optionally `tombstone_lifetime() -> uint64_t`: the ticks within which it promises to make
//   every delete final (Lethe's D_th); the tree holds it to that. 0: no promise.
//
// A flush always founds a new run on level 1; everything else is the policy's.
//
// The tree validates a choice (inputs exist, are not busy, outputs do not overlap what stays in the
// joined run), executes it, decides which tombstones and old versions may go, and stores the cursor
// with the edit. A wrong choice is an error that names the policy.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/policy/bloom.hpp"
#include "framework/policy/policy_name.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

struct Choice {
    enum class Action {
        nothing,
        merge,  // read the inputs, write their union as new tables
        move,   // the inputs change level or run, no byte is written
        drop,   // the inputs are deleted with all they hold
    };
    Action action = Action::nothing;
    std::vector<TableId> inputs;
    int output_level = 0;
    std::optional<RunId> join;  // the run on the output level that takes the outputs; without it
                                // they found a new one
    std::vector<std::string>
        cut_keys;  // outputs are also cut in front of these keys (Spooky, PebblesDB)
    std::optional<int> cursor_level;  // level whose cursor moves to `cursor`
    std::string cursor;
    double score = 0;    // how urgent, for events and scripts: 1 is due
    std::string reason;  // in words, for events and the page

    static Choice nothing() { return {}; }
};

const char* action_name(Choice::Action action);

/// How a strategy maps onto the four primitives, in the words of
/// docs/guide/compaction-design-space.md: for `lab policies` and the docs. A policy may declare it:
///     static constexpr Mapping mapping{"level_size", "leveling", "level", "none"};
struct Mapping {
    std::string_view trigger;
    std::string_view layout;
    std::string_view granularity;
    std::string_view movement;
};

template <class C>
concept Compaction = requires(const C& compaction, const TreeShape& shape, int level) {
    typename C::Options;
    requires std::constructible_from<C, const typename C::Options&>;
    { compaction.choose(shape) } -> std::same_as<Choice>;
    { compaction.runs_allowed(shape, level) } -> std::convertible_to<uint64_t>;
};

/// Whether the policy may drop live data, by its own word.
template <Compaction C>
bool drops_data(const C& compaction) {
    if constexpr (requires { compaction.may_drop; }) {
        return compaction.may_drop;
    } else {
        return false;
    }
}

/// Whether the policy looks at how often tables are read, by its own word.
template <Compaction C>
bool wants_reads(const C& compaction) {
    if constexpr (requires { compaction.wants_reads(); }) {
        return compaction.wants_reads();
    } else {
        return false;
    }
}

/// Logical bytes the level may hold at rest, by the policy's own word; 0 when it does not say.
template <Compaction C>
uint64_t level_capacity(const C& compaction, const TreeShape& shape, int level) {
    if constexpr (requires { compaction.capacity(shape, level); }) {
        return compaction.capacity(shape, level);
    } else {
        return 0;
    }
}

/// The age in ticks that no tombstone outlives, by the policy's own word; 0 when it gives none.
template <Compaction C>
uint64_t promised_lifetime(const C& compaction) {
    if constexpr (requires { compaction.tombstone_lifetime(); }) {
        return compaction.tombstone_lifetime();
    } else {
        return 0;
    }
}

/// What the layout lets the levels hold once a run has been written to `level` of `shape`, for
/// bloom sizing. `before`: the tree as it is, whose levels say how large entries are; an empty
/// level's will be those of the level above it.
template <Compaction C>
std::vector<LevelLimits> level_limits(const C& compaction, const TreeShape& before, TreeShape shape,
                                      int level) {
    if (before.entries() == 0) return {};
    if (shape.last_level() < level) {
        shape.levels.resize(static_cast<size_t>(level));
        shape.levels.back().runs.push_back({0, {TableShape{}}});
    }
    std::vector<LevelLimits> limits;
    double entry_bytes =
        static_cast<double>(before.logical_bytes()) / static_cast<double>(before.entries());
    for (int number = 1; number <= shape.last_level(); ++number) {
        const LevelShape& now = before.level(number);
        if (now.entries() > 0 && now.logical_bytes() > 0) {
            entry_bytes =
                static_cast<double>(now.logical_bytes()) / static_cast<double>(now.entries());
        }
        const auto bytes = static_cast<double>(level_capacity(compaction, shape, number));
        limits.push_back(
            {compaction.runs_allowed(shape, number), static_cast<uint64_t>(bytes / entry_bytes)});
    }
    return limits;
}

template <class C>
concept CompactionPolicy = Compaction<C> && requires {
    { C::about } -> std::convertible_to<std::string_view>;
};

class AnyCompaction {
  public:
    class Face {
      public:
        virtual ~Face() = default;
        virtual Choice choose(const TreeShape& shape) const = 0;
        virtual uint64_t runs_allowed(const TreeShape& shape, int level) const = 0;
        virtual uint64_t capacity(const TreeShape& shape, int level) const = 0;
        virtual bool may_drop() const = 0;
        virtual bool wants_reads() const = 0;
        virtual uint64_t tombstone_lifetime() const = 0;
    };
    struct Options {
        std::function<std::shared_ptr<const Face>()> make;
        std::string name;  // for messages and events
    };

    explicit AnyCompaction(const Options& options)
        : face_(options.make()), may_drop(face_->may_drop()) {}

    template <CompactionPolicy C>
    static Options of(const typename C::Options& options) {
        return {[options] {
                    require_valid_options<C>(options);
                    return std::make_shared<const Holder<C>>(options);
                },
                policy_name<C>()};
    }

    Choice choose(const TreeShape& shape) const { return face_->choose(shape); }
    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        return face_->runs_allowed(shape, level);
    }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return face_->capacity(shape, level);
    }
    bool wants_reads() const { return face_->wants_reads(); }
    uint64_t tombstone_lifetime() const { return face_->tombstone_lifetime(); }

  private:
    template <CompactionPolicy C>
    class Holder final : public Face {
      public:
        explicit Holder(const typename C::Options& options) : compaction_(options) {}
        Choice choose(const TreeShape& shape) const override { return compaction_.choose(shape); }
        uint64_t runs_allowed(const TreeShape& shape, int level) const override {
            return compaction_.runs_allowed(shape, level);
        }
        uint64_t capacity(const TreeShape& shape, int level) const override {
            return level_capacity(compaction_, shape, level);
        }
        bool may_drop() const override { return drops_data(compaction_); }
        bool wants_reads() const override { return lsm::wants_reads(compaction_); }
        uint64_t tombstone_lifetime() const override { return promised_lifetime(compaction_); }

      private:
        C compaction_;
    };

    std::shared_ptr<const Face> face_;

  public:
    const bool may_drop;
};

}  // namespace lsm
