package org.mocha4j.cpu.internal.fast;

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
 * maximum. Where a gradient follows, the places of the maxima are saved for it.
 */
final class PoolingKernels {
    private static final String SAVING = "maxima+places";
    private static final int PART = 16384;

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
        return overPlanes(g, (plane, slot) -> products.maxima(x, plane * g.h() * g.w(), table, g.kh() * g.kw(), n, y, plane * n,
                places, plane * n));
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

    private static void scatter(float[] dy, int at, int n, int[] places, int placesAt, float[] dx, int plane, int size) {
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

    private Step means(Pooling op, Images g, Binding b) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        float[] divisors = divisors(op, g);
        return overPlanes(g, (plane, slot) -> {
            for (int oy = 0; oy < g.oh(); oy++) {
                int top = Math.max(0, g.row(oy, 0));
                int bottom = Math.min(g.h(), g.row(oy, 0) + g.kh());
                for (int ox = 0; ox < g.ow(); ox++) {
                    int left = Math.max(0, g.column(ox, 0));
                    int right = Math.min(g.w(), g.column(ox, 0) + g.kw());
                    int q = oy * g.ow() + ox;
                    y[plane * divisors.length + q] = sum(x, plane * g.h() * g.w(), g.w(), top, bottom, left, right) / divisors[q];
                }
            }
        });
    }

    private static float sum(float[] x, int plane, int w, int top, int bottom, int left, int right) {
        float sum = 0;
        for (int i = top; i < bottom; i++) {
            for (int j = left; j < right; j++) {
                sum += x[plane + i * w + j];
            }
        }
        return sum;
    }

    private Step meansBack(Pooling op, Images g, Binding b) {
        float[] dy = b.in(2).floats();
        float[] dx = b.out(0).floats();
        float[] divisors = divisors(op, g);
        return overPlanes(g, (plane, slot) -> {
            int start = plane * g.h() * g.w();
            java.util.Arrays.fill(dx, start, start + g.h() * g.w(), 0);
            for (int q = 0; q < divisors.length; q++) {
                int y = g.row(q / g.ow(), 0);
                int x = g.column(q % g.ow(), 0);
                float v = dy[plane * divisors.length + q] / divisors[q];
                for (int i = Math.max(0, y); i < Math.min(g.h(), y + g.kh()); i++) {
                    for (int j = Math.max(0, x); j < Math.min(g.w(), x + g.kw()); j++) {
                        dx[start + i * g.w() + j] += v;
                    }
                }
            }
        });
    }
}
