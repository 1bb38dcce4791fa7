// Any combination of the four primitives, written out in YAML:
//
//     {policy: primitives, size_ratio: 10, layout: leveling, trigger: [tombstone_age, level_size],
//      granularity: table, movement: [expired_tombstones, least_overlap_parent], tombstone_ttl:
//      100k}
//
// Triggers are asked in their order; the first that finds a level due decides, and its granularity
// says how much of it is taken. Movements break each other's ties, in their order. The number of
// runs that the layout allows is always kept: where run_count is not among the triggers it comes
// before them, level by level (a flush founds a run, and in a leveled level 1 it is merged into the
// run that is there). Source: Sarkar et al., "Constructing and Analyzing the LSM Compaction Design
// Space", VLDB 2021, section 3.1; docs/guide/compaction-design-space.md has its ten strategies in
// these words.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/named_primitives.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class Primitives {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        std::string layout = "leveling";
        std::vector<std::string> trigger = {"level_size"};
        std::vector<std::string> granularity = {"level"};
        std::vector<std::string> movement;
        std::string spill = "write_then_spill";
        uint64_t upper_runs = 0;
        uint64_t last_runs = 0;
        std::vector<uint64_t> level_runs;
        uint64_t level1_runs = 0;
        uint64_t level2_size = 0;
        uint64_t tombstone_ttl = 0;
        double tombstone_density = 0.5;
        double space_amplification = 1;
        uint64_t stale_after = 0;

        static OptionTable<Options> table() {
            std::vector<std::string> movements = NamedMovement::names();
            movements.push_back("expired_tombstones");
            return {
                size_ratio_option<Options>(),
                choice_option(
                    "layout", &Options::layout,
                    {"leveling", "tiering", "lazy_leveling", "one_leveling", "fluid", "per_level"},
                    "how many runs a level holds"),
                choice_list_option("trigger", &Options::trigger, NamedTrigger::names(),
                                   "what makes a level due, in order of precedence"),
                choice_per_place_option(
                    "granularity", &Options::granularity, NamedGranularity::names(),
                    "how much a compaction takes: one for each trigger, or one for all"),
                choice_list_option("movement", &Options::movement, movements,
                                   "which table goes down first, in order of precedence; for "
                                   "granularities by table"),
                spill_option<Options>(),
                option("upper_runs", &Options::upper_runs, {0, 99}, "runs",
                       "fluid: on each level but the deepest (K); 0: size_ratio - 1"),
                option("last_runs", &Options::last_runs, {0, 99}, "runs",
                       "fluid and per_level: on the deepest level (Z); 0: one in fluid, as the "
                       "list says in per_level"),
                list_option("level_runs", &Options::level_runs, {1, 99}, "runs",
                            "per_level: on level 1, 2 and so on; the last one also on all deeper "
                            "levels"),
                option("level1_runs", &Options::level1_runs, {0, 1000}, "runs",
                       "flushes that level 1 collects, each a run; 0: as the layout says"),
                size_option("level2_size", &Options::level2_size, {0, 0x1p50},
                            "logical bytes of level 2, from which deeper levels grow; 0: by the "
                            "size ratio from the memtable"),
                option("tombstone_ttl", &Options::tombstone_ttl, {0, 0x1p50}, "ticks",
                       "tombstone_age and expired_tombstones: when a delete must be final (writes; "
                       "milliseconds in realtime mode)"),
                option(
                    "tombstone_density", &Options::tombstone_density, {0.001, 1}, "",
                    "trigger tombstone_density: share of a table's entries; with it the movement "
                    "prefers no other tables"),
                option("space_amplification", &Options::space_amplification, {0, 100}, "",
                       "trigger space_amplification: bytes above the oldest run, in its own"),
                option("stale_after", &Options::stale_after, {0, 0x1p50}, "ticks",
                       "trigger staleness: how long a table may stay above the last level"),
            };
        }

        std::optional<std::string> problem() const;
        bool has_trigger(const std::string& name) const {
            return std::find(trigger.begin(), trigger.end(), name) != trigger.end();
        }
        bool has_movement(const std::string& name) const {
            return std::find(movement.begin(), movement.end(), name) != movement.end();
        }
        /// Of the trigger in that place.
        const std::string& granularity_of(size_t place) const {
            return granularity.size() == 1 ? granularity[0] : granularity[place];
        }
        bool takes_tables() const {
            return std::any_of(granularity.begin(), granularity.end(), NamedGranularity::by_table);
        }
        std::vector<uint64_t> runs_by_level() const;

      private:
        std::optional<std::string> list_problem() const;
        std::optional<std::string> layout_problem() const;
        std::optional<std::string> parameter_problem() const;
    };
    static constexpr std::string_view about =
        "trigger, layout, granularity and movement written out (Sarkar et al., VLDB 2021)";
    static constexpr Mapping mapping{"trigger", "layout", "granularity", "movement"};

    explicit Primitives(const Options& options);

    Choice choose(const TreeShape& shape) const {
        for (const auto& rule : rules_) {
            Choice choice = apply_rule(rule, shape, layout_);
            if (choice.action != Choice::Action::nothing) return choice;
        }
        return Choice::nothing();
    }
    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        return layout_.runs_allowed(shape, level);
    }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return layout_.capacity(shape, level);
    }
    bool wants_reads() const { return wants_reads_; }
    /// With the trigger tombstone_age; the tree holds it to that.
    uint64_t tombstone_lifetime() const { return tombstone_lifetime_; }

  private:
    static NamedTrigger trigger_named(const std::string& name, const Options& options);

    ListLayout layout_;
    std::vector<Rule<NamedTrigger, NamedGranularity>> rules_;
    bool wants_reads_;
    uint64_t tombstone_lifetime_ = 0;
};

