package org.mocha4j.odd.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Select;

/** What is offered for fusion: convolution with bias and ReLU; element-wise runs with one result and no selection. */
final class FusedKernels {
    private FusedKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(ConvolutionBias.class, ConvolutionKernels::fused),
                new OddKernel<>(FusedElementwise.class, FusedKernels::run));
    }

    private static Offer run(FusedElementwise op, PlanRequest r) {
        if (op.results().size() != 1) {
            return new Refusal("a fused run must have one result, found " + op.results().size());
        }
        if (op.code().stream().anyMatch(i -> i.op() instanceof Select)) {
            return new Refusal("a fused run must not select");
        }
        Program program = Program.of(op, r.type());
        boolean[] single = new boolean[op.inputs()];
        List<List<Integer>> inPlace = new ArrayList<>();
        for (int i = 0; i < single.length; i++) {
            single[i] = !r.inputs().get(i).shape().equals(op.shape());
            if (!single[i]) {
                inPlace.add(List.of(i, 0));
            }
        }
        boolean numbers = IntStream.range(0, single.length).anyMatch(i -> single[i]);
        boolean padded = !numbers && program.at(new double[op.inputs() + op.code().size()]) == 0;
        Layout layout = padded ? ElementKernels.common(r, single.length) : Layout.PLAIN;
        int n = (int) layout.elements(r.outputs().get(0));
        return new OddPlan("fused " + op.code().size(), Collections.nCopies(single.length, layout), List.of(layout),
                b -> loop(b, program, single, n)).withInPlace(java.util.Set.copyOf(inPlace));
    }

    private static Runnable loop(Binding b, Program program, boolean[] single, int n) {
        Memory[] in = IntStream.range(0, single.length).mapToObj(i -> OddPlan.in(b, i)).toArray(Memory[]::new);
        Memory y = OddPlan.out(b, 0);
        double[] registers = new double[single.length + program.code.length];
        return () -> {
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < in.length; k++) {
                    registers[k] = in[k].get(single[k] ? 0 : i);
                }
                y.set(i, program.at(registers));
            }
        };
    }

    /** Instruction j reads registers and writes register inputs + j. */
    private record Program(Scalars[] code, int[][] operands, int inputs, int result) {
        static Program of(FusedElementwise op, DataType type) {
            return new Program(op.code().stream().map(i -> Scalars.of(i.op(), type)).toArray(Scalars[]::new),
                    op.code().stream().map(i -> i.operands().stream().mapToInt(Integer::intValue).toArray())
                            .toArray(int[][]::new), op.inputs(), op.results().get(0));
        }

        double at(double[] r) {
            for (int j = 0; j < code.length; j++) {
                int[] o = operands[j];
                r[inputs + j] = code[j].at(r[o[0]], o.length > 1 ? r[o[1]] : 0, o.length > 2 ? r[o[2]] : 0,
                        o.length > 3 ? r[o[3]] : 0);
            }
            return r[result];
        }
    }
}
