// Runs of element-wise ops: short programs interpreted over blocks that stay in the first-level cache.
#include "functions.h"
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

enum Opcode {
    AFFINE, EXP, LOG, TANH, POW, ABS, SIGN, ADD, MULTIPLY, DIVIDE, MAX, SELECT_LESS, SELECT_LESS_OR_EQUAL, SELECT_EQUAL,
    RELU, RELU_GRADIENT, SIGMOID, SIGMOID_GRADIENT, DROPOUT, OPCODES
};

// As the fusion of the runtime has them.
constexpr size_t MAX_INSTRUCTIONS = 24, MAX_INPUTS = 8;
// Bytes of a block of one operand.
constexpr int64_t BLOCK_BYTES = 2048;

struct Instruction {
    int code;
    int operands[4] = {0, 0, 0, 0};
    double p = 0, q = 0;
};

size_t arity(int code) {
    switch (code) {
    case SELECT_LESS:
    case SELECT_LESS_OR_EQUAL:
    case SELECT_EQUAL: return 4;
    case ADD:
    case MULTIPLY:
    case DIVIDE:
    case MAX:
    case RELU_GRADIENT:
    case SIGMOID_GRADIENT:
    case DROPOUT: return 2;
    default: return 1;
    }
}

// y may be one of the operands, element by element, but may not overlap them otherwise.
template <class T, class F> inline void map(int64_t n, const T *a, T *y, const F &f) {
#pragma GCC ivdep
    for (int64_t i = 0; i < n; i++) y[i] = f(a[i]);
}
template <class T, class F> inline void map(int64_t n, const T *a, const T *b, T *y, const F &f) {
#pragma GCC ivdep
    for (int64_t i = 0; i < n; i++) y[i] = f(a[i], b[i]);
}
template <class T, class F> inline void select(int64_t n, const T *const *x, T *y, const F &holds) {
    const T *a = x[0], *b = x[1], *c = x[2], *d = x[3];
#pragma GCC ivdep
    for (int64_t i = 0; i < n; i++) {
        T u = c[i], v = d[i];
        y[i] = holds(a[i], b[i]) ? u : v;
    }
}

template <class T> void powers(int64_t n, const T *x, T *y, double e) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    // -0 and minus infinity have positive roots, see C's pow
    auto root = [](T a) { return a == -inf ? inf : std::sqrt(a + T(0)); };
    if (e == 0) {
        map(n, x, y, [](T) { return T(1); });
    } else if (e == 1) {
        map(n, x, y, [](T a) { return a; });
    } else if (e == 2) {
        map(n, x, y, [](T a) { return a * a; });
    } else if (e == 3) {
        map(n, x, y, [](T a) { return a * a * a; });
    } else if (e == -1) {
        map(n, x, y, [](T a) { return T(1) / a; });
    } else if (e == 0.5) {
        map(n, x, y, root);
    } else if (e == -0.5) {
        map(n, x, y, [&](T a) { return T(1) / root(a); });
    } else if (e == 0.75) {
        map(n, x, y, [&](T a) { return root(a) * root(root(a)); });
    } else if (e == -0.75) {
        map(n, x, y, [&](T a) { return T(1) / (root(a) * root(root(a))); });
    } else {
        const Exponent exponent(e);
        map(n, x, y, [=](T a) { return power(a, exponent); });
    }
}

// One instruction over n elements of a block.
template <class T> void apply(const Instruction &o, int64_t n, const T *const *x, T *y) {
    const T *a = x[0], *b = x[1];
    const T p = static_cast<T>(o.p), q = static_cast<T>(o.q);
    switch (o.code) {
    case AFFINE: map(n, a, y, [=](T v) { return p * v + q; }); break;
    case EXP: map(n, a, y, [](T v) { return exponential(v); }); break;
    case LOG: map(n, a, y, [](T v) { return logarithm(v); }); break;
    case TANH: map(n, a, y, [](T v) { return hyperbolic_tangent(v); }); break;
    case POW: powers(n, a, y, o.p); break;
    case ABS: map(n, a, y, [](T v) { return std::fabs(v); }); break;
    case SIGN: map(n, a, y, [](T v) { return v > 0 ? T(1) : v < 0 ? T(-1) : v; }); break;
    case ADD: map(n, a, b, y, [](T v, T w) { return v + w; }); break;
    case MULTIPLY: map(n, a, b, y, [](T v, T w) { return v * w; }); break;
    case DIVIDE: map(n, a, b, y, [](T v, T w) { return v / w; }); break;
    case MAX: map(n, a, b, y, [](T v, T w) { return (v >= w) | (v != v) ? v : w; }); break;
    case SELECT_LESS: select(n, x, y, [](T v, T w) { return v < w; }); break;
    case SELECT_LESS_OR_EQUAL: select(n, x, y, [](T v, T w) { return v <= w; }); break;
    case SELECT_EQUAL: select(n, x, y, [](T v, T w) { return v == w; }); break;
    case RELU: map(n, a, y, [](T v) { return v <= 0 ? T(0) : v; }); break;
    case RELU_GRADIENT: map(n, a, b, y, [](T v, T w) { return v > 0 ? w : T(0); }); break;
    case SIGMOID: map(n, a, y, [](T v) { return logistic(v); }); break;
    case SIGMOID_GRADIENT: map(n, a, b, y, [](T v, T w) { return w * (v * (T(1) - v)); }); break;
    case DROPOUT: {
        const T scale = static_cast<T>(1 / (1 - o.p));
        map(n, a, b, y, [=](T v, T u) { return u > p ? v * scale : T(0); });
        break;
    }
    }
}

