#include "framework/torture/model_case.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/text.hpp"
#include "framework/policy/registry.hpp"

namespace lsm::torture {
namespace {

uint64_t number_of(const std::string& text) {
    uint64_t number = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9' || number > UINT64_MAX / 10 - 1)
            throw Error(ErrorKind::usage, "'" + text + "' is no number");
        number = number * 10 + static_cast<uint64_t>(digit - '0');
    }
    if (text.empty()) throw Error(ErrorKind::usage, "a number is missing");
    return number;
}

template <class Any>
std::vector<std::string> names(const AxisRegistry<Any>& axis) {
    std::vector<std::string> result;
    for (const auto& policy : axis.policies()) result.push_back(policy.name);
    return result;
}

template <class Item>
const Item& any_of(const std::vector<Item>& items, Random& random) {
    return items[random.below(items.size())];
}

/// One value of the option, small mostly: a tree of a few hundred entries has few runs and levels.
std::string draw_one(const OptionInfo& info, Random& random) {
    const double least = std::max(info.range.minimum, -5.0);
    double drawn = 0;
    switch (info.type) {
        case OptionType::flag:
            return random.below(2) == 0 ? "true" : "false";
        case OptionType::choice:
        case OptionType::choice_list:
            return any_of(info.choices, random);
        case OptionType::size:
            drawn = static_cast<double>(random.below(4) == 0 ? 0 : 500 + random.below(20'000));
            return std::to_string(
                static_cast<uint64_t>(std::clamp(drawn, info.range.minimum, info.range.maximum)));
        case OptionType::count:
        case OptionType::count_list:
            drawn = info.unit == "ticks" ? static_cast<double>(uint64_t{50} << random.below(8))
                                         : least + static_cast<double>(random.below(7));
            return std::to_string(
                static_cast<uint64_t>(std::clamp(drawn, info.range.minimum, info.range.maximum)));
        case OptionType::real_list:
            drawn = least + static_cast<double>(random.below(12));
            break;
        case OptionType::real:
        case OptionType::size_list:
            drawn = least + random.unit() * std::min(info.range.maximum - least, 6.0);
            break;
    }
    return format_number(std::clamp(drawn, info.range.minimum, info.range.maximum));
}

OptionValues draw_options(const std::vector<OptionInfo>& options, Random& random) {
    OptionValues values;
    for (const OptionInfo& info : options) {
        if (random.below(2) == 0) continue;
        OptionValue value;
        value.is_list = info.type == OptionType::size_list || info.type == OptionType::count_list ||
                        info.type == OptionType::real_list || info.type == OptionType::choice_list;
        const uint64_t count = value.is_list ? 1 + random.below(3) : 1;
        while (value.items.size() < count) value.items.push_back(draw_one(info, random));
        values[info.name] = value;
    }
    return values;
}

bool may_drop(const AnyCompaction::Options& options) { return AnyCompaction(options).may_drop; }
template <class Options>
bool may_drop(const Options&) {
    return false;
}

/// A policy of the axis with options that go together; none where the draws do not.
template <class Any>
EngineSettings::Part draw_part(const AxisRegistry<Any>& axis, const std::vector<std::string>& among,
                               Random& random) {
    EngineSettings::Part part{any_of(among, random), {}};
    const PolicyEntry<Any>* policy = axis.find(part.policy);
    for (int tries = 0; tries < 8; ++tries) {
        OptionValues values = draw_options(policy->options, random);
        std::vector<OptionProblem> problems;
        const auto options = policy->make(values, problems);
        if (!problems.empty() || may_drop(options)) continue;
        part.options = std::move(values);
        break;
    }
    return part;
}

}  // namespace

Operations Operations::first(uint64_t count) {
    Operations operations;
    if (count > 0) operations.ranges_.push_back({0, count - 1});
    return operations;
}

Operations Operations::of(const std::vector<uint64_t>& numbers) {
    Operations operations;
    for (const uint64_t number : numbers) {
        if (!operations.ranges_.empty() && operations.ranges_.back().second + 1 == number) {
            operations.ranges_.back().second = number;
        } else {
            operations.ranges_.push_back({number, number});
        }
    }
    return operations;
}

Operations Operations::parse(const std::string& text) {
    Operations operations;
    for (const std::string& part : split(text, ',')) {
        const auto ends = split(part, '-');
        if (ends.size() > 2) throw Error(ErrorKind::usage, "'" + part + "' is no range of numbers");
        operations.ranges_.push_back({number_of(ends.front()), number_of(ends.back())});
        if (operations.ranges_.back().first > operations.ranges_.back().second)
            throw Error(ErrorKind::usage, "'" + part + "' is a range from behind");
    }
    return operations;
}

std::string Operations::text() const {
    std::vector<std::string> parts;
    for (const auto& [first, last] : ranges_)
        parts.push_back(std::to_string(first) +
                        (last > first ? "-" + std::to_string(last) : std::string()));
    return join(parts, ",");
}

std::vector<uint64_t> Operations::numbers() const {
    std::vector<uint64_t> numbers;
    for (const auto& [first, last] : ranges_) {
        for (uint64_t number = first; number <= last; ++number) numbers.push_back(number);
    }
    return numbers;
}

bool Operations::contains(uint64_t number) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](const auto& range) {
        return range.first <= number && number <= range.second;
    });
}

