// Entry sets and small tables for the tests of tables, formats and cursors.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/base/random.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/table/table.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::test {

/// An entry that owns its bytes.
struct OwnedEntry {
    std::string key;
    std::string value;
    Sequence sequence = 0;
    Kind kind = Kind::value;

    Entry view() const { return Entry::make(key, value, sequence, kind); }
    bool operator==(const OwnedEntry&) const = default;
};

inline OwnedEntry owned(const Entry& entry) {
    return {std::string(entry.key), std::string(entry.value), entry.sequence, entry.kind};
}

using Entries = std::vector<OwnedEntry>;

inline bool entry_less(const OwnedEntry& left, const OwnedEntry& right) {
    return compare_entries(left.view(), right.view()) < 0;
}

inline void sort_entries(Entries& entries) {
    std::sort(entries.begin(), entries.end(), entry_less);
}

inline std::string random_bytes(Random& random, uint64_t size, uint64_t alphabet = 256) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>((alphabet < 256 ? 'a' : 0) + random.below(alphabet));
    }
    return bytes;
}

/// `count` entries with short keys over few letters (long shared prefixes, several versions of many
/// keys, the empty key among them), one in five a tombstone, some expiring, values up
/// to `value_bytes`.
inline Entries random_entries(uint64_t seed, uint64_t count, uint64_t value_bytes = 40) {
    Random random(seed);
    Entries entries;
    for (uint64_t i = 0; i < count; ++i) {
        OwnedEntry entry;
        const uint64_t key_size = random.below(9);
        entry.key = random_bytes(random, key_size, 3);
        entry.sequence = i + 1;
        entry.kind = random.below(5) == 0 ? Kind::tombstone : Kind::value;
        if (entry.kind == Kind::value) {
            const uint64_t value_size = random.below(value_bytes + 1);
            entry.value = random_bytes(random, value_size);
            if (i % 6 == 0) {
                entry.kind = Kind::expiring;
                entry.value.insert(0, random_bytes(random, kExpiryBytes));
            }
        }
        entries.push_back(entry);
    }
    sort_entries(entries);
    return entries;
}

/// Keys of equal length that all share their first bytes, as most workloads have them.
inline Entries numbered_entries(uint64_t count, uint64_t value_bytes = 20) {
    Entries entries;
    for (uint64_t i = 0; i < count; ++i) {
        std::string digits = std::to_string(i * 2);
        digits.insert(0, 12 - digits.size(), '0');
        entries.push_back({"user" + digits, std::string(value_bytes, 'v'), i + 1, Kind::value});
    }
    return entries;
}

/// What a lookup of (key, at) must find; null when nothing.
inline const OwnedEntry* expected_entry(const Entries& entries, const std::string& key,
                                        Sequence at) {
    const OwnedEntry target{key, {}, at, Kind::value};
    const auto found = std::lower_bound(entries.begin(), entries.end(), target, entry_less);
    return found != entries.end() && found->key == key ? &*found : nullptr;
}

/// All that a cursor gives from where it stands, in the order in which it comes.
inline Entries take_forward(Cursor& cursor) {
    Entries taken;
    EntryBatch batch;
    while (cursor.next(batch)) {
        for (const Entry& entry : batch) taken.push_back(owned(entry));
    }
    return taken;
}

inline Entries take_backward(Cursor& cursor) {
    Entries taken;
    EntryBatch batch;
    while (cursor.previous(batch)) {
        for (const Entry& entry : batch) taken.push_back(owned(entry));
    }
    return taken;
}

/// The kind of the error that the call throws; fails by any other exception. Nothing: it threw
/// none.
template <class Call>
std::optional<ErrorKind> error_kind(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.kind();
    }
    return std::nullopt;
}

/// Writes and opens tables with one format and one filter.
template <class F, class X>
struct TableMaker {
    std::unique_ptr<FileSystem> memory = make_memory_file_system();
    FileSystem& files = *memory;
    F format;
    X filter;
    TablePolicyNames names{"format", "filter"};
    TableSettings settings;
    double bits_per_key = 10;

    TableMaker(F made_format, X made_filter)
        : format(std::move(made_format)), filter(std::move(made_filter)) {}

    TableShape write(const Entries& entries, TableId id = 7, const TableOrigin& origin = {}) {
        TableBuilder<F, X> builder(files, path(id), id, format, filter, names, settings,
                                   bits_per_key, origin);
        for (const OwnedEntry& entry : entries) builder.add(entry.view());
        return builder.finish();
    }
    std::unique_ptr<Table<F, X>> open(TableId id = 7, BlockCache* cache = nullptr) {
        return Table<F, X>::open(files, path(id), id, cache, format, filter, names, {});
    }
    static std::string path(TableId id) { return std::to_string(id) + ".table"; }
};

}  // namespace lsm::test
