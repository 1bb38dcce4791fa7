// The ways in which the rot machine damages one file of a database, all of them, numbered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/torture/rot_subject.hpp"

namespace lsm::torture {

struct Mutation {
    enum class Kind {
        bit,      // bit `place` is flipped
        cut,      // the file ends after `place` bytes
        sector,   // 512 zeros from `place` * 512 on
        missing,  // no such file
        swapped,  // with the `place`-th other file of its kind
        sibling,  // it holds what the `place`-th other file of its kind holds
        older     // it holds what it held `place` changes ago, counted from the oldest
    };
    uint32_t subject = 0;
    uint32_t file = 0;  // of the subject's, by name
    Kind kind = Kind::bit;
    uint64_t place = 0;
};

const char* name_of(Mutation::Kind kind);
/// "row_block-bloom-none-closed/12.table/bit/345".
std::string name_of(const Mutation& mutation, const std::vector<RotSubject>& subjects);
/// The name of the file.
std::string file_of(const Mutation& mutation, const std::vector<RotSubject>& subjects);

std::vector<Mutation> all_mutations(const std::vector<RotSubject>& subjects);

/// The subject's files after it. May be equal to those before: zeros over zeros.
Contents mutated(const Mutation& mutation, const RotSubject& subject);

}  // namespace lsm::torture
