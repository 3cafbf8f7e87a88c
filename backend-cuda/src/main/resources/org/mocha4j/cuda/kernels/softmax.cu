// Softmax and its loss along the axis in the middle of [outer, length, inner]: one thread for each line.
DEVICE whole line_start(whole line, whole length, whole inner) { return line / inner * inner * length + line % inner; }

DEVICE real line_max(const real *x, whole length, whole inner) {
    real m = x[0];
    for (whole e = 1; e < length; e++) m = larger(m, x[e * inner]);
    return m;
}

DEVICE real line_sum(const real *x, whole length, whole inner, real m) {
    real sum = 0;
    for (whole e = 0; e < length; e++) sum += exp(x[e * inner] - m);
    return sum;
}

KERNEL softmax(whole lines, whole length, whole inner, const real *x, real *y) {
    EACH(i, lines) {
        const whole start = line_start(i, length, inner);
        if (length == 0) continue;
        const real m = line_max(x + start, length, inner), sum = line_sum(x + start, length, inner, m);
        for (whole e = 0; e < length; e++) y[start + e * inner] = exp(x[start + e * inner] - m) / sum;
    }
}

KERNEL softmax_gradient(whole lines, whole length, whole inner, const real *y, const real *dy, real *dx) {
    EACH(i, lines) {
        const whole start = line_start(i, length, inner);
        real dot = 0;
        for (whole e = 0; e < length; e++) dot += y[start + e * inner] * dy[start + e * inner];
        for (whole e = 0; e < length; e++) dx[start + e * inner] = y[start + e * inner] * (dy[start + e * inner] - dot);
    }
}

// The loss of each line; of one with a bad label without its class.
KERNEL line_losses(whole lines, whole length, whole inner, const real *x, const real *label, real *losses) {
    EACH(i, lines) {
        const real *line = x + line_start(i, length, inner);
        const real m = line_max(line, length, inner);
        real loss = log(line_sum(line, length, inner, m));
        if (whole_below(label[i], length)) loss -= line[(whole)label[i] * inner] - m;
        losses[i] = loss;
    }
}

// One block: the sum of n numbers by the number of lines.
KERNEL mean_loss(whole n, whole lines, const real *losses, real *y) {
    real sum = 0;
    for (whole i = threadIdx.x; i < n; i += THREADS) sum += losses[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) y[0] = sum / (real)lines;
}

KERNEL softmax_loss_gradient(whole lines, whole length, whole inner, const real *x, const real *label, const real *d,
                             real *dx) {
    EACH(i, lines) {
        const whole start = line_start(i, length, inner);
        const real m = line_max(x + start, length, inner), sum = line_sum(x + start, length, inner, m);
        const real scale = d[0] / (real)lines;
        for (whole e = 0; e < length; e++) {
            const real p = exp(x[start + e * inner] - m) / sum;
            dx[start + e * inner] = (label[i] == (real)e ? p - 1 : p) * scale;
        }
    }
}
