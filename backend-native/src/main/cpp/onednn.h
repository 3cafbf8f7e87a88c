// What the kernels that call oneDNN share.
#pragma once
#include "parallel.h"
#include "plan.h"
#include <atomic>
#include <oneapi/dnnl/dnnl.hpp>

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

// A primitive of one thread and the descriptors of its arguments.
class Primitive {
public:
    template <class PD> Primitive(const dnnl::primitive &p, const PD &pd) : primitive_(p), scratchpad_(pd.scratchpad_desc()) {}

    void add(int argument, const Desc &d) { arguments_.push_back({argument, d}); }
    size_t scratch_bytes() const { return scratchpad_.get_size(); }

private:
    friend class Pieces;
    dnnl::primitive primitive_;
    Desc scratchpad_;
    std::vector<std::pair<int, Desc>> arguments_;
};

// Where an argument of a primitive begins: so many floats behind the beginning of an input, an output, or of the scratch memory.
struct Place {
    enum Kind { in, out, scratch } kind;
    int index = 0;
    int64_t offset = 0;
};

// What oneDNN computes for a plan, cut into pieces. How many there are follows from the shapes, and each is computed by one thread, so
// that the bits do not depend on how many threads there are: oneDNN alone chooses implementations and cuts sums by their number.
class Pieces {
public:
    // How many pieces work of so many multiplications is worth: a power of 2, at most `most`.
    static int64_t worth(int64_t multiplications, int64_t each, int64_t most) {
        int64_t n = 1;
        while (2 * n <= most && n * each < multiplications) n *= 2;
        return n;
    }

    size_t add(Primitive p) {
        primitives_.push_back(std::move(p));
        return primitives_.size() - 1;
    }
    // Places in the order in which the primitive's arguments were added.
    void add(size_t primitive, std::vector<Place> places) { pieces_.push_back({primitive, std::move(places)}); }

    // Scratch memory with `floats` in front, which places may name.
    size_t scratch_bytes(const Device &d, int64_t floats = 0) {
        front_ = (sizeof(float) * static_cast<size_t>(floats) + 63) / 64 * 64;
        threads_ = pieces_.size() == 1 ? 1 : d.threads;
        for (const Primitive &p : primitives_) own_ = std::max(own_, (p.scratch_bytes() + 63) / 64 * 64);
        return front_ + own_ * static_cast<size_t>(threads_);
    }
    std::unique_ptr<Prepared> prepare(const Buffers &b) const {
        auto all = std::make_unique<Bound>();
        for (const Piece &p : pieces_) all->calls.push_back(bound(p, b));
        for (int t = 0; t < threads_; t++) {
            all->streams.emplace_back(engine());
            char *own = static_cast<char *>(b.scratch) + front_ + own_ * static_cast<size_t>(t);
            for (const Primitive &p : primitives_)
                all->scratch.push_back(p.scratch_bytes() == 0 ? dnnl::memory()
                                                              : dnnl::memory(p.scratchpad_, engine(), own));
        }
        return all;
    }
    void run(const Buffers &b) const {
        const Bound &all = *static_cast<const Bound *>(b.prepared);
        std::atomic<int> failure{dnnl_success};
        each(static_cast<int64_t>(pieces_.size()), true, [&](int64_t i) {
            const Call &c = all.calls[static_cast<size_t>(i)];
            const size_t me = static_cast<size_t>(Pool::me()), own = me * primitives_.size() + pieces_[static_cast<size_t>(i)].primitive;
            dnnl_exec_arg_t arguments[MOST];
            size_t n = 0;
            for (const dnnl_exec_arg_t &a : c.arguments) arguments[n++] = a;
            if (all.scratch[own]) arguments[n++] = {DNNL_ARG_SCRATCHPAD, all.scratch[own].get()};
            try {
                dnnl_status_t s = dnnl_primitive_execute(c.primitive, all.streams[me].get(), static_cast<int>(n), arguments);
                if (s != dnnl_success) failure = s;
            } catch (...) {
                failure = dnnl_out_of_memory;  // it allocates; nothing else is thrown
            }
        });
        if (failure != dnnl_success)
            throw dnnl::error(static_cast<dnnl_status_t>(failure.load()), "a primitive cannot be executed");
    }

private:
    static constexpr size_t MOST = 6;
    struct Piece {
        size_t primitive;
        std::vector<Place> places;
    };
    struct Call {
        const_dnnl_primitive_t primitive;
        std::vector<dnnl::memory> memory;
        std::vector<dnnl_exec_arg_t> arguments;
    };
    struct Bound : Prepared {
        std::vector<Call> calls;
        std::vector<dnnl::stream> streams;  // of each thread
        std::vector<dnnl::memory> scratch;  // of each thread, of each primitive
    };

    Call bound(const Piece &piece, const Buffers &b) const {
        const Primitive &p = primitives_[piece.primitive];
        Call c{p.primitive_.get(), {}, {}};
        for (size_t i = 0; i < piece.places.size(); i++) {
            const Place &at = piece.places[i];
            void *from = at.kind == Place::in ? b.in[at.index] : at.kind == Place::out ? b.out[at.index] : b.scratch;
            c.memory.emplace_back(p.arguments_[i].second, engine(), static_cast<float *>(from) + at.offset);
            c.arguments.push_back({p.arguments_[i].first, c.memory.back().get()});
        }
        return c;
    }

    std::vector<Primitive> primitives_;
    std::vector<Piece> pieces_;
    size_t front_ = 0, own_ = 0;
    int threads_ = 1;
};

}  // namespace mocha
