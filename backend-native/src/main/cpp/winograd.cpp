// Convolution and its gradients with kernels 3x3 and 5x5, stride 1, by Winograd's short filters: a tile of 6x6 or 8x8 places is
// transformed, multiplied point by point (a matrix product over the channels for each of the 36 or 64 points), and transformed back
// to 4x4 places. That takes 4 or 6.25 times fewer multiplications than the sums as they are defined, and loses two to three bits;
// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016. Images with channels last, float32.
#pragma GCC optimize("fp-contract=fast")
#include "gemm.h"
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

// Places that a tile gives, along an axis.
constexpr int M = 4;

// The transforms along an axis, each of a column of vectors: B' of the input, G of the filter, A' of the output, and their adjoints.
template <int R> struct Transforms;

// Points 0, 1, -1, 2, -2, infinity.
template <> struct Transforms<3> {
    static constexpr int POINTS = 6;

    static void input(const Vector *d, int from, Vector *v, int to) {
        const Vector d0 = d[0], d1 = d[from], d2 = d[2 * from], d3 = d[3 * from], d4 = d[4 * from], d5 = d[5 * from];
        const Vector a = d4 - 4.0f * d2, b = d3 - 4.0f * d1, c = d4 - d2, e = 2.0f * (d3 - d1);
        v[0] = 4.0f * d0 - 5.0f * d2 + d4;
        v[to] = a + b;
        v[2 * to] = a - b;
        v[3 * to] = c + e;
        v[4 * to] = c - e;
        v[5 * to] = 4.0f * d1 - 5.0f * d3 + d5;
    }
    static void input_adjoint(const Vector *v, int from, Vector *d, int to) {
        const Vector s1 = v[from] + v[2 * from], d1 = v[from] - v[2 * from];
        const Vector s2 = v[3 * from] + v[4 * from], d2 = v[3 * from] - v[4 * from];
        const Vector v0 = v[0], v5 = v[5 * from];
        d[0] = 4.0f * v0;
        d[to] = 4.0f * (v5 - d1) - 2.0f * d2;
        d[2 * to] = -5.0f * v0 - 4.0f * s1 - s2;
        d[3 * to] = d1 + 2.0f * d2 - 5.0f * v5;
        d[4 * to] = v0 + s1 + s2;
        d[5 * to] = v5;
    }
    static void filter(const Vector *g, int from, Vector *u, int to) {
        const Vector g0 = g[0], g1 = g[from], g2 = g[2 * from];
        const Vector e1 = (-1.0f / 6) * (g0 + g2), o1 = (-1.0f / 6) * g1;
        const Vector e2 = (1.0f / 24) * (g0 + 4.0f * g2), o2 = (1.0f / 12) * g1;
        u[0] = 0.25f * g0;
        u[to] = e1 + o1;
        u[2 * to] = e1 - o1;
        u[3 * to] = e2 + o2;
        u[4 * to] = e2 - o2;
        u[5 * to] = g2;
    }
    static void filter_adjoint(const Vector *u, int from, Vector *g, int to) {
        const Vector s1 = (-1.0f / 6) * (u[from] + u[2 * from]), d1 = (-1.0f / 6) * (u[from] - u[2 * from]);
        const Vector s2 = (1.0f / 24) * (u[3 * from] + u[4 * from]), d2 = (1.0f / 24) * (u[3 * from] - u[4 * from]);
        g[0] = 0.25f * u[0] + s1 + s2;
        g[to] = d1 + 2.0f * d2;
        g[2 * to] = s1 + 4.0f * s2 + u[5 * from];
    }
    static void output(const Vector *m, int from, Vector *y, int to) {
        const Vector s1 = m[from] + m[2 * from], d1 = m[from] - m[2 * from];
        const Vector s2 = m[3 * from] + m[4 * from], d2 = m[3 * from] - m[4 * from];
        y[0] = m[0] + s1 + s2;
        y[to] = d1 + 2.0f * d2;
        y[2 * to] = s1 + 4.0f * s2;
        y[3 * to] = d1 + 8.0f * d2 + m[5 * from];
    }
    static void output_adjoint(const Vector *y, int from, Vector *m, int to) {
        const Vector y0 = y[0], y1 = y[from], y2 = y[2 * from], y3 = y[3 * from];
        const Vector e1 = y0 + y2, o1 = y1 + y3, e2 = y0 + 4.0f * y2, o2 = 2.0f * y1 + 8.0f * y3;
        m[0] = y0;
        m[to] = e1 + o1;
        m[2 * to] = e1 - o1;
        m[3 * to] = e2 + o2;
        m[4 * to] = e2 - o2;
        m[5 * to] = y3;
    }
};

