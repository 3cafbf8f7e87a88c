// Convolution and its gradients by oneDNN, float32, images with channels last. Which of its implementations oneDNN takes, and how
// it cuts the sums of filters' gradients, depends on the number of threads; where results must not, see Cut.
#include "onednn.h"
#include <exception>

namespace mocha {

namespace {

// A convolution as Java writes it: shapes of images, filters and output, window, groups, layout of the filters.
struct Geometry {
    Dims x, filter, y, strides, dilates, pads;
    Layout layout;

    explicit Geometry(Args &a) {
        a.type();
        x = a.shape();
        Shape f = a.shape();
        y = a.shape();
        a.whole(), a.whole();  // the kernel's extents are the filters'
        strides = {a.whole(), 0};
        strides[1] = a.whole();
        pads = {a.whole(), 0};
        pads[1] = a.whole();
        dilates = {a.whole() - 1, 0};
        dilates[1] = a.whole() - 1;
        int64_t groups = a.whole();
        filter = groups == 1 ? Dims(f) : Dims{groups, f[0] / groups, f[1], f[2], f[3]};
        layout = a.layout();
    }
    // Pads at the far sides, so that the output has the given extents.
    Dims far() const {
        Dims p(2);
        for (int i = 0; i < 2; i++) {
            int64_t k = (filter[filter.size() - 2 + i] - 1) * (dilates[i] + 1) + 1;
            p[i] = (y[2 + i] - 1) * strides[i] + k - x[2 + i] - pads[i];
        }
        return p;
    }
    Desc images() const { return channels_last(x); }
    Desc output() const { return channels_last(y); }
    // As asked for; no opaque layout in the arguments means that oneDNN may choose.
    Desc filters() const {
        return layout.kind == Layout::opaque ? descriptor(layout) : Desc(filter, F32, Tag::any);
    }
    Desc bias() const { return Desc({y[1]}, F32, Tag::x); }
};

using Forward = dnnl::convolution_forward;
using Data = dnnl::convolution_backward_data;
using Filter = dnnl::convolution_backward_weights;

bool fast(const std::string &implementation) {
    return implementation.find("ref") == std::string::npos && implementation.find("gemm") == std::string::npos;
}

// Makes f's descriptor with the filters' layout that was asked for, or, where oneDNN has nothing fast for that, with its own.
template <class F> auto made(Geometry &g, const F &f) -> decltype(f(g)) {
    if (g.layout.kind == Layout::opaque) {
        try {
            auto pd = f(g);
            if (fast(pd.impl_info_str())) return pd;
        } catch (const dnnl::error &) {
            // not in this layout: any
        }
        g.layout = Layout();
    }
    return f(g);
}

Forward::primitive_desc forward(const Geometry &g, bool bias) {
    auto attr = user_scratchpad();
    auto kind = dnnl::prop_kind::forward_training;
    auto how = dnnl::algorithm::convolution_direct;
    if (bias)
        return Forward::primitive_desc(engine(), kind, how, g.images(), g.filters(), g.bias(), g.output(), g.strides, g.dilates,
                                       g.pads, g.far(), attr);
    return Forward::primitive_desc(engine(), kind, how, g.images(), g.filters(), g.output(), g.strides, g.dilates, g.pads,
                                   g.far(), attr);
}

// Makes oneDNN work with one thread in its scope.
class OneThread {
public:
    explicit OneThread(bool wanted) : before_(omp_get_max_threads()) {
        if (wanted) omp_set_num_threads(1);
    }
    ~OneThread() { omp_set_num_threads(before_); }
    OneThread(const OneThread &) = delete;
    OneThread &operator=(const OneThread &) = delete;

private:
    int before_;
};

// Where results must not depend on the number of threads, samples are cut into pieces of one size, whose number follows from
// the batch alone, and each piece is computed by a primitive of one thread. Elsewhere one primitive takes all samples.
class Cut {
public:
    // Leaves the shapes of a piece in g.
    Cut(const Device &d, Geometry &g) : whole_(!d.deterministic), threads_(d.threads) {
        for (int64_t p = 2; !whole_ && p <= MOST; p++)
            if (g.x[0] % p == 0) parts_ = p;
        g.x[0] /= parts_, g.y[0] /= parts_;
        images_ = product(g.x, 0, 4), output_ = product(g.y, 0, 4);
    }
    bool whole() const { return whole_; }
    int64_t parts() const { return parts_; }
    // Elements of the images and of the output of a piece.
    int64_t images() const { return images_; }
    int64_t output() const { return output_; }
    // Scratch of a piece, once for each thread; the least that the plan needs is `bytes`.
    size_t scratch(size_t bytes) {
        piece_ = (bytes + 63) / 64 * 64;
        return whole_ ? bytes : piece_ * static_cast<size_t>(threads_);
    }
    // f(piece, scratch) for all pieces.
    template <class F> void run(void *scratch, const F &f) const {
        if (whole_) {
            f(int64_t{0}, scratch);
            return;
        }
        std::exception_ptr failure;
        each(parts_, true, [&](int64_t p) {
            OneThread one(true);
            try {
                f(p, static_cast<char *>(scratch) + piece_ * static_cast<size_t>(omp_get_thread_num()));
            } catch (...) {
#pragma omp critical(mocha_cut)
                failure = std::current_exception();
            }
        });
        if (failure) std::rethrow_exception(failure);
    }

private:
    static constexpr int64_t MOST = 16;
    bool whole_;
    int threads_;
    int64_t parts_ = 1, images_ = 0, output_ = 0;
    size_t piece_ = 0;
};

struct ConvolutionForward : Plan {
    Geometry g;
    Cut cut;
    Primitive primitive;
    bool bias, relu;
    int64_t places;

