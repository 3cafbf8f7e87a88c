package org.mocha4j.testkit;

import static org.mocha4j.testkit.Values.distinct;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.ConvolutionParameterGradients;
import org.mocha4j.api.ops.Fold;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.Unfold;

/** Ops with windows: convolution, pooling, unfold and fold. */
final class WindowCases {
    private WindowCases() {
    }

    static List<OpCase> all() {
        List<OpCase> c = new ArrayList<>();
        convolution(c, Window.of(1), 1, 1, 1, 1, 1, 1);
        convolution(c, Window.of(3), 1, 2, 3, 5, 7, 8);
        convolution(c, Window.of(3, 1, 1), 1, 1, 4, 8, 5, 5);
        convolution(c, Window.of(5, 2, 2), 1, 2, 1, 3, 8, 7);
        convolution(c, window(3, 2, 2, 3, 1, 0, 1, 1), 1, 2, 3, 2, 8, 7);
        convolution(c, window(2, 3, 1, 2, 0, 2, 1, 1), 1, 1, 7, 1, 5, 8);
        convolution(c, window(2, 3, 1, 1, 1, 2, 2, 1), 1, 2, 3, 4, 5, 7);
        convolution(c, window(3, 3, 2, 1, 2, 2, 2, 3), 1, 1, 2, 3, 8, 7);
        convolution(c, Window.of(3, 1, 1), 2, 2, 4, 6, 5, 4);
        convolution(c, Window.of(2), 3, 1, 3, 3, 4, 5);
        convolution(c, window(3, 1, 2, 1, 1, 0, 1, 1), 4, 2, 8, 4, 3, 7);
        convolution(c, Window.of(1, 2), 1, 1, 13, 3, 3, 3);
        List<OpCase> wide = new ArrayList<>();                // many channels, for ways that pay for these only; values alone
        convolution(wide, Window.of(3, 1, 1), 1, 2, 17, 9, 6, 9);
        convolution(wide, Window.of(3), 1, 1, 8, 33, 8, 7);
        convolution(wide, Window.of(5, 1, 2), 1, 2, 9, 17, 7, 5);
        convolution(wide, window(5, 5, 1, 1, 0, 1, 1, 1), 1, 1, 16, 8, 6, 9);
        wide.forEach(w -> c.add(w.rough()));
        for (Window w : List.of(Window.of(1), Window.of(3, 1, 1), Window.of(2, 3), window(3, 2, 2, 3, 1, 2, 1, 1),
                window(2, 2, 1, 2, 2, 1, 3, 2))) {
            c.add(OpCase.of(new Unfold(w), distinct(1, 2, 3, 7, 8)));
            Spec columns = new Unfold(w).infer(Spec.of(org.mocha4j.api.DataType.FLOAT64, 2, 3, 7, 8));
            c.add(OpCase.of(new Fold(w, 7, 8), distinct(1, columns.shape().dims())).terms(9));
        }
        for (Window w : List.of(Window.of(1), Window.of(2, 2), Window.of(3, 2), Window.of(3, 2, 1), Window.of(3, 1, 1),
                Window.of(2, 3), Window.of(1, 3), Window.of(5, 1, 2), window(3, 2, 2, 3, 1, 0, 1, 1),
                window(2, 3, 3, 2, 1, 2, 1, 1))) {
            for (Pooling.Rounding r : Pooling.Rounding.values()) {
                pooling(c, new Pooling(Pooling.Kind.MAX, w, null, r));
                for (Pooling.Divisor d : Pooling.Divisor.values()) {
                    pooling(c, new Pooling(Pooling.Kind.MEAN, w, d, r));
                }
            }
        }
        return c;
    }

    static Window window(int kw, int kh, int sw, int sh, int pw, int ph, int dw, int dh) {
        return new Window(new Size(kw, kh), new Size(sw, sh), new Size(pw, ph), new Size(dw, dh));
    }

    private static void convolution(List<OpCase> c, Window w, int groups, int n, int channels, int filters, int h,
                                    int width) {
        Convolution op = new Convolution(w, groups);
        Array x = distinct(1, n, channels, h, width);
        Array f = distinct(2, filters, channels / groups, w.kernel().h(), w.kernel().w());
        Shape y = op.infer(x.spec(), f.spec()).shape();
        int terms = channels / groups * w.kernel().h() * w.kernel().w();
        int places = n * y.dim(2) * y.dim(3);
        c.add(OpCase.of(op, x, f).terms(terms + places));
        Array dy = distinct(3, y.dims());
        c.add(OpCase.of(new ConvolutionDataGradient(op, h, width), f, dy).terms(terms * filters + places));
        c.add(OpCase.of(new ConvolutionFilterGradient(op), x, dy).terms(places + terms));
        c.add(OpCase.of(new ConvolutionParameterGradients(op), x, dy).terms(places + terms));
        for (Op a : java.util.Arrays.asList(null, new Relu(), new Sigmoid())) {
            c.add(OpCase.of(new ConvolutionBias(op, a), x, f, distinct(4, filters)).terms(terms + places)
                    .smooth(a == null || a instanceof Sigmoid ? new Integer[] {1, 2} : new Integer[0]));
        }
    }

    private static void pooling(List<OpCase> c, Pooling op) {
        int k = op.window().kernel().w() * op.window().kernel().h();
        Array x = distinct(1, 2, 3, 7, 8);
        Shape y = op.infer(x.spec()).shape();
        c.add(OpCase.of(op, x).terms(k));
        Array dy = distinct(2, y.dims());
        c.add(OpCase.of(new PoolingGradient(op), x, distinct(3, y.dims()), dy).smooth(2).terms(k));
    }
}
