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

constexpr int64_t BLOCK = 512;

struct Instruction {
    int code;
    std::vector<int64_t> operands;
    double p = 0, q = 0;
};

template <class T> void powers(int64_t n, const T *__restrict a, T *__restrict y, double e) {
    if (e == 2) {
        for (int64_t i = 0; i < n; i++) y[i] = a[i] * a[i];
    } else if (e == 0.5) {
        for (int64_t i = 0; i < n; i++) y[i] = a[i] == 0 ? T(0) : std::sqrt(a[i]);
    } else if (e == -1) {
        for (int64_t i = 0; i < n; i++) y[i] = T(1) / a[i];
    } else if (e == 3) {
        for (int64_t i = 0; i < n; i++) y[i] = a[i] * a[i] * a[i];
    } else if (e == 1) {
        for (int64_t i = 0; i < n; i++) y[i] = a[i];
    } else {
        for (int64_t i = 0; i < n; i++) y[i] = power(a[i], e);
    }
}

// One instruction over n elements of a block. y is none of the operands.
template <class T> void apply(const Instruction &o, int64_t n, const T *const *x, T *__restrict y) {
    const T *__restrict a = x[0];
    const T *__restrict b = x[1];
    const T p = static_cast<T>(o.p), q = static_cast<T>(o.q);
    switch (o.code) {
    case AFFINE:
        for (int64_t i = 0; i < n; i++) {
            T product = p * a[i];
            y[i] = product + q;
        }
        break;
    case EXP:
        for (int64_t i = 0; i < n; i++) y[i] = exponential(a[i]);
        break;
    case LOG:
        for (int64_t i = 0; i < n; i++) y[i] = logarithm(a[i]);
        break;
    case TANH:
        for (int64_t i = 0; i < n; i++) y[i] = hyperbolic_tangent(a[i]);
        break;
    case POW: powers(n, a, y, o.p); break;
    case ABS:
        for (int64_t i = 0; i < n; i++) y[i] = std::fabs(a[i]);
        break;
    case SIGN:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] > 0 ? T(1) : a[i] < 0 ? T(-1) : a[i] == 0 ? T(0) : a[i];
        break;
    case ADD:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] + b[i];
        break;
    case MULTIPLY:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] * b[i];
        break;
    case DIVIDE:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] / b[i];
        break;
    case MAX:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] >= b[i] || a[i] != a[i] ? a[i] : b[i];
        break;
    case SELECT_LESS:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] < b[i] ? x[2][i] : x[3][i];
        break;
    case SELECT_LESS_OR_EQUAL:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] <= b[i] ? x[2][i] : x[3][i];
        break;
    case SELECT_EQUAL:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] == b[i] ? x[2][i] : x[3][i];
        break;
    case RELU:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] <= 0 ? T(0) : a[i];
        break;
    case RELU_GRADIENT:
        for (int64_t i = 0; i < n; i++) y[i] = a[i] > 0 ? b[i] : T(0);
        break;
    case SIGMOID:
        for (int64_t i = 0; i < n; i++) y[i] = T(0.5) * hyperbolic_tangent(T(0.5) * a[i]) + T(0.5);
        break;
    case SIGMOID_GRADIENT:
        for (int64_t i = 0; i < n; i++) y[i] = b[i] * (a[i] * (T(1) - a[i]));
        break;
    case DROPOUT: {
        const T scale = static_cast<T>(1 / (1 - o.p));
        for (int64_t i = 0; i < n; i++) y[i] = b[i] > p ? a[i] * scale : T(0);
        break;
    }
    }
}

template <class T> struct ElementwisePlan : Plan {
    int64_t size;
    std::vector<bool> single;  // inputs of one element, which is repeated
    std::vector<Instruction> code;
    std::vector<int64_t> results;

    explicit ElementwisePlan(Args &a) {
        size = a.whole();
        int64_t inputs = a.whole();
        for (int64_t i = 0; i < inputs; i++) single.push_back(a.flag());
        int64_t n = a.whole();
        for (int64_t i = 0; i < n; i++) code.push_back(instruction(a, inputs + i));
        results = a.list();
    }

    static Instruction instruction(Args &a, int64_t before) {
        Instruction o;
        o.code = a.small();
        if (o.code < 0 || o.code >= OPCODES) throw Error("element-wise: unknown instruction " + std::to_string(o.code));
        o.operands = a.list();
        for (int64_t i : o.operands)
            if (i < 0 || i >= before) throw Error("element-wise: unknown operand " + std::to_string(i));
        if (o.code == AFFINE) {
            o.p = a.real();
            o.q = a.real();
        } else if (o.code == POW || o.code == DROPOUT) {
            o.p = a.real();
        }
        return o;
    }

    void run(const Buffers &b) const override {
        parallel(size, BLOCK, BLOCK * 32, [&](int64_t from, int64_t to) { piece(b, from, to); });
    }

    // Elements from ... to, block by block. Results are kept in registers until all operands of the block are read, since
    // an output may be the memory of an input.
    void piece(const Buffers &b, int64_t from, int64_t to) const {
        const size_t inputs = single.size(), all = inputs + code.size();
        std::vector<T> memory((code.size() + inputs) * BLOCK);
        std::vector<T *> own(all);
        std::vector<const T *> at(all);
        for (size_t i = 0; i < all; i++) own[i] = memory.data() + i * BLOCK;
        for (size_t i = 0; i < inputs; i++)
            if (single[i]) {
                std::fill(own[i], own[i] + BLOCK, b.input<T>(static_cast<int>(i))[0]);
                at[i] = own[i];
            }
        for (size_t i = 0; i < code.size(); i++) at[inputs + i] = own[inputs + i];
        for (int64_t f = from; f < to; f += BLOCK) {
            const int64_t n = std::min(BLOCK, to - f);
            for (size_t i = 0; i < inputs; i++)
                if (!single[i]) at[i] = b.input<T>(static_cast<int>(i)) + f;
            for (size_t i = 0; i < code.size(); i++) {
                const T *x[4] = {nullptr, nullptr, nullptr, nullptr};
                for (size_t k = 0; k < code[i].operands.size() && k < 4; k++) x[k] = at[code[i].operands[k]];
                apply(code[i], n, x, own[inputs + i]);
            }
            for (size_t r = 0; r < results.size(); r++)
                std::memcpy(b.output<T>(static_cast<int>(r)) + f, at[results[r]], n * sizeof(T));
        }
    }
};

}  // namespace

PlanPtr elementwise(Args &a) { return of_type<ElementwisePlan>(a); }

}  // namespace mocha
