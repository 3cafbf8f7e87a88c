package org.mocha4j.cpu.internal.float32;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/** Sums over axes, in double, in an order that follows from the shape; and biases, whose gradient they are. */
final class SumKernels {
    private static final int PART = 16384;

    private final Pool pool;
    private final Products products;

    private SumKernels(Pool pool, Products products) {
        this.pool = pool;
        this.products = products;
    }

    static List<Kernel<?>> all(Pool pool, Products products) {
        SumKernels k = new SumKernels(pool, products);
        return List.of(Fast.floats(Reduce.class, k::reduce), Fast.floats(Bias.class, (op, r) ->
                new CpuPlan("loop", 2, 1, b -> k.bias(op, r, b)).withInPlace(CpuPlan.InPlace.FIRST)));
    }

    private Offer reduce(Reduce op, PlanRequest r) {
        Shape s = r.inputs().get(0).shape();
        if (op.kind() != Reduce.Kind.SUM || s.elements() == 0 || op.axes().isEmpty()) {
            return new Refusal("a sum of at least one element expected, found " + op.kind() + " of " + s);
        }
        int first = 0;
        while (first < s.rank() && op.axes().contains(first)) {
            first++;
        }
        int last = s.rank();
        while (last > first && op.axes().contains(last - 1)) {
            last--;
        }
        for (int i = first; i < last; i++) {
            if (op.axes().contains(i) && s.dim(i) != 1) {
                return between(op, s);
            }
        }
        int outer = (int) s.product(0, first);
        int kept = (int) s.product(first, last);
        int inner = (int) s.product(last, s.rank());
        return new CpuPlan("sum", 1, 1, b -> inner == 1 ? columns(b, 1, outer, kept) : rows(b, outer, kept, inner));
    }

    /** Axes in the middle: for each index of the kept axes before them, sums of rows. */
    private Offer between(Reduce op, Shape s) {
        int first = op.axes().get(0);
        int end = op.axes().get(op.axes().size() - 1) + 1;
        if (end - first != op.axes().size()) {
            return new Refusal("summed axes that lie side by side, or all but some side by side, expected, found "
                    + op.axes());
        }
        return new CpuPlan("sum", 1, 1, b -> columns(b, (int) s.product(0, first), (int) s.product(first, end),
                (int) s.product(end, s.rank())));
    }

    /** y[k] = Σ x[o, k, i] over o and i. */
    private Step rows(Binding b, int outer, int kept, int inner) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        int each = Math.max(1, PART / Math.max(1, outer * inner));
        Region region = (part, slot) -> {
            for (int k = part * each; k < Math.min(kept, (part + 1) * each); k++) {
                double sum = 0;
                for (int o = 0; o < outer; o++) {
                    sum += sum(x, (o * kept + k) * inner, inner);
                }
                y[k] = (float) sum;
            }
        };
        return () -> pool.run((kept + each - 1) / each, region);
    }

    /** Eight sums side by side, so that no addition waits for the one before. */
    static double sum(float[] x, int at, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = at;
        for (int end = at + n - 7; i < end; i += 8) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
            s4 += x[i + 4];
            s5 += x[i + 5];
            s6 += x[i + 6];
            s7 += x[i + 7];
        }
        double sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
        for (; i < at + n; i++) {
            sum += x[i];
        }
        return sum;
    }

    /** y[k, i] = Σ x[k, o, i] over o. */
    private Step columns(Binding b, int kept, int outer, int inner) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        int width = 512;
        int blocks = (inner + width - 1) / width;
        double[][] sums = new double[pool.threads()][Math.min(width, inner)];
        Region region = (part, slot) -> {
            int k = part / blocks;
            int from = part % blocks * width;
            int n = Math.min(width, inner - from);
            double[] sum = sums[slot];
            java.util.Arrays.fill(sum, 0);
            for (int o = 0; o < outer; o++) {
                add(x, (k * outer + o) * inner + from, sum, n);
            }
            for (int i = 0; i < n; i++) {
                y[k * inner + from + i] = (float) sum[i];
            }
        };
        return () -> pool.run(kept * blocks, region);
    }

    private static void add(float[] x, int at, double[] sum, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[at + i];
        }
    }

    private Step bias(Bias op, PlanRequest r, Binding b) {
        Shape s = r.inputs().get(0).shape();
        int axis = s.axis(op.axis());
        int length = s.dim(axis);
        int inner = (int) s.product(axis + 1, s.rank());
        float[] x = b.in(0).floats();
        float[] bias = b.in(1).floats();
        float[] y = b.out(0).floats();
        int rows = (int) s.product(0, axis) * (inner == 1 ? 1 : length);
        int n = inner == 1 ? length : inner;
        int each = Math.max(1, PART / n);
        Region region = (part, slot) -> {
            int end = Math.min(rows, (part + 1) * each);
            for (int i = part * each; i < end; i++) {
                if (x != y) {
                    System.arraycopy(x, i * n, y, i * n, n);
                }
                if (inner == 1) {
                    products.addEach(y, i * n, n, bias, 0, Products.NONE);
                } else {
                    products.addOne(y, i * n, n, bias[i % length], Products.NONE);
                }
            }
        };
        return () -> pool.run((rows + each - 1) / each, region);
    }
}
