// The filter axis: the structure that answers "surely not" or "maybe" for a key, given a number of
// bits per key.
//
// A filter policy is a type with `Options`, a constructor from it, `about`, and
//   - `build(hashes, bits_per_key) -> std::string`: the filter's bytes; hashes are hash_key() of
//   distinct keys, any order. Empty
//     bytes mean "always maybe";
//   - `may_contain(bytes, hash) -> bool`: never false for a hash it was built from; any bytes are
//   safe, damaged ones mean maybe;
//   - `false_positive_rate(bits_per_key) -> double`: theory, deterministic
//   (framework/base/math.hpp).
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "framework/policy/policy_name.hpp"

namespace lsm {

template <class F>
concept Filter = requires(const F& filter, std::span<const uint64_t> hashes, double bits,
                          std::string_view bytes, uint64_t hash) {
    typename F::Options;
    requires std::constructible_from<F, const typename F::Options&>;
    { filter.build(hashes, bits) } -> std::same_as<std::string>;
    { filter.may_contain(bytes, hash) } -> std::same_as<bool>;
    { filter.false_positive_rate(bits) } -> std::same_as<double>;
};

template <class F>
concept FilterPolicy = Filter<F> && requires {
    { F::about } -> std::convertible_to<std::string_view>;
};

/// Any filter behind one virtual call. Made without options it builds nothing and answers maybe.
class AnyFilter {
  public:
    class Face {
      public:
        virtual ~Face() = default;
        virtual std::string build(std::span<const uint64_t> hashes, double bits_per_key) const = 0;
        virtual bool may_contain(std::string_view bytes, uint64_t hash) const = 0;
        virtual double false_positive_rate(double bits_per_key) const = 0;
    };
    struct Options {
        std::function<std::shared_ptr<const Face>()> make;
        std::string name;  // kept in each table, so that a filter is not read by another one
    };

    explicit AnyFilter(const Options& options) : face_(options.make ? options.make() : nullptr) {}

    template <FilterPolicy F>
    static Options of(const typename F::Options& options) {
        return {[options] {
                    require_valid_options<F>(options);
                    return std::make_shared<const Holder<F>>(options);
                },
                policy_name<F>()};
    }

    std::string build(std::span<const uint64_t> hashes, double bits_per_key) const {
        return face_ ? face_->build(hashes, bits_per_key) : std::string();
    }
    bool may_contain(std::string_view bytes, uint64_t hash) const {
        return !face_ || bytes.empty() || face_->may_contain(bytes, hash);
    }
    double false_positive_rate(double bits_per_key) const {
        return face_ ? face_->false_positive_rate(bits_per_key) : 1;
    }

  private:
    template <FilterPolicy F>
    class Holder final : public Face {
      public:
        explicit Holder(const typename F::Options& options) : filter_(options) {}
        std::string build(std::span<const uint64_t> hashes, double bits_per_key) const override {
            return filter_.build(hashes, bits_per_key);
        }
        bool may_contain(std::string_view bytes, uint64_t hash) const override {
            return filter_.may_contain(bytes, hash);
        }
        double false_positive_rate(double bits_per_key) const override {
            return filter_.false_positive_rate(bits_per_key);
        }

      private:
        F filter_;
    };

    std::shared_ptr<const Face> face_;
};

}  // namespace lsm
