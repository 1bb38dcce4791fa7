#include "framework/os/memory_folders.hpp"

#include <cerrno>
#include <utility>

#include "framework/base/text.hpp"
#include "framework/os/io_error.hpp"

namespace lsm {
namespace {

/// The names on the way, without empty ones and dots; ".." takes one back.
std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    for (std::string& name : split(path, '/')) {
        if (name.empty() || name == ".") continue;
        if (name == "..") {
            if (!names.empty()) names.pop_back();
            continue;
        }
        names.push_back(std::move(name));
    }
    return names;
}

bool contains(const MemoryFolders::Node& folder, const MemoryFolders::Node* wanted) {
    if (&folder == wanted) return true;
    for (const auto& [name, child] : folder.children) {
        if (contains(*child, wanted)) return true;
    }
    return false;
}

}  // namespace

std::string MemoryFolders::plain_path(const std::string& path) {
    std::string plain;
    for (const std::string& name : names_in(path))
        plain += (plain.empty() && !path.starts_with('/') ? "" : "/") + name;
    return plain;
}

MemoryFolders::Node& MemoryFolders::root(const std::string& path) {
    return path.starts_with('/') ? absolute_ : relative_;
}

MemoryFolders::Node* MemoryFolders::find(const std::string& path) {
    if (path.empty()) return nullptr;
    Node* node = &root(path);
    for (const std::string& name : names_in(path)) {
        const auto child = node->children.find(name);
        if (child == node->children.end()) return nullptr;
        node = child->second.get();
    }
    return node;
}

MemoryFolders::Node& MemoryFolders::find_file(const std::string& path, const char* call) {
    Node* node = find(path);
    if (node == nullptr) throw_io_error(path, call, ENOENT);
    if (!node->file) throw_io_error(path, call, EISDIR);
    return *node;
}

MemoryFolders::Node& MemoryFolders::find_folder(const std::string& path, const char* call) {
    Node* node = find(path);
    if (node == nullptr) throw_io_error(path, call, ENOENT);
    if (node->file) throw_io_error(path, call, ENOTDIR);
    return *node;
}

MemoryFolders::Place MemoryFolders::find_place(const std::string& path, const char* call) {
    std::vector<std::string> names = names_in(path);
    if (names.empty()) throw_io_error(path, call, path.empty() ? ENOENT : EBUSY);
    Node* folder = &root(path);
    for (size_t i = 0; i + 1 < names.size(); ++i) {
        const auto child = folder->children.find(names[i]);
        if (child == folder->children.end()) throw_io_error(path, call, ENOENT);
        folder = child->second.get();
        if (folder->file) throw_io_error(path, call, ENOTDIR);
    }
    return {folder, std::move(names.back())};
}

void MemoryFolders::put_file(const std::string& path, std::shared_ptr<MemoryFile> file,
                             const char* call) {
    const Place place = find_place(path, call);
    const auto old = place.folder->children.find(place.name);
    if (old != place.folder->children.end() && !old->second->file)
        throw_io_error(path, call, EISDIR);
    auto node = std::make_unique<Node>();
    node->file = std::move(file);
    place.folder->children.insert_or_assign(place.name, std::move(node));
}

void MemoryFolders::make_folders(const std::string& path) {
    if (path.empty()) throw_io_error(path, "mkdir", ENOENT);
    Node* folder = &root(path);
    for (const std::string& name : names_in(path)) {
        std::unique_ptr<Node>& child = folder->children[name];
        if (!child) child = std::make_unique<Node>();
        if (child->file) throw_io_error(path, "mkdir", ENOTDIR);
        folder = child.get();
    }
}

bool MemoryFolders::make_new_folder(const std::string& path) {
    const Place place = find_place(path, "mkdir");
    return place.folder->children.try_emplace(place.name, std::make_unique<Node>()).second;
}

void MemoryFolders::move(const std::string& from, const std::string& to) {
    const std::string call = "rename to " + to;
    const Place source = find_place(from, call.c_str());
    const Place target = find_place(to, call.c_str());
    const auto moved = source.folder->children.find(source.name);
    if (moved == source.folder->children.end()) throw_io_error(from, call, ENOENT);
    Node& node = *moved->second;
    if (!node.file && contains(node, target.folder)) throw_io_error(from, call, EINVAL);

    const auto replaced = target.folder->children.find(target.name);
    if (replaced != target.folder->children.end()) {
        const Node& old = *replaced->second;
        if (&old == &node || (node.file && old.file == node.file)) return;
        if (node.file && !old.file) throw_io_error(from, call, EISDIR);
        if (!node.file && old.file) throw_io_error(from, call, ENOTDIR);
        if (!old.children.empty()) throw_io_error(from, call, ENOTEMPTY);
    }
    std::unique_ptr<Node> taken = std::move(moved->second);
    source.folder->children.erase(moved);
    target.folder->children[target.name] = std::move(taken);
}

void MemoryFolders::remove_file(const std::string& path) {
    find_file(path, "unlink");
    const Place place = find_place(path, "unlink");
    place.folder->children.erase(place.name);
}

void MemoryFolders::remove_folder(const std::string& path) {
    if (!find_folder(path, "rmdir").children.empty()) throw_io_error(path, "rmdir", ENOTEMPTY);
    const Place place = find_place(path, "rmdir");
    place.folder->children.erase(place.name);
}

}  // namespace lsm
