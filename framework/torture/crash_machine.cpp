#include "framework/torture/crash_machine.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/random.hpp"
#include "framework/base/text.hpp"
#include "framework/os/crash_file_system.hpp"
#include "framework/torture/crash_images.hpp"
#include "framework/torture/crash_states.hpp"
#include "framework/torture/crash_workload.hpp"
#include "framework/torture/run_cases.hpp"
#include "framework/torture/shrink.hpp"

namespace lsm::torture {

namespace {

constexpr uint64_t kPage = 64;            // of a log: small beside the records
constexpr double kSampledOfFour = 150;    // at scale 1
constexpr double kWaitingWorkloads = 60;  // at scale 1: background work waits
constexpr double kLongWorkloads = 40;     // at scale 1
constexpr uint64_t kShareInside = 32;     // of 256 recoveries
constexpr uint64_t kShrinkLetters = 300;  // a minute at most

/// "skiplist,uniform,bloom,plain,tiering,none,power/pfQ", for one of its disks with
/// "/17/0110t2:3z" behind: the call before which the power goes, and what was kept.
struct Case {
    Combination combination;
    std::string letters;
    std::optional<uint64_t> call;
    CrashChoice choice;

    std::string text() const { return combination.text() + "/" + letters; }
};

Case parse_case(const std::string& text) {
    const auto parts = split(text, '/');
    const auto policies = split(parts[0], ',');
    const bool disk = parts.size() == 4;
    Case read;
    bool known = (parts.size() == 2 || disk) && policies.size() == 7;
    if (known) {
        const auto axes = combination_axes();
        for (size_t i = 0; i < axes.size(); ++i) {
            read.combination.*axes[i].member = policies[i];
            known =
                known && std::count(axes[i].values.begin(), axes[i].values.end(), policies[i]) > 0;
        }
        read.letters = parts[1];
        const size_t begin = read.letters.starts_with('~') ? 1 : 0;
        known = known && read.letters.find_first_not_of(kCrashLetters, begin) == std::string::npos;
    }
    if (known && disk) {
        const auto choice = CrashChoice::parse(parts[3]);
        known = choice && !parts[2].empty() && parts[2].size() < 10 &&
                parts[2].find_first_not_of("0123456789") == std::string::npos;
        if (known) {
            read.call = std::stoull(parts[2]);
            read.choice = *choice;
        }
    }
    if (known) return read;
    throw Error(ErrorKind::usage, "the crash machine has no case " + text, {},
                "write memtable,bloom,filter,format,compaction,codec,sync/letters, or a case as a "
                "failure says it; letters are " +
                    std::string(kCrashLetters) + ", behind a ~ where background work waits");
}

/// In mode power, which promises most, and in the others: of words of three letters and more, which
/// are nearly all, in one of the two. The policies follow from the letters and the seed.
void add_cases(std::vector<Case>& cases, const std::string& letters, uint64_t seed) {
    static const std::vector<CombinationAxis> kAxes = combination_axes();
    Random random = Random::stream(seed, "policies of " + letters);
    Case one;
    one.letters = letters;
    for (const CombinationAxis& axis : kAxes)
        one.combination.*axis.member = axis.values[random.below(axis.values.size())];
    one.combination.bloom = "uniform";  // some others give tiny tables filters of megabytes
    std::vector<const char*> syncs{"power", "process", "none"};
    if (letters.size() >= 3) syncs.erase(syncs.begin() + 1 + static_cast<int>(random.below(2)));
    for (const char* sync : syncs) {
        one.combination.sync = sync;
        cases.push_back(one);
    }
}

void add_words(std::vector<std::string>& words, const std::string& word, size_t length) {
    if (!word.empty()) words.push_back(word);
    if (length == 0) return;
    for (const char* letter = kCrashLetters; *letter != '\0'; ++letter)
        add_words(words, word + *letter, length - 1);
}

std::string random_word(Random& random, uint64_t length,
                        const std::string& letters = kCrashLetters) {
    std::string word;
    for (uint64_t i = 0; i < length; ++i) word += letters[random.below(letters.size())];
    return word;
}

/// Short ones first.
std::vector<Case> all_cases(const Options& options) {
    const auto scaled = [&](double count) {
        return static_cast<uint64_t>(std::ceil(count * options.scale));
    };
    const auto stream = [&](const char* kind) { return Random::stream(options.seed, kind); };
    std::vector<std::string> words;
    add_words(words, "", options.scale >= 0.1 ? 3 : options.scale >= 0.01 ? 2 : 1);
    Random four = stream("crash of four"), long_ones = stream("crash long");
    Random waiting = stream("crash waiting");
    for (uint64_t i = 0; i < scaled(kSampledOfFour); ++i) words.push_back(random_word(four, 4));
    for (uint64_t i = 0; i < scaled(kLongWorkloads); ++i)
        words.push_back(random_word(long_ones, 10 + long_ones.below(40)));
    for (uint64_t i = 0; i < scaled(kWaitingWorkloads); ++i)
        words.push_back("~" + random_word(waiting, 3 + waiting.below(12), "PQPQPQpqderwfco"));
    // Those with waiting background work early, since they see most.
    const auto rank = [](const std::string& word) {
        return word.starts_with('~') ? size_t{1} : word.size();
    };
    std::stable_sort(words.begin(), words.end(),
                     [&](const auto& one, const auto& two) { return rank(one) < rank(two); });
    std::vector<Case> cases;
    for (const std::string& word : words) add_cases(cases, word, options.seed);
    return cases;
}

/// One workload with all its disks.
class CrashRun {
  public:
    /// `first`: looks no further once something has failed.
    CrashRun(const Case& one, uint64_t seed, CrashImages& images, Tally& tally, bool first = false)
        : case_(one),
          images_(images),
          tally_(tally),
          first_(first),
          workload_(one.combination, one.letters),
          random_(Random::stream(seed, one.text())),
          files_(start(), kPage) {
        // Of a long one there are so many moments that a few states of each will do.
        if (one.letters.size() > 6) limits_ = {3, 4, 4, 64};
    }

