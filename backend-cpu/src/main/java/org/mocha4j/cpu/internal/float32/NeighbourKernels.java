package org.mocha4j.cpu.internal.float32;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRNGradient;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/**
 * Local response normalisation block by block: a block is copied into rows with zeros around them, so that a
 * neighbourhood is a fixed set of distances in one array, and all sums are taken in passes over it. Each sum is added
 * up anew in a fixed order. The gradient makes the denominators again.
 */
final class NeighbourKernels {
    /** Elements that a part of the work, and a block that may be cut, should have. */
    private static final int PART = 16384;
    private static final int ARRAYS = 8;

    private final Pool pool;

    private NeighbourKernels(Pool pool) {
        this.pool = pool;
    }

    static List<Kernel<?>> all(Pool pool) {
        NeighbourKernels k = new NeighbourKernels(pool);
        return List.of(Fast.floats(LRN.class, k::forward), Fast.floats(LRNGradient.class, k::backward));
    }

    private Offer forward(LRN op, PlanRequest r) {
        Blocks g = Blocks.of(op, r.inputs().get(0).shape());
        return g == null ? TOO_LARGE : new CpuPlan(NAME, 1, 1, b -> forward(op, g, b));
    }

    private Offer backward(LRNGradient op, PlanRequest r) {
        Blocks g = Blocks.of(op.forward(), r.inputs().get(0).shape());
        return g == null ? TOO_LARGE : new CpuPlan(NAME, 3, 1, b -> backward(op, g, b));
    }

    private static final String NAME = "neighbours";
    private static final Refusal TOO_LARGE = new Refusal("a block of at most 2^24 elements with its border expected");

    /**
     * Rows of a tensor that are worked on together: the channels of a sample at some places, or the rows of a plane.
     *
     * @param count   blocks
     * @param split   blocks of a sample (across channels; else 1)
     * @param rows    of a block
     * @param length  of a row; in the last block of a sample less
     * @param inner   distance of the rows in the tensor
     * @param stride  distance of the rows in the working arrays
     * @param wide    extent of the neighbourhood along a row
     * @param high    extent across rows
     */
    private record Blocks(int count, int split, int rows, int length, int inner, int stride, int wide, int high) {
        /** Null where a block is too large. */
        static Blocks of(LRN op, Shape s) {
            int k = op.size();
            boolean across = op.mode() == LRN.Mode.ACROSS_CHANNEL;
            int rows = across ? s.dim(1) : s.dim(2);
            int inner = (int) (across ? s.product(2, s.rank()) : s.dim(3));
            int length = across ? Math.min(inner, Math.max(64, PART / (rows + k - 1))) : inner;
            int stride = across ? length : inner + k - 1;
            int split = across ? (inner + length - 1) / length : 1;
            int count = across ? s.dim(0) * split : s.dim(0) * s.dim(1);
            return (long) stride * (rows + k - 1) > 1 << 24 ? null
                    : new Blocks(count, split, rows, length, inner, stride, across ? 1 : k, k);
        }

        int size() {
            return stride * (rows + high - 1);
        }

        /** Elements from the first to the last result. */
        int results() {
            return stride * (rows - 1) + length;
        }

        /** Where the tensor's element lies that is {@code before} rows, and along the rows, from the start. */
        int offset(int before) {
            return stride * before + (wide == 1 ? 0 : before);
        }

        int start(int block) {
            return block / split * rows * inner + block % split * length;
        }

        void load(float[] tensor, int block, float[] to, int at) {
            int start = start(block);
            int n = Math.min(length, inner - block % split * length);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(tensor, start + i * inner, to, at + i * stride, n);
            }
        }

        void store(float[] from, float[] tensor, int block) {
            int start = start(block);
            int n = Math.min(length, inner - block % split * length);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(from, i * stride, tensor, start + i * inner, n);
            }
        }

        void move(float[] from, float[] to, int at) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(from, i * stride, to, at + i * stride, length);
            }
        }

        /** out[i] = the sum over the neighbourhood that begins at in[i]; in is overwritten. */
        void sums(float[] in, float[] out, float[] work) {
            if (wide == 1) {
                NeighbourLoops.pass(in, stride, high, results(), out, work);
            } else {
                NeighbourLoops.pass(in, 1, wide, size() - wide + 1, out, work);
                NeighbourLoops.pass(out, stride, high, results(), in, work);
                System.arraycopy(in, 0, out, 0, results());
            }
        }
    }

    /** Runs a block with the working arrays of a thread; the first two begin as zeros and keep their borders. */
    @FunctionalInterface
    private interface Work {
        void run(int block, float[][] a);
    }

    private Step over(Blocks g, Work w) {
        float[][][] arrays = new float[pool.threads()][ARRAYS][g.size()];
        int each = Math.max(1, PART / g.size());
        Region region = (part, slot) -> {
            int end = Math.min(g.count(), (part + 1) * each);
            for (int i = part * each; i < end; i++) {
                w.run(i, arrays[slot]);
            }
        };
        return () -> pool.run((g.count() + each - 1) / each, region);
    }

    /** a[2] = the denominators, a[3] = their powers, a[4] = x; all from the first result on. */
    private static void denominators(LRN op, Blocks g, float[] x, int block, float[][] a) {
        int n = g.results();
        g.load(x, block, a[0], g.offset(op.before()));
        NeighbourLoops.square(a[0], a[5], g.size());
        g.sums(a[5], a[2], a[6]);
        NeighbourLoops.affine(a[2], (float) (op.scale() / op.neighbours()), (float) op.shift(), n);
        NeighbourLoops.power(a[2], op.power(), a[3], n);
        System.arraycopy(a[0], g.offset(op.before()), a[4], 0, n);
    }

    private Step forward(LRN op, Blocks g, Binding b) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        return over(g, (block, a) -> {
            denominators(op, g, x, block, a);
            NeighbourLoops.divide(a[4], a[3], a[5], g.results());
            g.store(a[5], y, block);
        });
    }

    private Step backward(LRNGradient op, Blocks g, Binding b) {
        float[] x = b.in(0).floats();
        float[] y = b.in(1).floats();
        float[] dy = b.in(2).floats();
        float[] dx = b.out(0).floats();
        LRN f = op.forward();
        float factor = (float) op.factor();
        return over(g, (block, a) -> {
            int n = g.results();
            denominators(f, g, x, block, a);
            g.load(y, block, a[5], 0);
            g.load(dy, block, a[6], 0);
            NeighbourLoops.share(a[6], a[5], a[2], a[7], n);
            g.move(a[7], a[1], g.offset(f.after()));
            System.arraycopy(a[1], 0, a[5], 0, g.size());
            g.sums(a[5], a[2], a[7]);
            NeighbourLoops.gradient(a[6], a[3], a[4], a[2], factor, a[7], n);
            g.store(a[7], dx, block);
        });
    }
}