// Points 0, 1, -1, 2, -2, 1/2, -1/2, infinity.
template <> struct Transforms<5> {
    static constexpr int POINTS = 8;

    static void input(const Vector *d, int from, Vector *v, int to) {
        const Vector d1 = d[from], d2 = d[2 * from], d3 = d[3 * from], d4 = d[4 * from], d5 = d[5 * from], d6 = d[6 * from];
        const Vector e1 = d2 - 4.25f * d4 + d6, o1 = d1 - 4.25f * d3 + d5;
        const Vector e2 = 0.25f * d2 - 1.25f * d4 + d6, o2 = 0.5f * d1 - 2.5f * d3 + 2.0f * d5;
        const Vector e3 = 4.0f * d2 - 5.0f * d4 + d6, o3 = 2.0f * d1 - 2.5f * d3 + 0.5f * d5;
        v[0] = d[0] - d6 + 5.25f * (d4 - d2);
        v[to] = e1 + o1;
        v[2 * to] = e1 - o1;
        v[3 * to] = e2 + o2;
        v[4 * to] = e2 - o2;
        v[5 * to] = e3 + o3;
        v[6 * to] = e3 - o3;
        v[7 * to] = d[7 * from] - d1 + 5.25f * (d3 - d5);
    }
    static void input_adjoint(const Vector *v, int from, Vector *d, int to) {
        const Vector s1 = v[from] + v[2 * from], d1 = v[from] - v[2 * from];
        const Vector s2 = v[3 * from] + v[4 * from], d2 = v[3 * from] - v[4 * from];
        const Vector s3 = v[5 * from] + v[6 * from], d3 = v[5 * from] - v[6 * from];
        const Vector v0 = v[0], v7 = v[7 * from];
        d[0] = v0;
        d[to] = d1 + 0.5f * d2 + 2.0f * d3 - v7;
        d[2 * to] = s1 + 0.25f * s2 + 4.0f * s3 - 5.25f * v0;
        d[3 * to] = 5.25f * v7 - 4.25f * d1 - 2.5f * (d2 + d3);
        d[4 * to] = 5.25f * v0 - 4.25f * s1 - 1.25f * s2 - 5.0f * s3;
        d[5 * to] = d1 + 2.0f * d2 + 0.5f * d3 - 5.25f * v7;
        d[6 * to] = s1 + s2 + s3 - v0;
        d[7 * to] = v7;
    }
    static void filter(const Vector *g, int from, Vector *u, int to) {
        const Vector g0 = g[0], g1 = g[from], g2 = g[2 * from], g3 = g[3 * from], g4 = g[4 * from];
        const Vector e1 = (-2.0f / 9) * (g0 + g2 + g4), o1 = (-2.0f / 9) * (g1 + g3);
        const Vector e2 = (1.0f / 90) * (g0 + 4.0f * g2 + 16.0f * g4), o2 = (1.0f / 45) * (g1 + 4.0f * g3);
        const Vector e3 = (32.0f / 45) * (g0 + 0.25f * g2 + 0.0625f * g4), o3 = (16.0f / 45) * (g1 + 0.25f * g3);
        u[0] = g0;
        u[to] = e1 + o1;
        u[2 * to] = e1 - o1;
        u[3 * to] = e2 + o2;
        u[4 * to] = e2 - o2;
        u[5 * to] = e3 + o3;
        u[6 * to] = e3 - o3;
        u[7 * to] = g4;
    }
    static void filter_adjoint(const Vector *u, int from, Vector *g, int to) {
        const Vector s1 = (-2.0f / 9) * (u[from] + u[2 * from]), d1 = (-2.0f / 9) * (u[from] - u[2 * from]);
        const Vector s2 = (1.0f / 90) * (u[3 * from] + u[4 * from]), d2 = (1.0f / 90) * (u[3 * from] - u[4 * from]);
        const Vector s3 = (32.0f / 45) * (u[5 * from] + u[6 * from]), d3 = (32.0f / 45) * (u[5 * from] - u[6 * from]);
        g[0] = u[0] + s1 + s2 + s3;
        g[to] = d1 + 2.0f * d2 + 0.5f * d3;
        g[2 * to] = s1 + 4.0f * s2 + 0.25f * s3;
        g[3 * to] = d1 + 8.0f * d2 + 0.125f * d3;
        g[4 * to] = s1 + 16.0f * s2 + 0.0625f * s3 + u[7 * from];
    }
    static void output(const Vector *m, int from, Vector *y, int to) {
        const Vector s1 = m[from] + m[2 * from], d1 = m[from] - m[2 * from];
        const Vector s2 = m[3 * from] + m[4 * from], d2 = m[3 * from] - m[4 * from];
        const Vector s3 = m[5 * from] + m[6 * from], d3 = m[5 * from] - m[6 * from];
        y[0] = m[0] + s1 + s2 + s3;
        y[to] = d1 + 2.0f * d2 + 0.5f * d3;
        y[2 * to] = s1 + 4.0f * s2 + 0.25f * s3;
        y[3 * to] = d1 + 8.0f * d2 + 0.125f * d3 + m[7 * from];
    }
    static void output_adjoint(const Vector *y, int from, Vector *m, int to) {
        const Vector y0 = y[0], y1 = y[from], y2 = y[2 * from], y3 = y[3 * from];
        const Vector e1 = y0 + y2, o1 = y1 + y3, e2 = y0 + 4.0f * y2, o2 = 2.0f * y1 + 8.0f * y3;
        const Vector e3 = y0 + 0.25f * y2, o3 = 0.5f * y1 + 0.125f * y3;
        m[0] = y0;
        m[to] = e1 + o1;
        m[2 * to] = e1 - o1;
        m[3 * to] = e2 + o2;
        m[4 * to] = e2 - o2;
        m[5 * to] = e3 + o3;
        m[6 * to] = e3 - o3;
        m[7 * to] = y3;
    }
};

