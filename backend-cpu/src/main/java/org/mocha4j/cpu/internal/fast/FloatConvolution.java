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

/**
 * Convolution as a matrix product whose columns are never written out: the windows of a panel's width of places are packed
 * block by block, and each block is used for all filters while it lies in the first-level cache. The gradient with respect
 * to the data is the same with filters turned by 180 degrees, where the stride is 1. Extents follow from the shapes.
 */
final class FloatConvolution {
    /** Steps of a block. */
    private static final int BLOCK = 256;
    /** Places that a part of the work should have. */
    private static final int PLACES = 512;

    private final Pool pool;
    private final Products products;
    private final Images g;
    private final Filters filters;
    private final Bands bands;
    private final int k;
    private final int rows;
    private final int outputs;

    private FloatConvolution(Pool pool, Products products, Images g, Filters filters) {
        this.pool = pool;
        this.products = products;
        this.g = g;
        this.filters = filters;
        bands = new Bands(g, g.cg(), Bands.rows(g, PLACES, products.columns()), products.unit());
        k = g.cg() * g.kh() * g.kw();
        rows = roundUp(g.fg(), products.rows());
        outputs = g.oh() * g.ow();
    }

    static Offer forward(Pool pool, Products products, Images g, int inputs, Activation activation) {
        return new FloatConvolution(pool, products, g, Filters.of(g)).plan("windows+gemm", inputs, 0, activation);
    }

    /** @param g the extents of the forward convolution */
    static Offer dataGradient(Pool pool, Products products, Images g) {
        boolean cheap = (double) g.h() * g.w() <= 1.5 * g.oh() * g.ow();
        if (g.sh() > 1 || g.sw() > 1 || !cheap || g.ph() > (g.kh() - 1) * g.dh() || g.pw() > (g.kw() - 1) * g.dw()) {
            return FoldedGradient.plan(pool, products, g);
        }
        Images back = new Images(g.n(), g.f(), g.oh(), g.ow(), g.c(), g.h(), g.w(), g.kh(), g.kw(), 1, 1,
                (g.kh() - 1) * g.dh() - g.ph(), (g.kw() - 1) * g.dw() - g.pw(), g.dh(), g.dw(), g.groups());
        return new FloatConvolution(pool, products, back, Filters.turned(back)).plan("turned windows+gemm", 2, 1, Activation.NONE);
    }

    /** @param data which input holds the images; the other of the first two holds the filters */
    private Offer plan(String kernel, int inputs, int data, Activation activation) {
        long scratch = (long) g.groups() * rows * k + (long) pool.threads() * slot();
        return new CpuPlan(kernel, inputs, 1, b -> bind(b, data, activation))
                .withScratch(new Workspace(DataType.FLOAT32, scratch));
    }

    private int slot() {
        return bands.size() + Math.min(k, BLOCK) * products.columns();
    }

    /** Where a matrix of filters lies: the place of row r, channel c, window element e of a group. */
    private record Filters(int group, int row, int channel, int element, int start) {
        static Filters of(Images g) {
            int window = g.kh() * g.kw();
            return new Filters(g.fg() * g.cg() * window, g.cg() * window, window, 1, 0);
        }

        /** Turned by 180 degrees, rows and channels exchanged. @param g of the convolution with these filters */
        static Filters turned(Images g) {
            int window = g.kh() * g.kw();
            return new Filters(g.fg() * g.cg() * window, window, g.fg() * window, -1, window - 1);
        }
    }

    /** Packs a panel of filters, block by block. */
    private void pack(float[] filter, int group, int panel, float[] to) {
        int window = g.kh() * g.kw();
        int width = products.rows();
        int first = panel * width;
        for (int r = 0; r < width; r++) {
            int from = filters.start() + group * filters.group() + (first + r) * filters.row();
            for (int step = 0; step < k; step++) {
                int block = step / BLOCK * BLOCK;
                int o = (group * k + block) * rows + first * Math.min(BLOCK, k - block) + (step - block) * width + r;
                to[o] = first + r < g.fg()
                        ? filter[from + step / window * filters.channel() + step % window * filters.element()] : 0;
            }
        }
    }

    private Step bind(Binding b, int data, Activation activation) {
        float[] x = b.in(data).floats();
        float[] filter = b.in(1 - data).floats();
        float[] bias = b.inputs().size() > 2 ? b.in(2).floats() : null;
        float[] y = b.out(0).floats();
        float[] scratch = ((HostBuffer) b.scratch()).floats();
        float[][][] work = products.work(pool.threads());
        int panels = rows / products.rows();
        Region pack = (part, slot) -> pack(filter, part / panels, part % panels, scratch);
        Region multiply = (part, slot) -> {
            int n = part / (g.groups() * bands.count());
            int group = part / bands.count() % g.groups();
            int band = part % bands.count();
            int to = (n * g.f() + group * g.fg()) * outputs + band * bands.rows() * g.ow();
            band(x, n, group, band, scratch, slot, y, to, work[slot]);
            int places = bands.rows(band) * g.ow();
            for (int f = 0; bias != null && f < g.fg(); f++) {
                products.addOne(y, to + f * outputs, places, bias[group * g.fg() + f], activation.code());
                activation.finish(y, to + f * outputs, places);
            }
        };
        return () -> {
            pool.run(g.groups() * panels, pack);
            pool.run(g.n() * g.groups() * bands.count(), multiply);
        };
    }

    private void band(float[] x, int n, int group, int band, float[] scratch, int slot, float[] y, int to, float[][] work) {
        int own = g.groups() * rows * k + slot * slot();
        int columns = own + bands.size();
        int width = products.columns();
        int start = bands.load(x, (n * g.c() + group * g.cg()) * g.h() * g.w(), band, scratch, own);
        float[] from = bands.copied() ? scratch : x;
        int places = bands.rows(band) * g.ow();
        for (int q = 0; q < places; q += width) {
            int count = Math.min(width, places - q);
            for (int p = 0; p < k; p += BLOCK) {
                int steps = Math.min(BLOCK, k - p);
                products.pack(from, start, bands.offsets(), p, steps, bands.runs(), q, count, scratch, columns, width);
                products.multiply(scratch, (group * k + p) * rows, scratch, columns, steps, y, to + q, outputs, g.fg(), count,
                        p > 0, work);
            }
        }
    }
}
