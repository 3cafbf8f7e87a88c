// The numbers of org.mocha4j.api.Philox: Philox 4x32-10, a block of counters at a time so that loops over them
// vectorise.
#include "functions.h"
#include "parallel.h"
#include "plan.h"

namespace mocha {

namespace {

constexpr int BLOCKS = 64;          // counters at a time
constexpr int WORDS = 4 * BLOCKS;   // random words that they give

// words[4 · i + k] = word k of counter first + i.
void philox(uint64_t key, uint64_t step, uint64_t first, uint32_t *__restrict words) {
    uint32_t c0[BLOCKS], c1[BLOCKS], c2[BLOCKS], c3[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        c0[i] = static_cast<uint32_t>(first + i);
        c1[i] = static_cast<uint32_t>((first + i) >> 32);
        c2[i] = static_cast<uint32_t>(step);
        c3[i] = static_cast<uint32_t>(step >> 32);
    }
    auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            const uint64_t p0 = uint64_t{0xD2511F53} * c0[i], p1 = uint64_t{0xCD9E8D57} * c2[i];
            c0[i] = static_cast<uint32_t>(p1 >> 32) ^ c1[i] ^ k0;
            c1[i] = static_cast<uint32_t>(p1);
            c2[i] = static_cast<uint32_t>(p0 >> 32) ^ c3[i] ^ k1;
            c3[i] = static_cast<uint32_t>(p0);
        }
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    for (int i = 0; i < BLOCKS; i++) {
        words[4 * i] = c0[i];
        words[4 * i + 1] = c1[i];
        words[4 * i + 2] = c2[i];
        words[4 * i + 3] = c3[i];
    }
}

// A word as a number from 0 to below 1, exact in float.
inline float unit(uint32_t word) { return static_cast<float>(static_cast<int32_t>(word >> 8)) * 0x1p-24f; }

// cos 2πt for t in 0 ... 1.
inline double cosine_of_turns(double t) {
    double quarters = std::nearbyint(4 * t);
    double r = (4 * t - quarters) * 1.5707963267948966;
    double s = r * r;
    double cos = 1.0 / 20922789888000.0;
    cos = cos * s - 1.0 / 87178291200.0;
    cos = cos * s + 1.0 / 479001600;
    cos = cos * s - 1.0 / 3628800;
    cos = cos * s + 1.0 / 40320;
    cos = cos * s - 1.0 / 720;
    cos = cos * s + 1.0 / 24;
    cos = cos * s - 1.0 / 2;
    cos = cos * s + 1;
    double sin = -1.0 / 1307674368000.0;
    sin = sin * s + 1.0 / 6227020800.0;
    sin = sin * s - 1.0 / 39916800;
    sin = sin * s + 1.0 / 362880;
    sin = sin * s - 1.0 / 5040;
    sin = sin * s + 1.0 / 120;
    sin = sin * s - 1.0 / 6;
    sin = (sin * s + 1) * r;
    const int q = static_cast<int>(quarters);
    double y = q & 1 ? sin : cos;
    return ((q + 1) & 2) != 0 ? -y : y;
}

template <class T> struct Random : Plan {
    int64_t n;
    bool normal;
    uint64_t key;
    double a, factor;  // smallest and width, or mean and deviation

    explicit Random(Args &args) {
        n = args.whole();
        normal = args.flag();
        key = static_cast<uint64_t>(args.whole());
        a = args.real();
        factor = args.real();
    }

    void run(const Buffers &b) const override {
        const auto *counters = b.input<int64_t>(0);
        const auto seed = static_cast<uint64_t>(counters[0]), step = static_cast<uint64_t>(counters[1]);
        T *y = b.output<T>(0);
        const uint64_t k = seed ^ (normal ? key + 1 : key);
        const int64_t each = normal ? WORDS / 2 : WORDS;  // numbers that come from one block of words
        parallel(n, each, 4096, [&](int64_t from, int64_t to) {
            uint32_t words[WORDS];
            for (int64_t i = from; i < to; i += each) {
                philox(k, step, static_cast<uint64_t>(i / each) * BLOCKS, words);
                const auto count = static_cast<int>(std::min(each, to - i));
                if (normal) normals(words, y + i, count);
                else uniforms(words, y + i, count);
            }
        });
    }

private:
    void uniforms(const uint32_t *words, T *y, int count) const {
        if (a == 0 && factor == 1)
            for (int i = 0; i < count; i++) y[i] = unit(words[i]);
        else
            for (int i = 0; i < count; i++) y[i] = static_cast<T>(a + factor * static_cast<double>(unit(words[i])));
    }

    // By Box and Muller.
    void normals(const uint32_t *words, T *y, int count) const {
        for (int i = 0; i < count; i++) {
            const float u = 1 - unit(words[2 * i]);  // exact
            const double radius = std::sqrt(-2 * positive_log(u));
            const double z = radius * cosine_of_turns(static_cast<double>(unit(words[2 * i + 1])));
            y[i] = static_cast<T>(a + factor * z);
        }
    }
};

}  // namespace

PlanPtr random_numbers(Args &a) { return of_type<Random>(a); }

}  // namespace mocha
