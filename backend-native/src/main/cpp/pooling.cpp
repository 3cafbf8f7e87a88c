// Maximum and mean over windows, and their gradients.
#include "parallel.h"
#include "plan.h"
#include "vectors.h"
#include <limits>

namespace mocha {

namespace {

enum Kind : int64_t { MAX = 0, MEAN = 1 };
enum Divisor : int64_t { KERNEL = 0, PADDED = 1, VALID = 2 };

// The windows that an element is in.
struct Cover {
    int64_t first, count;
};

// One axis: extents of image and output, and the windows along it.
struct Axis {
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
    int64_t divisor(int64_t o, Divisor d) const {
        if (d == KERNEL) return kernel;
        return std::min(start(o) + kernel, d == PADDED ? in + pad : in) - (d == PADDED ? start(o) : std::max<int64_t>(start(o), 0));
    }
};

// What both directions know of their images. Where a maximum was is kept as its number in its window, row by row.
template <class T> struct Windows : Plan {
    Kind kind;
    bool last;  // channels last; else each channel is a plane of its own
    int64_t images, channels;
    Axis y, x;
    std::vector<T> divisors;  // of each place of the output; gradients multiply by the inverse
    bool small;               // whether a byte holds the number of a window's element

    explicit Windows(Args &a) {
        kind = static_cast<Kind>(a.whole());
        Divisor divisor = static_cast<Divisor>(a.whole());
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
    T *row_of(char *scratch) const { return reinterpret_cast<T *>(scratch) + omp_get_thread_num() * row_elements(); }
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

template <class T> struct Pooling : Windows<T> {
    bool saves;
    explicit Pooling(Args &a) : Windows<T>(a), saves(a.flag()) {
        if (saves) this->saved_bytes = this->index_bytes();
        this->scratch_bytes = this->row_bytes(a);
    }

    void run(const Buffers &b) const override {
        const T *in = b.input<T>(0);
        T *out = b.output<T>(0);
        if (this->kind == MEAN)
            means(in, out, static_cast<char *>(b.scratch));
        else if (this->small)
            this->maxima(in, out, saves ? static_cast<uint8_t *>(b.saved) : nullptr, static_cast<char *>(b.scratch));
        else
            this->maxima(in, out, saves ? static_cast<int32_t *>(b.saved) : nullptr, static_cast<char *>(b.scratch));
    }

    void means(const T *in, T *out, char *scratch) const {
        const Axis &x = this->x, &y = this->y;
        const int64_t c = this->channels;
        this->rows(y.out, this->outputs() * 4, [&](int64_t image, int64_t oy) {
            const T *from = in + image * y.in * x.in * c;
            T *to = out + (image * y.out + oy) * x.out * c;
            if (this->last)
                means_last(from, oy, to);
            else if (x.stride == 1)
                means_plain<1>(from, oy, to, this->row_of(scratch));
            else if (x.stride == 2)
                means_plain<2>(from, oy, to, this->row_of(scratch));
            else
                means_plain<0>(from, oy, to, this->row_of(scratch));
        });
    }

    void means_last(const T *image, int64_t oy, T *out) const {
        const Axis &x = this->x, &y = this->y;
        const int64_t i0 = y.low(oy), i1 = y.high(oy), c = this->channels;
        for (int64_t ox = 0; ox < x.out; ox++) {
            const int64_t j0 = x.low(ox), j1 = x.high(ox);
            const T *corner = image + (y.start(oy) * x.in + x.start(ox)) * c;
            const T divisor = this->divisors[oy * x.out + ox];
            strips<T>(c, [&](auto lanes, int64_t at) {
                using L = decltype(lanes);
                auto sum = L::splat(0);
                for (int64_t i = i0; i < i1; i++) {
                    const T *p = corner + i * x.in * c + at;
                    for (int64_t j = j0; j < j1; j++) sum += L::load(p + j * c);
                }
                L::store(out + ox * c + at, sum / divisor);
            });
        }
    }

    template <int S> void means_plain(const T *image, int64_t oy, T *__restrict out, T *__restrict sums) const {
        const Axis &x = this->x, &y = this->y;
        const int64_t stride = S ? S : x.stride;
        std::fill(sums, sums + x.in, T(0));
        for (int64_t i = y.low(oy); i < y.high(oy); i++) {
            const T *__restrict line = image + (y.start(oy) + i) * x.in;
            for (int64_t c = 0; c < x.in; c++) sums[c] += line[c];
        }
        std::fill(out, out + x.out, T(0));
        for (int64_t j = 0; j < x.kernel; j++) {
            const T *__restrict p = sums + x.start(0) + j;
            for (int64_t o = x.from(j), end = x.to(j); o < end; o++) out[o] += p[o * stride];
        }
        const T *__restrict divisor = this->divisors.data() + oy * x.out;
        for (int64_t o = 0; o < x.out; o++) out[o] /= divisor[o];
    }
};

// Reads dy and where the maxima were; where that was not saved, it is found again in x first.
template <class T> struct PoolingGradient : Windows<T> {
    bool saved;
    size_t rows_at;  // where rows of threads begin in the scratch space
    std::vector<Cover> rows_of, columns_of;  // the windows of each row and column of the image
    explicit PoolingGradient(Args &a)
        : Windows<T>(a), saved(a.flag()), rows_of(this->y.covers()), columns_of(this->x.covers()) {
        rows_at = this->kind == MAX && !saved ? (this->index_bytes() + 63) / 64 * 64 : 0;
        this->scratch_bytes = rows_at + this->row_bytes(a);
        for (T &d : this->divisors) d = T(1) / d;
    }

    void run(const Buffers &b) const override {
        if (this->small)
            run_with<uint8_t>(b);
        else
            run_with<int32_t>(b);
    }

    template <class I> void run_with(const Buffers &b) const {
        const I *where = static_cast<const I *>(saved ? b.saved : b.scratch);
        char *scratch = static_cast<char *>(b.scratch) + rows_at;
        if (this->kind == MAX && !saved) this->maxima(b.input<T>(0), nullptr, static_cast<I *>(b.scratch), scratch);
        const Axis &x = this->x, &y = this->y;
        const T *dy = b.input<T>(2);
        T *dx = b.output<T>(0);
        const int64_t c = this->channels, out = y.out * x.out * c;
        this->rows(y.in, this->images * y.in * x.in * c * 2, [&](int64_t image, int64_t iy) {
            T *to = dx + (image * y.in + iy) * x.in * c;
            if (this->last && this->kind == MAX)
                row_last<true>(iy, dy + image * out, where + image * out, to);
            else if (this->last)
                row_last<false>(iy, dy + image * out, where, to);
            else
                row_plain(iy, dy + image * out, where + (this->kind == MAX ? image * out : 0), to, this->row_of(scratch));
        });
    }

    // Gathers for each pixel what its windows give it.
    template <bool M, class I> void row_last(int64_t iy, const T *dy, const I *where, T *dx) const {
        const Axis &x = this->x, &y = this->y;
        const int64_t c = this->channels, oy = rows_of[iy].first, high = rows_of[iy].count;
        for (int64_t ix = 0; ix < x.in; ix++) {
            const int64_t ox = columns_of[ix].first, wide = columns_of[ix].count, place = oy * x.out + ox;
            const int64_t number = (iy - y.start(oy)) * x.kernel + ix - x.start(ox);
            if (high == 1 && wide == 1)
                gather<M, 1, 1>(1, 1, place, number, dy, where, dx + ix * c);
            else if (high == 1 && wide == 2)
                gather<M, 1, 2>(1, 2, place, number, dy, where, dx + ix * c);
            else if (high == 2 && wide == 1)
                gather<M, 2, 1>(2, 1, place, number, dy, where, dx + ix * c);
            else if (high == 2 && wide == 2)
                gather<M, 2, 2>(2, 2, place, number, dy, where, dx + ix * c);
            else
                gather<M, 0, 0>(high, wide, place, number, dy, where, dx + ix * c);
        }
    }

    // What high x wide windows, the first of which is at this place and has the pixel as this element, give it. H and W
    // are the same numbers if they are not 0.
    template <bool M, int H, int W, class I>
    void gather(int64_t high, int64_t wide, int64_t place, int64_t number, const T *dy, const I *where, T *dx) const {
        const int64_t c = this->channels, line = this->x.out;
        const int64_t down = this->y.stride * this->x.kernel, right = this->x.stride;
        strips<T>(c, [&](auto lanes, int64_t at) {
            using L = decltype(lanes);
            auto sum = L::splat(0);
#pragma GCC unroll 2
            for (int64_t i = 0; i < (H ? H : high); i++)
#pragma GCC unroll 2
                for (int64_t j = 0; j < (W ? W : wide); j++) {
                    const int64_t p = place + i * line + j;
                    auto d = L::load(dy + p * c + at);
                    if constexpr (M)
                        sum += L::widen(where + p * c + at) == L::splat_whole(number - i * down - j * right) ? d : L::splat(0);
                    else
                        sum += d * this->divisors[p];
                }
            L::store(dx + at, sum);
        });
    }

    // What windows give to each phase of the stride, along which they lie side by side; then the phases one after another.
    template <class I> void row_plain(int64_t iy, const T *dy, const I *where, T *__restrict dx, T *__restrict phases) const {
        const Axis &x = this->x, &y = this->y;
        const int64_t s = x.stride, length = x.out + x.kernel / s + 1;
        std::fill(phases, phases + s * length, T(0));
        const Cover rows = rows_of[iy];
        for (int64_t oy = rows.first; oy < rows.first + rows.count; oy++)
            for (int64_t j = x.kernel - 1; j >= 0; j--) {  // so that windows come in order
                const T *d = dy + oy * x.out, *inverse = this->divisors.data() + oy * x.out;
                T *to = phases + j % s * length + j / s;
                const int64_t number = (iy - y.start(oy)) * x.kernel + j;
                once<T>(x.out, [&](auto lanes, int64_t at) {
                    using L = decltype(lanes);
                    auto v = L::load(d + at);
                    if (this->kind == MAX)
                        v = L::widen(where + oy * x.out + at) == L::splat_whole(number) ? v : L::splat(0);
                    else
                        v *= L::load(inverse + at);
                    L::store(to + at, L::load(to + at) + v);
                });
            }
        if (s == 2 && x.pad == 0) {
            const int64_t pairs = std::min(x.in / 2, length);
            for (int64_t q = 0; q < pairs; q++) {
                dx[2 * q] = phases[q];
                dx[2 * q + 1] = phases[length + q];
            }
            if (2 * pairs < x.in) dx[2 * pairs] = pairs < length ? phases[pairs] : T(0);
            for (int64_t ix = 2 * pairs + 1; ix < x.in; ix++) dx[ix] = 0;
            return;
        }
        for (int64_t p = 0; p < s; p++)
            for (int64_t q = 0; q < length; q++) {
                const int64_t ix = q * s + p - x.pad;
                if (ix >= 0 && ix < x.in) dx[ix] = phases[p * length + q];
            }
        for (int64_t ix = std::max<int64_t>(0, length * s - x.pad); ix < x.in; ix++) dx[ix] = 0;
    }
};

}  // namespace

PlanPtr pooling(Args &a) { return of_type<Pooling>(a); }
PlanPtr pooling_gradient(Args &a) { return of_type<PoolingGradient>(a); }

}  // namespace mocha
