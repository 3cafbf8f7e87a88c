package org.mocha4j.cpu.internal.float32;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/** Element-wise ops and update rules in float32: ranges of fixed size, runs of ops block by block. */
final class ElementwiseKernels {
    /** Elements of a part. */
    private static final int PART = 16384;
    /** Elements of a block in a run of ops: operands stay in the first-level cache. */
    private static final int BLOCK = 1024;

    private final Pool pool;

    private ElementwiseKernels(Pool pool) {
        this.pool = pool;
    }

    static List<Kernel<?>> all(Pool pool) {
        ElementwiseKernels k = new ElementwiseKernels(pool);
        List<Kernel<?>> list = new ArrayList<>();
        for (Class<? extends Op> c : List.<Class<? extends Op>>of(Affine.class, Exp.class, Log.class, Tanh.class,
                Pow.class, Abs.class, Sign.class, Add.class, Multiply.class, Divide.class, Max.class, Select.class,
                Relu.class, ReluGradient.class, Sigmoid.class, SigmoidGradient.class, Dropout.class)) {
            list.add(k.kernel(c));
        }
        list.add(Fast.floats(FusedElementwise.class, (op, r) -> new CpuPlan("blocks", r.inputs().size(),
                r.outputs().size(), b -> k.fused(op, r.inputs(), b))
                .withInPlace((i, o) -> r.inputs().get(i).equals(r.outputs().get(o)))));
        list.add(Fast.floats(SgdUpdate.class, (op, r) -> new CpuPlan("one pass", 5, 2,
                b -> k.sgd(n(r.inputs().get(0)), b)).asPredicated((i, o) -> i == 2 * o)));
        list.add(Fast.floats(AdamUpdate.class, (op, r) -> new CpuPlan("one pass", 7, 3,
                b -> k.adam(op, n(r.inputs().get(0)), b)).asPredicated((i, o) -> i == (o == 0 ? 0 : o + 1))));
        return list;
    }

    private <O extends Op> Kernel<O> kernel(Class<O> c) {
        return Fast.floats(c, (op, r) -> {
            FloatLoops.Loop loop = FloatLoops.of(op);
            int n = n(r.outputs().get(0));
            return new CpuPlan("loop", r.inputs().size(), 1, b -> single(loop, n, b))
                    .withInPlace((i, o) -> r.inputs().get(i).equals(r.outputs().get(o)));
        });
    }

    private static int n(Spec s) {
        return Math.toIntExact(s.elements());
    }

    private static int parts(int n) {
        return (n + PART - 1) / PART;
    }

    private Step single(FloatLoops.Loop loop, int n, Binding b) {
        float[][] in = new float[4][];
        for (int i = 0; i < 4; i++) {
            in[i] = b.in(Math.min(i, b.inputs().size() - 1)).floats();
        }
        float[] y = b.out(0).floats();
        Region region = (part, slot) -> loop.run(in[0], in[1], in[2], in[3], y, part * PART,
                Math.min(n, (part + 1) * PART));
        return () -> pool.run(parts(n), region);
    }

