// exp, log, tanh, pow of one element, written so that loops over them vectorise in float32; float64 uses the C library.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace mocha {

inline float bits_to_float(int32_t i) {
    float f;
    std::memcpy(&f, &i, sizeof f);
    return f;
}
inline int32_t float_to_bits(float f) {
    int32_t i;
    std::memcpy(&i, &f, sizeof i);
    return i;
}
inline double bits_to_double(int64_t i) {
    double f;
    std::memcpy(&f, &i, sizeof f);
    return f;
}
inline int64_t double_to_bits(double f) {
    int64_t i;
    std::memcpy(&i, &f, sizeof i);
    return i;
}

// e^x: 2^n times a polynomial on [-ln2/2, ln2/2]; 2 units in the last place. The scale is split so that subnormal
// results are right.
inline float exponential(float x) {
    float c = x < 89.0f ? x : 89.0f;  // NaN becomes a number here and NaN again below
    c = c > -104.0f ? c : -104.0f;
    float n = std::nearbyint(c * 1.44269504088896341f);
    float r = c - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    int32_t k = static_cast<int32_t>(n), half = k >> 1;
    float y = p * bits_to_float((half + 127) << 23) * bits_to_float((k - half + 127) << 23);
    return x != x ? x : y;
}
inline double exponential(double x) { return std::exp(x); }

// e^x in double for -700 < x < 700 with a relative error of 1e-11: enough to be rounded to float.
inline double exponential_for_float(double x) {
    constexpr double magic = 0x1.8p52;  // adding it rounds to a whole number, which then stands in the last bits
    double shifted = x * 1.4426950408889634 + magic;
    double n = shifted - magic;
    double r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    double p = 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    uint64_t power = (static_cast<uint64_t>(double_to_bits(shifted)) << 52) + (uint64_t{1023} << 52);
    return p * bits_to_double(static_cast<int64_t>(power));
}

// ln x in double, relative error 1e-14, of a positive finite float: e · ln 2 + 2 · artanh((m - 1) / (m + 1)) with m
// between the square roots of 1/2 and 2.
inline double positive_log(float x) {
    bool tiny = x < std::numeric_limits<float>::min();
    float scaled = x * 0x1p24f;
    int32_t bits = float_to_bits(tiny ? scaled : x);
    int32_t e = ((bits - 0x3f3504f3) >> 23) + (tiny ? -24 : 0);
    double m = bits_to_float(((bits - 0x3f3504f3) & 0x7fffff) + 0x3f3504f3);
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double p = 1.0 / 17;
    p = p * z + 1.0 / 15;
    p = p * z + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    p = p * z + 1;
    return e * 0.6931471805599453 + 2 * s * p;
}

inline float logarithm(float x) {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    float y = static_cast<float>(positive_log(std::fabs(x)));
    y = x == inf ? inf : y;
    y = x == 0 ? -inf : y;
    y = x < 0 ? nan : y;
    return x != x ? x : y;
}
inline double logarithm(double x) { return std::log(x); }

// tanh |x| by a polynomial near 0, else by e^(2|x|); then the sign.
inline float hyperbolic_tangent(float x) {
    float a = std::fabs(x);
    float s = x * x;
    float p = -5.70498872745e-3f;
    p = p * s + 2.06390887954e-2f;
    p = p * s - 5.37397155531e-2f;
    p = p * s + 1.33314422036e-1f;
    p = p * s - 3.33332819422e-1f;
    float small = p * s * a + a;
    float big = 1.0f - 2.0f / (exponential(2.0f * (a < 20.0f ? a : 20.0f)) + 1.0f);
    float y = std::copysign(a < 0.625f ? small : big, x);
    return x != x ? x : y;
}
inline double hyperbolic_tangent(double x) { return std::tanh(x); }

// 1 / (1 + e^-x) with its full relative precision on both sides.
template <class T> inline T logistic(T x) {
    T e = exponential(-std::fabs(x));
    T y = (x < 0 ? e : T(1)) / (T(1) + e);
    return x != x ? x : y;
}

// An exponent that is not 0, and what it means for 0, infinity and negative numbers. As C's pow: of a negative number
// the power is NaN unless the exponent is whole.
struct Exponent {
    double e;
    float of_zero, of_infinity;
    float least;   // below this there is no power
    int32_t sign;  // what is kept of the sign

    explicit Exponent(double e) : e(e) {
        constexpr float inf = std::numeric_limits<float>::infinity();
        const bool whole = e == std::rint(e);
        of_zero = e > 0 ? 0 : inf;
        of_infinity = e > 0 ? inf : 0;
        least = whole ? -inf : 0;
        sign = whole && std::fmod(std::fabs(e), 2) == 1 ? std::numeric_limits<int32_t>::min() : 0;
    }
};

inline float power(float x, const Exponent &e) {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const float a = std::fabs(x);
    double exponent = e.e * positive_log(a);
    exponent = exponent < 100.0 ? exponent : 100.0;
    exponent = exponent > -110.0 ? exponent : -110.0;
    float y = static_cast<float>(exponential_for_float(exponent));
    y = x < e.least ? nan : y;
    y = a == 0 ? e.of_zero : y;
    y = a == inf ? e.of_infinity : y;
    y = bits_to_float(float_to_bits(y) | (float_to_bits(x) & e.sign));
    return x != x ? x : y;
}
inline double power(double x, const Exponent &e) { return std::pow(x, e.e); }

}  // namespace mocha
