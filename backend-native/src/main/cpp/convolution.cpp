// Convolution and its gradients by oneDNN, float32, images with channels last, in slices of the images.
#include "onednn.h"
#include <map>
#include <optional>
#include <tuple>

namespace mocha {

namespace {

// A convolution as Java writes it: shapes of images, filters and output, window, groups, layout of the filters.
struct Geometry {
    Dims x, filter, y, strides, dilates, pads;
    std::optional<Desc> layout;  // of the filters; none means that oneDNN may choose

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
        Layout l = a.layout();
        if (l.kind == Layout::opaque) layout = descriptor(l);
    }
    // Of the kernel, along an axis, with its gaps.
    int64_t reach(int axis) const { return (filter[filter.size() - 2 + axis] - 1) * (dilates[axis] + 1) + 1; }
    // Pads at the far sides, so that the output has the given extents.
    Dims far() const {
        Dims p(2);
        for (int i = 0; i < 2; i++) p[i] = (y[2 + i] - 1) * strides[i] + reach(i) - x[2 + i] - pads[i];
        return p;
    }
    Desc images() const { return channels_last(x); }
    Desc output() const { return channels_last(y); }
    Desc filters() const { return layout ? *layout : Desc(filter, F32, Tag::any); }
    Desc bias() const { return Desc({y[1]}, F32, Tag::x); }
    int64_t multiplications() const {
        return elements(y) * product(filter, 0, filter.size()) / std::max<int64_t>(1, y[1]);
    }
};

// Some images, or some rows of one image, and where they begin.
struct Slice {
    Geometry g;
    int64_t x, y;
};

// n images from number `first` on.
Slice images(const Geometry &g, int64_t first, int64_t n) {
    Slice s{g, first * product(g.x, 1, 4), first * product(g.y, 1, 4)};
    s.g.x[0] = s.g.y[0] = n;
    return s;
}

// Of one image: n rows of the output from `first` on, and the rows of the image that they need.
Slice rows(const Slice &image, int64_t first, int64_t n) {
    Slice s = image;
    const int64_t from = first * s.g.strides[0] - s.g.pads[0], to = from + (n - 1) * s.g.strides[0] + s.g.reach(0);
    const int64_t least = std::clamp<int64_t>(from, 0, s.g.x[2] - 1), end = std::clamp<int64_t>(to, least + 1, s.g.x[2]);
    s.g.pads[0] = least - from;
    s.g.x[2] = end - least, s.g.y[2] = n;
    s.x += least * s.g.x[3] * s.g.x[1];
    s.y += first * s.g.y[3] * s.g.y[1];
    return s;
}

constexpr int64_t EACH = 1 << 20;  // multiplications that are worth a piece: some 20 microseconds

// Images in at most `most` slices.
std::vector<Slice> by_images(const Geometry &g, int64_t most) {
    const int64_t n = std::min(g.x[0], Pieces::worth(g.multiplications(), EACH, most));
    std::vector<Slice> all;
    for (int64_t i = 0; i < n; i++) all.push_back(images(g, g.x[0] * i / n, g.x[0] * (i + 1) / n - g.x[0] * i / n));
    return all;
}

// Images, and where those are few, their rows.
std::vector<Slice> by_rows(const Geometry &g, int64_t most) {
    const int64_t wanted = Pieces::worth(g.multiplications(), EACH, most), n = g.x[0];
    const int64_t high = std::min(g.y[2] / 2, wanted / n);
    if (high < 2) return by_images(g, most);
    std::vector<Slice> all;
    for (int64_t i = 0; i < n; i++)
        for (int64_t r = 0; r < high; r++)
            all.push_back(rows(images(g, i, 1), g.y[2] * r / high, g.y[2] * (r + 1) / high - g.y[2] * r / high));
    return all;
}

using Forward = dnnl::convolution_forward;
using Data = dnnl::convolution_backward_data;
using Filter = dnnl::convolution_backward_weights;

bool fast(const std::string &implementation) {
    return implementation.find("ref") == std::string::npos && implementation.find("gemm") == std::string::npos;
}

struct Made {
    Primitive primitive;
    Desc filters;
    bool fast;
};

// The primitives of all slices, which read or write filters in one layout. make(geometry) makes one.
class Primitives {
public:
    // Takes the first way to slice whose slices all have the layout that is best for the first; the last is one for everything.
    template <class Make>
    Primitives(Pieces &pieces, const Geometry &g, std::vector<std::vector<Slice>> ways, const Make &make) {
        ways.push_back({images(g, 0, g.x[0])});
        for (std::vector<Slice> &way : ways) {
            slices = std::move(way);
            pieces = Pieces();
            numbers_.clear(), of.clear();
            if (all(pieces, make)) return;
        }
        throw Error("oneDNN has no implementation");
    }
    std::vector<Slice> slices;
    std::vector<size_t> of;  // the primitive of each slice
    Layout layout;           // of the filters

private:
    template <class Make> bool all(Pieces &pieces, const Make &make) {
        std::optional<Made> first = best(slices[0].g, make);
        if (!first) return false;
        layout = layout_of(first->filters);
        for (Slice &s : slices) {
            auto key = std::make_tuple(s.g.x, s.g.y, s.g.pads);
            auto known = numbers_.find(key);
            if (known == numbers_.end()) {
                s.g.layout = first->filters;
                std::optional<Made> m = attempt(s.g, make);
                if (!m || m->fast != first->fast) return false;
                known = numbers_.emplace(key, pieces.add(std::move(m->primitive))).first;
            }
            of.push_back(known->second);
        }
        return true;
    }
    // In the filters' layout that was asked for, or, where oneDNN has nothing fast for that, in its own.
    template <class Make> static std::optional<Made> best(Geometry g, const Make &make) {
        if (g.layout) {
            std::optional<Made> m = attempt(g, make);
            if (m && m->fast) return m;
            g.layout.reset();
        }
        return attempt(g, make);
    }
    template <class Make> static std::optional<Made> attempt(const Geometry &g, const Make &make) {
        try {
            return make(g);
        } catch (const dnnl::error &) {
            return std::nullopt;  // not in this layout, or not at all
        }
    }

