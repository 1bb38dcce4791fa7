// Manifests, as files of records (fuzz_input.hpp). What decodes must decode to the same once it is
// encoded again, and a tree with that manifest opens or says why not.
#include "framework/log/manifest.hpp"

#include "framework/engines/lsmlab_engine.hpp"
#include "framework/log/manifest_codec.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/tree/dump.hpp"
#include "framework/tree/verify.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::fuzz {

namespace {

AnyTree::Options options_on(FileSystem& files) {
    EngineSettings settings;
    settings.memtable.policy = "skiplist";
    settings.bloom.policy = "uniform";
    settings.filter.policy = "bloom";
    settings.format.policy = "row_block";
    settings.compaction.policy = "leveling";
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.files = &files;
    options.folder = "t";
    options.log_reserve = 0;
    return options;
}

}  // namespace

void manifest_target(std::string_view bytes) {
    constexpr uint64_t kNumber = 3;
    const std::string path = "t/MANIFEST-3";
    const std::string file = file_of_records(bytes, kNumber);
    const auto files = make_memory_file_system();
    files->create_folder("t");
    test::write_file(*files, path, file);
    test::write_file(*files, "t/CURRENT", "MANIFEST-3\n");
    decodes([&] {
        const TreeState state = *Manifest::read(*files, "t");
        const std::string again = encode_state(state);
        require(encode_state(decode_state(again, path)) == again);
    });
    static const Registry kNone;
    decodes([&] { dump_file(*files, path, kNone, [](const std::string&) {}); });
    decodes([&] { verify_folder(*files, "t", kNone); });
    decodes([&] {
        const auto tree = AnyTree::open(options_on(*files));
        tree->cursor()->seek_first();
        tree->close();
    });
}

}  // namespace lsm::fuzz
