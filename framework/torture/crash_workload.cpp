#include "framework/torture/crash_workload.hpp"

#include <utility>

#include "framework/base/error.hpp"

namespace lsm::torture {

namespace {

using Map = std::map<std::string, std::string>;

std::string text_of(const Map& map) {
    std::string text;
    for (const auto& [key, value] : map) text += key + "=" + value + ";";
    return text;
}

std::string value_of(size_t number, bool long_one) {
    std::string value = std::to_string(number);
    // So long that it is known by its head and its tail in a message.
    if (long_one) value = value + "<" + std::string(140, '.') + ">" + value;
    return value;
}

void change(Map& map, char letter, size_t number) {
    switch (letter) {
        case 'p':
        case 'P':
            map["a"] = value_of(number, letter == 'P');
            break;
        case 'q':
        case 'Q':
            map["b"] = value_of(number, letter == 'Q');
            break;
        case 'd':
            map.erase("a");
            break;
        case 'e':
            map.erase("b");
            break;
        case 'r':
            map.erase("a");
            map.erase("b");
            break;
        case 'w':
            map["a"] = value_of(number, false);
            map.erase("b");
            map["c"] = value_of(number, false);
            break;
        default:
            break;
    }
}

}  // namespace

namespace {

AnyTree::Options make_options(const Combination& combination) {
    EngineSettings settings = combination_case(combination, 1).settings;
    settings.memtable_size = 400;
    settings.table_size = 300;
    settings.block_size = 128;
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.folder = kCrashFolder;
    options.log_reserve = 512;
    options.manifest_growth = 0;
    return options;
}

}  // namespace

AnyTree::Options crash_options(FileSystem& files, const Combination& combination) {
    // Thousands of disks of one combination are opened in a row, and reading its options takes
    // a tenth of that.
    thread_local std::string name;
    thread_local AnyTree::Options made;
    if (const std::string wanted = combination.text(); wanted != name) {
        made = make_options(combination);
        name = wanted;
    }
    AnyTree::Options options = made;
    options.files = &files;
    return options;
}

std::string contents_of(const AnyTree& tree) {
    Map map;
    const auto cursor = tree.cursor();
    for (cursor->seek_first(); cursor->valid(); cursor->next())
        map.emplace(cursor->key(), cursor->value());
    for (const char* key : {"a", "b", "c", "z"}) {
        const auto got = tree.get(key);
        const auto held = map.find(key);
        if (got.has_value() != (held != map.end()) || (got && *got != held->second))
            throw Error(ErrorKind::corruption,
                        std::string("a lookup of ") + key + " and a scan say different things");
    }
    return text_of(map);
}

std::string shown(const std::string& contents) {
    if (contents.empty()) return "nothing";
    std::string text;
    for (const char letter : contents) {
        if (letter != '.') text += letter;
    }
    return text;
}

CrashWorkload::CrashWorkload(Combination combination, const std::string& letters)
    : combination_(std::move(combination)),
      waits_(letters.starts_with('~')),
      letters_(letters.substr(waits_ ? 1 : 0)) {
    Map map;
    contents_.push_back(text_of(map));
    for (size_t i = 0; i < letters_.size(); ++i) {
        change(map, letters_[i], i);
        contents_.push_back(text_of(map));
    }
}

void CrashWorkload::perform(FileSystem& files) {
    progress_ = {};
    background_.open();
    auto tree = AnyTree::open(options(files));
    background_.shut();
    for (size_t i = 0; i < letters_.size(); ++i) {
        progress_.begun = i + 1;
        perform_one(tree, files, i);
        const bool durable =
            combination_.sync == "power" || letters_[i] == 'f' || letters_[i] == 'o';
        if (durable) progress_.durable = i + 1;
    }
    background_.open();
    tree->close();
    progress_.durable = letters_.size();
}

AnyTree::Options CrashWorkload::options(FileSystem& files) {
    AnyTree::Options made = crash_options(files, combination_);
    if (waits_) made.executor = &background_;
    return made;
}

/// One thread at a time: either the caller's or, while that waits, the background's.
void CrashWorkload::perform_one(std::unique_ptr<AnyTree>& tree, FileSystem& files, size_t number) {
    const bool needs_it = std::string("fco").find(letters_[number]) != std::string::npos;
    if (needs_it) background_.open();
    if (background_.waiting() >= 2) background_.drain();
    perform_letter(tree, files, number);
    if (needs_it) background_.shut();
}

void CrashWorkload::perform_letter(std::unique_ptr<AnyTree>& tree, FileSystem& files,
                                   size_t number) {
    switch (const char letter = letters_[number]) {
        case 'p':
        case 'P':
            tree->put("a", value_of(number, letter == 'P'));
            break;
        case 'q':
        case 'Q':
            tree->put("b", value_of(number, letter == 'Q'));
            break;
        case 'd':
            tree->remove("a");
            break;
        case 'e':
            tree->remove("b");
            break;
        case 'r':
            tree->remove_range("a", "c");
            break;
        case 'w': {
            WriteBatch batch;
            batch.put("a", value_of(number, false));
            batch.remove("b");
            batch.put("c", value_of(number, false));
            tree->write(batch);
            break;
        }
        case 'f':
            tree->flush();
            break;
        case 'c':
            tree->compact();
            break;
        case 'o':
            tree->close();
            progress_.durable = number;
            tree.reset();
            tree = AnyTree::open(options(files));
            break;
        default:
            throw Error(ErrorKind::usage, std::string("no operation has the letter ") + letter, {},
                        std::string("letters are ") + kCrashLetters);
    }
}

bool CrashWorkload::allows(const std::string& contents) const {
    for (size_t i = progress_.durable; i <= progress_.begun; ++i) {
        if (contents_[i] == contents) return true;
    }
    return false;
}

}  // namespace lsm::torture
