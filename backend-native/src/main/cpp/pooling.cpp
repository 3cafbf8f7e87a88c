// Maximum and mean over windows, and their gradients.
#include "pooling.h"

namespace mocha {

namespace {

template <class T> struct Pooling : PoolingWindows<T> {
    bool saves;
    explicit Pooling(Args &a) : PoolingWindows<T>(a), saves(a.flag()) {
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
        const PoolingAxis &x = this->x, &y = this->y;
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
        const PoolingAxis &x = this->x, &y = this->y;
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
        const PoolingAxis &x = this->x, &y = this->y;
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
template <class T> struct PoolingGradient : PoolingWindows<T> {
    bool saved;
    size_t rows_at;  // where rows of threads begin in the scratch space
    std::vector<Cover> rows_of, columns_of;  // the windows of each row and column of the image
    explicit PoolingGradient(Args &a)
        : PoolingWindows<T>(a), saved(a.flag()), rows_of(this->y.covers()), columns_of(this->x.covers()) {
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
        const PoolingAxis &x = this->x, &y = this->y;
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
                row_plain(iy, dy + image * out, this->kind == MAX ? where + image * out : nullptr, to,
                          this->row_of(scratch));
        });
    }

    // Gathers for each pixel what its windows give it.
    template <bool M, class I> void row_last(int64_t iy, const T *dy, const I *where, T *dx) const {
        const PoolingAxis &x = this->x, &y = this->y;
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
                    if constexpr (M) {
                        auto mine = L::widen(where + p * c + at) == L::splat_whole(number - i * down - j * right);
                        sum += mine ? d : L::splat(0);
                    } else {
                        sum += d * this->divisors[p];
                    }
                }
            L::store(dx + at, sum);
        });
    }

    // What windows give to each phase of the stride, along which they lie side by side; then from phases to the row.
    template <class I>
    void row_plain(int64_t iy, const T *dy, const I *where, T *__restrict dx, T *__restrict phases) const {
        const PoolingAxis &x = this->x, &y = this->y;
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