    std::map<std::tuple<Dims, Dims, Dims>, size_t> numbers_;
};

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

// oneDNN wants the forward operation that a gradient belongs to.
Forward::primitive_desc hint(const Geometry &g) {
    Geometry any = g;
    any.layout.reset();
    return forward(any, false);
}

struct OneDnnPlan : Plan {
    Pieces pieces;

    std::unique_ptr<Prepared> prepare(const Buffers &b) const override { return pieces.prepare(b); }
};

struct ConvolutionForward : OneDnnPlan {
    bool bias, relu;
    int64_t places;

    explicit ConvolutionForward(Args &a) {
        Geometry g(a);
        bias = a.flag();
        relu = a.flag();
        places = elements(g.y);
        Primitives p(pieces, g, {by_rows(g, 64), by_images(g, 64)}, [&](const Geometry &h) {
            auto pd = forward(h, bias);
            Primitive one(Forward(pd), pd);
            one.add(DNNL_ARG_SRC, pd.src_desc());
            one.add(DNNL_ARG_WEIGHTS, pd.weights_desc());
            one.add(DNNL_ARG_DST, pd.dst_desc());
            if (bias) one.add(DNNL_ARG_BIAS, pd.bias_desc());
            return Made{one, pd.weights_desc(), fast(pd.impl_info_str())};
        });
        for (size_t i = 0; i < p.slices.size(); i++) {
            std::vector<Place> at{{Place::in, 0, p.slices[i].x}, {Place::in, 1}, {Place::out, 0, p.slices[i].y}};
            if (bias) at.push_back({Place::in, 2});
            pieces.add(p.of[i], at);
        }
        scratch_bytes = pieces.scratch_bytes(a.device);
        chosen = {p.layout};
    }
    void run(const Buffers &b) const override {
        pieces.run(b);
        if (relu) rectify(b.output<float>(0), places);
    }
};

// (filter, dy) -> dx
struct ConvolutionData : OneDnnPlan {
    explicit ConvolutionData(Args &a) {
        Geometry g(a);
        Primitives p(pieces, g, {by_images(g, 64)}, [](const Geometry &h) {
            Data::primitive_desc pd(engine(), dnnl::algorithm::convolution_direct, h.images(), h.filters(), h.output(), h.strides,
                                    h.dilates, h.pads, h.far(), hint(h), user_scratchpad());
            Primitive one(Data(pd), pd);
            one.add(DNNL_ARG_WEIGHTS, pd.weights_desc());
            one.add(DNNL_ARG_DIFF_DST, pd.diff_dst_desc());
            one.add(DNNL_ARG_DIFF_SRC, pd.diff_src_desc());
            return Made{one, pd.weights_desc(), fast(pd.impl_info_str())};
        });
        for (size_t i = 0; i < p.slices.size(); i++)
            pieces.add(p.of[i], {{Place::in, 0}, {Place::in, 1, p.slices[i].y}, {Place::out, 0, p.slices[i].x}});
        scratch_bytes = pieces.scratch_bytes(a.device);
        chosen = {p.layout};
    }
    void run(const Buffers &b) const override { pieces.run(b); }
};

// (x, dy) -> dfilter, and dbias where it is asked for; each slice has sums of its own
struct ConvolutionFilter : OneDnnPlan {
    bool bias;
    int64_t filters, biases, parts, stride = 0;  // floats of the filters, and from the sums of one slice to those of the next

