#include "framework/log/manifest.hpp"
#include "framework/base/bug_museum.hpp"

#include <utility>

#include "framework/base/error.hpp"
#include "framework/log/manifest_codec.hpp"
#include "framework/log/record.hpp"
#include "framework/os/io_error.hpp"

namespace lsm {

namespace {

constexpr IoTag kTag{Cause::manifest, BlockKind::record, 0};

std::string current_path(const std::string& folder) { return folder + "/CURRENT"; }

uint64_t read_current(FileSystem& files, const std::string& folder) {
    const std::string path = current_path(folder);
    const std::string text = read_text_file(files, path);
    const std::string prefix = "MANIFEST-";
    uint64_t number = 0;
    bool digits = text.size() > prefix.size() + 1 && text.compare(0, prefix.size(), prefix) == 0 &&
                  text.back() == '\n';
    for (size_t i = prefix.size(); digits && i + 1 < text.size(); ++i) {
        digits = text[i] >= '0' && text[i] <= '9' && i < prefix.size() + 19;
        number = number * 10 + static_cast<uint64_t>(text[i] - '0');
    }
    if (!digits) throw Error(ErrorKind::corruption, "does not name a manifest", {path, 0, {}, {}});
    if (!files.exists(folder + "/" + manifest_name(number))) {
        throw Error(ErrorKind::corruption, "names " + manifest_name(number) + ", which is missing",
                    {path, 0, {}, {}});
    }
    return number;
}

}  // namespace

std::string manifest_name(uint64_t number) { return "MANIFEST-" + std::to_string(number); }

std::optional<TreeState> Manifest::read(FileSystem& files, const std::string& folder,
                                        std::vector<std::string>* notes) {
    if (!files.exists(current_path(folder))) return std::nullopt;
    const uint64_t number = read_current(files, folder);
    return read_file(files, folder + "/" + manifest_name(number), number, notes);
}

TreeState Manifest::read_file(FileSystem& files, const std::string& path, uint64_t number,
                              std::vector<std::string>* notes) {
    const auto file = files.open(path);
    std::string bytes(file->size(), '\0');
    if (!bytes.empty())
        file->read(0, bytes.size(), bytes.data(), {Cause::recovery, BlockKind::record, 0});
    RecordReader reader(bytes, path, number);
    const auto first = reader.next();
    if (!first) throw Error(ErrorKind::corruption, "has no whole first record", {path, 0, {}, {}});
    TreeState state = decode_state(*first, path);
    const uint32_t version = manifest_version(*first);
    for (uint64_t offset = reader.offset(); const auto payload = reader.next();
         offset = reader.offset()) {
        const ManifestRecord record = decode_record(*payload, path, offset, version);
        apply_edit(state.shape, record.edit);
        state.shape.tick = record.tick;
        state.next_file = record.next_file;
        state.next_run = record.next_run;
        state.last_sequence = record.last_sequence;
        state.first_log = record.first_log;
        state.sealed_log = record.sealed_log;
        state.sealed_length = record.sealed_length;
        state.named_log = record.named_log;
    }
    if (reader.torn() && notes != nullptr) {
        notes->push_back(
            path + ": a record that a crash cut short begins at byte " +
            std::to_string(reader.offset()) +
            "; its edit is left out. Nothing built on it, so it was not in force yet, or "
            "it was the very last one and has been damaged since");
    }
    return state;
}

Manifest::Manifest(FileSystem& files, std::string folder, uint64_t growth, WarningList* warnings)
    : files_(files), folder_(std::move(folder)), growth_(growth), warnings_(warnings) {}

Manifest::Manifest(FileSystem& files, std::string folder, TreeState& state, uint64_t growth)
    : Manifest(files, std::move(folder), growth) {
    write_new(state, {});
}

Manifest::~Manifest() = default;

void Manifest::write_new(TreeState& state, const std::function<void()>& before_it_counts) {
    const uint64_t number = state.next_file++;
    std::unique_ptr<WritableFile> file;
    uint64_t bytes = 0;
    try {
        file = files_.create(folder_ + "/" + manifest_name(number));
        add_record(*file, number, encode_state(state));
        bytes = file->size();
        if (before_it_counts) before_it_counts();
        if (!bug(Bug::manifest_name_not_durable)) files_.sync_folder(folder_);
        write_text_file(files_, current_path(folder_), manifest_name(number) + "\n");
    } catch (const DiskFullError&) {
        file.reset();
        remove_file(number);
        throw;
    }
    const uint64_t old_number = std::exchange(number_, number);
    const auto old_file = std::exchange(file_, std::move(file));
    base_bytes_ = bytes;
    if (!old_file) return;
    try {
        old_file->close();
    } catch (const std::exception& error) {
        // Nobody needs it any more: the new one is in force. One that the disk was full for throws
        // that again.
        if (!full_ && warnings_ != nullptr) warnings_->add("an old manifest was not closed", error);
    }
    remove_file(old_number);
}

/// One that is not in force; the next open removes it too.
void Manifest::remove_file(uint64_t number) noexcept {
    try {
        const std::string path = folder_ + "/" + manifest_name(number);
        if (files_.exists(path)) files_.remove(path);
    } catch (const std::exception& error) {
        if (warnings_ != nullptr) warnings_->add("an old manifest stays", error);
    }
}

void Manifest::add_record(WritableFile& file, uint64_t number, const std::string& payload) {
    file.append(frame_record(payload, number, file.size(), file.size()), kTag);
    file.sync();
}

template <class Step>
void Manifest::guarded(Step step) {
    if (poisoned_) {
        throw Error(ErrorKind::read_only, "the manifest can not be written since: " + *poisoned_,
                    {folder_, {}, {}, {}});
    }
    try {
        step();
        full_ = false;
    } catch (const DiskFullError&) {
        full_ = true;
        throw;
    } catch (const std::exception& error) {
        poisoned_ = error.what();
        throw;
    }
}

bool Manifest::needs_new_file() const {
    return !file_ || full_ || file_->size() > base_bytes_ * 2 + growth_;
}

void Manifest::append(const ManifestRecord& record) {
    guarded([&] { add_record(*file_, number_, encode_record(record)); });
}

void Manifest::begin(TreeState& state, const std::function<void()>& before_it_counts) {
    guarded([&] { write_new(state, before_it_counts); });
}

void Manifest::close() {
    if (file_) file_->close();
}

}  // namespace lsm
