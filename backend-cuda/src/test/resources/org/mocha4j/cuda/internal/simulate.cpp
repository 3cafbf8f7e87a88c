// What the simulated device has besides kernels: threads of a block that wait for each other, products, convolutions.
#include <cstdint>
#include <ucontext.h>
#include <vector>

namespace {

constexpr size_t STACK = 1 << 16;
ucontext_t caller;
std::vector<ucontext_t> threads;
std::vector<std::vector<char>> stacks;
std::vector<bool> done;
unsigned current;
void (*body)(const long long *);
const long long *arguments;

void start() {
    body(arguments);
    done[current] = true;
    swapcontext(&threads[current], &caller);
}

template <class T> void multiply(const int64_t *p, const T *a, const T *b, T *y) {
    const int64_t batch = p[0], m = p[1], n = p[2], k = p[3], ta = p[4], tb = p[5];
    for (int64_t s = 0; s < batch; s++, a += m * k, b += k * n, y += m * n)
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = 0; j < n; j++) {
                double sum = 0;
                for (int64_t e = 0; e < k; e++)
                    sum += static_cast<double>(a[ta ? e * m + i : i * k + e]) * b[tb ? j * k + e : e * n + j];
                y[i * n + j] = static_cast<T>(sum);
            }
}

struct Geometry {
    int64_t n, c, h, w, f, cg, kh, kw, oh, ow, sh, sw, ph, pw, dh, dw, groups;
};

// Calls f(index in x, index in filter, index in y) for every product.
template <class F> void products(const Geometry &g, const F &f) {
    const int64_t fg = g.f / g.groups;
    for (int64_t n = 0; n < g.n; n++)
        for (int64_t q = 0; q < g.f; q++)
            for (int64_t oy = 0; oy < g.oh; oy++)
                for (int64_t ox = 0; ox < g.ow; ox++)
                    for (int64_t c = 0; c < g.cg; c++)
                        for (int64_t i = 0; i < g.kh; i++)
                            for (int64_t j = 0; j < g.kw; j++) {
                                const int64_t y = oy * g.sh - g.ph + i * g.dh, x = ox * g.sw - g.pw + j * g.dw;
                                if (y < 0 || y >= g.h || x < 0 || x >= g.w) continue;
                                f(((n * g.c + q / fg * g.cg + c) * g.h + y) * g.w + x,
                                  ((q * g.cg + c) * g.kh + i) * g.kw + j, ((n * g.f + q) * g.oh + oy) * g.ow + ox);
                            }
}

template <class T> void convolve(const int64_t *p, const T *a, const T *b, T *y) {
    const Geometry g = *reinterpret_cast<const Geometry *>(p + 1);
    const int64_t sizes[] = {g.n * g.f * g.oh * g.ow, g.n * g.c * g.h * g.w, g.f * g.cg * g.kh * g.kw};
    std::vector<double> sum(static_cast<size_t>(sizes[p[0]]));
    products(g, [&](int64_t x, int64_t f, int64_t o) {
        if (p[0] == 0) sum[o] += static_cast<double>(a[x]) * b[f];
        if (p[0] == 1) sum[x] += static_cast<double>(a[f]) * b[o];
        if (p[0] == 2) sum[f] += static_cast<double>(a[x]) * b[o];
    });
    for (size_t i = 0; i < sum.size(); i++) y[i] = static_cast<T>(sum[i]);
}

}  // namespace

// Called by a thread of a block: the others run until they come here too.
extern "C" void simulate_barrier() { swapcontext(&threads[current], &caller); }

// Runs the threads of one block in turns, from barrier to barrier.
extern "C" void simulate_block(void (*f)(const long long *), const long long *words, unsigned n, unsigned *thread) {
    if (threads.size() < n) {
        threads.resize(n);
        stacks.resize(n, std::vector<char>(STACK));
    }
    done.assign(n, false);
    body = f;
    arguments = words;
    for (unsigned t = 0; t < n; t++) {
        getcontext(&threads[t]);
        threads[t].uc_stack.ss_sp = stacks[t].data();
        threads[t].uc_stack.ss_size = STACK;
        threads[t].uc_link = nullptr;
        makecontext(&threads[t], start, 0);
    }
    for (bool more = true; more;) {
        more = false;
        for (unsigned t = 0; t < n; t++) {
            if (done[t]) continue;
            current = t;
            *thread = t;
            swapcontext(&caller, &threads[t]);
            more |= !done[t];
        }
    }
}

// p: batch, m, n, k, transposed a, transposed b.
extern "C" void simulate_product_float(const int64_t *p, const float *a, const float *b, float *y) { multiply(p, a, b, y); }
extern "C" void simulate_product_double(const int64_t *p, const double *a, const double *b, double *y) { multiply(p, a, b, y); }

// p: direction, then a Geometry.
extern "C" void simulate_convolution_float(const int64_t *p, const float *a, const float *b, float *y) {
    convolve(p, a, b, y);
}
extern "C" void simulate_convolution_double(const int64_t *p, const double *a, const double *b, double *y) {
    convolve(p, a, b, y);
}
