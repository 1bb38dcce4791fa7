// Logs, as files of records (fuzz_input.hpp).
#include "framework/log/write_ahead_log.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/policy/registry.hpp"
#include "framework/tree/dump.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::fuzz {

void log_target(std::string_view bytes) {
    constexpr uint64_t kNumber = 7;
    const std::string path = "7.log";
    const std::string file = file_of_records(bytes, kNumber);
    const auto files = make_memory_file_system();
    test::write_file(*files, path, file);
    LogRecovery recovery;
    uint64_t taken = 0;
    decodes([&] {
        const LogReplay replay =
            replay_log(*files, path, kNumber, recovery, [&](const Entry& entry) {
                require(entry.key.size() <= file.size() && entry.value.size() <= file.size());
                ++taken;
            });
        require(replay.length <= file.size());
        require(recovery.entries == taken);
    });
    decodes([&] { read_log_header(*files, path, kNumber); });
    static const Registry kNone;
    decodes([&] { dump_file(*files, path, kNone, [](const std::string&) {}); });
}

}  // namespace lsm::fuzz
