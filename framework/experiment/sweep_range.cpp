#include "framework/experiment/sweep_range.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "framework/base/math.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/experiment/known_names.hpp"

namespace lsm::experiment {
namespace {

constexpr double kMostValues = 10000;
constexpr double kLargestExact = 9007199254740992.0;  // 2^53: above it not every whole number is

const std::vector<std::string>& range_keys() {
    static const std::vector<std::string> keys{"from", "to", "step", "points", "factor", "scale"};
    return keys;
}

double rounded(double value, int digits) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    return parse_real(text).value_or(value);
}

/// What a range says, as far as it was right.
struct Range {
    std::optional<double> from, to, step, points, factor;
    bool log = false;
};

class RangeReader {
  public:
    RangeReader(const YamlNode& node, const std::string& path, const OptionInfo& info,
                Problems& problems)
        : node_(node), path_(path), info_(info), problems_(problems) {}

    std::vector<YamlNode> read() {
        const size_t before = problems_.count();
        for (const YamlEntry& entry : node_.entries) {
            read_key(entry);
        }
        if (problems_.count() == before) {
            check();
        }
        if (problems_.count() != before) {
            return {};
        }
        return nodes(values());
    }

  private:
    bool is_whole() const { return info_.type != OptionType::real; }

    void read_key(const YamlEntry& entry) {
        const std::string& key = entry.key;
        const auto& keys = range_keys();
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            problems_.add(entry.key_place,
                          fmt::format("unknown key `{}` of a range; accepted are {}{}", key,
                                      name_list(keys), did_you_mean(key, keys)));
        } else if (!entry.value.is_scalar()) {
            problems_.add(entry.value.place,
                          fmt::format("`{}` of a range is a single value, and this is {}", key,
                                      yaml_kind_name(entry.value.kind)));
        } else if (key == "scale") {
            range_.log = entry.value.text == "log";
            if (!range_.log && entry.value.text != "linear") {
                problems_.add(entry.value.place,
                              fmt::format("`scale` is linear or log, not {}", entry.value.text));
            }
        } else if (key == "points") {
            range_.points = number(entry, parse_count(entry.value.text), "a whole number from 2",
                                   [](double value) { return value >= 2; });
        } else if (key == "factor") {
            range_.factor = number(entry, parse_real(entry.value.text), "a number above 1",
                                   [](double value) { return value > 1; });
        } else if (key == "step") {
            range_.step = number(entry, own_number(entry.value.text), own_kind() + " above 0",
                                 [](double value) { return value > 0; });
        } else {
            (key == "from" ? range_.from : range_.to) = number(
                entry, own_number(entry.value.text), own_kind(), [](double) { return true; });
        }
    }

    /// A value of the setting's own kind.
    std::optional<double> own_number(const std::string& text) const {
        if (info_.type == OptionType::real) return parse_real(text);
        const auto whole =
            info_.type == OptionType::size ? parse_size(text) : parse_count(text, info_.unit);
        return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
    }

    std::string own_kind() const {
        return info_.type == OptionType::size   ? "a size"
               : info_.type == OptionType::real ? "a number"
                                                : "a whole number";
    }

    template <class Number, class IsGood>
    std::optional<double> number(const YamlEntry& entry, const std::optional<Number>& read,
                                 const std::string& expected, IsGood is_good) {
        const auto value = read ? std::optional(static_cast<double>(*read)) : std::nullopt;
        if (value && is_good(*value) && *value <= kLargestExact) return value;
        problems_.add(entry.value.place, fmt::format("`{}`: expected {}, got {}", entry.key,
                                                     expected, entry.value.text));
        return std::nullopt;
    }

    void wrong(const std::string& message) { problems_.add(node_.place, message); }

    void check() {
        if (!range_.from || !range_.to) {
            wrong(fmt::format("a range needs `{}`", range_.from ? "to" : "from"));
            return;
        }
        if (*range_.to <= *range_.from) {
            wrong("`to` of a range must be larger than its `from`");
            return;
        }
        const int ways = (range_.step ? 1 : 0) + (range_.points ? 1 : 0) + (range_.factor ? 1 : 0);
        if (ways == 0 && info_.type == OptionType::count && !range_.log) {
            range_.step = 1;
        } else if (ways != 1) {
            wrong(range_.log ? "a logarithmic range needs `points` or `factor`, one of them"
                             : "a range needs `step` or `points`, one of them");
            return;
        }
        if (range_.log && *range_.from <= 0) {
            wrong("a logarithmic range begins above 0");
        } else if (range_.log && range_.step) {
            wrong("a logarithmic range has `points` or a `factor`, and no `step`");
        } else if (!range_.log && range_.factor) {
            wrong("`factor` needs `scale: log`");
        } else if (count() > kMostValues) {
            wrong(fmt::format("this range has more than {} values", format_number(kMostValues)));
        }
    }

    /// How many values there are, about: enough to refuse too many.
    double count() const {
        if (range_.points) return *range_.points;
        if (range_.step) return (*range_.to - *range_.from) / *range_.step + 1;
        return exact_log(*range_.to / *range_.from) / exact_log(*range_.factor) + 1;
    }

    double shaped(double value) const {
        return is_whole() ? std::floor(value + 0.5) : rounded(value, range_.log ? 4 : 12);
    }

    std::vector<double> values() const {
        const double from = *range_.from, to = *range_.to;
        std::vector<double> values;
        if (range_.points) {
            const double last = *range_.points - 1;
            for (double i = 0; i < last; ++i) {
                values.push_back(shaped(range_.log
                                            ? from * exact_exp(exact_log(to / from) * i / last)
                                            : from + (to - from) * i / last));
            }
            values.front() = from;
            values.push_back(to);
        } else if (range_.step) {
            // A share of a step more, so that 0.1 three times reaches 0.3.
            const double end = to + *range_.step * 1e-9;
            for (double i = 0; from + i * *range_.step <= end; ++i) {
                values.push_back(shaped(from + i * *range_.step));
            }
        } else {
            for (double value = from; value <= to * (1 + 1e-9); value *= *range_.factor) {
                values.push_back(shaped(value));
            }
        }
        return values;
    }

    std::vector<YamlNode> nodes(const std::vector<double>& values) {
        std::vector<YamlNode> nodes;
        for (size_t i = 0; i < values.size(); ++i) {
            if (i > 0 && values[i] == values[i - 1]) {
                wrong(
                    fmt::format("two values of this range of `{}` are the same once they are "
                                "rounded: {}; ask for fewer",
                                path_, format_number(values[i])));
                return {};
            }
            YamlNode node;
            node.kind = YamlNode::Kind::scalar;
            node.place = node_.place;
            node.text = info_.type == OptionType::size
                            ? format_size_exactly(static_cast<uint64_t>(values[i]))
                            : format_number(values[i]);
            nodes.push_back(std::move(node));
        }
        return nodes;
    }

    const YamlNode& node_;
    const std::string& path_;
    const OptionInfo& info_;
    Problems& problems_;
    Range range_;
};

}  // namespace

bool is_range(const YamlNode& node) {
    return node.is_map() && (node.find("from") != nullptr || node.find("to") != nullptr);
}

std::vector<YamlNode> expand_range(const YamlNode& node, const std::string& path,
                                   const KnownPaths& known, Problems& problems) {
    const auto info = known.number_info(path);
    if (!info) {
        problems.add(node.place,
                     fmt::format("`{}` is no number, so it has no range; list its values", path));
        return {};
    }
    return RangeReader(node, path, *info, problems).read();
}

}  // namespace lsm::experiment
