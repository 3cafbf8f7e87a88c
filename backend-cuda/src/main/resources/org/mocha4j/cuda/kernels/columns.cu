// Windows of images as columns (im2col), and columns added up into images (col2im).
struct Window {
    whole planes, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw;
};

KERNEL unfold(whole n, Window v, const real *x, real *y) {
    EACH(i, n) {
        const whole ox = i % v.ow, oy = i / v.ow % v.oh, e = i / (v.ow * v.oh);
        const whole j = e % v.kw, k = e / v.kw % v.kh, plane = e / (v.kw * v.kh);
        const whole row = oy * v.sh - v.ph + k * v.dh, column = ox * v.sw - v.pw + j * v.dw;
        const bool inside = row >= 0 && row < v.h && column >= 0 && column < v.w;
        y[i] = inside ? x[(plane * v.h + row) * v.w + column] : (real)0;
    }
}

// Each pixel gathers what the windows give it, in the order of the window's elements.
KERNEL fold(whole n, Window v, const real *x, real *y) {
    EACH(i, n) {
        const whole column = i % v.w, row = i / v.w % v.h, plane = i / (v.w * v.h);
        real sum = 0;
        for (whole k = 0; k < v.kh; k++) {
            const whole top = row + v.ph - k * v.dh;
            if (top < 0 || top % v.sh != 0 || top / v.sh >= v.oh) continue;
            for (whole j = 0; j < v.kw; j++) {
                const whole left = column + v.pw - j * v.dw;
                if (left < 0 || left % v.sw != 0 || left / v.sw >= v.ow) continue;
                sum += x[(((plane * v.kh + k) * v.kw + j) * v.oh + top / v.sh) * v.ow + left / v.sw];
            }
        }
        y[i] = sum;
    }
}
