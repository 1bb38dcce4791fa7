// The page: that it holds the run, that nothing that people wrote can act in it, and that it needs
// nothing from outside.
#include "framework/report/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "framework/os/memory_file_system.hpp"
#include "framework/page/page.hpp"
#include "framework/report/report_data.hpp"
#include "tests/report/synthetic_run.hpp"

namespace lsm::report {
namespace {

using test::SyntheticOptions;

size_t count_of(const std::string& text, const std::string& part) {
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

class Report : public testing::Test {
  protected:
    Report() : files_(make_memory_file_system()) {
        request_.experiment = "compaction-strategies";
        request_.about = "How do the classic layouts trade?";
        PlotSpec plot;
        plot.y = "write_amplification";
        plot.x = "user_bytes";
        plot.colour = "tree.compaction.policy";
        plot.panels = "tree.compaction.size_ratio";
        request_.plots = {plot};
    }

    std::string made(const SyntheticOptions& options = {}) {
        test::write_synthetic_run(*files_, "run", options);
        result_ = write_report(*files_, "run", request_, "");
        return read_text_file(*files_, result_.path);
    }

    static nlohmann::json data_of(const std::string& html) {
        const std::string open = "<script type=\"application/json\" id=\"report-data\">";
        const size_t begin = html.find(open) + open.size();
        return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
    }

    std::unique_ptr<FileSystem> files_;
    ReportRequest request_;
    ReportResult result_;
};

TEST_F(Report, HoldsTheRun) {
    request_.claims = {{"runs(tiering) > runs(leveling)",
                        Verdict::fails,
                        "",
                        {{"size_ratio=4", 3.25, 7.5, Verdict::fails, ""}}}};
    const std::string html = made();
    EXPECT_EQ(result_.path, "run/report.html");
    EXPECT_NE(html.find("How do the classic layouts trade?"), std::string::npos);
    EXPECT_NE(html.find("runs(tiering) &gt; runs(leveling)"), std::string::npos);
    EXPECT_NE(html.find("3.25"), std::string::npos);
    EXPECT_NE(html.find("lazy_leveling, size ratio 8"), std::string::npos);
    EXPECT_NE(html.find("&quot;commit&quot;: &quot;0123abcd&quot;"), std::string::npos);
    EXPECT_NE(html.find("mode: deterministic"), std::string::npos);

    const nlohmann::json data = data_of(html);
    ASSERT_EQ(data["figures"].size(), 1u);
    EXPECT_EQ(data["figures"][0]["panels"].size(), 3u);
    EXPECT_EQ(data["figures"][0]["panels"][0]["lines"][0]["y"].size(), 40u);
    EXPECT_EQ(data["tree"].size(), 9u);
    EXPECT_EQ(data["tree"][0]["frames"].back()[0], 400000);
}

TEST_F(Report, AsksNothingOfTheNetwork) {
    const std::string html = made();
    EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(html.find("src=\""), std::string::npos);
    EXPECT_EQ(html.find("href=\"http"), std::string::npos);
    EXPECT_EQ(html.find("href=\"//"), std::string::npos);
    EXPECT_EQ(html.find("@import"), std::string::npos);
    EXPECT_EQ(html.find("url("), std::string::npos);
    EXPECT_EQ(html.find("import "), std::string::npos) << "a module still imports another file";
    // The only addresses are uPlot's own, in its licence line, and the name of SVG.
    EXPECT_EQ(count_of(html, "http"), count_of(html, "https://github.com/leeoniya/uPlot") +
                                          count_of(html, "http://www.w3.org/2000/svg") +
                                          count_of(html, "http-equiv"));
}

TEST_F(Report, TextOfPeopleDoesNotAct) {
    const std::string attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"&";
    SyntheticOptions options;
    options.policies = {attack, "tiering"};
    options.experiment = options.about = attack;
    request_.experiment = request_.about = attack;
    request_.plots[0].title = attack;
    request_.claims = {
        {attack, Verdict::error, attack, {{attack, {}, {}, Verdict::error, attack}}}};
    PlotSpec bad;
    bad.y = attack;
    bad.x = "operations";
    request_.plots.push_back(bad);
    const std::string html = made(options);
    EXPECT_EQ(html.find("<script>alert"), std::string::npos);
    EXPECT_EQ(html.find("<img"), std::string::npos);
    EXPECT_EQ(count_of(html, "</script>"), 3u);
    EXPECT_EQ(data_of(html)["figures"][0]["title"], attack);
}

TEST_F(Report, StaysSmallWithManySamples) {
    SyntheticOptions options;
    options.policies = {"leveling", "tiering", "lazy_leveling", "one", "two"};
    options.size_ratios = {2, 3, 4, 6, 8, 10};
    options.samples = 1500;
    PlotSpec other = request_.plots[0];
    other.y = "space_amplification";
    request_.plots = {request_.plots[0], other};
    const std::string html = made(options);
    EXPECT_LT(html.size(), 1500000u);
    const nlohmann::json data = data_of(html);
    for (const auto& panel : data["figures"][0]["panels"]) {
        for (const auto& line : panel["lines"]) {
            EXPECT_LE(line["x"].size(), kMostPoints);
        }
    }
    EXPECT_EQ(data["tree"][29]["frames"].back()[0], 15000000) << "the last sample must stay";
}

TEST_F(Report, LivesWithARunThatHasOnlyTrials) {
    files_->create_folder("run");
    write_text_file(*files_, "run/trials.csv", "trial,runs\n1,\n");
    request_.plots.clear();
    write_report(*files_, "run", request_, "");
    const std::string html = read_text_file(*files_, "run/report.html");
    EXPECT_EQ(html.find("id=\"tree\""), std::string::npos);
    EXPECT_TRUE(data_of(html)["tree"].empty());
}

TEST_F(Report, OfTwoSamplesAtOneMomentTheLaterCounts) {
    files_->create_folder("run");
    write_text_file(*files_, "run/trials.csv", "trial,runs\n1,1\n");
    write_text_file(*files_, "run/series.csv",
                    "trial,operations,user_bytes,metric,value\n"
                    "1,5,50,runs,2\n1,10,100,runs,3\n1,10,100,runs,1\n");
    write_text_file(
        *files_, "run/levels.csv",
        "trial,operations,level,run,tables,entries,tombstones,logical_bytes,stored_bytes,"
        "filter_bits\n"
        "1,10,1,1,1,5,0,500,500,0\n1,10,1,2,1,5,0,500,500,0\n1,10,2,1,1,9,0,900,900,0\n"
        "1,10,2,1,1,20,1,1900,1900,0\n");
    request_.plots = {PlotSpec()};
    request_.plots[0].y = "runs";
    request_.plots[0].x = "operations";
    write_report(*files_, "run", request_, "");
    const nlohmann::json data = data_of(read_text_file(*files_, "run/report.html"));
    const nlohmann::json& line = data["figures"][0]["panels"][0]["lines"][0];
    EXPECT_EQ(line["y"], nlohmann::json({2, 1}));
    EXPECT_FALSE(line.contains("low"));
    ASSERT_EQ(data["tree"][0]["frames"].size(), 1u);
    EXPECT_EQ(data["tree"][0]["frames"][0][1], nlohmann::json::parse("[[], [[1900, 20, 1, 1]]]"));
}

TEST_F(Report, WarningsStandOnThePage) {
    PlotSpec bad = request_.plots[0];
    bad.y = "nonsense";
    request_.plots = {bad};
    const std::string html = made();
    ASSERT_EQ(result_.warnings.size(), 1u);
    EXPECT_NE(html.find("class=\"warning\""), std::string::npos);
}

TEST(Thinning, KeepsEndsAndPeaks) {
    std::vector<Point> points;
    for (int i = 0; i < 10000; ++i) {
        const double y = i == 5003 ? 99 : i == 7001 ? -5 : 1;
        points.push_back({static_cast<double>(i), y, y, y});
    }
    const std::vector<Point> thin = thinned(points, 100);
    EXPECT_LE(thin.size(), 100u);
    EXPECT_EQ(thin.front().x, 0);
    EXPECT_EQ(thin.back().x, 9999);
    const auto has = [&thin](double y) {
        return std::any_of(thin.begin(), thin.end(),
                           [y](const Point& point) { return point.y == y; });
    };
    EXPECT_TRUE(has(99));
    EXPECT_TRUE(has(-5));
    EXPECT_TRUE(std::is_sorted(thin.begin(), thin.end(),
                               [](const Point& a, const Point& b) { return a.x < b.x; }));
    EXPECT_EQ(thinned(points, 10000).size(), 10000u);
}

TEST(Page, TemplatesRefuseUnknownNames) {
    EXPECT_EQ(page::fill_template("a {{x}} b {{x}}{{y}}", {{"x", "{{y}}"}, {"y", ""}}),
              "a {{y}} b {{y}}");
    EXPECT_THROW(page::fill_template("{{z}}", {{"x", ""}}), std::logic_error);
    EXPECT_THROW(page::fill_template("{{z", {{"x", ""}}), std::logic_error);
    EXPECT_THROW(page::file("nonsense.js"), std::logic_error);
}

TEST(Page, EscapesWhatActs) {
    EXPECT_EQ(page::escape_html("<a b='c' d=\"e\">&"),
              "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
    EXPECT_EQ(page::escape_script_json("\"</script><!--\""), "\"\\u003c/script\\u003e\\u003c!--\"");
}

}  // namespace
}  // namespace lsm::report
