// Transposition through registers, in GCC's vectors, which become whatever the machine has.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

namespace mocha {

template <class T> struct Square;

// 8 x 8 elements of four bytes.
template <> struct Square<float> {
    static constexpr int64_t side = 8;
    typedef float Row __attribute__((vector_size(32)));
    typedef int32_t Mask __attribute__((vector_size(32)));

    static void transpose(const float *in, int64_t in_row, float *out, int64_t out_row) {
        constexpr Mask low = {0, 8, 1, 9, 4, 12, 5, 13}, high = {2, 10, 3, 11, 6, 14, 7, 15};
        constexpr Mask low2 = {0, 1, 8, 9, 4, 5, 12, 13}, high2 = {2, 3, 10, 11, 6, 7, 14, 15};
        constexpr Mask low4 = {0, 1, 2, 3, 8, 9, 10, 11}, high4 = {4, 5, 6, 7, 12, 13, 14, 15};
        Row r[8], t[8];
        for (int i = 0; i < 8; i++) std::memcpy(&r[i], in + i * in_row, sizeof r[i]);
        for (int i = 0; i < 8; i += 2) {
            t[i] = __builtin_shuffle(r[i], r[i + 1], low);
            t[i + 1] = __builtin_shuffle(r[i], r[i + 1], high);
        }
        for (int i = 0; i < 8; i += 4)
            for (int k = 0; k < 2; k++) {
                r[i + 2 * k] = __builtin_shuffle(t[i + k], t[i + k + 2], low2);
                r[i + 2 * k + 1] = __builtin_shuffle(t[i + k], t[i + k + 2], high2);
            }
        for (int i = 0; i < 4; i++) {
            t[i] = __builtin_shuffle(r[i], r[i + 4], low4);
            t[i + 4] = __builtin_shuffle(r[i], r[i + 4], high4);
        }
        for (int i = 0; i < 8; i++) std::memcpy(out + i * out_row, &t[i], sizeof t[i]);
    }
};

// 4 x 4 elements of eight bytes.
template <> struct Square<double> {
    static constexpr int64_t side = 4;
    typedef double Row __attribute__((vector_size(32)));
    typedef int64_t Mask __attribute__((vector_size(32)));

    static void transpose(const double *in, int64_t in_row, double *out, int64_t out_row) {
        constexpr Mask low = {0, 4, 2, 6}, high = {1, 5, 3, 7}, low2 = {0, 1, 4, 5}, high2 = {2, 3, 6, 7};
        Row r[4], t[4];
        for (int i = 0; i < 4; i++) std::memcpy(&r[i], in + i * in_row, sizeof r[i]);
        for (int i = 0; i < 4; i += 2) {
            t[i] = __builtin_shuffle(r[i], r[i + 1], low);
            t[i + 1] = __builtin_shuffle(r[i], r[i + 1], high);
        }
        for (int i = 0; i < 2; i++) {
            r[i] = __builtin_shuffle(t[i], t[i + 2], low2);
            r[i + 2] = __builtin_shuffle(t[i], t[i + 2], high2);
        }
        for (int i = 0; i < 4; i++) std::memcpy(out + i * out_row, &r[i], sizeof r[i]);
    }
};

// out[c · out_row + r] = in[r · in_row + c]. Strips of columns as wide as a line of the cache, squares in them.
template <class T>
void transpose(const T *in, int64_t in_row, T *out, int64_t out_row, int64_t rows, int64_t columns) {
    constexpr int64_t side = Square<T>::side, strip = 64 / sizeof(T);
    const int64_t whole_rows = rows / side * side, whole_columns = columns / side * side;
    for (int64_t c0 = 0; c0 < columns; c0 += strip) {
        const int64_t c1 = std::min(columns, c0 + strip), squares = std::min(c1, whole_columns);
        for (int64_t r = 0; r < whole_rows; r += side) {
            for (int64_t c = c0; c < squares; c += side)
                Square<T>::transpose(in + r * in_row + c, in_row, out + c * out_row + r, out_row);
            for (int64_t c = std::max(c0, squares); c < c1; c++)
                for (int64_t i = r; i < r + side; i++) out[c * out_row + i] = in[i * in_row + c];
        }
        for (int64_t r = whole_rows; r < rows; r++)
            for (int64_t c = c0; c < c1; c++) out[c * out_row + r] = in[r * in_row + c];
    }
}

}  // namespace mocha
