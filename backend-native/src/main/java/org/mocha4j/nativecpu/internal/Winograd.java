package org.mocha4j.nativecpu.internal;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.PlanRequest;

/**
 * Convolutions of 3x3 and 5x5 with stride 1 as short filters over tiles of 6x6 and 8x8 places, see {@code winograd.cpp}. Whether they
 * are probably faster follows from the shapes alone, so that every run takes the same.
 */
final class Winograd implements ConvolutionWay {
    /** Width of the vectors that the estimates count in. */
    private static final int LANES = 16;
    /** Places that a tile gives, along an axis. */
    private static final int TILE = 4;
    /** Vectors of filters, 8 MB, that no near cache keeps from one step to the next. */
    private static final int FAR = 1 << 17;

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

    @Override
    public String name() {
        return "winograd";
    }

    @Override
    public Optional<String> refusal(ConvolutionTask t) {
        Window w = t.op().window();
        int k = w.kernel().w();
        Size one = Size.of(1);
        if (!device.winograd()) {
            return Optional.of("it is switched off: winograd=off");
        }
        if (t.type() != DataType.FLOAT32) {
            return Optional.of("type must be float32, found " + t.type());
        }
        boolean fits = t.op().groups() == 1 && w.stride().equals(one) && w.dilation().equals(one) && (k == 3 || k == 5)
                && w.kernel().h() == k && w.pad().w() < k && w.pad().h() < k && t.y().elements() > 0 && t.x().elements() > 0;
        return fits ? Optional.empty() : Optional.of("it is for kernels of 3x3 and 5x5 with stride, dilation and groups of 1"
                + " and pads below the kernel");
    }

    /**
     * Whether it is probably worth it, for what it does not refuse. Compares estimates, in multiplications of vectors: of
     * the sums as defined, and of the transforms of tiles and the products at each point, with what it costs to transform
     * the filters, which a step of training does anew, and to read them where they are many.
     */
    static boolean faster(ConvolutionTask t) {
        boolean data = t.kind() == ConvolutionTask.Kind.DATA;
        Shape x = t.x().shape();
        Shape y = t.y().shape();
        int channels = data ? y.dim(1) : x.dim(1);
        int filters = data ? x.dim(1) : y.dim(1);
        if (channels < 8 || filters < 8) {
            return false;
        }
        int k = t.op().window().kernel().w();
        int points = (k + TILE - 1) * (k + TILE - 1);
        double tiles = (double) y.dim(0) * ceil(y.dim(2), TILE) * ceil(y.dim(3), TILE);
        long vectors = ceil(filters, LANES);
        Size pad = t.op().window().pad();
        double taps = (double) taps(x.dim(2), y.dim(2), k, pad.h()) * taps(x.dim(3), y.dim(3), k, pad.w());
        double direct = y.dim(0) * taps * channels * vectors;
        double winograd = tiles * points * (1.33 * channels * vectors + 8 * ceil(channels, LANES) + 4 * vectors)
                + filters(t.kind(), (double) points * channels * vectors);
        return winograd < 0.9 * direct;
    }

    /** What filters cost that have so many vectors after their transform. */
    private static double filters(ConvolutionTask.Kind kind, double vectors) {
        return switch (kind) {
            case FILTER -> 0;
            case INFERENCE -> far(vectors);
            case FORWARD, DATA -> far(vectors) + 30 * vectors;
        };
    }

    private static double far(double vectors) {
        return vectors < FAR ? 0 : 15 * vectors;
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

    @Override
    public NativePlan plan(ConvolutionTask t, PlanRequest r) {
        return switch (t.kind()) {
            case FORWARD, INFERENCE -> forward(t);
            case DATA -> data(t);
            case FILTER -> filter(t);
        };
    }

    private NativePlan forward(ConvolutionTask t) {
        Code c = code("winograd forward", t).flag(t.bias()).flag(t.relu()).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = new FilterLayout(t.op().window().kernel().w(), false, info.chosen().get(0).elements());
        List<Layout> in = t.bias() ? List.of(Nhwc.of(t.x()), filters, Layout.PLAIN) : List.of(Nhwc.of(t.x()), filters);
        return plan(t, c, in, List.of(Nhwc.of(t.y())), info);
    }

    private NativePlan data(ConvolutionTask t) {
        Code c = code("winograd data", t).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = new FilterLayout(t.op().window().kernel().w(), true, info.chosen().get(0).elements());
        return plan(t, c, List.of(filters, Nhwc.of(t.y())), List.of(Nhwc.of(t.x())), info);
    }

    private NativePlan filter(ConvolutionTask t) {
        Code c = code("winograd filter", t).flag(t.bias()).code();
        return plan(t, c, List.of(Nhwc.of(t.x()), Nhwc.of(t.y())), Collections.nCopies(t.bias() ? 2 : 1, Layout.PLAIN),
                device.info(c));
    }

    private static NativePlan plan(ConvolutionTask t, Code c, List<Layout> in, List<Layout> out, NativeDevice.Info info) {
        return new NativePlan("winograd " + t.name(), c, in, out, NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    private static Code.Writer code(String name, ConvolutionTask t) {
        Window w = t.op().window();
        return Code.of(name, t.type()).whole(w.kernel().w()).shape(t.x().shape()).shape(t.filter().shape())
                .shape(t.y().shape()).size(w.pad());
    }
}
