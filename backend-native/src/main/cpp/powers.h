// Powers of many elements at once.
#pragma once
#include "functions.h"

namespace mocha {

// y = x^-e. Multiples of 1/4 up to 8 by multiplications and square roots. y is not x.
template <class T> void inverse_powers(int64_t n, const T *__restrict x, T *__restrict y, double e) {
    if (e == 0.75) {
        for (int64_t i = 0; i < n; i++) {
            T s = std::sqrt(x[i]);
            y[i] = T(1) / (s * std::sqrt(s));
        }
        return;
    }
    const double quarters = 4 * std::fabs(e);
    if (quarters <= 32 && quarters == std::floor(quarters)) {
        const int q = static_cast<int>(quarters);
        for (int64_t i = 0; i < n; i++) y[i] = T(1);
        for (int k = 0; k < q / 4; k++)
            for (int64_t i = 0; i < n; i++) y[i] *= x[i];
        if (q & 2)
            for (int64_t i = 0; i < n; i++) y[i] *= std::sqrt(x[i]);
        if (q & 1)
            for (int64_t i = 0; i < n; i++) y[i] *= std::sqrt(std::sqrt(x[i]));
        if (e > 0)
            for (int64_t i = 0; i < n; i++) y[i] = T(1) / y[i];
        return;
    }
    const Exponent exponent(-e);
    for (int64_t i = 0; i < n; i++) y[i] = power(x[i], exponent);
}

}  // namespace mocha
