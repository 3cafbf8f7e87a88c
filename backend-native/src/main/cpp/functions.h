// exp, log, tanh, pow of one element, written so that loops over them vectorise in float32; float64 uses the C library.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

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

// e^x: 2^n times a polynomial on [-ln2/2, ln2/2]; 2 units in the last place. The scale is split so that subnormal results are right.
inline float exponential(float x) {
    float c = x > 89.0f ? 89.0f : x;
    c = c < -104.0f ? -104.0f : c;
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

inline float logarithm(float x) { return static_cast<float>(std::log(static_cast<double>(x))); }
inline double logarithm(double x) { return std::log(x); }

// tanh x: a polynomial near 0, else by e^(2|x|).
inline float hyperbolic_tangent(float x) {
    float a = std::fabs(x);
    float s = x * x;
    float p = -5.70498872745e-3f;
    p = p * s + 2.06390887954e-2f;
    p = p * s - 5.37397155531e-2f;
    p = p * s + 1.33314422036e-1f;
    p = p * s - 3.33332819422e-1f;
    float small = p * s * x + x;
    float big = 1.0f - 2.0f / (exponential(2.0f * (a > 20.0f ? 20.0f : a)) + 1.0f);
    big = x < 0 ? -big : big;
    float y = a < 0.625f ? small : big;
    return x != x ? x : y;
}
inline double hyperbolic_tangent(double x) { return std::tanh(x); }

inline float power(float x, double e) { return static_cast<float>(std::pow(static_cast<double>(x), e)); }
inline double power(double x, double e) { return std::pow(x, e); }

}  // namespace mocha
