#include "framework/tree/verify.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "framework/base/damage.hpp"
#include "framework/base/printable.hpp"
#include "framework/table/table_check.hpp"
#include "framework/tree/folder.hpp"

namespace lsm {

namespace {

class Verification {
  public:
    Verification(FileSystem& files, const std::string& folder, const Registry& policies)
        : files_(files), folder_(folder), policies_(policies) {}

    VerifyReport run() {
        const FolderListing listing = scan_folder(files_, folder_);
        if (!listing.has_current && listing.tables.empty() && listing.logs.empty() &&
            listing.manifests.empty()) {
            throw Error(ErrorKind::io, "there is no tree here", {folder_, {}, {}, {}},
                        "name a tree's folder");
        }
        check_manifest(listing);
        if (report_.state) check_shape(*report_.state);
        check_tables(listing);
        check_logs(listing);
        name_leftovers(listing);
        for (const VerifiedFile& file : report_.files) report_.bytes += file.bytes;
        return std::move(report_);
    }

  private:
    std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

    void damaged(const std::string& name, const std::string& what,
                 std::optional<uint64_t> offset = {}) {
        take(Error(ErrorKind::corruption, what, {path_of(name), offset, {}, {}}));
    }
    void take(const Error& error) { report_.damage.push_back(error); }

    /// A step of one file; true when it found nothing wrong.
    template <class Step>
    bool attempt(Step step) {
        return tell_damage(step, [&](const Error& error) { take(error); });
    }

    /// Adds a line about a file; the damage is what was found since `damage_before`.
    VerifiedFile& add_file(const std::string& name, std::string holds, size_t damage_before) {
        VerifiedFile file{name, 0, std::move(holds), report_.damage.size() - damage_before};
        file.is_missing = !files_.exists(path_of(name));
        if (!file.is_missing) file.bytes = files_.file_size(path_of(name));
        return report_.files.emplace_back(std::move(file));
    }

    void check_manifest(const FolderListing& listing) {
        if (!listing.has_current) {
            damaged("CURRENT", "it is missing, though a tree's files lie here");
            add_file("CURRENT", "", 0);
            return;
        }
        attempt([&] { report_.state = Manifest::read(files_, folder_, &report_.notes); });
        const std::string text = read_text_file(files_, path_of("CURRENT"));
        const bool by_name =
            !report_.damage.empty() && report_.damage.back().place().file == path_of("CURRENT");
        add_file("CURRENT", by_name ? "" : "names " + printable(text.substr(0, text.size() - 1)), 0)
            .damage = by_name ? 1 : 0;
        if (by_name) return;
        manifest_ = text.substr(0, text.size() - 1);
        size_t runs = 0, tables = 0;
        if (report_.state) {
            for (const LevelShape& level : report_.state->shape.levels) {
                runs += level.runs.size();
                for (const RunShape& run : level.runs) tables += run.tables.size();
            }
        }
        add_file(manifest_,
                 report_.state ? fmt::format("{} levels, {} runs, {} tables",
                                             report_.state->shape.levels.size(), runs, tables)
                               : "",
                 0);
    }

    /// What the manifest says, held against itself.
    void check_shape(const TreeState& state) {
        std::set<TableId> ids;
        std::set<RunId> run_ids;
        const size_t before = report_.damage.size();
        for (size_t i = 0; i < state.shape.levels.size(); ++i) {
            for (const RunShape& run : state.shape.levels[i].runs) {
                const std::string where = fmt::format("run {} on level {}", run.id, i + 1);
                if (!run_ids.insert(run.id).second || run.id >= state.next_run)
                    damaged(manifest_, where + " has a number that was given before or never", 0);
                if (run.tables.empty()) damaged(manifest_, where + " has no tables", 0);
                check_run(run, where, state, ids);
            }
        }
        report_.files.back().damage += report_.damage.size() - before;
    }

    void check_run(const RunShape& run, const std::string& where, const TreeState& state,
                   std::set<TableId>& ids) {
        const TableShape* last = nullptr;
        for (const TableShape& table : run.tables) {
            if (!ids.insert(table.id).second || table.id >= state.next_file) {
                damaged(manifest_,
                        fmt::format("table {} in {} has a number that was given before or never",
                                    table.id, where),
                        0);
            }
            if (table.ends_before(table.smallest)) {
                damaged(manifest_,
                        fmt::format("table {} in {} ends before it begins", table.id, where), 0);
            }
            if (last != nullptr && !last->ends_before(table.smallest)) {
                damaged(manifest_,
                        fmt::format("tables {} and {} of {} overlap or are out of order", last->id,
                                    table.id, where),
                        0);
            }
            if (table.newest_sequence > state.last_sequence) {
                damaged(manifest_,
                        fmt::format("table {} in {} holds sequence number {}, above {}, the last",
                                    table.id, where, table.newest_sequence, state.last_sequence),
                        0);
            }
            last = &table;
        }
    }

