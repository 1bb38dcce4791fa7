// Figures from runs to files: what stands in a figure, the scripts to the byte, odd data, and a
// machine without gnuplot.
#include "framework/report/figures.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/os/process.hpp"
#include "framework/report/gnuplot.hpp"
#include "framework/report/gnuplot_layout.hpp"
#include "framework/report/summary.hpp"
#include "source_dir.hpp"
#include "tests/report/synthetic_run.hpp"

namespace lsm::report {
namespace {

using test::SyntheticOptions;

const std::string kPolicy = "tree.compaction.policy";
const std::string kRatio = "tree.compaction.size_ratio";

class FiguresTest : public testing::Test {
  protected:
    FiguresTest() : files_(make_memory_file_system()) {}

    RunData synthetic(const SyntheticOptions& options = {}) {
        test::write_synthetic_run(*files_, "run", options);
        return read_run(*files_, "run");
    }

    /// A run of just these trials and series.
    RunData run_of(const std::string& trials, const std::string& series = {}) {
        files_->create_folder("run");
        write_text_file(*files_, "run/trials.csv", trials);
        if (!series.empty()) {
            write_text_file(*files_, "run/series.csv", series);
        }
        return read_run(*files_, "run");
    }

    std::unique_ptr<FileSystem> files_;
};

PlotSpec spec_of(const std::string& y, const std::string& x, const std::string& colour = {},
                 const std::string& panels = {}) {
    PlotSpec spec;
    spec.y = y;
    spec.x = x;
    spec.colour = colour;
    spec.panels = panels;
    return spec;
}

TEST_F(FiguresTest, SeriesBecomeALinePerColourInAPanelPerValue) {
    const FigureData figure =
        make_figure(synthetic(), spec_of("write_amplification", "user_bytes", kPolicy, kRatio));
    EXPECT_EQ(figure.kind, PlotKind::line);
    ASSERT_EQ(figure.panels.size(), 3u);
    EXPECT_EQ(figure.panels[1].title, "Size ratio 4");
    ASSERT_EQ(figure.panels[1].lines.size(), 3u);
    EXPECT_EQ(figure.panels[1].lines[2].name, "lazy_leveling");
    EXPECT_EQ(figure.panels[1].lines[2].style, 2u);
    EXPECT_EQ(figure.panels[1].lines[2].points.size(), 40u);
    EXPECT_EQ(figure.x.text(), "User data written (MiB)");
    EXPECT_EQ(figure.y.text(), "Write amplification (bytes per user byte)");
    EXPECT_EQ(figure.y.low, 0);
}

TEST_F(FiguresTest, SettingsBecomeEndValuesInOrderOfTheSetting) {
    const RunData run = run_of(
        "trial,tree.compaction.policy,tree.compaction.size_ratio,write_amplification\n"
        "1,leveling,8,9\n2,leveling,2,3\n3,tiering,8,2\n4,tiering,2,3\n");
    const FigureData figure = make_figure(run, spec_of("write_amplification", kRatio, kPolicy));
    ASSERT_EQ(figure.panels.size(), 1u);
    ASSERT_EQ(figure.panels[0].lines.size(), 2u);
    const auto& points = figure.panels[0].lines[0].points;
    ASSERT_EQ(points.size(), 2u);
    EXPECT_EQ(points[0].x, 2);
    EXPECT_EQ(points[0].y, 3);
    EXPECT_EQ(points[1].y, 9);
    EXPECT_EQ(figure.x.tick_names, (std::vector<std::string>{"2", "8"}));
}

TEST_F(FiguresTest, EntriesAreCalledByTheirNames) {
    const RunData run = run_of(
        "trial,sweep.strategy,tree.compaction.movement,tree.compaction.size_ratio,"
        "write_amplification\n"
        "1,1-Lvl,\"[a, b]\",2,9\n2,LO+1,\"[b, a]\",2,3\n3,1-Lvl,\"[a, b]\",4,2\n"
        "4,LO+1,\"[b, a]\",4,3\n");
    EXPECT_EQ(run.telling_settings(), (std::vector<std::string>{"sweep.strategy", kRatio}));
    const FigureData lines =
        make_figure(run, spec_of("write_amplification", kRatio, "sweep.strategy"));
    EXPECT_EQ(lines.line_names, (std::vector<std::string>{"1-Lvl", "LO+1"}));
    const FigureData unasked = make_figure(run, spec_of("write_amplification", kRatio));
    EXPECT_EQ(unasked.line_names, (std::vector<std::string>{"1-Lvl", "LO+1"}));
    const FigureData bars =
        make_figure(run, spec_of("write_amplification", "sweep.strategy", kRatio));
    EXPECT_EQ(bars.kind, PlotKind::bars);
    EXPECT_EQ(bars.x.tick_names, (std::vector<std::string>{"1-Lvl", "LO+1"}));
    EXPECT_EQ(bars.x.label.text, "Strategy");
    EXPECT_EQ(settings_name(run, run.trials[3]), "LO+1, size ratio 4");
}

TEST_F(FiguresTest, NamesBecomeBars) {
    const FigureData figure =
        make_figure(synthetic(), spec_of("space_amplification", kPolicy, kRatio));
    EXPECT_EQ(figure.kind, PlotKind::bars);
    EXPECT_EQ(figure.x.tick_names,
              (std::vector<std::string>{"leveling", "tiering", "lazy_leveling"}));
}

TEST_F(FiguresTest, AMetricOverAMetricIsAPointPerTrial) {
    const FigureData figure = make_figure(
        synthetic(), spec_of("read_amplification_empty", "write_amplification", kPolicy));
    EXPECT_EQ(figure.kind, PlotKind::points);
    ASSERT_EQ(figure.panels[0].lines.size(), 3u);
    EXPECT_EQ(figure.panels[0].lines[0].points.size(), 3u);
    EXPECT_TRUE(figure.connects_points);
}

TEST_F(FiguresTest, ASweptSettingThatThePlotDoesNotNameSplitsLines) {
    const FigureData figure =
        make_figure(synthetic(), spec_of("write_amplification", "operations", kPolicy));
    EXPECT_EQ(figure.line_names.size(), 9u);
    EXPECT_EQ(figure.line_names[1], "leveling, size ratio 4");
}

TEST_F(FiguresTest, ASettingThatTheColourDeterminesDoesNotSplitLines) {
    const RunData run = run_of(
        "trial,tree.compaction.policy,tree.compaction.age,tree.compaction.size_ratio,runs\n"
        "1,leveling,,2,1\n2,leveling,,4,1\n3,fifo,60,2,5\n4,fifo,60,4,6\n");
    const FigureData figure = make_figure(run, spec_of("runs", kRatio, kPolicy));
    EXPECT_EQ(figure.line_names, (std::vector<std::string>{"leveling", "fifo"}));
}

TEST_F(FiguresTest, APolicyWithoutTheSettingStandsInEveryPanelAndAtEveryX) {
    const RunData run = run_of(
        "trial,tree.compaction.policy,tree.compaction.size_ratio,write_amplification\n"
        "1,leveling,2,3\n2,leveling,8,9\n3,fifo,,1\n");
    const FigureData panels = make_figure(run, spec_of("write_amplification", kPolicy, "", kRatio));
    ASSERT_EQ(panels.panels.size(), 2u);
    for (const Panel& panel : panels.panels) {
        size_t points = 0;
        for (const Line& line : panel.lines) {
            points += line.points.size();
        }
        EXPECT_EQ(points, 2u) << panel.title;
    }
    const FigureData over_x = make_figure(run, spec_of("write_amplification", kRatio, kPolicy));
    EXPECT_EQ(over_x.kind, PlotKind::line);
    ASSERT_EQ(over_x.panels[0].lines.size(), 2u);
    const auto& level = over_x.panels[0].lines[1].points;
    ASSERT_EQ(level.size(), 2u);
    EXPECT_EQ(level[1].x, 8);
    EXPECT_EQ(level[1].y, 1);
}

TEST_F(FiguresTest, RepeatsBecomeTheirMeanWithItsInterval) {
    const RunData run = run_of(
        "trial,repeat,seed,engine,throughput\n1,1,7,lsmlab,30\n2,2,8,lsmlab,10\n3,3,9,lsmlab,20\n");
    const FigureData figure = make_figure(run, spec_of("throughput", "engine"));
    const auto& points = figure.panels[0].lines[0].points;
    ASSERT_EQ(points.size(), 1u);
    // s = 10, t(2) = 4.303, 4.303 * 10 / sqrt(3) = 24.84; no throughput is below 0.
    EXPECT_EQ(points[0].y, 20);
    EXPECT_EQ(points[0].low, 0);
    EXPECT_NEAR(points[0].high, 44.84, 0.005);
    EXPECT_TRUE(figure.has_repeats);
}

TEST_F(FiguresTest, LoosePointsMergeTheirRepeatsToo) {
    const RunData run = run_of(
        "trial,repeat,seed,engine,a,b\n1,1,7,x,1,10\n2,1,7,y,5,50\n3,2,8,x,3,12\n4,2,8,y,7,50\n");
    const FigureData figure = make_figure(run, spec_of("b", "a", "engine"));
    ASSERT_EQ(figure.panels[0].lines.size(), 2u);
    const auto& first = figure.panels[0].lines[0].points;
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].x, 2);
    EXPECT_EQ(first[0].y, 11);
    EXPECT_LT(first[0].low, first[0].y);
    EXPECT_EQ(figure.panels[0].lines[1].points[0].low, 50);
    EXPECT_NE(gnuplot_script(figure, "f").find("with vectors nohead"), std::string::npos);
}

