// Golden scripts: a tree drawn in text and the choice that a strategy makes of it, in
// tests/compaction/scripts/*.txt. After a change that is meant, LSMLAB_REWRITE=1 writes the choices
// anew; read the difference before committing it.
//
//     case: what it shows                      blank lines end a case, # begins a comment
//     policy: tiering size_ratio=3             of a list: w=2,-8
//     memtable: 100                            bytes of a memtable
//     table: 50                                bytes of a table, where the policy asks
//     tick: 1000                               now
//     flush_ticks: 50                          that the last memtable took to fill
//     level 1: [1 a..m 60 | 2 n..z 40 busy] [3 a..z 100]      runs newest first: table, keys, bytes
//     cursor 1: m
//     choice: merge 1 2 3 -> level 2, new run                 or run 201: level 2's first; then
//     score and reason
// After a table's bytes: busy, created=N, written=N (its newest write, in ticks), reads=N,
// entries=N, tombstones=N, deleted=N (its oldest tombstone, in ticks), expires=N (its last entry,
// in ticks), from=N and to=N (its oldest and newest sequence number). A choice may go on with
// `overtaking` (the new run may hold newer versions than runs in front of it), `cut at KEY ...` and
// `cursor 1 at KEY`, or `cursor 1 cleared`.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "framework/base/number.hpp"
#include "framework/policy/choice_check.hpp"
#include "framework/policy/registry.hpp"
#include "framework/policy/tree_edit.hpp"
#include "source_dir.hpp"

