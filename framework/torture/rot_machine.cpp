#include "framework/torture/rot_machine.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/printable.hpp"
#include "framework/log/manifest.hpp"
#include "framework/torture/rot_mutation.hpp"
#include "framework/torture/run_cases.hpp"
#include "framework/tree/backup.hpp"
#include "framework/tree/repair.hpp"
#include "framework/tree/verify.hpp"

namespace lsm::torture {

namespace {

constexpr uint64_t kVerifyEvery = 8;
constexpr uint64_t kRepairEvery = 16;
constexpr uint64_t kBackupEvery = 16;

/// What came of opening a folder and reading all of it.
struct Outcome {
    std::optional<Error> error;
    Contents found;  // without an error
};

class Case {
  public:
    Case(const Mutation& mutation, const std::vector<RotSubject>& subjects, Tally& tally)
        : mutation_(mutation),
          subject_(subjects[mutation.subject]),
          file_(file_of(mutation, subjects)),
          name_(name_of(mutation, subjects)),
          hash_(hash_bytes(name_, 0)),
          tally_(tally),
          files_(mutated(mutation, subject_)) {}

    void run() {
        tally_.count("1 mutations");
        tally_.count(fmt::format("2 of them: {}", name_of(mutation_.kind)));
        const auto files = files_with(files_);
        judge(read_whole(*files));
        if (subject_.state == RotSubject::State::backup) return;
        if (hash_ % kVerifyEvery == 0) check_verify();
        if (hash_ % kRepairEvery == 0) check_repair();
        if (hash_ % kBackupEvery == 1) check_backup();
    }

  private:
    void fail(const std::string& what) {
        came_of("silent", 9);
        tally_.fail(name_, what);
    }
    /// Into the figures and the digest.
    void came_of(const std::string& what, uint64_t number) {
        tally_.count("3 " + what);
        tally_.explored(mix64(hash_ + number));
    }

    Outcome read_whole(FileSystem& files) const {
        return subject_.state == RotSubject::State::backup ? read_restored(files, "t")
                                                           : read_folder(files, "t");
    }

    Outcome read_restored(FileSystem& files, const std::string& backup) const {
        try {
            restore_backup(files, backup, "restored");
        } catch (const Error& error) {
            return {error, {}};
        }
        return read_folder(files, "restored");
    }

    Outcome read_folder(FileSystem& files, const std::string& folder) const {
        Outcome outcome;
        try {
            const auto tree = AnyTree::open(subject_.options(files, folder));
            outcome.found = scan_all(*tree);
            for (uint64_t i = 0; i < 26; ++i) {
                const std::string key = fmt::format("key{:02}", i);
                const auto value = tree->get(key);
                const auto scanned = outcome.found.find(key);
                const bool there = scanned != outcome.found.end();
                if (value.has_value() != there || (there && *value != scanned->second)) {
                    throw Error(ErrorKind::usage, "a lookup and a scan disagree about " + key);
                }
            }
            tree->close();
        } catch (const Error& error) {
            outcome.error = error;
        }
        return outcome;
    }

    void judge(const Outcome& outcome) {
        if (outcome.error) return judge_error(*outcome.error);
        if (outcome.found == subject_.right()) return came_of("right all the same", 1);
        if (file_ == subject_.last_log && is_shorter_prefix(outcome.found)) {
            return came_of(
                fmt::format("a shorter prefix, as after a crash: {}", name_of(mutation_.kind)), 2);
        }
        fail(fmt::format("wrong data, and no error: {} keys where {} should be",
                         outcome.found.size(), subject_.right().size()));
    }

    void judge_error(const Error& error) {
        const std::string& place = error.place().file;
        if (error.kind() != ErrorKind::corruption)
            return fail(std::string("not an error of corruption: ") + error.what());
        if (place.empty()) return fail(std::string("names no file: ") + error.what());
        const bool is_missing = !files_.contains(place.substr(place.rfind('/') + 1));
        if (!is_missing && !error.place().offset)
            return fail(std::string("names no offset: ") + error.what());
        const std::string own = "t/" + file_;
        came_of(place == own ? "refused, with the file's name" : "refused, with a neighbour's name",
                place == own ? 3 : 4);
    }

    /// A bit can end the log early in its last record alone: what lies before it is known to have
    /// been synced. A log that is not there is missed.
    bool is_shorter_prefix(const Contents& found) const {
        const auto& history = subject_.history;
        if (mutation_.kind == Mutation::Kind::missing) return false;
        if (mutation_.kind == Mutation::Kind::bit)
            return history.size() >= 2 && found == history[history.size() - 2];
        return std::find(subject_.history.begin(), subject_.history.end(), found) !=
               subject_.history.end();
    }

    void check_verify() {
        const auto files = files_with(files_);
        const VerifyReport report = verify_folder(*files, "t", all_policies());
        tally_.count("4 verified");
        if (!report.sound()) {
            tally_.count("5 damage named by verify");
            // Elsewhere a neighbour may be the one that tells: a log that the next one names.
            const bool by_name = std::any_of(
                report.damage.begin(), report.damage.end(),
                [&](const Error& damage) { return damage.place().file == "t/" + file_; });
            if (mutation_.kind == Mutation::Kind::bit &&
                subject_.state != RotSubject::State::unclosed && !by_name)
                fail(std::string("verify names another file: ") + report.damage.front().what());
            return;
        }
        const Outcome outcome = read_whole(*files);
        if (outcome.error) {
            fail(std::string("verify finds nothing, but: ") + outcome.error->what());
        }
    }

