#include "framework/os/file_system.hpp"

namespace lsm {
namespace {

std::string folder_of(const std::string& path) {
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

std::string read_text_file(FileSystem& files, const std::string& path) {
    const auto file = files.open(path);
    std::string text(file->size(), '\0');
    file->read(0, text.size(), text.data(), IoTag{});
    return text;
}

void write_text_file(FileSystem& files, const std::string& path, std::string_view text) {
    const std::string sibling = path + ".new";
    try {
        const auto file = files.create(sibling);
        file->append(text, IoTag{});
        file->sync();
        file->close();
        files.rename(sibling, path);
    } catch (...) {
        try {
            if (files.exists(sibling)) files.remove(sibling);
        } catch (...) {
            // The first error says more.
        }
        throw;
    }
    files.sync_folder(folder_of(path));
}

}  // namespace lsm
