// Convolution and its gradients with kernels 3x3 and 5x5, stride 1, by Winograd's short filters: a tile of 6x6 or 8x8 places is
// transformed, multiplied point by point (a matrix product over the channels for each of the 36 or 64 points), and transformed back
// to 4x4 places. That takes 4 or 6.25 times fewer multiplications than the sums as they are defined, and loses two to three bits;
// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016. Images with channels last, float32.
#pragma GCC optimize("fp-contract=fast")
#include "gemm.h"
#include "winograd.h"

namespace mocha {

namespace {

// (x, transformed filters [points][c][lanes(f)], bias) -> y
template <int R> struct WinogradForward : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    Tiles<R> t;
    bool bias, relu;

    explicit WinogradForward(Args &a) : t(tiles<R>(a, 8 << 20)), bias(a.flag()), relu(a.flag()) {
        scratch_bytes = sizeof(float) * (t.input_size() + t.output_size()) * (t.together ? 1 : a.device.threads);
        chosen.resize(1);
        chosen[0].elements = ALL * t.c * lanes(t.f);  // of the transformed filters
    }
    void run(const Buffers &b) const override {
        const float *x = b.input<float>(0), *u = b.input<float>(1), *shift = bias ? b.input<float>(2) : nullptr;
        float *v = static_cast<float *>(b.scratch), *y = b.output<float>(0);
        if (!t.together)
            return each(t.blocks, true, [&](int64_t i) {
                float *own = v + Pool::me() * (t.input_size() + t.output_size()), *m = own + t.input_size();
                const int64_t first = i * t.block, count = std::min(t.block, t.all() - first);
                if (count <= 0) return;
                t.transform_input(x, first, count, own);
                for (int p = 0; p < ALL; p++) multiply_point(p, count, own, u, m);
                t.transform_output(m, first, count, shift, relu, y);
            });
        float *m = v + t.input_size();
        for (int64_t first = 0; first < t.all(); first += t.block) {
            const int64_t count = std::min(t.block, t.all() - first);
            parallel(count, 1, 0, [&](int64_t from, int64_t to) {
                t.transform_input(x, first + from, to - from, v + from * lanes(t.c));
            });
            each(ALL, true, [&](int64_t p) { multiply_point(p, count, v, u, m); });
            parallel(count, 1, 0, [&](int64_t from, int64_t to) {
                t.transform_output(m + from * lanes(t.f), first + from, to - from, shift, relu, y);
            });
        }
    }

private:
    void multiply_point(int64_t p, int64_t count, const float *v, const float *u, float *m) const {
        const int64_t cp = lanes(t.c), fp = lanes(t.f);
        multiply<false>(count, fp, Left{v + p * t.input_plane(), cp, 1, t.c}, u + p * t.c * fp, fp, m + p * t.output_plane(), fp);
    }
};

// (filters transformed for this [points][f][lanes(c)], dy) -> dx
template <int R> struct WinogradData : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    Tiles<R> t;
    int64_t group;  // images whose gradient is computed at a time: tiles overlap

