// Copies between boxes of elements with strides: broadcast, transpose, slice, pad, concatenate, in any layout
// without gaps.
#include "parallel.h"
#include "plan.h"
#include "transpose.h"
#include <numeric>

namespace mocha {

namespace {

constexpr size_t MAX_RANK = 12;
// Elements that one thread copies at least, and in one go at most.
constexpr int64_t LEAST = 1 << 15, CHUNK = 1 << 14;

// The outer axes of a copy.
struct Axes {
    std::vector<int64_t> extent, in, out;

    int64_t count() const {
        return std::accumulate(extent.begin(), extent.end(), int64_t{1}, [](int64_t a, int64_t b) { return a * b; });
    }
    void erase(size_t i) {
        for (auto *v : {&extent, &in, &out}) v->erase(v->begin() + static_cast<int64_t>(i));
    }
};

// A place on the outer axes, last axis fastest.
class Walk {
public:
    Walk(const Axes &axes, int64_t index) : axes_(axes) {
        for (size_t i = axes.extent.size(); i-- > 0;) {
            at_[i] = index % axes.extent[i];
            index /= axes.extent[i];
            in += at_[i] * axes.in[i];
            out += at_[i] * axes.out[i];
        }
    }
    void next() {
        for (size_t i = axes_.extent.size(); i-- > 0;) {
            in += axes_.in[i];
            out += axes_.out[i];
            if (++at_[i] < axes_.extent[i]) return;
            in -= at_[i] * axes_.in[i];
            out -= at_[i] * axes_.out[i];
            at_[i] = 0;
        }
    }
    int64_t in = 0, out = 0;

private:
    const Axes &axes_;
    int64_t at_[MAX_RANK];
};

// One box. The innermost axis is the one along which the output is written.
template <class T> class Part {
public:
    Part(Args &a) {
        input_ = a.small();
        if (input_ < 0) value_ = static_cast<T>(a.real());
        axes_.extent = a.list();
        axes_.in = a.list();
        in_at_ = a.whole();
        axes_.out = a.list();
        out_at_ = a.whole();
        if (axes_.in.size() != axes_.extent.size() || axes_.out.size() != axes_.extent.size())
            throw Error("copy: strides do not fit the extents");
        elements_ = axes_.count();
        if (elements_ > 0) simplify();
    }

    int input() const { return input_; }

    void run(const T *from, T *to) const {
        if (elements_ == 0) return;
        const T *x = input_ < 0 ? &value_ : from + in_at_;
        T *y = to + out_at_;
        if (columns_ > 0) squares(x, y);
        else runs(x, y);
    }

private:
    int input_;
    T value_ = 0;
    Axes axes_;
    int64_t in_at_, out_at_, elements_;
    int64_t length_ = 1, in_step_ = 1, out_step_ = 1;  // the innermost axis
    int64_t columns_ = 0, column_out_ = 0;             // the axis along which the input lies, if it is another

    void simplify() {
        for (size_t i = axes_.extent.size(); i-- > 0;)
            if (axes_.extent[i] == 1) axes_.erase(i);
        sort();
        for (size_t i = axes_.extent.size(); i-- > 1;) {
            int64_t n = axes_.extent[i];
            if (axes_.out[i - 1] != axes_.out[i] * n || axes_.in[i - 1] != axes_.in[i] * n) continue;
            axes_.extent[i] *= axes_.extent[i - 1];
            axes_.erase(i - 1);
        }
        if (axes_.extent.size() > MAX_RANK + 1) throw Error("copy: more than 12 axes");
        if (axes_.extent.empty()) return;
        size_t last = axes_.extent.size() - 1;
        length_ = axes_.extent[last];
        in_step_ = axes_.in[last];
        out_step_ = axes_.out[last];
        axes_.erase(last);
        if (out_step_ != 1 || in_step_ < 2) return;
        for (size_t i = 0; i < axes_.extent.size(); i++)
            if (axes_.in[i] == 1) {
                columns_ = axes_.extent[i];
                column_out_ = axes_.out[i];
                axes_.erase(i);
                return;
            }
    }

    // By the strides of the output, longest first.
    void sort() {
        for (size_t i = 1; i < axes_.extent.size(); i++)
            for (size_t k = i; k > 0 && axes_.out[k - 1] < axes_.out[k]; k--)
                for (auto *v : {&axes_.extent, &axes_.in, &axes_.out}) std::swap((*v)[k - 1], (*v)[k]);
    }

    void runs(const T *x, T *y) const {
        const int64_t chunks = (length_ + CHUNK - 1) / CHUNK;
        parallel(elements_ / length_ * chunks, 1, elements_ < LEAST ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
            Walk w(axes_, from / chunks);
            int64_t chunk = from % chunks;
            for (int64_t u = from; u < to; u++) {
                const int64_t at = chunk * CHUNK, n = std::min(CHUNK, length_ - at);
                row(x + w.in + at * in_step_, y + w.out + at * out_step_, n);
                if (++chunk == chunks) {
                    chunk = 0;
                    w.next();
                }
            }
        });
    }

    void row(const T *__restrict x, T *__restrict y, int64_t n) const {
        if (out_step_ == 1 && in_step_ == 1) {
            short_copy(x, y, n);
        } else if (out_step_ == 1 && in_step_ == 0) {
            std::fill_n(y, n, *x);
        } else {
            for (int64_t i = 0; i < n; i++) y[i * out_step_] = x[i * in_step_];
        }
    }

    // As memcpy, whose call costs more than a short run.
    static void short_copy(const T *__restrict x, T *__restrict y, int64_t n) {
        constexpr int64_t few = 16;
        if (n > 8 * few) {
            std::memcpy(y, x, n * sizeof(T));
            return;
        }
        int64_t i = 0;
        for (; i + few <= n; i += few) std::memcpy(y + i, x + i, few * sizeof(T));
        for (; i < n; i++) y[i] = x[i];
    }

    void squares(const T *x, T *y) const {
        constexpr int64_t width = 64 / sizeof(T), height = 512;
        const int64_t across = (columns_ + width - 1) / width, down = (length_ + height - 1) / height;
        const int64_t units = axes_.count() * across * down;
        parallel(units, 1, elements_ < LEAST ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
            for (int64_t u = from; u < to; u++) {
                const Walk w(axes_, u / (across * down));
                const int64_t c = u % across * width, r = u / across % down * height;
                transpose(x + w.in + c + r * in_step_, in_step_, y + w.out + c * column_out_ + r, column_out_,
                          std::min(height, length_ - r), std::min(width, columns_ - c));
            }
        });
    }
};

template <class T> struct StridedCopy : Plan {
    std::vector<Part<T>> parts;
    explicit StridedCopy(Args &a) {
        for (int64_t n = a.whole(); n > 0; n--) parts.emplace_back(a);
    }
    void run(const Buffers &b) const override {
        for (const Part<T> &p : parts)
            p.run(p.input() < 0 ? nullptr : b.input<T>(p.input()), b.output<T>(0));
    }
};

}  // namespace

PlanPtr strided_copy(Args &a) { return of_type<StridedCopy>(a); }

}  // namespace mocha
