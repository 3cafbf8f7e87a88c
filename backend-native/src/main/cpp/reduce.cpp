// Sums, maxima and indices of maxima over axes, in the order in which the axes lie in memory. Sums are taken in double.
#include "parallel.h"
#include "plan.h"
#include <limits>

namespace mocha {

namespace {

// Axes in which neighbours differ in whether they are reduced.
struct Axes {
    std::vector<int64_t> extent;
    std::vector<bool> reduced;

    explicit Axes(Args &a) {
        std::vector<int64_t> all = a.list(), flags = a.list();
        if (all.size() != flags.size()) throw Error("reduce: one flag for each axis expected");
        for (size_t i = 0; i < all.size(); i++) {
            if (all[i] == 1) continue;
            if (!extent.empty() && reduced.back() == (flags[i] != 0)) {
                extent.back() *= all[i];
                continue;
            }
            extent.push_back(all[i]);
            reduced.push_back(flags[i] != 0);
        }
        if (std::find(reduced.begin(), reduced.end(), true) == reduced.end()) {
            extent.insert(extent.begin(), 1);
            reduced.insert(reduced.begin(), true);
        }
    }
    int64_t count(bool of_reduced, size_t without) const {
        int64_t n = 1;
        for (size_t i = 0; i < extent.size(); i++)
            if (reduced[i] == of_reduced && i != without) n *= extent[i];
        return n;
    }
    // Where the element of this index among those axes lies.
    int64_t offset(bool of_reduced, size_t without, int64_t index) const {
        int64_t at = 0, stride = 1;
        for (size_t i = extent.size(); i-- > 0;) {
            if (reduced[i] == of_reduced && i != without) {
                at += index % extent[i] * stride;
                index /= extent[i];
            }
            stride *= extent[i];
        }
        return at;
    }
};

typedef double Lanes __attribute__((vector_size(64)));
template <class T> struct Eight;
template <> struct Eight<float> { typedef float type __attribute__((vector_size(32))); };
template <> struct Eight<double> { typedef double type __attribute__((vector_size(64))); };

// The sum of n elements that lie side by side: 32 sums, whatever the machine.
template <class T> double row_sum(const T *x, int64_t n) {
    double sum = 0;
    int64_t i = 0;
    if (n >= 32) {
        Lanes s[4] = {};
        for (; i + 32 <= n; i += 32)
            for (int k = 0; k < 4; k++) {
                typename Eight<T>::type v;
                std::memcpy(&v, x + i + 8 * k, sizeof v);
                s[k] += __builtin_convertvector(v, Lanes);
            }
        s[0] = (s[0] + s[1]) + (s[2] + s[3]);
        for (int k = 0; k < 8; k++) sum += s[0][k];
    }
    for (; i < n; i++) sum += x[i];
    return sum;
}

constexpr int64_t WIDTH = 512;   // sums side by side
constexpr int64_t NARROW = 256;  // rows that are shorter are taken several at a time
constexpr int64_t CELL = 8192;   // elements of a row that are summed in one go

// sums[j] += x[i · stride + j] over rows i.
template <class T>
void add_rows(const T *__restrict x, int64_t stride, int64_t rows, int64_t n, double *__restrict sums) {
    int64_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        const T *a = x + i * stride, *b = a + stride, *c = b + stride, *d = c + stride;
        for (int64_t j = 0; j < n; j++)
            sums[j] += (static_cast<double>(a[j]) + static_cast<double>(b[j])) +
                       (static_cast<double>(c[j]) + static_cast<double>(d[j]));
    }
    for (; i < rows; i++)
        for (int64_t j = 0; j < n; j++) sums[j] += static_cast<double>(x[i * stride + j]);
}

template <class T> struct Sum : Plan {
    Axes axes;
    size_t inner;             // the innermost reduced axis
    int64_t groups, length;   // sums of each group lie side by side; 1 where the last axis is reduced
    int64_t outer, rows;      // reduced: all but the innermost; the innermost, in cells where the last axis is reduced
    int64_t pieces, chunks, total;

    explicit Sum(Args &a) : axes(a) {
        const size_t last = axes.extent.size() - 1;
        const bool columns = !axes.reduced[last];
        inner = columns ? last - 1 : last;
        groups = axes.count(false, columns ? last : inner);
        length = columns ? axes.extent[last] : 1;
        outer = axes.count(true, inner);
        rows = columns ? axes.extent[inner] : (axes.extent[inner] + CELL - 1) / CELL;
        chunks = (length + WIDTH - 1) / WIDTH;
        total = axes.count(true, SIZE_MAX) * axes.count(false, SIZE_MAX);
        const int64_t units = std::max<int64_t>(1, groups * chunks);
        pieces = units >= 32 ? 1 : std::min({std::max<int64_t>(1, outer * rows), 64 / units, total / (16384 * units)});
        pieces = std::max<int64_t>(1, pieces);
        if (pieces > 1) scratch_bytes = groups * pieces * length * sizeof(double);
    }

    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0);
        T *y = b.output<T>(0);
        auto *parts = static_cast<double *>(b.scratch);
        if (outer == 1 && rows == 1 && axes.reduced.back()) {
            const int64_t extent = axes.extent[inner];
            parallel(groups, 16, total < (1 << 15) ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
                for (int64_t g = from; g < to; g++) y[g] = static_cast<T>(row_sum(x + g * extent, extent));
            });
            return;
        }
        const int64_t units = groups * chunks * pieces;
        const auto unit = [&](int64_t u) {
            const int64_t g = u / (chunks * pieces), p = u / chunks % pieces, at = u % chunks * WIDTH;
            const int64_t n = std::min(WIDTH, length - at);
            double sums[WIDTH];
            piece(x, g, p, at, n, sums);
            if (pieces > 1) std::copy_n(sums, n, parts + (g * pieces + p) * length + at);
            else std::copy_n(sums, n, y + g * length + at);
        };
        parallel(units, 1, total < (1 << 15) ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
            for (int64_t u = from; u < to; u++) unit(u);
        });
        if (pieces == 1) return;
        for (int64_t g = 0; g < groups; g++)
            for (int64_t j = 0; j < length; j++) {
                double sum = 0;
                for (int64_t p = 0; p < pieces; p++) sum += parts[(g * pieces + p) * length + j];
                y[g * length + j] = static_cast<T>(sum);
            }
    }

