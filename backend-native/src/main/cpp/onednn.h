// What the kernels that call oneDNN share.
#pragma once
#include "parallel.h"
#include "plan.h"
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

namespace mocha {

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
constexpr auto F32 = dnnl::memory::data_type::f32;

inline dnnl::engine &engine() {
    static dnnl::engine e(dnnl::engine::kind::cpu, 0);
    return e;
}

inline Desc descriptor(const Layout &l) {
    if (l.words.empty() || l.words[0] < 0 || l.words[0] > static_cast<int64_t>((l.words.size() - 1) * 8))
        throw Error("an opaque layout without its descriptor");
    std::vector<uint8_t> blob(static_cast<size_t>(l.words[0]));
    std::memcpy(blob.data(), l.words.data() + 1, blob.size());
    return Desc(blob);
}

// Row-major without gaps.
inline Desc plain(const Dims &d) {
    Dims strides(d.size(), 1);
    for (size_t i = d.size(); i-- > 1;) strides[i - 1] = strides[i] * std::max<int64_t>(1, d[i]);
    return Desc(d, F32, strides);
}

// A layout for Java: plain, or the serialised descriptor's bytes as words, their number first.
inline Layout layout_of(const Desc &d) {
    Layout l;
    l.elements = static_cast<int64_t>(d.get_size() / sizeof(float));
    if (d == plain(d.get_dims())) return l;
    auto blob = const_cast<Desc &>(d).get_blob();
    l.kind = Layout::opaque;
    l.words.assign(1 + (blob.size() + 7) / 8, 0);
    l.words[0] = static_cast<int64_t>(blob.size());
    std::memcpy(l.words.data() + 1, blob.data(), blob.size());
    return l;
}

// Images with channels last.
inline Desc channels_last(const Dims &d) { return Desc(d, F32, Tag::nhwc); }

inline dnnl::primitive_attr user_scratchpad() {
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attr;
}

// max(y, 0), NaN for NaN. oneDNN's own gives 0 for NaN, which would hide that a net has come apart.
inline void rectify(float *y, int64_t n) {
    parallel(n, 64, 1 << 15, [=](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; i++) y[i] = y[i] <= 0 ? 0.0f : y[i];
    });
}

// A primitive and the descriptors of its arguments. Scratch memory belongs to the execution, so that many may run it.
class Primitive {
public:
    Primitive() = default;
    template <class PD> Primitive(const dnnl::primitive &p, const PD &pd) : primitive_(p), scratchpad_(pd.scratchpad_desc()) {}

    void add(int argument, const Desc &d) { arguments_.push_back({argument, d}); }
    size_t scratch_bytes() const { return scratchpad_.get_size(); }

    // Addresses in the order in which the arguments were added.
    void run(std::initializer_list<const void *> addresses, void *scratch) const {
        dnnl::stream stream(engine());
        std::unordered_map<int, dnnl::memory> all;
        size_t i = 0;
        for (const void *p : addresses) {
            all.emplace(arguments_[i].first, dnnl::memory(arguments_[i].second, engine(), const_cast<void *>(p)));
            i++;
        }
        if (scratchpad_.get_size() > 0) all.emplace(DNNL_ARG_SCRATCHPAD, dnnl::memory(scratchpad_, engine(), scratch));
        primitive_.execute(stream, all);
        stream.wait();
    }

private:
    dnnl::primitive primitive_;
    Desc scratchpad_;
    std::vector<std::pair<int, Desc>> arguments_;
};

}  // namespace mocha
