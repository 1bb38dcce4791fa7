// What the engines without files have in common: a tree of shapes behind the Engine's face, which
// takes no bytes. How operations come to it is each one's own (numbered_engine.hpp,
// bulk_engine.hpp).
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/engines/engine.hpp"

namespace lsm {

/// `Words`: what the engine takes instead of bytes, and where.
template <class Tree, class Words>
class ShapedEngine : public Engine {
  public:
    template <class Options>
    explicit ShapedEngine(const Options& options) : tree_(options) {}

    void put(std::string_view, std::string_view) final { refuse_bytes(); }
    void remove(std::string_view) final { refuse_bytes(); }
    bool get(std::string_view, std::string&) final { refuse_bytes(); }
    uint64_t scan(std::string_view, uint64_t, bool,
                  const std::function<void(std::string_view, std::string_view)>&) final {
        refuse_bytes();
    }

    void flush() final { tree_.flush(); }
    void settle() final { tree_.settle(); }
    EngineCounters counters() final { return tree_.counters(); }
    TreeShape shape() final { return tree_.shape(); }
    bool may_drop() const final { return tree_.may_drop(); }
    void on_event(std::function<void(const EngineEvent&)> listener) final {
        tree_.on_event(std::move(listener));
    }
    void close() final {}

  protected:
    Tree tree_;

  private:
    [[noreturn]] static void refuse_bytes() {
        throw Error(ErrorKind::usage, Words::kTakes, {}, Words::kRemedy);
    }
};

}  // namespace lsm
