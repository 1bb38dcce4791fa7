#include "framework/report/labels.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "framework/base/size.hpp"

namespace lsm::report {
namespace {

struct Known {
    std::string_view name;
    std::string_view text;
    Unit unit;
    std::string_view unit_text;
};

constexpr std::string_view kBlocksPerLookup = "blocks / lookup";

constexpr Known kMetrics[] = {
    {"write_amplification", "Write amplification", Unit::ratio, "bytes / user byte"},
    {"space_amplification", "Space amplification", Unit::ratio, "bytes / live byte"},
    {"read_amplification", "Read amplification", Unit::ratio, kBlocksPerLookup},
    {"read_amplification_empty", "Read amplification, absent keys", Unit::ratio, kBlocksPerLookup},
    {"read_amplification_found", "Read amplification, present keys", Unit::ratio, kBlocksPerLookup},
    {"range_read_amplification", "Range read amplification", Unit::ratio,
     "blocks / block of results"},
    {"log_amplification", "Log amplification", Unit::ratio, "bytes / user byte"},
    {"tables_probed", "Tables probed", Unit::ratio, "tables / lookup"},
    {"filter_probes", "Filter probes", Unit::ratio, "filters / lookup"},
    {"filter_false_positive_rate", "False positives of the filters", Unit::fraction,
     "fraction of probes"},
    {"filter_false_positive_rate_expected", "Expected false positives of the filters",
     Unit::fraction, "fraction of probes"},
    {"filter_bits_per_key", "Filter memory per key", Unit::bits, "bits / key"},
    {"filter_memory_bytes", "Filter memory", Unit::bytes, ""},
    {"user_bytes", "User data written", Unit::bytes, ""},
    {"flush_bytes", "Written by flushes", Unit::bytes, ""},
    {"compaction_bytes_written", "Written by compactions", Unit::bytes, ""},
    {"compaction_bytes_read", "Read by compactions", Unit::bytes, ""},
    {"log_bytes", "Written to the log", Unit::bytes, ""},
    {"live_bytes", "Live data", Unit::bytes, ""},
    {"logical_bytes", "Data in tables", Unit::bytes, ""},
    {"stored_bytes", "Stored on disk", Unit::bytes, ""},
    {"largest_compaction_bytes", "Largest single compaction", Unit::bytes, ""},
    {"compaction_debt_bytes", "Compaction debt", Unit::bytes, ""},
    {"operations", "Operations", Unit::count, ""},
    {"puts", "Puts", Unit::count, ""},
    {"deletes", "Deletes", Unit::count, ""},
    {"gets", "Lookups", Unit::count, ""},
    {"empty_gets", "Lookups of absent keys", Unit::count, ""},
    {"scans", "Scans", Unit::count, ""},
    {"live_entries", "Live entries", Unit::count, ""},
    {"levels", "Levels", Unit::count, ""},
    {"runs", "Sorted runs", Unit::count, ""},
    {"tables", "Tables", Unit::count, ""},
    {"flushes", "Flushes", Unit::count, ""},
    {"compactions", "Compactions", Unit::count, ""},
    {"moves", "Tables moved without a rewrite", Unit::count, ""},
    {"drops", "Tables dropped", Unit::count, ""},
    {"tombstones", "Tombstones", Unit::count, ""},
    {"tombstone_age_max", "Age of the oldest tombstone", Unit::count, "operations"},
    {"cache_hits", "Cache hits", Unit::count, "blocks"},
    {"cache_misses", "Cache misses", Unit::count, "blocks"},
    {"modelled_seconds", "Modelled device time", Unit::seconds, ""},
    {"stall_seconds", "Time stalled", Unit::seconds, ""},
    {"elapsed_seconds", "Time elapsed", Unit::seconds, ""},
    {"throughput", "Throughput", Unit::rate, "operations / s"},
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

/// latency_get_p99_9: "Latency of get, p99.9".
Label latency_label(std::string_view metric) {
    std::string_view rest = metric.substr(std::string_view("latency_").size());
    const size_t at = rest.rfind("_p");
    Label label{"Latency", Unit::seconds, ""};
    // p99_9 has an underscore of its own: the percentile starts at the first "_p<digit>".
    for (size_t i = rest.find("_p"); i != std::string_view::npos; i = rest.find("_p", i + 1)) {
        if (i + 2 < rest.size() && std::isdigit(static_cast<unsigned char>(rest[i + 2])) != 0) {
            std::string percentile(rest.substr(i + 1));
            std::replace(percentile.begin(), percentile.end(), '_', '.');
            label.text = "Latency of " + spaced(rest.substr(0, i)) + ", " + percentile;
            return label;
        }
    }
    label.text = "Latency of " + spaced(rest.substr(0, at));
    return label;
}

}  // namespace

Label metric_label(std::string_view metric) {
    for (const Known& known : kMetrics) {
        if (known.name == metric) {
            return {std::string(known.text), known.unit, std::string(known.unit_text)};
        }
    }
    for (const auto& [prefix, word] : kPrefixes) {
        if (metric.starts_with(prefix) && metric.size() > prefix.size()) {
            Label label = metric_label(metric.substr(prefix.size()));
            label.text += ", " + std::string(word);
            return label;
        }
    }
    if (metric.starts_with("latency_")) {
        return latency_label(metric);
    }
    Label label{capitalised(spaced(metric)), Unit::none, ""};
    if (metric.ends_with("_bytes")) {
        label.unit = Unit::bytes;
    } else if (metric.ends_with("_seconds")) {
        label.unit = Unit::seconds;
    } else if (metric.ends_with("_amplification")) {
        label.unit = Unit::ratio;
    }
    return label;
}

Label setting_label(std::string_view path) {
    const bool in_tree = path.starts_with("tree.");
    const std::string_view name = in_tree ? path.substr(5) : path;
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
    } else if (ends_with_word(option, "seconds")) {
        label.unit = Unit::seconds;
    }
    return label;
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
        const std::string suffix = label.unit_text.empty() ? "" : " " + label.unit_text;
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