    explicit WinogradData(Args &a) : t(tiles<R>(a, 8 << 20)) {
        group = std::max<int64_t>(t.together ? std::min<int64_t>(2, t.n) : 1, t.block / t.per_image);
        t.block = t.together ? group * t.per_image : std::min(t.block, group * t.per_image);
        scratch_bytes = sizeof(float) * (t.input_size() + t.output_size()) * (t.together ? 1 : a.device.threads);
        chosen.resize(1);
        chosen[0].elements = ALL * t.f * lanes(t.c);  // of the transformed filters
    }
    void run(const Buffers &b) const override {
        const float *u = b.input<float>(0), *dy = b.input<float>(1);
        float *m = static_cast<float *>(b.scratch), *dx = b.output<float>(0);
        if (!t.together)
            return each((t.n + group - 1) / group, true, [&](int64_t i) {
                float *own = m + Pool::me() * (t.input_size() + t.output_size()), *z = own + t.input_size();
                const int64_t last = std::min(t.n, (i + 1) * group), end = last * t.per_image;
                clear(dx, i * group, last);
                for (int64_t first = i * group * t.per_image; first < end; first += t.block) {
                    const int64_t count = std::min(t.block, end - first);
                    t.transform_gradient(dy, first, count, z, nullptr);
                    for (int p = 0; p < ALL; p++) multiply_point(p, count, z, u, own);
                    t.add_input(own, first, count, dx);
                }
            });
        float *z = m + t.input_size();
        for (int64_t first = 0; first < t.all(); first += t.block) {
            const int64_t count = std::min(t.block, t.all() - first);
            parallel(count, 1, 0, [&](int64_t from, int64_t to) {
                t.transform_gradient(dy, first + from, to - from, z + from * lanes(t.f), nullptr);
            });
            each(ALL, true, [&](int64_t p) { multiply_point(p, count, z, u, m); });
            each(count / t.per_image, true, [&](int64_t i) {
                const int64_t at = i * t.per_image, image = first / t.per_image + i;
                clear(dx, image, image + 1);
                t.add_input(m + at * lanes(t.c), first + at, t.per_image, dx);
            });
        }
    }

private:
    void multiply_point(int64_t p, int64_t count, const float *z, const float *u, float *m) const {
        const int64_t cp = lanes(t.c), fp = lanes(t.f);
        multiply<false>(count, cp, Left{z + p * t.output_plane(), fp, 1, t.f}, u + p * t.f * cp, cp, m + p * t.input_plane(), cp);
    }
    void clear(float *dx, int64_t from, int64_t to) const {
        const int64_t size = t.h * t.w * t.c;
        std::fill(dx + from * size, dx + to * size, 0.0f);
    }
};

