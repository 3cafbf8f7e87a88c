// Rows of tables by index, and what fails when the data do: gather, scatter, check.
#include "parallel.h"
#include "plan.h"
#include <limits>
#include <atomic>
#include <cmath>

namespace mocha {

namespace {

template <class T> bool whole(T v, int64_t limit) {
    return v >= 0 && static_cast<double>(v) < static_cast<double>(limit) && v == std::floor(v);
}

// Reports the first of n elements that does not pass.
template <class T, class F> void require(const Buffers &b, const T *x, int64_t n, int64_t code, const F &passes) {
    std::atomic<int64_t> first{n};
    parallel(n, 1024, 1 << 15, [&](int64_t from, int64_t to) {
        for (int64_t block = from; block < to; block += 1024) {
            const int64_t end = std::min(to, block + 1024);
            int bad = 0;
            for (int64_t i = block; i < end; i++) bad |= !passes(x[i]);
            if (!bad) continue;
            int64_t i = block, least = first;
            while (passes(x[i])) i++;
            while (i < least && !first.compare_exchange_weak(least, i)) {
            }
            return;
        }
    });
    if (first < n) b.report(code, first, static_cast<double>(x[first]));
}

template <class T> struct Gather : Plan {
    int64_t rows, count, length;
    explicit Gather(Args &a) {
        rows = a.whole();
        count = a.whole();
        length = a.whole();
    }
    void run(const Buffers &b) const override {
        const T *table = b.input<T>(0), *index = b.input<T>(1);
        T *y = b.output<T>(0);
        require(b, index, count, BAD_INDEX, [this](T v) { return whole(v, rows); });
        if (rows == 0) return;
        parallel(count, 1, count * length < (1 << 14) ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) {
                const int64_t row = whole(index[i], rows) ? static_cast<int64_t>(index[i]) : 0;
                std::copy_n(table + row * length, length, y + i * length);
            }
        });
    }
};

// Threads share the columns of wide rows, else the rows of the table: either way equal indices add up in their order.
template <class T> struct ScatterAdd : Plan {
    int64_t rows, count, length;
    explicit ScatterAdd(Args &a) {
        rows = a.whole();
        count = a.whole();
        length = a.whole();
    }
    void run(const Buffers &b) const override {
        const T *index = b.input<T>(0), *x = b.input<T>(1);
        T *y = b.output<T>(0);
        require(b, index, count, BAD_INDEX, [this](T v) { return whole(v, rows); });
        const int64_t least = count * length < (1 << 14) ? INT64_MAX : 0;
        if (length >= 64) {
            parallel(length, 16, least, [&](int64_t from, int64_t to) { add(index, x, y, 0, rows, from, to); });
        } else {
            parallel(rows, 1, least, [&](int64_t from, int64_t to) { add(index, x, y, from, to, 0, length); });
        }
    }

private:
    // Into rows r0 ... r1 and columns c0 ... c1 of the table.
    void add(const T *index, const T *x, T *y, int64_t r0, int64_t r1, int64_t c0, int64_t c1) const {
        for (int64_t r = r0; r < r1; r++) std::fill(y + r * length + c0, y + r * length + c1, T(0));
        for (int64_t i = 0; i < count; i++) {
            if (!whole(index[i], rows)) continue;
            const int64_t row = static_cast<int64_t>(index[i]);
            if (row < r0 || row >= r1) continue;
            const T *__restrict from = x + i * length;
            T *__restrict to = y + row * length;
            for (int64_t c = c0; c < c1; c++) to[c] += from[c];
        }
    }
};

template <class T> struct Check : Plan {
    int64_t n, limit;
    bool label;
    explicit Check(Args &a) {
        n = a.whole();
        label = a.flag();
        limit = a.whole();
    }
    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0);
        T *y = b.output<T>(0);
        if (label) require(b, x, n, BAD_LABEL, [this](T v) { return whole(v, limit); });
        else require(b, x, n, NOT_FINITE, [](T v) { return std::fabs(v) <= std::numeric_limits<T>::max(); });
        if (x == y) return;
        parallel(n, 1024, 1 << 15, [&](int64_t from, int64_t to) { std::copy(x + from, x + to, y + from); });
    }
};

}  // namespace

PlanPtr gather(Args &a) { return of_type<Gather>(a); }
PlanPtr scatter_add(Args &a) { return of_type<ScatterAdd>(a); }
PlanPtr check(Args &a) { return of_type<Check>(a); }

}  // namespace mocha
