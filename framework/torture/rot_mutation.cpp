#include "framework/torture/rot_mutation.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace lsm::torture {

namespace {

constexpr uint64_t kSectorBytes = 512;

std::string kind_of_file(const std::string& name) {
    if (name.starts_with("MANIFEST-")) return "manifest";
    const size_t dot = name.find('.');
    return dot == std::string::npos ? name : name.substr(dot);
}

std::vector<std::string> siblings(const RotSubject& subject, const std::string& name) {
    std::vector<std::string> others;
    for (const auto& [other, bytes] : subject.files) {
        if (other != name && kind_of_file(other) == kind_of_file(name)) others.push_back(other);
    }
    return others;
}

/// How many mutations of a kind there are of a file.
uint64_t count_of(Mutation::Kind kind, const RotSubject& subject, const std::string& name) {
    const uint64_t size = subject.files.at(name).size();
    switch (kind) {
        case Mutation::Kind::bit:
            return size * 8;
        case Mutation::Kind::cut:
            return size;
        case Mutation::Kind::sector:
            return (size + kSectorBytes - 1) / kSectorBytes;
        case Mutation::Kind::missing:
            return 1;
        case Mutation::Kind::swapped:
        case Mutation::Kind::sibling:
            return siblings(subject, name).size();
        case Mutation::Kind::older: {
            const auto found = subject.older.find(name);
            return found == subject.older.end() ? 0 : found->second.size();
        }
    }
    return 0;
}

}  // namespace

const char* name_of(Mutation::Kind kind) {
    switch (kind) {
        case Mutation::Kind::bit:
            return "bit";
        case Mutation::Kind::cut:
            return "cut";
        case Mutation::Kind::sector:
            return "sector";
        case Mutation::Kind::missing:
            return "missing";
        case Mutation::Kind::swapped:
            return "swapped";
        case Mutation::Kind::sibling:
            return "sibling";
        case Mutation::Kind::older:
            return "older";
    }
    return "";
}

std::string file_of(const Mutation& mutation, const std::vector<RotSubject>& subjects) {
    return std::next(subjects[mutation.subject].files.begin(), mutation.file)->first;
}

std::string name_of(const Mutation& mutation, const std::vector<RotSubject>& subjects) {
    return fmt::format("{}/{}/{}/{}", subjects[mutation.subject].name, file_of(mutation, subjects),
                       name_of(mutation.kind), mutation.place);
}

std::vector<Mutation> all_mutations(const std::vector<RotSubject>& subjects) {
    using Kind = Mutation::Kind;
    std::vector<Mutation> all;
    for (uint32_t subject = 0; subject < subjects.size(); ++subject) {
        uint32_t file = 0;
        for (const auto& [name, bytes] : subjects[subject].files) {
            for (const Kind kind : {Kind::bit, Kind::cut, Kind::sector, Kind::missing,
                                    Kind::swapped, Kind::sibling, Kind::older}) {
                const uint64_t count = count_of(kind, subjects[subject], name);
                for (uint64_t place = 0; place < count; ++place)
                    all.push_back({subject, file, kind, place});
            }
            ++file;
        }
    }
    return all;
}

Contents mutated(const Mutation& mutation, const RotSubject& subject) {
    Contents files = subject.files;
    const auto file = std::next(files.begin(), mutation.file);
    const std::string name = file->first;
    std::string& bytes = file->second;
    const uint64_t place = mutation.place;
    switch (mutation.kind) {
        case Mutation::Kind::bit:
            bytes[place / 8] = static_cast<char>(bytes[place / 8] ^ (1 << place % 8));
            break;
        case Mutation::Kind::cut:
            bytes.resize(place);
            break;
        case Mutation::Kind::sector: {
            const uint64_t begin = place * kSectorBytes;
            const uint64_t size = std::min(kSectorBytes, bytes.size() - begin);
            bytes.replace(begin, size, size, '\0');
            break;
        }
        case Mutation::Kind::missing:
            files.erase(file);
            break;
        case Mutation::Kind::swapped:
            std::swap(bytes, files.at(siblings(subject, name)[place]));
            break;
        case Mutation::Kind::sibling:
            bytes = files.at(siblings(subject, name)[place]);
            break;
        case Mutation::Kind::older:
            bytes = subject.older.at(name)[place];
            break;
    }
    return files;
}

}  // namespace lsm::torture
