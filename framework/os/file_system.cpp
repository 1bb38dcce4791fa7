#include "framework/os/file_system.hpp"
#include "framework/base/bug_museum.hpp"

namespace lsm {

std::string parent_folder(const std::string& path) {
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

void create_folder_durably(FileSystem& files, const std::string& path) {
    const std::string parent = parent_folder(path);
    if (parent == path) return;
    if (parent != "." && !files.exists(parent)) create_folder_durably(files, parent);
    files.create_folder(path);
    files.sync_folder(parent);
}

std::string read_text_file(FileSystem& files, const std::string& path) {
    const auto file = files.open(path);
    std::string text(file->size(), '\0');
    file->read(0, text.size(), text.data(), IoTag{});
    return text;
}

void write_text_file(FileSystem& files, const std::string& path, std::string_view text) {
    const std::string sibling = bug(Bug::current_written_in_place) ? path : path + ".new";
    try {
        const auto file = files.create(sibling);
        file->append(text, IoTag{});
        if (!bug(Bug::current_not_synced)) file->sync();
        file->close();
        if (sibling != path) files.rename(sibling, path);
    } catch (...) {
        try {
            if (files.exists(sibling)) files.remove(sibling);
        } catch (...) {
            // The first error says more.
        }
        throw;
    }
    files.sync_folder(parent_folder(path));
}

}  // namespace lsm
