// Matrix products: oneDNN in float32, OpenBLAS in float64.
#include "blas.h"
#include "onednn.h"
#include "parallel.h"
#include <map>
#include <tuple>

namespace mocha {

namespace {

// [batch, m, k] · [batch, k, n], each operand transposed or not, plus a bias [n], then ReLU.
struct Product {
    int64_t batch, m, n, k;
    bool ta, tb, bias, relu;

    explicit Product(Args &a) {
        batch = a.whole(), m = a.whole(), n = a.whole(), k = a.whole();
        ta = a.flag(), tb = a.flag(), bias = a.flag(), relu = a.flag();
    }
};

// Cut along the batch, or along the larger extent of each product, or that of a transposed operand.
struct OneDnnProduct : Plan {
    Product g;
    Pieces pieces;

    explicit OneDnnProduct(Args &a) : g(a) {
        // a product of few rows waits for memory: it is worth more threads
        const int64_t wanted = Pieces::worth(g.batch * g.m * g.n * g.k, g.m < 8 ? 1 << 17 : 1 << 21, 64);
        // each piece copies what it reads of a transposed operand: better its own part than all
        const bool rows = g.ta != g.tb && std::min(g.m, g.n) >= 256 ? g.ta : g.m > g.n;
        const int64_t extent = rows ? g.m : g.n, stripes = std::min((wanted + g.batch - 1) / g.batch, (extent + 31) / 32);
        const int64_t size = (extent + 16 * stripes - 1) / (16 * stripes) * 16;
        if (stripes == 1)
            for (int64_t i = 0, n = std::min(g.batch, wanted); i < n; i++)
                add(g.batch * i / n, g.batch * (i + 1) / n - g.batch * i / n, 0, g.m, 0, g.n);
        for (int64_t i = 0; i < g.batch && stripes > 1; i++)
            for (int64_t from = 0; from < extent; from += size) {
                const int64_t n = std::min(size, extent - from);
                add(i, 1, rows ? from : 0, rows ? n : g.m, rows ? 0 : from, rows ? g.n : n);
            }
        scratch_bytes = pieces.scratch_bytes(a.device);
    }
    // Of some products: rows r ... r + m, columns c ... c + n.
    void add(int64_t first, int64_t count, int64_t r, int64_t m, int64_t c, int64_t n) {
        auto known = std::make_tuple(count, m, n);
        auto found = primitives_.find(known);
        if (found == primitives_.end()) found = primitives_.emplace(known, pieces.add(primitive(count, m, n))).first;
        std::vector<Place> at{{Place::in, 0, first * g.m * g.k + (g.ta ? r : r * g.k)},
                              {Place::in, 1, first * g.k * g.n + (g.tb ? c * g.k : c)},
                              {Place::out, 0, (first * g.m + r) * g.n + c}};
        if (g.bias) at.push_back({Place::in, 2, c});
        pieces.add(found->second, at);
    }
    Primitive primitive(int64_t count, int64_t m, int64_t n) const {
        Desc x({count, m, g.k}, F32, g.ta ? Dims{g.m * g.k, 1, g.m} : Dims{g.m * g.k, g.k, 1});
        Desc w({count, g.k, n}, F32, g.tb ? Dims{g.k * g.n, 1, g.k} : Dims{g.k * g.n, g.n, 1});
        Desc y({count, m, n}, F32, Dims{g.m * g.n, g.n, 1});
        auto attr = user_scratchpad();
        auto pd = g.bias ? dnnl::matmul::primitive_desc(engine(), x, w, Desc({1, 1, n}, F32, Tag::abc), y, attr)
                         : dnnl::matmul::primitive_desc(engine(), x, w, y, attr);
        Primitive p(dnnl::matmul(pd), pd);
        p.add(DNNL_ARG_SRC, x);
        p.add(DNNL_ARG_WEIGHTS, w);
        p.add(DNNL_ARG_DST, y);
        if (g.bias) p.add(DNNL_ARG_BIAS, pd.bias_desc());
        return p;
    }
    std::unique_ptr<Prepared> prepare(const Buffers &b) const override { return pieces.prepare(b); }
    void run(const Buffers &b) const override {
        pieces.run(b);
        if (g.relu) rectify(b.output<float>(0), g.batch * g.m * g.n);
    }

private:
    std::map<std::tuple<int64_t, int64_t, int64_t>, size_t> primitives_;
};

// By OpenBLAS: the larger extent of each product is cut into stripes, which threads take.
template <class T> struct BlasProduct : Plan {
    static constexpr int64_t STRIPE = 64;
    Product g;

    explicit BlasProduct(Args &a) : g(a) {
        single_threaded_blas();
        require_extents({g.m, g.n, g.k});
    }
    void run(const Buffers &b) const override {
        const bool rows = g.m >= g.n;
        const int64_t extent = rows ? g.m : g.n, stripes = (extent + STRIPE - 1) / STRIPE;
        each(g.batch * stripes, g.batch * g.m * g.n * g.k > (1 << 15), [&](int64_t i) {
            int64_t from = i % stripes * STRIPE, size = std::min(STRIPE, extent - from);
            stripe(b, i / stripes, rows ? from : 0, rows ? size : g.m, rows ? 0 : from, rows ? g.n : size);
        });
    }
    // Rows r ... r + m, columns c ... c + n of one product.
    void stripe(const Buffers &b, int64_t one, int64_t r, int64_t m, int64_t c, int64_t n) const {
        const T *x = b.input<T>(0) + one * g.m * g.k + (g.ta ? r : r * g.k);
        const T *w = b.input<T>(1) + one * g.k * g.n + (g.tb ? c * g.k : c);
        T *y = b.output<T>(0) + one * g.m * g.n + r * g.n + c;
        if (g.k == 0) {
            for (int64_t i = 0; i < m; i++) std::fill(y + i * g.n, y + i * g.n + n, T(0));
        } else {
            gemm(g.ta, g.tb, m, n, g.k, x, g.ta ? g.m : g.k, w, g.tb ? g.k : g.n, T(0), y, g.n);
        }
        for (int64_t i = 0; i < m && (g.bias || g.relu); i++)
            for (int64_t j = 0; j < n; j++) {
                T v = y[i * g.n + j] + (g.bias ? b.input<T>(2)[c + j] : T(0));
                y[i * g.n + j] = g.relu && v <= 0 ? T(0) : v;
            }
    }
};

}  // namespace

PlanPtr matrix_product(Args &a) { return std::make_unique<OneDnnProduct>((a.type(), a)); }
PlanPtr blas_product(Args &a) { return of_type<BlasProduct>(a); }

}  // namespace mocha
