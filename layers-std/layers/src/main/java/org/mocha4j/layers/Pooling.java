package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Pooling.Divisor;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.api.ops.Pooling.Rounding;

/**
 * The maximum or the mean over windows of each channel: [N, C, H, W] → [N, C, OH, OW]; one top per bottom. Padding
 * never wins a maximum; ties go to the first in row-major order; a window that is all NaN yields NaN.
 *
 * <p>Extents are rounded up as in Caffe and Mocha: the last row and column of windows may reach beyond the image, and
 * with padding a window that starts beyond it is dropped. The mean's divisor is then {@code KERNEL}: always kw·kh
 * (Mocha), {@code PADDED}: the window clipped to the padded image (Caffe), {@code VALID}: clipped to the image.
 *
 * @param window   kernel (required: the guide's 1×1 pools nothing), stride (default 1, as Caffe and Mocha), pad (less
 *                 than the kernel); no dilation
 * @param pooling  default {@code MAX}
 * @param divisor  of the mean, default {@code KERNEL}
 * @param rounding of the extents, default {@code CEIL}
 * @yaml {name: pool1, type: Pooling, kernel: 2, stride: 2, bottoms: [conv1], tops: [pool1]}
 * @java Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1")
 * @shape conv1 [64, 20, 24, 24]
 * @caffe Pooling: kernel_size, stride, pad; pool MAX and AVE is pooling; AVE is divisor: padded
 * @mocha PoolingLayer: kernel, stride, pad, pooling
 */
public record Pooling(@Flat Window window, Kind pooling, Divisor divisor, Rounding rounding) implements Layer {
    public Pooling {
        pooling = or(pooling, Kind.MAX);
        divisor = or(divisor, Divisor.KERNEL);
        rounding = or(rounding, Rounding.CEIL);
        require(window != null, "kernel", null, "a number or [width, height]");
        new org.mocha4j.api.ops.Pooling(pooling, window, divisor, rounding);      // its checks
    }

    /** With all defaults: the maximum. */
    public Pooling(Window window) {
        this(window, null, null, null);
    }

    /** The maximum or the mean, else with all defaults. */
    public Pooling(Window window, Kind pooling) {
        this(window, pooling, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        var op = new org.mocha4j.api.ops.Pooling(pooling, window, divisor, rounding);
        return inputs.stream().map(x -> g.op(op, x)).toList();
    }
}
