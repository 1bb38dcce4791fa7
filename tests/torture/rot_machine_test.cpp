// The rot machine itself: a share of its cases, that the seed fixes them, and that a case can be
// repeated.
#include "framework/torture/rot_machine.hpp"

#include <gtest/gtest.h>

#include "framework/base/error.hpp"
#include "framework/policy/registry.hpp"
#include "framework/torture/rot_mutation.hpp"

namespace lsm::torture {
namespace {

TEST(RotMachineTest, NothingIsSilentAndTheSeedFixesTheDigest) {
    Options options;
    options.scale = 0.003;
    const Report one = run_rot_machine(options);
    for (const Failure& failure : one.tally.failures())
        ADD_FAILURE() << failure.only << ": " << failure.what;
    EXPECT_GT(one.tally.counted("1 mutations"), 1500u);
    EXPECT_GT(one.tally.counted("3 refused, with the file's name"), 1000u);
    EXPECT_GT(one.tally.counted("3 right all the same"), 0u);
    options.threads = 1;
    EXPECT_EQ(run_rot_machine(options).tally.digest(), one.tally.digest());
    options.seed = 43;
    EXPECT_NE(run_rot_machine(options).tally.digest(), one.tally.digest());
}

TEST(RotMachineTest, CoversEveryPolicyThatWritesBytesAndEveryKindOfFile) {
    const auto subjects = make_rot_subjects(42);
    const size_t formats = all_policies().format().policies().size();
    const size_t filters = all_policies().filter().policies().size();
    EXPECT_EQ(subjects.size(), formats * (filters * 9 + 1)) << "a backup of each format";
    for (const RotSubject& subject : subjects) {
        uint64_t tables = 0, logs = 0;
        for (const auto& [name, bytes] : subject.files) {
            tables += name.ends_with(".table") ? 1 : 0;
            logs += name.ends_with(".log") ? 1 : 0;
        }
        EXPECT_GE(tables, 2u) << subject.name << " " << subject.compaction;
        EXPECT_EQ(logs, subject.state == RotSubject::State::closed_no_log ? 0u : 1u);
        const bool backup = subject.state == RotSubject::State::backup;
        EXPECT_EQ(subject.files.contains("BACKUP"), backup);
        EXPECT_EQ(subject.older.contains("BACKUP"), backup);
        EXPECT_FALSE(subject.right().empty());
        EXPECT_EQ(scan_all(*AnyTree::open(subject.options(*files_with(subject.files)))),
                  subject.right());
    }
    EXPECT_GT(all_mutations(subjects).size(), 500'000u);
}

TEST(RotMachineTest, ACaseIsRepeatedByItsName) {
    const auto subjects = make_rot_subjects(42);
    const auto all = all_mutations(subjects);
    Options options;
    options.only = name_of(all[all.size() / 2], subjects);
    EXPECT_EQ(run_rot_machine(options).tally.counted("1 mutations"), 1u);
    options.only = "none";
    EXPECT_THROW(run_rot_machine(options), Error);
}

}  // namespace
}  // namespace lsm::torture