// One convolution: images [n, h, w, c], output [n, oh, ow, f], R taps, pad before.
template <int R> struct Tiles {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    int64_t n, c, h, w, f, oh, ow, ph, pw;
    int64_t ty, tx, per_image, block, blocks;

    void cut() {
        ty = (oh + M - 1) / M, tx = (ow + M - 1) / M;
        per_image = ty * tx;
        // Blocks of tiles, of several images where they are small, whose transforms fit into half of the second-level cache.
        int64_t bytes = static_cast<int64_t>(sizeof(float)) * ALL * (lanes(c) + lanes(f));
        block = std::max<int64_t>(12, std::min<int64_t>(all(), (480 << 10) / bytes));
        blocks = (all() + block - 1) / block;
        block = (all() + blocks - 1) / blocks;
    }
    int64_t all() const { return n * per_image; }
    // From point to point; never a multiple of 4 KB, or all points of a tile would fall into one set of the first-level cache.
    int64_t input_plane() const { return block * lanes(c) + LANES; }
    int64_t output_plane() const { return block * lanes(f) + LANES; }
    int64_t input_size() const { return ALL * input_plane(); }
    int64_t output_size() const { return ALL * output_plane(); }

    // v [points][tiles][lanes(c)] of the tiles first ... first + count.
    void transform_input(const float *images, int64_t first, int64_t count, float *v) const {
        const int64_t cp = lanes(c), plane = input_plane();
        for (int64_t t = 0; t < count; t++) {
            const int64_t in = (first + t) % per_image, y0 = in / tx * M - ph, x0 = in % tx * M - pw;
            const float *image = images + (first + t) / per_image * h * w * c;
            const bool inside = y0 >= 0 && x0 >= 0 && y0 + POINTS <= h && x0 + POINTS <= w;
            for (int64_t k = 0; k < c; k += LANES) {
                const int64_t some = std::min<int64_t>(LANES, c - k);
                Vector d[ALL], e[ALL];
                for (int i = 0; i < POINTS; i++)
                    for (int j = 0; j < POINTS; j++) {
                        const int64_t y = y0 + i, x = x0 + j;
                        const float *p = image + (y * w + x) * c + k;
                        const bool there = inside || (y >= 0 && y < h && x >= 0 && x < w);
                        d[i * POINTS + j] = !there ? Vector{} : some == LANES ? load(p) : load(p, some);
                    }
                for (int j = 0; j < POINTS; j++) T::input(d + j, POINTS, e + j, POINTS);
                for (int i = 0; i < POINTS; i++) T::input(e + i * POINTS, 1, d + i * POINTS, 1);
                float *to = v + t * cp + k;
                for (int p = 0; p < ALL; p++) store(to + p * plane, d[p]);
            }
        }
    }

    // From m [points][tiles][lanes(f)] to the output.
    void transform_output(const float *m, int64_t first, int64_t count, const float *bias, bool relu, float *images) const {
        const int64_t fp = lanes(f), plane = output_plane();
        for (int64_t t = 0; t < count; t++) {
            const int64_t in = (first + t) % per_image, y0 = in / tx * M, x0 = in % tx * M;
            float *image = images + (first + t) / per_image * oh * ow * f;
            for (int64_t k = 0; k < f; k += LANES) {
                const int64_t some = std::min<int64_t>(LANES, f - k);
                Vector d[ALL], e[M * POINTS], y[M * M];
                const float *from = m + t * fp + k;
                for (int p = 0; p < ALL; p++) d[p] = load(from + p * plane);
                for (int j = 0; j < POINTS; j++) T::output(d + j, POINTS, e + j, POINTS);
                for (int i = 0; i < M; i++) T::output(e + i * POINTS, 1, y + i * M, 1);
                const Vector shift = !bias ? Vector{} : some == LANES ? load(bias + k) : load(bias + k, some);
                for (int i = 0; i < M && y0 + i < oh; i++)
                    for (int j = 0; j < M && x0 + j < ow; j++) {
                        Vector z = y[i * M + j] + shift;
                        if (relu) z = z <= 0.0f ? Vector{} : z;
                        float *to = image + ((y0 + i) * ow + x0 + j) * f + k;
                        if (some == LANES)
                            store(to, z);
                        else
                            store(to, z, some);
                    }
            }
        }
    }

    // z [points][tiles][lanes(f)] from the gradient of the output, which is added up for the bias where there is one.
    void transform_gradient(const float *images, int64_t first, int64_t count, float *z, float *bias) const {
        const int64_t fp = lanes(f), plane = output_plane();
        for (int64_t t = 0; t < count; t++) {
            const int64_t in = (first + t) % per_image, y0 = in / tx * M, x0 = in % tx * M;
            const float *image = images + (first + t) / per_image * oh * ow * f;
            for (int64_t k = 0; k < f; k += LANES) {
                const int64_t some = std::min<int64_t>(LANES, f - k);
                Vector y[M * M], e[POINTS * M], d[ALL];
                for (int i = 0; i < M; i++)
                    for (int j = 0; j < M; j++) {
                        const float *p = image + ((y0 + i) * ow + x0 + j) * f + k;
                        const bool there = y0 + i < oh && x0 + j < ow;
                        y[i * M + j] = !there ? Vector{} : some == LANES ? load(p) : load(p, some);
                    }
                if (bias) {
                    Vector sum = load(bias + k);
                    for (int i = 0; i < M * M; i++) sum += y[i];
                    store(bias + k, sum);
                }
                for (int j = 0; j < M; j++) T::output_adjoint(y + j, M, e + j, M);
                for (int i = 0; i < POINTS; i++) T::output_adjoint(e + i * M, 1, d + i * POINTS, 1);
                float *to = z + t * fp + k;
                for (int p = 0; p < ALL; p++) store(to + p * plane, d[p]);
            }
        }
    }

    // Adds m [points][tiles][lanes(c)] to the gradient of the images, which overlapping tiles share.
    void add_input(const float *m, int64_t first, int64_t count, float *images) const {
        const int64_t cp = lanes(c), plane = input_plane();
        for (int64_t t = 0; t < count; t++) {
            const int64_t in = (first + t) % per_image, y0 = in / tx * M - ph, x0 = in % tx * M - pw;
            float *image = images + (first + t) / per_image * h * w * c;
            for (int64_t k = 0; k < c; k += LANES) {
                const int64_t some = std::min<int64_t>(LANES, c - k);
                Vector d[ALL], e[ALL];
                const float *from = m + t * cp + k;
                for (int p = 0; p < ALL; p++) d[p] = load(from + p * plane);
                for (int j = 0; j < POINTS; j++) T::input_adjoint(d + j, POINTS, e + j, POINTS);
                for (int i = 0; i < POINTS; i++) T::input_adjoint(e + i * POINTS, 1, d + i * POINTS, 1);
                for (int64_t i = std::max<int64_t>(0, -y0); i < POINTS && y0 + i < h; i++)
                    for (int64_t j = std::max<int64_t>(0, -x0); j < POINTS && x0 + j < w; j++) {
                        float *to = image + ((y0 + i) * w + x0 + j) * c + k;
                        if (some == LANES)
                            store(to, load(to) + d[i * POINTS + j]);
                        else
                            store(to, load(to, some) + d[i * POINTS + j], some);
                    }
            }
        }
    }
};

