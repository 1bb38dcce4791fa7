#include "framework/report/labels.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "framework/base/size.hpp"
#include "framework/experiment/entry_names.hpp"
#include "framework/metrics/metrics.hpp"

namespace lsm::report {
namespace {

struct Known {
    std::string_view name;
    std::string_view text;
};

/// Where a metric's name alone does not read well; units come from the metrics themselves.
constexpr Known kMetrics[] = {
    {"read_amplification_empty", "Read amplification, absent keys"},
    {"read_amplification_found", "Read amplification, present keys"},
    {"filter_false_positive_rate", "False positives of the filters"},
    {"filter_false_positive_rate_expected", "Expected false positives of the filters"},
    {"filter_bits_per_key", "Filter memory per key"},
    {"filter_memory_bytes", "Filter memory"},
    {"user_bytes", "User data written"},
    {"flush_bytes", "Written by flushes"},
    {"compaction_bytes_written", "Written by compactions"},
    {"compaction_bytes_read", "Read by compactions"},
    {"log_bytes", "Written to the log"},
    {"live_bytes", "Live data"},
    {"logical_bytes", "Data in tables"},
    {"stored_bytes", "Stored on disk"},
    {"largest_compaction_bytes", "Largest single compaction"},
    {"compaction_debt_bytes", "Compaction debt"},
    {"gets", "Lookups"},
    {"empty_gets", "Lookups of absent keys"},
    {"runs", "Sorted runs"},
    {"moves", "Tables moved without a rewrite"},
    {"drops", "Tables dropped"},
    {"range_tombstones", "Range tombstones"},
    {"tombstone_age_max", "Age of the oldest tombstone"},
    {"modelled_seconds", "Modelled device time"},
    {"stall_seconds", "Time stalled"},
    {"elapsed_seconds", "Time elapsed"},
    {"dropped_entries", "Entries dropped"},
    {"syncs", "Sync calls"},
};

struct KnownSetting {
    std::string_view name;
    std::string_view text;
    std::string_view unit_text;
    Unit unit = Unit::none;
};

/// Of a workload's phase, whichever.
constexpr KnownSetting kPhaseSettings[] = {
    {"records", "Records loaded", ""},
    {"operations", "Operations", ""},
    {"read", "Lookups", "weight"},
    {"read_missing", "Lookups of absent keys", "weight"},
    {"read_any", "Lookups of any key", "weight"},
    {"update", "Updates", "weight"},
    {"insert", "Inserts", "weight"},
    {"put", "Writes of any key", "weight"},
    {"read_modify_write", "Read-modify-writes", "weight"},
    {"delete", "Deletes", "weight"},
    {"delete_any", "Deletes of any key", "weight"},
    {"delete_range", "Range deletes", "weight"},
    {"scan", "Scans", "weight"},
    {"empty_reads", "Lookups of absent keys", "share of the lookups"},
    {"empty_deletes", "Deletes of absent keys", "share of the deletes"},
    {"distribution", "Distribution of the keys", ""},
    {"hot_keys", "Hot keys", "share of the keys"},
    {"hot_operations", "Operations on hot keys", "share"},
    {"key_space", "Key space", "keys"},
    {"scan_length", "Scan length", "entries"},
    {"scan_selectivity", "Scan length", "share of the keys"},
    {"delete_selectivity", "Range deleted", "share of the keys"},
    {"order", "Order of the keys", ""},
    {"out_of_order", "Keys out of order", "share of the keys"},
    {"displacement", "Displacement", "share of the keys"},
    {"ttl", "Time to live", "operations"},
    {"key", "Key size", "", Unit::bytes},
    {"value", "Value size", "", Unit::bytes},
    {"entry", "Entry size", "", Unit::bytes},
};

constexpr std::pair<std::string_view, std::string_view> kPrefixes[] = {{"peak_", "peak"},
                                                                       {"mean_", "mean"},
                                                                       {"final_", "at the end"},
                                                                       {"total_", "total"},
                                                                       {"model_", "model"}};

bool ends_with_word(std::string_view path, std::string_view word) {
    if (!path.ends_with(word)) {
        return false;
    }
    const size_t rest = path.size() - word.size();
    return rest == 0 || path[rest - 1] == '.' || path[rest - 1] == '_';
}

std::string spaced(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string capitalised(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "get_p99_9": "Latency of get, p99.9".
std::string latency_text(std::string_view rest) {
    // p99_9 has an underscore of its own: the percentile starts at the first "_p<digit>".
    for (size_t i = rest.find("_p"); i != std::string_view::npos; i = rest.find("_p", i + 1)) {
        if (i + 2 < rest.size() && is_digit(rest[i + 2])) {
            std::string percentile(rest.substr(i + 1));
            std::replace(percentile.begin(), percentile.end(), '_', '.');
            return "Latency of " + spaced(rest.substr(0, i)) + ", " + percentile;
        }
    }
    const size_t last = rest.rfind('_');
    return "Latency of " + spaced(rest.substr(0, last)) +
           (last == std::string_view::npos ? "" : ", " + std::string(rest.substr(last + 1)));
}

/// What metrics.cpp calls the unit, in the words of an axis.
void set_unit(Label& label, const std::string& unit) {
    if (unit == "bytes") {
        label.unit = Unit::bytes;
    } else if (unit == "seconds") {
        label.unit = Unit::seconds;
    } else if (unit == "operations per second") {
        label.unit = Unit::rate;
        label.unit_text = unit;
    } else if (unit.find(" per ") != std::string::npos || unit.starts_with("fraction")) {
        label.unit = Unit::ratio;
        label.unit_text = unit;
    } else {
        label.unit = Unit::count;
        // "Puts (calls)" and "Sorted runs (runs)" say nothing twice.
        if (unit != "calls" && !label.text.ends_with(unit) && capitalised(unit) != label.text) {
            label.unit_text = unit;
        }
    }
}

/// level_2_write_amplification is a metric of every level that a trial has.
std::optional<Label> level_label(std::string_view metric) {
    constexpr std::string_view kLevel = "level_";
    const size_t end = metric.find('_', kLevel.size());
    if (!metric.starts_with(kLevel) || end == std::string_view::npos ||
        !is_digit(metric[kLevel.size()])) {
        return std::nullopt;
    }
    Label label = metric_label(metric.substr(end + 1));
    label.text += ", level " + std::string(metric.substr(kLevel.size(), end - kLevel.size()));
    return label;
}

std::string metric_text(std::string_view metric) {
    constexpr std::string_view kLatency = "latency_";
    constexpr std::string_view kWindow = "_window";
    if (metric.starts_with(kLatency)) {
        return latency_text(metric.substr(kLatency.size()));
    }
    if (metric.ends_with(kWindow)) {
        return metric_text(metric.substr(0, metric.size() - kWindow.size())) +
               " since the sample before";
    }
    const auto known = std::find_if(std::begin(kMetrics), std::end(kMetrics),
                                    [metric](const Known& each) { return each.name == metric; });
    return known == std::end(kMetrics) ? capitalised(spaced(metric)) : std::string(known->text);
}

/// workload.PHASE.OPTION in plain words: PHASE is named where it is not one of the usual two.
std::optional<Label> phase_label(std::string_view path) {
    constexpr std::string_view kWorkload = "workload.";
    const size_t dot = path.rfind('.');
    if (!path.starts_with(kWorkload) || dot < kWorkload.size()) {
        return std::nullopt;
    }
    const std::string_view option = path.substr(dot + 1);
    const std::string_view phase = path.substr(kWorkload.size(), dot - kWorkload.size());
    const auto known =
        std::find_if(std::begin(kPhaseSettings), std::end(kPhaseSettings),
                     [option](const KnownSetting& each) { return each.name == option; });
    Label label{capitalised(spaced(option)), Unit::none, ""};
    if (known != std::end(kPhaseSettings)) {
        label = {std::string(known->text), known->unit, std::string(known->unit_text)};
    }
    if (phase != "load" && phase != "run") {
        label.text += ", phase " + std::string(phase);
    }
    return label;
}

}  // namespace

Label metric_label(std::string_view metric) {
    Label label{metric_text(metric), Unit::none, ""};
    for (const Metric& known : all_metrics()) {
        if (known.name == metric) {
            set_unit(label, known.unit);
            return label;
        }
    }
    for (const auto& [prefix, word] : kPrefixes) {
        if (metric.starts_with(prefix) && metric.size() > prefix.size()) {
            label = metric_label(metric.substr(prefix.size()));
            label.text += ", " + std::string(word);
            return label;
        }
    }
    return level_label(metric).value_or(label);
}

Label setting_label(std::string_view path) {
    if (auto label = phase_label(path)) {
        return *label;
    }
    const bool in_tree = path.starts_with("tree.");
    const std::string_view name = in_tree                           ? path.substr(5)
                                  : experiment::is_names_path(path) ? path.substr(6)
                                                                    : path;
    const size_t dot = name.rfind('.');
    const std::string_view option = dot == std::string_view::npos ? name : name.substr(dot + 1);
    const std::string_view axis = dot == std::string_view::npos ? "" : name.substr(0, dot);

    Label label;
    if (option == "policy") {
        label.text = spaced(axis);
    } else if (option == "size" || option == "model" || option == "sync") {
        label.text = spaced(axis) + " " + spaced(option);
    } else {
        label.text = in_tree ? spaced(option) : spaced(name);
    }
    label.text = capitalised(label.text);
    if (ends_with_word(option, "size") || ends_with_word(option, "bytes")) {
        label.unit = Unit::bytes;
    } else if (ends_with_word(option, "bits_per_key")) {
        label.unit = Unit::bits;
        label.unit_text = "bits / key";
    } else if (ends_with_word(option, "bandwidth")) {
        label.unit = Unit::bytes;
        label.unit_text = "bytes / second";
    } else if (ends_with_word(option, "seek")) {
        label.unit = Unit::seconds;
        label.unit_text = "seconds";
    } else if (ends_with_word(option, "seconds")) {
        label.unit = Unit::seconds;
    }
    return label;
}

std::string lower_first(std::string text) {
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

std::string setting_value(std::string_view path, std::string_view value) {
    if (setting_label(path).unit == Unit::bytes) {
        if (const auto bytes = parse_size(value)) {
            return format_size(*bytes);
        }
    }
    return std::string(value);
}

Scale scale_for(const Label& label, double largest) {
    struct Step {
        double divisor;
        const char* name;
    };
    static constexpr Step kBytes[] = {
        {1099511627776.0, "TiB"}, {1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}};
    static constexpr Step kCounts[] = {{1e9, "billions"}, {1e6, "millions"}, {1e3, "thousands"}};
    static constexpr Step kSeconds[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}};
    if (label.unit == Unit::bytes) {
        for (const Step& step : kBytes) {
            if (largest >= 2 * step.divisor) {
                return {step.divisor, step.name};
            }
        }
        return {1, "bytes"};
    }
    if (label.unit == Unit::count || label.unit == Unit::rate) {
        const std::string suffix = label.unit_text.empty() ? "" : " of " + label.unit_text;
        for (const Step& step : kCounts) {
            if (largest >= 10 * step.divisor) {
                return {step.divisor, step.name + suffix};
            }
        }
    }
    if (label.unit == Unit::seconds) {
        for (const Step& step : kSeconds) {
            if (largest >= step.divisor) {
                return {step.divisor, step.name};
            }
        }
        return largest > 0 ? Scale{1e-6, "µs"} : Scale{1, "s"};
    }
    return {1, label.unit_text};
}

std::string axis_label(const Label& label, const Scale& scale) {
    return scale.name.empty() ? label.text : label.text + " (" + scale.name + ")";
}

}  // namespace lsm::report