    /** Each block of every input is copied before any output is written, so outputs may lie over inputs. */
    private Step fused(FusedElementwise op, List<Spec> specs, Binding b) {
        int n = n(new Spec(specs.get(0).type(), op.shape()));
        int inputs = op.inputs();
        int count = op.code().size();
        float[][] in = new float[inputs][];
        boolean[] single = new boolean[inputs];
        for (int i = 0; i < inputs; i++) {
            in[i] = b.in(i).floats();
            single[i] = specs.get(i).elements() == 1;
        }
        FloatLoops.Loop[] code = new FloatLoops.Loop[count];
        int[][] operands = new int[count][4];
        for (int i = 0; i < count; i++) {
            FusedElementwise.Instruction instruction = op.code().get(i);
            code[i] = FloatLoops.of(instruction.op());
            for (int j = 0; j < 4; j++) {
                operands[i][j] = instruction.operands().get(Math.min(j, instruction.operands().size() - 1));
            }
        }
        int[] results = op.results().stream().mapToInt(Integer::intValue).toArray();
        float[][] out = new float[results.length][];
        for (int i = 0; i < results.length; i++) {
            out[i] = b.out(i).floats();
        }
        float[][][] registers = new float[pool.threads()][inputs + count][Math.min(BLOCK, n)];
        Region region = (part, slot) -> {
            float[][] v = registers[slot];
            for (int i = 0; i < inputs; i++) {
                if (single[i]) {
                    java.util.Arrays.fill(v[i], in[i][0]);
                }
            }
            int end = Math.min(n, (part + 1) * PART);
            for (int at = part * PART; at < end; at += BLOCK) {
                int length = Math.min(BLOCK, end - at);
                for (int i = 0; i < inputs; i++) {
                    if (!single[i]) {
                        System.arraycopy(in[i], at, v[i], 0, length);
                    }
                }
                for (int i = 0; i < count; i++) {
                    int[] o = operands[i];
                    code[i].run(v[o[0]], v[o[1]], v[o[2]], v[o[3]], v[inputs + i], 0, length);
                }
                for (int i = 0; i < results.length; i++) {
                    System.arraycopy(v[results[i]], 0, out[i], at, length);
                }
            }
        };
        return () -> pool.run(parts(n), region);
    }

    private Step sgd(int n, Binding b) {
        float[] w = b.in(0).floats();
        float[] g = b.in(1).floats();
        float[] h = b.in(2).floats();
        HostBuffer rate = b.in(3);
        HostBuffer momentum = b.in(4);
        float[] newW = b.out(0).floats();
        float[] newH = b.out(1).floats();
        Region region = (part, slot) -> sgd(w, g, h, rate.floats()[0], momentum.floats()[0], newW, newH, part * PART,
                Math.min(n, (part + 1) * PART));
        return () -> {
            if (Status.clear(b.status())) {
                pool.run(parts(n), region);
            }
        };
    }

    private static void sgd(float[] w, float[] g, float[] h, float rate, float momentum, float[] newW, float[] newH,
                            int from, int to) {
        for (int i = from; i < to; i++) {
            float step = momentum * h[i] - rate * g[i];
            newW[i] = w[i] + step;
            newH[i] = step;
        }
    }

    private Step adam(AdamUpdate op, int n, Binding b) {
        float[][] in = new float[7][];
        for (int i = 0; i < 7; i++) {
            in[i] = b.in(i).floats();
        }
        float[][] out = {b.out(0).floats(), b.out(1).floats(), b.out(2).floats()};
        Region region = (part, slot) -> adam(op, in, out, part * PART, Math.min(n, (part + 1) * PART));
        return () -> {
            if (Status.clear(b.status())) {
                pool.run(parts(n), region);
            }
        };
    }

    private static void adam(AdamUpdate op, float[][] in, float[][] out, int from, int to) {
        adam(in[0], in[1], in[2], in[3], in[4][0], in[5][0], in[6][0], (float) op.beta1(), (float) (1 - op.beta1()),
                (float) op.beta2(), (float) (1 - op.beta2()), (float) op.epsilon(), out[0], out[1], out[2], from, to);
    }

    private static void adam(float[] w, float[] g, float[] m, float[] v, float rate, float c1, float c2, float b1,
                             float d1, float b2, float d2, float epsilon, float[] newW, float[] newM, float[] newV,
                             int from, int to) {
        for (int i = from; i < to; i++) {
            float first = b1 * m[i] + d1 * g[i];
            float second = b2 * v[i] + d2 * (g[i] * g[i]);
            newW[i] = w[i] - rate * (c1 * first / ((float) Math.sqrt(c2 * second) + epsilon));
            newM[i] = first;
            newV[i] = second;
        }
    }
}
