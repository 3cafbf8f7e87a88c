// What pooling and its gradient share: windows along the axes of images, and where their maxima are.
#pragma once
#include "parallel.h"
#include "plan.h"
#include "lanes.h"
#include <limits>

namespace mocha {

enum PoolingKind : int64_t { MAX = 0, MEAN = 1 };
enum PoolingDivisor : int64_t { KERNEL = 0, PADDED = 1, VALID = 2 };

// The windows that an element is in.
struct Cover {
    int64_t first, count;
};

// One axis: extents of image and output, and the windows along it.
struct PoolingAxis {
    int64_t in, out, kernel, stride, pad;

    int64_t start(int64_t o) const { return o * stride - pad; }
    // The elements of window o that are in the image, counted from the window's start.
    int64_t low(int64_t o) const { return std::max<int64_t>(0, -start(o)); }
    int64_t high(int64_t o) const { return std::min(kernel, in - start(o)); }
    std::vector<Cover> covers() const {
        std::vector<Cover> all;
        for (int64_t i = 0; i < in; i++) {
            int64_t first = std::max<int64_t>(0, (i + pad - kernel + stride) / stride);
            all.push_back({first, std::max<int64_t>(0, std::min(out, (i + pad) / stride + 1) - first)});
        }
        return all;
    }
    // The windows whose element k is in the image.
    int64_t from(int64_t k) const { return k >= pad ? 0 : (pad - k + stride - 1) / stride; }
    int64_t to(int64_t k) const {
        int64_t room = in - 1 + pad - k;
        return room < 0 ? 0 : std::min(out, room / stride + 1);
    }
    // What a mean counts along this axis.
    int64_t divisor(int64_t o, PoolingDivisor d) const {
        if (d == KERNEL) return kernel;
        if (d == PADDED) return std::min(kernel, in + pad - start(o));
        return high(o) - low(o);
    }
};

// What both directions know of their images. Where a maximum was is kept as its number in its window, row by row.
template <class T> struct PoolingWindows : Plan {
    PoolingKind kind;
    bool last;  // channels last; else each channel is a plane of its own
    int64_t images, channels;
    PoolingAxis y, x;
    std::vector<T> divisors;  // of each place of the output; gradients multiply by the inverse
    bool small;               // whether a byte holds the number of a window's element

    explicit PoolingWindows(Args &a) {
        kind = static_cast<PoolingKind>(a.whole());
        PoolingDivisor divisor = static_cast<PoolingDivisor>(a.whole());
        last = a.flag();
        Shape in = a.shape(), out = a.shape();
        int64_t window[8];
        for (int64_t &i : window) i = a.whole();
        y = {in[2], out[2], window[0], window[2], window[4]};
        x = {in[3], out[3], window[1], window[3], window[5]};
        images = last ? in[0] : in[0] * in[1];
        channels = last ? in[1] : 1;
        small = y.kernel * x.kernel <= 256;
        if (kind == MEAN)
            for (int64_t i = 0; i < y.out; i++)
                for (int64_t j = 0; j < x.out; j++)
                    divisors.push_back(static_cast<T>(y.divisor(i, divisor) * x.divisor(j, divisor)));
    }

    using Whole = typename Lanes<T, 1>::Whole;

    // Elements of scratch that a thread needs for a row of a plane.
    int64_t row_elements() const { return last ? 0 : 2 * (x.in + x.out + x.kernel + x.stride); }
    T *row_of(char *scratch) const { return reinterpret_cast<T *>(scratch) + Pool::me() * row_elements(); }
    size_t row_bytes(const Args &a) const { return static_cast<size_t>(row_elements() * a.device.threads) * sizeof(T); }

    int64_t outputs() const { return images * y.out * x.out * channels; }
    size_t index_bytes() const { return static_cast<size_t>(outputs()) * (small ? 1 : 4); }

    // Calls f(image, row) for rows of all images.
    template <class F> void rows(int64_t height, int64_t work, const F &f) const {
        int64_t n = images * height;
        parallel(n, 1, work < (1 << 14) ? n + 1 : 0, [&](int64_t from, int64_t to) {
            for (int64_t r = from; r < to; r++) f(r / height, r % height);
        });
    }

    // Where the maxima are, and if y is there, the maxima themselves.
    template <class I> void maxima(const T *in, T *out, I *where, char *scratch) const {
        int64_t row = x.out * channels;
        rows(y.out, outputs() * 4, [&](int64_t image, int64_t oy) {
            const T *from = in + image * y.in * x.in * channels;
            int64_t at = (image * y.out + oy) * row;
            T *to = out ? out + at : nullptr;
            I *index = where ? where + at : nullptr;
            if (last)
                maxima_last(from, oy, to, index);
            else if (x.stride == 1)
                maxima_plain<1>(from, oy, to, index, row_of(scratch));
            else if (x.stride == 2)
                maxima_plain<2>(from, oy, to, index, row_of(scratch));
            else
                maxima_plain<0>(from, oy, to, index, row_of(scratch));
        });
    }

    template <class I> void maxima_last(const T *image, int64_t oy, T *out, I *where) const {
        const int64_t i0 = y.low(oy), i1 = y.high(oy), c = channels;
        for (int64_t ox = 0; ox < x.out; ox++) {
            const int64_t j0 = x.low(ox), j1 = x.high(ox);
            const T *corner = image + (y.start(oy) * x.in + x.start(ox)) * c;
            T *to = out ? out + ox * c : nullptr;
            I *index = where ? where + ox * c : nullptr;
            const bool whole = i1 - i0 == y.kernel && j1 - j0 == x.kernel && y.kernel == x.kernel;
            if (j0 >= j1 || i0 >= i1)
                nothing(c, to, index);
            else if (whole && x.kernel == 3)
                window<3>(corner, 0, 3, 0, 3, to, index);
            else if (whole && x.kernel == 2)
                window<2>(corner, 0, 2, 0, 2, to, index);
            else
                window<0>(corner, i0, i1, j0, j1, to, index);
        }
    }

    // One window of all channels: rows i0 ... i1, columns j0 ... j1; all of K x K if K is not 0.
    template <int K, class I>
    void window(const T *corner, int64_t i0, int64_t i1, int64_t j0, int64_t j1, T *out, I *where) const {
        const int64_t c = channels, line = x.in * c;
        strips<T>(c, [&](auto lanes, int64_t at) {
            using L = decltype(lanes);
            auto best = L::load(corner + i0 * line + j0 * c + at);
            auto best_at = L::splat_whole(i0 * x.kernel + j0);
            auto meet = [&](const T *p, int64_t number) {
                auto v = L::load(p);
                auto better = (v == v) & ~(v <= best);
                best = better ? v : best;
                best_at = better ? L::splat_whole(number) : best_at;
            };
            if constexpr (K > 0) {
#pragma GCC unroll 4
                for (int i = 0; i < K; i++)
#pragma GCC unroll 4
                    for (int j = i == 0; j < K; j++) meet(corner + i * line + j * c + at, i * K + j);
            } else {
                for (int64_t i = i0; i < i1; i++)
                    for (int64_t j = j0; j < j1; j++) meet(corner + i * line + j * c + at, i * x.kernel + j);
            }
            if (out) L::store(out + at, best);
            if (where) L::narrow(where + at, best_at);
        });
    }

    template <class I> static void nothing(int64_t n, T *out, I *where) {
        if (out) std::fill(out, out + n, std::numeric_limits<T>::quiet_NaN());
        if (where) std::fill(where, where + n, I(0));
    }

    // One row of a plane: the maxima of its columns first, then of windows along them. S is the stride if it is known.
    template <int S, class I> void maxima_plain(const T *image, int64_t oy, T *out, I *where, T *columns) const {
        constexpr Whole none = std::numeric_limits<Whole>::max();
        const int64_t stride = S ? S : x.stride, i0 = y.low(oy), i1 = y.high(oy);
        T *__restrict high = columns, *__restrict best = high + x.in;
        Whole *__restrict high_at = reinterpret_cast<Whole *>(best + x.out), *__restrict best_at = high_at + x.in;
        const T *__restrict line = image + (y.start(oy) + i0) * x.in;
        for (int64_t c = 0; c < x.in; c++) {
            high[c] = i0 < i1 ? line[c] : std::numeric_limits<T>::quiet_NaN();
            high_at[c] = static_cast<Whole>(i0 * x.kernel);
        }
        for (int64_t i = i0 + 1; i < i1; i++) {
            line += x.in;
            const Whole number = static_cast<Whole>(i * x.kernel);
            for (int64_t c = 0; c < x.in; c++) {
                const T v = line[c];
                const bool better = (v == v) & !(v <= high[c]);
                high[c] = better ? v : high[c];
                high_at[c] = better ? number : high_at[c];
            }
        }
        std::fill(best, best + x.out, std::numeric_limits<T>::quiet_NaN());
        std::fill(best_at, best_at + x.out, none);
        for (int64_t j = 0; j < x.kernel; j++) {
            const T *__restrict p = high + x.start(0) + j;
            const Whole *__restrict p_at = high_at + x.start(0) + j;
            for (int64_t o = x.from(j), end = x.to(j); o < end; o++) {
                const T v = p[o * stride];
                const Whole number = p_at[o * stride] + static_cast<Whole>(j);
                const bool better = (v == v) & ((!(v <= best[o])) | ((v == best[o]) & (number < best_at[o])));
                best[o] = better ? v : best[o];
                best_at[o] = better ? number : best_at[o];
            }
        }
        if (out) std::copy(best, best + x.out, out);
        if (where)
            for (int64_t o = 0; o < x.out; o++)
                where[o] = static_cast<I>(best_at[o] == none ? i0 * x.kernel + x.low(o) : best_at[o]);
    }
};

}  // namespace mocha
