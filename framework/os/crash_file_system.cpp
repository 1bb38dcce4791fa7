#include "framework/os/crash_file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/os/io_error.hpp"

namespace lsm {

/// What a WritableFile and a LogFile have in common.
template <class Interface>
class CrashFileSystem::Written : public Interface {
  public:
    Written(CrashFileSystem& files, uint64_t node, std::string path)
        : files_(files), node_(node), bytes_(files.bytes_of(node)), path_(std::move(path)) {}

    void sync() override {
        check_open("sync");
        files_.ask();
        files_.sync_node(node_);
    }
    uint64_t size() const override { return size_; }

  protected:
    void check_open(const char* call) const {
        if (closed_) throw_closed(path_, call);
    }

    CrashFileSystem& files_;
    const uint64_t node_;
    const std::shared_ptr<std::string> bytes_;  // keeps the node when its name is gone
    const std::string path_;
    uint64_t size_ = 0;
    bool closed_ = false;
};

class CrashFileSystem::Writer : public Written<WritableFile> {
  public:
    using Written::Written;

    void append(std::string_view bytes, IoTag) override {
        check_open("append");
        files_.ask();
        files_.write(node_, size_, bytes);
        size_ += bytes.size();
    }
    void close() override {
        check_open("close");
        closed_ = true;
    }
};

class CrashFileSystem::Log : public Written<LogFile> {
  public:
    Log(CrashFileSystem& files, uint64_t node, std::string path, uint64_t reserve)
        : Written(files, node, std::move(path)), reserve_(reserve) {}
    ~Log() override {
        if (!closed_) files_.resize(node_, size_);
    }

    void append(std::string_view bytes, IoTag) override {
        check_open("append");
        files_.ask();
        while (size_ + bytes.size() > reserved_) {
            reserved_ += std::max<uint64_t>(reserve_, 1);
            files_.resize(node_, reserved_);
        }
        while (!bytes.empty()) {
            const auto part = bytes.substr(0, files_.page_ - size_ % files_.page_);
            files_.write(node_, size_, part);
            size_ += part.size();
            bytes.remove_prefix(part.size());
        }
    }
    void close() override {
        check_open("close");
        closed_ = true;
        files_.ask();
        files_.resize(node_, size_);
    }

  private:
    const uint64_t reserve_;
    uint64_t reserved_ = 0;
};

class CrashFileSystem::Reader : public ReadableFile {
  public:
    Reader(std::shared_ptr<const std::string> bytes, std::string path)
        : bytes_(std::move(bytes)), path_(std::move(path)) {}
    void read(uint64_t offset, uint64_t size, char* buffer, IoTag) const override {
        if (offset > bytes_->size() || size > bytes_->size() - offset)
            throw_short_read(path_, offset, size, bytes_->size());
        std::memcpy(buffer, bytes_->data() + offset, size);
    }
    uint64_t size() const override { return bytes_->size(); }

