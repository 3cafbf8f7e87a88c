// Stands before a source of kernels: what of CUDA C a C++ compiler does not know. One thread after the other runs; where
// threads of a block wait for each other each has a stack of its own, see simulate.cpp. No headers, so that it compiles fast.
extern "C" {
double exp(double), log(double), tanh(double), pow(double, double), sqrt(double), fabs(double), floor(double), cos(double);
float expf(float), logf(float), tanhf(float), powf(float, float), sqrtf(float), fabsf(float), floorf(float);
}
static inline float exp(float v) { return expf(v); }
static inline float log(float v) { return logf(v); }
static inline float tanh(float v) { return tanhf(v); }
static inline float pow(float v, float e) { return powf(v, e); }
static inline float sqrt(float v) { return sqrtf(v); }
static inline float fabs(float v) { return fabsf(v); }
static inline float floor(float v) { return floorf(v); }

struct Dim {
    unsigned x, y, z;
};
static Dim gridDim, blockDim, blockIdx, threadIdx;
static void (*barrier)();
static void (*together)(void (*)(const long long *), const long long *, unsigned, unsigned *);

#define __global__
#define __device__
#define __forceinline__ static inline __attribute__((unused))
#define __shared__ static
#define __syncthreads() barrier()

static inline double __longlong_as_double(long long v) {
    double d;
    __builtin_memcpy(&d, &v, 8);
    return d;
}
static inline long long __double_as_longlong(double d) {
    long long v;
    __builtin_memcpy(&v, &d, 8);
    return v;
}
