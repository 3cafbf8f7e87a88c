// Powers of many elements at once.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace mocha {

inline double bits_to_double(uint64_t i) {
    double d;
    std::memcpy(&d, &i, sizeof d);
    return d;
}
inline uint64_t double_to_bits(double d) {
    uint64_t i;
    std::memcpy(&i, &d, sizeof i);
    return i;
}

// x^e = e^(e·ln x) for a fraction e, in double arithmetic that is right to about 1e-11; NaN where x is negative. Whole
// numbers become floating point by their bits, since AVX2 cannot convert those of 64 bits.
inline float fractional_power(float value, double e) {
    const double x = value;
    constexpr uint64_t one = 1023ULL << 52, root = 0x3fe6a09e667f3bcdULL;  // of 1/2
    const uint64_t bits = double_to_bits(x), k = (bits - root + one) >> 52;
    const double exponent = bits_to_double(k | 0x4330000000000000ULL) - (4503599627370496.0 + 1023);
    const double m = bits_to_double(bits - (k << 52) + one);
    const double z = (m - 1) / (m + 1), s = z * z;
    double p = 1.0 / 13;
    p = p * s + 1.0 / 11;
    p = p * s + 1.0 / 9;
    p = p * s + 1.0 / 7;
    p = p * s + 1.0 / 5;
    p = p * s + 1.0 / 3;
    p = p * s + 1;
    double t = e * (exponent * 0.69314718055994530942 + 2 * z * p);
    t = t > 100 ? 100 : t;
    t = t < -120 ? -120 : t;
    const double n = std::nearbyint(t * 1.44269504088896340736);
    const double r = t - n * 0.69314718055994530942;
    double q = 1.0 / 362880;
    q = q * r + 1.0 / 40320;
    q = q * r + 1.0 / 5040;
    q = q * r + 1.0 / 720;
    q = q * r + 1.0 / 120;
    q = q * r + 1.0 / 24;
    q = q * r + 1.0 / 6;
    q = q * r + 0.5;
    q = q * r + 1;
    q = q * r + 1;
    const double scale = bits_to_double(double_to_bits(n + (6755399441055744.0 + 1023)) << 52);
    const float y = static_cast<float>(q * scale), infinite = std::numeric_limits<float>::infinity();
    const float zero = e < 0 ? infinite : 0, limit = e < 0 ? 0 : infinite;
    float all = x == 0 ? zero : y;
    all = std::fabs(value) == infinite ? limit : all;
    return x >= 0 || std::fabs(value) == infinite ? all : std::numeric_limits<float>::quiet_NaN();
}
inline double fractional_power(double x, double e) { return std::pow(x, e); }

// y = x^-e. Multiples of 1/4 by multiplications and square roots. y is not x.
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
    } else if (e == std::floor(e)) {
        for (int64_t i = 0; i < n; i++) y[i] = static_cast<T>(std::pow(static_cast<double>(x[i]), -e));
    } else {
        for (int64_t i = 0; i < n; i++) y[i] = fractional_power(x[i], -e);
    }
}

}  // namespace mocha