TEST_F(FiguresTest, RowsAreRowsHoweverTheTrialsAreOrdered) {
    const RunData run = run_of(
        "trial,engine,tree.a,tree.b,m\n1,x,1,1,1\n2,x,1,2,2\n3,x,2,1,3\n4,x,3,2,4\n5,x,3,1,5\n");
    PlotSpec spec = spec_of("m", "engine");
    spec.rows = "tree.b";
    spec.panels = "tree.a";
    const FigureData grid = make_figure(run, spec);
    EXPECT_EQ(grid.columns, 3u);
    std::vector<std::string> titles;
    for (const Panel& panel : grid.panels) {
        titles.push_back(panel.title);
    }
    EXPECT_EQ(titles, (std::vector<std::string>{"B 1, a 1", "B 1, a 2", "B 1, a 3", "B 2, a 1",
                                                "B 2, a 2", "B 2, a 3"}));
    EXPECT_TRUE(grid.panels[4].lines.empty()) << "a place without a trial stays";
    spec.panels = "";
    spec.rows = "tree.a";
    const FigureData rows = make_figure(run, spec);
    EXPECT_EQ(rows.panels.size(), 3u);
    EXPECT_EQ(rows.columns, 1u);
}

TEST_F(FiguresTest, ALogarithmicAxisOverLessThanADecadeNamesMoreThanOnePlace) {
    const RunData run = run_of("trial,engine,a,b\n1,x,2.2,1\n2,y,7,3\n");
    PlotSpec spec = spec_of("b", "a", "engine");
    spec.log_x = true;
    const FigureData figure = make_figure(run, spec);
    EXPECT_EQ(figure.x.ticks, (std::vector<double>{2, 5, 10}));
    EXPECT_NE(gnuplot_script(figure, "f").find("set xtics (2, 5, 10)"), std::string::npos);
}

