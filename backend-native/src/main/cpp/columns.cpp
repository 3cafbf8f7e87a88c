// Windows of images as columns (im2col), and columns added up into images (col2im).
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

struct Windows {
    int64_t planes, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw;

    explicit Windows(Args &a) {
        for (int64_t *p : {&planes, &h, &w, &oh, &ow, &kh, &kw, &sh, &sw, &ph, &pw, &dh, &dw}) *p = a.whole();
    }
    // The output columns from ... to whose window's column j lies in the image.
    void inside(int64_t j, int64_t &from, int64_t &to) const {
        const int64_t first = j * dw - pw;  // of output column 0
        from = std::min(ow, first < 0 ? (-first + sw - 1) / sw : 0);
        to = first >= w ? from : std::max(from, std::min(ow, (w - 1 - first) / sw + 1));
    }
    bool worth() const { return planes * kh * kw * oh * ow >= 1 << 14; }
};

template <class T> struct Unfold : Plan {
    Windows v;
    explicit Unfold(Args &a) : v(a) {}

    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0);
        T *y = b.output<T>(0);
        const int64_t k = v.kh * v.kw;
        parallel(v.planes * k, 1, v.worth() ? 0 : INT64_MAX, [&](int64_t from, int64_t to) {
            for (int64_t u = from; u < to; u++)
                plane(x + u / k * v.h * v.w, u % k / v.kw, u % v.kw, y + u * v.oh * v.ow);
        });
    }

private:
    void plane(const T *x, int64_t i, int64_t j, T *y) const {
        int64_t from, to;
        v.inside(j, from, to);
        for (int64_t oy = 0; oy < v.oh; oy++, y += v.ow) {
            const int64_t row = oy * v.sh - v.ph + i * v.dh;
            if (row < 0 || row >= v.h) {
                std::fill_n(y, v.ow, T(0));
                continue;
            }
            const T *in = x + row * v.w + j * v.dw - v.pw;
            std::fill_n(y, from, T(0));
            if (v.sw == 1) std::copy(in + from, in + to, y + from);
            else
                for (int64_t ox = from; ox < to; ox++) y[ox] = in[ox * v.sw];
            std::fill_n(y + to, v.ow - to, T(0));
        }
    }
};

template <class T> struct Fold : Plan {
    Windows v;
    explicit Fold(Args &a) : v(a) {}

    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0);
        T *y = b.output<T>(0);
        const int64_t k = v.kh * v.kw, n = v.oh * v.ow;
        parallel(v.planes, 1, v.worth() ? 0 : INT64_MAX, [&](int64_t first, int64_t last) {
            for (int64_t p = first; p < last; p++) {
                T *image = y + p * v.h * v.w;
                std::fill_n(image, v.h * v.w, T(0));
                for (int64_t e = 0; e < k; e++) add(x + (p * k + e) * n, e / v.kw, e % v.kw, image);
            }
        });
    }

private:
    void add(const T *__restrict x, int64_t i, int64_t j, T *__restrict image) const {
        int64_t from, to;
        v.inside(j, from, to);
        for (int64_t oy = 0; oy < v.oh; oy++, x += v.ow) {
            const int64_t row = oy * v.sh - v.ph + i * v.dh;
            if (row < 0 || row >= v.h) continue;
            const int64_t at = row * v.w + j * v.dw - v.pw;
            for (int64_t ox = from; ox < to; ox++) image[at + ox * v.sw] += x[ox];
        }
    }
};

}  // namespace

PlanPtr unfold(Args &a) { return of_type<Unfold>(a); }
PlanPtr fold(Args &a) { return of_type<Fold>(a); }

}  // namespace mocha
