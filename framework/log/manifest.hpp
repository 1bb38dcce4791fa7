// The manifest: the durable history of the tree's shape. A file MANIFEST-n begins with the whole
// shape and goes on with an edit a record; CURRENT names the manifest in force. Every record is
// synced before its edit counts. A new manifest is published by rename and folder sync, and only
// then are old files deleted.
//
// A torn record at the end was never in force and is left out; open always begins a new manifest,
// so nothing is appended behind it. One writer at a time. A failed write poisons the manifest:
// later calls throw the first cause. The exception is a full disk: then nothing more can be
// appended to this file, and begin() goes on with a new one once there is room.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/os/file_system.hpp"
#include "framework/os/warning_list.hpp"
#include "framework/policy/tree_edit.hpp"

namespace lsm {

inline constexpr uint32_t kManifestVersion = 3;

/// What the manifest keeps beside the shape.
struct TreeState {
    TreeShape
        shape;  // budgets (memtable_bytes, table_bytes, seed) are not kept: they are configuration
    uint64_t next_file = 1;  // numbers for tables, logs and manifests, never used twice
    uint64_t next_run = 1;
    Sequence last_sequence = 0;  // of what the tables hold
    uint64_t first_log = 0;      // logs below it are not needed
    uint64_t sealed_log = 0;     // closed cleanly with ...
    uint64_t sealed_length = 0;  // ... this length; 0: none
    uint64_t named_log = 0;      // is there for sure, if it is needed; 0: none is
};

/// One record after the first: the edit, and the counters as they are after it.
struct ManifestRecord {
    TreeEdit edit;
    uint64_t next_file = 0;
    uint64_t next_run = 0;
    Sequence last_sequence = 0;
    uint64_t first_log = 0;
    uint64_t sealed_log = 0;
    uint64_t sealed_length = 0;
    uint64_t named_log = 0;
    uint64_t tick = 0;
};

class Manifest {
  public:
    /// Reads the manifest that CURRENT of `folder` names; nothing when there is no CURRENT. Damage
    /// is Error(corruption), a newer format Error(version). A record at the end that a crash cut
    /// short is told in `notes`.
    static std::optional<TreeState> read(FileSystem& files, const std::string& folder,
                                         std::vector<std::string>* notes = nullptr);

    /// The same of one manifest, whatever CURRENT says.
    static TreeState read_file(FileSystem& files, const std::string& path, uint64_t number,
                               std::vector<std::string>* notes = nullptr);

    /// Nothing is written before begin(). A file is large when it has twice the bytes that it began
    /// with and `growth` more. `warnings` outlives it.
    Manifest(FileSystem& files, std::string folder, uint64_t growth,
             WarningList* warnings = nullptr);
    /// Begins at once.
    Manifest(FileSystem& files, std::string folder, TreeState& state, uint64_t growth = 1 << 20);
    ~Manifest();

    /// True when the file has grown large beside the state, when the disk was full for a record,
    /// or when there is none yet: time for begin().
    bool needs_new_file() const;
    /// Appends and syncs a record. When the disk is full for it, nobody knows whether it is in
    /// force until begin() has gone through.
    void append(const ManifestRecord& record);
    /// Begins and publishes a new file with the whole state, numbered state.next_file (which it
    /// takes); removes the old one. When the disk is full, the old one is in force still.
    /// `before_it_counts`: what has to be durable with it, made once the new file is written and
    /// before the folder is synced.
    void begin(TreeState& state, const std::function<void()>& before_it_counts = {});
    void close();
    uint64_t file_number() const { return number_; }

  private:
    void write_new(TreeState& state, const std::function<void()>& before_it_counts);
    void remove_file(uint64_t number) noexcept;
    static void add_record(WritableFile& file, uint64_t number, const std::string& payload);

    FileSystem& files_;
    std::string folder_;
    const uint64_t growth_;
    WarningList* warnings_ = nullptr;
    std::unique_ptr<WritableFile> file_;
    uint64_t number_ = 0;
    uint64_t base_bytes_ = 0;
    template <class Step>
    void guarded(Step step);

    std::optional<std::string> poisoned_;
    bool full_ = false;  // the disk was, for a record of this file
};

std::string manifest_name(uint64_t number);

}  // namespace lsm