    void check_tables(const FolderListing& listing) {
        std::map<TableId, std::pair<const TableShape*, std::string>> named;
        if (report_.state) {
            const auto& levels = report_.state->shape.levels;
            for (size_t i = 0; i < levels.size(); ++i) {
                for (const RunShape& run : levels[i].runs) {
                    for (const TableShape& table : run.tables)
                        named[table.id] = {&table,
                                           fmt::format("level {}, run {}: ", i + 1, run.id)};
                }
            }
        }
        for (const auto& [id, table] : named) check_table_file(id, table.first, table.second);
        for (const TableId id : listing.tables) {
            if (named.contains(id)) continue;
            // Without a manifest nobody knows which are needed.
            if (!report_.state) check_table_file(id, nullptr, "");
        }
    }

    void check_table_file(TableId id, const TableShape* said, const std::string& where) {
        const std::string name = std::to_string(id) + ".table";
        const size_t before = report_.damage.size();
        VerifiedTable one{id, said != nullptr, false, false, {}, 0};
        std::string holds = where;
        if (!files_.exists(path_of(name))) {
            damaged(name, "a table that the manifest names is missing");
        } else {
            const ReadContext context{Cause::backup, 0, false, nullptr};
            const TableCheck check = check_table(files_, path_of(name), id, policies_, context,
                                                 [this](const Error& error) { take(error); });
            one.properties = check.properties;
            one.stored_bytes = check.stored_bytes;
            if (said != nullptr) compare(name, *said, check);
            one.only_filter = check.only_filter && report_.damage.size() == before + 1;
            report_.entries += check.entries;
            holds += described(check);
        }
        one.sound = report_.damage.size() == before;
        add_file(name, holds, before);
        report_.tables.push_back(std::move(one));
    }

    std::string described(const TableCheck& check) {
        if (!check.properties) return "unreadable";
        if (!check.format_known) {
            report_.notes.push_back("this program does not know the format " +
                                    printable(check.properties->format) +
                                    ": tables of it were not looked into");
            return "format " + printable(check.properties->format) + ", not looked into";
        }
        return fmt::format("{} entries in {} blocks, {}", check.entries, check.blocks,
                           check.filter_checked ? "filter " + check.properties->filter
                                                : "no filter that can be checked");
    }

    /// What the table says of itself against what the manifest says of it.
    void compare(const std::string& name, const TableShape& said, const TableCheck& check) {
        if (check.stored_bytes != said.stored_bytes) {
            damaged(name,
                    fmt::format("the table has {} bytes, the manifest says {}", check.stored_bytes,
                                said.stored_bytes),
                    std::min(check.stored_bytes, said.stored_bytes));
        }
        if (!check.properties) return;
        const TableShape is = check.properties->shape(said.id, check.stored_bytes);
        const auto differs = [&](const char* what, const auto& there, const auto& expected) {
            if (there == expected) return;
            damaged(name, std::string("its ") + what + " is not what the manifest says", 0);
        };
        differs("first key", is.smallest, said.smallest);
        differs("last key", is.largest, said.largest);
        differs("last key's bound", is.largest_open, said.largest_open);
        differs("number of entries", is.entries, said.entries);
        differs("number of tombstones", is.tombstones, said.tombstones);
        differs("number of range tombstones", is.range_tombstones, said.range_tombstones);
        differs("logical size", is.logical_bytes, said.logical_bytes);
        differs("filter's size", is.filter_bits, said.filter_bits);
        differs("first sequence number", is.oldest_sequence, said.oldest_sequence);
        differs("last sequence number", is.newest_sequence, said.newest_sequence);
        differs("time of expiry", is.expires_tick, said.expires_tick);
    }

