// Loops over OpenMP's threads. How work is cut never depends on how many there are where results could show it. What runs in
// a loop must not throw, so neither allocate: an exception that leaves a thread of OpenMP's ends the process.
#pragma once
#include <algorithm>
#include <cstdint>
#include <omp.h>

namespace mocha {

// Calls f(from, to) for pieces of 0 ... n, one per thread, each a multiple of step but the last. For work whose results do
// not depend on how it is cut. Below `least` elements one thread does all.
template <class F> void parallel(int64_t n, int64_t step, int64_t least, const F &f) {
    if (n <= 0) return;
    int threads = n < least ? 1 : omp_get_max_threads();
    if (threads == 1) {
        f(int64_t{0}, n);
        return;
    }
#pragma omp parallel num_threads(threads)
    {
        int64_t steps = (n + step - 1) / step;
        int64_t of = omp_get_num_threads(), me = omp_get_thread_num();
        int64_t from = steps * me / of * step, to = std::min(n, steps * (me + 1) / of * step);
        if (from < to) f(from, to);
    }
}

// Calls f(i) for i in 0 ... n. Each thread takes a stretch of them, the same share of every op's samples, since reading what
// another core has just written costs more than a miss.
template <class F> void each(int64_t n, bool worth, const F &f) {
    if (!worth || n < 2 || omp_get_max_threads() == 1) {
        for (int64_t i = 0; i < n; i++) f(i);
        return;
    }
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < n; i++) f(i);
}

// For sums: how many pieces a reduction over n elements of this cost each is cut into. Follows from the shape alone.
inline int64_t pieces(int64_t n, int64_t cost) {
    return std::max<int64_t>(1, std::min<int64_t>(std::min<int64_t>(n, 64), n * cost / 16384));
}

}  // namespace mocha
