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
    EXPECT_TRUE(table.metrics[0].has_measured);
    EXPECT_TRUE(table.metrics[0].has_simulated);
    ASSERT_EQ(table.rows.size(), 2u);
    const TheoryCell& leveling = table.rows[0].cells[0];
    EXPECT_EQ(leveling.measured, 10);
    EXPECT_EQ(leveling.simulated, 9.9);
    EXPECT_EQ(leveling.predicted, 9);
    EXPECT_EQ(leveling.gap_text(), "-10.0 %");
    EXPECT_FALSE(table.rows[1].cells[0].predicted);
    EXPECT_EQ(table.rows[1].cells[0].gap_text(), "");
}

TEST(theory_table, is_empty_without_predictions) {
    EXPECT_TRUE(
        theory_table(run_of("trial,engine,write_amplification\n1,lsmlab,10\n")).rows.empty());
}

TEST(theory_table, the_gap_is_to_the_simulator_where_nothing_was_measured) {
    const TheoryTable table =
        theory_table(run_of("trial,engine,write_amplification,model_write_amplification\n"
                            "1,simulator,8,10\n"));
    EXPECT_FALSE(table.metrics[0].has_measured);
    EXPECT_EQ(table.rows[0].cells[0].gap_text(), "+25.0 %");
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
