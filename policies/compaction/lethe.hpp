// Lethe: leveling by tables that makes every delete final within a given time. Each level has a
// share of that time, T times as long as the one above; a table with a tombstone that has outstayed
// the shares down to its level goes down before anything else, the smallest level first. Source: S.
// Sarkar, T. I. Papon, D. Staratzis and M. Athanassoulis, "Lethe", SIGMOD 2020, section 4.1 (FADE);
// as "TSA" in Sarkar et al., VLDB 2021, table 2. Departs from it: ages count from the write and are
// held against the sum of the shares, so that a fast level leaves its time to the next; a tombstone
// that the last level holds (it was flushed there, or a snapshot kept it) is rewritten in place;
// what would expire before the next flush goes now; and KiWi, its layout for deletes by another
// key, is not here.
#pragma once

#include <string>

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class Lethe : public lsm::Primitives<LevelingLayout, Rule<RunCount, WholeLevel>,
                                     Rule<TombstoneAge, TableOf<MovementList>>,
                                     Rule<LevelSize, TableOf<MovementList>>> {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        uint64_t tombstone_ttl = 1000000;
        std::string pick = "least_overlap_parent";
        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("tombstone_ttl", &Options::tombstone_ttl, {1, 0x1p50}, "ticks",
                           "when a delete must be final (writes; milliseconds in realtime mode)"),
                    choice_option("pick", &Options::pick, NamedMovement::names(),
                                  "which table of a level that is too large goes down first; of "
                                  "equals the one with most tombstones")};
        }
    };
    static constexpr std::string_view about =
        "by tables, and no tombstone lives longer than it may (Lethe, SIGMOD 2020)";
    static constexpr Mapping mapping{"tombstone_age, level_size", "leveling (write_then_spill)",
                                     "table", "expired_tombstones / `pick`, tombstone_density"};

    explicit Lethe(const Options& options)
        : Primitives(
              LevelingLayout(options.size_ratio, Spill::write_then_spill), {},
              {{options.tombstone_ttl, options.size_ratio},
               TableOf(MovementList{{NamedMovement("expired_tombstones",
                                                   {options.tombstone_ttl, options.size_ratio, 0}),
                                     NamedMovement("tombstone_density")}})},
              {{},
               TableOf(MovementList{
                   {NamedMovement(options.pick), NamedMovement("tombstone_density")}})}),
          tombstone_ttl_(options.tombstone_ttl),
          wants_reads_(NamedMovement(options.pick).wants_reads()) {}

    bool wants_reads() const { return wants_reads_; }
    /// The tree holds it to that.
    uint64_t tombstone_lifetime() const { return tombstone_ttl_; }

  private:
    uint64_t tombstone_ttl_;
    bool wants_reads_;
};

}  // namespace lsm::compaction
