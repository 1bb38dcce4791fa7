// A folder of the real disk that is removed, with all that is in it, when its owner goes.
#pragma once

#include <string>

namespace lsm {

class TemporaryFolder {
  public:
    /// A new one in `within`, which is made if it is missing; empty: where the system keeps such
    /// things. Error(io) when there can be none.
    explicit TemporaryFolder(const std::string& within = {});
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace lsm
