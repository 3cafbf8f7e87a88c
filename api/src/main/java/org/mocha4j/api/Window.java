package org.mocha4j.api;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

/**
 * A window that slides over images [N, C, H, W].
 *
 * @param kernel   extent of the window
 * @param stride   step, default 1
 * @param pad      zeros (for max pooling: nothing) added on both sides, default 0
 * @param dilation distance between the window's elements, default 1
 */
public record Window(Size kernel, Size stride, Size pad, Size dilation) {
    public Window {
        require(kernel != null, "kernel", null, "a number or [width, height]");
        stride = or(stride, Size.of(1));
        pad = or(pad, Size.of(0));
        dilation = or(dilation, Size.of(1));
        require(kernel.w() > 0 && kernel.h() > 0, "kernel", kernel, "at least 1x1");
        require(stride.w() > 0 && stride.h() > 0, "stride", stride, "at least 1x1");
        require(pad.w() >= 0 && pad.h() >= 0, "pad", pad, "at least 0x0");
        require(dilation.w() > 0 && dilation.h() > 0, "dilation", dilation, "at least 1x1");
    }

    public static Window of(int kernel) {
        return new Window(Size.of(kernel), null, null, null);
    }

    public static Window of(int kernel, int stride) {
        return new Window(Size.of(kernel), Size.of(stride), null, null);
    }

    public static Window of(int kernel, int stride, int pad) {
        return new Window(Size.of(kernel), Size.of(stride), Size.of(pad), null);
    }

    /** ⌊(in + 2·pad − dilation·(kernel − 1) − 1) / stride⌋ + 1, per axis; below 1 where the window does not fit. */
    public Size floor(int width, int height) {
        return new Size(floor(width, kernel.w(), stride.w(), pad.w(), dilation.w()),
                floor(height, kernel.h(), stride.h(), pad.h(), dilation.h()));
    }

    /** As {@link #floor} rounded up; a last window that starts at or beyond in + pad, so wholly outside, is dropped. */
    public Size ceil(int width, int height) {
        return new Size(ceil(width, kernel.w(), stride.w(), pad.w(), dilation.w()),
                ceil(height, kernel.h(), stride.h(), pad.h(), dilation.h()));
    }

    private static int floor(int in, int k, int s, int p, int d) {
        return Math.floorDiv(in + 2 * p - d * (k - 1) - 1, s) + 1;
    }

    private static int ceil(int in, int k, int s, int p, int d) {
        int out = -Math.floorDiv(-(in + 2 * p - d * (k - 1) - 1), s) + 1;
        return (out - 1) * s >= in + p ? out - 1 : out;
    }
}
