// Reads every #include of the house and fails where an arrow runs backwards. The order is the one
// that the libraries link by; here it also holds for folders of headers alone, which the linker
// cannot see.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "source_dir.hpp"

namespace {

namespace fs = std::filesystem;

struct Include {
    std::string from;  // both from the repository's root
    std::string to;
};

/// The includes of our own files in one source text, in order, in quotes or angles; what is
/// commented out does not count.
std::vector<std::string> quoted_includes(std::istream& text) {
    static const std::regex kPattern(
        R"(^\s*#\s*include\s*(?:"|<(?=framework/|policies/|workloads/|tests/))([^">]+))");
    std::vector<std::string> found;
    std::string line;
    while (std::getline(text, line)) {
        std::smatch match;
        if (std::regex_search(line, match, kPattern)) {
            found.push_back(match[1]);
        }
    }
    return found;
}

std::vector<Include> includes_below(const fs::path& root, const std::string& top) {
    std::vector<Include> found;
    if (!fs::exists(root / top)) {
        return found;
    }
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
        const std::string extension = entry.path().extension().string();
        if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp")) {
            continue;
        }
        std::ifstream text(entry.path());
        for (const std::string& to : quoted_includes(text)) {
            found.push_back({fs::relative(entry.path(), root).string(), to});
        }
    }
    return found;
}

/// framework/tree/tree.hpp is of part "tree"; policies/ and workloads/ are parts of their own.
std::string part_of(const std::string& path) {
    const auto slash = path.find('/');
    const std::string top = path.substr(0, slash);
    if (top != "framework" || slash == std::string::npos) {
        return top;
    }
    return path.substr(slash + 1, path.find('/', slash + 1) - slash - 1);
}

/// What each part may include besides itself: everything that an arrow leads to, however far.
std::map<std::string, std::set<std::string>> allowed_includes() {
    const std::vector<std::pair<std::string, std::vector<std::string>>> arrows = {
        {"base", {}},
        {"os", {"base"}},
        {"policy", {"os"}},
        {"table", {"policy"}},
        {"log", {"policy"}},
        {"metrics", {"policy"}},
        {"model", {"policy"}},
        {"tree", {"table", "log", "metrics", "model"}},
        {"simulate", {"table", "log", "metrics", "model"}},
        {"engines", {"tree", "simulate"}},
        {"workloads", {"engines"}},
        {"experiment", {"workloads"}},
        {"page", {"experiment"}},
        {"report", {"page"}},
        {"server", {"page"}},
        {"torture", {"page"}},
        {"course", {"page"}},
        {"cli", {"report", "server", "torture", "course"}},
    };
    std::map<std::string, std::set<std::string>> allowed;
    for (const auto& [part, nexts] : arrows) {
        for (const std::string& next : nexts) {
            allowed[part].insert(next);
            allowed[part].insert(allowed[next].begin(), allowed[next].end());
        }
    }
    allowed["policies"] = {"base", "policy", "table"};
    return allowed;
}

/// Why the include is against the order, or nothing.
std::string complaint(const Include& include) {
    static const auto kAllowed = allowed_includes();
    const std::string from = part_of(include.from);
    const std::string to = part_of(include.to);
    if (from == to) {
        return "";
    }
    const auto known = kAllowed.find(from);
    if (known == kAllowed.end()) {
        return include.from + ": folder " + from + " has no place in the order of the house";
    }
    // Formats write tables through the file system seam themselves.
    const bool is_format = include.from.starts_with("policies/format/");
    if (known->second.contains(to) || (is_format && to == "os")) {
        return "";
    }
    return include.from + " includes " + include.to + ", but " + from + " may not depend on " + to;
}

const fs::path kRoot = LSMLAB_SOURCE_DIR;

TEST(IncludeArrows, NoneRunsBackwards) {
    std::size_t seen = 0;
    for (const std::string top : {"framework", "policies", "workloads"}) {
        for (const Include& include : includes_below(kRoot, top)) {
            ++seen;
            const std::string problem = complaint(include);
            EXPECT_TRUE(problem.empty()) << problem;
        }
    }
    EXPECT_GT(seen, 20u) << "hardly any includes below " << kRoot;
}