    /// A backup of it is refused, or holds what can be read.
    void check_backup() {
        const auto files = files_with(files_);
        tally_.count("8 backed up");
        try {
            backup_folder(*files, "t", "backup", all_policies());
        } catch (const Error& error) {
            tally_.count("9 backups refused");
            if (error.kind() != ErrorKind::corruption)
                fail(std::string("backup: not an error of corruption: ") + error.what());
            return;
        }
        const Outcome copied = read_restored(*files, "backup");
        if (copied.error) return fail(std::string("what was backed up: ") + copied.error->what());
        const Outcome outcome = read_whole(*files);
        if (outcome.error || outcome.found != copied.found)
            fail("what was backed up differs from what can be read");
    }

    /// It opens; holds nothing that was never written; has lost no table but a damaged one, and
    /// no bytes at all; and says when something
    /// is gone.
    void check_repair() {
        const auto files = files_with(files_);
        tally_.count("6 repaired");
        RepairReport report;
        try {
            report = repair_folder(*files, "t", all_policies());
        } catch (const Error& error) {
            return fail(std::string("repair: ") + error.what());
        }
        if (const std::string lost = lost_bytes(*files); !lost.empty())
            return fail("repair leaves the bytes of " + lost + " nowhere");
        // A manifest that has lost its end knows less than the files do.
        if (!file_.starts_with("MANIFEST-")) {
            if (const std::string table = missing_table(*files); !table.empty())
                return fail("repair takes out a table that is sound: " + table);
            const auto intact = files_with(subject_.files);
            const VerifyReport before = verify_folder(*intact, "t", all_policies());
            const VerifyReport now = verify_folder(*files, "t", all_policies());
            if (!file_.ends_with(".log") && now.log_entries < before.log_entries)
                return fail("repair takes entries out of logs that are sound");
        }
        const Outcome outcome = read_whole(*files);
        if (outcome.error) return fail(std::string("after repair: ") + outcome.error->what());
        for (const auto& [key, value] : outcome.found) {
            const bool written = std::any_of(
                subject_.history.begin(), subject_.history.end(), [&](const auto& then) {
                    const auto found = then.find(key);
                    return found != then.end() && found->second == value;
                });
            if (!written) return fail("repair brings what was never written: " + printable(key));
        }
        if (outcome.found == subject_.right()) {
            tally_.count("7 repaired without a loss");
        } else if (!report.quarantine.empty() && !tells_of_loss(report)) {
            fail("repair loses something and does not say so");
        }
    }

    static bool tells_of_loss(const RepairReport& report) {
        return std::any_of(report.words.begin(), report.words.end(), [](const std::string& words) {
            return words.starts_with("lost: ") || words.find("lost") != std::string::npos ||
                   words.find("come back") != std::string::npos;
        });
    }

    /// Of the files that were there before the repair one whose bytes are neither in the folder nor
    /// in a quarantine.
    std::string lost_bytes(FileSystem& files) const {
        std::set<std::string> now;
        const auto take = [&](const std::string& folder) {
            for (const std::string& name : files.list(folder)) {
                const std::string path = folder + "/" + name;
                if (!files.is_folder(path)) now.insert(read_text_file(files, path));
            }
        };
        take("t");
        for (const std::string& name : files.list("t")) {
            if (files.is_folder("t/" + name)) take("t/" + name);
        }
        for (const auto& [name, bytes] : files_) {
            if (!now.contains(bytes)) return name;
        }
        return "";
    }

    /// One that was needed and is as it was, and is not needed any more.
    std::string missing_table(FileSystem& files) const {
        std::set<std::string> needed;
        const auto state = Manifest::read(files, "t");
        for (const LevelShape& level : state->shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables)
                    needed.insert(std::to_string(table.id) + ".table");
            }
        }
        for (const auto& [name, bytes] : subject_.files) {
            const auto now = files_.find(name);
            const bool same = now != files_.end() && now->second == bytes;
            if (name.ends_with(".table") && same && !needed.contains(name)) return name;
        }
        return "";
    }

    const Mutation& mutation_;
    const RotSubject& subject_;
    const std::string file_;
    const std::string name_;
    const uint64_t hash_;
    Tally& tally_;
    const Contents files_;
};

/// Those that `scale` and `--case` leave.
std::vector<Mutation> chosen(const Options& options, const std::vector<RotSubject>& subjects) {
    std::vector<Mutation> all = all_mutations(subjects);
    if (!options.only.empty()) {
        std::erase_if(all,
                      [&](const Mutation& one) { return name_of(one, subjects) != options.only; });
        if (all.empty()) {
            throw Error(ErrorKind::usage, "there is no case " + options.only, {},
                        "cases depend on the seed");
        }
        return all;
    }
    if (options.scale >= 1) return all;
    std::vector<Mutation> some;
    for (uint64_t i = 0; i < all.size(); ++i) {
        const auto drawn = static_cast<double>(mix64(options.seed + i) >> 11) * 0x1.0p-53;
        if (drawn < options.scale) some.push_back(all[i]);
    }
    return some;
}

}  // namespace

Report run_rot_machine(const Options& options) {
    const std::vector<RotSubject> subjects = make_rot_subjects(options.seed);
    const std::vector<Mutation> mutations = chosen(options, subjects);
    Report report = run_cases(
        options, mutations.size(),
        [&](uint64_t number) { return name_of(mutations[number], subjects); },
        [&](uint64_t number, Tally& tally) { Case(mutations[number], subjects, tally).run(); });
    report.tally.count("0 databases", subjects.size());
    return report;
}

}  // namespace lsm::torture
