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
                option(
                    "tombstone_ttl", &Options::tombstone_ttl, {0, 0x1p50}, "ticks",
                    "trigger tombstone_age: when a delete must be final (writes; milliseconds in "
                    "realtime mode); the movement expired_tombstones alone prefers such tables "
                    "and promises nothing"),
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

        std::vector<OptionProblem> problems() const;
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
        void check_lists(std::vector<OptionProblem>& all) const;
        void check_granularities(std::vector<OptionProblem>& all) const;
        void check_layout(std::vector<OptionProblem>& all) const;
        void check_parameters(std::vector<OptionProblem>& all) const;
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

inline std::vector<OptionProblem> Primitives::Options::problems() const {
    std::vector<OptionProblem> all;
    check_lists(all);
    check_layout(all);
    check_parameters(all);
    return all;
}

inline void Primitives::Options::check_lists(std::vector<OptionProblem>& all) const {
    if (trigger.empty()) {
        all.push_back({"trigger", "it is empty: then nothing would ever be compacted"});
    } else if (granularity.size() != 1 && granularity.size() != trigger.size()) {
        all.push_back({"granularity", "it has " + count_of(granularity.size(), "word") + " for " +
                                          count_of(trigger.size(), "trigger") +
                                          ": give one for each, or one for all"});
    } else {
        check_granularities(all);
    }
    if (takes_tables() && movement.empty()) {
        all.push_back({"granularity", "table and tables need a movement that says which table"});
    }
    if (!takes_tables() && !movement.empty()) {
        all.push_back(
            {"movement", movement[0] + " picks a table, and no granularity is table or tables"});
    }
}

/// Precondition: one for each trigger, or one for all.
inline void Primitives::Options::check_granularities(std::vector<OptionProblem>& all) const {
    const std::vector<uint64_t> runs = runs_by_level();
    const bool leveled = layout == "leveling" || layout == "one_leveling";
    const bool tiered_below =
        layout == "tiering" || (!leveled && size_ratio > 2 &&
                                std::find(runs.begin(), runs.end(), size_ratio - 1) != runs.end());
    bool runs_down = false;
    for (size_t i = 0; i < trigger.size(); ++i) {
        const std::string& taken = granularity_of(i);
        runs_down = runs_down || taken == "run";
        if (trigger[i] != "level_size") continue;
        if (NamedGranularity::by_table(taken) && spill == "bypass") {
            all.push_back({"spill",
                           "tables of a level that is too large go down one by one only under "
                           "write_then_spill; under bypass no level ever is"});
        }
        if (taken == "tree") {
            all.push_back({"granularity",
                           "tree leaves the last level as large as it is: not for level_size"});
        }
    }
    if (runs_down && tiered_below) {
        all.push_back({"granularity",
                       "run merges a run into the next level's newest run, and a level where each "
                       "arrival stays a run would never be due again"});
    }
}

inline void Primitives::Options::check_layout(std::vector<OptionProblem>& all) const {
    const auto only_with = [&](bool right, const char* option, const char* layouts) {
        if (!right) all.push_back({option, std::string("it goes with layout: ") + layouts});
    };
    only_with(layout == "fluid" || upper_runs == 0, "upper_runs", "fluid");
    only_with(layout == "fluid" || layout == "per_level" || last_runs == 0, "last_runs",
              "fluid or per_level");
    only_with(layout == "per_level" || level_runs.empty(), "level_runs", "per_level");
    only_with(layout == "leveling" || layout == "one_leveling" || level2_size == 0, "level2_size",
              "leveling or one_leveling");
    if (layout == "fluid") check_arrivals("upper_runs", upper_runs, size_ratio, all);
    if (layout == "per_level") {
        for (const uint64_t one : level_runs) {
            check_arrivals("level_runs", one, size_ratio, all);
        }
    }
    if (layout == "fluid" || layout == "per_level") {
        check_arrivals("last_runs", last_runs, size_ratio, all);
    }
    if (!trigger.empty() && spill == "write_then_spill" && layout != "tiering" &&
        !has_trigger("level_size")) {
        all.push_back({"trigger",
                       "under spill: write_then_spill only level_size takes a leveled level down: "
                       "name it, or say spill: bypass"});
    }
}

inline void Primitives::Options::check_parameters(std::vector<OptionProblem>& all) const {
    const Options defaults;
    const auto unused = [&](bool is_set, const char* option, const std::string& owner) {
        if (is_set) all.push_back({option, "it goes with the " + owner});
    };
    unused(
        tombstone_ttl > 0 && !has_trigger("tombstone_age") && !has_movement("expired_tombstones"),
        "tombstone_ttl",
        "trigger tombstone_age, which keeps it, or the movement expired_tombstones, which "
        "prefers such tables");
    unused(stale_after > 0 && !has_trigger("staleness"), "stale_after", "trigger staleness");
    unused(tombstone_density != defaults.tombstone_density && !has_trigger("tombstone_density"),
           "tombstone_density", "trigger of that name");
    unused(
        space_amplification != defaults.space_amplification && !has_trigger("space_amplification"),
        "space_amplification", "trigger of that name");
    if (has_trigger("tombstone_age") && tombstone_ttl == 0) {
        all.push_back({"trigger",
                       "tombstone_age needs tombstone_ttl, the time after which a delete must be "
                       "final"});
    }
    if (has_movement("expired_tombstones") && tombstone_ttl == 0) {
        all.push_back({"movement",
                       "expired_tombstones needs tombstone_ttl, the time after which a tombstone "
                       "has expired"});
    }
    if (has_trigger("staleness") && stale_after == 0) {
        all.push_back({"trigger", "staleness needs stale_after, the time that a table may stay"});
    }
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
