#include "framework/os/disk_image.hpp"

#include <utility>

#include "framework/base/hash.hpp"

namespace lsm {

uint64_t DiskImage::hash() const {
    uint64_t hash = 0;
    for (const std::string& folder : folders) hash = mix64(hash + hash_bytes(folder, 1));
    for (const auto& [path, file] : files) hash = mix64(hash + hash_bytes(path, file.hash));
    return hash;
}

void write_at(std::string& bytes, uint64_t offset, std::string_view written) {
    if (bytes.size() < offset + written.size()) bytes.resize(offset + written.size(), '\0');
    bytes.replace(offset, written.size(), written);
}

DiskImage::File image_file(std::string bytes) {
    DiskImage::File file;
    file.hash = hash_bytes(bytes, 0);
    file.bytes = std::make_shared<const std::string>(std::move(bytes));
    return file;
}

}  // namespace lsm
