// The gradients of a convolution's parameters where the images have few channels, without columns: with channels last the elements of
// a window's row lie side by side, so a window is a few stretches of the image itself. Stride 1, no dilation, float32.
#pragma GCC optimize("fp-contract=fast")
#include "gemm.h"
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

// A convolution cut into bands of some rows of the output, whose part of the image is copied between zeros.
struct Bands {
    static constexpr int64_t ROWS = 8;
    int64_t n, c, h, w, f, oh, ow, kh, kw, ph, pw;

    explicit Bands(Args &a) {
        a.type();
        Shape x = a.shape(), filter = a.shape(), y = a.shape();
        n = x[0], c = x[1], h = x[2], w = x[3], f = y[1], oh = y[2], ow = y[3], kh = filter[2], kw = filter[3];
        ph = a.whole(), pw = a.whole();
    }
    int64_t per_image() const { return (oh + ROWS - 1) / ROWS; }
    int64_t all() const { return n * per_image(); }
    int64_t rows(int64_t band) const { return std::min(ROWS, oh - band % per_image() * ROWS); }
    // Floats of a row between zeros: that of the last window ends with it.
    int64_t width() const { return (ow + kw - 1) * c; }
    int64_t image_size() const { return (ROWS + kh - 1) * width(); }
    int64_t taps() const { return kw * c; }
    int64_t fp() const { return lanes(f); }
    int64_t filter_size() const { return kh * taps() * fp(); }
    // Where the output of a band begins.
    int64_t output(int64_t band) const { return (band / per_image() * oh + band % per_image() * ROWS) * ow * f; }

    void copy(const float *x, int64_t band, float *to) const {
        const int64_t y0 = band % per_image() * ROWS - ph, count = rows(band) + kh - 1;
        const int64_t from = std::max<int64_t>(0, pw), end = std::min(ow + kw - 1, w + pw);
        const float *image = x + band / per_image() * h * w * c;
        for (int64_t r = 0; r < count; r++) {
            float *row = to + r * width();
            if (y0 + r < 0 || y0 + r >= h) {
                std::fill(row, row + width(), 0.0f);
                continue;
            }
            std::fill(row, row + from * c, 0.0f);
            std::copy(image + ((y0 + r) * w + from - pw) * c, image + ((y0 + r) * w + end - pw) * c, row + from * c);
            std::fill(row + end * c, row + width(), 0.0f);
        }
    }
};

// (x, dy) -> dfilter, plain, and dbias where it is asked for
struct DirectFilter : Plan {
    Bands g;
    bool bias;
    int64_t parts;

    explicit DirectFilter(Args &a) : g(a), bias(a.flag()) {
        parts = std::min<int64_t>(8, g.all());
        scratch_bytes = sizeof(float) * (parts * part_size() + own_size() * a.device.threads);
    }
    // Of the filters, then of the bias.
    int64_t part_size() const { return g.filter_size() + g.fp(); }
    int64_t own_size() const { return g.image_size() + Bands::ROWS * g.ow * g.fp(); }

    void run(const Buffers &b) const override {
        const float *x = b.input<float>(0), *dy = b.input<float>(1);
        float *sums = static_cast<float *>(b.scratch), *own = sums + parts * part_size();
        const int64_t fp = g.fp();
        each(parts, true, [&](int64_t part) {
            float *image = own + Pool::me() * own_size(), *padded = image + g.image_size();
            float *sum = sums + part * part_size(), *sum_of_bias = sum + g.filter_size();
            std::fill(sum, sum + part_size(), 0.0f);
            for (int64_t band = g.all() * part / parts; band < g.all() * (part + 1) / parts; band++) {
                g.copy(x, band, image);
                const float *d = dy + g.output(band);
                const int64_t rows = g.rows(band), places = rows * g.ow;
                if (fp != g.f) d = pad(d, places, padded);
                for (int64_t i = 0; i < g.kh; i++)
                    multiply<true>(g.taps(), fp, Left{image + i * g.width(), 1, g.c, g.ow, rows, g.width()}, d, fp,
                                   sum + i * g.taps() * fp, fp);
                if (bias) add(d, places, sum_of_bias);
            }
        });
        finish(sums, b);
    }
    const float *pad(const float *from, int64_t places, float *to) const {
        const int64_t fp = g.fp();
        for (int64_t p = 0; p < places; p++) {
            int64_t k = 0;
            for (; k + LANES <= g.f; k += LANES) store(to + p * fp + k, load(from + p * g.f + k));
            if (k < g.f) store(to + p * fp + k, load(from + p * g.f + k, g.f - k));
        }
        return to;
    }
    void add(const float *d, int64_t places, float *sum) const {
        for (int64_t k = 0; k < g.fp(); k += LANES) {
            Vector s[4] = {load(sum + k), Vector{}, Vector{}, Vector{}};
            for (int64_t p = 0; p < places; p++) s[p % 4] += load(d + p * g.fp() + k);
            store(sum + k, (s[0] + s[1]) + (s[2] + s[3]));
        }
    }
    void finish(float *sums, const Buffers &b) const {
        for (int64_t part = 1; part < parts; part++)
            for (int64_t i = 0; i < part_size(); i++) sums[i] += sums[part * part_size() + i];
        float *filter = b.output<float>(0);
        for (int64_t f = 0; f < g.f; f++)
            for (int64_t i = 0; i < g.kh; i++)
                for (int64_t t = 0; t < g.taps(); t++)
                    filter[((f * g.c + t % g.c) * g.kh + i) * g.kw + t / g.c] = sums[(i * g.taps() + t) * g.fp() + f];
        if (bias) std::copy(sums + g.filter_size(), sums + g.filter_size() + g.f, b.output<float>(1));
    }
};

}  // namespace

PlanPtr direct_filter(Args &a) { return std::make_unique<DirectFilter>(a); }

}  // namespace mocha
