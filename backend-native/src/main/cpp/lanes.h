// Vectors of a fixed number of lanes for kernels that keep values of different widths side by side, which GCC's own
// vectorisation of loops does badly. Wherever a plain loop does, prefer that.
#pragma once
#include <cstdint>
#include <cstring>
#include <type_traits>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace mocha {

// Bytes of the widest vector that the target has.
#if defined(__AVX512F__)
constexpr int VECTOR_BYTES = 64;
#elif defined(__AVX__)
constexpr int VECTOR_BYTES = 32;
#else
constexpr int VECTOR_BYTES = 16;
#endif

// N values, and as many integers of the same width; comparisons of the former yield the latter.
template <class T, int N> struct Lanes {
    using Whole = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
    typedef T Value __attribute__((vector_size(N * sizeof(T))));
    typedef Whole Mask __attribute__((vector_size(N * sizeof(T))));

    static Value load(const T *p) {
        Value v;
        std::memcpy(&v, p, sizeof v);
        return v;
    }
    static void store(T *p, Value v) { std::memcpy(p, &v, sizeof v); }
    static Value splat(T x) { return x - Value{}; }
    static Mask splat_whole(int64_t x) { return static_cast<Whole>(x) - Mask{}; }

    // Integers that lie in fewer or more bytes than the lanes have. GCC 12 makes detours through memory of the loops
    // and takes __builtin_convertvector apart, hence the instructions for the common cases.
    template <class I> static Mask widen(const I *p) {
#if defined(__AVX512F__)
        if constexpr (sizeof(I) == 1 && sizeof(T) == 4 && N == 16)
            return reinterpret_cast<Mask>(
                _mm512_maskz_cvtepu8_epi32(0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i *>(p))));
#endif
#if defined(__AVX2__)
        if constexpr (sizeof(I) == 1 && sizeof(T) == 4 && N == 8)
            return reinterpret_cast<Mask>(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(p))));
#endif
        Whole all[N];
        for (int i = 0; i < N; i++) all[i] = static_cast<Whole>(p[i]);
        Mask m;
        std::memcpy(&m, all, sizeof m);
        return m;
    }
    template <class I> static void narrow(I *p, Mask m) {
#if defined(__AVX512F__)
        if constexpr (sizeof(I) == 1 && sizeof(T) == 4 && N == 16)
            return _mm_storeu_si128(reinterpret_cast<__m128i *>(p),
                                    _mm512_maskz_cvtepi32_epi8(0xffff, reinterpret_cast<__m512i>(m)));
#endif
#if defined(__AVX2__)
        if constexpr (sizeof(I) == 1 && sizeof(T) == 4 && N == 8) {
            __m256i all = reinterpret_cast<__m256i>(m);
            __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
            return _mm_storel_epi64(reinterpret_cast<__m128i *>(p), _mm_packus_epi16(words, words));
        }
#endif
        Whole all[N];
        std::memcpy(all, &m, sizeof m);
        for (int i = 0; i < N; i++) p[i] = static_cast<I>(all[i]);
    }
};

// Calls f(lanes, at) so that the lanes from at on together cover 0 ... n; some may be covered twice.
template <class T, int N = VECTOR_BYTES / static_cast<int>(sizeof(T)), class F>
inline void strips(int64_t n, const F &f) {
    if constexpr (N > 1)
        if (n < N) return strips<T, N / 2>(n, f);
    int64_t at = 0;
    for (; at + N <= n; at += N) f(Lanes<T, N>{}, at);
    if (at < n) f(Lanes<T, N>{}, n - N);
}

// The same, nothing twice.
template <class T, int N = VECTOR_BYTES / static_cast<int>(sizeof(T)), class F>
inline void once(int64_t n, const F &f, int64_t at = 0) {
    for (; at + N <= n; at += N) f(Lanes<T, N>{}, at);
    if constexpr (N > 1)
        if (at < n) once<T, N / 2>(n, f, at);
}

}  // namespace mocha
