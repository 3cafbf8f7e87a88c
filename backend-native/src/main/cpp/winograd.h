// The transforms of short filters, along an axis and of tiles, see winograd.cpp. Who includes this lets the compiler contract
// products and sums: #pragma GCC optimize("fp-contract=fast").
#pragma once
#include "parallel.h"
#include "plan.h"
#include "vector.h"

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
    // Whether all threads work on the same block, step by step, instead of each on blocks of its own: where there are so many channels
    // that the filters' transforms are more than those of the block which they would be read for.
    bool together;

    // Blocks of tiles, of several images where they are small. Filters of fewer bytes than `much` are read from a near cache, and
    // threads do not work together.
    void cut(int64_t much) {
        ty = (oh + M - 1) / M, tx = (ow + M - 1) / M;
        per_image = ty * tx;
        // Transforms that fit into half of the second-level cache.
        const int64_t most = std::max<int64_t>(12, std::min<int64_t>(all(), (480 << 10) / tile_bytes()));
        const int64_t filters = static_cast<int64_t>(sizeof(float)) * ALL * c * lanes(f);
        together = filters > much && c * f > 2 * most * (c + f);
        if (together)
            divide((8 << 20) / tile_bytes());
        else
            divide(most);
        if (blocks < 16 && !together) {  // an even share for two and four threads
            blocks = std::max<int64_t>(1, std::min((blocks + 3) / 4 * 4, all() / 6));
            block = (all() + blocks - 1) / blocks;
        }
    }
    // Into blocks of nearly the same size, of at most so many tiles.
    void divide(int64_t most) {
        most = std::max<int64_t>(1, std::min(all(), most));
        blocks = (all() + most - 1) / most;
        block = (all() + blocks - 1) / blocks;
    }
    int64_t tile_bytes() const { return static_cast<int64_t>(sizeof(float)) * ALL * (lanes(c) + lanes(f)); }
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
template <int R> Tiles<R> tiles(Args &a, int64_t much) {
    Shape x = a.shape(), filter = a.shape(), y = a.shape();
    Tiles<R> t;
    t.n = x[0], t.c = x[1], t.h = x[2], t.w = x[3], t.f = y[1], t.oh = y[2], t.ow = y[3];
    t.ph = a.whole(), t.pw = a.whole();
    t.cut(much);
    return t;
}

}  // namespace

}  // namespace mocha
