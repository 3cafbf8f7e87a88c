// Vectors of floats as wide as the instruction set that this is compiled for.
#pragma once
#include <cstdint>
#include <cstring>

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
// The first n lanes; the others are 0, or stay as they are.
inline Vector load(const float *p, int64_t n) {
    Vector v{};
    std::memcpy(&v, p, static_cast<size_t>(n) * sizeof(float));
    return v;
}
inline void store(float *p, Vector v, int64_t n) { std::memcpy(p, &v, static_cast<size_t>(n) * sizeof(float)); }

inline int64_t lanes(int64_t n) { return (n + LANES - 1) / LANES * LANES; }

}  // namespace mocha
