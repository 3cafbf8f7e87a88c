package org.mocha4j.cpu.internal.float32;

import static org.mocha4j.cpu.internal.float32.Panels.roundUp;

import java.util.List;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Images;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/**
 * Pooling plane by plane. Windows are read through a table of places clipped to the image: a place met twice changes no
 * maximum. Where a gradient follows, the places of the maxima are saved for it. Means and their gradients are sliding
 * sums over stacks of planes.
 */
final class PoolingKernels {
    private static final String SAVING = "maxima+places";
    private static final int PART = 16384;
    /** Elements of a stack of planes. */
    private static final int STACK = 4096;

    private final Pool pool;
    private final Products products;

    private PoolingKernels(Pool pool, Products products) {
        this.pool = pool;
        this.products = products;
    }

    static List<Kernel<?>> all(Pool pool, Products products) {
        PoolingKernels k = new PoolingKernels(pool, products);
        return List.of(Fast.floats(Pooling.class, k::forward), Fast.floats(PoolingGradient.class, k::backward));
    }

    private Offer forward(Pooling op, PlanRequest r) {
        Images g = Images.of(r.inputs().get(0).shape(), r.outputs().get(0).shape(), op.window(), 1);
        if (op.kind() == Pooling.Kind.MEAN) {
            return new CpuPlan("means", 1, 1, b -> means(op, g, b));
        }
        CpuPlan p = new CpuPlan(r.saves() ? SAVING : "maxima", 1, 1, b -> maxima(g, b));
        return r.saves() ? p.withSaved(new Workspace(DataType.INT32, r.outputs().get(0).elements())) : p;
    }

    private Offer backward(PoolingGradient op, PlanRequest r) {
        Images g = Images.of(r.inputs().get(0).shape(), r.inputs().get(2).shape(), op.forward().window(), 1);
        if (op.forward().kind() == Pooling.Kind.MEAN) {
            return new CpuPlan("means", 3, 1, b -> meansBack(op.forward(), g, b)).readingOnlyLast();
        }
        boolean saved = r.forward().isPresent() && r.forward().get() instanceof CpuPlan p && p.kernel().equals(SAVING);
        CpuPlan plan = new CpuPlan(saved ? SAVING : "maxima", 3, 1, b -> scatter(g, b, saved));
        return saved ? plan.withSavedRead() : plan;
    }

    /** Planes of one part. */
    private static int planes(Images g) {
        return Math.max(1, PART / Math.max(1, g.h() * g.w()));
    }

    private Step overPlanes(Images g, Region plane) {
        int planes = g.n() * g.c();
        int each = planes(g);
        Region region = (part, slot) -> {
            int end = Math.min(planes, (part + 1) * each);
            for (int i = part * each; i < end; i++) {
                plane.run(i, slot);
            }
        };
        return () -> pool.run((planes + each - 1) / each, region);
    }

    /** Place of window element e of output q in its plane, at e · outputs + q. */
    private static int[] table(Images g) {
        int n = g.oh() * g.ow();
        int[] t = new int[g.kh() * g.kw() * n];
        for (int e = 0; e < g.kh() * g.kw(); e++) {
            for (int q = 0; q < n; q++) {
                int y = Math.max(0, Math.min(g.h() - 1, g.row(q / g.ow(), e / g.kw())));
                int x = Math.max(0, Math.min(g.w() - 1, g.column(q % g.ow(), e % g.kw())));
                t[e * n + q] = y * g.w() + x;
            }
        }
        return t;
    }

