// Ops that move elements to other places and compute nothing.

// y[second place + at] = x[first place + from] for each element of a box.
KERNEL copy_box(whole n, Axes axes, whole from, whole at, const real *x, real *y) {
    EACH(i, n) {
        const Places p = places(axes, i);
        y[at + p.second] = x[from + p.first];
    }
}

KERNEL fill(whole n, double value, real *y) {
    EACH(i, n) y[i] = (real)value;
}

// Words of 4 bytes, whatever is in them.
KERNEL copy_words(whole n, const unsigned *x, unsigned *y) {
    EACH(i, n) y[i] = x[i];
}

KERNEL cast_from_float(whole n, const float *x, real *y) {
    EACH(i, n) y[i] = (real)x[i];
}
KERNEL cast_from_double(whole n, const double *x, real *y) {
    EACH(i, n) y[i] = (real)x[i];
}
