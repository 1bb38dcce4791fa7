// Rules of the house that a search through the sources can check: one door to the operating system,
// a library that neither prints nor exits, and results that are the same on every machine.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "source_dir.hpp"

namespace {

namespace fs = std::filesystem;

struct Rule {
    std::string name;
    std::regex forbidden;
    std::vector<std::string> exempt;  // paths from the root that may
    std::string reason;
};

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

std::vector<Rule> rules() {
    return {
        {"DoorToTheSystem",
         std::regex(
             R"(<(fstream|filesystem|thread|fcntl\.h|unistd\.h|sys/stat\.h|sys/mman\.h)>|\bfopen\()"
             R"(|\bstd::(i|o)?fstream\b|\bstd::(jthread|thread|async)\b|_clock::now\(|\bclock_gettime\()"),
         {"framework/os/"},
         "only framework/os opens files, reads clocks and starts threads"},
        {"NoPrinting",
         std::regex(R"(\bstd::(cout|cerr|clog)\b|\bf?printf\(|\bfmt::print\(|\bputs\()"),
         {"framework/cli/"},
         "the library never prints"},
        {"NoExit",
         std::regex(R"(\b(std::)?(exit|_exit|quick_exit|abort|terminate)\()"),
         {"framework/cli/", "framework/os/"},
         "the library never exits"},
        {"OwnRandomness",
         std::regex(
             R"(\bstd::([a-z]+_)*distribution\b|\bstd::random_device\b|\bstd::(mt19937|minstd)"
             R"(|default_random)|\bstd::(shuffle|sample)\b|\bs?rand\()"),
         {},
         "random numbers come from framework/base/random.hpp, since the standard library's differ"},
        {"OwnMath",
         std::regex(R"(\bstd::(log|log2|log10|log1p|exp|exp2|expm1|pow|sin|cos|tgamma|lgamma)\()"),
         {"framework/base/math", "framework/report/", "framework/cli/"},
         "exp, log and pow come from framework/base/math.hpp, since libm differs by version"},
    };
}

/// The line without its // comment; quotes are not looked at, which errs on the side of letting
/// pass.
std::string code_of(const std::string& line) { return line.substr(0, line.find("//")); }

bool is_exempt(const Rule& rule, const std::string& path) {
    for (const std::string& prefix : rule.exempt) {
        if (path.starts_with(prefix)) {
            return true;
        }
    }
    return false;
}

class HouseRules : public testing::TestWithParam<Rule> {};

TEST_P(HouseRules, Hold) {
    const fs::path root = LSMLAB_SOURCE_DIR;
    std::size_t files = 0;
    for (const std::string top : {"framework", "policies", "workloads"}) {
        if (!fs::exists(root / top)) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string path = fs::relative(entry.path(), root).string();
            const std::string extension = entry.path().extension().string();
            if ((extension != ".hpp" && extension != ".cpp") || is_exempt(GetParam(), path)) {
                continue;
            }
            ++files;
            std::ifstream text(entry.path());
            std::string line;
            for (int number = 1; std::getline(text, line); ++number) {
                EXPECT_FALSE(std::regex_search(code_of(line), GetParam().forbidden))
                    << path << ":" << number << ": " << GetParam().reason << "\n    " << line;
            }
        }
    }
    EXPECT_GT(files, 10u);
}

INSTANTIATE_TEST_SUITE_P(Architecture, HouseRules, testing::ValuesIn(rules()),
                         [](const auto& test) { return test.param.name; });

// The searches find what they are for, and only that.
TEST(HouseRulePatterns, FindWhatTheyAreFor) {
    const std::vector<std::vector<std::string>> forbidden = {
        {"#include <fstream>", "std::ofstream out;", "std::chrono::steady_clock::now()",
         "std::thread worker;"},
        {"std::cout << 1;", "printf(\"x\");", "fmt::print(\"x\");"},
        {"std::exit(1);", "abort();"},
        {"std::uniform_int_distribution<int> d;", "std::mt19937 generator;",
         "std::shuffle(a, b, c);"},
        {"std::log(x)", "std::pow(x, 2)"},
    };
    const std::vector<std::string> allowed = {"snprintf(buffer, 3);",
                                              "reads_clock::when()",
                                              "std::sqrt(x)",
                                              "catalog(x)",
                                              "operand(1)",
                                              "key_distribution d;",
                                              "std::this_thread_of_ours"};
    const std::vector<Rule> all = rules();
    ASSERT_EQ(all.size(), forbidden.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const std::string& line : forbidden[i]) {
            EXPECT_TRUE(std::regex_search(line, all[i].forbidden)) << all[i].name << ": " << line;
        }
        for (const std::string& line : allowed) {
            EXPECT_FALSE(std::regex_search(line, all[i].forbidden)) << all[i].name << ": " << line;
        }
    }
}

struct LongBody {
    std::size_t first = 0;
    std::size_t lines = 0;
};

/// Bodies of functions and statements that have more lines than that, from the line that opens one
/// to the line that closes it; those of classes and namespaces do not count.
std::vector<LongBody> bodies_above(const std::vector<std::string>& text, std::size_t limit) {
    static const std::regex opens(R"([)a-z]\s*\{$)");
    static const std::regex no_function(
        R"(^\s*(namespace|class|struct|enum|union|template|concept)\b)");
    std::vector<LongBody> found;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string line = code_of(text[i]);
        if (!std::regex_search(line, opens) || std::regex_search(line, no_function) ||
            line.find(')') == std::string::npos) {
            continue;
        }
        int depth = 0;
        std::size_t end = i;
        for (; end < text.size(); ++end) {
            for (const char letter : code_of(text[end])) {
                depth += letter == '{' ? 1 : letter == '}' ? -1 : 0;
            }
            if (depth <= 0) break;
        }
        if (end - i + 1 > limit) found.push_back({i + 1, end - i + 1});
    }
    return found;
}

TEST(FunctionLength, IsAtMostSixtyLines) {
    const fs::path root = LSMLAB_SOURCE_DIR;
    std::size_t files = 0;
    for (const std::string top : {"framework", "policies", "workloads"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".hpp" && extension != ".cpp") continue;
            ++files;
            std::vector<std::string> text;
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) text.push_back(line);
            for (const LongBody& body : bodies_above(text, 60)) {
                ADD_FAILURE() << fs::relative(entry.path(), root).string() << ":" << body.first
                              << ": a body of " << body.lines << " lines";
            }
        }
    }
    EXPECT_GT(files, 100u);
}

TEST(FunctionLength, IsMeasuredFromBraceToBrace) {
    const std::vector<std::string> text = {"namespace a {",
                                           "class B : public C<D> {",
                                           "    int f(int x) const {",
                                           "        if (x) {",
                                           "            g();",
                                           "        }",
                                           "        return h({x});",
                                           "    }",
                                           "};",
                                           "}"};
    const auto found = bodies_above(text, 5);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].first, 3u);
    EXPECT_EQ(found[0].lines, 6u);
}

}  // namespace
