// Softmax along an axis, the loss on top of it, and their gradients.
#include "functions.h"
#include "parallel.h"
#include "plan.h"
#include <limits>

namespace mocha {

namespace {

constexpr int64_t WIDTH = 32;  // lines side by side, or elements of a line that are added up apart

// A tensor [outer, length, inner] as lines along the middle. Lines that lie side by side go together, up to WIDTH.
template <class T> struct Lines : Plan {
    int64_t outer, length, inner, groups;

    explicit Lines(Args &a) {
        outer = a.whole();
        length = a.whole();
        inner = a.whole();
        groups = (inner + WIDTH - 1) / WIDTH;
    }

    int64_t count() const { return outer * inner; }

    // Calls f(start of the first line, lines side by side, number of the first line).
    template <class F> void groups_of_lines(const F &f) const {
        const int64_t n = outer * groups;
        parallel(n, 1, n * std::min(inner, WIDTH) * length < (1 << 12) ? n + 1 : 0, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) {
                const int64_t o = i / groups, at = i % groups * WIDTH;
                f(o * length * inner + at, std::min(WIDTH, inner - at), o * inner + at);
            }
        });
    }

    // Folds the elements e = 0 ... length of each of n lines by join, starting at `start`: the results in all[0 ... n].
    // f gives an element by its place, relative to the first line, and line. The order follows from length and n.
    template <class F, class J> void fold(int64_t n, T start, T *all, const F &f, const J &join) const {
        if (inner > 1) {
            std::fill(all, all + n, start);
            for (int64_t e = 0; e < length; e++)
#pragma omp simd
                for (int64_t l = 0; l < n; l++) all[l] = join(all[l], f(e * inner + l, l));
            return;
        }
        T apart[WIDTH];
        std::fill(apart, apart + WIDTH, start);
        int64_t e = 0;
        for (; e + WIDTH <= length; e += WIDTH)
#pragma omp simd
            for (int64_t l = 0; l < WIDTH; l++) apart[l] = join(apart[l], f(e + l, 0));
#pragma omp simd
        for (int64_t l = 0; l < length - e; l++) apart[l] = join(apart[l], f(e + l, 0));
        for (int64_t half = WIDTH / 2; half > 0; half /= 2)
            for (int64_t l = 0; l < half; l++) apart[l] = join(apart[l], apart[l + half]);
        all[0] = apart[0];
    }

    // Calls f(place, line) for all elements of n lines.
    template <class F> void visit(int64_t n, const F &f) const {
        if (inner == 1) {
#pragma omp simd
            for (int64_t e = 0; e < length; e++) f(e, 0);
            return;
        }
        for (int64_t e = 0; e < length; e++)
#pragma omp simd
            for (int64_t l = 0; l < n; l++) f(e * inner + l, l);
    }

    void maxima(const T *x, int64_t n, T *max) const {
        fold(n, -std::numeric_limits<T>::infinity(), max, [x](int64_t i, int64_t) { return x[i]; },
             [](T a, T b) { return a > b ? a : b; });
    }
    static T add(T a, T b) { return a + b; }
};

template <class T> struct Softmax : Lines<T> {
    explicit Softmax(Args &a) : Lines<T>(a) {}

    void run(const Buffers &b) const override {
        this->groups_of_lines([&](int64_t at, int64_t n, int64_t) {
            const T *x = b.input<T>(0) + at;
            T *y = b.output<T>(0) + at;  // may be x
            T max[WIDTH], sum[WIDTH];
            this->maxima(x, n, max);
            this->visit(n, [=, &max](int64_t i, int64_t l) { y[i] = exponential(x[i] - max[l]); });
            this->fold(n, T(0), sum, [y](int64_t i, int64_t) { return y[i]; }, Lines<T>::add);
            this->visit(n, [=, &sum](int64_t i, int64_t l) { y[i] /= sum[l]; });
        });
    }
};

