#include "framework/experiment/folder_removal.hpp"

namespace lsm::experiment {

void remove_folder_tree(FileSystem& files, const std::string& folder) {
    if (!files.is_folder(folder)) {
        return;
    }
    for (const std::string& name : files.list(folder)) {
        const std::string path = folder + "/" + name;
        if (files.is_folder(path)) {
            remove_folder_tree(files, path);
        } else {
            files.remove(path);
        }
    }
    files.remove_folder(folder);
}

void remove_empty_folder(FileSystem& files, const std::string& folder) {
    if (files.is_folder(folder) && files.list(folder).empty()) {
        files.remove_folder(folder);
    }
}

}  // namespace lsm::experiment
