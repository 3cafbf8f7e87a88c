package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.Pooling.Kind;

/**
 * The maximum or the mean over windows of neighbouring channels, at each place: [N, C, …] → [N, OC, …]; one top per
 * bottom. OC = ⌈(C + front + end − kernel) / stride⌉ + 1, rounded up like {@link org.mocha4j.layers.Pooling}, and one
 * less if the last window would start at or beyond front + C; what of a window reaches beyond C does not count.
 *
 * <p>Padding never wins a maximum; ties go to the first channel; a window that is all NaN yields NaN. A mean is always
 * divided by the kernel. As Mocha, which counts the axis from the other end.
 *
 * @param kernel  channels of a window, default 1
 * @param stride  default 1
 * @param pad     channels added in front and at the end, both less than the kernel, default 0
 * @param pooling default {@code MAX}
 * @param axis    default 1, the channels; negative counts from the last
 * @yaml {name: cpool, type: ChannelPooling, kernel: 4, stride: 2, pad: [1, 0], bottoms: [conv1], tops: [cpool]}
 * @java Node.of("cpool", new ChannelPooling(4, 2, new Margin(1, 0), null, null), "conv1")
 * @shape conv1 [64, 20, 12, 12]
 * @caffe none
 * @mocha ChannelPoolingLayer: kernel, stride, pad, pooling; channel_dim is axis, counted from the other end
 */
public record ChannelPooling(Integer kernel, Integer stride, Margin pad, Kind pooling, Integer axis) implements Layer {
    public ChannelPooling {
        kernel = or(kernel, 1);
        stride = or(stride, 1);
        pad = or(pad, Margin.of(0));
        pooling = or(pooling, Kind.MAX);
        axis = or(axis, 1);
        positive("kernel", kernel);
        positive("stride", stride);
        require(Math.max(pad.front(), pad.end()) < kernel, "pad", pad, "less than the kernel " + kernel);
    }

    /** Without padding, over axis 1. */
    public ChannelPooling(int kernel, int stride, Kind pooling) {
        this(kernel, stride, null, pooling, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> pool(g, x)).toList();
    }

    /** Pools images of height C that are padded alike on both sides, and leaves out what the shorter end has not. */
    private Value pool(Graph g, Value x) {
        Shape s = x.shape();
        int a = s.axis(axis);
        int channels = s.dim(a);
        int out = windows(channels);
        shape(channels > 0 && out > 0, "ChannelPooling: a window of " + kernel + " with pad " + pad
                + " does not fit axis " + a + " of " + s);
        int more = Math.max(0, pad.end() - pad.front());
        Shape images = Shape.of(Math.toIntExact(s.product(0, a)), 1, channels,
                Math.toIntExact(s.product(a + 1, s.rank())));
        Value image = Ops.reshape(g, x, images);
        if (more > 0) {         // NaN never wins a maximum
            image = g.op(new Pad(List.of(0, 0, 0, 0), List.of(0, 0, more, 0), pooling == Kind.MAX ? Double.NaN : 0),
                    image);
        }
        Window w = new Window(new Size(1, kernel), new Size(1, stride), new Size(0, pad.front()), null);
        Value y = g.op(new Pooling(pooling, w, Pooling.Divisor.KERNEL, Pooling.Rounding.CEIL), image);
        y = y.shape().dim(2) == out ? y : Ops.slice(g, y, 2, 0, out);
        return Ops.reshape(g, y, s.with(a, out));
    }

    private int windows(int channels) {
        int n = -Math.floorDiv(kernel - channels - pad.front() - pad.end(), stride) + 1;
        return (n - 1) * stride >= channels + pad.front() ? n - 1 : n;
    }
}
