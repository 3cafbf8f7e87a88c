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
 * The gradient of a convolution with respect to the data for any stride: the columns of a band of output rows are a
 * matrix product, and are added up into the image.
 */
final class FoldedGradient {
    /** Elements of a band's columns. */
    private static final int BAND = 1 << 16;

    private final Pool pool;
    private final Products products;
    private final Images g;
    private final int k;
    private final int rows;
    private final int outputs;
    /** Images whose columns share a product, where one image does not fill a panel. */
    private final int images;

    private FoldedGradient(Pool pool, Products products, Images g) {
        this.pool = pool;
        this.products = products;
        this.g = g;
        k = g.cg() * g.kh() * g.kw();
        rows = Bands.rows(g, Math.max(1, BAND / k), products.columns());
        outputs = g.oh() * g.ow();
        images = rows == g.oh() ? Math.max(1, Math.min(g.n(), products.columns() / outputs)) : 1;
    }

    static Offer plan(Pool pool, Products products, Images g) {
        FoldedGradient f = new FoldedGradient(pool, products, g);
        long scratch = f.filters() + (long) pool.threads() * f.slot();
        return new CpuPlan("gemm+col2im", 2, 1, f::bind).withScratch(new Workspace(DataType.FLOAT32, scratch));
    }

    private int filters() {
        return g.groups() * roundUp(k, products.rows()) * g.fg();
    }

    private int gradients() {
        return g.fg() * roundUp(images * rows * g.ow(), products.columns());
    }

    private int slot() {
        return gradients() + k * images * rows * g.ow() + products.unit();
    }

    private Step bind(Binding b) {
        float[] filter = b.in(0).floats();
        float[] dy = b.in(1).floats();
        float[] dx = b.out(0).floats();
        float[] scratch = ((HostBuffer) b.scratch()).floats();
        float[][][] work = products.work(pool.threads());
        int panels = roundUp(k, products.rows()) / products.rows();
        Region pack = (part, slot) -> {
            int group = part / panels;
            int first = part % panels * products.rows();
            Panels.pack(filter, group * g.fg() * k + first, 1, k, Math.min(products.rows(), k - first), g.fg(), scratch,
                    (group * panels * products.rows() + first) * g.fg(), products.rows());
        };
        Region multiply = (part, slot) -> {
            int first = part / g.groups() * images;
            int group = part % g.groups();
            if (images > 1) {
                together(dy, scratch, slot, first, Math.min(images, g.n() - first), group, dx, work[slot]);
            } else {
                image(dy, scratch, slot, first, group, dx, work[slot]);
            }
        };
        return () -> {
            pool.run(g.groups() * panels, pack);
            pool.run((g.n() + images - 1) / images * g.groups(), multiply);
        };
    }

    /** Several whole images in one panel. */
    private void together(float[] dy, float[] scratch, int slot, int first, int count, int group, float[] dx,
                          float[][] work) {
        int own = filters() + slot * slot();
        int columns = own + gradients();
        int q = count * outputs;
        for (int i = 0; i < count; i++) {
            int from = ((first + i) * g.f() + group * g.fg()) * outputs;
            for (int f = 0; f < g.fg(); f++) {
                System.arraycopy(dy, from + f * outputs, scratch, own + f * products.columns() + i * outputs, outputs);
            }
        }
        products.multiply(scratch, group * roundUp(k, products.rows()) * g.fg(), scratch, own, g.fg(), scratch, columns,
                q, k, q, false, work);
        for (int i = 0; i < count; i++) {
            int plane = ((first + i) * g.c() + group * g.cg()) * g.h() * g.w();
            java.util.Arrays.fill(dx, plane, plane + g.cg() * g.h() * g.w(), 0);
            fold(scratch, columns + i * outputs, q, 0, g.oh(), dx, plane);
        }
    }

    private void image(float[] dy, float[] scratch, int slot, int n, int group, float[] dx, float[][] work) {
        int own = filters() + slot * slot();
        int columns = own + gradients();
        int plane = (n * g.c() + group * g.cg()) * g.h() * g.w();
        java.util.Arrays.fill(dx, plane, plane + g.cg() * g.h() * g.w(), 0);
        for (int oy = 0; oy < g.oh(); oy += rows) {
            int count = Math.min(rows, g.oh() - oy);
            int q = count * g.ow();
            Panels.pack(dy, (n * g.f() + group * g.fg()) * outputs + oy * g.ow(), 1, outputs, q, g.fg(), scratch, own,
                    products.columns());
            products.multiply(scratch, group * roundUp(k, products.rows()) * g.fg(), scratch, own, g.fg(), scratch,
                    columns, q, k, q, false, work);
            fold(scratch, columns, q, oy, count, dx, plane);
        }
    }

    /** Adds the columns of a band up into an image. @param ld the distance of their rows */
    private void fold(float[] columns, int at, int ld, int oy, int count, float[] dx, int plane) {
        for (int c = 0; c < k; c++) {
            int i = c / g.kw() % g.kh();
            int j = c % g.kw();
            int low = Math.max(0, (g.pw() - j * g.dw() + g.sw() - 1) / g.sw());
            int high = Math.min(g.ow(), Math.floorDiv(g.w() - 1 + g.pw() - j * g.dw(), g.sw()) + 1);
            int top = Math.max(0, (g.ph() - i * g.dh() + g.sh() - 1) / g.sh() - oy);
            int bottom = Math.min(count, Math.floorDiv(g.h() - 1 + g.ph() - i * g.dh(), g.sh()) + 1 - oy);
            if (top < bottom && low < high) {
                products.addRuns(columns, at + c * ld + top * g.ow() + low, g.ow(), dx,
                        plane + (c / (g.kh() * g.kw()) * g.h() + g.row(oy + top, i)) * g.w() + g.column(low, j),
                        g.sh() * g.w(), g.sw(), bottom - top, high - low, plane + g.cg() * g.h() * g.w());
            }
        }
    }
}
