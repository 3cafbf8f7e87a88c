// Matrix products: oneDNN in float32, OpenBLAS in float64.
#include "blas.h"
#include "onednn.h"
#include "parallel.h"

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

struct OneDnnProduct : Plan {
    Product g;
    Primitive primitive;

    explicit OneDnnProduct(Args &a) : g(a) {
        auto attr = user_scratchpad();
        Desc x({g.batch, g.m, g.k}, F32, g.ta ? Tag::acb : Tag::abc);
        Desc w({g.batch, g.k, g.n}, F32, g.tb ? Tag::acb : Tag::abc);
        Desc y({g.batch, g.m, g.n}, F32, Tag::abc);
        auto pd = g.bias ? dnnl::matmul::primitive_desc(engine(), x, w, Desc({1, 1, g.n}, F32, Tag::abc), y, attr)
                         : dnnl::matmul::primitive_desc(engine(), x, w, y, attr);
        primitive = Primitive(dnnl::matmul(pd), pd);
        primitive.add(DNNL_ARG_SRC, x);
        primitive.add(DNNL_ARG_WEIGHTS, w);
        if (g.bias) primitive.add(DNNL_ARG_BIAS, pd.bias_desc());
        primitive.add(DNNL_ARG_DST, y);
        scratch_bytes = primitive.scratch_bytes();
    }
    void run(const Buffers &b) const override {
        if (g.bias)
            primitive.run({b.in[0], b.in[1], b.in[2], b.out[0]}, b.scratch);
        else
            primitive.run({b.in[0], b.in[1], b.out[0]}, b.scratch);
        if (g.relu) rectify(b.output<float>(0), g.batch * g.m * g.n);
    }
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