// Reads what Java writes: shapes of images, filters and output, pad before.
template <int R> Tiles<R> tiles(Args &a) {
    Shape x = a.shape(), filter = a.shape(), y = a.shape();
    Tiles<R> t;
    t.n = x[0], t.c = x[1], t.h = x[2], t.w = x[3], t.f = y[1], t.oh = y[2], t.ow = y[3];
    t.ph = a.whole(), t.pw = a.whole();
    t.cut();
    return t;
}

// (x, transformed filters [points][c][lanes(f)], bias) -> y
template <int R> struct WinogradForward : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    Tiles<R> t;
    bool bias, relu;

    explicit WinogradForward(Args &a) : t(tiles<R>(a)), bias(a.flag()), relu(a.flag()) {
        scratch_bytes = sizeof(float) * (t.input_size() + t.output_size()) * a.device.threads;
        chosen.resize(1);
        chosen[0].elements = ALL * t.c * lanes(t.f);  // of the transformed filters
    }
    void run(const Buffers &b) const override {
        const float *x = b.input<float>(0), *u = b.input<float>(1), *shift = bias ? b.input<float>(2) : nullptr;
        const int64_t cp = lanes(t.c), fp = lanes(t.f);
        each(t.blocks, true, [&](int64_t i) {
            float *v = static_cast<float *>(b.scratch) + omp_get_thread_num() * (t.input_size() + t.output_size());
            float *m = v + t.input_size();
            const int64_t first = i * t.block, count = std::min(t.block, t.all() - first);
            if (count <= 0) return;
            t.transform_input(x, first, count, v);
            for (int p = 0; p < ALL; p++)
                multiply<false>(count, fp, Left{v + p * t.input_plane(), cp, 1, t.c}, u + p * t.c * fp, fp,
                                m + p * t.output_plane(), fp);
            t.transform_output(m, first, count, shift, relu, b.output<float>(0));
        });
    }
};