private:
    // Sums of the p-th piece of all rows of a group.
    void piece(const T *x, int64_t group, int64_t p, int64_t at, int64_t n, double *sums) const {
        const bool columns = inner + 1 < axes.extent.size();
        const T *base = x + axes.offset(false, columns ? inner + 1 : inner, group) + at;
        int64_t row = outer * rows * p / pieces;
        const int64_t end = outer * rows * (p + 1) / pieces;
        std::fill_n(sums, n, 0.0);
        while (row < end) {
            const int64_t o = row / rows, r = row % rows, count = std::min(end - row, rows - r);
            const T *from = base + axes.offset(true, inner, o);
            if (columns) {
                add(from + r * length, count, n, sums);
            } else {
                const int64_t extent = axes.extent[inner];
                for (int64_t c = r; c < r + count; c++)
                    sums[0] += row_sum(from + c * CELL, std::min(CELL, extent - c * CELL));
            }
            row += count;
        }
    }

    void add(const T *from, int64_t count, int64_t n, double *sums) const {
        const int64_t together = NARROW / length;
        if (together < 2 || count < 2 * together) {
            add_rows(from, length, count, n, sums);
            return;
        }
        double wide[NARROW] = {};
        const int64_t width = together * length, passes = count / together;
        add_rows(from, width, passes, width, wide);
        add_rows(from + passes * width, length, count - passes * together, n, sums);
        for (int64_t i = 0; i < together; i++)
            for (int64_t j = 0; j < length; j++) sums[j] += wide[i * length + j];
    }
};

// The maximum of n elements, NaN if any is NaN.
template <class T> T row_max(const T *x, int64_t n) {
    constexpr int64_t lanes = 64 / sizeof(T);
    typedef T Row __attribute__((vector_size(64)));
    T best = x[0];
    int64_t i = 0;
    if (n >= lanes) {
        Row m, v;
        std::memcpy(&m, x, sizeof m);
        auto nan = m != m;
        for (i = lanes; i + lanes <= n; i += lanes) {
            std::memcpy(&v, x + i, sizeof v);
            m = v > m ? v : m;
            nan |= v != v;
        }
        for (int64_t k = 0; k < lanes; k++) {
            if (nan[k]) return std::numeric_limits<T>::quiet_NaN();
            if (k == 0 || m[k] > best) best = m[k];
        }
    }
    for (; i < n; i++)
        if (!(x[i] <= best)) {
            best = x[i];
            if (best != best) return best;
        }
    return best;
}

// One axis. The first of equal elements wins, and NaN over all.
template <class T, bool INDEX> struct Maximum : Plan {
    int64_t outer = 1, extent, inner = 1;

    explicit Maximum(Args &a) {
        Axes axes(a);
        size_t at = 0;
        while (!axes.reduced[at]) outer *= axes.extent[at++];
        extent = axes.extent[at++];
        for (; at < axes.extent.size(); at++) {
            if (axes.reduced[at]) throw Error("reduce: a maximum over one axis expected");
            inner *= axes.extent[at];
        }
        if (extent < 1 && outer * inner > 0) throw Error("reduce: a maximum of nothing");
    }

    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0);
        T *y = b.output<T>(0);
        const int64_t chunks = (inner + WIDTH - 1) / WIDTH;
        parallel(outer * chunks, 1, outer * extent * inner < (1 << 14) ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
            for (int64_t u = from; u < to; u++) {
                if (inner == 1) {
                    y[u] = row(x + u * extent);
                } else {
                    const int64_t o = u / chunks, at = u % chunks * WIDTH;
                    columns(x + o * extent * inner + at, std::min(WIDTH, inner - at), y + o * inner + at);
                }
            }
        });
    }

private:
    T row(const T *x) const {
        const T best = row_max(x, extent);
        if (!INDEX) return best;
        int64_t i = 0;
        while (best == best ? x[i] != best : x[i] == x[i]) i++;
        return static_cast<T>(i);
    }

    void columns(const T *__restrict x, int64_t n, T *__restrict y) const {
        T best[WIDTH], at[WIDTH];
        std::copy_n(x, n, best);
        if (INDEX) std::fill_n(at, n, T(0));
        for (int64_t a = 1; a < extent; a++) {
            const T *v = x + a * inner;
            const T index = static_cast<T>(a);
            for (int64_t j = 0; j < n; j++) {
                const bool better = (best[j] == best[j]) & !(v[j] <= best[j]);
                best[j] = better ? v[j] : best[j];
                if (INDEX) at[j] = better ? index : at[j];
            }
        }
        std::copy_n(INDEX ? at : best, n, y);
    }
};

template <class T> using Max = Maximum<T, false>;
template <class T> using ArgMax = Maximum<T, true>;

}  // namespace

PlanPtr sum(Args &a) { return of_type<Sum>(a); }
PlanPtr max(Args &a) { return of_type<Max>(a); }
PlanPtr arg_max(Args &a) { return of_type<ArgMax>(a); }

}  // namespace mocha
