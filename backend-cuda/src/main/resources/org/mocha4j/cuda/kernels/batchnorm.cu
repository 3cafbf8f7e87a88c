// Normalisation of the channels of [images, channels, inner] by the statistics of the batch, and its gradient. One block
// for each channel adds up, then every element is written.
DEVICE whole element(whole i, whole c, whole channels, whole inner) { return (i / inner * channels + c) * inner + i % inner; }
DEVICE whole channel(whole i, whole channels, whole inner) { return i / inner % channels; }

KERNEL batch_statistics(whole images, whole channels, whole inner, const real *x, real *mean, real *variance) {
    const whole c = blockIdx.x, m = images * inner;
    real sum = 0;
    for (whole i = threadIdx.x; i < m; i += THREADS) sum += x[element(i, c, channels, inner)];
    const real centre = block_sum(sum) / (real)m;
    sum = 0;
    for (whole i = threadIdx.x; i < m; i += THREADS) {
        const real v = x[element(i, c, channels, inner)] - centre;
        sum += v * v;
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        mean[c] = centre;
        variance[c] = sum / (real)m;
    }
}

KERNEL batch_norm(whole n, whole channels, whole inner, double epsilon, const real *x, const real *scale, const real *shift,
                  const real *mean, const real *variance, real *y) {
    EACH(i, n) {
        const whole c = channel(i, channels, inner);
        y[i] = (x[i] - mean[c]) * (scale[c] / sqrt(variance[c] + (real)epsilon)) + shift[c];
    }
}

KERNEL batch_sums(whole images, whole channels, whole inner, double epsilon, const real *x, const real *mean,
                  const real *variance, const real *dy, real *d_scale, real *d_shift) {
    const whole c = blockIdx.x, m = images * inner;
    const real inverse = 1 / sqrt(variance[c] + (real)epsilon), centre = mean[c];
    real sum = 0, dot = 0;
    for (whole i = threadIdx.x; i < m; i += THREADS) {
        const whole at = element(i, c, channels, inner);
        sum += dy[at];
        dot += dy[at] * ((x[at] - centre) * inverse);
    }
    sum = block_sum(sum);
    dot = block_sum(dot);
    if (threadIdx.x == 0) {
        d_shift[c] = sum;
        d_scale[c] = dot;
    }
}

KERNEL batch_norm_gradient(whole n, whole count, whole channels, whole inner, double epsilon, const real *x,
                           const real *scale, const real *mean, const real *variance, const real *dy, const real *d_scale,
                           const real *d_shift, real *dx) {
    EACH(i, n) {
        const whole c = channel(i, channels, inner);
        const real inverse = 1 / sqrt(variance[c] + (real)epsilon), hat = (x[i] - mean[c]) * inverse;
        dx[i] = scale[c] * inverse * (dy[i] - (d_shift[c] + hat * d_scale[c]) / (real)count);
    }
}