// (filters transformed for this [points][f][lanes(c)], dy) -> dx
template <int R> struct WinogradData : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    Tiles<R> t;
    int64_t group;  // images that one thread takes at a time: tiles overlap

    explicit WinogradData(Args &a) : t(tiles<R>(a)) {
        group = std::max<int64_t>(1, t.block / t.per_image);
        t.block = std::min(t.block, group * t.per_image);
        scratch_bytes = sizeof(float) * (t.input_size() + t.output_size()) * a.device.threads;
        chosen.resize(1);
        chosen[0].elements = ALL * t.f * lanes(t.c);  // of the transformed filters
    }
    void run(const Buffers &b) const override {
        const float *u = b.input<float>(0), *dy = b.input<float>(1);
        const int64_t cp = lanes(t.c), fp = lanes(t.f), size = t.h * t.w * t.c;
        each((t.n + group - 1) / group, true, [&](int64_t i) {
            float *m = static_cast<float *>(b.scratch) + omp_get_thread_num() * (t.input_size() + t.output_size());
            float *z = m + t.input_size(), *dx = b.output<float>(0);
            const int64_t end = std::min(t.n, (i + 1) * group) * t.per_image;
            std::fill(dx + i * group * size, dx + std::min(t.n, (i + 1) * group) * size, 0.0f);
            for (int64_t first = i * group * t.per_image; first < end; first += t.block) {
                const int64_t count = std::min(t.block, end - first);
                t.transform_gradient(dy, first, count, z, nullptr);
                for (int p = 0; p < ALL; p++)
                    multiply<false>(count, cp, Left{z + p * t.output_plane(), fp, 1, t.f}, u + p * t.f * cp, cp,
                                    m + p * t.input_plane(), cp);
                t.add_input(m, first, count, dx);
            }
        });
    }
};

