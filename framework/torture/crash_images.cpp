#include "framework/torture/crash_images.hpp"

#include <exception>
#include <mutex>
#include <set>
#include <utility>

#include "framework/base/hash.hpp"
#include "framework/os/crash_file_system.hpp"
#include "framework/torture/crash_workload.hpp"

namespace lsm::torture {

namespace {

/// The disk with everything kept, or nothing but what was synced.
DiskImage after_crash(const CrashFileSystem& files, bool keep) {
    const CrashPoint point = files.crash_point();
    CrashChoice choice;
    choice.kept.assign(point.pending().size(), keep);
    return point.image(choice);
}

std::string files_of(const DiskImage& image) {
    std::string text;
    for (const auto& [path, file] : image.files) {
        text += (text.empty() ? "" : ", ") + path.substr(path.rfind('/') + 1) + " of " +
                std::to_string(file.bytes->size()) + " B";
        if (path.ends_with("CURRENT")) text += " (" + file.bytes->substr(0, 40) + ")";
    }
    return text.empty() ? "no files" : text;
}

std::string opened(const DiskImage& image, const Combination& combination) {
    CrashFileSystem files(image);
    return contents_of(*AnyTree::open(crash_options(files, combination)));
}

}  // namespace

/// One disk being opened, and crashed again.
struct CrashImages::Recovery {
    const Combination& combination;
    Tally& tally;
    Outcome found;

    void expect(const DiskImage& image, const std::string& wanted, const char* when) {
        if (!found.problem.empty()) return;
        try {
            const std::string held = opened(image, combination);
            if (held == wanted) return;
            found.problem =
                std::string(when) + " it holds " + shown(held) + " and no more " + shown(wanted);
        } catch (const std::exception& error) {
            found.problem = std::string(when) + " it does not open: " + error.what() +
                            "; there were " + files_of(image);
        }
    }

    /// Crashes at each call of the recovery: everything kept, nothing, or all but the last.
    void crash_inside(const DiskImage& image) {
        std::set<uint64_t> seen;
        CrashFileSystem files(image);
        files.before_change([&] {
            const CrashPoint point = files.crash_point();
            const size_t count = point.pending().size();
            for (int way = 0; way < 3; ++way) {
                if (way == 2 && count < 2) continue;
                CrashChoice choice;
                choice.kept.assign(count, way != 1);
                if (way == 2) choice.kept[count - 2] = false;
                const DiskImage cut = point.image(choice);
                if (!seen.insert(cut.hash()).second) continue;
                tally.count("states inside a recovery");
                expect(cut, found.contents, "after a crash inside its recovery");
            }
        });
        const auto tree = AnyTree::open(crash_options(files, combination));
        files.before_change(nullptr);
    }
};

CrashImages::Outcome CrashImages::outcome(const DiskImage& image, const Combination& combination,
                                          Tally& tally) {
    const uint64_t hash = mix64(image.hash() + hash_bytes(combination.text(), 0));
    Shard& shard = shards_[hash % shards_.size()];
    {
        const std::lock_guard lock(shard.mutex);
        const auto known = shard.known.find(hash);
        if (known != shard.known.end()) return known->second;
    }
    Tally mine;
    const Outcome found = explore(image, hash, combination, mine);
    const std::lock_guard lock(shard.mutex);
    if (shard.known.emplace(hash, found).second) {
        mine.count("different disks opened");
        mine.explored(mix64(hash + hash_bytes(found.contents + found.problem, 1)));
        tally.add(mine);
    }
    return found;
}

CrashImages::Outcome CrashImages::explore(const DiskImage& image, uint64_t hash,
                                          const Combination& combination, Tally& tally) const {
    Recovery recovery{combination, tally, {}};
    Outcome& found = recovery.found;
    const uint64_t drawn = mix64(hash + seed_);
    try {
        CrashFileSystem files(image);
        const auto tree = AnyTree::open(crash_options(files, combination));
        found.contents = contents_of(*tree);
        const DiskImage again = after_crash(files, drawn % 2 != 0);
        tree->put("z", "last");
        if (combination.sync != "power") tree->flush();
        const DiskImage written = after_crash(files, drawn % 4 >= 2);
        const std::string with_last = contents_of(*tree);
        if (drawn % 3 == 0) {
            recovery.expect(again, found.contents, "after a crash right behind its recovery");
        } else {
            recovery.expect(written, with_last, "after a write and one more crash");
        }
        if (drawn / 256 % 256 < share_inside_) recovery.crash_inside(image);
    } catch (const std::exception& error) {
        found.problem = std::string("it does not open: ") + error.what();
    }
    return found;
}

}  // namespace lsm::torture
