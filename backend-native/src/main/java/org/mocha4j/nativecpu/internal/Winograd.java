package org.mocha4j.nativecpu.internal;

import java.util.Collections;
import java.util.List;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.ops.Convolution;

/**
 * Convolutions of 3x3 and 5x5 with stride 1 as short filters over tiles of 6x6 and 8x8 places, see {@code winograd.cpp}: which they are taken
 * for, and their plans. Whether they are faster follows from the shapes alone, so that every run takes the same.
 */
final class Winograd {
    /** Width of the vectors that the estimates count in. */
    private static final int LANES = 16;
    /** Places that a tile gives, along an axis. */
    private static final int TILE = 4;

    /**
     * Filters after their transform: 36 or 64 points, channels, filters. No way leads back.
     *
     * @param turned for the gradient of the data: channels and filters exchanged
     */
    record FilterLayout(int kernel, boolean turned, long size) implements Layout {
        @Override
        public String name() {
            return turned ? "winograd turned" : "winograd";
        }

        @Override
        public long elements(Spec spec) {
            return size;
        }

        @Override
        public boolean reversible() {
            return false;
        }

        Code transform(Spec filter) {
            return Code.of("winograd filters", filter.type()).whole(kernel).shape(filter.shape()).flag(turned).code();
        }
    }

    private final NativeDevice device;

    Winograd(NativeDevice device) {
        this.device = device;
    }

    /** Whether the way over tiles is worth it for a convolution of these shapes, forward or with respect to its filters. */
    boolean suits(Convolution op, Spec x, Spec y) {
        return fits(op, x) && faster(op, x.shape(), y.shape(), x.shape().dim(1), y.shape().dim(1));
    }

    /** Whether it is for the gradient of the data. */
    boolean suitsData(Convolution op, Spec x, Spec y) {
        return fits(op, x) && faster(op, x.shape(), y.shape(), y.shape().dim(1), x.shape().dim(1));
    }

    private boolean fits(Convolution op, Spec x) {
        Window w = op.window();
        int k = w.kernel().w();
        Size one = Size.of(1);
        return device.winograd() && x.type() == DataType.FLOAT32 && op.groups() == 1 && w.stride().equals(one)
                && w.dilation().equals(one) && (k == 3 || k == 5) && w.kernel().h() == k && w.pad().w() < k && w.pad().h() < k;
    }

    /** Compares estimates, in multiplications of vectors: of the sums as defined and of the transforms and products. */
    private static boolean faster(Convolution op, Shape x, Shape y, int channels, int filters) {
        if (channels < 8 || filters < 8) {
            return false;
        }
        int k = op.window().kernel().w();
        int points = (k + TILE - 1) * (k + TILE - 1);
        double tiles = (double) y.dim(0) * ceil(y.dim(2), TILE) * ceil(y.dim(3), TILE);
        long vectors = ceil(filters, LANES);
        Size pad = op.window().pad();
        double taps = (double) taps(x.dim(2), y.dim(2), k, pad.h()) * taps(x.dim(3), y.dim(3), k, pad.w());
        double direct = y.dim(0) * taps * channels * vectors;
        double winograd = tiles * points * (1.33 * channels * vectors + 8 * ceil(channels, LANES) + 4 * vectors);
        return winograd < 0.9 * direct;
    }

    /** How many products along an axis do not meet padding. */
    private static long taps(int in, int out, int k, int pad) {
        long n = 0;
        for (int o = 0; o < out; o++) {
            n += Math.max(0, Math.min(in, o - pad + k) - Math.max(0, o - pad));
        }
        return n;
    }

    private static long ceil(int n, int of) {
        return (n + of - 1) / of;
    }

    NativePlan forward(Convolution op, Spec x, Spec filter, Spec y, boolean bias, boolean relu, String name) {
        Code c = code("winograd forward", op.window().kernel().w(), x, filter, y, op.window().pad()).flag(bias).flag(relu).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = new FilterLayout(op.window().kernel().w(), false, info.chosen().get(0).elements());
        List<Layout> in = bias ? List.of(Nhwc.of(x), filters, Layout.PLAIN) : List.of(Nhwc.of(x), filters);
        return new NativePlan("winograd " + name, c, in, List.of(Nhwc.of(y)), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    NativePlan data(Convolution op, Spec x, Spec filter, Spec y) {
        int k = op.window().kernel().w();
        Code c = code("winograd data", k, x, filter, y, op.window().pad()).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = new FilterLayout(k, true, info.chosen().get(0).elements());
        return new NativePlan("winograd convolution data gradient", c, List.of(filters, Nhwc.of(y)), List.of(Nhwc.of(x)),
                NativePlan.Traits.NONE).withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    /** @param bias whether a second output takes the gradient of the bias */
    NativePlan filter(Convolution op, Spec x, Spec filter, Spec y, boolean bias, String name) {
        Code c = code("winograd filter", op.window().kernel().w(), x, filter, y, op.window().pad()).flag(bias).code();
        return new NativePlan("winograd " + name, c, List.of(Nhwc.of(x), Nhwc.of(y)),
                Collections.nCopies(bias ? 2 : 1, Layout.PLAIN), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(device.info(c).scratchBytes()));
    }

    private static Code.Writer code(String name, int kernel, Spec x, Spec filter, Spec y, Size pad) {
        return Code.of(name, x.type()).whole(kernel).shape(x.shape()).shape(filter.shape()).shape(y.shape()).size(pad);
    }
}