// (x, dy) -> dfilter, plain, and dbias where it is asked for
template <int R> struct WinogradFilter : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    Tiles<R> t;
    int64_t parts;
    bool bias;

    explicit WinogradFilter(Args &a) : t(tiles<R>(a)), bias(a.flag()) {
        parts = std::min<int64_t>(8, t.blocks);
        scratch_bytes = sizeof(float) * (parts * (ALL * t.c + 1) * lanes(t.f) + (t.input_size() + t.output_size()) * a.device.threads);
    }
    void run(const Buffers &b) const override {
        const float *x = b.input<float>(0), *dy = b.input<float>(1);
        const int64_t cp = lanes(t.c), fp = lanes(t.f), size = (ALL * t.c + 1) * fp;
        float *sums = static_cast<float *>(b.scratch), *own = sums + parts * size;
        each(parts, true, [&](int64_t part) {
            float *v = own + omp_get_thread_num() * (t.input_size() + t.output_size()), *z = v + t.input_size();
            float *sum = sums + part * size, *sum_of_bias = sum + ALL * t.c * fp;
            std::fill(sum_of_bias, sum_of_bias + fp, 0.0f);
            const int64_t from = t.blocks * part / parts, to = t.blocks * (part + 1) / parts;
            for (int64_t i = from; i < to; i++) {
                const int64_t first = i * t.block, count = std::max<int64_t>(0, std::min(t.block, t.all() - first));
                t.transform_input(x, first, count, v);
                t.transform_gradient(dy, first, count, z, bias ? sum_of_bias : nullptr);
                for (int p = 0; p < ALL; p++) {
                    const float *a = v + p * t.input_plane(), *c = z + p * t.output_plane();
                    float *s = sum + p * t.c * fp;
                    if (i == from)
                        multiply<false>(t.c, fp, Left{a, 1, cp, count}, c, fp, s, fp);
                    else
                        multiply<true>(t.c, fp, Left{a, 1, cp, count}, c, fp, s, fp);
                }
            }
        });
        for (int64_t f = 0; f < t.f && bias; f++) {
            float sum = 0;
            for (int64_t part = 0; part < parts; part++) sum += sums[part * size + ALL * t.c * fp + f];
            b.output<float>(1)[f] = sum;
        }
        float *filter = b.output<float>(0);
        each(t.c, true, [&](int64_t c) {
            for (int64_t k = 0; k < t.f; k += LANES) {
                Vector d[ALL], e[R * POINTS], g[R * R];
                for (int p = 0; p < ALL; p++) {
                    d[p] = load(sums + (p * t.c + c) * fp + k);
                    for (int64_t part = 1; part < parts; part++) d[p] += load(sums + part * size + (p * t.c + c) * fp + k);
                }
                for (int j = 0; j < POINTS; j++) T::filter_adjoint(d + j, POINTS, e + j, POINTS);
                for (int i = 0; i < R; i++) T::filter_adjoint(e + i * POINTS, 1, g + i * R, 1);
                for (int64_t l = 0; l < LANES && k + l < t.f; l++)
                    for (int q = 0; q < R * R; q++) filter[((k + l) * t.c + c) * R * R + q] = g[q][l];
            }
        });
    }
};

