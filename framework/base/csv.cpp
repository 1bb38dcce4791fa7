#include "framework/base/csv.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/error.hpp"

namespace lsm {
namespace {

/// Splits a text into rows, keeping the line it stands at for the errors.
class CsvReader {
  public:
    CsvReader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

    bool at_end() const { return position_ == text_.size(); }
    std::uint64_t line() const { return line_; }

    std::vector<std::string> read_row() {
        std::vector<std::string> fields;
        do {
            fields.push_back(peek() == '"' ? read_quoted() : read_plain());
        } while (take(','));
        if (!at_end()) {
            take('\r');
            if (!take('\n')) fail(line_, "text follows a closing quote");
            ++line_;
        }
        return fields;
    }

    [[noreturn]] void fail(std::uint64_t line, const std::string& what) const {
        throw Error(ErrorKind::corruption, what, {std::string(file_), {}, line, {}});
    }

  private:
    char peek() const { return at_end() ? '\0' : text_[position_]; }

    bool take(char wanted) {
        if (at_end() || text_[position_] != wanted) return false;
        ++position_;
        return true;
    }

    std::string read_plain() {
        const std::size_t end = std::min(text_.find_first_of(",\r\n\"", position_), text_.size());
        if (end < text_.size() && text_[end] == '"') fail(line_, "a quote inside a bare field");
        if (end < text_.size() && text_[end] == '\r' && text_.substr(end, 2) != "\r\n") {
            fail(line_, "a carriage return without a line feed in a bare field");
        }
        std::string field(text_.substr(position_, end - position_));
        position_ = end;
        return field;
    }

    std::string read_quoted() {
        const std::uint64_t opened_at = line_;
        std::string field;
        ++position_;
        while (true) {
            if (at_end()) fail(opened_at, "a quoted field is never closed");
            const char c = text_[position_++];
            if (c == '"' && !take('"')) return field;
            if (c == '\n') ++line_;
            field += c;
        }
    }

    std::string_view text_;
    std::string_view file_;
    std::size_t position_ = 0;
    std::uint64_t line_ = 1;
};

}  // namespace

std::string csv_field(std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
    std::string quoted = "\"";
    for (const char c : field) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    quoted += '"';
    return quoted;
}

void append_csv_row(std::string& text, const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) text += ',';
        text += csv_field(fields[i]);
    }
    // A row of one empty field would be an empty line, which readers skip or take for no row.
    if (fields.size() == 1 && fields[0].empty()) text += "\"\"";
    text += '\n';
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
}

std::size_t CsvTable::required_column(std::string_view name) const {
    if (const auto found = column(name)) return *found;
    std::string known;
    for (const std::string& each : header) known += (known.empty() ? "" : ", ") + each;
    throw Error(ErrorKind::corruption,
                "there is no column '" + std::string(name) + "' among " + known);
}

CsvTable read_csv(std::string_view text, std::string_view file) {
    CsvReader reader(text, file);
    if (reader.at_end()) reader.fail(1, "the file is empty, not even a header is there");
    CsvTable table;
    table.header = reader.read_row();
    while (!reader.at_end()) {
        const std::uint64_t line = reader.line();
        std::vector<std::string> row = reader.read_row();
        if (row.size() != table.header.size()) {
            reader.fail(line, "a row of " + std::to_string(row.size()) +
                                  " fields under a header of " +
                                  std::to_string(table.header.size()));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace lsm