    void check_logs(const FolderListing& listing) {
        // Without a manifest nobody knows whether logs before the first one are missing.
        const uint64_t first_log = report_.state          ? report_.state->first_log
                                   : listing.logs.empty() ? 0
                                                          : listing.logs.front();
        const uint64_t sealed =
            report_.state && report_.state->sealed_length > 0 ? report_.state->sealed_log : 0;
        LogEnd before;
        bool goes_on = true, before_known = true;
        for (const LogPlace& place : logs_of(listing, first_log)) {
            const uint64_t number = place.number;
            const size_t damage_before = report_.damage.size();
            VerifiedLog one{number, false, true, false, false, 0, 0, 0};
            LogReplay replay;
            one.readable = attempt([&] { replay = read_log(one, place.end); });
            if (place.never_begun) continue;
            one.sound = one.readable;
            one.torn = one.readable && !replay.whole;
            if (one.readable && number == sealed && replay.length < report_.state->sealed_length) {
                one.sound = false;
                damaged(std::to_string(number) + ".log",
                        fmt::format("the log was closed with {} bytes, of which {} are whole",
                                    report_.state->sealed_length, replay.length),
                        replay.length);
            }
            if (one.readable && before_known) {
                const std::string path = log_path(folder_, number);
                if (!attempt(
                        [&] { goes_on = log_follows(replay, before, first_log, path) && goes_on; }))
                    one.sound = goes_on = false;
            }
            one.follows = goes_on;
            goes_on = goes_on && replay.whole;
            before = {number, replay.length, false};
            before_known = one.readable;
            report_.log_entries += one.entries;
            add_file(std::to_string(number) + ".log", words_of(one, replay), damage_before);
            report_.logs.push_back(one);
        }
        if (!report_.state) return;
        if (const auto missing = missing_log(folder_, listing, *report_.state)) {
            const size_t damage_before = report_.damage.size();
            report_.damage.push_back(*missing);
            add_file(missing->place().file.substr(folder_.size() + 1), "", damage_before);
        }
    }

    /// As recovery takes them, or all of them when their headers keep it from that.
    std::vector<LogPlace> logs_of(const FolderListing& listing, uint64_t first_log) {
        TreeState state = report_.state.value_or(TreeState{});
        state.first_log = first_log;
        try {
            return needed_logs(files_, folder_, listing, state);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::corruption) throw;
        }
        std::vector<LogPlace> logs;
        for (const uint64_t number : listing.logs) {
            if (number >= first_log) logs.push_back({number, UINT64_MAX, false});
        }
        return logs;
    }

    /// As recovery reads it; sequence numbers must count up without a hole besides.
    LogReplay read_log(VerifiedLog& one, uint64_t end) {
        LogRecovery recovery;
        const std::string path = log_path(folder_, one.number);
        const auto take = [&](const Entry& entry) {
            if (one.entries > 0 && entry.sequence != one.last_sequence + 1) {
                throw Error(
                    ErrorKind::corruption,
                    fmt::format("sequence number {} follows {}", entry.sequence, one.last_sequence),
                    {path, {}, {}, {}});
            }
            if (one.entries == 0) one.first_sequence = entry.sequence;
            one.last_sequence = entry.sequence;
            one.entries += 1;
        };
        LogReplay replay = replay_log(files_, path, one.number, recovery, take, end);
        for (std::string& note : recovery.notes) report_.notes.push_back(std::move(note));
        return replay;
    }

    static std::string words_of(const VerifiedLog& one, const LogReplay& replay) {
        if (!one.readable) return "";
        std::string words = fmt::format("{} operations", one.entries);
        if (one.entries > 0)
            words += fmt::format(", sequence {} to {}", one.first_sequence, one.last_sequence);
        if (!replay.whole) words += ", ends in a torn tail";
        if (!one.follows && one.entries > 0) words += ", not taken by recovery";
        return words;
    }

    void name_leftovers(const FolderListing& listing) {
        std::set<std::string> known;
        for (const VerifiedFile& file : report_.files) known.insert(file.name);
        const auto leave = [&](const std::string& name) {
            if (known.contains(name)) return;
            VerifiedFile& file =
                add_file(name, "left by a crash, not needed", report_.damage.size());
            file.is_needed = false;
        };
        for (const TableId id : listing.tables) leave(std::to_string(id) + ".table");
        for (const uint64_t number : listing.logs) leave(std::to_string(number) + ".log");
        for (const uint64_t number : listing.manifests) leave(manifest_name(number));
    }

    FileSystem& files_;
    const std::string folder_;
    const Registry& policies_;
    VerifyReport report_;
    std::string manifest_;  // its name; empty when CURRENT does not say
};

}  // namespace

VerifyReport verify_locked_folder(FileSystem& files, const std::string& folder,
                                  const Registry& policies) {
    return Verification(files, folder, policies).run();
}

VerifyReport verify_folder(FileSystem& files, const std::string& folder, const Registry& policies) {
    if (!files.exists(folder) || !files.is_folder(folder)) {
        throw Error(ErrorKind::io, "there is no such folder", {folder, {}, {}, {}},
                    "name a tree's folder");
    }
    const auto lock = files.lock_unchanged(lock_path(folder));
    return verify_locked_folder(files, folder, policies);
}

}  // namespace lsm