bool costly(const Instruction &o) {
    return o.code == EXP || o.code == LOG || o.code == TANH || o.code == POW || o.code == SIGMOID;
}

template <class T> struct ElementwisePlan : Plan {
    static constexpr int64_t BLOCK = BLOCK_BYTES / sizeof(T);
    int64_t size, least;
    std::vector<bool> single;  // inputs of one element, which is repeated
    std::vector<Instruction> code;
    std::vector<int64_t> results;
    std::vector<int> direct;  // of each instruction: the output that it writes, or -1
    std::vector<bool> copied;  // of each result: whether it is copied from where it was computed
    bool predicated;           // does nothing while the status word is set

    explicit ElementwisePlan(Args &a) {
        size = a.whole();
        int64_t inputs = a.whole();
        for (int64_t i = 0; i < inputs; i++) single.push_back(a.flag());
        int64_t n = a.whole();
        for (int64_t i = 0; i < n; i++) code.push_back(instruction(a, inputs + i));
        results = a.list();
        predicated = a.flag();
        if (single.size() > MAX_INPUTS || code.size() > MAX_INSTRUCTIONS)
            throw Error("element-wise: at most 8 inputs and 24 instructions expected, found " +
                        std::to_string(single.size()) + " and " + std::to_string(code.size()));
        direct.assign(code.size(), -1);
        copied.assign(results.size(), true);
        for (size_t r = 0; r < results.size(); r++) {
            int64_t i = results[r] - inputs;
            if (results[r] < 0 || i >= n) throw Error("element-wise: unknown result " + std::to_string(results[r]));
            // A single output may be the memory of an input, so it is written when all is read.
            // So may those of an update.
            if (i < 0 || direct[i] >= 0 || predicated || (results.size() == 1 && i != n - 1)) continue;
            direct[i] = static_cast<int>(r);
            copied[r] = false;
        }
        least = std::any_of(code.begin(), code.end(), costly) ? 4096 : 16384;
    }

    static Instruction instruction(Args &a, int64_t before) {
        Instruction o;
        o.code = a.small();
        if (o.code < 0 || o.code >= OPCODES) throw Error("element-wise: unknown instruction " + std::to_string(o.code));
        std::vector<int64_t> operands = a.list();
        if (operands.size() != arity(o.code))
            throw Error("element-wise: instruction " + std::to_string(o.code) + " has " +
                        std::to_string(operands.size()) + " operands");
        for (size_t i = 0; i < operands.size(); i++) {
            if (operands[i] < 0 || operands[i] >= before)
                throw Error("element-wise: unknown operand " + std::to_string(operands[i]));
            o.operands[i] = static_cast<int>(operands[i]);
        }
        if (o.code == AFFINE) {
            o.p = a.real();
            o.q = a.real();
        } else if (o.code == POW || o.code == DROPOUT) {
            o.p = a.real();
        }
        return o;
    }

    void run(const Buffers &b) const override {
        if (predicated && !b.clear()) return;
        parallel(size, BLOCK, least, [&](int64_t from, int64_t to) { piece(b, from, to); });
    }

    // Elements from ... to, block by block.
    void piece(const Buffers &b, int64_t from, int64_t to) const {
        constexpr size_t MAX = MAX_INPUTS + MAX_INSTRUCTIONS;
        alignas(64) T memory[MAX * BLOCK];
        const T *at[MAX];
        const size_t inputs = single.size();
        for (size_t i = 0; i < inputs; i++) {
            if (!single[i]) continue;
            std::fill_n(memory + i * BLOCK, BLOCK, b.input<T>(static_cast<int>(i))[0]);
            at[i] = memory + i * BLOCK;
        }
        for (int64_t f = from; f < to; f += BLOCK) {
            const int64_t n = std::min(BLOCK, to - f);
            for (size_t i = 0; i < inputs; i++)
                if (!single[i]) at[i] = b.input<T>(static_cast<int>(i)) + f;
            for (size_t i = 0; i < code.size(); i++) {
                const T *x[4];
                for (int k = 0; k < 4; k++) x[k] = at[code[i].operands[k]];
                T *y = direct[i] < 0 ? memory + (inputs + i) * BLOCK : b.output<T>(direct[i]) + f;
                apply(code[i], n, x, y);
                at[inputs + i] = y;
            }
            for (size_t r = 0; r < results.size(); r++)
                if (copied[r]) std::memmove(b.output<T>(static_cast<int>(r)) + f, at[results[r]], n * sizeof(T));
        }
    }
};

}  // namespace

PlanPtr elementwise(Args &a) { return of_type<ElementwisePlan>(a); }

}  // namespace mocha
