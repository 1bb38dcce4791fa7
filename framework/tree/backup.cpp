#include "framework/tree/backup.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/printable.hpp"
#include "framework/log/manifest.hpp"
#include "framework/os/io_error.hpp"
#include "framework/table/table_check.hpp"
#include "framework/tree/folder.hpp"

namespace lsm {

namespace {

constexpr uint64_t kPieceBytes = 1 << 20;
constexpr IoTag kTag{Cause::backup, BlockKind::data, 0};
constexpr std::string_view kFirstWords = "lsmlab backup ";
constexpr uint64_t kBackupVersion = 1;

struct BackedUp {
    std::string name;
    uint64_t size = 0;
    uint64_t checksum = 0;
};

/// `offset`: of a file that is not missing.
Error damaged(const std::string& path, const std::string& what,
              std::optional<uint64_t> offset = {}) {
    return Error(ErrorKind::corruption, what, {path, offset, {}, {}}, "use another backup");
}

std::string hex(uint64_t number) {
    std::string digits(16, '0');
    for (size_t i = 16; i-- > 0; number >>= 4) digits[i] = "0123456789abcdef"[number & 15];
    return digits;
}

/// Reads a file piece by piece; returns its checksum.
template <class Take>
uint64_t read_pieces(const ReadableFile& file, Take take) {
    uint64_t checksum = 0;
    std::string piece;
    for (uint64_t offset = 0; offset < file.size(); offset += piece.size()) {
        piece.resize(std::min(kPieceBytes, file.size() - offset));
        file.read(offset, piece.size(), piece.data(), kTag);
        checksum = hash_bytes(piece, checksum);
        take(piece);
    }
    return checksum;
}

BackedUp copy_file(FileSystem& files, const std::string& from, const std::string& to,
                   const std::string& name) {
    const auto source = files.open(from + "/" + name);
    const auto copy = files.create(to + "/" + name);
    const uint64_t checksum =
        read_pieces(*source, [&](const std::string& piece) { copy->append(piece, kTag); });
    copy->sync();
    copy->close();
    return {name, source->size(), checksum};
}

/// A copy does not belong among the files that it is a copy of.
void refuse_inside(FileSystem& files, const std::string& source, const std::string& target) {
    if (files.real_path(target).starts_with(files.real_path(source) + "/")) {
        throw Error(ErrorKind::usage, "the target lies in the folder that is copied",
                    {target, {}, {}, {}}, "name a folder beside it");
    }
}

void make_empty_folder(FileSystem& files, const std::string& folder) {
    if (files.exists(folder) && !(files.is_folder(folder) && files.list(folder).empty())) {
        throw Error(ErrorKind::io, "the target is there and not empty", {folder, {}, {}, {}},
                    "name a new or an empty folder");
    }
    create_folder_durably(files, folder);
}

/// Runs what fills a new folder; when that fails the folder is empty again, for another try.
template <class Action>
void fill_folder(FileSystem& files, const std::string& folder, Action action) {
    make_empty_folder(files, folder);
    try {
        action();
    } catch (...) {
        try {
            for (const std::string& name : files.list(folder)) files.remove(folder + "/" + name);
        } catch (...) {
            // The first error says more.
        }
        throw;
    }
}

/// Every block, where the table's format is known; else its name goes into `unknown`.
void check_table(FileSystem& files, const std::string& folder, const TableShape& table,
                 const Registry& policies, std::set<std::string>& unknown) {
    const std::string path = table_path(folder, table.id);
    if (!files.exists(path)) throw damaged(path, "a table that the manifest names is missing");
    if (files.file_size(path) != table.stored_bytes) {
        throw damaged(path,
                      "the table has " + std::to_string(files.file_size(path)) +
                          " bytes, the manifest says " + std::to_string(table.stored_bytes),
                      std::min(files.file_size(path), table.stored_bytes));
    }
    const TableCheck check =
        check_table(files, path, table.id, policies, {Cause::backup, 0, false, nullptr},
                    [](const Error& error) { throw error; });
    if (!check.format_known) unknown.insert(check.properties->format);
}

/// The logs that recovery will want, checked as recovery checks them.
std::vector<std::string> checked_logs(FileSystem& files, const std::string& folder,
                                      const FolderListing& listing, const TreeState& state) {
    std::vector<std::string> names;
    LogEnd before;
    LogRecovery ignored;
    if (const auto missing = missing_log(folder, listing, state)) throw *missing;
    bool sealed = state.sealed_length == 0;
    for (const auto& [number, end, never_begun] : needed_logs(files, folder, listing, state)) {
        const std::string path = log_path(folder, number);
        const LogReplay replay = replay_log(files, path, number, ignored, [](const Entry&) {}, end);
        if (never_begun) continue;
        log_follows(replay, before, state.first_log, path);
        sealed = sealed || (number == state.sealed_log && replay.length >= state.sealed_length);
        before = {number, replay.length, false};
        names.push_back(std::to_string(number) + ".log");
    }
    if (!sealed)
        throw damaged(log_path(folder, state.sealed_log),
                      "the log that was closed with the tree is cut short",
                      files.file_size(log_path(folder, state.sealed_log)));
    return names;
}

std::string list_of(const std::vector<BackedUp>& all) {
    std::string text = std::string(kFirstWords) + std::to_string(kBackupVersion) + "\n";
    for (const BackedUp& one : all)
        text += one.name + " " + std::to_string(one.size) + " " + hex(one.checksum) + "\n";
    return text + "end " + std::to_string(all.size()) + " " + hex(hash_bytes(text, 0)) + "\n";
}

/// Names that a tree's files have, each once, and what makes them a tree: a list that was made to
/// do harm leads out of its folder, or over files of the target that are not the tree's.
void check_names(const std::string& backup, const std::vector<BackedUp>& all) {
    const std::string path = backup + "/BACKUP";
    std::set<std::string> names;
    for (const BackedUp& one : all) {
        if (!is_tree_file(one.name) || !names.insert(one.name).second) {
            throw damaged(path,
                          "`" + printable(one.name) +
                              "` is no file of a tree's, or is twice "
                              "in the list",
                          0);
        }
    }
    if (!names.contains("CURRENT")) throw damaged(path, "CURRENT is not in the list", 0);
}

/// Asked once the files are known to be what the list says.
void check_manifest(FileSystem& files, const std::string& backup,
                    const std::vector<BackedUp>& all) {
    const std::string current = read_text_file(files, backup + "/CURRENT");
    for (const BackedUp& one : all) {
        if (one.name.starts_with("MANIFEST-") && current == one.name + "\n") return;
    }
    throw damaged(backup + "/BACKUP",
                  "the manifest that CURRENT names is not in the list: " + printable(current), 0);
}

/// Whether the last line has the checksum of those before it, as in any version.
bool is_whole(const std::string& text) {
    const size_t last = text.rfind("\nend ");
    if (last == std::string::npos) return false;
    return text.ends_with(" " + hex(hash_bytes(text.substr(0, last + 1), 0)) + "\n");
}

/// Where two texts begin to differ.
uint64_t first_difference(const std::string& one, const std::string& other) {
    const auto [at, ignored] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    return static_cast<uint64_t>(at - one.begin());
}

/// Takes the text apart; any text that list_of() does not make is damage.
std::vector<BackedUp> parse_list(const std::string& text, const std::string& path) {
    std::vector<BackedUp> all;
    if (!text.starts_with(kFirstWords)) throw damaged(path, "it is no list of a backup", 0);
    uint64_t version = 0;
    std::from_chars(text.data() + kFirstWords.size(), text.data() + text.size(), version);
    if (version > kBackupVersion && is_whole(text)) {
        throw Error(ErrorKind::version,
                    "backup format version " + std::to_string(version) +
                        " is newer than this program's " + std::to_string(kBackupVersion),
                    {path, {}, {}, {}}, "restore it with a newer lsmlab");
    }
    for (size_t begin = text.find('\n') + 1; begin > 0 && begin < text.size();) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        const size_t first = line.find(' '), second = line.find(' ', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            throw damaged(path, "a line is not whole: " + printable(line), begin);
        begin = end + 1;
        BackedUp one{line.substr(0, first), 0, 0};
        std::from_chars(line.data() + first + 1, line.data() + second, one.size);
        std::from_chars(line.data() + second + 1, line.data() + line.size(), one.checksum, 16);
        if (one.name != "end") all.push_back(one);
    }
    if (const std::string right = list_of(all); right != text)
        throw damaged(path, "the list of the backup is damaged", first_difference(text, right));
    return all;
}

void check_file(FileSystem& files, const std::string& folder, const BackedUp& one) {
    const std::string path = folder + "/" + one.name;
    if (!files.exists(path)) throw damaged(path, "a file of the backup is missing");
    const auto file = files.open(path);
    if (file->size() != one.size) {
        throw damaged(path,
                      "the file has " + std::to_string(file->size()) +
                          " bytes, the backup's list says " + std::to_string(one.size),
                      std::min(file->size(), one.size));
    }
    if (read_pieces(*file, [](const std::string&) {}) != one.checksum)
        throw damaged(path, "the file does not match its checksum", 0);
}

/// By the tree's lock, which is only read where it is there: the folder may be one that can not be
/// written. On a read-only mount there is no writer to keep away.
std::unique_ptr<FileLock> keep_writers_away(FileSystem& files, const std::string& folder) {
    try {
        if (auto lock = files.lock_unchanged(lock_path(folder))) return lock;
        return files.lock(lock_path(folder));
    } catch (const ReadOnlyMountError&) {
        return nullptr;
    }
}

BackupSummary summary_of(const std::vector<BackedUp>& all) {
    BackupSummary summary;
    for (const BackedUp& one : all) {
        summary.files += 1;
        summary.bytes += one.size;
    }
    return summary;
}

}  // namespace

BackupSummary backup_folder(FileSystem& files, const std::string& source, const std::string& target,
                            const Registry& policies) {
    if (!files.exists(source + "/CURRENT")) {
        if (files.is_folder(source)) list_folder(files, source);  // throws where it was a tree
        throw Error(ErrorKind::io, "there is no tree here", {source, {}, {}, {}},
                    "name a tree's folder");
    }
    refuse_inside(files, source, target);
    const auto lock = keep_writers_away(files, source);
    const FolderListing listing = list_folder(files, source);
    const TreeState state = *Manifest::read(files, source);
    const std::string current = read_text_file(files, source + "/CURRENT");
    std::set<std::string> unknown;
    std::vector<std::string> names = checked_logs(files, source, listing, state);
    for (const LevelShape& level : state.shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                check_table(files, source, table, policies, unknown);
                names.push_back(std::to_string(table.id) + ".table");
            }
        }
    }
    names.push_back(current.substr(0, current.size() - 1));
    names.emplace_back("CURRENT");
    std::vector<BackedUp> all;
    fill_folder(files, target, [&] {
        for (const std::string& name : names) all.push_back(copy_file(files, source, target, name));
        files.sync_folder(target);
        write_text_file(files, target + "/BACKUP", list_of(all));
    });
    BackupSummary summary = summary_of(all);
    summary.unknown_formats.assign(unknown.begin(), unknown.end());
    return summary;
}

BackupSummary restore_backup(FileSystem& files, const std::string& backup,
                             const std::string& target) {
    const std::string path = backup + "/BACKUP";
    refuse_inside(files, backup, target);
    if (!files.exists(path))
        throw damaged(path, "it is missing: the backup was not finished, or is none");
    const std::vector<BackedUp> all = parse_list(read_text_file(files, path), path);
    check_names(backup, all);
    for (const BackedUp& one : all) check_file(files, backup, one);
    check_manifest(files, backup, all);
    fill_folder(files, target, [&] {
        // CURRENT is the last: without it nobody takes half a tree for one.
        for (const BackedUp& one : all) {
            if (one.name == "CURRENT") files.sync_folder(target);
            if (copy_file(files, backup, target, one.name).checksum != one.checksum)
                throw damaged(backup + "/" + one.name, "the file changed while it was restored", 0);
        }
        files.sync_folder(target);
    });
    return summary_of(all);
}

}  // namespace lsm
