// Texts that are kept beside the tests. LSMLAB_REWRITE=1 in the environment writes them anew.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "source_dir.hpp"

namespace lsm::test {

inline void expect_golden(const std::string& name, const std::string& text) {
    const std::string path = std::string(LSMLAB_SOURCE_DIR) + "/tests/tree/golden/" + name;
    if (std::getenv("LSMLAB_REWRITE") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    std::stringstream kept;
    kept << file.rdbuf();
    EXPECT_EQ(text, kept.str()) << "run with LSMLAB_REWRITE=1 to write it anew";
}

}  // namespace lsm::test