template <class T> struct SoftmaxGradient : Lines<T> {
    explicit SoftmaxGradient(Args &a) : Lines<T>(a) {}

    void run(const Buffers &b) const override {
        this->groups_of_lines([&](int64_t at, int64_t n, int64_t) {
            const T *y = b.input<T>(0) + at, *dy = b.input<T>(1) + at;
            T *dx = b.output<T>(0) + at;  // may be y or dy
            T dot[WIDTH];
            this->fold(n, T(0), dot, [=](int64_t i, int64_t) { return y[i] * dy[i]; }, Lines<T>::add);
            this->visit(n, [=, &dot](int64_t i, int64_t l) { dx[i] = y[i] * (dy[i] - dot[l]); });
        });
    }
};

// The class that a label names; -1 if it names none.
template <class T> int64_t class_of(T label, int64_t classes) {
    if (!(label >= 0 && label < static_cast<T>(classes))) return -1;
    const auto c = static_cast<int64_t>(label);
    return static_cast<T>(c) == label ? c : -1;
}

// Keeps the losses of the lines and adds them up in order.
template <class T> struct SoftmaxLoss : Lines<T> {
    explicit SoftmaxLoss(Args &a) : Lines<T>(a) {
        this->scratch_bytes = static_cast<size_t>(this->count()) * sizeof(double);
    }

    void run(const Buffers &b) const override {
        const T *labels = b.input<T>(1);
        double *losses = static_cast<double *>(b.scratch);
        this->groups_of_lines([&](int64_t at, int64_t n, int64_t line) {
            const T *x = b.input<T>(0) + at;
            T max[WIDTH], sum[WIDTH];
            this->maxima(x, n, max);
            auto power = [x, &max](int64_t i, int64_t l) { return exponential(x[i] - max[l]); };
            this->fold(n, T(0), sum, power, Lines<T>::add);
            for (int64_t l = 0; l < n; l++) {
                const int64_t c = class_of(labels[line + l], this->length);
                const double z = c < 0 ? 0 : static_cast<double>(x[c * this->inner + l]) - static_cast<double>(max[l]);
                losses[line + l] = std::log(static_cast<double>(sum[l])) - z;
            }
        });
        double total = 0;
        for (int64_t i = 0; i < this->count(); i++) {
            total += losses[i];
            if (class_of(labels[i], this->length) < 0) b.report(BAD_LABEL, i, static_cast<double>(labels[i]));
        }
        b.output<T>(0)[0] = static_cast<T>(total / static_cast<double>(this->count()));
    }
};

template <class T> struct SoftmaxLossGradient : Lines<T> {
    explicit SoftmaxLossGradient(Args &a) : Lines<T>(a) {}

    void run(const Buffers &b) const override {
        const T *labels = b.input<T>(1);
        const T scale = static_cast<T>(static_cast<double>(b.input<T>(2)[0]) / static_cast<double>(this->count()));
        this->groups_of_lines([&](int64_t at, int64_t n, int64_t line) {
            const T *x = b.input<T>(0) + at;
            T *dx = b.output<T>(0) + at;  // may be x
            T max[WIDTH], sum[WIDTH];
            this->maxima(x, n, max);
            this->visit(n, [=, &max](int64_t i, int64_t l) { dx[i] = exponential(x[i] - max[l]); });
            this->fold(n, T(0), sum, [dx](int64_t i, int64_t) { return dx[i]; }, Lines<T>::add);
            for (int64_t l = 0; l < n; l++) {
                const int64_t c = class_of(labels[line + l], this->length);
                if (c >= 0) dx[c * this->inner + l] -= sum[l];  // so that dividing takes 1 away
            }
            this->visit(n, [=, &sum](int64_t i, int64_t l) { dx[i] = dx[i] / sum[l] * scale; });
        });
    }
};

}  // namespace

PlanPtr softmax(Args &a) { return of_type<Softmax>(a); }
PlanPtr softmax_gradient(Args &a) { return of_type<SoftmaxGradient>(a); }
PlanPtr softmax_loss(Args &a) { return of_type<SoftmaxLoss>(a); }
PlanPtr softmax_loss_gradient(Args &a) { return of_type<SoftmaxLossGradient>(a); }

}  // namespace mocha
