// Convolution and its gradients by columns and matrix products, both types, plain layout: for float64, and for what oneDNN
// has nothing fast for. Sums are cut as the shape says, so results do not depend on the number of threads.
#include "blas.h"
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

struct Columns {
    int64_t n, c, h, w, f, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, groups;

    explicit Columns(Args &a) {
        Shape x = a.shape(), filter = a.shape(), y = a.shape();
        n = x[0], c = x[1], h = x[2], w = x[3], f = y[1], oh = y[2], ow = y[3];
        kh = a.whole(), kw = a.whole(), sh = a.whole(), sw = a.whole(), ph = a.whole(), pw = a.whole();
        dh = a.whole(), dw = a.whole(), groups = a.whole();
        single_threaded_blas();
        require_extents({rows(), places(), filters()});
    }
    int64_t channels() const { return c / groups; }
    int64_t rows() const { return channels() * kh * kw; }
    int64_t places() const { return oh * ow; }
    int64_t filters() const { return f / groups; }
    int64_t filter_size() const { return filters() * rows(); }
    bool worth() const { return n * f * rows() * places() / groups > (1 << 15); }

    // [channels·kh·kw, oh·ow] of one group of one image.
    template <class T> void unfold(const T *x, T *to) const {
        for (int64_t i = 0; i < rows(); i++) {
            const T *plane = x + i / (kh * kw) * h * w;
            int64_t dy = i / kw % kh * dh - ph, dx = i % kw * dw - pw;
            for (int64_t oy = 0; oy < oh; oy++) {
                T *row = to + i * places() + oy * ow;
                int64_t y = oy * sh + dy;
                for (int64_t ox = 0; ox < ow; ox++) {
                    int64_t at = ox * sw + dx;
                    row[ox] = y >= 0 && y < h && at >= 0 && at < w ? plane[y * w + at] : T(0);
                }
            }
        }
    }
    // Adds columns up into a zeroed image.
    template <class T> void fold(const T *from, T *x) const {
        for (int64_t i = 0; i < rows(); i++) {
            T *plane = x + i / (kh * kw) * h * w;
            int64_t dy = i / kw % kh * dh - ph, dx = i % kw * dw - pw;
            for (int64_t oy = 0; oy < oh; oy++) {
                const T *row = from + i * places() + oy * ow;
                int64_t y = oy * sh + dy;
                for (int64_t ox = 0; y >= 0 && y < h && ox < ow; ox++) {
                    int64_t at = ox * sw + dx;
                    if (at >= 0 && at < w) plane[y * w + at] += row[ox];
                }
            }
        }
    }
};

template <class T> struct ColumnsForward : Plan {
    Columns g;
    bool bias, relu;

    explicit ColumnsForward(Args &a) : g(a), bias(a.flag()), relu(a.flag()) {
        scratch_bytes = sizeof(T) * g.rows() * g.places() * a.device.threads;
    }
    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0), *filter = b.input<T>(1);
        each(g.n * g.groups, g.worth(), [&](int64_t i) {
            T *columns = static_cast<T *>(b.scratch) + Pool::me() * g.rows() * g.places();
            int64_t group = i % g.groups;
            g.unfold(x + i * g.channels() * g.h * g.w, columns);
            T *y = b.output<T>(0) + i * g.filters() * g.places();
            gemm(false, false, g.filters(), g.places(), g.rows(), filter + group * g.filter_size(), g.rows(), columns,
                 g.places(), T(0), y, g.places());
            for (int64_t f = 0; f < g.filters() && (bias || relu); f++) {
                T shift = bias ? b.input<T>(2)[group * g.filters() + f] : T(0);
                T *row = y + f * g.places();
                for (int64_t p = 0; p < g.places(); p++) {
                    T v = row[p] + shift;
                    row[p] = relu && v <= 0 ? T(0) : v;
                }
            }
        });
    }
};

template <class T> struct ColumnsData : Plan {
    Columns g;

    explicit ColumnsData(Args &a) : g(a) { scratch_bytes = sizeof(T) * g.rows() * g.places() * a.device.threads; }
    void run(const Buffers &b) const override {
        const T *filter = b.input<T>(0), *dy = b.input<T>(1);
        each(g.n * g.groups, g.worth(), [&](int64_t i) {
            T *columns = static_cast<T *>(b.scratch) + Pool::me() * g.rows() * g.places();
            gemm(true, false, g.rows(), g.places(), g.filters(), filter + i % g.groups * g.filter_size(), g.rows(),
                 dy + i * g.filters() * g.places(), g.places(), T(0), columns, g.places());
            T *dx = b.output<T>(0) + i * g.channels() * g.h * g.w;
            std::fill(dx, dx + g.channels() * g.h * g.w, T(0));
            g.fold(columns, dx);
        });
    }
};

template <class T> struct ColumnsFilter : Plan {
    Columns g;
    int64_t parts;

    explicit ColumnsFilter(Args &a) : g(a) {
        parts = pieces(g.n, g.f * g.rows() * g.places() / g.groups);
        scratch_bytes = sizeof(T) * (g.rows() * g.places() * a.device.threads + parts * g.groups * g.filter_size());
    }
    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0), *dy = b.input<T>(1);
        const int64_t size = g.groups * g.filter_size();
        T *sums = static_cast<T *>(b.scratch), *all = sums + parts * size;
        each(parts, g.worth(), [&](int64_t p) {
            T *columns = all + Pool::me() * g.rows() * g.places();
            const int64_t from = g.n * p / parts, to = g.n * (p + 1) / parts;
            for (int64_t i = from * g.groups; i < to * g.groups; i++) {
                g.unfold(x + i * g.channels() * g.h * g.w, columns);
                gemm(false, true, g.filters(), g.rows(), g.places(), dy + i * g.filters() * g.places(), g.places(), columns,
                     g.places(), i / g.groups == from ? T(0) : T(1), sums + p * size + i % g.groups * g.filter_size(),
                     g.rows());
            }
        });
        T *y = b.output<T>(0);
        parallel(size, 16, 1 << 15, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) y[i] = g.n == 0 ? T(0) : sums[i];
            for (int64_t p = 1; p < parts; p++)
                for (int64_t i = from; i < to; i++) y[i] += sums[p * size + i];
        });
    }
};

}  // namespace

PlanPtr columns_forward(Args &a) { return of_type<ColumnsForward>(a); }
PlanPtr columns_data(Args &a) { return of_type<ColumnsData>(a); }
PlanPtr columns_filter(Args &a) { return of_type<ColumnsFilter>(a); }

}  // namespace mocha
