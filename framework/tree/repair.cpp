#include "framework/tree/repair.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "framework/base/damage.hpp"
#include "framework/base/error.hpp"
#include "framework/base/show_entry.hpp"
#include "framework/base/text.hpp"
#include "framework/log/record.hpp"
#include "framework/tree/folder.hpp"
#include "framework/tree/verify.hpp"

namespace lsm {

namespace {

std::string table_name(TableId id) { return std::to_string(id) + ".table"; }
std::string log_name(uint64_t number) { return std::to_string(number) + ".log"; }

class Repair {
  public:
    Repair(FileSystem& files, const std::string& folder, const Registry& policies)
        : files_(files), folder_(folder), policies_(policies) {}

    RepairReport run() {
        found_ = verify();
        if (found_.sound()) {
            say("nothing is damaged; nothing was changed");
            return std::move(report_);
        }
        for (const Error& damage : found_.damage) say("damage: " + std::string(damage.what()));
        refuse_newer_manifests();
        make_quarantine();
        keep("CURRENT");
        if (!manifest_is_sound()) {
            if (!take_other_manifest()) rebuild_manifest();
            found_ = verify();
        }
        TreeState state = *found_.state;
        drop_tables(state);
        mend_logs(state);
        move_leftovers();
        state.sealed_log = 0;
        state.sealed_length = 0;
        state.named_log = 0;
        publish(state);
        found_ = verify();
        refuse_what_is_left();
        say(
            fmt::format("the folder opens again, with {} entries in tables and {} operations in "
                        "logs",
                        found_.entries, found_.log_entries));
        return std::move(report_);
    }

  private:
    /// But for filters, which only cost speed.
    void refuse_what_is_left() {
        std::set<std::string> slow;
        for (const VerifiedTable& table : found_.tables) {
            if (!table.only_filter) continue;
            slow.insert(table_path(folder_, table.id));
            say(table_name(table.id) +
                ": only its filter is damaged, so it stays; lookups go without the filter until a "
                "compaction writes the table anew");
        }
        for (const Error& damage : found_.damage) {
            if (!slow.contains(damage.place().file)) throw damage;
        }
    }

    VerifyReport verify() { return verify_locked_folder(files_, folder_, policies_); }
    void say(const std::string& words) { report_.words.push_back(words); }
    std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

    /// Also of those that CURRENT does not name: before anything is changed.
    void refuse_newer_manifests() {
        for (const uint64_t number : scan_folder(files_, folder_).manifests) {
            tell_damage(
                [&] { Manifest::read_file(files_, path_of(manifest_name(number)), number); },
                [](const Error&) {});
        }
    }

    void make_quarantine() {
        for (int number = 1; report_.quarantine.empty(); ++number) {
            const std::string path = path_of("quarantine-" + std::to_string(number));
            if (files_.create_new_folder(path)) report_.quarantine = path;
        }
        files_.sync_folder(folder_);
        say("what is damaged or not needed goes to " + report_.quarantine);
    }

    std::string place_in_quarantine(const std::string& name) {
        std::string place = report_.quarantine + "/" + name;
        for (int copy = 2; files_.exists(place); ++copy)
            place = report_.quarantine + "/" + name + "-" + std::to_string(copy);
        return place;
    }
    /// A copy of what is about to be replaced.
    void keep(const std::string& name) {
        if (files_.exists(path_of(name))) files_.link(path_of(name), place_in_quarantine(name));
        files_.sync_folder(report_.quarantine);
    }
    void move(const std::string& name) {
        if (!files_.exists(path_of(name))) return;
        files_.rename(path_of(name), place_in_quarantine(name));
        files_.sync_folder(report_.quarantine);
        files_.sync_folder(folder_);
    }

    bool manifest_is_sound() const {
        return found_.state.has_value() &&
               std::none_of(found_.damage.begin(), found_.damage.end(), [&](const Error& damage) {
                   const std::string& file = damage.place().file;
                   return file == path_of("CURRENT") || file.starts_with(path_of("MANIFEST-"));
               });
    }

