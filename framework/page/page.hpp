// The hand-written page: HTML, CSS and ES modules that reports and the server show, carried inside
// the binary. Embedded by cmake/embed.cmake. A report is one file that needs nothing else, so
// modules can be joined into one script. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lsm {

/// A file inside the binary.
struct EmbeddedFile {
    std::string_view name;
    const char* begin;
    const char* end;

    std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

/// All files of the page; the entry after the last has no name.
const EmbeddedFile* page_files();

namespace page {

/// The text of a file of the page: "report.css". A name that is not there is our own bug:
/// std::logic_error.
std::string_view file(std::string_view name);

/// The modules as one script, in that order. Lines that import from one of the page's own modules
/// go, and `export` goes before what it stands: so all top-level names of the modules must differ,
/// and a module may only import from those before it.
std::string join_modules(const std::vector<std::string_view>& names);

/// `text` as the content or a quoted attribute of an HTML element.
std::string escape_html(std::string_view text);

/// JSON that can stand in a <script> element: nothing in it can end the element or open a comment.
std::string escape_script_json(std::string_view json);

/// Replaces every {{name}} of `text` by its value, as it stands: escape first. A name without a
/// value is std::logic_error.
std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values);

}  // namespace page
}  // namespace lsm
