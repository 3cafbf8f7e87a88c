package org.mocha4j.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.Transpose;

/** Counts by hand. */
class FlopsTest {
    private static Flops of(Op op, Spec... in) {
        return Flops.of(op, List.of(in), op.infer(List.of(in)));
    }

    private static Spec f(int... dims) {
        return Spec.of(DataType.FLOAT32, dims);
    }

    @Test
    void convolutionsAndTheirGradientsCountTheSame() {
        Convolution c = new Convolution(new Window(new Size(2, 3), null, null, null), 2);
        Flops expected = new Flops(2L * 5 * 6 * 9 * 8 * (4 * 3 * 2), 0);   // outputs [5, 6, 9, 8], filters [6, 4, 3, 2]
        assertEquals(expected, of(c, f(5, 8, 11, 9), f(6, 4, 3, 2)));
        assertEquals(expected, of(new ConvolutionDataGradient(c, 11, 9), f(6, 4, 3, 2), f(5, 6, 9, 8)));
        assertEquals(expected, of(new ConvolutionFilterGradient(c), f(5, 8, 11, 9), f(5, 6, 9, 8)));
        assertEquals(new Flops(expected.products(), 2 * 5 * 6 * 9 * 8),
            of(new ConvolutionBias(c, new Relu()), f(5, 8, 11, 9), f(6, 4, 3, 2), f(6)));
    }

    @Test
    void matrixProducts() {
        assertEquals(new Flops(2 * 7 * 3 * 4 * 5, 0), of(new MatMul(false, false), f(7, 3, 5), f(7, 5, 4)));
        assertEquals(new Flops(2 * 3 * 4 * 5, 0), of(new MatMul(true, true), f(5, 3), f(4, 5)));
        assertEquals(new Flops(2 * 3 * 4 * 5, 12),
                of(new MatMulBias(new MatMul(false, false), null), f(3, 5), f(5, 4), f(4)));
    }

    @Test
    void theRestCountsElements() {
        assertEquals(new Flops(0, 6), of(new Add(), f(2, 3), f(2, 3)));
        assertEquals(Flops.NONE, of(new Transpose(List.of(1, 0)), f(2, 3)));
        FusedElementwise two = new FusedElementwise(2, List.of(
                new FusedElementwise.Instruction(new Add(), List.of(0, 1)),
                new FusedElementwise.Instruction(new Multiply(), List.of(2, 1))), List.of(3), f(2, 3).shape());
        assertEquals(new Flops(0, 12), of(two, f(2, 3), f(2, 3)));
        assertEquals(new Flops(8, 20), new Flops(1, 4).plus(new Flops(3, 6)).times(2));
    }
}
