// Convolution and its gradients by oneDNN, float32, images with channels last.
#include "onednn.h"

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

struct ConvolutionForward : Plan {
    Primitive primitive;
    bool bias, relu;
    int64_t places;

    explicit ConvolutionForward(Args &a) {
        Geometry g(a);
        bias = a.flag();
        relu = a.flag();
        places = product(g.y, 0, 4);
        auto pd = made(g, [&](const Geometry &h) { return forward(h, bias); });
        primitive = Primitive(Forward(pd), pd);
        primitive.add(DNNL_ARG_SRC, pd.src_desc());
        primitive.add(DNNL_ARG_WEIGHTS, pd.weights_desc());
        if (bias) primitive.add(DNNL_ARG_BIAS, pd.bias_desc());
        primitive.add(DNNL_ARG_DST, pd.dst_desc());
        scratch_bytes = primitive.scratch_bytes();
        chosen = {layout_of(pd.weights_desc())};
    }
    void run(const Buffers &b) const override {
        if (bias)
            primitive.run({b.in[0], b.in[1], b.in[2], b.out[0]}, b.scratch);
        else
            primitive.run({b.in[0], b.in[1], b.out[0]}, b.scratch);
        if (relu) rectify(b.output<float>(0), places);
    }
};

// (filter, dy) -> dx
struct ConvolutionData : Plan {
    Primitive primitive;

    explicit ConvolutionData(Args &a) {
        Geometry g(a);
        auto pd = made(g, [](const Geometry &h) {
            return Data::primitive_desc(engine(), dnnl::algorithm::convolution_direct, h.images(), h.filters(), h.output(),
                                        h.strides, h.dilates, h.pads, h.far(), hint(h), user_scratchpad());
        });
        primitive = Primitive(Data(pd), pd);
        primitive.add(DNNL_ARG_WEIGHTS, pd.weights_desc());
        primitive.add(DNNL_ARG_DIFF_DST, pd.diff_dst_desc());
        primitive.add(DNNL_ARG_DIFF_SRC, pd.diff_src_desc());
        scratch_bytes = primitive.scratch_bytes();
        chosen = {layout_of(pd.weights_desc())};
    }
    // oneDNN wants the forward operation that a gradient belongs to.
    static Forward::primitive_desc hint(const Geometry &g) {
        Geometry any = g;
        any.layout = Layout();
        return forward(any, false);
    }
    void run(const Buffers &b) const override { primitive.run({b.in[0], b.in[1], b.out[0]}, b.scratch); }
};

// (x, dy) -> dfilter, and dbias where it is asked for
struct ConvolutionFilter : Plan {
    Primitive primitive;
    bool bias;

    explicit ConvolutionFilter(Args &a) {
        Geometry g(a);
        bias = a.flag();
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
        scratch_bytes = primitive.scratch_bytes();
        chosen = {layout_of(pd.diff_weights_desc())};
    }
    void run(const Buffers &b) const override {
        if (bias)
            primitive.run({b.in[0], b.in[1], b.out[0], b.out[1]}, b.scratch);
        else
            primitive.run({b.in[0], b.in[1], b.out[0]}, b.scratch);
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
