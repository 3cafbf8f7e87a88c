package org.mocha4j.cpu.internal.reference;

import static org.mocha4j.cpu.internal.reference.Reference.count;
import static org.mocha4j.cpu.internal.reference.Reference.kernel;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.cpu.internal.Images;

/** Convolution, pooling and their gradients. Sums are taken in double, except where a gradient is scattered. */
final class ImageLoops {
    private ImageLoops() {
    }

    static List<Kernel<?>> kernels() {
        return List.of(kernel(Convolution.class, ImageLoops::convolution),
                kernel(ConvolutionDataGradient.class, ImageLoops::dataGradient),
                kernel(ConvolutionFilterGradient.class, ImageLoops::filterGradient),
                kernel(Pooling.class, ImageLoops::pooling), kernel(PoolingGradient.class, ImageLoops::poolingGradient));
    }

    private static Step convolution(Convolution op, PlanRequest r, Binding b) {
        Images g = Images.of(r.inputs().get(0).shape(), r.outputs().get(0).shape(), op.window(), op.groups());
        Reals x = Reals.of(b.in(0));
        Reals filter = Reals.of(b.in(1));
        Reals y = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        return () -> {
            for (int i = 0; i < n; i++) {
                y.set(i, product(g, x, filter, i));
            }
        };
    }

    private static double product(Images g, Reals x, Reals filter, int at) {
        int ox = at % g.ow();
        int oy = at / g.ow() % g.oh();
        int f = at / (g.ow() * g.oh()) % g.f();
        int n = at / (g.ow() * g.oh() * g.f());
        double sum = 0;
        for (int c = 0; c < g.cg(); c++) {
            int plane = n * g.c() + f / g.fg() * g.cg() + c;
            for (int i = 0; i < g.kh(); i++) {
                for (int j = 0; j < g.kw(); j++) {
                    int iy = g.row(oy, i);
                    int ix = g.column(ox, j);
                    if (g.inside(iy, ix)) {
                        sum += x.at((plane * g.h() + iy) * g.w() + ix)
                                * filter.at(((f * g.cg() + c) * g.kh() + i) * g.kw() + j);
                    }
                }
            }
        }
        return sum;
    }

    private static Step dataGradient(ConvolutionDataGradient op, PlanRequest r, Binding b) {
        Images g = Images.of(r.outputs().get(0).shape(), r.inputs().get(1).shape(), op.forward().window(),
                op.forward().groups());
        Reals filter = Reals.of(b.in(0));
        Reals dy = Reals.of(b.in(1));
        Reals dx = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        return () -> {
            for (int i = 0; i < n; i++) {
                dx.set(i, adjoint(g, filter, dy, i));
            }
        };
    }

    private static double adjoint(Images g, Reals filter, Reals dy, int at) {
        int ix = at % g.w();
        int iy = at / g.w() % g.h();
        int c = at / (g.w() * g.h()) % g.c();
        int n = at / (g.w() * g.h() * g.c());
        double sum = 0;
        for (int i = 0; i < g.kh(); i++) {
            int y = iy + g.ph() - i * g.dh();
            for (int j = 0; j < g.kw(); j++) {
                int x = ix + g.pw() - j * g.dw();
                if (y < 0 || y % g.sh() != 0 || y / g.sh() >= g.oh() || x < 0 || x % g.sw() != 0
                        || x / g.sw() >= g.ow()) {
                    continue;
                }
                for (int q = 0; q < g.fg(); q++) {
                    int f = c / g.cg() * g.fg() + q;
                    sum += filter.at(((f * g.cg() + c % g.cg()) * g.kh() + i) * g.kw() + j)
                            * dy.at(((n * g.f() + f) * g.oh() + y / g.sh()) * g.ow() + x / g.sw());
                }
            }
        }
        return sum;
    }

    private static Step filterGradient(ConvolutionFilterGradient op, PlanRequest r, Binding b) {
        Images g = Images.of(r.inputs().get(0).shape(), r.inputs().get(1).shape(), op.forward().window(),
                op.forward().groups());
        Reals x = Reals.of(b.in(0));
        Reals dy = Reals.of(b.in(1));
        Reals df = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        return () -> {
            for (int i = 0; i < n; i++) {
                df.set(i, correlation(g, x, dy, i));
            }
        };
    }

