package org.mocha4j.cpu.internal.fast;

import static org.mocha4j.cpu.internal.fast.Panels.roundUp;

import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Images;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;
import org.mocha4j.cpu.internal.fast.FloatMatMul.Activation;
import org.mocha4j.cpu.internal.fast.Panels.Windows;

/**
 * Convolution and its gradients as packed matrix products, one after the other over bands of output rows of each sample and
 * group, so that the columns of a band stay in the cache. All extents follow from the shapes.
 */
final class FloatConvolution {
    /** Elements of a band's columns. */
    private static final int BAND = 1 << 16;
    private static final int PARTIALS = 8;

    private final Pool pool;
    private final Products products;
    private final Images g;
    private final int k;
    private final int rows;
    private final int bands;
    private final int outputs;
    private final boolean padded;
    /** For the filter gradient: channels, and partial sums over samples. */
    private final int channels;
    private final int chunks;
    private final int partials;

    private FloatConvolution(Pool pool, Products products, Images g, boolean filterGradient) {
        this.pool = pool;
        this.products = products;
        this.g = g;
        int window = g.kh() * g.kw();
        channels = filterGradient ? Math.max(1, Math.min(g.cg(), 1024 / window)) : g.cg();
        chunks = (g.cg() + channels - 1) / channels;
        k = g.cg() * window;
        rows = Math.max(1, Math.min(g.oh(), BAND / Math.max(1, channels * window * g.ow())));
        bands = (g.oh() + rows - 1) / rows;
        outputs = g.oh() * g.ow();
        padded = g.ph() > 0 || g.pw() > 0;
        partials = (int) Math.max(1, Math.min(Math.min(PARTIALS, g.n()), (1L << 23) / Math.max(1, (long) g.f() * k)));
    }

    static Offer forward(Pool pool, Products products, Images g, int inputs, Activation activation) {
        FloatConvolution c = new FloatConvolution(pool, products, g, false);
        long scratch = c.filters() + (long) pool.threads() * (c.image(g.cg()) + c.columns(c.k));
        return new CpuPlan("im2col+gemm", inputs, 1, b -> c.bindForward(b, activation)).withScratch(floats(scratch));
    }

    static Offer dataGradient(Pool pool, Products products, Images g) {
        FloatConvolution c = new FloatConvolution(pool, products, g, false);
        long scratch = c.adjoint() + (long) pool.threads() * (c.columns(g.fg()) + (long) c.k * c.rows * g.ow());
        return new CpuPlan("gemm+col2im", 2, 1, c::bindData).withScratch(floats(scratch));
    }

    static Offer filterGradient(Pool pool, Products products, Images g) {
        FloatConvolution c = new FloatConvolution(pool, products, g, true);
        long slot = c.image(c.channels) + c.gradients() + c.across();
        long scratch = (long) c.partials * g.f() * c.k + pool.threads() * slot;
        return new CpuPlan("im2col+gemm", 2, 1, c::bindFilter).withScratch(floats(scratch));
    }

    private static Workspace floats(long n) {
        return new Workspace(DataType.FLOAT32, n);
    }

    private int filters() {
        return g.groups() * roundUp(g.fg(), products.rows()) * k;
    }

    private int adjoint() {
        return g.groups() * roundUp(k, products.rows()) * g.fg();
    }

    /** The padded band of an image, where there is padding. */
    private int image(int c) {
        return padded ? c * bandRows() * (g.w() + 2 * g.pw()) : 0;
    }

    private int bandRows() {
        return (rows - 1) * g.sh() + (g.kh() - 1) * g.dh() + 1;
    }

    private int columns(int steps) {
        return steps * roundUp(rows * g.ow(), products.columns());
    }

    private int gradients() {
        return roundUp(g.fg(), products.rows()) * rows * g.ow();
    }

    private int across() {
        return roundUp(channels * g.kh() * g.kw(), products.columns()) * rows * g.ow();
    }

    private Windows windows(int c) {
        int row = padded ? g.w() + 2 * g.pw() : g.w();
        return new Windows(c, padded ? bandRows() * row : g.h() * g.w(), row, g.kh(), g.kw(), g.sh(), g.sw(), g.dh(), g.dw(),
                g.ow());
    }