// (x, dy) -> dfilter, plain, and dbias where it is asked for
template <int R> struct WinogradFilter : Plan {
    using T = Transforms<R>;
    static constexpr int POINTS = T::POINTS, ALL = POINTS * POINTS;
    // Channels and filters whose sums are computed at a time where all threads work together; they fit into the second-level cache.
    static constexpr int64_t SOME = R == 3 ? 32 : 16, MANY = 128, PLANE = SOME * MANY + LANES;
    Tiles<R> t;
    int64_t parts;   // of the tiles, each with sums of its own: of the bias alone where threads work together
    int64_t chunks;  // of channels and filters
    bool bias;

    explicit WinogradFilter(Args &a) : t(tiles<R>(a, 1 << 20)), bias(a.flag()) {
        if (t.together) t.divide((32 << 20) / t.tile_bytes());
        parts = std::min<int64_t>(8, t.together ? t.block : t.blocks);
        chunks = (t.c + SOME - 1) / SOME * ((t.f + MANY - 1) / MANY);
        const int64_t threads = a.device.threads, fp = lanes(t.f);
        const int64_t transforms = (t.input_size() + t.output_size()) * (t.together ? 1 : threads);
        const int64_t sums = t.together ? (t.blocks == 1 ? threads : chunks) * ALL * PLANE : parts * ALL * t.c * fp;
        scratch_bytes = sizeof(float) * (transforms + sums + parts * fp);
    }
    void run(const Buffers &b) const override {
        float *of_bias = static_cast<float *>(b.scratch), *rest = of_bias + parts * lanes(t.f);
        std::fill(of_bias, rest, 0.0f);
        if (t.together)
            chunk_by_chunk(b, of_bias, rest);
        else
            part_by_part(b, of_bias, rest);
        for (int64_t f = 0; f < t.f && bias; f++) {
            float sum = 0;
            for (int64_t part = 0; part < parts; part++) sum += of_bias[part * lanes(t.f) + f];
            b.output<float>(1)[f] = sum;
        }
    }

private:
    void part_by_part(const Buffers &b, float *of_bias, float *sums) const {
        const int64_t cp = lanes(t.c), fp = lanes(t.f), size = ALL * t.c * fp;
        each(parts, true, [&](int64_t part) {
            float *v = sums + parts * size + Pool::me() * (t.input_size() + t.output_size()), *z = v + t.input_size();
            const int64_t from = t.blocks * part / parts, to = t.blocks * (part + 1) / parts;
            for (int64_t i = from; i < to; i++) {
                const int64_t first = i * t.block, count = std::max<int64_t>(0, std::min(t.block, t.all() - first));
                t.transform_input(b.input<float>(0), first, count, v);
                t.transform_gradient(b.input<float>(1), first, count, z, bias ? of_bias + part * fp : nullptr);
                for (int p = 0; p < ALL; p++) {
                    const float *c = z + p * t.output_plane();
                    float *s = sums + part * size + p * t.c * fp;
                    const Left a{v + p * t.input_plane(), 1, cp, count};
                    if (i == from)
                        multiply<false>(t.c, fp, a, c, fp, s, fp);
                    else
                        multiply<true>(t.c, fp, a, c, fp, s, fp);
                }
            }
        });
        each(t.c, true, [&](int64_t c) {
            for (int64_t k = 0; k < t.f; k += LANES) {
                Vector d[ALL];
                for (int p = 0; p < ALL; p++) {
                    d[p] = load(sums + (p * t.c + c) * fp + k);
                    for (int64_t part = 1; part < parts; part++) d[p] += load(sums + part * size + (p * t.c + c) * fp + k);
                }
                place(d, c, k, b.output<float>(0));
            }
        });
    }

    void chunk_by_chunk(const Buffers &b, float *of_bias, float *v) const {
        const int64_t cp = lanes(t.c), fp = lanes(t.f), across = (t.c + SOME - 1) / SOME;
        float *z = v + t.input_size(), *sums = z + t.output_size();
        for (int64_t first = 0; first < t.all(); first += t.block) {
            const int64_t count = std::min(t.block, t.all() - first);
            parallel(count, 1, 0, [&](int64_t from, int64_t to) {
                t.transform_input(b.input<float>(0), first + from, to - from, v + from * cp);
            });
            each(parts, true, [&](int64_t part) {
                const int64_t from = count * part / parts, to = count * (part + 1) / parts;
                t.transform_gradient(b.input<float>(1), first + from, to - from, z + from * fp,
                                     bias ? of_bias + part * fp : nullptr);
            });
            each(chunks, true, [&](int64_t chunk) {
                const int64_t c = chunk % across * SOME, k = chunk / across * MANY;
                const int64_t rows = std::min(SOME, t.c - c), columns = std::min(MANY, fp - k);
                float *s = sums + (t.blocks == 1 ? Pool::me() : chunk) * ALL * PLANE;
                for (int p = 0; p < ALL; p++) {
                    const Left a{v + p * t.input_plane() + c, 1, cp, count};
                    const float *of = z + p * t.output_plane() + k;
                    if (first == 0)
                        multiply<false>(rows, columns, a, of, fp, s + p * PLANE, MANY);
                    else
                        multiply<true>(rows, columns, a, of, fp, s + p * PLANE, MANY);
                }
                if (first + count < t.all()) return;
                for (int64_t i = 0; i < rows; i++)
                    for (int64_t j = 0; j < columns; j += LANES) {
                        Vector d[ALL];
                        for (int p = 0; p < ALL; p++) d[p] = load(s + p * PLANE + i * MANY + j);
                        place(d, c + i, k + j, b.output<float>(0));
                    }
            });
        }
    }

    // From sums at all points to the gradient of a channel's part of LANES filters from k on.
    void place(const Vector *d, int64_t c, int64_t k, float *filter) const {
        Vector e[R * POINTS], g[R * R];
        for (int j = 0; j < POINTS; j++) T::filter_adjoint(d + j, POINTS, e + j, POINTS);
        for (int i = 0; i < R; i++) T::filter_adjoint(e + i * POINTS, 1, g + i * R, 1);
        for (int64_t l = 0; l < LANES && k + l < t.f; l++)
            for (int q = 0; q < R * R; q++) filter[((k + l) * t.c + c) * R * R + q] = g[q][l];
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
