// Checks, and rows by index.
#define LABELS 0
#define FINITE 1

DEVICE bool passes(whole kind, whole limit, real v) { return kind == LABELS ? whole_below(v, limit) : finite_number(v); }

// Reports the first of n elements that does not pass. One block: each thread finds its first one, then they compare.
KERNEL check(whole n, whole kind, whole limit, whole code, const real *x, whole *status) {
    __shared__ whole first[THREADS];
    const int t = threadIdx.x;
    whole at = LARGEST;
    for (whole i = t; i < n && at == LARGEST; i += THREADS)
        if (!passes(kind, limit, x[i])) at = i;
    first[t] = at;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (t < half && first[t + half] < first[t]) first[t] = first[t + half];
        __syncthreads();
    }
    if (t == 0 && first[0] != LARGEST) report(status, code, first[0], x[first[0]]);
}

// The same for many elements: one block for each part writes the first of it, or LARGEST.
KERNEL check_parts(whole n, whole kind, whole limit, const real *x, whole *firsts) {
    __shared__ whole first[THREADS];
    const int t = threadIdx.x;
    const whole each = (n + gridDim.x - 1) / gridDim.x, from = blockIdx.x * each, to = from + each < n ? from + each : n;
    whole at = LARGEST;
    for (whole i = from + t; i < to && at == LARGEST; i += THREADS)
        if (!passes(kind, limit, x[i])) at = i;
    first[t] = at;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (t < half && first[t + half] < first[t]) first[t] = first[t + half];
        __syncthreads();
    }
    if (t == 0) firsts[blockIdx.x] = first[0];
}

// One thread: reports the first of the parts' firsts.
KERNEL check_report(whole parts, whole code, const real *x, const whole *firsts, whole *status) {
    for (whole p = 0; p < parts; p++)
        if (firsts[p] != LARGEST) {
            report(status, code, firsts[p], x[firsts[p]]);
            return;
        }
}

// y[i, :] = table[index[i], :], row 0 for a bad index.
KERNEL gather(whole n, whole rows, whole length, const real *table, const real *index, real *y) {
    EACH(i, n) {
        const real v = index[i / length];
        y[i] = table[(whole_below(v, rows) ? (whole)v : 0) * length + i % length];
    }
}

// y[r, :] = sum of x[i, :] over the i whose index is r, in their order.
KERNEL scatter_add(whole n, whole count, whole length, const real *index, const real *x, real *y) {
    EACH(i, n) {
        const whole row = i / length, column = i % length;
        real sum = 0;
        for (whole k = 0; k < count; k++)
            if (index[k] == (real)row) sum += x[k * length + column];
        y[i] = sum;
    }
}
