// Measured, simulated and predicted beside each other.
#include <gtest/gtest.h>

#include "framework/os/memory_file_system.hpp"
#include "framework/report/figure_data.hpp"
#include "framework/report/theory_table.hpp"

namespace lsm::report {
namespace {

RunData run_of(const std::string& trials) {
    const auto files = make_memory_file_system();
    files->create_folder("run");
    write_text_file(*files, "run/trials.csv", trials);
    return read_run(*files, "run");
}

TEST(theory_table, pairs_trials_of_engine_and_simulator) {
    const TheoryTable table = theory_table(
        run_of("trial,engine,tree.compaction.policy,write_amplification,model_write_amplification\n"
               "1,lsmlab,leveling,10,9\n2,lsmlab,fifo,1,\n3,simulator,leveling,9.9,9\n"));
    ASSERT_EQ(table.metrics.size(), 1u);
    EXPECT_TRUE(table.metrics[0].has_source(Source::measured));
    EXPECT_TRUE(table.metrics[0].has_source(Source::simulated));
    EXPECT_FALSE(table.metrics[0].has_source(Source::estimated));
    ASSERT_EQ(table.rows.size(), 2u);
    const TheoryCell& leveling = table.rows[0].cells[0];
    EXPECT_EQ(leveling.of(Source::measured), 10);
    EXPECT_EQ(leveling.of(Source::simulated), 9.9);
    EXPECT_EQ(leveling.predicted, 9);
    EXPECT_EQ(gap_text(leveling.gap()), "-10.0 %");
    EXPECT_FALSE(table.rows[1].cells[0].predicted);
    EXPECT_EQ(gap_text(table.rows[1].cells[0].gap()), "");
}

TEST(theory_table, is_empty_without_predictions) {
    EXPECT_TRUE(
        theory_table(run_of("trial,engine,write_amplification\n1,lsmlab,10\n")).rows.empty());
}

TEST(theory_table, the_gap_is_to_the_simulator_where_nothing_was_measured) {
    const TheoryTable table =
        theory_table(run_of("trial,engine,write_amplification,model_write_amplification\n"
                            "1,simulator,8,10\n"));
    EXPECT_FALSE(table.metrics[0].has_source(Source::measured));
    EXPECT_EQ(gap_text(table.rows[0].cells[0].gap()), "+25.0 %");
}

TEST(theory_table, says_how_far_the_estimate_is_where_the_simulator_ran_too) {
    const RunData run = run_of(
        "trial,engine,tree.compaction.policy,write_amplification,mean_space_amplification\n"
        "1,simulator,leveling,10,1.5\n2,estimate,leveling,10.1,1.5\n"
        "3,estimate,tiering,4,2\n4,simulator,tiering,5,\n5,estimate,fifo,1,1\n");
    const TheoryTable table = theory_table(run);
    ASSERT_EQ(table.metrics.size(), 2u);
    EXPECT_TRUE(table.metrics[0].has_estimate_gap);
    EXPECT_FALSE(table.metrics[0].has_predicted);
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(gap_text(table.rows[0].cells[0].estimate_gap()), "+1.0 %");
    EXPECT_EQ(gap_text(table.rows[1].cells[0].estimate_gap()), "-20.0 %");
    EXPECT_EQ(gap_text(table.rows[2].cells[0].estimate_gap()), "") << "nothing to hold it against";
    EXPECT_FALSE(table.rows[0].cells[0].of(Source::measured)) << "an estimate measures nothing";
    const std::string text = estimate_summary(run);
    for (const char* words :
         {"write_amplification -20.0 %", "tiering", "mean_space_amplification +0.0 %", "leveling"})
        EXPECT_NE(text.find(words), std::string::npos) << text;
    EXPECT_EQ(estimate_summary(run_of("trial,engine,write_amplification\n1,estimate,10\n")), "");
}

TEST(figures, the_models_band_is_drawn_around_its_line) {
    const RunData run = run_of(
        "trial,tree.compaction.size_ratio,write_amplification,model_write_amplification,"
        "model_write_amplification_low,model_write_amplification_high\n"
        "1,2,5,4.5,4,9\n2,4,7,6.5,6,11\n");
    const FigureData figure = make_figure(
        run, {.y = "write_amplification", .x = "tree.compaction.size_ratio", .model = true});
    ASSERT_EQ(figure.panels[0].lines.size(), 2u);
    EXPECT_TRUE(figure.has_model_band);
    EXPECT_FALSE(figure.has_repeats);
    EXPECT_EQ(figure.panels[0].lines[1].points[1].y, 6.5);
    EXPECT_EQ(figure.panels[0].lines[1].points[1].low, 6);
    EXPECT_EQ(figure.panels[0].lines[1].points[1].high, 11);
    EXPECT_EQ(figure.panels[0].lines[0].points[1].high, 7);
}

}  // namespace
}  // namespace lsm::report