/// K_1, K_2 and so on; the last one also for all deeper levels.
inline std::vector<uint64_t> Primitives::Options::runs_by_level() const {
    if (layout == "tiering" || layout == "lazy_leveling") return {size_ratio - 1};
    if (layout == "fluid") return {upper_runs > 0 ? upper_runs : size_ratio - 1};
    if (layout == "per_level" && !level_runs.empty()) return level_runs;
    if (layout == "per_level") return {size_ratio - 1};
    return {1};
}

inline std::optional<std::string> Primitives::Options::problem() const {
    if (auto wrong = list_problem()) return wrong;
    if (auto wrong = layout_problem()) return wrong;
    return parameter_problem();
}

inline std::optional<std::string> Primitives::Options::list_problem() const {
    if (trigger.empty()) return "trigger is empty: then nothing would ever be compacted";
    if (granularity.size() != 1 && granularity.size() != trigger.size()) {
        return "granularity has " + count_of(granularity.size(), "word") + " for " +
               count_of(trigger.size(), "trigger") + ": give one for each, or one for all";
    }
    if (takes_tables() && movement.empty()) {
        return "granularity table and tables need a movement that says which table";
    }
    if (!takes_tables() && !movement.empty()) {
        return "movement " + movement[0] + " picks a table, and no granularity is table or tables";
    }
    for (size_t i = 0; i < trigger.size(); ++i) {
        if (trigger[i] == "level_size" && NamedGranularity::by_table(granularity_of(i)) &&
            spill == "bypass") {
            return "tables of a level that is too large go down one by one only under spill: "
                   "write_then_spill; under bypass no level ever is";
        }
        if (granularity_of(i) == "tree" && trigger[i] == "level_size") {
            return "granularity tree leaves the last level as large as it is: not for level_size";
        }
    }
    return {};
}

inline std::optional<std::string> Primitives::Options::layout_problem() const {
    const uint64_t most = size_ratio - 1;
    if (layout != "fluid" && upper_runs > 0) return "upper_runs goes with layout: fluid";
    if (layout != "fluid" && layout != "per_level" && last_runs > 0) {
        return "last_runs goes with layout: fluid or per_level";
    }
    if (layout != "per_level" && !level_runs.empty()) {
        return "level_runs goes with layout: per_level";
    }
    const std::vector<uint64_t> runs = runs_by_level();
    for (const uint64_t one : runs) {
        if (auto wrong = above_arrivals("K", one, size_ratio)) return wrong;
    }
    if (auto wrong = above_arrivals("Z", last_runs, size_ratio)) return wrong;
    const bool leveled = layout == "leveling" || layout == "one_leveling";
    if (level2_size > 0 && !leveled) {
        return "level2_size goes with layout: leveling or one_leveling";
    }
    const bool tiered_below =
        layout == "tiering" ||
        (!leveled && size_ratio > 2 && std::find(runs.begin(), runs.end(), most) != runs.end());
    for (size_t i = 0; i < trigger.size(); ++i) {
        if (granularity_of(i) == "run" && tiered_below) {
            return "granularity run merges a run into the next level's newest run, and a level "
                   "where each arrival stays a run would never be due again";
        }
    }
    if (spill == "write_then_spill" && layout != "tiering" && !has_trigger("level_size")) {
        return "under spill: write_then_spill only the trigger level_size takes a leveled level "
               "down: name it, or say spill: bypass";
    }
    return {};
}

