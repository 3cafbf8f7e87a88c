// What every kernel is written against: arguments, buffers, plans.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace mocha {

using Shape = std::vector<int64_t>;

enum class Type : int64_t { f32 = 0, f64 = 1, i32 = 2, i64 = 3 };

// A refusal or a failure, told to Java with its text.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Layout {
    enum Kind : int64_t { plain = 0, nhwc = 1, opaque = 2 };
    Kind kind = plain;
    std::vector<int64_t> words;  // of an opaque layout: oneDNN's serialised descriptor, length in bytes first
    int64_t elements = 0;        // of an opaque layout: what a tensor takes, padding included
};

struct Device {
    int threads;
};

// The arguments of a plan, read in the order in which Java wrote them.
class Args {
public:
    Args(const Device &device, const int64_t *whole, int wholes, const double *reals, int real_count)
        : device(device), whole_(whole), whole_end_(whole + wholes), real_(reals), real_end_(reals + real_count) {}

    const Device &device;

    int64_t whole() {
        if (whole_ == whole_end_) throw Error("a plan has too few arguments");
        return *whole_++;
    }
    int small() { return static_cast<int>(whole()); }
    bool flag() { return whole() != 0; }
    double real() {
        if (real_ == real_end_) throw Error("a plan has too few numbers");
        return *real_++;
    }
    Type type() { return static_cast<Type>(whole()); }
    // A count, then as many numbers: shapes, axes, lists.
    std::vector<int64_t> list() {
        int64_t n = whole();
        if (n < 0 || n > whole_end_ - whole_) throw Error("a plan has a list of " + std::to_string(n) + " arguments");
        std::vector<int64_t> all(whole_, whole_ + n);
        whole_ += n;
        return all;
    }
    Shape shape() { return list(); }
    Layout layout() {
        Layout l;
        l.kind = static_cast<Layout::Kind>(whole());
        if (l.kind == Layout::opaque) l.words = list();
        return l;
    }

private:
    const int64_t *whole_, *whole_end_;
    const double *real_, *real_end_;
};

// What a plan has made for one command, once, see Plan::prepare.
class Prepared {
public:
    virtual ~Prepared() = default;
};

// The addresses of one command. Inputs and outputs are dense unless the plan said otherwise.
struct Buffers {
    std::vector<void *> in, out;
    void *scratch = nullptr;
    void *saved = nullptr;
    int64_t *status = nullptr;
    const Prepared *prepared = nullptr;

    template <class T> const T *input(int i) const { return static_cast<const T *>(in[i]); }
    template <class T> T *output(int i) const { return static_cast<T *>(out[i]); }
    // The status word is clear, see org.mocha4j.api.backend.Status.
    bool clear() const { return status[0] == 0; }
    // Reports what only the data can show; the first report stays.
    void report(int64_t code, int64_t index, double value) const {
        if (status[0] == 0) {
            status[2] = index;
            std::memcpy(&status[3], &value, sizeof value);
            status[0] = code;
        }
    }
};

constexpr int64_t BAD_LABEL = 1, NOT_FINITE = 2, BAD_INDEX = 3;

// Immutable; run by several threads at once on buffers of their own.
class Plan {
public:
    virtual ~Plan() = default;
    virtual void run(const Buffers &b) const = 0;
    // What run needs of these buffers and would otherwise make each time; b.prepared is that then.
    virtual std::unique_ptr<Prepared> prepare(const Buffers &) const { return nullptr; }
    size_t scratch_bytes = 0;
    size_t saved_bytes = 0;
    std::vector<Layout> chosen;  // layouts that the plan asks for where it may choose
};

using PlanPtr = std::unique_ptr<Plan>;
using Factory = PlanPtr (*)(Args &);

// The factory of a name; null if there is none.
Factory find(const std::string &name);

// Makes K<float> or K<double>, whichever the first argument says.
template <template <class> class K> PlanPtr of_type(Args &a) {
    switch (a.type()) {
    case Type::f32: return std::make_unique<K<float>>(a);
    case Type::f64: return std::make_unique<K<double>>(a);
    default: throw Error("type must be float32 or float64");
    }
}

inline int64_t product(const Shape &s, size_t from, size_t to) {
    int64_t n = 1;
    for (size_t i = from; i < to; i++) n *= s[i];
    return n;
}
inline int64_t elements(const Shape &s) { return product(s, 0, s.size()); }

}  // namespace mocha
