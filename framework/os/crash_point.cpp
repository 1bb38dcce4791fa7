#include "framework/os/crash_point.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "framework/base/hash.hpp"
#include "framework/os/file_system.hpp"

namespace lsm {

namespace {

/// What is in the place of bytes that did not arrive; never zeros.
std::string garbage(uint64_t size, uint64_t seed) {
    std::string bytes;
    for (uint64_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<char>(mix64(seed + i) % 255 + 1));
    return bytes;
}

}  // namespace

std::string CrashChoice::text() const {
    std::string text;
    for (const bool one : kept) text.push_back(one ? '1' : '0');
    if (!torn) return text;
    return text + "t" + std::to_string(*torn) + ":" + std::to_string(torn_bytes) +
           "nzg"[static_cast<int>(fill)];
}

std::optional<CrashChoice> CrashChoice::parse(const std::string& text) {
    CrashChoice choice;
    size_t at = 0;
    for (; at < text.size() && (text[at] == '0' || text[at] == '1'); ++at)
        choice.kept.push_back(text[at] == '1');
    if (at == text.size()) return choice;
    const auto colon = text.find(':', at);
    const auto fill = std::string("nzg").find(text.back());
    if (text[at] != 't' || colon == std::string::npos || fill == std::string::npos) return {};
    size_t torn = 0;
    const char* begin = text.data();
    if (std::from_chars(begin + at + 1, begin + colon, torn).ptr != begin + colon) return {};
    const char* end = begin + text.size() - 1;
    if (std::from_chars(begin + colon + 1, end, choice.torn_bytes).ptr != end) return {};
    choice.torn = torn;
    choice.fill = static_cast<Fill>(fill);
    return choice;
}

CrashPoint::CrashPoint(std::map<uint64_t, Node> nodes, std::map<std::string, uint64_t> names,
                       std::vector<std::shared_ptr<const PendingChange>> pending)
    : nodes_(std::move(nodes)), names_(std::move(names)), pending_(std::move(pending)) {
    for (size_t i = 0; i < pending_.size(); ++i) {
        if (pending_[i]->kind != PendingChange::Kind::name)
            of_node_[pending_[i]->node].push_back(i);
    }
}

DiskImage CrashPoint::image(const CrashChoice& choice) const {
    std::map<std::string, uint64_t> names = names_;
    for (size_t i = 0; i < pending_.size(); ++i) {
        const PendingChange& change = *pending_[i];
        if (change.kind != PendingChange::Kind::name || !choice.kept[i]) continue;
        if (change.renamed) names.erase(*change.renamed);
        if (change.node == 0) {
            names.erase(change.path);
        } else {
            names[change.path] = change.node;
        }
    }
    DiskImage image;
    for (const auto& [path, node] : names) {  // a folder comes before what is in it
        const std::string folder = parent_folder(path);
        if (folder != "." && !image.folders.contains(folder)) continue;  // nothing leads there
        if (nodes_.at(node).folder) {
            image.folders.insert(path);
        } else {
            image.files[path] = content(node, choice);
        }
    }
    return image;
}

DiskImage::File CrashPoint::content(uint64_t node, const CrashChoice& choice) const {
    uint64_t key = node;
    const auto changes = of_node_.find(node);
    static const std::vector<size_t> kNone;
    const auto& indices = changes == of_node_.end() ? kNone : changes->second;
    for (const size_t i : indices) key = mix64(key * 2 + choice.kept[i]);
    const bool torn_here = choice.torn && pending_[*choice.torn]->node == node &&
                           pending_[*choice.torn]->kind == PendingChange::Kind::write;
    if (torn_here) {
        key = mix64(key + *choice.torn);
        key = mix64(key * 4 + choice.torn_bytes * 1024 + static_cast<uint64_t>(choice.fill));
    }
    const auto made = contents_.find(key);
    if (made != contents_.end()) return made->second;
    std::string bytes = *nodes_.at(node).bytes;
    for (const size_t i : indices) {
        if (!choice.kept[i]) continue;
        const PendingChange& change = *pending_[i];
        if (change.kind == PendingChange::Kind::size) {
            bytes.resize(change.size, '\0');
        } else if (!torn_here || *choice.torn != i) {
            write_at(bytes, change.offset, change.bytes);
        } else {
            const uint64_t rest = change.bytes.size() - choice.torn_bytes;
            write_at(bytes, change.offset, change.bytes.substr(0, choice.torn_bytes));
            if (choice.fill == CrashChoice::Fill::zeros)
                write_at(bytes, change.offset + choice.torn_bytes, std::string(rest, '\0'));
            if (choice.fill == CrashChoice::Fill::garbage)
                write_at(bytes, change.offset + choice.torn_bytes, garbage(rest, node));
        }
    }
    return contents_[key] = image_file(std::move(bytes));
}

}  // namespace lsm
