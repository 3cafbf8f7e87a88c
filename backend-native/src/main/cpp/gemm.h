// Small matrix products of one thread whose operands lie in the first two levels of the cache. Who includes this lets the compiler
// contract products and sums: #pragma GCC optimize("fp-contract=fast").
#pragma once
#include "vector.h"
#include <algorithm>

namespace mocha {

namespace {

// The left operand of a product: its element in a row and a step is at[row · rows + step · steps]; after k steps, where there are
// more, the next k begin further on by `next`.
struct Left {
    const float *at;
    int64_t rows, steps, k, outer = 1, next = 0;
};

// c [ROWS, NV vectors] = or += a · b; b has rows of ldb, c of ldc.
template <int ROWS, int NV, bool ADD> inline void tile(const Left &left, const float *b, int64_t ldb, float *c, int64_t ldc) {
    const int64_t ar = left.rows, ak = left.steps, k = left.k;
    Vector sum[ROWS][NV];
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) sum[i][j] = ADD ? load(c + i * ldc + j * LANES) : Vector{};
    const float *a = left.at;
    for (int64_t q = 0; q < left.outer; q++, a += left.next, b += k * ldb)
    for (int64_t p = 0; p < k; p++) {
        Vector row[NV];
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) row[j] = load(b + p * ldb + j * LANES);
#pragma GCC unroll 16
        for (int i = 0; i < ROWS; i++) {
            const Vector x = a[i * ar + p * ak] - Vector{};
#pragma GCC unroll 4
            for (int j = 0; j < NV; j++) sum[i][j] += x * row[j];
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) store(c + i * ldc + j * LANES, sum[i][j]);
}

// The most rows that a tile has for a number of vectors, so that its sums stay in registers.
constexpr int rows_of(int nv) {
    return LANES == 16 ? (nv == 3 ? 8 : nv == 2 ? 12 : 16) : (nv == 2 ? 6 : 12);
}

// One tile of 1 ... ROWS rows.
template <int NV, bool ADD, int ROWS>
void some_rows(int rows, const Left &a, const float *b, int64_t ldb, float *c, int64_t ldc) {
    if constexpr (ROWS > 1)
        if (rows < ROWS) return some_rows<NV, ADD, ROWS - 1>(rows, a, b, ldb, c, ldc);
    tile<ROWS, NV, ADD>(a, b, ldb, c, ldc);
}

// NV vectors of all m rows, in tiles of nearly the same height.
template <int NV, bool ADD>
void stripe(int64_t m, Left a, const float *b, int64_t ldb, float *c, int64_t ldc) {
    constexpr int MOST = rows_of(NV);
    const int64_t all = (m + MOST - 1) / MOST;
    for (int64_t t = 0, i = 0; t < all; t++) {
        const int64_t end = m * (t + 1) / all;
        some_rows<NV, ADD, MOST>(static_cast<int>(end - i), a, b, ldb, c + i * ldc, ldc);
        a.at += (end - i) * a.rows;
        i = end;
    }
}

// c [m, n] = or += a · b, n a multiple of LANES.
template <bool ADD> void multiply(int64_t m, int64_t n, const Left &a, const float *b, int64_t ldb, float *c, int64_t ldc) {
    constexpr int64_t WIDE = LANES == 16 ? 3 : 2;
    for (int64_t v = 0; v < n / LANES;) {
        int64_t left = n / LANES - v, nv = left == 4 && WIDE == 3 ? 2 : std::min(left, WIDE), at = v * LANES;
        if (nv == 3)
            stripe<3, ADD>(m, a, b + at, ldb, c + at, ldc);
        else if (nv == 2)
            stripe<2, ADD>(m, a, b + at, ldb, c + at, ldc);
        else
            stripe<1, ADD>(m, a, b + at, ldb, c + at, ldc);
        v += nv;
    }
}

}  // namespace

}  // namespace mocha
