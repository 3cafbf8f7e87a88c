// A vector added along one axis; and casts.
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

constexpr int64_t BLOCK = 1024;

// x [outer, length, inner] + b [length].
template <class T> struct Bias : Plan {
    int64_t outer, length, inner;
    explicit Bias(Args &a) {
        outer = a.whole();
        length = a.whole();
        inner = a.whole();
    }
    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0), *v = b.input<T>(1);
        T *y = b.output<T>(0);
        const int64_t least = outer * length * inner < (1 << 14) ? INT64_MAX : 0;
        if (inner == 1 && length <= BLOCK / 2) {
            parallel(outer, 1, least, [&](int64_t from, int64_t to) { narrow(x, v, y, from, to); });
        } else if (inner == 1) {
            parallel(outer, 1, least, [&](int64_t from, int64_t to) {
                for (int64_t r = from; r < to; r++) add(x + r * length, v, y + r * length, length);
            });
        } else {
            parallel(outer * length, 1, least, [&](int64_t from, int64_t to) {
                for (int64_t r = from; r < to; r++) add(x + r * inner, v[r % length], y + r * inner);
            });
        }
    }

private:
    // Rows from ... to, several at a time against as many copies of the vector, so that short rows fill vectors.
    void narrow(const T *x, const T *v, T *y, int64_t from, int64_t to) const {
        T copies[BLOCK];
        const int64_t rows = BLOCK / length;
        for (int64_t r = 0; r < std::min(rows, to - from); r++) std::copy_n(v, length, copies + r * length);
        for (int64_t r = from; r < to; r += rows)
            add(x + r * length, copies, y + r * length, std::min(rows, to - r) * length);
    }
    // y may be x.
    static void add(const T *x, const T *v, T *y, int64_t n) {
#pragma GCC ivdep
        for (int64_t i = 0; i < n; i++) y[i] = x[i] + v[i];
    }
    void add(const T *x, T v, T *y) const {
#pragma GCC ivdep
        for (int64_t i = 0; i < inner; i++) y[i] = x[i] + v;
    }
};

template <class To, class From> struct CastPlan : Plan {
    int64_t n;
    explicit CastPlan(int64_t n) : n(n) {}
    void run(const Buffers &b) const override {
        const From *__restrict x = b.input<From>(0);
        To *__restrict y = b.output<To>(0);
        parallel(n, 64, 1 << 14, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) y[i] = static_cast<To>(x[i]);
        });
    }
};

template <class To> PlanPtr cast_to(Type from, int64_t n) {
    switch (from) {
    case Type::f32: return std::make_unique<CastPlan<To, float>>(n);
    case Type::f64: return std::make_unique<CastPlan<To, double>>(n);
    default: throw Error("cast: float32 or float64 expected");
    }
}

}  // namespace

PlanPtr bias(Args &a) { return of_type<Bias>(a); }

PlanPtr cast(Args &a) {
    Type to = a.type(), from = a.type();
    int64_t n = a.whole();
    if (to == Type::f32) return cast_to<float>(from, n);
    if (to == Type::f64) return cast_to<double>(from, n);
    throw Error("cast: float32 or float64 expected");
}

}  // namespace mocha
