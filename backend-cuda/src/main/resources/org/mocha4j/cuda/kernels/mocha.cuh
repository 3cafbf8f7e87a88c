// What all kernels share. REAL is float or double. Every argument of a kernel has 8 bytes or is a structure of such.
// NVRTC compiles without headers; nothing here needs any.
typedef REAL real;
typedef long long whole;
typedef unsigned long long natural;

#define KERNEL extern "C" __global__ void
#define DEVICE __device__ __forceinline__

#define LARGEST 0x7fffffffffffffffLL
// Threads of a block of kernels that work together.
#ifndef THREADS
#define THREADS 256
#endif

// for (i ...) over the numbers below n, shared by all threads of the launch.
#define EACH(i, n)                                                                       \
    for (whole i = (whole)blockIdx.x * blockDim.x + threadIdx.x, i##_end = (n); i < i##_end; \
         i += (whole)gridDim.x * blockDim.x)

DEVICE bool finite_number(real v) { return v - v == 0; }
DEVICE real not_a_number() { return (real)__longlong_as_double(0x7ff8000000000000LL); }
DEVICE real minus_infinity() { return (real)__longlong_as_double(0xfff0000000000000LL); }

// Element-wise functions, as the ops define them.
DEVICE real sign(real v) { return v > 0 ? (real)1 : v < 0 ? (real)-1 : v; }
DEVICE real larger(real a, real b) { return a >= b || a != a ? a : b; }
DEVICE real relu(real v) { return v <= 0 ? (real)0 : v; }
DEVICE real sigmoid(real v) { return 1 / (1 + exp(-v)); }
// e is a constant, of which the compiler keeps one case.
DEVICE real power(real v, double e) {
    if (e == 0) return 1;
    if (e == 1) return v;
    if (e == 2) return v * v;
    if (e == 3) return v * v * v;
    if (e == -1) return 1 / v;
    return pow(v, (real)e);
}

// A box of at most 12 axes, the last one innermost: where index i lies under one set of strides and another.
#define AXES 12
struct Axes {
    whole count;
    whole extent[AXES], first[AXES], second[AXES];
};
struct Places {
    whole first, second;
};

DEVICE Places places(const Axes &axes, whole i) {
    Places p = {0, 0};
    if (i < 0x7fffffff) {
        unsigned rest = (unsigned)i;
        for (int a = (int)axes.count - 1; a > 0; a--) {
            const unsigned extent = (unsigned)axes.extent[a], q = rest / extent, r = rest - q * extent;
            p.first += r * axes.first[a];
            p.second += r * axes.second[a];
            rest = q;
        }
        i = rest;
    } else {
        for (int a = (int)axes.count - 1; a > 0; a--) {
            const whole q = i / axes.extent[a], r = i - q * axes.extent[a];
            p.first += r * axes.first[a];
            p.second += r * axes.second[a];
            i = q;
        }
    }
    if (axes.count > 0) {
        p.first += i * axes.first[0];
        p.second += i * axes.second[0];
    }
    return p;
}

// The sum of v over a block's 256 threads, for all of them; the order is fixed. To be called by all threads.
DEVICE real block_sum(real v) {
    __shared__ real part[THREADS];
    const int t = threadIdx.x;
    part[t] = v;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (t < half) part[t] += part[t + half];
        __syncthreads();
    }
    const real sum = part[0];
    __syncthreads();
    return sum;
}

// The status word of an execution: code, step, index, bits of the value as double. The first report stays.
#define BAD_LABEL 1
#define NOT_FINITE 2
#define BAD_INDEX 3

DEVICE bool clear(const whole *status) { return status[0] == 0; }
// By one thread of the whole launch.
DEVICE void report(whole *status, whole code, whole index, real value) {
    if (status[0] != 0) return;
    status[2] = index;
    status[3] = __double_as_longlong((double)value);
    status[0] = code;
}
DEVICE bool whole_below(real v, whole limit) { return v >= 0 && v < (real)limit && v == floor(v); }