// Filters [f, c, R, R] to [points][c][lanes(f)], or turned for the gradient of the data: [points][f][lanes(c)].
template <int R> struct WinogradFilters : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    int64_t f, c;
    bool turned;

    explicit WinogradFilters(Args &a) {
        Shape s = a.shape();
        f = s[0], c = s[1];
        turned = a.flag();
    }
    void run(const Buffers &b) const override {
        const float *filter = b.input<float>(0);
        float *u = b.output<float>(0);
        const int64_t outer = turned ? f : c, inner = turned ? c : f, ip = lanes(inner);
        each(outer, true, [&](int64_t o) {
            for (int64_t k = 0; k < ip; k += LANES) {
                float taps[R * R][LANES] __attribute__((aligned(64))) = {};
                for (int64_t l = 0; l < LANES && k + l < inner; l++) {
                    const float *g = filter + (turned ? o * c + k + l : (k + l) * c + o) * R * R;
                    for (int q = 0; q < R * R; q++) taps[q][l] = g[q];
                }
                Vector g[R * R], e[POINTS * R], d[ALL];
                for (int q = 0; q < R * R; q++) g[q] = load(taps[q]);
                for (int j = 0; j < R; j++) T::filter(g + j, R, e + j, R);
                for (int i = 0; i < POINTS; i++) T::filter(e + i * R, 1, d + i * POINTS, 1);
                for (int p = 0; p < ALL; p++) store(u + (p * outer + o) * ip + k, d[p]);
            }
        });
    }
};

template <template <int> class K> PlanPtr of_kernel(Args &a) {
    a.type();
    int64_t r = a.whole();
    if (r == 3) return std::make_unique<K<3>>(a);
    if (r == 5) return std::make_unique<K<5>>(a);
    throw Error("Winograd convolution has kernels of 3 or 5, found " + std::to_string(r));
}

}  // namespace

PlanPtr winograd_forward(Args &a) { return of_kernel<WinogradForward>(a); }
PlanPtr winograd_data(Args &a) { return of_kernel<WinogradData>(a); }
PlanPtr winograd_filter(Args &a) { return of_kernel<WinogradFilter>(a); }
PlanPtr winograd_filters(Args &a) { return of_kernel<WinogradFilters>(a); }

}  // namespace mocha
