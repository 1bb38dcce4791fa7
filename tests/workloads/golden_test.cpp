// The first 20 operations of every shipped mix, after a load of 1000 records, as they were when the
// files beside this one were written: results that are compared over time depend on them. A change
// of the generators that is meant to be one is recorded with LSMLAB_REWRITE=1.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "framework/base/hash.hpp"
#include "framework/base/number.hpp"
#include "source_dir.hpp"
#include "tests/support/map_engine.hpp"
#include "tests/support/mixes.hpp"
#include "workloads/client.hpp"

namespace lsm::workloads {
namespace {

class GoldenMix : public ::testing::TestWithParam<std::string> {};

std::string first_operations(const std::string& mix) {
    const Phase run = lsm::testing::read_mix(mix, 20);
    const Phase load = lsm::testing::load_for(run, 1000);
    lsm::testing::MapEngine engine;
    engine.record();
    const Workload workload({load, run}, 42, 1);
    Client client(engine, workload, 0);
    for (size_t phase = 0; phase < 2; ++phase) {
        client.begin_phase(phase);
        while (client.remaining() > 0) client.step();
    }
    std::string text;
    for (size_t i = 1000; i < engine.calls().size(); ++i) text += engine.calls()[i] + "\n";
    uint64_t content = 0;
    for (const auto& [key, value] : engine.content()) content = hash_bytes(key + value, content);
    return text + "content " + format_number(content) + "\n";
}

TEST_P(GoldenMix, IsAsItWas) {
    std::string file = GetParam();
    file.replace(file.find('/'), 1, "_");
    const std::string path =
        std::string(LSMLAB_SOURCE_DIR) + "/tests/workloads/golden/" + file + ".txt";
    const std::string now = first_operations(GetParam());
    if (std::getenv("LSMLAB_REWRITE") != nullptr) {
        std::ofstream(path) << now;
        GTEST_SKIP() << "rewrote " << path;
    }
    std::ifstream golden(path);
    std::stringstream text;
    text << golden.rdbuf();
    EXPECT_EQ(now, text.str()) << "if the change is meant, run with LSMLAB_REWRITE=1";
}

INSTANTIATE_TEST_SUITE_P(All, GoldenMix, ::testing::ValuesIn(lsm::testing::mix_names()),
                         [](const auto& mix) {
                             std::string name = mix.param;
                             name.replace(name.find('/'), 1, "_");
                             return name;
                         });

}  // namespace
}  // namespace lsm::workloads
