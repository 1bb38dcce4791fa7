// Comma-separated values as RFC 4180 has them: what a run's folder is written in.
//
// Writing: every field passes csv_field, rows end in one line feed (results are compared by byte,
// so the line ending is fixed). Reading: strict. Every row has as many fields as the header; a
// quote stands only at a field's ends or doubled; CR LF is accepted as a line end. A header without
// rows is a table without rows; empty text is an error.
//
// Costs: one pass, one string per field. Leaves out: other separators, comments, types.
// Thread-safety: none needed, there is no shared state.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsm {

/// The field as it stands in a file: quoted when it holds a comma, a quote or a line end.
std::string csv_field(std::string_view field);

/// Appends one row and its line feed.
void append_csv_row(std::string& text, const std::vector<std::string>& fields);

/// A header and rows of as many fields each.
struct CsvTable {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;

    /// Where the column of that name stands, or nothing.
    std::optional<std::size_t> column(std::string_view name) const;

    /// The same, for a column that must be there: throws Error (corruption) naming those that are.
    std::size_t required_column(std::string_view name) const;
};

/// Reads a whole file's text. `file` names it in errors.
/// Throws Error (corruption) with file and line when the text is not what the header above says.
CsvTable read_csv(std::string_view text, std::string_view file = {});

}  // namespace lsm
