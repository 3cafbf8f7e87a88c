package org.mocha4j.cpu.internal.float32;

import static org.mocha4j.cpu.internal.float32.Panels.roundUp;

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
import org.mocha4j.cpu.internal.float32.FloatMatMul.Activation;

/**
 * Convolution as a matrix product whose columns are never written out: the windows of a panel's width of places are
 * packed block by block, and each block is used for all filters while it lies in the first-level cache. The gradient
 * with respect to the data is the same with filters turned by 180 degrees, where the stride is 1. Extents follow from
 * the shapes.
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
    /** Images whose places share a panel, where one image does not fill it. */
    private final int images;

    private FloatConvolution(Pool pool, Products products, Images g, Filters filters) {
        this.pool = pool;
        this.products = products;
        this.g = g;
        this.filters = filters;
        bands = new Bands(g, g.cg(), Bands.rows(g, PLACES, products.columns()), products.unit());
        k = g.cg() * g.kh() * g.kw();
        rows = roundUp(g.fg(), products.rows());
        outputs = g.oh() * g.ow();
        images = bands.count() == 1 && outputs % products.unit() == 0
                ? Math.max(1, Math.min(g.n(), products.columns() / outputs)) : 1;
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
        return new FloatConvolution(pool, products, back, Filters.turned(back)).plan("turned windows+gemm", 2, 1,
                Activation.NONE);
    }

    /** @param data which input holds the images; the other of the first two holds the filters */
    private Offer plan(String kernel, int inputs, int data, Activation activation) {
        long scratch = (long) g.groups() * rows * k + (long) pool.threads() * slot();
        return new CpuPlan(kernel, inputs, 1, b -> bind(b, data, activation))
                .withScratch(new Workspace(DataType.FLOAT32, scratch));
    }

    private int slot() {
        return images * bands.size() + (Math.min(k, BLOCK) + (images > 1 ? g.fg() : 0)) * products.columns();
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
            int first = part / (g.groups() * bands.count()) * images;
            int count = Math.min(images, g.n() - first);
            int group = part / bands.count() % g.groups();
            int band = part % bands.count();
            if (images > 1) {
                together(x, first, count, group, scratch, slot, y, work[slot]);
            } else {
                band(x, first, group, band, scratch, slot, y, work[slot]);
            }
            for (int n = first; bias != null && n < first + count; n++) {
                finish(y, n, group, band, bias, activation);
            }
        };
        return () -> {
            pool.run(g.groups() * panels, pack);
            pool.run((g.n() + images - 1) / images * g.groups() * bands.count(), multiply);
        };
    }

    private int output(int n, int group, int band) {
        return (n * g.f() + group * g.fg()) * outputs + band * bands.rows() * g.ow();
    }

    private int input(int n, int group) {
        return (n * g.c() + group * g.cg()) * g.h() * g.w();
    }

    private void finish(float[] y, int n, int group, int band, float[] bias, Activation activation) {
        int places = bands.rows(band) * g.ow();
        int to = output(n, group, band);
        for (int f = 0; f < g.fg(); f++, to += outputs) {
            products.addOne(y, to, places, bias[group * g.fg() + f], activation.code());
            activation.finish(y, to, places);
        }
    }

    /** Several whole images in one panel. */
    private void together(float[] x, int first, int count, int group, float[] scratch, int slot, float[] y,
                          float[][] work) {
        int own = g.groups() * rows * k + slot * slot();
        int columns = own + images * bands.size();
        int width = products.columns();
        int sums = columns + Math.min(k, BLOCK) * width;
        for (int i = 0; i < count; i++) {
            bands.load(x, input(first + i, group), 0, scratch, own + i * bands.size());
        }
        for (int p = 0; p < k; p += BLOCK) {
            int steps = Math.min(BLOCK, k - p);
            for (int i = 0; i < count; i++) {
                products.pack(bands.copied() ? scratch : x,
                        bands.start(input(first + i, group), 0, own + i * bands.size()),
                        bands.offsets(), p, steps, bands.runs(), 0, outputs, scratch, columns + i * outputs, width);
            }
            products.multiply(scratch, (group * k + p) * rows, scratch, columns, steps, scratch, sums, width, g.fg(),
                    count * outputs, p > 0, work);
        }
        for (int i = 0; i < count; i++) {
            int to = output(first + i, group, 0);
            for (int f = 0; f < g.fg(); f++) {
                System.arraycopy(scratch, sums + f * width + i * outputs, y, to + f * outputs, outputs);
            }
        }
    }

    private void band(float[] x, int n, int group, int band, float[] scratch, int slot, float[] y, float[][] work) {
        int to = output(n, group, band);
        int own = g.groups() * rows * k + slot * slot();
        int columns = own + bands.size();
        int width = products.columns();
        bands.load(x, input(n, group), band, scratch, own);
        int start = bands.start(input(n, group), band, own);
        float[] from = bands.copied() ? scratch : x;
        int places = bands.rows(band) * g.ow();
        for (int q = 0; q < places; q += width) {
            int count = Math.min(width, places - q);
            for (int p = 0; p < k; p += BLOCK) {
                int steps = Math.min(BLOCK, k - p);
                products.pack(from, start, bands.offsets(), p, steps, bands.runs(), q, count, scratch, columns, width);
                products.multiply(scratch, (group * k + p) * rows, scratch, columns, steps, y, to + q, outputs, g.fg(),
                        count, p > 0, work);
            }
        }
    }
}