  private:
    const std::shared_ptr<const std::string> bytes_;
    const std::string path_;
};

class CrashFileSystem::Held : public FileLock {
  public:
    Held(CrashFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
    ~Held() override {
        const std::lock_guard lock(files_.mutex_);
        files_.locks_.erase(path_);
    }

  private:
    CrashFileSystem& files_;
    const std::string path_;
};

CrashFileSystem::CrashFileSystem(const DiskImage& image, uint64_t page) : page_(page) {
    for (const std::string& folder : image.folders) {
        nodes_[next_node_].folder = true;
        names_[folder] = next_node_++;
    }
    for (const auto& [path, file] : image.files) {
        Node& node = nodes_[next_node_];
        node.bytes = std::make_shared<std::string>(*file.bytes);
        node.durable_bytes = file.bytes;
        names_[path] = next_node_++;
    }
    durable_names_ = names_;
}

CrashFileSystem::~CrashFileSystem() = default;

CrashPoint CrashFileSystem::crash_point() const {
    const std::lock_guard lock(mutex_);
    std::map<uint64_t, CrashPoint::Node> nodes;
    for (const auto& [number, node] : nodes_) nodes[number] = {node.folder, node.durable_bytes};
    return CrashPoint(std::move(nodes), durable_names_, pending_);
}

uint64_t CrashFileSystem::node_of(const std::string& path, const char* call) const {
    const auto found = names_.find(path);
    if (found == names_.end()) throw_io_error(path, call, ENOENT);
    return found->second;
}

void CrashFileSystem::name(const std::string& path, uint64_t node,
                           std::optional<std::string> renamed) {
    auto change = std::make_shared<PendingChange>();
    change->kind = PendingChange::Kind::name;
    change->node = node;
    change->path = path;
    change->renamed = renamed;
    if (renamed) names_.erase(*renamed);
    if (node == 0) {
        names_.erase(path);
    } else {
        names_[path] = node;
    }
    pending_.push_back(std::move(change));
}

uint64_t CrashFileSystem::make_file(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const std::string folder = parent_folder(path);
    if (folder != "." && !names_.contains(folder)) throw_io_error(path, "open", ENOENT);
    const uint64_t number = next_node_++;
    Node& node = nodes_[number];
    node.bytes = std::make_shared<std::string>();
    node.durable_bytes = std::make_shared<const std::string>();
    name(path, number);
    return number;
}

std::shared_ptr<std::string> CrashFileSystem::bytes_of(uint64_t node) const {
    const std::lock_guard lock(mutex_);
    return nodes_.at(node).bytes;
}

void CrashFileSystem::forget_nodes() {
    std::set<uint64_t> used;
    for (const auto& [path, node] : names_) used.insert(node);
    for (const auto& [path, node] : durable_names_) used.insert(node);
    for (const auto& change : pending_) used.insert(change->node);
    std::erase_if(nodes_, [&](const auto& node) {
        return !used.contains(node.first) && node.second.bytes.use_count() <= 1;
    });
}

void CrashFileSystem::write(uint64_t node, uint64_t offset, std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes.empty()) return;
    auto change = std::make_shared<PendingChange>();
    change->kind = PendingChange::Kind::write;
    change->node = node;
    change->offset = offset;
    change->bytes = bytes;
    Node& file = nodes_.at(node);
    write_at(*file.bytes, offset, bytes);
    std::erase_if(file.lost, [&](const Lost& lost) {
        return lost.offset >= offset && lost.offset + lost.size <= offset + bytes.size();
    });
    pending_.push_back(std::move(change));
}

void CrashFileSystem::resize(uint64_t node, uint64_t size) {
    const std::lock_guard lock(mutex_);
    Node& file = nodes_.at(node);
    if (file.bytes->size() == size) return;
    auto change = std::make_shared<PendingChange>();
    change->kind = PendingChange::Kind::size;
    change->node = node;
    change->size = size;
    file.bytes->resize(size, '\0');
    pending_.push_back(std::move(change));
}

void CrashFileSystem::sync_node(uint64_t node) {
    const std::lock_guard lock(mutex_);
    Node& file = nodes_.at(node);
    const auto concerns = [&](const auto& change) {
        return change->kind != PendingChange::Kind::name && change->node == node;
    };
    if (std::erase_if(pending_, concerns) == 0) return;
    auto durable = std::make_shared<std::string>(*file.bytes);
    for (const Lost& lost : file.lost) {
        if (lost.offset >= durable->size()) continue;
        const uint64_t size = std::min(lost.size, durable->size() - lost.offset);
        std::string before;
        if (lost.offset < file.durable_bytes->size())
            before = file.durable_bytes->substr(lost.offset, size);
        before.resize(size, '\0');
        durable->replace(lost.offset, size, before);
    }
    file.durable_bytes = std::move(durable);
}

void CrashFileSystem::lose_unsynced(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const uint64_t number = node_of(path, "sync");
    Node& file = nodes_.at(number);
    std::erase_if(pending_, [&](const auto& change) {
        if (change->kind != PendingChange::Kind::write || change->node != number) return false;
        file.lost.push_back({change->offset, change->bytes.size()});
        return true;
    });
}

void CrashFileSystem::sync_folder(const std::string& path) {
    ask();
    const std::lock_guard lock(mutex_);
    if (path != ".") node_of(path, "sync folder");
    std::erase_if(pending_, [&](const auto& change) {
        if (change->kind != PendingChange::Kind::name || parent_folder(change->path) != path)
            return false;
        if (change->renamed) durable_names_.erase(*change->renamed);
        if (change->node == 0) {
            durable_names_.erase(change->path);
        } else {
            durable_names_[change->path] = change->node;
        }
        return true;
    });
    forget_nodes();
}

std::unique_ptr<WritableFile> CrashFileSystem::create(const std::string& path) {
    ask();
    return std::make_unique<Writer>(*this, make_file(path), path);
}

std::unique_ptr<LogFile> CrashFileSystem::create_log(const std::string& path, uint64_t reserve) {
    ask();
    return std::make_unique<Log>(*this, make_file(path), path, reserve);
}

std::unique_ptr<ReadableFile> CrashFileSystem::open(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const Node& node = nodes_.at(node_of(path, "open"));
    if (node.folder) throw_io_error(path, "open", EISDIR);
    return std::make_unique<Reader>(node.bytes, path);
}

bool CrashFileSystem::exists(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return names_.contains(path);
}

bool CrashFileSystem::is_folder(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(path);
    return found != names_.end() && nodes_.at(found->second).folder;
}

uint64_t CrashFileSystem::file_size(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const Node& node = nodes_.at(node_of(path, "stat"));
    return node.folder ? 0 : node.bytes->size();
}

std::vector<std::string> CrashFileSystem::list(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    node_of(folder, "list");
    std::vector<std::string> found;
    const std::string before = folder + "/";
    for (auto at = names_.lower_bound(before); at != names_.end(); ++at) {
        if (!at->first.starts_with(before)) break;
        if (at->first.find('/', before.size()) == std::string::npos)
            found.push_back(at->first.substr(before.size()));
    }
    return found;
}

void CrashFileSystem::create_folder(const std::string& path) {
    if (path == "." || exists(path)) return;
    create_folder(parent_folder(path));
    create_new_folder(path);
}

bool CrashFileSystem::create_new_folder(const std::string& path) {
    ask();
    const std::lock_guard lock(mutex_);
    if (names_.contains(path)) return false;
    const uint64_t number = next_node_++;
    nodes_[number].folder = true;
    name(path, number);
    return true;
}

void CrashFileSystem::rename(const std::string& from, const std::string& to) {
    ask();
    const std::lock_guard lock(mutex_);
    const uint64_t node = node_of(from, "rename");
    if (parent_folder(from) != parent_folder(to) || nodes_.at(node).folder)
        throw_io_error(to, "rename", EXDEV);
    name(to, node, from);
}

void CrashFileSystem::remove(const std::string& path) {
    ask();
    const std::lock_guard lock(mutex_);
    node_of(path, "unlink");
    name(path, 0);
}

void CrashFileSystem::remove_folder(const std::string& path) {
    if (!list(path).empty()) throw_io_error(path, "rmdir", ENOTEMPTY);
    remove(path);
}

void CrashFileSystem::link(const std::string& from, const std::string& to) {
    ask();
    const std::lock_guard lock(mutex_);
    const uint64_t node = node_of(from, "link");
    if (names_.contains(to)) throw_io_error(to, "link", EEXIST);
    name(to, node);
}

std::unique_ptr<FileLock> CrashFileSystem::lock(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (!locks_.insert(path).second)
        throw Error(ErrorKind::locked, "is in use by this process", {path, {}, {}, {}});
    return std::make_unique<Held>(*this, path);
}

}  // namespace lsm
