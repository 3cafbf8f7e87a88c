// Updates of parameters and states, in place, left out while the status word is set.

// h' = momentum · h - rate · gradient, w' = w + h'
KERNEL sgd(whole n, const whole *status, const real *w, const real *gradient, const real *h, const real *rate,
           const real *momentum, real *new_w, real *new_h) {
    if (!clear(status)) return;
    EACH(i, n) {
        const real v = momentum[0] * h[i] - rate[0] * gradient[i];
        new_w[i] = w[i] + v;
        new_h[i] = v;
    }
}

KERNEL adam(whole n, double beta1, double beta2, double epsilon, const whole *status, const real *w, const real *gradient,
            const real *m, const real *v, const real *rate, const real *c1, const real *c2, real *new_w, real *new_m,
            real *new_v) {
    if (!clear(status)) return;
    EACH(i, n) {
        const real g = gradient[i];
        const real a = (real)beta1 * m[i] + (real)(1 - beta1) * g, q = (real)beta2 * v[i] + (real)(1 - beta2) * (g * g);
        new_w[i] = w[i] - rate[0] * (c1[0] * a / (sqrt(c2[0] * q) + (real)epsilon));
        new_m[i] = a;
        new_v[i] = q;
    }
}

// Words of 4 bytes: next while the status word is clear, else state; they may lie where state does.
KERNEL commit(whole n, const whole *status, const unsigned *state, const unsigned *next, unsigned *y) {
    const unsigned *from = clear(status) ? next : state;
    if (from == y) return;
    EACH(i, n) y[i] = from[i];
}
