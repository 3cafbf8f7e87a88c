// Local response normalisation on planes of rows and columns, in which a neighbourhood is high x wide elements and begins
// `before` of them before its element along each axis that it extends over.
struct Neighbours {
    whole rows, columns, high, wide, before;
};

DEVICE real neighbour_sum(const Neighbours &n, const real *v, whole at, whole before, bool squares) {
    const whole x = at % n.columns, y = at / n.columns % n.rows, left = n.wide == 1 ? 0 : before, up = n.high == 1 ? 0 : before;
    const whole y0 = y < up ? 0 : y - up, y1 = y - up + n.high < n.rows ? y - up + n.high : n.rows;
    const whole x0 = x < left ? 0 : x - left, x1 = x - left + n.wide < n.columns ? x - left + n.wide : n.columns;
    const real *plane = v + (at - y * n.columns - x);
    real sum = 0;
    for (whole r = y0; r < y1; r++)
        for (whole c = x0; c < x1; c++) {
            const real u = plane[r * n.columns + c];
            sum += squares ? u * u : u;
        }
    return sum;
}

KERNEL lrn(whole n, Neighbours of, double factor, double shift, double exponent, const real *x, real *y) {
    EACH(i, n) {
        const real d = (real)shift + (real)factor * neighbour_sum(of, x, i, of.before, true);
        y[i] = x[i] / pow(d, (real)exponent);
    }
}

// What each element adds to the gradients of its neighbours, dy · y / d, and d.
KERNEL lrn_shares(whole n, Neighbours of, double factor, double shift, const real *x, const real *y, const real *dy,
                  real *shares, real *denominators) {
    EACH(i, n) {
        const real d = (real)shift + (real)factor * neighbour_sum(of, x, i, of.before, true);
        shares[i] = dy[i] * y[i] / d;
        denominators[i] = d;
    }
}

KERNEL lrn_gradient(whole n, Neighbours of, whole after, double outer, double exponent, const real *x, const real *dy,
                    const real *shares, const real *denominators, real *dx) {
    EACH(i, n)
        dx[i] = dy[i] / pow(denominators[i], (real)exponent) - (real)outer * x[i] * neighbour_sum(of, shares, i, after, false);
}