    explicit ConvolutionForward(Args &a) : g(a), cut(a.device, g) {
        bias = a.flag();
        relu = a.flag();
        places = cut.parts() * cut.output();
        OneThread one(!cut.whole());
        auto pd = made(g, [&](const Geometry &h) { return forward(h, bias); });
        primitive = Primitive(Forward(pd), pd);
        primitive.add(DNNL_ARG_SRC, pd.src_desc());
        primitive.add(DNNL_ARG_WEIGHTS, pd.weights_desc());
        if (bias) primitive.add(DNNL_ARG_BIAS, pd.bias_desc());
        primitive.add(DNNL_ARG_DST, pd.dst_desc());
        scratch_bytes = cut.scratch(primitive.scratch_bytes());
        chosen = {layout_of(pd.weights_desc())};
    }
    void run(const Buffers &b) const override {
        cut.run(b.scratch, [&](int64_t p, void *scratch) {
            const float *x = b.input<float>(0) + p * cut.images();
            float *y = b.output<float>(0) + p * cut.output();
            if (bias)
                primitive.run({x, b.in[1], b.in[2], y}, scratch);
            else
                primitive.run({x, b.in[1], y}, scratch);
        });
        if (relu) rectify(b.output<float>(0), places);
    }
};

// (filter, dy) -> dx
struct ConvolutionData : Plan {
    Geometry g;
    Cut cut;
    Primitive primitive;

    explicit ConvolutionData(Args &a) : g(a), cut(a.device, g) {
        OneThread one(!cut.whole());
        auto pd = made(g, [](const Geometry &h) {
            return Data::primitive_desc(engine(), dnnl::algorithm::convolution_direct, h.images(), h.filters(), h.output(),
                                        h.strides, h.dilates, h.pads, h.far(), hint(h), user_scratchpad());
        });
        primitive = Primitive(Data(pd), pd);
        primitive.add(DNNL_ARG_WEIGHTS, pd.weights_desc());
        primitive.add(DNNL_ARG_DIFF_DST, pd.diff_dst_desc());
        primitive.add(DNNL_ARG_DIFF_SRC, pd.diff_src_desc());
        scratch_bytes = cut.scratch(primitive.scratch_bytes());
        chosen = {layout_of(pd.weights_desc())};
    }
    // oneDNN wants the forward operation that a gradient belongs to.
    static Forward::primitive_desc hint(const Geometry &g) {
        Geometry any = g;
        any.layout = Layout();
        return forward(any, false);
    }
    void run(const Buffers &b) const override {
        cut.run(b.scratch, [&](int64_t p, void *scratch) {
            primitive.run({b.in[0], b.input<float>(1) + p * cut.output(), b.output<float>(0) + p * cut.images()}, scratch);
        });
    }
};

// (x, dy) -> dfilter, and dbias where it is asked for
struct ConvolutionFilter : Plan {
    Geometry g;
    Cut cut;
    Primitive primitive;
    bool bias;
    int64_t filters, sums = 0;  // floats of the filters, and of one piece's sums with those of the bias behind

