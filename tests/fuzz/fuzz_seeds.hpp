// Inputs to begin with, made by the code that writes the real thing: what seeds/ holds.
#pragma once

#include <string>
#include <vector>

namespace lsm::fuzz {

struct Seed {
    std::string target;
    std::string name;
    std::string bytes;
};

std::vector<Seed> make_seeds();

}  // namespace lsm::fuzz
