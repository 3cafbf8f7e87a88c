// Normalisation of channels by the statistics of the batch, and its gradient.
#include "parallel.h"
#include "plan.h"
#include <cmath>

namespace mocha {

namespace {

// Tensors as images of planes: [images, channels, inner]; channels last are [images · inner, channels, 1].
template <class T> struct ByChannel : Plan {
    int64_t images, channels, inner;
    double epsilon, count;
    int64_t parts;  // into which sums are cut

    explicit ByChannel(Args &a) {
        Shape s = a.shape();
        bool last = a.flag();
        epsilon = a.real();
        const int64_t places = product(s, 2, s.size());
        images = last ? s[0] * places : s[0];
        channels = s[1];
        inner = last ? 1 : places;
        count = static_cast<double>(images * inner);
        parts = pieces(images, channels * inner);
    }

    int64_t elements() const { return images * channels * inner; }
    bool small() const { return elements() < (1 << 14); }

    // Calls f(first image, last image, part).
    template <class F> void in_parts(const F &f) const {
        each(parts, !small(), [&](int64_t p) { f(images * p / parts, images * (p + 1) / parts, p); });
    }

    // Calls f(first image, last image) so that each comes once.
    template <class F> void over_images(const F &f) const { parallel(images, 1, small() ? images + 1 : 0, f); }

    // Adds g(i, c), i the place of an element of channel c, to sums[c] for all of the images. Rows are added up in T
    // and then, a few at a time, in double.
    template <class G> void add(int64_t from, int64_t to, double *sums, const G &g) const {
        constexpr int64_t width = 64, few = 32;
        if (inner == 1) {
            for (int64_t c0 = 0; c0 < channels; c0 += width) {
                const int64_t n = std::min(width, channels - c0);
                for (int64_t r0 = from; r0 < to; r0 += few) {
                    T row[width] = {};
                    for (int64_t r = r0, end = std::min(to, r0 + few); r < end; r++) {
                        const int64_t at = r * channels + c0;
#pragma omp simd
                        for (int64_t c = 0; c < n; c++) row[c] += g(at + c, c0 + c);
                    }
                    for (int64_t c = 0; c < n; c++) sums[c0 + c] += static_cast<double>(row[c]);
                }
            }
            return;
        }
        for (int64_t i = from; i < to; i++)
            for (int64_t c = 0; c < channels; c++) {
                const int64_t plane = (i * channels + c) * inner;
                for (int64_t p0 = 0; p0 < inner; p0 += width * few) {
                    T row[width] = {};
                    const int64_t end = std::min(inner, p0 + width * few);
                    int64_t p = p0;
                    for (; p + width <= end; p += width)
#pragma omp simd
                        for (int64_t l = 0; l < width; l++) row[l] += g(plane + p + l, c);
                    for (int64_t l = 0; p + l < end; l++) row[l] += g(plane + p + l, c);
                    for (T v : row) sums[c] += static_cast<double>(v);
                }
            }
    }

    // Calls h(i, c) for every element of the images.
    template <class H> void visit(int64_t from, int64_t to, const H &h) const {
        for (int64_t i = from; i < to; i++)
            if (inner == 1) {
#pragma omp simd
                for (int64_t c = 0; c < channels; c++) h(i * channels + c, c);
            } else {
                for (int64_t c = 0; c < channels; c++)
#pragma omp simd
                    for (int64_t p = 0; p < inner; p++) h((i * channels + c) * inner + p, c);
            }
    }

    // Adds the lists of all parts to the first, in order.
    void gather(double *sums, int64_t length) const {
        for (int64_t p = 1; p < parts; p++)
            for (int64_t c = 0; c < length; c++) sums[c] += sums[p * length + c];
    }
};

template <class T> struct BatchNorm : ByChannel<T> {
    explicit BatchNorm(Args &a) : ByChannel<T>(a) {
        this->scratch_bytes = static_cast<size_t>(this->parts * this->channels) * sizeof(double) +
                              static_cast<size_t>(this->channels) * sizeof(T);
    }

    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0), *scale = b.input<T>(1), *shift = b.input<T>(2);
        T *y = b.output<T>(0), *mean = b.output<T>(1), *variance = b.output<T>(2);
        const int64_t channels = this->channels;
        double *sums = static_cast<double *>(b.scratch);
        T *factor = reinterpret_cast<T *>(sums + this->parts * channels);
        total(sums, [x](int64_t i, int64_t) { return x[i]; });
        for (int64_t c = 0; c < channels; c++) mean[c] = static_cast<T>(sums[c] / this->count);
        total(sums, [x, mean](int64_t i, int64_t c) {
            T v = x[i] - mean[c];
            return v * v;
        });
        for (int64_t c = 0; c < channels; c++) {
            variance[c] = static_cast<T>(sums[c] / this->count);
            const double deviation = std::sqrt(sums[c] / this->count + this->epsilon);
            factor[c] = static_cast<T>(static_cast<double>(scale[c]) / deviation);
        }
        this->over_images([&](int64_t from, int64_t to) {
            this->visit(from, to, [=](int64_t i, int64_t c) { y[i] = (x[i] - mean[c]) * factor[c] + shift[c]; });
        });
    }