namespace lsm {
namespace {

namespace fs = std::filesystem;

struct Case {
    std::string policy;
    OptionValues options;
    TreeShape shape;
};

TableShape parse_table(std::istringstream words) {
    TableShape table;
    std::string keys, word;
    words >> table.id >> keys >> table.logical_bytes;
    const size_t dots = keys.find("..");
    if (!words || dots == std::string::npos)
        throw std::runtime_error("not a table: " + words.str());
    table.smallest = keys.substr(0, dots);
    table.largest = keys.substr(dots + 2);
    table.entries = table.logical_bytes;
    while (words >> word) {
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const uint64_t number =
            equals == std::string::npos ? 1 : std::stoull(word.substr(equals + 1));
        if (name == "busy")
            table.busy = true;
        else if (name == "created")
            table.created_tick = number;
        else if (name == "written")
            table.newest_write_tick = number;
        else if (name == "from")
            table.oldest_sequence = number;
        else if (name == "to")
            table.newest_sequence = number;
        else if (name == "reads")
            table.reads = number;
        else if (name == "entries")
            table.entries = number;
        else if (name == "tombstones")
            table.tombstones = number;
        else if (name == "expires")
            table.expires_tick = number;
        else if (name == "deleted")
            table.oldest_tombstone_tick = number;
        else
            throw std::runtime_error("unknown word " + word);
    }
    return table;
}

void parse_level(LevelShape& level, uint64_t number, const std::string& text) {
    for (size_t open = text.find('['); open != std::string::npos; open = text.find('[', open + 1)) {
        const size_t close = text.find(']', open);
        RunShape run;
        run.id = number * 100 + level.runs.size() + 1;
        std::istringstream tables(text.substr(open + 1, close - open - 1));
        for (std::string table; std::getline(tables, table, '|');) {
            run.tables.push_back(parse_table(std::istringstream(table)));
        }
        level.runs.push_back(std::move(run));
    }
}

void parse_line(Case& drawn, const std::string& line) {
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("not a line of a script: " + line);
    std::istringstream head(line.substr(0, colon));
    const std::string rest = line.substr(colon + 2);
    std::string what;
    uint64_t number = 0;
    head >> what >> number;
    if (what == "policy") {
        std::istringstream words(rest);
        words >> drawn.policy;
        for (std::string word; words >> word;) {
            const size_t equals = word.find('=');
            OptionValue& value = drawn.options[word.substr(0, equals)];
            std::istringstream items(word.substr(equals + 1));
            for (std::string item; std::getline(items, item, ',');) value.items.push_back(item);
            value.is_list = value.items.size() > 1;
        }
    } else if (what == "memtable") {
        drawn.shape.memtable_bytes = std::stoull(rest);
    } else if (what == "table") {
        drawn.shape.table_bytes = std::stoull(rest);
    } else if (what == "flush_ticks") {
        drawn.shape.flush_ticks = std::stoull(rest);
    } else if (what == "tick") {
        drawn.shape.tick = std::stoull(rest);
    } else if (what == "level" || what == "cursor") {
        if (drawn.shape.levels.size() < number) drawn.shape.levels.resize(number);
        LevelShape& level = drawn.shape.levels[number - 1];
        if (what == "level") parse_level(level, number, rest);
        if (what == "cursor") level.cursor = rest;
    } else if (what != "case") {
        throw std::runtime_error("unknown line: " + line);
    }
}

std::string choice_in_text(const Case& drawn) {
    std::vector<OptionProblem> problems;
    const auto* policy = all_policies().compaction().find(drawn.policy);
    if (policy == nullptr) throw std::runtime_error("no policy " + drawn.policy);
    const AnyCompaction strategy(policy->make(drawn.options, problems));
    if (!problems.empty()) throw std::runtime_error(problems[0].option + " " + problems[0].message);
    const Choice choice = strategy.choose(drawn.shape);
    check_choice(drawn.shape, choice, drawn.policy, strategy.may_drop);
    std::string text = std::string("choice: ") + action_name(choice.action);
    if (choice.action == Choice::Action::nothing) return text + "\n";
    for (const TableId id : choice.inputs) text += " " + std::to_string(id);
    if (choice.action != Choice::Action::drop) {
        text += " -> level " + std::to_string(choice.output_level);
        text += choice.join ? ", run " + std::to_string(*choice.join) : ", new run";
        if (output_overtakes(drawn.shape, choice)) text += " overtaking";
    }
    if (!choice.cut_keys.empty()) text += ", cut at";
    for (const std::string& key : choice.cut_keys) text += " " + key;
    if (choice.cursor_level) {
        text += ", cursor " + std::to_string(*choice.cursor_level) +
                (choice.cursor.empty() ? " cleared" : " at " + choice.cursor);
    }
    return text + "\nscore: " + format_number(choice.score) + "\nreason: " + choice.reason + "\n";
}

bool is_result(const std::string& line) {
    return line.starts_with("choice:") || line.starts_with("score:") || line.starts_with("reason:");
}

/// The script with its choices as they come out now.
std::string played(std::istream& script) {
    std::string text;
    Case drawn;
    bool in_case = false;
    const auto end_case = [&] {
        if (in_case) text += choice_in_text(drawn);
        drawn = Case();
        in_case = false;
    };
    for (std::string line; std::getline(script, line);) {
        if (is_result(line)) continue;
        if (line.empty()) end_case();
        if (!line.empty() && line[0] != '#') {
            parse_line(drawn, line);
            in_case = true;
        }
        text += line + "\n";
    }
    end_case();
    return text;
}

std::string folder() { return std::string(LSMLAB_SOURCE_DIR) + "/tests/compaction/scripts"; }

std::vector<std::string> scripts() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder())) {
        if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

class CompactionScript : public testing::TestWithParam<std::string> {};

TEST_P(CompactionScript, ChoosesAsWritten) {
    const std::string path = folder() + "/" + GetParam() + ".txt";
    std::ifstream file(path);
    std::stringstream script;
    script << file.rdbuf();
    const std::string now = played(script);
    if (std::getenv("LSMLAB_REWRITE") != nullptr) {
        std::ofstream(path) << now;
    } else {
        EXPECT_EQ(now, script.str()) << "run with LSMLAB_REWRITE=1 to write the choices anew";
    }
}

TEST(CompactionScripts, EveryShippedStrategyHasOne) {
    const auto names = scripts();
    for (const auto& policy : all_policies().compaction().policies()) {
        if (!policy.header.starts_with("policies/")) continue;
        EXPECT_NE(std::find(names.begin(), names.end(), policy.name), names.end()) << policy.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Written, CompactionScript, testing::ValuesIn(scripts()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace lsm
