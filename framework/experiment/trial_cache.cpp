#include "framework/experiment/trial_cache.hpp"

#include <mutex>
#include <set>

#include <fmt/format.h>
#include <lz4.h>
#include <zstd.h>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/text.hpp"
#include "framework/experiment/entry_names.hpp"

namespace lsm::experiment {
namespace {

constexpr const char* kFirstLine = "lsmlab cached trial 1";
constexpr const char* kOrder = "order";  // names of entries, the last used first
constexpr std::string_view kEnding = ".trial";

std::string entry_name(const std::string& description) {
    return fmt::format("{:016x}{:016x}{}", hash_bytes(description, 1), hash_bytes(description, 2),
                       kEnding);
}

/// The entry's first lines; what follows is the description and the result.
std::string header(const std::string& description, const std::string& json) {
    return fmt::format("{}\n{:016x} {} {}\n", kFirstLine, hash_bytes(description + json, 3),
                       description.size(), json.size());
}

}  // namespace

std::string TrialCache::description(const Trial& trial) const {
    std::string text = fmt::format("program {}\nlz4 {}\nzstd {}\nseed {}\n", program_,
                                   LZ4_versionString(), ZSTD_versionString(), trial.seed);
    for (const auto& [path, value] : trial.columns) {
        if (is_names_path(path)) continue;  // what an entry is called changes no result
        text += fmt::format("{} {}={}\n", value.size(), path, value);
    }
    return text;
}

std::optional<std::string> TrialCache::find(const Trial& trial) {
    if (trial.mode != Mode::deterministic) {
        return std::nullopt;
    }
    const std::string wanted = description(trial);
    const std::string name = entry_name(wanted);
    try {
        const std::string path = folder_ + "/" + name;
        if (!files_.exists(path)) {
            return std::nullopt;
        }
        const std::string text = read_text_file(files_, path);
        const size_t first = text.find('\n');
        const size_t second = first == std::string::npos ? first : text.find('\n', first + 1);
        if (second == std::string::npos || text.compare(second + 1, wanted.size(), wanted) != 0) {
            return std::nullopt;
        }
        std::string json = text.substr(second + 1 + wanted.size());
        if (text.compare(0, second + 1, header(wanted, json)) != 0) {
            return std::nullopt;
        }
        note_use(name);
        return json;
    } catch (const Error&) {
        return std::nullopt;  // removed by another run meanwhile, or not readable
    }
}

void TrialCache::keep(const Trial& trial, const std::string& json) {
    if (trial.mode != Mode::deterministic) {
        return;
    }
    const std::string text = description(trial);
    const std::string name = entry_name(text);
    try {
        files_.create_folder(folder_);
        write_text_file(files_, folder_ + "/" + name, header(text, json) + text + json);
        note_use(name);
    } catch (const Error&) {
        // The result itself is safe in the run's folder.
    }
}

void TrialCache::note_use(const std::string& name) {
    const std::lock_guard lock(mutex_);
    used_.push_back(name);
}

std::vector<std::string> TrialCache::names_by_use() {
    std::vector<std::string> candidates(used_.rbegin(), used_.rend());
    if (const std::string order = folder_ + "/" + kOrder; files_.exists(order)) {
        const auto before = split(read_text_file(files_, order), '\n');
        candidates.insert(candidates.end(), before.begin(), before.end());
    }
    const auto there = files_.list(folder_);
    candidates.insert(candidates.end(), there.begin(), there.end());
    std::set<std::string> left(there.begin(), there.end());
    std::vector<std::string> names;
    for (const std::string& name : candidates) {
        if (name.ends_with(kEnding) && left.erase(name) > 0) {
            names.push_back(name);
        }
    }
    return names;
}

void TrialCache::trim(uint64_t limit) {
    const std::lock_guard lock(mutex_);
    try {
        if (!files_.is_folder(folder_)) {
            return;
        }
        const auto alone = files_.lock(folder_ + "/.lock");
        for (const std::string& name : files_.list(folder_)) {
            if (name.ends_with(std::string(kEnding) + ".new")) {
                files_.remove(folder_ + "/" + name);  // of a run that was killed while it wrote
            }
        }
        uint64_t bytes = 0;
        std::string order;
        for (const std::string& name : names_by_use()) {
            bytes += files_.file_size(folder_ + "/" + name);
            if (bytes > limit) {
                files_.remove(folder_ + "/" + name);
            } else {
                order += name + "\n";
            }
        }
        write_text_file(files_, folder_ + "/" + kOrder, order);
    } catch (const Error&) {
        // Another run is at it, or the disk is full: the next run trims.
    }
}

}  // namespace lsm::experiment
