// Maximum and mean over windows, and their gradients. Where a maximum was is kept as its place in its plane, -1 for a
// window without elements.
#define KERNEL_SIZE 0
#define PADDED 1
#define VALID 2

struct Pool {
    whole planes, h, w, oh, ow, kh, kw, sh, sw, ph, pw, divisor;
};

DEVICE whole least(whole a, whole b) { return a < b ? a : b; }
DEVICE whole most(whole a, whole b) { return a > b ? a : b; }

DEVICE int maximum(const Pool &p, const real *plane, whole oy, whole ox) {
    const whole top = oy * p.sh - p.ph, left = ox * p.sw - p.pw;
    int best = -1;
    real largest = 0;
    for (whole y = most(top, 0); y < least(top + p.kh, p.h); y++)
        for (whole x = most(left, 0); x < least(left + p.kw, p.w); x++) {
            const real v = plane[y * p.w + x];
            // the first one, then numbers that are larger than a number, or any number after NaN
            if (best < 0 || (v == v && !(v <= largest))) {
                best = (int)(y * p.w + x);
                largest = v;
            }
        }
    return best;
}

DEVICE real divisor(const Pool &p, whole oy, whole ox) {
    const whole y = oy * p.sh - p.ph, x = ox * p.sw - p.pw;
    if (p.divisor == KERNEL_SIZE) return (real)(p.kh * p.kw);
    if (p.divisor == PADDED) return (real)((least(y + p.kh, p.h + p.ph) - y) * (least(x + p.kw, p.w + p.pw) - x));
    return (real)((least(y + p.kh, p.h) - most(y, 0)) * (least(x + p.kw, p.w) - most(x, 0)));
}

// y, where: null where it is not wanted.
KERNEL maxima(whole n, Pool p, const real *x, real *y, int *where) {
    EACH(i, n) {
        const whole ox = i % p.ow, oy = i / p.ow % p.oh;
        const real *plane = x + i / (p.ow * p.oh) * p.h * p.w;
        const int best = maximum(p, plane, oy, ox);
        if (y) y[i] = best < 0 ? not_a_number() : plane[best];
        if (where) where[i] = best;
    }
}

KERNEL means(whole n, Pool p, const real *x, real *y) {
    EACH(i, n) {
        const whole ox = i % p.ow, oy = i / p.ow % p.oh, top = oy * p.sh - p.ph, left = ox * p.sw - p.pw;
        const real *plane = x + i / (p.ow * p.oh) * p.h * p.w;
        real sum = 0;
        for (whole r = most(top, 0); r < least(top + p.kh, p.h); r++)
            for (whole c = most(left, 0); c < least(left + p.kw, p.w); c++) sum += plane[r * p.w + c];
        y[i] = sum / divisor(p, oy, ox);
    }
}

// The windows that element i of an axis is in: first and the one after the last.
DEVICE whole first_window(whole i, whole kernel, whole stride, whole pad) {
    return i + pad < kernel ? 0 : (i + pad - kernel) / stride + 1;
}
DEVICE whole end_window(whole i, whole stride, whole pad, whole out) { return least(out, (i + pad) / stride + 1); }

// Each pixel gathers from the windows that it is in.
KERNEL maxima_gradient(whole n, Pool p, const int *where, const real *dy, real *dx) {
    EACH(i, n) {
        const whole x = i % p.w, y = i / p.w % p.h, first = i / (p.w * p.h) * p.oh * p.ow;
        const int own = (int)(y * p.w + x);
        real sum = 0;
        for (whole oy = first_window(y, p.kh, p.sh, p.ph); oy < end_window(y, p.sh, p.ph, p.oh); oy++)
            for (whole ox = first_window(x, p.kw, p.sw, p.pw); ox < end_window(x, p.sw, p.pw, p.ow); ox++) {
                const whole o = first + oy * p.ow + ox;
                if (where[o] == own) sum += dy[o];
            }
        dx[i] = sum;
    }
}

KERNEL means_gradient(whole n, Pool p, const real *dy, real *dx) {
    EACH(i, n) {
        const whole x = i % p.w, y = i / p.w % p.h, first = i / (p.w * p.h) * p.oh * p.ow;
        real sum = 0;
        for (whole oy = first_window(y, p.kh, p.sh, p.ph); oy < end_window(y, p.sh, p.ph, p.oh); oy++)
            for (whole ox = first_window(x, p.kw, p.sw, p.pw); ox < end_window(x, p.sw, p.pw, p.ow); ox++)
                sum += dy[first + oy * p.ow + ox] / divisor(p, oy, ox);
        dx[i] = sum;
    }
}