TEST_F(FiguresTest, TheModelStandsBesideTheMeasuredLine) {
    const RunData run = run_of(
        "trial,tree.compaction.size_ratio,write_amplification,model_write_amplification\n"
        "1,2,3,2.5\n2,4,5,4.5\n");
    PlotSpec spec = spec_of("write_amplification", kRatio);
    EXPECT_FALSE(make_figure(run, spec).has_model);
    spec.model = true;
    const FigureData figure = make_figure(run, spec);
    ASSERT_EQ(figure.panels[0].lines.size(), 2u);
    EXPECT_TRUE(figure.panels[0].lines[1].model);
    EXPECT_EQ(figure.panels[0].lines[1].points[1].y, 4.5);
    EXPECT_NE(gnuplot_script(figure, "x").find("cost model'"), std::string::npos);
}

TEST_F(FiguresTest, TicksOfValuesThatLieTogetherAreLeftOut) {
    const auto ticks = [this](const std::string& values) {
        std::string text = "trial,tree.compaction.size_ratio,write_amplification\n";
        int trial = 0;
        for (const std::string& value : split(values, ' ')) {
            text += std::to_string(++trial) + "," + value + ",3\n";
        }
        return make_figure(run_of(text), spec_of("write_amplification", kRatio)).x.ticks;
    };
    EXPECT_EQ(ticks("0 0.001 0.01 0.1 0.5 1"), (std::vector<double>{0, 0.1, 0.5, 1}));
    EXPECT_EQ(ticks("0 0.5 0.99 1"), (std::vector<double>{0, 0.5, 1}));
    EXPECT_EQ(ticks("2 3 4 6 8 12"), (std::vector<double>{2, 3, 4, 6, 8, 12}));
    EXPECT_EQ(ticks("7"), (std::vector<double>{7}));
}

