#include "framework/os/temporary_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>

#include "framework/os/io_error.hpp"

namespace lsm {

TemporaryFolder::TemporaryFolder(const std::string& within) {
    std::error_code error;
    const std::filesystem::path parent = within.empty()
                                             ? std::filesystem::temp_directory_path(error)
                                             : std::filesystem::path(within);
    if (!error) std::filesystem::create_directories(parent, error);
    if (error) throw_io_error(parent.string(), "make a temporary folder", error.value());
    std::string pattern = (parent / "lsmlab-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw_io_error(pattern, "mkdtemp", errno);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace lsm
