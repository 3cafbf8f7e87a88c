package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.LRN.Mode;

/**
 * Local response normalisation: y = x / (shift + scale/n · Σ x²)^power, the sum over the n neighbours of an element,
 * itself among them. Same shape; one top per bottom; nothing learned. Neighbours outside of the blob count as 0, n
 * stays the same. With a shift of 0 a neighbourhood of zeros yields NaN. As Caffe, whose kernels are odd and whose shift is 1
 * within a channel, whatever is written. Source: Krizhevsky et al., ImageNet classification, 2012; defaults as Mocha.
 *
 * @param kernel of the neighbourhood, default 5; an even one extends further after the element than before it
 * @param scale  default 1
 * @param shift  default 1
 * @param power  default 0.75
 * @param mode   {@code ACROSS_CHANNEL}, the default: kernel channels of [N, C, …] at one place, n = kernel; {@code
 *               WITHIN_CHANNEL}: kernel × kernel places in one channel of [N, C, H, W], n = kernel²
 * @yaml {name: norm1, type: LRN, kernel: 3, scale: 5e-5, mode: within-channel, bottoms: [pool1], tops: [norm1]}
 * @java Node.of("norm1", new LRN(3, 5e-5, null, null, org.mocha4j.api.ops.LRN.Mode.WITHIN_CHANNEL), "pool1")
 * @shape pool1 [100, 32, 16, 16]
 * @caffe LRN: local_size is kernel, alpha scale, beta power, k shift; norm_region is mode
 * @mocha LRNLayer: the same fields
 */
public record LRN(Integer kernel, Double scale, Double shift, Double power, Mode mode) implements Layer {
    public LRN {
        kernel = or(kernel, 5);
        scale = or(scale, 1.0);
        shift = or(shift, 1.0);
        power = or(power, 0.75);
        mode = or(mode, Mode.ACROSS_CHANNEL);
        positive("kernel", kernel);
        op(kernel, scale, shift, power, mode);      // its checks
    }

    /** With all defaults: across five channels. */
    public LRN() {
        this(null, null, null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> g.op(op(kernel, scale, shift, power, mode), x)).toList();
    }

    private static org.mocha4j.api.ops.LRN op(int kernel, double scale, double shift, double power, Mode mode) {
        return new org.mocha4j.api.ops.LRN(mode, kernel, scale, shift, power);
    }
}