    explicit ConvolutionFilter(Args &a) {
        Geometry g(a);
        bias = a.flag();
        biases = g.y[1];
        // sums take 64 MiB at most
        const int64_t most = std::clamp<int64_t>((16 << 20) / std::max<int64_t>(1, elements(g.filter)), 1, 16);
        Primitives p(pieces, g, {by_images(g, most)}, [&](const Geometry &h) {
            Filter::primitive_desc pd = gradient(h, bias);
            Primitive one(Filter(pd), pd);
            one.add(DNNL_ARG_SRC, pd.src_desc());
            one.add(DNNL_ARG_DIFF_DST, pd.diff_dst_desc());
            one.add(DNNL_ARG_DIFF_WEIGHTS, pd.diff_weights_desc());
            if (bias) one.add(DNNL_ARG_DIFF_BIAS, pd.diff_bias_desc());
            return Made{one, pd.diff_weights_desc(), fast(pd.impl_info_str())};
        });
        chosen = {p.layout};
        filters = p.layout.elements;
        parts = static_cast<int64_t>(p.slices.size());
        if (parts > 1) stride = (filters + biases + 15) / 16 * 16;
        for (int64_t i = 0; i < parts; i++) {
            const Slice &s = p.slices[static_cast<size_t>(i)];
            const Place::Kind to = parts > 1 ? Place::scratch : Place::out;
            std::vector<Place> at{{Place::in, 0, s.x}, {Place::in, 1, s.y}, {to, 0, i * stride}};
            if (bias) at.push_back(parts > 1 ? Place{to, 0, i * stride + filters} : Place{to, 1});
            pieces.add(p.of[static_cast<size_t>(i)], at);
        }
        scratch_bytes = pieces.scratch_bytes(a.device, parts * stride);
    }
    static Filter::primitive_desc gradient(const Geometry &h, bool bias) {
        auto how = dnnl::algorithm::convolution_direct;
        auto attr = user_scratchpad();
        if (bias)
            return Filter::primitive_desc(engine(), how, h.images(), h.filters(), h.bias(), h.output(), h.strides, h.dilates,
                                          h.pads, h.far(), hint(h), attr);
        return Filter::primitive_desc(engine(), how, h.images(), h.filters(), h.output(), h.strides, h.dilates, h.pads,
                                      h.far(), hint(h), attr);
    }
    void run(const Buffers &b) const override {
        pieces.run(b);
        if (parts == 1) return;
        const float *all = static_cast<const float *>(b.scratch);
        add(all, b.output<float>(0), filters);
        if (bias) add(all + filters, b.output<float>(1), biases);
    }

private:
    // The sum over the slices, in their order.
    void add(const float *from, float *to, int64_t n) const {
        parallel(n, 64, 1 << 14, [&](int64_t first, int64_t last) {
            std::copy(from + first, from + last, to + first);
            for (int64_t p = 1; p < parts; p++) {
                const float *x = from + p * stride;
#pragma GCC ivdep
                for (int64_t i = first; i < last; i++) to[i] += x[i];
            }
        });
    }
};

// Between layouts of filters.
struct Reorder : OneDnnPlan {
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
        Primitive one(dnnl::reorder(pd), pd);
        one.add(DNNL_ARG_FROM, source);
        one.add(DNNL_ARG_TO, target);
        pieces.add(pieces.add(one), {{Place::in, 0}, {Place::out, 0}});
        scratch_bytes = pieces.scratch_bytes(a.device);
    }
    void run(const Buffers &b) const override { pieces.run(b); }
};

}  // namespace

PlanPtr convolution_forward(Args &a) { return std::make_unique<ConvolutionForward>(a); }
PlanPtr convolution_data(Args &a) { return std::make_unique<ConvolutionData>(a); }
PlanPtr convolution_filter(Args &a) { return std::make_unique<ConvolutionFilter>(a); }
PlanPtr filter_reorder(Args &a) { return std::make_unique<Reorder>(a); }

}  // namespace mocha
