#include "framework/experiment/settings.hpp"

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"

namespace lsm::experiment {
namespace {

constexpr double kKiB = 1024;
constexpr double kGiB = kKiB * kKiB * kKiB;

std::vector<Section> make_sections() {
    using Settings = EngineSettings;
    return {
        {"memtable",
         true,
         {size_option("size", &Settings::memtable_size, {kKiB, kLargestMemtableBytes},
                      "bytes of entries at which the write buffer is flushed")}},
        {"bloom", true, {}},
        {"filter", true, {}},
        {"format",
         true,
         {size_option("block_size", &Settings::block_size, {64, 16 * kKiB * kKiB},
                      "bytes of entries after which a data block ends"),
          choice_option("codec", &Settings::codec, {"none", "lz4", "zstd"},
                        "how data blocks are compressed"),
          size_option("table_size", &Settings::table_size, {kKiB, 16 * kGiB},
                      "bytes of entries after which a compaction's output is cut")}},
        {"compaction", true, {}},
        {"log",
         false,
         {choice_option("sync", &Settings::log_sync, {"none", "process", "power"},
                        "what an acknowledged write survives: nothing, the process's end, a power "
                        "loss")}},
        {"cache",
         false,
         {size_option("size", &Settings::cache_size, {0, 1024 * kGiB},
                      "bytes of data blocks that are kept in memory; 0: no cache")}},
        {"background",
         false,
         {option("threads", &Settings::background_threads, {1, 64}, "threads",
                 "threads for flushes and compactions; realtime mode only")},
         true},
    };
}

}  // namespace

OptionTable<Head> Head::table(const std::vector<std::string>& engines) {
    return {
        option("seed", &Head::seed, {0, 1e15}, "",
               "all randomness of the experiment comes from it"),
        choice_option("engine", &Head::engine, engines, "the store that is measured"),
        choice_option("mode", &Head::mode, {"deterministic", "realtime"},
                      "deterministic: the same results on every machine; realtime: threads and "
                      "wall-clock time"),
        option("repeat", &Head::repeat, {1, 1000}, "times",
               "runs every trial this often, with seeds counted up from `seed`"),
        option("threads", &Head::threads, {1, 1024}, "threads",
               "threads that put and get; more than one in realtime mode only"),
    };
}

OptionTable<Measure> Measure::table() {
    return {option("every", &Measure::every, {1, 1e15}, "operations",
                   "operations between two samples of all metrics")};
}

const std::vector<Section>& tree_sections() {
    static const std::vector<Section> sections = make_sections();
    return sections;
}

const Section* find_section(std::string_view path) {
    for (const Section& section : tree_sections()) {
        if (section.path() == path) {
            return &section;
        }
    }
    return nullptr;
}

EngineSettings::Part& engine_part(EngineSettings& settings, std::string_view axis) {
    if (axis == "memtable") return settings.memtable;
    if (axis == "bloom") return settings.bloom;
    if (axis == "filter") return settings.filter;
    if (axis == "format") return settings.format;
    if (axis == "compaction") return settings.compaction;
    throw Error(ErrorKind::usage, "there is no axis " + std::string(axis));
}

std::string_view last_component(std::string_view path) {
    const size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string_view parent_path(std::string_view path) {
    const size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string column_text(const OptionInfo& info, const std::string& text) {
    if (!text.empty() && text.front() == '[') {
        std::string result = "[";
        size_t at = 1;
        while (at < text.size() && text[at] != ']') {
            size_t end = text.find_first_of(",]", at);
            if (end == std::string::npos) {
                end = text.size();
            }
            result +=
                (result.size() > 1 ? ", " : "") + column_text(info, text.substr(at, end - at));
            at = end < text.size() && text[end] == ',' ? end + 1 : end;
            at = text.find_first_not_of(' ', at);
        }
        return result + "]";
    }
    std::optional<uint64_t> number;
    switch (info.type) {
        case OptionType::size:
        case OptionType::size_list:
            number = parse_size(text);
            break;
        case OptionType::count:
        case OptionType::count_list:
            number = parse_count(text);
            break;
        default:
            break;
    }
    return number ? format_number(*number) : text;
}

}  // namespace lsm::experiment