/// The names of all policies that are words of their own: what stands in quotes in YAML.
std::set<std::string> policy_names() {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / "policies")) {
        if (entry.path().extension() == ".hpp") names.insert(entry.path().stem().string());
    }
    return names;
}

// In code, that is: a string that is a policy's name, or a type out of a policy's namespace. Words
// that also stand for something else: "none" is a codec and a sync mode, "bloom" an axis.
TEST(IncludeArrows, FrameworkSpellsNoPolicysName) {
    const std::set<std::string> shared = {"none", "bloom", "uniform", "measured", "primitives"};
    const std::regex string_literal("\"([a-z_]+)\"");
    const std::regex type("\\b(memtable|bloom|filter|format|compaction)::[A-Z]");
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / "framework")) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".hpp" && extension != ".cpp") continue;
        std::ifstream text(entry.path());
        for (std::string line; std::getline(text, line);) {
            line = line.substr(0, line.find("//"));
            std::smatch match;
            EXPECT_FALSE(std::regex_search(line, match, type))
                << entry.path() << " names a policy's type: " << line;
            for (auto at = std::sregex_iterator(line.begin(), line.end(), string_literal);
                 at != std::sregex_iterator(); ++at) {
                const std::string word = (*at)[1];
                EXPECT_FALSE(policy_names().contains(word) && !shared.contains(word))
                    << entry.path() << " names the policy " << word << ": " << line;
            }
        }
    }
}

TEST(IncludeArrows, SourcesAreHeadersOrUnits) {
    const std::set<std::string> known = {".hpp", ".cpp", ".js", ".css", ".html", ".md", ""};
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / "framework")) {
        if (!entry.is_regular_file() || entry.path().string().find("vendor") != std::string::npos)
            continue;
        EXPECT_TRUE(known.contains(entry.path().extension().string()))
            << entry.path() << " escapes the checks of includes";
    }
}

TEST(IncludeArrows, FrameworkNamesNoPolicy) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / "framework")) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".hpp" && extension != ".cpp") {
            continue;
        }
        std::ifstream text(entry.path());
        for (const std::string& to : quoted_includes(text)) {
            EXPECT_FALSE(to.starts_with("policies/"))
                << fs::relative(entry.path(), kRoot) << " includes " << to
                << ", but the framework knows no policy by name";
        }
    }
}

TEST(IncludeArrows, EveryQuotedIncludeStartsAtTheRoot) {
    for (const std::string top : {"framework", "policies", "workloads"}) {
        for (const Include& include : includes_below(kRoot, top)) {
            EXPECT_TRUE(fs::exists(kRoot / include.to))
                << include.from << " includes \"" << include.to
                << "\", which is not there when read from the repository's root";
        }
    }
}

// The check itself: what it has to catch, and what it has to let pass.
TEST(IncludeArrows, BackwardArrowsNameBothFiles) {
    const std::string problem = complaint({"framework/os/posix.cpp", "framework/tree/tree.hpp"});
    EXPECT_NE(problem.find("framework/os/posix.cpp"), std::string::npos) << problem;
    EXPECT_NE(problem.find("framework/tree/tree.hpp"), std::string::npos) << problem;
    EXPECT_NE(complaint({"framework/table/a.hpp", "framework/log/b.hpp"}), "");
    EXPECT_NE(complaint({"policies/memtable/a.hpp", "framework/tree/tree.hpp"}), "");
    EXPECT_NE(complaint({"policies/memtable/a.hpp", "framework/os/clock.hpp"}), "");
    EXPECT_NE(complaint({"workloads/a.hpp", "framework/experiment/b.hpp"}), "");
    EXPECT_NE(complaint({"framework/fresh/a.hpp", "framework/base/b.hpp"}), "");
    EXPECT_EQ(complaint({"framework/tree/tree.hpp", "framework/base/entry.hpp"}), "");
    EXPECT_EQ(complaint({"framework/cli/run.cpp", "workloads/generator.hpp"}), "");
    EXPECT_EQ(complaint({"policies/format/plain.hpp", "framework/os/file_system.hpp"}), "");
}

}  // namespace