    private static double correlation(Images g, Reals x, Reals dy, int at) {
        int j = at % g.kw();
        int i = at / g.kw() % g.kh();
        int c = at / (g.kw() * g.kh()) % g.cg();
        int f = at / (g.kw() * g.kh() * g.cg());
        double sum = 0;
        for (int n = 0; n < g.n(); n++) {
            int plane = n * g.c() + f / g.fg() * g.cg() + c;
            for (int oy = 0; oy < g.oh(); oy++) {
                for (int ox = 0; ox < g.ow(); ox++) {
                    int iy = g.row(oy, i);
                    int ix = g.column(ox, j);
                    if (g.inside(iy, ix)) {
                        sum += x.at((plane * g.h() + iy) * g.w() + ix)
                                * dy.at(((n * g.f() + f) * g.oh() + oy) * g.ow() + ox);
                    }
                }
            }
        }
        return sum;
    }

    private static Step pooling(Pooling op, PlanRequest r, Binding b) {
        Shape out = r.outputs().get(0).shape();
        Images g = Images.of(r.inputs().get(0).shape(), out, op.window(), 1);
        Reals x = Reals.of(b.in(0));
        Reals y = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        boolean max = op.kind() == Pooling.Kind.MAX;
        return () -> {
            for (int at = 0; at < n; at++) {
                if (max) {
                    int best = maximum(g, x, at);
                    y.set(at, best < 0 ? Double.NaN : x.at(best));
                } else {
                    y.set(at, sum(g, x, at) / op.divisor(at / g.ow() % g.oh(), at % g.ow(), g.h(), g.w()));
                }
            }
        };
    }

    /** Where the maximum of the window of an output element is; its first element if all is NaN, −1 if it has none. */
    private static int maximum(Images g, Reals x, int at) {
        int plane = at / (g.ow() * g.oh()) * g.h() * g.w();
        int best = -1;
        for (int i = 0; i < g.kh(); i++) {
            for (int j = 0; j < g.kw(); j++) {
                int iy = g.row(at / g.ow() % g.oh(), i);
                int ix = g.column(at % g.ow(), j);
                if (!g.inside(iy, ix)) {
                    continue;
                }
                int pixel = plane + iy * g.w() + ix;
                double v = x.at(pixel);
                if (best < 0 || v == v && !(v <= x.at(best))) {
                    best = pixel;
                }
            }
        }
        return best;
    }

    private static double sum(Images g, Reals x, int at) {
        int plane = at / (g.ow() * g.oh()) * g.h() * g.w();
        double sum = 0;
        for (int i = 0; i < g.kh(); i++) {
            for (int j = 0; j < g.kw(); j++) {
                int iy = g.row(at / g.ow() % g.oh(), i);
                int ix = g.column(at % g.ow(), j);
                sum += g.inside(iy, ix) ? x.at(plane + iy * g.w() + ix) : 0;
            }
        }
        return sum;
    }

    private static Step poolingGradient(PoolingGradient op, PlanRequest r, Binding b) {
        Images g = Images.of(r.inputs().get(0).shape(), r.inputs().get(2).shape(), op.forward().window(), 1);
        Reals x = Reals.of(b.in(0));
        Reals dy = Reals.of(b.in(2));
        Reals dx = Reals.of(b.out(0));
        int n = count(r.inputs().get(2));
        int total = count(r.outputs().get(0));
        boolean max = op.forward().kind() == Pooling.Kind.MAX;
        return () -> {
            dx.fill(total, 0);
            for (int at = 0; at < n; at++) {
                if (!max) {
                    int divisor = op.forward().divisor(at / g.ow() % g.oh(), at % g.ow(), g.h(), g.w());
                    spread(g, dx, at, dy.at(at) / divisor);
                    continue;
                }
                int best = maximum(g, x, at);
                if (best >= 0) {
                    dx.add(best, dy.at(at));
                }
            }
        };
    }

    private static void spread(Images g, Reals dx, int at, double v) {
        int plane = at / (g.ow() * g.oh()) * g.h() * g.w();
        for (int i = 0; i < g.kh(); i++) {
            for (int j = 0; j < g.kw(); j++) {
                int iy = g.row(at / g.ow() % g.oh(), i);
                int ix = g.column(at % g.ow(), j);
                if (g.inside(iy, ix)) {
                    dx.add(plane + iy * g.w() + ix, v);
                }
            }
        }
    }
}