std::string Combination::text() const {
    return memtable + "," + bloom + "," + filter + "," + format + "," + compaction + "," + codec +
           "," + sync;
}

std::vector<CombinationAxis> combination_axes() {
    const Registry& registry = all_policies();
    std::vector<std::string> compactions;
    for (const auto& policy : registry.compaction().policies()) {
        std::vector<OptionProblem> problems;
        if (!may_drop(policy.make({}, problems))) compactions.push_back(policy.name);
    }
    return {{&Combination::memtable, names(registry.memtable())},
            {&Combination::bloom, names(registry.bloom())},
            {&Combination::filter, names(registry.filter())},
            {&Combination::format, names(registry.format())},
            {&Combination::compaction, compactions},
            {&Combination::codec, {"none", "lz4", "zstd"}},
            {&Combination::sync, {"none", "process", "power"}}};
}

ModelCase combination_case(const Combination& combination, uint64_t seed) {
    ModelCase made;
    made.name = combination.text() + "," + std::to_string(seed);
    made.seed = seed;
    EngineSettings& settings = made.settings;
    settings.memtable.policy = combination.memtable;
    settings.bloom.policy = combination.bloom;
    settings.filter.policy = combination.filter;
    settings.format.policy = combination.format;
    settings.compaction.policy = combination.compaction;
    settings.codec = combination.codec;
    settings.log_sync = combination.sync;
    settings.memtable_size = 2048;
    settings.table_size = 1500;
    settings.block_size = seed % 3 == 0 ? 1 : 200;  // 1: a block for each entry
    settings.cache_size = seed % 2 == 0 ? 0 : 4096;
    settings.seed = seed;
    return made;
}

ModelCase random_case(uint64_t machine_seed, uint64_t number) {
    static const std::vector<CombinationAxis> kAxes = combination_axes();
    const Registry& registry = all_policies();
    Random random = Random::stream(machine_seed, "model " + std::to_string(number));
    ModelCase made;
    made.name = std::to_string(number);
    made.seed = random.next();
    made.keys = any_of<uint64_t>({3, 20, 150, 150, 500, 1500}, random);
    EngineSettings& settings = made.settings;
    settings.memtable = draw_part(registry.memtable(), kAxes[0].values, random);
    settings.bloom = draw_part(registry.bloom(), kAxes[1].values, random);
    settings.filter = draw_part(registry.filter(), kAxes[2].values, random);
    settings.format = draw_part(registry.format(), kAxes[3].values, random);
    settings.compaction = draw_part(registry.compaction(), kAxes[4].values, random);
    settings.codec = any_of(kAxes[5].values, random);
    settings.log_sync = any_of(kAxes[6].values, random);
    settings.memtable_size = any_of<uint64_t>({500, 2048, 2048, 8000, 30'000}, random);
    settings.table_size = any_of<uint64_t>({300, 1500, 1500, 10'000}, random);
    settings.block_size = any_of<uint64_t>({1, 64, 200, 1000}, random);
    settings.cache_size = any_of<uint64_t>({0, 4096, 100'000}, random);
    settings.seed = made.seed;
    made.by_clock = random.below(4) == 0;
    return made;
}

std::pair<ModelCase, Operations> parse_model_case(const std::string& text, uint64_t machine_seed,
                                                  uint64_t usual) {
    const size_t colon = text.find(':');
    const auto parts = split(text.substr(0, colon), ',');
    Operations operations = colon == std::string::npos ? Operations::first(usual)
                                                       : Operations::parse(text.substr(colon + 1));
    if (parts.size() == 1) return {random_case(machine_seed, number_of(parts[0])), operations};
    if (parts.size() != 8) {
        throw Error(ErrorKind::usage, "'" + text + "' is no case of the model machine", {},
                    "a number, or memtable,bloom,filter,format,compaction,codec,sync,seed; then "
                    "perhaps a colon and operations");
    }
    return {combination_case({parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]},
                             number_of(parts[7])),
            operations};
}

}  // namespace lsm::torture