inline std::optional<std::string> Primitives::Options::parameter_problem() const {
    const Options defaults;
    if (tombstone_ttl > 0 && !has_trigger("tombstone_age") && !has_movement("expired_tombstones")) {
        return "tombstone_ttl goes with the trigger tombstone_age or the movement "
               "expired_tombstones; without them nothing keeps it";
    }
    if (stale_after > 0 && !has_trigger("staleness")) {
        return "stale_after goes with the trigger staleness";
    }
    if (tombstone_density != defaults.tombstone_density && !has_trigger("tombstone_density")) {
        return "tombstone_density goes with the trigger of that name";
    }
    if (space_amplification != defaults.space_amplification &&
        !has_trigger("space_amplification")) {
        return "space_amplification goes with the trigger of that name";
    }
    if (has_trigger("tombstone_age") && tombstone_ttl == 0) {
        return "trigger tombstone_age needs tombstone_ttl, the time after which a delete must be "
               "final";
    }
    if (has_movement("expired_tombstones") && tombstone_ttl == 0) {
        return "movement expired_tombstones needs tombstone_ttl, the time after which a tombstone "
               "has expired";
    }
    if (has_trigger("staleness") && stale_after == 0) {
        return "trigger staleness needs stale_after, the time that a table may stay";
    }
    return {};
}

inline NamedTrigger Primitives::trigger_named(const std::string& name, const Options& options) {
    if (name == "run_count") return NamedTrigger(RunCount{});
    if (name == "tombstone_age") {
        return NamedTrigger(TombstoneAge{options.tombstone_ttl, options.size_ratio});
    }
    if (name == "tombstone_density") return NamedTrigger(TombstoneShare{options.tombstone_density});
    if (name == "space_amplification") {
        return NamedTrigger(SpaceAmplification{options.space_amplification});
    }
    if (name == "staleness") return NamedTrigger(Staleness{options.stale_after});
    return NamedTrigger(LevelSize{});
}

inline Primitives::Primitives(const Options& options) {
    layout_.size_ratio = options.size_ratio;
    layout_.spill = spill_named(options.spill);
    layout_.runs = options.runs_by_level();
    layout_.level1 = options.level1_runs;
    if (options.layout == "one_leveling" && options.level1_runs == 0) {
        layout_.level1 = options.size_ratio - 1;
    }
    if (options.layout == "lazy_leveling") layout_.last = 1;
    if (options.layout == "fluid") layout_.last = std::max<uint64_t>(options.last_runs, 1);
    if (options.layout == "per_level") layout_.last = options.last_runs;
    layout_.level2_bytes = options.level2_size;

    // Where tables are due by their tombstones' share, the others are left to the next movement.
    const NamedMovement::Parameters parameters{
        options.tombstone_ttl, options.size_ratio,
        options.has_trigger("tombstone_density") ? options.tombstone_density : 0};
    MovementList movements;
    for (const std::string& name : options.movement) {
        movements.movements.emplace_back(name, parameters);
    }
    wants_reads_ = movements.wants_reads();
    if (options.has_trigger("tombstone_age")) tombstone_lifetime_ = options.tombstone_ttl;
    if (!options.has_trigger("run_count")) {
        rules_.push_back({NamedTrigger(RunCount{}), NamedGranularity("level", {})});
    }
    for (size_t i = 0; i < options.trigger.size(); ++i) {
        rules_.push_back({trigger_named(options.trigger[i], options),
                          NamedGranularity(options.granularity_of(i), movements)});
    }
}

}  // namespace lsm::compaction
