// Historic bugs of real engines, each a switch at the place where it would bite here, so that the
// test machines can be tested: `./lab torture museum` turns on one after another and sees who
// catches it. framework/torture/museum_exhibits.cpp has their stories and sources.
//
// Only a build with -DLSMLAB_MUSEUM=ON has them. In any other, bug() is false when it is compiled,
// and nothing of them is left in the program.
#pragma once

#include <exception>

namespace lsm {

enum class Bug {
    none,
    // deleted data comes back
    tombstone_dropped_early,
    tombstone_ignores_same_level,
    tombstone_dropped_over_snapshot,
    range_delete_drops_snapshot_key,
    versions_of_a_key_split,
    range_bounds_left_out,
    range_tombstone_uncut_at_table_end,
    range_end_taken_as_inside,
    // order of data, snapshots, visibility
    output_run_in_front,
    memtables_flushed_out_of_order,
    first_hit_wins,
    two_compactions_share_inputs,
    overlap_end_exclusive,
    snapshot_sees_later_range_delete,
    snapshot_number_taken_outside_lock,
    sequence_read_before_view,
    half_batch_visible,
    conflict_check_sees_memtables_only,
    transaction_rides_unchecked,
    // logs and recovery
    failed_sync_retried,
    sync_error_swallowed,
    group_followers_told_ok,
    batch_split_in_log,
    hole_between_logs,
    log_name_not_durable,
    needed_log_taken_for_old,
    flush_claims_unflushed_logs,
    sequence_not_restored,
    rot_taken_for_torn_tail,
    damaged_record_skipped,
    file_number_reused,
    log_removed_before_manifest,
    // manifest, CURRENT and tables on disk
    manifest_name_not_durable,
    current_not_synced,
    current_written_in_place,
    table_not_synced,
    table_name_not_durable,
    tables_deleted_after_failed_manifest,
    old_manifest_removed_first,
    // reading tables
    read_error_is_not_found,
    read_error_ends_scan,
    checksum_not_verified,
    empty_filter_says_no,
    empty_key_left_out_of_filter,
    cache_key_without_table,
    separator_too_short,
    fence_ignores_sequence,
    shared_prefix_taken_on_trust,
    // iterators, time to live, threads
    iterator_turn_keeps_position,
    stale_iterator,
    scan_skips_table_end,
    expiry_overflows,
    expired_value_uncovers_older,
    next_leader_not_woken,
    memtable_freed_while_read,
};

#ifdef LSMLAB_MUSEUM
inline constexpr bool kMuseumBuild = true;
namespace detail {
inline Bug switched_on = Bug::none;
}
/// Whether this one is switched on.
inline bool bug(Bug one) { return detail::switched_on == one; }
/// Before any tree is opened; it stays on.
inline void switch_on(Bug one) { detail::switched_on = one; }
#else
inline constexpr bool kMuseumBuild = false;
constexpr bool bug(Bug) { return false; }
inline void switch_on(Bug) {}
#endif

/// Carries out the action; with this bug its errors are nobody's business.
template <class Action>
void swallowing(Bug one, Action action) {
    if (!bug(one)) return action();
    try {
        action();
    } catch (const std::exception&) {
    }
}

/// Carries out the action; with this bug once more when it fails.
template <class Action>
void retrying(Bug one, Action action) {
    if (!bug(one)) return action();
    try {
        action();
    } catch (const std::exception&) {
        action();
    }
}

/// Carries out the action; with this bug undoes something when it fails.
template <class Action, class Undo>
void undoing(Bug one, Action action, Undo undo) {
    if (!bug(one)) return action();
    try {
        action();
    } catch (const std::exception&) {
        undo();
        throw;
    }
}

}  // namespace lsm
