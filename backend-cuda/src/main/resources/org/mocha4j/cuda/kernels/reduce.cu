// Sums and maxima over axes, and biases. `kept` leads from a result to its first element, `reduced` from there to the
// others; the second strides of `kept` count results.

// One thread for each result: for few elements each.
KERNEL sum_each(whole n, whole count, Axes kept, Axes reduced, const real *x, real *y) {
    EACH(i, n) {
        const Places p = places(kept, i);
        real sum = 0;
        for (whole k = 0; k < count; k++) sum += x[p.first + places(reduced, k).first];
        y[i] = sum;
    }
}

// One block for each part of a result: block b adds up part b % parts of result b / parts.
KERNEL sum_parts(whole parts, whole count, Axes kept, Axes reduced, const real *x, real *y) {
    const whole b = blockIdx.x, part = b % parts;
    const whole each = (count + parts - 1) / parts, from = part * each, to = from + each < count ? from + each : count;
    const Places p = places(kept, b / parts);
    real sum = 0;
    for (whole k = from + threadIdx.x; k < to; k += THREADS) sum += x[p.first + places(reduced, k).first];
    sum = block_sum(sum);
    if (threadIdx.x == 0) y[b] = sum;
}

// One thread for each result. The first maximum wins, NaN wins over all.
KERNEL largest(whole n, whole count, whole index, Axes kept, Axes reduced, const real *x, real *y) {
    EACH(i, n) {
        const Places p = places(kept, i);
        real best = x[p.first];
        whole at = 0;
        for (whole k = 1; k < count && best == best; k++) {
            const real v = x[p.first + places(reduced, k).first];
            if (!(v <= best)) {
                best = v;
                at = k;
            }
        }
        y[i] = index ? (real)at : best;
    }
}

// y = x + b along the axis in the middle of [outer, channels, inner]; positive: negative results become 0.
KERNEL bias(whole n, whole channels, whole inner, whole positive, const real *x, const real *b, real *y) {
    EACH(i, n) {
        const whole line = i < 0x7fffffff ? (unsigned)i / (unsigned)inner : i / inner;
        const whole c = line < 0x7fffffff ? (unsigned)line % (unsigned)channels : line % channels;
        const real v = x[i] + b[c];
        y[i] = positive ? relu(v) : v;
    }
}
