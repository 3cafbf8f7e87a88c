// Which of the libraries this processor and its operating system can run. Compiled for any x86-64.

#if defined(__x86_64__)
static bool third() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("sse4.2");
}

static bool fourth() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

// The level of x86-64: 4 with AVX-512, 3 with AVX2 and FMA, else 2. What the system does not switch on does not count.
extern "C" __attribute__((visibility("default"))) int mocha_level() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!third()) return 2;
    return fourth() ? 4 : 3;
#else
    return 0;
#endif
}