    private Step maxima(Images g, Binding b) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        int[] places = b.saved() == null ? null : ((HostBuffer) b.saved()).ints();
        int[] table = table(g);
        int n = g.oh() * g.ow();
        return overPlanes(g, (plane, slot) -> products.maxima(x, plane * g.h() * g.w(), table, g.kh() * g.kw(), n, y,
                plane * n, places, plane * n));
    }

    private Step scatter(Images g, Binding b, boolean saved) {
        float[] x = saved ? null : b.in(0).floats();
        float[] dy = b.in(2).floats();
        float[] dx = b.out(0).floats();
        int n = g.oh() * g.ow();
        int size = g.h() * g.w();
        int[] places = saved ? ((HostBuffer) b.saved()).ints() : null;
        int[] table = saved ? null : table(g);
        int[][] found = saved ? null : new int[pool.threads()][n];
        float[][] maxima = saved ? null : new float[pool.threads()][n];
        return overPlanes(g, (plane, slot) -> {
            if (!saved) {
                products.maxima(x, plane * size, table, g.kh() * g.kw(), n, maxima[slot], 0, found[slot], 0);
            }
            scatter(dy, plane * n, n, saved ? places : found[slot], saved ? plane * n : 0, dx, plane * size, size);
        });
    }

    private static void scatter(float[] dy, int at, int n, int[] places, int placesAt, float[] dx, int plane,
                                int size) {
        java.util.Arrays.fill(dx, plane, plane + size, 0);
        for (int q = 0; q < n; q++) {
            dx[plane + places[placesAt + q]] += dy[at + q];
        }
    }

    private static float[] divisors(Pooling op, Images g) {
        float[] d = new float[g.oh() * g.ow()];
        for (int q = 0; q < d.length; q++) {
            d[q] = op.divisor(q / g.ow(), q % g.ow(), g.h(), g.w());
        }
        return d;
    }

    /** Runs over stacks of planes with the arrays of a thread, the first of which begins as zeros. */
    private Step overStacks(Images g, int size, Stack stack) {
        int planes = g.n() * g.c();
        int each = Math.max(1, Math.min(planes, STACK / size));
        float[][][] arrays = new float[pool.threads()][4][each * size];
        int perPart = roundUp(planes(g), each);
        Region region = (part, slot) -> {
            int end = Math.min(planes, (part + 1) * perPart);
            for (int i = part * perPart; i < end; i += each) {
                stack.run(i, Math.min(each, end - i), arrays[slot]);
            }
        };
        return () -> pool.run((planes + perPart - 1) / perPart, region);
    }

    /** Work on {@code count} planes from a first one on. */
    @FunctionalInterface
    private interface Stack {
        void run(int first, int count, float[][] a);
    }

    /** All sums of windows at stride 1, of which those at the stride are taken. */
    private Step means(Pooling op, Images g, Binding b) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        float[] divisors = divisors(op, g);
        int wide = Math.max((g.ow() - 1) * g.sw() + g.kw(), g.pw() + g.w());
        int high = Math.max((g.oh() - 1) * g.sh() + g.kh(), g.ph() + g.h());
        int last = ((g.oh() - 1) * g.sh()) * wide + (g.ow() - 1) * g.sw() + 1;
        return overStacks(g, wide * high, (first, count, a) -> {
            for (int i = 0; i < count; i++) {
                for (int r = 0; r < g.h(); r++) {
                    System.arraycopy(x, ((first + i) * g.h() + r) * g.w(), a[0],
                            (i * high + g.ph() + r) * wide + g.pw(), g.w());
                }
            }
            int n = (count - 1) * wide * high + last;
            sums(a, wide, g, n);
            for (int i = 0; i < count; i++) {
                take(a[3], i * high * wide, g, wide, divisors, y, (first + i) * divisors.length);
            }
        });
    }

    /** a[3] = the sums of windows that begin at the elements of a[0], for the first n. */
    private static void sums(float[][] a, int wide, Images g, int n) {
        NeighbourLoops.pass(a[0], 1, g.kw(), n + (g.kh() - 1) * wide, a[1], a[2]);
        NeighbourLoops.pass(a[1], wide, g.kh(), n, a[3], a[2]);
    }

    private static void take(float[] sums, int at, Images g, int wide, float[] divisors, float[] y, int to) {
        for (int oy = 0, q = 0; oy < g.oh(); oy++) {
            int from = at + oy * g.sh() * wide;
            for (int ox = 0; ox < g.ow(); ox++, q++) {
                y[to + q] = sums[from + ox * g.sw()] / divisors[q];
            }
        }
    }

    /** The shares of the windows lie at their strides among zeros; each element's windows are a window of them. */
    private Step meansBack(Pooling op, Images g, Binding b) {
        float[] dy = b.in(2).floats();
        float[] dx = b.out(0).floats();
        float[] divisors = divisors(op, g);
        int wide = Math.max(g.pw() + g.w(), (g.ow() - 1) * g.sw() + 1) + g.kw() - 1;
        int high = Math.max(g.ph() + g.h(), (g.oh() - 1) * g.sh() + 1) + g.kh() - 1;
        int last = (g.ph() + g.h() - 1) * wide + g.pw() + g.w();
        return overStacks(g, wide * high, (first, count, a) -> {
            for (int i = 0; i < count; i++) {
                put(dy, (first + i) * divisors.length, g, wide, divisors, a[0],
                        (i * high + g.kh() - 1) * wide + g.kw() - 1);
            }
            sums(a, wide, g, (count - 1) * wide * high + last);
            for (int i = 0; i < count; i++) {
                for (int r = 0; r < g.h(); r++) {
                    System.arraycopy(a[3], (i * high + g.ph() + r) * wide + g.pw(), dx,
                            ((first + i) * g.h() + r) * g.w(), g.w());
                }
            }
        });
    }

    private static void put(float[] dy, int at, Images g, int wide, float[] divisors, float[] shares, int to) {
        for (int oy = 0, q = 0; oy < g.oh(); oy++) {
            int o = to + oy * g.sh() * wide;
            for (int ox = 0; ox < g.ow(); ox++, q++) {
                shares[o + ox * g.sw()] = dy[at + q] / divisors[q];
            }
        }
    }
}