TEST_F(FiguresTest, TheModelCrossesEachBar) {
    const RunData run = run_of(
        "trial,sweep.strategy,write_amplification,model_write_amplification\n"
        "1,LO+1,3,2.5\n2,TSA 25 %,5,4.5\n");
    PlotSpec spec = spec_of("write_amplification", "sweep.strategy");
    spec.model = true;
    const FigureData figure = make_figure(run, spec);
    const std::string script = gnuplot_script(figure, "x");
    EXPECT_NE(script.find("data using (x(2) + -0.5 * bar):(y('y')):(bar):(0) with vectors nohead"),
              std::string::npos)
        << script;
    // A percent sign begins a format in the text of a tick.
    EXPECT_NE(script.find("('LO+1' 0, 'TSA 25 %%' 1)"), std::string::npos) << script;
    // The legend has room for the model's name.
    spec.model = false;
    EXPECT_GE(lay_out(figure).right, lay_out(make_figure(run, spec)).right + text_width("cost"));
}

TEST_F(FiguresTest, UnknownNamesAreErrorsThatNameThem) {
    const RunData run = synthetic();
    for (const PlotSpec& spec : {spec_of("nonsense", "operations"), spec_of("runs", "nonsense"),
                                 spec_of("runs", "operations", "nonsense"),
                                 spec_of("runs", "operations", "", "nonsense")}) {
        try {
            make_figure(run, spec);
            ADD_FAILURE() << spec.y << " over " << spec.x;
        } catch (const Error& error) {
            EXPECT_NE(error.message().find("nonsense"), std::string::npos);
        }
    }
}

