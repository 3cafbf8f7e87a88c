package org.mocha4j.odd.internal;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.Relu;

/** Convolutions of padded NHWC images with filters in their own layout. No groups, no dilation. */
final class ConvolutionKernels {
    private ConvolutionKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(Convolution.class, (op, r) -> forward(op, r, false)),
                new OddKernel<>(ConvolutionDataGradient.class, ConvolutionKernels::dataGradient),
                new OddKernel<>(ConvolutionFilterGradient.class, ConvolutionKernels::filterGradient));
    }

    static Offer fused(ConvolutionBias op, PlanRequest r) {
        return op.activation() == null || op.activation() instanceof Relu
                ? forward(op.convolution(), r, op.activation() != null)
                : new Refusal("activation must be Relu or none, found " + op.activation());
    }

    private static Optional<Refusal> refusal(Convolution op) {
        if (op.groups() != 1) {
            return Optional.of(new Refusal("groups must be 1, found " + op.groups()));
        }
        return op.window().dilation().equals(Size.of(1)) ? Optional.empty()
                : Optional.of(new Refusal("dilation must be 1x1, found " + op.window().dilation()));
    }

    private static Offer forward(Convolution op, PlanRequest r, boolean relu) {
        boolean biased = r.inputs().size() == 3;
        Loops l = new Loops(op.window(), r.inputs().get(0).shape(), r.inputs().get(1).shape(),
                r.outputs().get(0).shape());
        List<Layout> in = biased ? List.of(Padded.IMAGES, Padded.FILTERS, Layout.PLAIN)
                : List.of(Padded.IMAGES, Padded.FILTERS);
        String name = "direct" + (biased ? "+bias" : "") + (relu ? "+relu" : "");
        return refusal(op).map(Offer.class::cast).orElseGet(() -> new OddPlan(name, in, List.of(Padded.IMAGES), b -> {
            Memory x = OddPlan.in(b, 0);
            Memory w = OddPlan.in(b, 1);
            Memory bias = biased ? OddPlan.in(b, 2) : null;
            Memory y = OddPlan.out(b, 0);
            return () -> l.forward(x, w, bias, relu, y);
        }));
    }

    private static Offer dataGradient(ConvolutionDataGradient op, PlanRequest r) {
        Loops l = new Loops(op.forward().window(), r.outputs().get(0).shape(), r.inputs().get(0).shape(),
                r.inputs().get(1).shape());
        return refusal(op.forward()).map(Offer.class::cast).orElseGet(() -> new OddPlan("direct",
                List.of(Padded.FILTERS, Padded.IMAGES), List.of(Padded.IMAGES), b -> {
            Memory w = OddPlan.in(b, 0);
            Memory dy = OddPlan.in(b, 1);
            Memory dx = OddPlan.out(b, 0);
            return () -> l.dataGradient(w, dy, dx);
        }));
    }

    private static Offer filterGradient(ConvolutionFilterGradient op, PlanRequest r) {
        Loops l = new Loops(op.forward().window(), r.inputs().get(0).shape(), r.outputs().get(0).shape(),
                r.inputs().get(1).shape());
        return refusal(op.forward()).map(Offer.class::cast).orElseGet(() -> new OddPlan("direct",
                List.of(Padded.IMAGES, Padded.IMAGES), List.of(Padded.FILTERS), b -> {
            Memory x = OddPlan.in(b, 0);
            Memory dy = OddPlan.in(b, 1);
            Memory dw = OddPlan.out(b, 0);
            return () -> l.filterGradient(x, dy, dw);
        }));
    }

    /** The loops over one convolution; strides are those of the padded layouts. */
    private record Loops(Window win, Shape x, Shape w, Shape y, int[] xs, int[] ws, int[] ys) {
        Loops(Window win, Shape x, Shape w, Shape y) {
            this(win, x, w, y, Padded.IMAGES.strides(x), Padded.FILTERS.strides(w), Padded.IMAGES.strides(y));
        }

        void forward(Memory in, Memory filter, Memory bias, boolean relu, Memory out) {
            int lanes = Padded.IMAGES.lanes(y.dim(1));
            for (int p = 0; p < y.dim(0) * y.dim(2) * y.dim(3); p++) {
                int n = p / (y.dim(2) * y.dim(3));
                int y0 = p / y.dim(3) % y.dim(2) * win.stride().h() - win.pad().h();
                int x0 = p % y.dim(3) * win.stride().w() - win.pad().w();
                for (int f = 0; f < lanes; f++) {
                    double v = 0;
                    if (f < y.dim(1)) {
                        v = window(in, filter, n * xs[0], f * ws[0], y0, x0) + (bias == null ? 0 : bias.get(f));
                        v = relu && v <= 0 ? 0 : v;
                    }
                    out.set(p * lanes + f, v);
                }
            }
        }

        private double window(Memory in, Memory filter, int xo, int fo, int y0, int x0) {
            double sum = 0;
            for (int i = Math.max(0, -y0); i < w.dim(2) && y0 + i < x.dim(2); i++) {
                for (int j = Math.max(0, -x0); j < w.dim(3) && x0 + j < x.dim(3); j++) {
                    int xi = xo + (y0 + i) * xs[2] + (x0 + j) * xs[3];
                    int wi = fo + i * ws[2] + j * ws[3];
                    for (int c = 0; c < x.dim(1); c++) {
                        sum += in.get(xi + c) * filter.get(wi + c * ws[1]);
                    }
                }
            }
            return sum;
        }

        void dataGradient(Memory filter, Memory dy, Memory dx) {
            int lanes = Padded.IMAGES.lanes(x.dim(1));
            for (int p = 0; p < x.dim(0) * x.dim(2) * x.dim(3); p++) {
                int n = p / (x.dim(2) * x.dim(3));
                int iy = p / x.dim(3) % x.dim(2) + win.pad().h();
                int ix = p % x.dim(3) + win.pad().w();
                for (int c = 0; c < lanes; c++) {
                    dx.set(p * lanes + c, c < x.dim(1) ? reached(filter, dy, n * ys[0], c * ws[1], iy, ix) : 0);
                }
            }
        }

        private double reached(Memory filter, Memory dy, int yo, int co, int iy, int ix) {
            double sum = 0;
            for (int i = 0; i < w.dim(2); i++) {
                int oy = Math.floorDiv(iy - i, win.stride().h());
                if (oy < 0 || oy >= y.dim(2) || oy * win.stride().h() != iy - i) {
                    continue;
                }
                for (int j = 0; j < w.dim(3); j++) {
                    int ox = Math.floorDiv(ix - j, win.stride().w());
                    if (ox >= 0 && ox < y.dim(3) && ox * win.stride().w() == ix - j) {
                        int yi = yo + oy * ys[2] + ox * ys[3];
                        int wi = co + i * ws[2] + j * ws[3];
                        for (int f = 0; f < y.dim(1); f++) {
                            sum += dy.get(yi + f) * filter.get(wi + f);
                        }
                    }
                }
            }
            return sum;
        }

        void filterGradient(Memory in, Memory dy, Memory dw) {
            dw.clear();
            for (int f = 0; f < w.dim(0); f++) {
                for (int c = 0; c < w.dim(1); c++) {
                    for (int i = 0; i < w.dim(2); i++) {
                        for (int j = 0; j < w.dim(3); j++) {
                            dw.set(f * ws[0] + c * ws[1] + i * ws[2] + j * ws[3], product(in, dy, f, c, i, j));
                        }
                    }
                }
            }
        }

        private double product(Memory in, Memory dy, int f, int c, int i, int j) {
            double sum = 0;
            for (int n = 0; n < y.dim(0); n++) {
                for (int oy = 0; oy < y.dim(2); oy++) {
                    int iy = oy * win.stride().h() - win.pad().h() + i;
                    if (iy < 0 || iy >= x.dim(2)) {
                        continue;
                    }
                    for (int ox = 0; ox < y.dim(3); ox++) {
                        int ix = ox * win.stride().w() - win.pad().w() + j;
                        if (ix >= 0 && ix < x.dim(3)) {
                            sum += in.get(n * xs[0] + c + iy * xs[2] + ix * xs[3])
                                    * dy.get(n * ys[0] + f + oy * ys[2] + ox * ys[3]);
                        }
                    }
                }
            }
            return sum;
        }
    }
}
