package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;

import java.util.List;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Bias;

/**
 * Cross-correlation with learned filters, zero padded: [N, C, H, W] → [N, filters, OH, OW], extents rounded down:
 * y[n, f, oy, ox] = bias[f] + Σ x[n, c, oy·sh − ph + i·dh, ox·sw − pw + j·dw] · filter[f, c, i, j] over the channels c
 * of f's group. Several bottoms share the parameters and give one top each. As Caffe and Mocha, whose files fit.
 *
 * <p>Learns {@code filter} [filters, C/groups, kh, kw] and {@code bias} [filters].
 *
 * @param filters  output channels, a multiple of groups; required, where the guide takes 1
 * @param window   kernel (required, where the guide takes 1×1), stride, pad, dilation
 * @param groups   default 1; must divide C
 * @param filter   default: Xavier, L2(1), rate 1
 * @param bias     default: Constant(0), No, rate 2
 * @param biasTerm whether there is a bias, default true
 * @yaml {name: conv1, type: Convolution, filters: 20, kernel: 5, bottoms: [data], tops: [conv1]}
 * @java Node.of("conv1", new Convolution(20, Window.of(5)), "data")
 * @shape data [64, 1, 28, 28]
 * @caffe Convolution: num_output is filters; kernel_size, stride, pad, dilation; group, bias_term; weight_filler is
 *        filter.initializer, blobs_lr the rates
 * @mocha ConvolutionLayer: n_filter is filters, n_group groups, filter_init, filter_regu, filter_lr and so on stand in
 *        filter and bias
 */
public record Convolution(int filters, @Flat Window window, Integer groups, Param filter, Param bias, Boolean biasTerm)
        implements Layer {
    public Convolution {
        groups = or(groups, 1);
        filter = Param.or(filter, Defaults.WEIGHT);
        bias = Param.or(bias, Defaults.BIAS);
        biasTerm = or(biasTerm, true);
        positive("filters", filters);
        positive("groups", groups);
        require(window != null, "kernel", null, "a number or [width, height]");
        require(filters % groups == 0, "filters", filters, "a multiple of groups, " + groups);
    }

    /** With all defaults. */
    public Convolution(int filters, Window window) {
        this(filters, window, null, null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> convolve(g, x)).toList();
    }

    private Value convolve(Graph g, Value x) {
        shape(x.shape().rank() == 4, "Convolution expects images [N, C, H, W], found " + x.shape());
        int channels = x.shape().dim(1);
        shape(channels % groups == 0, "Convolution: " + channels + " channels of " + x.shape()
                + " do not divide into " + groups + " groups");
        Value w = g.parameter("filter", Shape.of(filters, channels / groups, window.kernel().h(), window.kernel().w()),
                filter);
        Value y = g.op(new org.mocha4j.api.ops.Convolution(window, groups), x, w);
        return biasTerm ? g.op(new Bias(1), y, g.parameter("bias", Shape.of(filters), bias)) : y;
    }
}
