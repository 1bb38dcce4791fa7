// What a test machine has explored and found: counts by name, a digest, failures. Tallies of
// several threads add up to the same whatever the order. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lsm::torture {

/// A case in which the contract did not hold.
struct Failure {
    std::string only;  // the case, as Options::only takes it
    std::string what;
};

class Tally {
  public:
    static constexpr size_t kKeptFailures = 20;

    /// A figure of the report; figures are shown in the order of their names, so machines begin
    /// them with what belongs together.
    void count(const std::string& name, uint64_t by = 1) { counts_[name] += by; }
    /// Keeps the highest.
    void highest(const std::string& name, uint64_t value);
    /// Adds something that was explored to the digest: a hash of what it was and what came of it.
    void explored(uint64_t hash);
    void fail(const std::string& only, const std::string& what);
    void add(const Tally& other);
    /// Puts rewrite(failure) in the place of each of the first failures; of those that it makes
    /// the same one is kept.
    void rewrite_failures(size_t most, const std::function<Failure(const Failure&)>& rewrite);

    uint64_t digest() const { return digest_; }
    uint64_t failed() const { return failed_; }
    /// Those with the shortest cases.
    const std::vector<Failure>& failures() const { return failures_; }
    /// Counts and highest values, by name.
    std::vector<std::pair<std::string, uint64_t>> figures() const;
    uint64_t counted(const std::string& name) const;

  private:
    std::map<std::string, uint64_t> counts_;
    std::map<std::string, uint64_t> highest_;
    uint64_t digest_ = 0;
    uint64_t failed_ = 0;
    std::vector<Failure> failures_;  // by length of the case, then by case
};

}  // namespace lsm::torture