TEST_F(FiguresTest, OddDataMakesFiguresAllTheSame) {
    const std::string one_trial =
        "trial,tree.compaction.size_ratio,tree.compaction.policy,runs,levels\n";
    const std::string one_sample = "trial,operations,user_bytes,metric,value\n";
    struct Case {
        std::string trials;
        std::string series;
        std::string x;
    };
    const std::vector<Case> cases = {
        {one_trial + "1,4,leveling,3,2\n", "", kRatio},
        {one_trial + "1,4,leveling,3,2\n", "", "levels"},
        {one_trial + "1,4,leveling,0,0\n", "", kPolicy},
        {one_trial + "1,4,leveling,3,2\n2,,tiering,4,2\n3,8,fifo,,\n", "", kRatio},
        {one_trial + "1,4,leveling,-3,2\n", "", "levels"},
        {one_trial + "1,4,leveling,,\n", one_sample + "1,10,100,runs,3\n", "operations"},
        {one_trial + "1,4,leveling,,\n", one_sample + "1,0,0,runs,0\n", "user_bytes"},
        {one_trial + "1,4,leveling,,\n", one_sample + "1,10,,runs,1\n1,20,,runs,\n", "operations"},
    };
    for (const Case& odd : cases) {
        files_ = make_memory_file_system();
        const RunData run = run_of(odd.trials, odd.series);
        for (const bool log : {false, true}) {
            PlotSpec spec = spec_of("runs", odd.x, kPolicy);
            const FigureData figure = make_figure(run, spec);
            EXPECT_LT(figure.x.low, figure.x.high) << odd.trials << odd.x;
            EXPECT_LT(figure.y.low, figure.y.high) << odd.trials << odd.x;
            spec.log_x = spec.log_y = log;
            try {
                const std::string script = gnuplot_script(make_figure(run, spec), "odd");
                EXPECT_EQ(script.find("nan"), std::string::npos);
                EXPECT_EQ(script.find("inf"), std::string::npos);
            } catch (const Error& error) {
                // Nothing positive is left to draw on a logarithmic axis.
                EXPECT_TRUE(log) << error.what();
            }
        }
    }
}

TEST_F(FiguresTest, ARunWithoutTrialsWarnsAndWritesNothing) {
    run_of("trial,runs\n", "trial,operations,user_bytes,metric,value\n");
    const Figures written = write_figures(*files_, "run", {spec_of("runs", "operations")}, "");
    EXPECT_TRUE(written.figures.empty());
    ASSERT_EQ(written.warnings.size(), 1u);
    EXPECT_TRUE(files_->list("run/plots").empty());
}

// gnuplot breaks a legend that is taller than its panel into columns beyond the paper: an entry
// takes 24 pixels.
TEST_F(FiguresTest, ALegendHasRoomForEveryLine) {
    FigureData figure;
    figure.kind = PlotKind::points;
    figure.columns = 2;
    figure.panels.resize(4);
    for (int i = 0; i < 40; ++i) figure.line_names.push_back("line " + std::to_string(i));
    const report::Layout layout = report::lay_out(figure);
    const double panels = layout.height - layout.top - layout.bottom - layout.down;
    EXPECT_GE(panels / 2, 24 * 40);
}

TEST_F(FiguresTest, WithoutGnuplotScriptsAndDataStayAndOneWarningSaysSo) {
    FileSystem& files = posix_file_system();
    const std::string folder = testing::TempDir() + "lsmlab_report_no_gnuplot";
    test::write_synthetic_run(files, folder);
    const Figures written = write_figures(
        files, folder,
        {spec_of("runs", "operations", kPolicy, kRatio), spec_of("runs", kRatio, kPolicy)},
        "no-such-gnuplot-lsmlab");
    ASSERT_EQ(written.figures.size(), 2u);
    EXPECT_FALSE(written.figures[0].drawn);
    ASSERT_EQ(written.warnings.size(), 1u);
    EXPECT_NE(written.warnings[0].find("gnuplot"), std::string::npos);
    EXPECT_EQ(files.list(folder + "/plots"),
              (std::vector<std::string>{"01-runs-by-operations.csv", "01-runs-by-operations.gp",
                                        "02-runs-by-tree.compaction.size_ratio.csv",
                                        "02-runs-by-tree.compaction.size_ratio.gp"}));
}

TEST_F(FiguresTest, FileNamesAreHarmless) {
    run_of("trial,../../etc/pass wd;x,runs\n1,2,3\n");
    const Figures written =
        write_figures(*files_, "run", {spec_of("runs", "../../etc/pass wd;x")}, "");
    ASSERT_EQ(written.figures.size(), 1u);
    EXPECT_EQ(written.figures[0].name.find('/'), std::string::npos);
    EXPECT_EQ(written.figures[0].name.find(' '), std::string::npos);
    EXPECT_EQ(written.figures[0].name.find(';'), std::string::npos);
}