    template <class G> void total(double *sums, const G &g) const {
        this->in_parts([&](int64_t from, int64_t to, int64_t part) {
            double *own = sums + part * this->channels;
            std::fill(own, own + this->channels, 0.0);
            this->add(from, to, own, g);
        });
        this->gather(sums, this->channels);
    }
};

// dx = scale/s · (dy - (sum of dy + x' · sum of dy·x')/m) where x' = (x - mean)/s and s = sqrt(variance + epsilon).
template <class T> struct BatchNormGradient : ByChannel<T> {
    explicit BatchNormGradient(Args &a) : ByChannel<T>(a) {
        this->scratch_bytes = static_cast<size_t>(2 * this->parts * this->channels) * sizeof(double) +
                              static_cast<size_t>(3 * this->channels) * sizeof(T);
    }

    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0), *scale = b.input<T>(1), *mean = b.input<T>(2), *variance = b.input<T>(3);
        const T *dy = b.input<T>(4);
        T *dx = b.output<T>(0), *d_scale = b.output<T>(1), *d_shift = b.output<T>(2);
        const int64_t channels = this->channels;
        double *sums = static_cast<double *>(b.scratch);
        T *factor = reinterpret_cast<T *>(sums + 2 * this->parts * channels);
        T *slope = factor + channels, *base = slope + channels;
        this->in_parts([&](int64_t from, int64_t to, int64_t part) {
            double *own = sums + part * 2 * channels;
            std::fill(own, own + 2 * channels, 0.0);
            this->add(from, to, own, [dy](int64_t i, int64_t) { return dy[i]; });
            this->add(from, to, own + channels, [=](int64_t i, int64_t c) { return dy[i] * (x[i] - mean[c]); });
        });
        this->gather(sums, 2 * channels);
        for (int64_t c = 0; c < channels; c++) {
            const double inverse = 1 / std::sqrt(static_cast<double>(variance[c]) + this->epsilon);
            const double dot = sums[channels + c] * inverse;
            d_shift[c] = static_cast<T>(sums[c]);
            d_scale[c] = static_cast<T>(dot);
            factor[c] = static_cast<T>(static_cast<double>(scale[c]) * inverse);
            slope[c] = static_cast<T>(inverse * dot / this->count);
            base[c] = static_cast<T>(sums[c] / this->count);
        }
        this->over_images([&](int64_t from, int64_t to) {
            this->visit(from, to, [=](int64_t i, int64_t c) {
                dx[i] = factor[c] * (dy[i] - (base[c] + (x[i] - mean[c]) * slope[c]));
            });
        });
    }
};

}  // namespace

PlanPtr batch_norm(Args &a) { return of_type<BatchNorm>(a); }
PlanPtr batch_norm_gradient(Args &a) { return of_type<BatchNormGradient>(a); }

}  // namespace mocha