    explicit ConvolutionFilter(Args &a) : g(a), cut(a.device, g) {
        bias = a.flag();
        OneThread one(!cut.whole());
        auto how = dnnl::algorithm::convolution_direct;
        auto pd = made(g, [&](const Geometry &h) {
            auto attr = user_scratchpad();
            auto hint = ConvolutionData::hint(h);
            if (bias)
                return Filter::primitive_desc(engine(), how, h.images(), h.filters(), h.bias(), h.output(), h.strides,
                                              h.dilates, h.pads, h.far(), hint, attr);
            return Filter::primitive_desc(engine(), how, h.images(), h.filters(), h.output(), h.strides, h.dilates, h.pads,
                                          h.far(), hint, attr);
        });
        primitive = Primitive(Filter(pd), pd);
        primitive.add(DNNL_ARG_SRC, pd.src_desc());
        primitive.add(DNNL_ARG_DIFF_DST, pd.diff_dst_desc());
        primitive.add(DNNL_ARG_DIFF_WEIGHTS, pd.diff_weights_desc());
        if (bias) primitive.add(DNNL_ARG_DIFF_BIAS, pd.diff_bias_desc());
        chosen = {layout_of(pd.diff_weights_desc())};
        scratch_bytes = cut.scratch(primitive.scratch_bytes());
        filters = chosen[0].elements;
        if (cut.parts() == 1) return;
        sums = (filters + g.y[1] + 15) / 16 * 16;
        scratch_bytes += sizeof(float) * static_cast<size_t>(cut.parts() * sums);
    }
    void run(const Buffers &b) const override {
        float *all = static_cast<float *>(b.scratch);
        cut.run(all + cut.parts() * sums, [&](int64_t p, void *scratch) {
            const float *x = b.input<float>(0) + p * cut.images(), *dy = b.input<float>(1) + p * cut.output();
            float *filter = sums ? all + p * sums : b.output<float>(0);
            if (bias)
                primitive.run({x, dy, filter, sums ? filter + filters : b.output<float>(1)}, scratch);
            else
                primitive.run({x, dy, filter}, scratch);
        });
        if (!sums) return;
        add(all, b.output<float>(0), filters);
        if (bias) add(all + filters, b.output<float>(1), g.y[1]);
    }

private:
    // The sum over the pieces, in their order.
    void add(const float *from, float *to, int64_t n) const {
        parallel(n, 64, 1 << 14, [&](int64_t first, int64_t last) {
            std::copy(from + first, from + last, to + first);
            for (int64_t p = 1; p < cut.parts(); p++) {
                const float *x = from + p * sums;
#pragma GCC ivdep
                for (int64_t i = first; i < last; i++) to[i] += x[i];
            }
        });
    }
};

// Between layouts of filters.
struct Reorder : Plan {
    Primitive primitive;

    explicit Reorder(Args &a) {
        a.type();
        Shape shape = a.shape();
        Layout from = a.layout(), to = a.layout();
        const Layout &known = from.kind == Layout::opaque ? from : to;
        Dims dims = descriptor(known).get_dims();
        if (product(dims, 0, dims.size()) != elements(shape)) throw Error("a layout of filters of another size");
        Desc source = from.kind == Layout::opaque ? descriptor(from) : plain(dims);
        Desc target = to.kind == Layout::opaque ? descriptor(to) : plain(dims);
        dnnl::reorder::primitive_desc pd(engine(), source, engine(), target, user_scratchpad());
        primitive = Primitive(dnnl::reorder(pd), pd);
        primitive.add(DNNL_ARG_FROM, source);
        primitive.add(DNNL_ARG_TO, target);
        scratch_bytes = primitive.scratch_bytes();
    }
    void run(const Buffers &b) const override { primitive.run({b.in[0], b.out[0]}, b.scratch); }
};

}  // namespace

PlanPtr convolution_forward(Args &a) { return std::make_unique<ConvolutionForward>(a); }
PlanPtr convolution_data(Args &a) { return std::make_unique<ConvolutionData>(a); }
PlanPtr convolution_filter(Args &a) { return std::make_unique<ConvolutionFilter>(a); }
PlanPtr filter_reorder(Args &a) { return std::make_unique<Reorder>(a); }

}  // namespace mocha
