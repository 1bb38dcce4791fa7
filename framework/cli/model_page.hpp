// What `model` prints: a page about one design, a table of several, JSON, a figure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "framework/experiment/experiment.hpp"
#include "framework/experiment/predictions.hpp"

namespace lsm::cli {

struct ModelledTrial {
    std::string name;
    const experiment::Trial* trial = nullptr;
    std::string outside;  ///< why the model does not cover it; the rest is empty then
    model::DataSize data;
    model::DesignCosts costs;
    double range = 1000;  ///< entries of a long range lookup
    /// What a run of its phases comes to; empty where there are none.
    std::vector<std::pair<std::string, double>> predicted;
};

/// Levels and costs of a design that the model covers, each cost with its source.
std::string design_page(const ModelledTrial& design, bool colour);

/// A row for each design.
std::string designs_table(const std::vector<ModelledTrial>& designs, bool colour);

nlohmann::ordered_json model_json(const std::vector<ModelledTrial>& designs);

/// Write, empty and found lookups, short ranges and space in a panel each, over the first swept
/// setting that is a number: FILE.svg, and .pdf, .gp and .csv beside it. Throws Error (usage) where
/// nothing numeric is swept, Error (io) without gnuplot.
void draw_designs(const std::vector<ModelledTrial>& designs,
                  const experiment::Experiment& experiment, const std::string& file);

}  // namespace lsm::cli