    void perform() {
        files_.before_change([&] { look(); });
        workload_.perform(files_);
        look();
        tally_.count("workloads");
    }

  private:
    static DiskImage start() {
        DiskImage image;
        image.folders.insert("disk");
        return image;
    }

    void look() {
        const uint64_t call = calls_++;
        if (case_.call && *case_.call != call) return;
        if (found_enough()) return;
        tally_.count("moments");
        const CrashPoint point = files_.crash_point();
        tally_.highest("most pending changes", point.pending().size());
        if (case_.call) {
            CrashChoice choice = case_.choice;
            choice.kept.resize(point.pending().size());
            return check(point, choice, call);
        }
        for_each_state(point, limits_, random_,
                       [&](const CrashChoice& choice) { check(point, choice, call); });
    }

    bool found_enough() const { return first_ && tally_.failed() > 0; }

    void check(const CrashPoint& point, const CrashChoice& choice, uint64_t call) {
        if (found_enough()) return;
        tally_.count("states");
        const DiskImage image = point.image(choice);
        const auto outcome = images_.outcome(image, case_.combination, tally_);
        std::string problem = outcome.problem;
        if (problem.empty() && !workload_.allows(outcome.contents))
            problem = "it holds " + shown(outcome.contents) + ", which is not from " +
                      shown(workload_.contents(workload_.progress().durable)) + " to " +
                      shown(workload_.contents(workload_.progress().begun));
        tally_.explored(mix64(image.hash() + call) + problem.size());
        if (problem.empty()) return;
        const std::string disk = case_.text() + "/" + std::to_string(call) + "/" + choice.text();
        tally_.fail(disk, "the disk " + disk + ": " + problem);
    }

    const Case& case_;
    CrashImages& images_;
    Tally& tally_;
    const bool first_;
    CrashWorkload workload_;
    CrashLimits limits_;
    Random random_;
    CrashFileSystem files_;
    uint64_t calls_ = 0;
};

/// The same with fewer operations, and one of its disks.
std::optional<Failure> shorter_workload(const Failure& failure, uint64_t seed) {
    const Case whole = parse_case(failure.only);
    const size_t begin = whole.letters.starts_with('~') ? 1 : 0;
    CrashImages images(seed, kShareInside);
    std::optional<Failure> found;
    const auto failing = [&](const std::vector<uint64_t>& kept) -> std::optional<uint64_t> {
        if (kept.empty()) return {};
        Case one = whole;
        one.call.reset();
        one.letters.resize(begin);
        for (const uint64_t number : kept) one.letters += whole.letters[begin + number];
        Tally tally;
        try {
            CrashRun(one, seed, images, tally, true).perform();
        } catch (const std::exception& error) {
            tally.fail(one.text(), error.what());
        }
        if (tally.failed() == 0) return {};
        found = tally.failures().front();
        return kept.back();
    };
    shrink(Operations::first(whole.letters.size() - begin).numbers(), kShrinkLetters, failing);
    return found;
}

}  // namespace

Report run_crash_machine(const Options& options) {
    const std::vector<Case> cases =
        options.only.empty() ? all_cases(options) : std::vector<Case>{parse_case(options.only)};
    CrashImages images(options.seed, kShareInside);
    Report report = run_cases(
        options, cases.size(), [&](uint64_t number) { return cases[number].text(); },
        [&](uint64_t number, Tally& tally) {
            CrashRun(cases[number], options.seed, images, tally, options.first).perform();
        });
    shrink_failures(options, report, [&](const Failure& failure) {
        return shorter_workload(failure, options.seed);
    });
    return report;
}

}  // namespace lsm::torture
