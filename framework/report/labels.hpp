// How metrics and settings are called on an axis, and in which unit their values are. The names are
// those of docs/metrics.md and of the experiment file; a name that is not known here reads as
// itself with spaces, without a unit.
#pragma once

#include <string>
#include <string_view>

namespace lsm::report {

enum class Unit {
    none,     ///< a name, or a number that means nothing by itself
    ratio,    ///< bytes per byte, blocks per lookup: what an axis should show from zero
    count,    ///< things
    bytes,    ///< shown in KiB, MiB, ...
    seconds,  ///< shown in µs, ms, s
    rate,     ///< operations per second
    bits,
};

struct Label {
    std::string text;  ///< "Write amplification"
    Unit unit = Unit::none;
    std::string
        unit_text;  ///< what stands in brackets when values are not scaled: "bytes / user byte"
};

/// `peak_`, `mean_`, `final_`, `total_` and `model_` prefixes are understood.
Label metric_label(std::string_view metric);

/// For a dotted path: "tree.compaction.size_ratio" is "size ratio", "workload.run.read_missing"
/// "Lookups of absent keys"; what is in neither keeps its path.
Label setting_label(std::string_view path);

/// "Size ratio" inside of a sentence: "size ratio".
std::string lower_first(std::string text);

/// A setting's value as people read it: bytes of a size with their unit, everything else as it
/// stands.
std::string setting_value(std::string_view path, std::string_view value);

/// Divisor and name that bring values up to `largest` into readable numbers: {1048576, "MiB"}.
struct Scale {
    double divisor = 1;
    std::string name;  ///< goes in the brackets of an axis label; empty: nothing to say
};
Scale scale_for(const Label& label, double largest);

/// "User bytes written (MiB)".
std::string axis_label(const Label& label, const Scale& scale);

}  // namespace lsm::report
