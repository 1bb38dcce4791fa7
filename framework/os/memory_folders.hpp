// The names of the memory file system: a tree of folders and files. Not thread-safe. Errors carry
// the path as the caller wrote it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/os/memory_file.hpp"

namespace lsm {

class MemoryFolders {
  public:
    struct Node {
        std::shared_ptr<MemoryFile> file;  // null: a folder
        std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
    };

    /// Without dots, empty names and a slash at the end.
    static std::string plain_path(const std::string& path);
    /// Nothing when it is not there.
    Node* find(const std::string& path);
    /// Errors: not there; a folder.
    Node& find_file(const std::string& path, const char* call);
    /// Errors: not there; a file.
    Node& find_folder(const std::string& path, const char* call);

    /// A new name for the file, in place of a file that may be there.
    void put_file(const std::string& path, std::shared_ptr<MemoryFile> file, const char* call);
    void make_folders(const std::string& path);
    /// In a folder that is there; false when the name is taken.
    bool make_new_folder(const std::string& path);
    /// As rename(2).
    void move(const std::string& from, const std::string& to);
    void remove_file(const std::string& path);
    void remove_folder(const std::string& path);

  private:
    /// A folder that is there, and a name in it that may not be.
    struct Place {
        Node* folder;
        std::string name;
    };
    Place find_place(const std::string& path, const char* call);
    Node& root(const std::string& path);

    Node absolute_;
    Node relative_;
};

}  // namespace lsm
