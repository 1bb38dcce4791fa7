#include "tests/fuzz/fuzz_seeds.hpp"

#include <optional>

#include "framework/base/coding.hpp"
#include "framework/base/random.hpp"
#include "framework/log/manifest_codec.hpp"
#include "framework/log/write_ahead_log.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/policy/registry.hpp"
#include "framework/table/table.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::fuzz {

namespace {

std::vector<Entry> some_entries() {
    static const std::string kExpiring =
        std::string("\x00\x01\x00\x00\x00\x00\x00\x00", 8) + "soon";
    return {Entry::make("a", "1", 9, Kind::value), Entry::make("key1", "", 8, Kind::tombstone),
            Entry::make("key1", "old", 3, Kind::value),
            Entry::make("key12", kExpiring, 5, Kind::expiring),
            Entry::make("key12345", "five", 7, Kind::value)};
}

void add_logs(std::vector<Seed>& seeds) {
    std::string header;
    put_fixed32(header, kLogVersion);
    put_fixed64(header, 5);
    put_fixed64(header, 123);
    header.push_back(1);
    const std::vector<Entry> batch{Entry::make("a", "1", 1, Kind::value),
                                   Entry::make("b", "", 2, Kind::tombstone),
                                   Entry::make("c", "d", 3, Kind::range_tombstone)};
    const std::string framed = "\x01" + as_piece(header) + as_piece(encode_log_batch(1, batch)) +
                               as_piece(encode_log_batch(4, batch));
    seeds.push_back({"log", "batches", framed});
    const auto files = make_memory_file_system();
    LogWriter writer(*files, "7.log", 7, {}, 0);
    writer.append(encode_log_batch(1, batch));
    writer.sync();
    writer.append(encode_log_batch(4, batch));
    writer.close();
    seeds.push_back({"log", "file", std::string(1, '\0') + test::file_bytes(*files, "7.log")});
}

void add_manifests(std::vector<Seed>& seeds) {
    TreeState state;
    state.next_file = 9;
    state.next_run = 4;
    state.last_sequence = 30;
    TableShape table;
    table.id = 4;
    table.smallest = "a";
    table.largest = "m";
    table.entries = 12;
    table.newest_sequence = 20;
    state.shape.levels.push_back({{{1, {table}, false}}, "c"});
    ManifestRecord record;
    record.next_file = 12;
    record.next_run = 5;
    record.last_sequence = 40;
    table.id = 9;
    table.range_tombstones = 1;
    table.largest_open = true;
    record.edit.removed = {4};
    record.edit.added = {{2, 3, true, table}};
    record.edit.cursor = TreeEdit::Cursor{2, "d"};
    seeds.push_back({"manifest", "edit",
                     "\x01" + as_piece(encode_state(state)) + as_piece(encode_record(record))});
    seeds.push_back({"manifest", "current", std::string("\x00", 1) + "MANIFEST-3\n"});
}

/// The parts of a real table, as the table target takes them.
void add_tables(std::vector<Seed>& seeds) {
    const auto& formats = all_policies().format().policies();
    const auto& filters = all_policies().filter().policies();
    for (size_t i = 0; i < formats.size(); ++i) {
        for (const std::string codec : {"none", "lz4", "zstd"}) {
            std::vector<OptionProblem> none;
            const AnyFormat format(formats[i].make({}, none));
            const AnyFilter filter(filters[0].make({}, none));
            const auto files = make_memory_file_system();
            const std::string path = "9.table";
            TableSettings settings;
            settings.codec = codec;
            settings.block_size = codec == "none" ? 16 : 4096;
            TableBuilder<AnyFormat, AnyFilter> builder(*files, path, 9, format, filter,
                                                       {formats[i].name, filters[0].name}, settings,
                                                       10, {});
            for (const Entry& entry : some_entries()) builder.add(entry);
            const std::string long_value(codec == "none" ? 1 : 300, 'z');
            builder.add(Entry::make("zz", long_value, 11, Kind::value));
            builder.add_ranges({{"b", "d", {12, 4}}});
            builder.finish();
            const std::string file = test::file_bytes(*files, path);
            const std::string start(1, static_cast<char>(i));
            seeds.push_back({"table", formats[i].name + "-" + codec + "-file",
                             start + std::string("\x00", 1) + file});
            const TableFile read(*files, path, 9, nullptr, {});
            const auto payload = [&](BlockHandle handle) {
                return file.substr(handle.offset, handle.size - kBlockTrailerBytes);
            };
            const std::string properties = payload(read.footer().properties);
            const auto said = TableProperties::decode(properties, path, 0);
            std::string parts = as_piece(payload(read.footer().root)) +
                                as_piece(payload({said.ranges_offset, said.ranges_size})) +
                                as_piece(payload(read.footer().filter)) + as_piece(properties);
            for (const BlockHandle& handle : format.reader(read, read.footer().root)->blocks())
                parts += as_piece(payload(handle));
            if (codec == "none")
                seeds.push_back({"table", formats[i].name + "-parts", start + "\x01" + parts});
            const char number = codec == "none" ? 0 : codec == "lz4" ? 1 : 2;
            seeds.push_back({"table", formats[i].name + "-" + codec + "-blocks",
                             start + "\x02" + std::string(1, number) + parts});
        }
    }
}

void add_filters(std::vector<Seed>& seeds) {
    const auto& filters = all_policies().filter().policies();
    for (size_t i = 0; i < filters.size(); ++i) {
        std::vector<OptionProblem> none;
        const std::vector<uint64_t> hashes{1, 12345, UINT64_MAX - 7};
        std::string keys;
        for (const uint64_t hash : hashes) put_fixed64(keys, hash);
        seeds.push_back({"filter", filters[i].name,
                         std::string(1, static_cast<char>(i)) + "\x28" + as_piece(keys) +
                             AnyFilter(filters[i].make({}, none)).build(hashes, 10)});
    }
}

void add_experiments(std::vector<Seed>& seeds) {
    seeds.push_back({"experiment", "small",
                     "experiment: small\nabout: x\nseed: 3\nworkload:\n  - load: {records: 2k}\n"
                     "  - run: {operations: 1k, mix: {get: 1}}\n"
                     "tree:\n  memtable: {size: 16 KiB}\n"
                     "sweep: {tree.compaction.size_ratio: [2, 4]}\n"
                     "expect:\n  - write_amplification < 10 where size_ratio > 2\n"
                     "plots:\n  - {y: write_amplification, x: tree.compaction.size_ratio}\n"});
    seeds.push_back(
        {"experiment", "anchors", "experiment: &a [1, 2]\nseed: *a\n? {b: c}\n: - d\n"});
}

void add_operations(std::vector<Seed>& seeds) {
    Random random(42);
    for (int i = 0; i < 6; ++i) {
        std::string bytes;
        for (int j = 0; j < 200; ++j) bytes.push_back(static_cast<char>(random.below(256)));
        seeds.push_back({"operations", "random-" + std::to_string(i), bytes});
    }
}

}  // namespace

std::vector<Seed> make_seeds() {
    std::vector<Seed> seeds;
    add_logs(seeds);
    add_manifests(seeds);
    add_tables(seeds);
    add_filters(seeds);
    add_experiments(seeds);
    add_operations(seeds);
    return seeds;
}

}  // namespace lsm::fuzz
