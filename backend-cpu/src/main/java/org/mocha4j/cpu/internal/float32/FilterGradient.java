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

/**
 * The gradient of a convolution with respect to the filters: places × filters of the output's gradient are packed once
 * per band, and multiplied with the image itself, window element by window element. Partial sums over samples are added
 * up in their order; how many there are follows from the shapes.
 */
final class FilterGradient {
    private static final int PARTIALS = 8;
    /** Places of a band, so that its packed gradient stays near. */
    private static final int PLACES = 256;
    /** Window elements of a part. */
    private static final int STEPS = 1024;
    /** Window elements whose partial sums are added up together. */
    private static final int SUM = 64;

    private final Pool pool;
    private final Products products;
    private final Images g;
    private final Bands bands;
    private final int channels;
    private final int chunks;
    private final int window;
    private final int steps;
    private final int lanes;
    private final int partials;

    private FilterGradient(Pool pool, Products products, Images g) {
        this.pool = pool;
        this.products = products;
        this.g = g;
        window = g.kh() * g.kw();
        channels = channels(g.cg(), Math.max(1, Math.min(g.cg(), STEPS / window)));
        chunks = g.cg() / channels;
        bands = new Bands(g, channels, Bands.rows(g, PLACES, 1), 1);
        steps = roundUp(channels * window, products.rows());
        lanes = roundUp(g.fg(), products.lanes());
        long size = (long) g.groups() * chunks * steps * lanes;
        partials = (int) Math.max(1, Math.min(Math.min(PARTIALS, g.n()), (1L << 23) / size));
    }

    /** The largest divisor of all channels that is at most {@code most}. */
    private static int channels(int all, int most) {
        int c = most;
        while (all % c != 0) {
            c--;
        }
        return c;
    }

    static Offer plan(Pool pool, Products products, Images g) {
        FilterGradient f = new FilterGradient(pool, products, g);
        long scratch = (long) f.partials * f.size() + (long) pool.threads() * f.slot();
        return new CpuPlan("places+gemm", 2, 1, f::bind).withScratch(new Workspace(DataType.FLOAT32, scratch));
    }

    /** Elements of one partial sum: group, chunk, window element, filter. */
    private int size() {
        return g.groups() * chunks * steps * lanes;
    }

    private int slot() {
        return bands.size() + lanes * bands.rows() * g.ow();
    }

    private Step bind(Binding b) {
        float[] x = b.in(0).floats();
        float[] dy = b.in(1).floats();
        float[] df = b.out(0).floats();
        float[] scratch = ((HostBuffer) b.scratch()).floats();
        float[][][] work = products.work(pool.threads());
        Region multiply = (part, slot) -> {
            int chunk = part % chunks;
            int group = part / chunks % g.groups();
            part(x, dy, scratch, slot, part / (chunks * g.groups()), group, chunk, work[slot]);
        };
        int blocks = (steps + SUM - 1) / SUM;
        Region sum = (part, slot) -> sum(scratch, part / blocks, part % blocks * SUM, df);
        return () -> {
            pool.run(partials * g.groups() * chunks, multiply);
            pool.run(g.groups() * chunks * blocks, sum);
        };
    }

    private void part(float[] x, float[] dy, float[] scratch, int slot, int partial, int group, int chunk,
                      float[][] work) {
        int own = partials * size() + slot * slot();
        int columns = own + bands.size();
        int to = partial * size() + (group * chunks + chunk) * steps * lanes;
        int outputs = g.oh() * g.ow();
        int first = partial * g.n() / partials;
        int end = (partial + 1) * g.n() / partials;
        for (int n = first; n < end; n++) {
            int image = (n * g.c() + group * g.cg() + chunk * channels) * g.h() * g.w();
            for (int band = 0; band < bands.count(); band++) {
                bands.load(x, image, band, scratch, own);
                int start = bands.start(image, band, own);
                int rows = bands.rows(band);
                Panels.pack(dy, (n * g.f() + group * g.fg()) * outputs + band * bands.rows() * g.ow(), outputs, 1,
                        g.fg(), rows * g.ow(), scratch, columns, products.lanes());
                products.correlate(bands.copied() ? scratch : x, start, bands.offsets(), bands.places(),
                        rows * g.ow(), scratch, columns, to, lanes, n > first || band > 0, work);
            }
        }
    }

    /** Adds partial sums up, from a window element of a chunk on, and turns them to filters × window elements. */
    private void sum(float[] scratch, int part, int first, float[] df) {
        int k = channels * window;
        int from = (part * steps + first) * lanes;
        int end = Math.min(k, first + SUM);
        for (int p = 1; p < partials; p++) {
            add(scratch, from + p * size(), from, (end - first) * lanes);
        }
        for (int f = 0; f < g.fg(); f++) {
            int to = ((part / chunks * g.fg() + f) * chunks + part % chunks) * k;
            for (int e = first; e < end; e++) {
                df[to + e] = scratch[from + (e - first) * lanes + f];
            }
        }
    }

    private static void add(float[] x, int from, int to, int n) {
        for (int i = 0; i < n; i++) {
            x[to + i] += x[from + i];
        }
    }
}
