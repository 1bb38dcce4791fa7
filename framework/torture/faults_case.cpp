#include "framework/torture/faults_case.hpp"

#include <charconv>
#include <iterator>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/random.hpp"
#include "framework/base/text.hpp"

namespace lsm::torture {

namespace {

constexpr uint64_t kSteps = 60;
constexpr uint64_t kKeys = 24;

constexpr const char* kSyncs[] = {"none", "process", "power"};
struct NamedFault {
    Fault fault;
    const char* name;
};
constexpr NamedFault kFaults[] = {{Fault::error, "error"},
                                  {Fault::torn, "torn"},
                                  {Fault::full, "full"},
                                  {Fault::torn_full, "torn_full"},
                                  {Fault::none, "memory"}};

std::string key_of(Random& random) {
    const uint64_t number = random.below(kKeys);
    return "key" + std::string(number < 10 ? "0" : "") + std::to_string(number);
}

FaultsWrite draw_write(Random& random, uint64_t number) {
    const uint64_t kind = random.below(20);
    FaultsWrite write;
    write.key = key_of(random);
    if (kind < 14) {
        write.value = std::to_string(number) + std::string(20 + random.below(60), 'v');
    } else if (kind < 19) {
        write.kind = FaultsWrite::Kind::remove;
    } else {
        write.kind = FaultsWrite::Kind::remove_range;
        write.value = write.key + "~";
        const std::string other = key_of(random);
        if (other > write.key) write.value = other;
    }
    return write;
}

FaultsStep::Kind draw_kind(Random& random) {
    using Kind = FaultsStep::Kind;
    const uint64_t drawn = random.below(100);
    if (drawn < 70) return Kind::write;
    if (drawn < 78) return Kind::get;
    if (drawn < 82) return Kind::scan;
    if (drawn < 86) return Kind::flush;
    if (drawn < 89) return Kind::compact;
    if (drawn < 91) return Kind::settle;
    if (drawn < 93) return Kind::checkpoint;
    if (drawn < 95) return Kind::backup;
    return Kind::reopen;
}

[[noreturn]] void refuse(const std::string& text) {
    throw Error(ErrorKind::usage, "no case of the faults machine: " + text, {},
                "write SYNC/SCRIPT/FAULT/once or for_good, with /N for one call, as "
                "power/3/torn/once/117");
}

uint64_t number_of(const std::string& digits, const std::string& text) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) refuse(text);
    return number;
}

}  // namespace

Combination FaultsCase::combination() const {
    static const std::vector<CombinationAxis> kAxes = combination_axes();
    Random random = Random::stream(script, "faults");
    Combination drawn;
    for (const CombinationAxis& axis : kAxes)
        drawn.*axis.member = axis.values[random.below(axis.values.size())];
    return drawn;
}

std::string FaultsCase::text() const {
    std::string text = std::string(kSyncs[static_cast<int>(sync)]) + "/" + std::to_string(script);
    for (const NamedFault& one : kFaults) {
        if (one.fault == fault) text += std::string("/") + one.name;
    }
    text += for_good ? "/for_good" : "/once";
    if (only != 0) text += "/" + std::to_string(only);
    return kept ? text + ":" + kept->text() : text;
}

FaultsCase FaultsCase::parse(const std::string& text) {
    const size_t colon = text.find(':');
    const auto words = split(text.substr(0, colon), '/');
    if (words.size() != 4 && words.size() != 5) refuse(text);
    FaultsCase parsed;
    bool sync = false, fault = false;
    for (size_t i = 0; i < std::size(kSyncs); ++i) {
        if (words[0] != kSyncs[i]) continue;
        parsed.sync = static_cast<SyncMode>(i);
        sync = true;
    }
    parsed.script = number_of(words[1], text);
    for (const NamedFault& one : kFaults) {
        if (words[2] != one.name) continue;
        parsed.fault = one.fault;
        fault = true;
    }
    parsed.for_good = words[3] == "for_good";
    if (!sync || !fault || (!parsed.for_good && words[3] != "once")) refuse(text);
    if (words.size() == 5) parsed.only = number_of(words[4], text);
    if (colon != std::string::npos) parsed.kept = Operations::parse(text.substr(colon + 1));
    return parsed;
}

std::vector<FaultsCase> faults_cases(uint64_t scripts) {
    std::vector<FaultsCase> cases;
    for (uint64_t script = 0; script < scripts; ++script) {
        for (const SyncMode sync : {SyncMode::power, SyncMode::process, SyncMode::none}) {
            for (const NamedFault& one : kFaults) {
                for (const bool for_good : {false, true})
                    cases.push_back({sync, script, one.fault, for_good, 0});
            }
        }
    }
    return cases;
}

void apply(const std::vector<FaultsWrite>& batch, FaultsContents& contents) {
    for (const FaultsWrite& write : batch) {
        switch (write.kind) {
            case FaultsWrite::Kind::put:
                contents[write.key] = write.value;
                break;
            case FaultsWrite::Kind::remove:
                contents.erase(write.key);
                break;
            case FaultsWrite::Kind::remove_range:
                contents.erase(contents.lower_bound(write.key), contents.lower_bound(write.value));
                break;
        }
    }
}

std::vector<FaultsStep> faults_script(uint64_t seed, uint64_t script) {
    Random random(mix64(seed) ^ script);
    std::vector<FaultsStep> steps;
    uint64_t writes = 0;
    for (uint64_t i = 0; i < kSteps; ++i) {
        FaultsStep step;
        step.kind = draw_kind(random);
        if (step.kind == FaultsStep::Kind::write) {
            const uint64_t size = random.below(3) == 0 ? 2 + random.below(6) : 1;
            for (uint64_t j = 0; j < size; ++j) step.batch.push_back(draw_write(random, ++writes));
        }
        if (step.kind == FaultsStep::Kind::get) step.key = key_of(random);
        steps.push_back(std::move(step));
    }
    return steps;
}

std::vector<FaultsStep> faults_script(uint64_t seed, const FaultsCase& of) {
    std::vector<FaultsStep> steps = faults_script(seed, of.script);
    if (!of.kept) return steps;
    std::vector<FaultsStep> kept;
    for (const uint64_t number : of.kept->numbers()) {
        if (number < steps.size()) kept.push_back(steps[number]);
    }
    return kept;
}

}  // namespace lsm::torture
