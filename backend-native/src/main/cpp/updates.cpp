// Update rules and commits, in place, left out while the status word is set.
#include "parallel.h"
#include "plan.h"
#include <cmath>

namespace mocha {

namespace {

constexpr int64_t LEAST = 1 << 15;

// (w, gradient, h, rate, momentum) -> (w + h', h'), h' = momentum·h − rate·gradient
template <class T> struct Sgd : Plan {
    int64_t size;
    explicit Sgd(Args &a) : size(a.whole()) {}
    void run(const Buffers &b) const override {
        if (!b.clear()) return;
        const T *w = b.input<T>(0), *g = b.input<T>(1), *h = b.input<T>(2);
        const T rate = b.input<T>(3)[0], momentum = b.input<T>(4)[0];
        T *new_w = b.output<T>(0), *new_h = b.output<T>(1);
        parallel(size, 64, LEAST, [=](int64_t from, int64_t to) {
#pragma omp simd
            for (int64_t i = from; i < to; i++) {
                T v = momentum * h[i] - rate * g[i];
                new_w[i] = w[i] + v;
                new_h[i] = v;
            }
        });
    }
};

// (w, gradient, m, v, rate, c1, c2) -> (w', m', v')
template <class T> struct Adam : Plan {
    int64_t size;
    double beta1, beta2, epsilon;
    explicit Adam(Args &a) : size(a.whole()) { beta1 = a.real(), beta2 = a.real(), epsilon = a.real(); }
    void run(const Buffers &b) const override {
        if (!b.clear()) return;
        const T *w = b.input<T>(0), *g = b.input<T>(1), *m = b.input<T>(2), *v = b.input<T>(3);
        const T rate = b.input<T>(4)[0], c1 = b.input<T>(5)[0], c2 = b.input<T>(6)[0];
        const T b1 = T(beta1), b2 = T(beta2), e = T(epsilon), r1 = T(1 - beta1), r2 = T(1 - beta2);
        T *new_w = b.output<T>(0), *new_m = b.output<T>(1), *new_v = b.output<T>(2);
        parallel(size, 64, LEAST, [=](int64_t from, int64_t to) {
#pragma omp simd
            for (int64_t i = from; i < to; i++) {
                T a = b1 * m[i] + r1 * g[i];
                T q = b2 * v[i] + r2 * (g[i] * g[i]);
                new_w[i] = w[i] - rate * (c1 * a / (std::sqrt(c2 * q) + e));
                new_m[i] = a;
                new_v[i] = q;
            }
        });
    }
};

// (state, next) -> next while the status word is clear, else state
struct Commit : Plan {
    int64_t bytes;
    explicit Commit(Args &a) : bytes(a.whole()) {}
    void run(const Buffers &b) const override {
        const char *from = b.input<char>(b.clear() ? 1 : 0);
        char *to = b.output<char>(0);
        if (from == to) return;
        parallel(bytes, 4096, LEAST * 4, [=](int64_t i, int64_t end) { std::memcpy(to + i, from + i, end - i); });
    }
};

}  // namespace

PlanPtr sgd(Args &a) { return of_type<Sgd>(a); }
PlanPtr adam(Args &a) { return of_type<Adam>(a); }
PlanPtr commit(Args &a) { return std::make_unique<Commit>((a.type(), a)); }

}  // namespace mocha