TEST(GnuplotQuoting, KeepsTextInsideItsQuotes) {
    EXPECT_EQ(gnuplot_quoted("it's"), "'it''s'");
    EXPECT_EQ(gnuplot_quoted("a\nb\\"), "'a b\\'");
    EXPECT_EQ(gnuplot_quoted("`id` $x @y"), "'`id` $x @y'");
}

/// The script of each kind of plot, kept beside this test. LSMLAB_REWRITE=1 in the
/// environment writes them anew.
class GoldenScript : public FiguresTest, public testing::WithParamInterface<const char*> {};

PlotSpec golden_spec(const std::string& name) {
    if (name == "line") {
        return spec_of("write_amplification", "user_bytes", kPolicy, kRatio);
    }
    if (name == "setting") {
        return spec_of("write_amplification", kRatio, kPolicy);
    }
    if (name == "bars") {
        return spec_of("space_amplification", kPolicy, kRatio);
    }
    if (name == "points") {
        return spec_of("read_amplification_empty", "write_amplification", kPolicy);
    }
    PlotSpec spec = spec_of("runs", "operations", "", kPolicy);
    spec.title = "It's `odd`\\";
    spec.log_y = true;
    return spec;
}

TEST_P(GoldenScript, IsAsItWas) {
    SyntheticOptions options;
    options.repeats = std::string(GetParam()) == "setting" ? 3 : 1;
    const FigureData figure = make_figure(synthetic(options), golden_spec(GetParam()));
    const std::string script = gnuplot_script(figure, GetParam());
    const std::string path =
        std::string(LSMLAB_SOURCE_DIR) + "/tests/report/golden/" + GetParam() + ".gp";
    if (std::getenv("LSMLAB_REWRITE") != nullptr) {
        write_text_file(posix_file_system(), path, script);
    }
    EXPECT_EQ(script, read_text_file(posix_file_system(), path));
}

INSTANTIATE_TEST_SUITE_P(Kinds, GoldenScript,
                         testing::Values("line", "setting", "bars", "points", "log"),
                         [](const auto& each) { return std::string(each.param); });

bool has_gnuplot() {
    try {
        return run_process({"gnuplot", "--version"}).exit_status == 0;
    } catch (const ProgramMissing&) {
        return false;
    }
}

TEST(Gnuplot, DrawsEveryKindWithTheSameBytesEachTime) {
    if (!has_gnuplot()) {
        GTEST_SKIP() << "gnuplot is not on this machine";
    }
    FileSystem& files = posix_file_system();
    const std::string folder = testing::TempDir() + "lsmlab_report_figures";
    SyntheticOptions options;
    options.repeats = 2;
    // A policy's name is a person's text: it must neither run nor break the script.
    options.policies = {"leveling", "it's `touch pwned` $(touch pwned)", "a,\"b\"\nc\\"};
    test::write_synthetic_run(files, folder, options);
    std::vector<PlotSpec> specs;
    for (const char* name : {"line", "setting", "bars", "points", "log"}) {
        specs.push_back(golden_spec(name));
    }
    Figures written = write_figures(files, folder, specs);
    EXPECT_EQ(written.warnings, std::vector<std::string>{});
    ASSERT_EQ(written.figures.size(), specs.size());
    std::vector<std::string> first;
    for (const Figure& figure : written.figures) {
        EXPECT_TRUE(figure.drawn);
        const std::string path = folder + "/plots/" + figure.name;
        first.push_back(read_text_file(files, path + ".svg"));
        EXPECT_NE(first.back().find("</svg>"), std::string::npos);
        EXPECT_GT(files.file_size(path + ".pdf"), 1000u);
        EXPECT_EQ(files.exists(folder + "/plots/pwned"), false);
    }
    written = write_figures(files, folder, specs);
    for (size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(read_text_file(files, folder + "/plots/" + written.figures[i].name + ".svg"),
                  first[i]);
    }
}

}  // namespace
}  // namespace lsm::report
