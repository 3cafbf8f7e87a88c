// Vectors of floats as wide as the instruction set that this is compiled for.
#pragma once
#include <cstdint>
#include <cstring>
#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace mocha {

#if defined(__AVX512F__)
constexpr int LANES = 16;
#elif defined(__AVX__)
constexpr int LANES = 8;
#else
constexpr int LANES = 4;
#endif

typedef float Vector __attribute__((vector_size(LANES * sizeof(float)), may_alias));
typedef float Loose __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

inline Vector load(const float *p) { return *reinterpret_cast<const Loose *>(p); }
inline void store(float *p, Vector v) { *reinterpret_cast<Loose *>(p) = v; }
// The first n lanes, less than all; the others are 0, or stay as they are.
#if defined(__AVX512F__)
inline __mmask16 first(int64_t n) { return static_cast<__mmask16>((1u << n) - 1); }
inline Vector load(const float *p, int64_t n) { return (Vector)_mm512_maskz_loadu_ps(first(n), p); }
inline void store(float *p, Vector v, int64_t n) { _mm512_mask_storeu_ps(p, first(n), (__m512)v); }
#elif defined(__AVX__)
inline __m256i first(int64_t n) {
    static const int32_t mask[15] = {-1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(mask + 7 - n));
}
inline Vector load(const float *p, int64_t n) { return (Vector)_mm256_maskload_ps(p, first(n)); }
inline void store(float *p, Vector v, int64_t n) { _mm256_maskstore_ps(p, first(n), (__m256)v); }
#else
inline Vector load(const float *p, int64_t n) {
    Vector v{};
    std::memcpy(&v, p, static_cast<size_t>(n) * sizeof(float));
    return v;
}
inline void store(float *p, Vector v, int64_t n) { std::memcpy(p, &v, static_cast<size_t>(n) * sizeof(float)); }
#endif

inline int64_t lanes(int64_t n) { return (n + LANES - 1) / LANES * LANES; }

}  // namespace mocha
