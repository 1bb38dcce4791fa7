// Small trees for the tests of the engine: limits at which a few hundred operations flush and
// compact, and folders to break.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "framework/base/error.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/memory_file_system.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::test {

using Map = std::map<std::string, std::string>;

inline EngineSettings small_settings(const std::string& memtable = "skiplist",
                                     const std::string& compaction = "leveling") {
    EngineSettings settings;
    settings.memtable.policy = memtable;
    settings.bloom.policy = "uniform";
    settings.filter.policy = "bloom";
    settings.format.policy = "row_block";
    settings.compaction.policy = compaction;
    settings.memtable_size = 2000;
    settings.table_size = 1500;
    settings.block_size = 256;
    return settings;
}

inline AnyTree::Options small_options(FileSystem& files, SyncMode sync = SyncMode::process,
                                      const EngineSettings& settings = small_settings()) {
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.files = &files;
    options.folder = "t";
    options.sync = sync;
    options.log_reserve = 4096;
    return options;
}

inline std::string key_of(uint64_t number) {
    std::string digits = std::to_string(number);
    return "key" + std::string(8 - digits.size(), '0') + digits;
}

inline std::unique_ptr<AnyTree> open_tree(FileSystem& files, SyncMode sync = SyncMode::process) {
    return AnyTree::open(small_options(files, sync));
}

/// A closed tree with tables on disk and entries in its log.
inline std::unique_ptr<FileSystem> closed_tree(SyncMode sync = SyncMode::process) {
    auto files = make_memory_file_system();
    const auto tree = open_tree(*files, sync);
    for (uint64_t i = 0; i < 130; ++i) tree->put(key_of(i), std::string(50, 'v'));
    tree->close();
    return files;
}

inline Map contents(const AnyTree& tree) {
    Map map;
    const auto cursor = tree.cursor();
    for (cursor->seek_first(); cursor->valid(); cursor->next())
        map.emplace(cursor->key(), cursor->value());
    return map;
}

/// What a power plug pulled now would leave of a folder, if every byte had reached the disk: the
/// files without the lock.
inline std::unique_ptr<FileSystem> copy_of(FileSystem& files, const std::string& folder = "t") {
    auto copy = make_memory_file_system();
    copy->create_folder(folder);
    for (const std::string& name : files.list(folder)) {
        if (name != "LOCK")
            write_file(*copy, folder + "/" + name, file_bytes(files, folder + "/" + name));
    }
    return copy;
}

/// Names and bytes of all files but the lock.
inline Map folder_bytes(FileSystem& files, const std::string& folder = "t") {
    Map map;
    for (const std::string& name : files.list(folder)) {
        if (name != "LOCK") map[name] = file_bytes(files, folder + "/" + name);
    }
    return map;
}

/// The path of the highest-numbered file that ends so; empty when there is none.
inline std::string newest(FileSystem& files, const std::string& ending,
                          const std::string& folder = "t") {
    uint64_t highest = 0;
    std::string found;
    for (const std::string& name : files.list(folder)) {
        if (!name.ends_with(ending)) continue;
        const uint64_t number = std::stoull(name);
        if (found.empty() || number > highest) {
            highest = number;
            found = folder + "/" + name;
        }
    }
    return found;
}

template <class Action>
Error error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return Error(ErrorKind::usage, "none");
}

}  // namespace lsm::test
