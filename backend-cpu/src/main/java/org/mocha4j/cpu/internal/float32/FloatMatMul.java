package org.mocha4j.cpu.internal.float32;

import static org.mocha4j.cpu.internal.float32.Panels.roundUp;

import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Functions;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/**
 * The packed matrix product: A is packed once, then each part packs its columns of B block by block of K and
 * multiplies. Extents of the parts follow from the shape.
 */
final class FloatMatMul {
    private static final int BLOCK = 512;

    private final Pool pool;
    private final Products products;
    private final int m;
    private final int n;
    private final int k;
    private final int batch;
    private final MatMul op;
    private final int mc;
    private final int nc;
    private final Activation activation;

    private FloatMatMul(Pool pool, Products products, MatMul op, PlanRequest r, Activation activation) {
        this.pool = pool;
        this.products = products;
        this.op = op;
        this.activation = activation;
        Shape y = r.outputs().get(0).shape();
        m = y.dim(-2);
        n = y.dim(-1);
        k = r.inputs().get(0).shape().dim(op.transposeA() ? -2 : -1);
        batch = (int) y.product(0, y.rank() - 2);
        boolean small = (double) m * n * k < 1 << 17;
        nc = small ? roundUp(n, products.columns())
                : Math.min(roundUp((n + 7) / 8, products.columns()), Math.max(256, products.columns()));
        int columns = (n + nc - 1) / Math.max(nc, 1);
        mc = small || columns >= 4 ? roundUp(Math.min(m, 1024), products.rows())
                : Math.max(16, roundUp((m + 7) / 8, products.rows()));
    }

    static Offer plan(Pool pool, Products products, MatMul op, PlanRequest r, Activation activation, String name) {
        FloatMatMul g = new FloatMatMul(pool, products, op, r, activation);
        long scratch = g.packed() + (long) pool.threads() * g.slot();
        return new CpuPlan(name, r.inputs().size(), 1, g::bind).withScratch(new Workspace(DataType.FLOAT32, scratch));
    }

    private long packed() {
        return (long) batch * roundUp(m, products.rows()) * k;
    }

    private int slot() {
        return roundUp(Math.min(nc, n), products.columns()) * Math.min(k, BLOCK);
    }

    private Step bind(Binding b) {
        float[] a = b.in(0).floats();
        float[] c = b.in(1).floats();
        float[] bias = b.inputs().size() > 2 ? b.in(2).floats() : null;
        float[] y = b.out(0).floats();
        if (packed() == 0 || n == 0) {
            return () -> empty(y, bias);
        }
        float[] scratch = ((org.mocha4j.api.backend.HostBuffer) b.scratch()).floats();
        float[][][] work = new float[pool.threads()][][];
        for (int i = 0; i < work.length; i++) {
            work[i] = products.work();
        }
        int panels = (m + products.rows() - 1) / products.rows();
        int group = Math.max(1, 16384 / (products.rows() * Math.min(k, BLOCK)));
        int groups = (panels + group - 1) / group;
        int blocks = (k + BLOCK - 1) / BLOCK;
        Region pack = (part, slot) -> packA(a, scratch, part / (groups * blocks), part / groups % blocks,
                part % groups * group, group);
        int rowParts = (m + mc - 1) / mc;
        int columnParts = (n + nc - 1) / nc;
        Region multiply = (part, slot) -> part(c, bias, y, scratch, slot, work[slot], part / (rowParts * columnParts),
                part / columnParts % rowParts * mc, part % columnParts * nc);
        return () -> {
            pool.run(batch * groups * blocks, pack);
            pool.run(batch * rowParts * columnParts, multiply);
        };
    }

    /** K or M or N is 0. */
    private void empty(float[] y, float[] bias) {
        java.util.Arrays.fill(y, 0, batch * m * n, 0);
        for (int i = 0; bias != null && i < batch * m; i++) {
            products.addEach(y, i * n, n, bias, 0, activation.code());
            activation.finish(y, i * n, n);
        }
    }

    private void packA(float[] a, float[] to, int s, int block, int panel, int count) {
        int line = op.transposeA() ? 1 : k;
        int step = op.transposeA() ? m : 1;
        int first = panel * products.rows();
        int steps = Math.min(BLOCK, k - block * BLOCK);
        int lines = Math.min(count * products.rows(), m - first);
        int padded = roundUp(m, products.rows());
        Panels.pack(a, s * m * k + first * line + block * BLOCK * step, line, step, lines, steps, to,
                s * padded * k + block * BLOCK * padded + first * steps, products.rows());
    }

    private void part(float[] c, float[] bias, float[] y, float[] scratch, int slot, float[][] work, int s, int row,
                      int column) {
        int line = op.transposeB() ? k : 1;
        int step = op.transposeB() ? 1 : n;
        int columns = Math.min(nc, n - column);
        int rows = Math.min(mc, m - row);
        int padded = roundUp(m, products.rows());
        int own = (int) packed() + slot * slot();
        int to = s * m * n + row * n + column;
        for (int p = 0; p < k; p += BLOCK) {
            int steps = Math.min(BLOCK, k - p);
            Panels.pack(c, s * k * n + column * line + p * step, line, step, columns, steps, scratch, own,
                    products.columns());
            products.multiply(scratch, s * padded * k + p * padded + row * steps, scratch, own, steps, y, to, n, rows,
                    columns, p > 0, work);
        }
        for (int i = 0; bias != null && i < rows; i++) {
            products.addEach(y, to + i * n, columns, bias, column, activation.code());
            activation.finish(y, to + i * n, columns);
        }
    }

    /** What is applied after the bias; null where an op is none of these. */
    enum Activation {
        NONE, RELU, SIGMOID;

        static Activation of(Op op) {
            if (op == null) {
                return NONE;
            } else if (op instanceof org.mocha4j.api.ops.Relu) {
                return RELU;
            }
            return op instanceof org.mocha4j.api.ops.Sigmoid ? SIGMOID : null;
        }

        int code() {
            return this == RELU ? Products.RELU : Products.NONE;
        }

        void finish(float[] y, int at, int n) {
            for (int i = at; this == SIGMOID && i < at + n; i++) {
                y[i] = Functions.sigmoid(y[i]);
            }
        }
    }
}
