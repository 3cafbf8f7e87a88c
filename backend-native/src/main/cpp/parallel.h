// Loops over the pool's threads. How work is cut never depends on how many there are where results could show it. What runs in
// a loop must not throw, so neither allocate: an exception that leaves a thread of the pool ends the process.
#pragma once
#include "pool.h"
#include <algorithm>
#include <cstdint>

namespace mocha {

// Calls f(from, to) for pieces of 0 ... n, some per thread, each a multiple of step but the last. For work whose results do
// not depend on how it is cut. Below `least` elements one thread does all.
template <class F> void parallel(int64_t n, int64_t step, int64_t least, const F &f) {
    if (n <= 0) return;
    const int threads = n < least ? 1 : Pool::share();
    if (threads == 1) {
        f(int64_t{0}, n);
        return;
    }
    // several for each thread, so that one that comes late or is interrupted holds up the others less
    const int64_t steps = (n + step - 1) / step, pieces = 4 * threads, size = (steps + pieces - 1) / pieces * step;
    const auto range = [&](int64_t from, int64_t to) { f(from, to); };
    using Range = decltype(range);
    Pool::run({[](const void *g, int64_t from, int64_t to) { (*static_cast<const Range *>(g))(from, to); }, &range, n, size}, threads);
}

// Calls f(i) for i in 0 ... n. Each thread begins with a stretch of them, the same share of every op's samples, since reading what
// another core has just written costs more than a miss.
template <class F> void each(int64_t n, bool worth, const F &f) {
    const int threads = !worth || n < 2 ? 1 : Pool::share();
    const auto all = [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; i++) f(i);
    };
    if (threads == 1) {
        all(0, n);
        return;
    }
    using All = decltype(all);
    Pool::run({[](const void *g, int64_t from, int64_t to) { (*static_cast<const All *>(g))(from, to); }, &all, n, 1}, threads);
}

// For sums: how many pieces a reduction over n elements of this cost each is cut into. Follows from the shape alone.
inline int64_t pieces(int64_t n, int64_t cost) {
    return std::max<int64_t>(1, std::min<int64_t>(std::min<int64_t>(n, 64), n * cost / 16384));
}

}  // namespace mocha
