// What a power loss could leave at one moment: what is durable, and the changes since, of which any
// may have reached the disk.
//
// The model is harsher than any file system in use: changes reach the disk in any order and any
// subset, a file's bytes apart from its size and both apart from its name; a rename is atomic. What
// was cut short by the loss itself (an append that is torn) is a prefix of its bytes, where the
// file may have grown to its full length already, with zeros or with whatever lay there.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "framework/os/disk_image.hpp"

namespace lsm {

/// A change that no sync has covered yet.
struct PendingChange {
    enum class Kind { write, size, name };
    Kind kind = Kind::write;
    uint64_t node = 0;    // the file; of a name: what it names from now on, 0: nothing
    uint64_t offset = 0;  // of a write
    uint64_t size = 0;    // that a file is cut or filled with zeros to
    std::string bytes;
    std::string path;                    // of a name
    std::optional<std::string> renamed;  // the name that goes away with it
};

/// Which of the changes have reached the disk.
struct CrashChoice {
    enum class Fill { nothing, zeros, garbage };
    std::vector<bool> kept;  // by change
    // One write of those kept that is cut short.
    std::optional<size_t> torn;
    uint64_t torn_bytes = 0;
    Fill fill = Fill::nothing;

    /// "0110" or "0110t2:17z", as parse() reads it.
    std::string text() const;
    static std::optional<CrashChoice> parse(const std::string& text);
};

class CrashPoint {
  public:
    struct Node {
        bool folder = false;
        std::shared_ptr<const std::string> bytes;  // durable ones; of a file
    };

    CrashPoint(std::map<uint64_t, Node> nodes, std::map<std::string, uint64_t> names,
               std::vector<std::shared_ptr<const PendingChange>> pending);

    const std::vector<std::shared_ptr<const PendingChange>>& pending() const { return pending_; }
    /// The disk after that. `choice.kept` has an element for each pending change.
    DiskImage image(const CrashChoice& choice) const;

  private:
    DiskImage::File content(uint64_t node, const CrashChoice& choice) const;

    std::map<uint64_t, Node> nodes_;
    std::map<std::string, uint64_t> names_;  // durable ones
    std::vector<std::shared_ptr<const PendingChange>> pending_;
    std::map<uint64_t, std::vector<size_t>> of_node_;                 // pending writes and sizes
    mutable std::unordered_map<uint64_t, DiskImage::File> contents_;  // made before
};

}  // namespace lsm
