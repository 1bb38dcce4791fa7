#include "framework/torture/rot_subject.hpp"

#include <fmt/format.h>

#include "framework/base/random.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/torture/model_case.hpp"
#include "framework/tree/backup.hpp"

namespace lsm::torture {

namespace {

constexpr const char* kFolder = "t";
constexpr uint64_t kWrites = 90;
constexpr uint64_t kKeys = 26;
constexpr uint64_t kNever = uint64_t{1} << 40;  // ticks
constexpr uint64_t kReservedZeros = 48;         // behind a log that was not closed

std::string bytes_of(FileSystem& files, const std::string& path) {
    const auto file = files.open(path);
    std::string bytes(file->size(), '\0');
    if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), {});
    return bytes;
}

Contents folder_of(FileSystem& files, const std::string& folder = kFolder) {
    Contents all;
    for (const std::string& name : files.list(folder)) {
        if (name != "LOCK") all[name] = bytes_of(files, folder + "/" + name);
    }
    return all;
}

std::string key_of(uint64_t number) { return fmt::format("key{:02}", number); }

/// Makes the database, and notes what it held after each write and how each file looked.
class Making {
  public:
    Making(RotSubject& subject, uint64_t seed)
        : subject_(subject), random_(Random::stream(seed, subject.name)) {}

    void run() {
        const auto files = make_memory_file_system();
        auto tree = AnyTree::open(subject_.options(*files));
        subject_.history.push_back({});
        note_files(*files);
        for (uint64_t i = 0; i < kWrites; ++i) {
            if (i == kWrites / 2 && subject_.state == RotSubject::State::backup) {
                tree->close();
                subject_.older["BACKUP"].push_back(backed_up(*files, "older")["BACKUP"]);
                tree.reset();
                tree = AnyTree::open(subject_.options(*files));
            }
            write(*tree, i);
            subject_.history.push_back(data_);
            note_files(*files);
        }
        if (subject_.state != RotSubject::State::unclosed) tree->close();
        note_files(*files);
        subject_.files = last_;
        if (subject_.state == RotSubject::State::unclosed) reserve();
        if (subject_.state == RotSubject::State::backup)
            subject_.files = backed_up(*files, "newest");
        for (auto it = subject_.older.begin(); it != subject_.older.end();)
            it = subject_.files.contains(it->first) ? std::next(it) : subject_.older.erase(it);
    }

  private:
    static Contents backed_up(FileSystem& files, const std::string& folder) {
        backup_folder(files, kFolder, folder, all_policies());
        return folder_of(files, folder);
    }

    void write(AnyTree& tree, uint64_t number) {
        const std::string key = key_of(random_.below(kKeys));
        const uint64_t dice = random_.below(10);
        if (dice == 0) {
            tree.remove(key);
            data_.erase(key);
        } else if (dice == 1) {
            const std::string end = key + "~";
            tree.remove_range(key, end);
            data_.erase(data_.lower_bound(key), data_.lower_bound(end));
        } else {
            const uint64_t size = random_.below(16);
            const std::string value = std::to_string(number) + std::string(size, 'v');
            dice == 2 ? tree.put(key, value, kNever) : tree.put(key, value);
            data_[key] = value;
        }
    }

    void note_files(FileSystem& files) {
        Contents now = folder_of(files);
        for (const auto& [name, bytes] : last_) {
            const auto found = now.find(name);
            if (found != now.end() && found->second != bytes) subject_.older[name].push_back(bytes);
        }
        last_ = std::move(now);
    }

    /// A log that was not closed ends in zeros on most file systems.
    void reserve() {
        uint64_t newest = 0;
        for (auto& [name, bytes] : subject_.files) {
            if (!name.ends_with(".log") || std::stoull(name) < newest) continue;
            newest = std::stoull(name);
            subject_.last_log = name;
        }
        subject_.files[subject_.last_log].append(kReservedZeros, '\0');
    }

    RotSubject& subject_;
    Random random_;
    Contents data_;
    Contents last_;
};

const char* name_of(RotSubject::State state) {
    switch (state) {
        case RotSubject::State::closed:
            return "closed";
        case RotSubject::State::closed_no_log:
            return "closed_no_log";
        case RotSubject::State::unclosed:
            return "unclosed";
        case RotSubject::State::backup:
            return "backup";
    }
    return "";
}

}  // namespace

AnyTree::Options RotSubject::options(FileSystem& in, const std::string& folder) const {
    EngineSettings settings;
    settings.memtable.policy = all_policies().memtable().policies().front().name;
    settings.bloom.policy = "uniform";
    settings.filter.policy = filter;
    settings.format.policy = format;
    settings.compaction.policy = compaction;
    settings.codec = codec;
    settings.memtable_size = 260;
    settings.table_size = 150;
    settings.block_size = 60;
    AnyTree::Options made = tree_options(all_policies(), settings);
    made.files = &in;
    made.folder = folder;
    made.sync = state == State::unclosed        ? SyncMode::power
                : state == State::closed_no_log ? SyncMode::none
                                                : SyncMode::process;
    made.log_reserve = 0;
    return made;
}

std::vector<RotSubject> make_rot_subjects(uint64_t seed) {
    // A strategy each, so that levels and runs of all sorts are among them.
    std::vector<std::string> strategies;
    for (const CombinationAxis& axis : combination_axes()) {
        if (axis.member == &Combination::compaction) strategies = axis.values;
    }
    std::vector<RotSubject> subjects;
    const std::vector<std::string> codecs{"none", "lz4", "zstd"};
    const auto& filters = all_policies().filter().policies();
    for (const auto& format : all_policies().format().policies()) {
        for (const auto& filter : filters) {
            for (const std::string& codec : codecs) {
                for (const auto state :
                     {RotSubject::State::closed, RotSubject::State::closed_no_log,
                      RotSubject::State::unclosed, RotSubject::State::backup}) {
                    // A backup takes files for bytes, so one of each format will do.
                    const bool first = filter.name == filters.front().name && codec == codecs[0];
                    if (state == RotSubject::State::backup && !first) continue;
                    RotSubject subject;
                    subject.format = format.name;
                    subject.filter = filter.name;
                    subject.codec = codec;
                    subject.compaction = strategies[subjects.size() % strategies.size()];
                    subject.state = state;
                    subject.name =
                        fmt::format("{}-{}-{}-{}", format.name, filter.name, codec, name_of(state));
                    Making(subject, seed).run();
                    subjects.push_back(std::move(subject));
                }
            }
        }
    }
    return subjects;
}

std::unique_ptr<FileSystem> files_with(const Contents& files) {
    auto made = make_memory_file_system();
    made->create_folder(kFolder);
    for (const auto& [name, bytes] : files) {
        const auto file = made->create(std::string(kFolder) + "/" + name);
        if (!bytes.empty()) file->append(bytes, {});
        file->close();
    }
    return made;
}

Contents scan_all(const AnyTree& tree) {
    Contents found;
    const auto cursor = tree.cursor();
    for (cursor->seek_first(); cursor->valid(); cursor->next())
        found.emplace(cursor->key(), cursor->value());
    return found;
}

}  // namespace lsm::torture