    private float[][][] work() {
        float[][][] work = new float[pool.threads()][][];
        for (int i = 0; i < work.length; i++) {
            work[i] = products.work();
        }
        return work;
    }

    private Step bindForward(Binding b, Activation activation) {
        float[] x = b.in(0).floats();
        float[] filter = b.in(1).floats();
        float[] bias = b.inputs().size() > 2 ? b.in(2).floats() : null;
        float[] y = b.out(0).floats();
        float[] scratch = ((HostBuffer) b.scratch()).floats();
        float[][][] work = work();
        int[][] runs = new int[pool.threads()][2 * products.columns()];
        Windows v = windows(g.cg());
        Region region = (part, slot) -> {
            int n = part / (g.groups() * bands);
            int group = part / bands % g.groups();
            int oy = part % bands * rows;
            int count = Math.min(rows, g.oh() - oy);
            int own = filters() + slot * (image(g.cg()) + columns(k));
            int columns = own + image(g.cg());
            int plane = (n * g.c() + group * g.cg()) * g.h() * g.w();
            if (padded) {
                band(x, plane, g.cg(), oy, count, scratch, own);
            }
            Panels.windows(padded ? scratch : x, padded ? own : plane + oy * g.sh() * g.w(), v, count, scratch, columns,
                    products.columns(), runs[slot]);
            int to = (n * g.f() + group * g.fg()) * outputs + oy * g.ow();
            products.multiply(scratch, group * roundUp(g.fg(), products.rows()) * k, scratch, columns, k, y, to, outputs, g.fg(),
                    count * g.ow(), false, work[slot]);
            for (int f = 0; bias != null && f < g.fg(); f++) {
                products.addOne(y, to + f * outputs, count * g.ow(), bias[group * g.fg() + f], activation.code());
                activation.finish(y, to + f * outputs, count * g.ow());
            }
        };
        return () -> {
            for (int group = 0; group < g.groups(); group++) {
                Panels.pack(filter, group * g.fg() * k, k, 1, g.fg(), k, scratch, group * roundUp(g.fg(), products.rows()) * k,
                        products.rows());
            }
            pool.run(g.n() * g.groups() * bands, region);
        };
    }

    /** Copies the rows of an image that a band of outputs sees, with its padding. */
    private void band(float[] x, int plane, int c, int oy, int count, float[] to, int at) {
        int width = g.w() + 2 * g.pw();
        int height = (count - 1) * g.sh() + (g.kh() - 1) * g.dh() + 1;
        int first = oy * g.sh() - g.ph();
        for (int i = 0; i < c; i++) {
            for (int r = 0; r < height; r++) {
                int o = at + (i * bandRows() + r) * width;
                int y = first + r;
                if (y < 0 || y >= g.h()) {
                    java.util.Arrays.fill(to, o, o + width, 0);
                } else {
                    java.util.Arrays.fill(to, o, o + g.pw(), 0);
                    System.arraycopy(x, plane + (i * g.h() + y) * g.w(), to, o + g.pw(), g.w());
                    java.util.Arrays.fill(to, o + g.pw() + g.w(), o + width, 0);
                }
            }
        }
    }

    private Step bindData(Binding b) {
        float[] filter = b.in(0).floats();
        float[] dy = b.in(1).floats();
        float[] dx = b.out(0).floats();
        float[] scratch = ((HostBuffer) b.scratch()).floats();
        float[][][] work = work();
        int one = columns(g.fg());
        int slotSize = one + k * rows * g.ow();
        Region region = (part, slot) -> {
            int n = part / g.groups();
            int group = part % g.groups();
            int own = adjoint() + slot * slotSize;
            int plane = (n * g.c() + group * g.cg()) * g.h() * g.w();
            java.util.Arrays.fill(dx, plane, plane + g.cg() * g.h() * g.w(), 0);
            for (int oy = 0; oy < g.oh(); oy += rows) {
                int count = Math.min(rows, g.oh() - oy);
                int q = count * g.ow();
                Panels.pack(dy, (n * g.f() + group * g.fg()) * outputs + oy * g.ow(), 1, outputs, q, g.fg(), scratch, own,
                        products.columns());
                products.multiply(scratch, group * roundUp(k, products.rows()) * g.fg(), scratch, own, g.fg(), scratch, own + one,
                        q, k, q, false, work[slot]);
                fold(scratch, own + one, oy, count, dx, plane);
            }
        };
        return () -> {
            for (int group = 0; group < g.groups(); group++) {
                Panels.pack(filter, group * g.fg() * k, 1, k, k, g.fg(), scratch, group * roundUp(k, products.rows()) * g.fg(),
                        products.rows());
            }
            pool.run(g.n() * g.groups(), region);
        };
    }

