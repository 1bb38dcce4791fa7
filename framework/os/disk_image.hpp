// What a disk holds at one moment: folders, and files with their bytes. A value; copies share the
// bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace lsm {

struct DiskImage {
    struct File {
        std::shared_ptr<const std::string> bytes;
        uint64_t hash = 0;  // of the bytes
        bool operator==(const File& other) const { return *bytes == *other.bytes; }
    };
    std::set<std::string> folders;
    std::map<std::string, File> files;  // by path

    /// Equal images have equal hashes, and hardly any others have.
    uint64_t hash() const;
    bool operator==(const DiskImage& other) const = default;
};

/// Bytes over others or behind the end, with zeros between.
void write_at(std::string& bytes, uint64_t offset, std::string_view written);

/// A file of an image.
DiskImage::File image_file(std::string bytes);

}  // namespace lsm
