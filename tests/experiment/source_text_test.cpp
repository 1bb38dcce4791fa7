// Places in a text as people see them: line, column, and a caret below.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "framework/experiment/source_text.hpp"

namespace lsm::experiment {
namespace {

TEST(SourceText, ShowsTheWholeLineWhereItFits) {
    const auto text = std::make_shared<const SourceText>("a.yaml", "one\n\ttwo: x\n");
    EXPECT_EQ(show_place({text, 2, 2, 3}), "    2 | \ttwo: x\n      | \t^~~\n");
    EXPECT_EQ(place_text({text, 2, 2, 3}), "a.yaml:2:2");
}

TEST(SourceText, ShowsOfALongLineWhatIsAroundTheCaret) {
    const std::string word = "naïve ";  // seven bytes
    std::string line;
    for (int i = 0; i < 10000; ++i) line += word;
    const auto text = std::make_shared<const SourceText>("a.yaml", line);
    for (const uint64_t column : {1u, 3u, 701u, 35001u, 69990u, 70000u}) {
        const std::string shown = show_place({text, 1, column, 50000});
        EXPECT_LT(shown.size(), 600u) << column;
        const size_t end = shown.find('\n');
        EXPECT_NE(shown.find('^'), std::string::npos);
        EXPECT_EQ(shown.find("...") != std::string::npos, true);
        // Characters are whole: what is shown is a piece of the line.
        std::string piece = shown.substr(8, end - 8);
        if (piece.starts_with("...")) piece.erase(0, 3);
        if (piece.ends_with("...")) piece.erase(piece.size() - 3);
        EXPECT_NE(line.find(piece), std::string::npos) << column;
        EXPECT_NE(static_cast<unsigned char>(piece.front()) & 0xc0, 0x80) << column;
    }
}

}  // namespace
}  // namespace lsm::experiment