    /** Adds the columns of a band up into an image. */
    private void fold(float[] columns, int at, int oy, int count, float[] dx, int plane) {
        int from = at;
        for (int c = 0; c < g.cg(); c++) {
            for (int i = 0; i < g.kh(); i++) {
                for (int j = 0; j < g.kw(); j++) {
                    int low = Math.max(0, (g.pw() - j * g.dw() + g.sw() - 1) / g.sw());
                    int high = Math.min(g.ow(), Math.floorDiv(g.w() - 1 + g.pw() - j * g.dw(), g.sw()) + 1);
                    for (int r = 0; r < count; r++, from += g.ow()) {
                        int y = g.row(oy + r, i);
                        if (y >= 0 && y < g.h()) {
                            int to = plane + (c * g.h() + y) * g.w() + g.column(low, j);
                            add(columns, from + low, dx, to, g.sw(), high - low);
                        }
                    }
                }
            }
        }
    }

    private static void add(float[] x, int at, float[] to, int toAt, int step, int n) {
        if (step == 1) {
            for (int t = 0; t < n; t++) {
                to[toAt + t] += x[at + t];
            }
        } else {
            for (int t = 0; t < n; t++) {
                to[toAt + t * step] += x[at + t];
            }
        }
    }

    private Step bindFilter(Binding b) {
        float[] x = b.in(0).floats();
        float[] dy = b.in(1).floats();
        float[] df = b.out(0).floats();
        float[] scratch = ((HostBuffer) b.scratch()).floats();
        float[][][] work = work();
        int size = g.f() * k;
        Windows full = windows(Math.min(channels, g.cg()));
        Windows last = windows(Math.min(channels, g.cg() - (chunks - 1) * channels));
        Region region = (part, slot) -> {
            int chunk = part % chunks;
            int group = part / chunks % g.groups();
            int partial = part / (chunks * g.groups());
            filterPart(x, dy, scratch, slot, work[slot], partial, group, chunk * channels, chunk < chunks - 1 ? full : last);
        };
        int block = 8192;
        Region sum = (part, slot) -> {
            int to = Math.min(size, (part + 1) * block);
            System.arraycopy(scratch, part * block, df, part * block, to - part * block);
            for (int p = 1; p < partials; p++) {
                add(scratch, p * size + part * block, df, part * block, 1, to - part * block);
            }
        };
        return () -> {
            pool.run(partials * g.groups() * chunks, region);
            pool.run((size + block - 1) / block, sum);
        };
    }

    private void filterPart(float[] x, float[] dy, float[] scratch, int slot, float[][] work, int partial, int group,
                            int channel, Windows v) {
        int own = partials * g.f() * k + slot * (image(channels) + gradients() + across());
        int a = own + image(channels);
        int columns = a + gradients();
        int to = partial * g.f() * k + group * g.fg() * k + channel * g.kh() * g.kw();
        int first = partial * g.n() / partials;
        int end = (partial + 1) * g.n() / partials;
        for (int n = first; n < end; n++) {
            int plane = (n * g.c() + group * g.cg() + channel) * g.h() * g.w();
            for (int oy = 0; oy < g.oh(); oy += rows) {
                int count = Math.min(rows, g.oh() - oy);
                int q = count * g.ow();
                if (padded) {
                    band(x, plane, v.channels(), oy, count, scratch, own);
                }
                Panels.pack(dy, (n * g.f() + group * g.fg()) * outputs + oy * g.ow(), outputs, 1, g.fg(), q, scratch, a,
                        products.rows());
                Panels.windowsAcross(padded ? scratch : x, padded ? own : plane + oy * g.sh() * g.w(), v, count, scratch, columns,
                        products.columns());
                products.multiply(scratch, a, scratch, columns, q, scratch, to, k, g.fg(), v.k(), n > first || oy > 0, work);
            }
        }
    }
}