    /// CURRENT is damaged or missing, but a manifest is there: the newest that can be read and
    /// whose tables lie here.
    bool take_other_manifest() {
        FolderListing listing = scan_folder(files_, folder_);
        std::reverse(listing.manifests.begin(), listing.manifests.end());
        for (const uint64_t number : listing.manifests) {
            try {
                const TreeState state =
                    Manifest::read_file(files_, path_of(manifest_name(number)), number);
                if (!tables_are_there(state)) continue;
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::corruption) throw;
                continue;
            }
            write_text_file(files_, path_of("CURRENT"), manifest_name(number) + "\n");
            if (!manifest_reads()) continue;
            say("CURRENT names " + manifest_name(number) +
                " again, the newest manifest that is whole");
            return true;
        }
        return false;
    }
    bool tables_are_there(const TreeState& state) {
        for (const LevelShape& level : state.shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    if (!files_.exists(table_path(folder_, table.id))) return false;
                }
            }
        }
        return true;
    }
    bool manifest_reads() {
        found_ = verify();
        return manifest_is_sound();
    }

    /// No manifest can be read: one is made of what the tables say of themselves.
    void rebuild_manifest() {
        const FolderListing listing = scan_folder(files_, folder_);
        for (const uint64_t number : listing.manifests) move(manifest_name(number));
        // Without a CURRENT that can be believed all tables were looked at by themselves.
        std::vector<TableShape> tables;
        for (const VerifiedTable& one : tables_by_themselves()) {
            if (one.sound || one.only_filter) {
                tables.push_back(one.properties->shape(one.id, one.stored_bytes));
                continue;
            }
            say_lost_table(
                table_name(one.id),
                one.properties ? one.properties->shape(one.id, one.stored_bytes) : TableShape{},
                one.properties.has_value());
            say("  older versions of its keys, deleted ones among them, may come back");
            move(table_name(one.id));
        }
        TreeState state;
        state.next_file = listing.highest_number + 1;
        lay_out(tables, state);
        choose_logs(state);
        Manifest(files_, folder_, state).close();
        files_.sync_folder(folder_);
        say(
            fmt::format("no manifest can be read: {} was made of the {} tables that are sound, by "
                        "their sequence numbers",
                        manifest_name(state.next_file - 1), tables.size()));
        say("tables that a compaction had already replaced may be among them: where it had removed "
            "a tombstone for good, what that deleted may have come back");
    }

    std::vector<VerifiedTable> tables_by_themselves() {
        // A CURRENT that leads nowhere keeps the manifest, which may be wrong, out of the way.
        if (!found_.state) return found_.tables;
        found_ = verify();
        return found_.tables;
    }

    /// Newest first; tables that follow each other and do not overlap share a run.
    static void lay_out(std::vector<TableShape> tables, TreeState& state) {
        std::sort(tables.begin(), tables.end(),
                  [](const TableShape& left, const TableShape& right) {
                      return left.newest_sequence != right.newest_sequence
                                 ? left.newest_sequence > right.newest_sequence
                                 : left.id > right.id;
                  });
        LevelShape level;
        for (TableShape& table : tables) {
            state.last_sequence = std::max(state.last_sequence, table.newest_sequence);
            state.shape.tick =
                std::max({state.shape.tick, table.created_tick, table.newest_write_tick});
            const auto overlaps = [&](const TableShape& other) { return other.overlaps(table); };
            if (level.runs.empty() || std::any_of(level.runs.back().tables.begin(),
                                                  level.runs.back().tables.end(), overlaps)) {
                level.runs.push_back({state.next_run++, {}, false});
            }
            // Its newest entry may be newer than the oldest of a table in front of it.
            for (const RunShape& run : level.runs) {
                for (const TableShape& other : run.tables) {
                    if (&run != &level.runs.back() &&
                        other.oldest_sequence < table.newest_sequence && overlaps(other))
                        level.runs.back().overtakes = true;
                }
            }
            auto& run = level.runs.back().tables;
            run.insert(std::upper_bound(run.begin(), run.end(), table,
                                        [](const TableShape& left, const TableShape& right) {
                                            return left.smallest < right.smallest;
                                        }),
                       std::move(table));
        }
        if (!level.runs.empty()) state.shape.levels.push_back(std::move(level));
    }

    /// A log whose entries are in tables must not be replayed: they would come to lie in front of
    /// newer ones. A memtable gets into tables whole, so its first entry tells.
    void choose_logs(TreeState& state) {
        state.first_log = state.next_file;
        for (const VerifiedLog& log : found_.logs) {
            if (log.first_sequence > state.last_sequence)
                state.first_log = std::min(state.first_log, log.number);
        }
    }

    void drop_tables(TreeState& state) {
        std::set<TableId> bad;
        for (const VerifiedTable& table : found_.tables) {
            if (!table.sound && !table.only_filter) bad.insert(table.id);
        }
        if (bad.empty()) return;
        for (size_t i = 0; i < state.shape.levels.size(); ++i) {
            for (RunShape& run : state.shape.levels[i].runs) {
                for (const TableShape& table : run.tables) {
                    if (!bad.contains(table.id)) continue;
                    say_lost_table(
                        fmt::format("{} (level {}, run {})", table_name(table.id), i + 1, run.id),
                        table, true);
                    say_what_comes_back(state.shape, table, bad);
                }
            }
        }
        for (LevelShape& level : state.shape.levels) {
            for (RunShape& run : level.runs) {
                std::erase_if(run.tables,
                              [&](const TableShape& table) { return bad.contains(table.id); });
            }
            std::erase_if(level.runs, [](const RunShape& run) { return run.tables.empty(); });
        }
        for (const TableId id : bad) move(table_name(id));
    }

    void say_lost_table(const std::string& name, const TableShape& table, bool known) {
        if (!known) {
            say("lost: " + name + ", which does not say any more what it held");
            return;
        }
        say(
            fmt::format("lost: {}: keys {} to {}{}, {} entries ({} tombstones), {} range "
                        "tombstones, sequence {} to {}",
                        name, shown_bytes(table.smallest), table.largest_open ? "below " : "",
                        shown_bytes(table.largest), table.entries, table.tombstones,
                        table.range_tombstones, table.oldest_sequence, table.newest_sequence));
    }

    void say_what_comes_back(const TreeShape& shape, const TableShape& lost,
                             const std::set<TableId>& bad) {
        std::vector<std::string> older;
        for (const LevelShape& level : shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    if (!bad.contains(table.id) && table.overlaps(lost) &&
                        table.oldest_sequence < lost.newest_sequence)
                        older.push_back(table_name(table.id));
                }
            }
        }
        if (older.empty()) {
            say("  no other table holds older versions of keys in that range: they are gone, and "
                "nothing comes back");
            return;
        }
        say(
            fmt::format("  older versions of keys in that range, deleted ones among them, may come "
                        "back from {}",
                        join(older)));
    }

    /// Keeps a prefix of commit order, in logs that recovery takes.
    void mend_logs(const TreeState& state) {
        bool ended = false;
        uint64_t lost = 0;
        LogEnd before;
        for (const VerifiedLog& log : found_.logs) {
            if (!ended && log.sound && log.follows) {
                if (log.torn) keep_torn(log);
                before = {log.number, whole_length(log.number), false};
                continue;
            }
            if (!ended && (!log.readable || log.follows)) {  // damaged, or sealed with more
                cut_log(log, before);
            } else {
                lost += log.entries;
                say(fmt::format(
                    "lost: {}: {} operations, sequence {} to {}: it lies behind a hole "
                    "in commit order",
                    log_name(log.number), log.entries, log.first_sequence, log.last_sequence));
                move(log_name(log.number));
            }
            ended = true;
        }
        if (ended || log_was_lost()) {
            say(fmt::format("lost: everything that was written after sequence number {}{}",
                            last_in_logs(state),
                            lost > 0 ? fmt::format(": the {} operations above, and what the damage "
                                                   "took",
                                                   lost)
                                     : "; how much that was nobody knows"));
        }
    }

    /// What lies behind a torn place is cut off by the next open. A crash leaves such, and a closed
    /// log that was damaged looks the same once no manifest says how long it was.
    void keep_torn(const VerifiedLog& log) {
        keep(log_name(log.number));
        say(
            fmt::format("{}: behind its {} operations lies what is not whole, as a crash leaves "
                        "it, or damage does; the next open cuts it off, so the whole log is in the "
                        "quarantine too",
                        log_name(log.number), log.entries));
        say_unread(log.number, log.last_sequence);
    }

    /// What can be read anywhere in the log and is newer than that is lost.
    void say_unread(uint64_t number, Sequence newest) {
        const uint64_t lost = operations_behind(number, newest);
        if (lost == 0) return;
        say(
            fmt::format("lost: {}: {} operations behind the damage, and what lies between; put in "
                        "without that they would be a state that never was",
                        log_name(number), lost));
    }

    uint64_t operations_behind(uint64_t number, Sequence newest) {
        const std::string path = log_path(folder_, number);
        const auto file = files_.open(path);
        std::string bytes(file->size(), '\0');
        if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), {});
        const RecordReader reader(bytes, path, number);
        uint64_t operations = 0, synced = 0;
        for (uint64_t offset = 0; offset < bytes.size();) {
            const auto payload = reader.record_at(offset, synced);
            if (!payload) {
                ++offset;
                continue;
            }
            const auto count = [&](const Entry& entry) {
                if (entry.sequence > newest) operations += 1;
            };
            // The header of the log is no batch.
            tell_damage([&] { decode_log_batch(*payload, path, offset, count); },
                        [](const Error&) {});
            offset += kRecordHeaderBytes + payload->size();
        }
        return operations;
    }

    bool log_was_lost() const {
        return std::any_of(found_.files.begin(), found_.files.end(), [](const VerifiedFile& file) {
            return file.is_missing && file.name.ends_with(".log");
        });
    }
    Sequence last_in_logs(const TreeState& state) {
        Sequence last = state.last_sequence;
        for (const VerifiedLog& log : verify().logs) {
            if (log.readable && log.follows) last = std::max(last, log.last_sequence);
        }
        return last;
    }
    uint64_t whole_length(uint64_t number) {
        LogRecovery ignored;
        return replay_log(files_, log_path(folder_, number), number, ignored, [](const Entry&) {})
            .length;
    }

    /// Replaces a damaged log by one of its batches in front of the damage.
    void cut_log(const VerifiedLog& log, const LogEnd& before) {
        const std::string path = log_path(folder_, log.number);
        keep(log_name(log.number));
        const std::string fresh = path_of("CURRENT.repaired-" + log_name(log.number));
        const uint64_t kept = copy_sound_batches(path, fresh, log.number, before);
        if (kept == 0) {
            files_.remove(fresh);
            files_.remove(path);  // its other name in the quarantine stays
        } else {
            files_.rename(fresh, path);
        }
        files_.sync_folder(folder_);
        say(fmt::format("{}: the {} operations in front of the damage stay, the rest is lost",
                        log_name(log.number), kept));
    }

    uint64_t copy_sound_batches(const std::string& from, const std::string& to, uint64_t number,
                                const LogEnd& before) {
        const auto file = files_.open(from);
        std::string bytes(file->size(), '\0');
        if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), {});
        LogWriter writer(files_, to, number, before, 0);
        uint64_t kept = 0;
        try {
            RecordReader reader(bytes, from, number);
            uint64_t synced = 0;
            uint64_t offset = 0;
            Sequence last = 0;
            for (auto payload = reader.record_at(offset, synced); payload;
                 payload = reader.record_at(offset, synced)) {
                if (offset == 0) {
                    decode_log_header(*payload, from);
                } else {
                    kept += append_batch(*payload, from, offset, writer, last);
                }
                offset += kRecordHeaderBytes + payload->size();
                if (offset > bytes.size()) break;
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::corruption) throw;
        }
        writer.sync();
        writer.close();
        return kept;
    }

    /// Only when it goes on where the one before ended.
    static uint64_t append_batch(std::string_view payload, const std::string& path, uint64_t offset,
                                 LogWriter& writer, Sequence& last) {
        Sequence first = 0;
        Sequence newest = 0;
        const uint64_t count = decode_log_batch(payload, path, offset, [&](const Entry& entry) {
            if (first == 0) first = entry.sequence;
            newest = entry.sequence;
        });
        if (last != 0 && first != last + 1) {
            throw Error(ErrorKind::corruption, "sequence numbers do not go on",
                        {path, offset, {}, {}});
        }
        writer.append(payload);
        last = newest;
        return count;
    }

    void move_leftovers() {
        for (const VerifiedFile& file : found_.files) {
            if (file.is_needed || !files_.exists(path_of(file.name))) continue;
            if (file.name.ends_with(".log"))
                say_unread(std::stoull(file.name), found_.state->last_sequence);
            move(file.name);
            say(file.name +
                " was not needed; it is in the quarantine, since opening would remove it");
        }
    }

    void publish(TreeState& state) {
        state.next_file =
            std::max(state.next_file, scan_folder(files_, folder_).highest_number + 1);
        for (const uint64_t number : scan_folder(files_, folder_).manifests)
            keep(manifest_name(number));
        Manifest(files_, folder_, state).close();
        const uint64_t now = state.next_file - 1;
        for (const uint64_t number : scan_folder(files_, folder_).manifests) {
            if (number != now) files_.remove(path_of(manifest_name(number)));  // kept above
        }
        files_.sync_folder(folder_);
    }

    FileSystem& files_;
    const std::string folder_;
    const Registry& policies_;
    RepairReport report_;
    VerifyReport found_;
};

}  // namespace

RepairReport repair_folder(FileSystem& files, const std::string& folder, const Registry& policies) {
    if (!files.exists(folder) || !files.is_folder(folder)) {
        throw Error(ErrorKind::io, "there is no such folder", {folder, {}, {}, {}},
                    "name a tree's folder");
    }
    const auto lock = files.lock(lock_path(folder));
    return Repair(files, folder, policies).run();
}

}  // namespace lsm
