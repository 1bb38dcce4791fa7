#include "framework/torture/museum_exhibits.hpp"

namespace lsm::torture {

#define EXHIBIT(name) Bug::name, #name

namespace {

constexpr Exhibit kExhibits[] = {
    {EXHIBIT(tombstone_dropped_early),
     "A compaction takes it for granted that nothing older lies outside of it and lets a "
     "tombstone go while a deeper level still has the value.",
     "BadgerDB PR #1422 (2020), overlap asked of the top table only, deleted keys came back: "
     "https://github.com/dgraph-io/badger/pull/1422",
     "model"},
    {EXHIBIT(tombstone_ignores_same_level),
     "Only deeper levels are asked, so merging new runs inside one level loses a tombstone "
     "whose key an older run of the same level holds.",
     "RocksDB PR #2726, issue #2722 (2017; 5.7.1, HISTORY 5.8.0): "
     "https://github.com/facebook/rocksdb/pull/2726",
     "model"},
    {EXHIBIT(tombstone_dropped_over_snapshot),
     "A tombstone newer than a live snapshot is dropped, while the version that the snapshot "
     "needs is kept: the present sees the deleted value again.",
     "LevelDB issue #320 (2015; with snapshots; other mechanism) "
     "https://github.com/google/leveldb/issues/320; SurrealKV PR #351 (2026; snapshot and "
     "delete-at-bottom asked in the wrong order) "
     "https://github.com/surrealdb/surrealkv/pull/351",
     "model"},
    {EXHIBIT(range_delete_drops_snapshot_key),
     "A key that a range tombstone covers goes in a compaction though a snapshot from before "
     "the range delete still sees it.",
     "Pebble PR #1293, issue #1285 (2021) https://github.com/cockroachdb/pebble/pull/1293; "
     "CockroachDB #70886 https://github.com/cockroachdb/cockroach/issues/70886",
     "model"},
    {EXHIBIT(versions_of_a_key_split),
     "Outputs may be cut between two versions of one key; later the newer one moves down "
     "alone.",
     "LevelDB issue #320, PR #375 (cut at user keys, 2016): "
     "https://github.com/google/leveldb/pull/375",
     "model"},
    {EXHIBIT(range_bounds_left_out),
     "A table's smallest key does not reach down to its first range tombstone, so a lookup "
     "below never meets it and deleted keys reappear.",
     "RocksDB issue #2752, PR #2799 (2017, found by PingCAP; 5.7.3), HISTORY 5.8.0: "
     "https://github.com/facebook/rocksdb/issues/2752",
     "model"},
    {EXHIBIT(range_tombstone_uncut_at_table_end),
     "A range tombstone that spans two outputs is written whole into the first, whose bounds "
     "then run over the second table: its keys are looked for in the wrong table.",
     "Pebble issue #26 (2019), PR #2015 (2022) "
     "https://github.com/cockroachdb/pebble/issues/26; RocksDB PR #4432 (2018) and HISTORY "
     "5.18.0",
     "model"},
    {EXHIBIT(range_end_taken_as_inside),
     "A table that ends with a range tombstone claims its end key, which is the first key of "
     "the next table: a lookup of exactly that key says not found.",
     "RocksDB HISTORY 6.0.0 (2019)", "model"},
    {EXHIBIT(output_run_in_front),
     "The output of a merge inside a level is listed as the newest run, in front of runs that "
     "stayed.",
     "RocksDB issue #5913, PR #5958 (2019), HISTORY 6.6.0: "
     "https://github.com/facebook/rocksdb/issues/5913",
     "model"},
    {EXHIBIT(memtables_flushed_out_of_order),
     "The newest waiting memtable is flushed first, so an older one lands in front of it.",
     "RocksDB PR #10921 (2022), non-consecutive memtables picked "
     "https://github.com/facebook/rocksdb/pull/10921; ScyllaDB issue #1373 (2016) "
     "https://github.com/scylladb/scylladb/issues/1373",
     "crash"},
    {EXHIBIT(first_hit_wins),
     "A lookup stops at the first run that has the key, though a run behind it may hold a "
     "newer version.",
     "BadgerDB issue #2143 and PR #2330 (2026; 4.9.2 could compact level 0's newest entries, "
     "tombstones among them, below older versions): "
     "https://github.com/dgraph-io/badger/pull/2330",
     "model"},
    {EXHIBIT(two_compactions_share_inputs),
     "Inputs are not marked busy; a second compaction picks them again.",
     "RocksDB PR #6799 (2020), HISTORY after 6.10 "
     "https://github.com/facebook/rocksdb/pull/6799; YugabyteDB #2670 (2019) "
     "https://github.com/yugabyte/yugabyte-db/issues/2670",
     "concurrency"},
    {EXHIBIT(overlap_end_exclusive),
     "The overlap test takes a table's last key as not in it; a table that touches is left "
     "out.",
     "RocksDB PR #5215 (2019, wrong comparison in GetOverlappingInputsRangeBinarySearch) "
     "https://github.com/facebook/rocksdb/pull/5215; ScyllaDB #663 (2015, inclusiveness of a "
     "bound ignored) https://github.com/scylladb/scylladb/issues/663",
     "model"},
    {EXHIBIT(snapshot_sees_later_range_delete),
     "A snapshot read heeds a range tombstone that was written after it.",
     "RocksDB HISTORY 6.6.1 (#6062) ; CockroachDB PR #48320 (2020) "
     "https://github.com/cockroachdb/cockroach/pull/48320",
     "model"},
    {EXHIBIT(snapshot_number_taken_outside_lock),
     "The number is read, then a write, a flush and only then the registration.",
     "Pebble PR #751 (2020) https://github.com/cockroachdb/pebble/pull/751; RocksDB PR #9648 "
     "(2022) https://github.com/facebook/rocksdb/pull/9648",
     "concurrency"},
    {EXHIBIT(sequence_read_before_view),
     "A lookup fixes its sequence number, then takes a view whose flush already dropped that "
     "version: an existing key is not found.",
     "RocksDB PR #1816 (2017, HISTORY 5.2.0) and PR #6973 (2020): "
     "https://github.com/facebook/rocksdb/pull/1816, "
     "https://github.com/facebook/rocksdb/pull/6973",
     "concurrency"},
    {EXHIBIT(half_batch_visible),
     "The visible number moves with each inserted entry, so a reader sees half a batch.",
     "RocksDB issue #13429, PR #13428/#13489 (2025, part of a failed batch shown to readers): "
     "https://github.com/facebook/rocksdb/pull/13489",
     "concurrency"},
    {EXHIBIT(conflict_check_sees_memtables_only),
     "A transaction's check misses what was written and flushed since its snapshot: lost "
     "update.",
     "RocksDB PR #10724 (2022, the latest sequence of a key not found at the commit check) "
     "https://github.com/facebook/rocksdb/pull/10724; the cache-only check is quoted in issue "
     "#4402",
     "concurrency"},
    {EXHIBIT(transaction_rides_unchecked),
     "A transaction joins somebody else's commit group and is never checked.",
     "RocksDB issue #10663 (2022, plain writes slip in between check and write): "
     "https://github.com/facebook/rocksdb/issues/10663",
     "concurrency"},
    {EXHIBIT(failed_sync_retried), "A second sync after a failed one succeeds and is believed.",
     "fsyncgate, PostgreSQL commit (2018-11-19, seen at "
     "anzwix.com/a/PostgreSQL/PANIC%20On%20Fsync()%20Failure); Rebello et al., USENIX ATC 2020"
     " (abstract; LevelDB, LMDB, SQLite among the five): "
     "usenix.org/conference/atc20/presentation/rebello",
     "faults"},
    {EXHIBIT(sync_error_swallowed), "The sync failed and the writer is told all is well.",
     "HBase HBASE-11868 (0.98.5): issues.apache.org/jira/browse/HBASE-11868", "faults"},
    {EXHIBIT(group_followers_told_ok),
     "The leader's log write failed; those who rode along get success.",
     "RocksDB issue #3096 (2017; 4.6.1 to 5.8; HISTORY 5.10.0): "
     "https://github.com/facebook/rocksdb/issues/3096",
     "concurrency"},
    {EXHIBIT(batch_split_in_log),
     "A batch goes into the log as one record for each operation; a crash keeps half of it.",
     "SlateDB issue #762 (2025): https://github.com/slatedb/slatedb/issues/762", "crash"},
    {EXHIBIT(hole_between_logs),
     "A log that lost its tail is followed by the next one as if nothing were missing.",
     "RocksDB PR #7701 (2020) https://github.com/facebook/rocksdb/pull/7701 and PR #13226 "
     "(2024, detection); LevelDB issue #193 (2013) "
     "https://github.com/google/leveldb/issues/193",
     "crash"},
    {EXHIBIT(log_name_not_durable),
     "A new log is synced, its name in the folder is not: what was acknowledged from it is "
     "gone.",
     "etcd issue #6368 (2016) https://github.com/etcd-io/etcd/issues/6368; MongoRocks #35 "
     "(2016) https://github.com/mongodb-partners/mongo-rocks/issues/35",
     "crash"},
    {EXHIBIT(needed_log_taken_for_old), "Open leaves out a log that is still needed.",
     "CanopyDB issue #18 (2025) https://github.com/arthurprs/canopydb/issues/18; Cassandra "
     "CASSANDRA-4782 (2012, replay position from nanoTime; mail, "
     "mail-archives.apache.org/mod_mbox/cassandra-user/201210.mbox)",
     "model"},
    {EXHIBIT(flush_claims_unflushed_logs),
     "Flushing one memtable declares the logs of all others done.",
     "HBase HBASE-3481 (0.90.1; max sequence id in a flushed file too high, edits skipped in "
     "recovery): issues.apache.org/jira/browse/HBASE-3481 ; the same shape: SQLite WAL-reset "
     "bug (3.7.0-3.51.2, fixed 3.51.3, 2026)",
     "crash"},
    {EXHIBIT(sequence_not_restored),
     "After a replay the counter stays where the manifest had it: replayed data is invisible, "
     "numbers repeat.",
     "RocksDB PR #13465 (2025, check added after such an incident) "
     "https://github.com/facebook/rocksdb/pull/13465; PR #1486 (2016, miscount in recovery)",
     "crash"},
    {EXHIBIT(rot_taken_for_torn_tail),
     "Damage in the middle of the synced part ends the log quietly; all behind it is lost.",
     "Pebble issue #453 (WAL corruptions are silently ignored) "
     "https://github.com/cockroachdb/pebble/issues/453; RocksDB issue #6288, PR #6963 (2020)",
     "rot"},
    {EXHIBIT(damaged_record_skipped),
     "The reader searches on behind a damaged record and replays later ones over the gap.",
     "cqlite issue #1391 (2026, CRC mismatch skipped and replay goes on) "
     "https://github.com/pmcfadin/cqlite/issues/1391; the wanted-that-way form is RocksDB's "
     "kSkipAnyCorruptedRecords, PR #3001",
     "rot"},
    {EXHIBIT(file_number_reused),
     "The next number comes from the manifest alone, and hits a file that is there and needed.",
     "Pebble PR #788 (2020) https://github.com/cockroachdb/pebble/pull/788; RocksDB PR #7621 "
     "(2020), #2988 (2017), #6426 (2020, manifest truncated); LevelDB #904/#905 (2021)",
     "crash"},
    {EXHIBIT(log_removed_before_manifest),
     "Logs go once the table is written, the record that makes them unneeded comes after.",
     "RocksDB PR #7780 (2020): https://github.com/facebook/rocksdb/pull/7780", "crash"},
    {EXHIBIT(manifest_name_not_durable),
     "CURRENT may be durable before the entry of the manifest that it names.",
     "LevelDB issue #189 (2013): https://github.com/google/leveldb/issues/189", "crash"},
    {EXHIBIT(current_not_synced),
     "The new CURRENT is renamed into place without its bytes: zeros after a power loss.",
     "LevelDB issue #74 (2012, 16 zero bytes) https://github.com/google/leveldb/issues/74 and "
     "#75; RocksDB PR #4322 (2018, in checkpoints, HISTORY 5.17.0)",
     "crash"},
    {EXHIBIT(current_written_in_place),
     "CURRENT is truncated and written again, without a sibling.",
     "RocksDB-Cloud PR #265 (2023): https://github.com/rockset/rocksdb-cloud/pull/265; the "
     "same of OPTIONS files: Pebble PR #1264 (2021)",
     "kill"},
    {EXHIBIT(table_not_synced),
     "A table is named in the manifest before its bytes are durable: an empty file after a "
     "power loss.",
     "HoraeDB issue #394 (2022) https://github.com/apache/horaedb/issues/394; LevelDB #333 "
     "(2016, zero-sized table, cause open); SurrealKV #390",
     "crash"},
    {EXHIBIT(table_name_not_durable),
     "The folder is not synced between the table and the manifest record.",
     "RocksDB HISTORY 6.4.0 (2019); RocksDB PR #14780 (2026): "
     "https://github.com/facebook/rocksdb/pull/14780",
     "crash"},
    {EXHIBIT(tables_deleted_after_failed_manifest),
     "The manifest's sync failed, so the new tables are deleted; but the record is there after"
     " all.",
     "RocksDB issue #4990, PR #5379, #6949 (2019/20): "
     "https://github.com/facebook/rocksdb/issues/4990",
     "faults"},
    {EXHIBIT(old_manifest_removed_first), "The manifest in force is deleted before the new one is.",
     "RocksDB PR #12865 (2024, a failed new manifest was taken as good and the good one "
     "deleted; 9.5.2): https://github.com/facebook/rocksdb/pull/12865",
     "crash"},
    {EXHIBIT(read_error_is_not_found),
     "A block can not be read; the lookup goes on and gives an older version or nothing.",
     "RocksDB PR #6387 (2020; HISTORY 6.8.0: MultiGet ignores IO errors, stale results), again"
     " PR #12486 (2024): https://github.com/facebook/rocksdb/pull/6387",
     "faults"},
    {EXHIBIT(read_error_ends_scan),
     "An iterator that failed looks like one that is through; in a merge the rest of the input"
     " is lost for good.",
     "rocksdb-js issue #846 (2026, checksum mismatch ends a range silently) "
     "https://github.com/HarperFast/rocksdb-js/issues/846; FLINK-9373 (2018) "
     "https://github.com/apache/flink/pull/6020; nearcore PR #7125 (2022)",
     "faults"},
    {EXHIBIT(checksum_not_verified),
     "Damaged blocks are taken as they are; or only by compactions, which then write the "
     "damage down under a right checksum.",
     "StarRocks PR #77479 (2026) https://github.com/StarRocks/starrocks/pull/77479; LevelDB's "
     "unverified compaction reads: basho_docs #438 (2013) "
     "https://github.com/basho/basho_docs/issues/438; RocksDB HISTORY 2.8.0 (verification "
     "becomes the default)",
     "rot"},
    {EXHIBIT(empty_filter_says_no), "No filter means no key.",
     "LevelDB issue #1208 (2024, KeyMayMatch is false for a filter below two bytes: asked, not"
     " confirmed as a bug) https://github.com/google/leveldb/issues/1208; RocksDB PR #3776 "
     "(2018, the empty key skipped): https://github.com/facebook/rocksdb/pull/3776",
     "model"},
    {EXHIBIT(empty_key_left_out_of_filter),
     "The empty key is not put into the filter, which then denies it.",
     "RocksDB PR #3776 (2018): https://github.com/facebook/rocksdb/pull/3776", "model"},
    {EXHIBIT(cache_key_without_table),
     "A cached block of one table is served for another at the same offset.",
     "RocksDB issue #7405 (2020, fixed by PR #9126) "
     "https://github.com/facebook/rocksdb/issues/7405; TiKV's rocksdb PR #205 (2020); "
     "YugabyteDB #20852 (2024)",
     "model"},
    {EXHIBIT(separator_too_short),
     "The index holds a shortened last key that lies below the real one; keys between are "
     "looked for one block on.",
     "RocksDB HISTORY 5.14.0 (2018); Pebble PR #4303 (2025)", "model"},
    {EXHIBIT(fence_ignores_sequence),
     "A key's versions lie in two blocks; a snapshot's lookup stops in the first.",
     "RocksDB issue #14561 (2026, wrong sequence correction at block boundaries of the trie "
     "index): https://github.com/facebook/rocksdb/issues/14561",
     "model"},
    {EXHIBIT(shared_prefix_taken_on_trust),
     "Prefix compression: a row's rest is compared though the shared part does not match; "
     "another key's value is returned.",
     "RocksDB issue #6666, PR #6669 (2020; HISTORY 6.10; wrong bytes used as the shared "
     "prefix): https://github.com/facebook/rocksdb/pull/6669",
     "model"},
    {EXHIBIT(iterator_turn_keeps_position),
     "next() then previous() goes on from where the prefetched batch ended.",
     "RocksDB issue #648 (2015), PR #3989 (2018) "
     "https://github.com/facebook/rocksdb/issues/648; LevelDB issue #35 (2011)",
     "model"},
    {EXHIBIT(stale_iterator),
     "A seek leaves what the merge held before; old entries come out again.",
     "dain/leveldb issue #95 (2018, queue not cleared) "
     "https://github.com/dain/leveldb/issues/95; FoundationDB PR #3576 (2020, reused iterators"
     " give stale reads); RocksDB issue #9255 (2021)",
     "model"},
    {EXHIBIT(scan_skips_table_end), "A seek to a table's last key opens the next table.",
     "Pebble PR #429 (2019, boundary keys skipped): "
     "https://github.com/cockroachdb/pebble/pull/429",
     "model"},
    {EXHIBIT(expiry_overflows), "A very long ttl wraps and the value is expired at once.",
     "Cassandra CASSANDRA-14092 (2018; 3.0.16, 3.11.2): "
     "apache.googlesource.com/cassandra/+/trunk/CASSANDRA-14092.txt",
     "model"},
    {EXHIBIT(expired_value_uncovers_older),
     "An expired version is dropped, not made a tombstone, and an older one without ttl shows "
     "again.",
     "BadgerDB issue #464 (2018, the case is worked out in the thread about an experimental "
     "branch): https://github.com/dgraph-io/badger/issues/464",
     "model"},
    {EXHIBIT(next_leader_not_woken), "The leader leaves and wakes nobody: writers hang.",
     "RocksDB issue #1235 (writers stuck in AwaitState), HISTORY 5.15.0, 5.11.0 (Flush waits "
     "on) https://github.com/facebook/rocksdb/issues/1235",
     "concurrency"},
    {EXHIBIT(memtable_freed_while_read), "A flushed memtable goes while a lookup is in it.",
     "RocksDB issue #9066, PR #9805 (2022, use after free on a flushed memtable) "
     "https://github.com/facebook/rocksdb/pull/9805; ScyllaDB #23762 (2025)",
     "concurrency"},
};

}  // namespace

#undef EXHIBIT

std::span<const Exhibit> all_exhibits() { return kExhibits; }

}  // namespace lsm::torture
