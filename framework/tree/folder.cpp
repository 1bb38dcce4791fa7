#include "framework/tree/folder.hpp"
#include "framework/base/bug_museum.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "framework/base/error.hpp"

namespace lsm {

namespace {

std::optional<uint64_t> number_in(std::string_view name, std::string_view before,
                                  std::string_view after) {
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) ||
        !name.ends_with(after))
        return {};
    name.remove_prefix(before.size());
    name.remove_suffix(after.size());
    if (name.size() > 18) return {};
    uint64_t number = 0;
    for (const char digit : name) {
        if (digit < '0' || digit > '9') return {};
        number = number * 10 + static_cast<uint64_t>(digit - '0');
    }
    return number;
}

}  // namespace

std::string table_path(const std::string& folder, uint64_t number) {
    return folder + "/" + std::to_string(number) + ".table";
}

std::string log_path(const std::string& folder, uint64_t number) {
    return folder + "/" + std::to_string(number) + ".log";
}

std::string lock_path(const std::string& folder) { return folder + "/LOCK"; }

bool is_tree_file(const std::string& name) {
    return name == "CURRENT" || number_in(name, "", ".table") || number_in(name, "", ".log") ||
           number_in(name, "MANIFEST-", "");
}

FolderListing scan_folder(FileSystem& files, const std::string& folder) {
    FolderListing listing;
    for (const std::string& name : files.list(folder)) {
        if (name == "CURRENT") {
            listing.has_current = true;
        } else if (const auto table = number_in(name, "", ".table")) {
            listing.tables.push_back(*table);
        } else if (const auto log = number_in(name, "", ".log")) {
            listing.logs.push_back(*log);
        } else if (const auto manifest = number_in(name, "MANIFEST-", "")) {
            listing.manifests.push_back(*manifest);
        } else if (name != "LOCK" && !name.starts_with("CURRENT") &&
                   !name.starts_with("quarantine-")) {
            listing.stranger = name;
        }
    }
    for (auto* numbers : {&listing.tables, &listing.logs, &listing.manifests}) {
        std::sort(numbers->begin(), numbers->end());
        if (!numbers->empty())
            listing.highest_number = std::max(listing.highest_number, numbers->back());
    }
    return listing;
}

std::vector<LogPlace> needed_logs(FileSystem& files, const std::string& folder,
                                  const FolderListing& listing, const TreeState& state) {
    std::vector<LogPlace> logs;
    for (const uint64_t number : listing.logs) {
        if (number < state.first_log) continue;
        if (bug(Bug::needed_log_taken_for_old) && number == state.first_log) continue;
        logs.push_back({number, UINT64_MAX, false});
        if (state.sealed_length > 0 && number == state.sealed_log)
            logs.back().end = state.sealed_length;
    }
    if (logs.size() < 2) return logs;
    std::vector<LogReplay> headers;
    for (const LogPlace& log : logs)
        headers.push_back(read_log_header(files, log_path(folder, log.number), log.number));
    std::set<uint64_t> gone_on_behind;
    for (size_t i = logs.size(); i-- > 1;) {
        if (!headers[i].has_header) continue;
        const LogEnd& previous = headers[i].previous;
        gone_on_behind.insert(previous.number);
        for (size_t j = i; j-- > 0 && logs[j].number >= previous.number;) {
            if (logs[j].number == previous.number) logs[j].end = previous.length;
            if (logs[j].number > previous.number) logs[j].never_begun = !headers[j].has_header;
        }
    }
    // A log that lost its header was begun all the same when another one goes on behind it.
    for (LogPlace& log : logs)
        log.never_begun = log.never_begun && !gone_on_behind.contains(log.number);
    return logs;
}

namespace {

bool holds_entries(FileSystem& files, const std::string& path, uint64_t number) {
    LogRecovery found;
    replay_log(files, path, number, found, [](const Entry&) {});
    return found.batches > 0;
}

}  // namespace

FolderListing list_folder(FileSystem& files, const std::string& folder) {
    FolderListing listing = scan_folder(files, folder);
    if (!listing.has_current && !listing.stranger.empty()) {
        throw Error(ErrorKind::io,
                    "the folder holds something that is no tree: " + listing.stranger,
                    {folder, {}, {}, {}}, "name an empty or a new folder");
    }
    // A crash in the making of a tree may leave its first log, and nothing in it.
    const bool begun = !listing.has_current &&
                       std::any_of(listing.logs.begin(), listing.logs.end(), [&](uint64_t log) {
                           return holds_entries(files, log_path(folder, log), log);
                       });
    if (!listing.has_current && (!listing.tables.empty() || begun)) {
        throw Error(ErrorKind::corruption, "tables or logs lie here, but CURRENT is missing",
                    {folder, {}, {}, {}}, "restore CURRENT or the whole folder from a backup");
    }
    return listing;
}

std::optional<Error> missing_log(const std::string& folder, const FolderListing& listing,
                                 const TreeState& state) {
    const auto lacks = [&](uint64_t log) {
        return log >= state.first_log &&
               std::find(listing.logs.begin(), listing.logs.end(), log) == listing.logs.end();
    };
    const auto error = [&](uint64_t log, const char* what) {
        return Error(ErrorKind::corruption, what, {log_path(folder, log), {}, {}, {}},
                     "restore the folder from a backup");
    };
    if (state.sealed_length > 0 && lacks(state.sealed_log))
        return error(state.sealed_log, "the log that was closed with the tree is missing");
    if (state.named_log > 0 && lacks(state.named_log))
        return error(state.named_log, "a log that the manifest knows of is missing");
    return {};
}

bool log_follows(const LogReplay& replay, const LogEnd& before, uint64_t first_log,
                 const std::string& path) {
    if (!replay.has_header)
        return false;  // cut short while it was begun: nothing was acknowledged from it
    if (replay.previous.number < first_log)
        return true;  // it is the first one, or none came before it
    if (replay.previous.number != before.number) {
        throw Error(ErrorKind::corruption,
                    "it goes on behind log " + std::to_string(replay.previous.number) +
                        ", which is missing",
                    {path, 0, {}, {}}, "restore the folder from a backup");
    }
    if (before.length >= replay.previous.length) return true;
    if (replay.previous.synced) {
        throw Error(ErrorKind::corruption,
                    "log " + std::to_string(before.number) + " before it was synced with " +
                        std::to_string(replay.previous.length) + " bytes, of which " +
                        std::to_string(before.length) + " are whole",
                    {path, 0, {}, {}}, "restore the folder from a backup");
    }
    return false;
}

}  // namespace lsm
