package org.mocha4j.odd.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;

/** Element-wise ops. They work in the layout they find, unless the op would not leave zeros in padding. */
final class ElementKernels {
    private ElementKernels() {
    }

    static List<Kernel<?>> all() {
        List<Kernel<?>> k = new ArrayList<>();
        for (Class<? extends Elementwise> c : List.of(Affine.class, Exp.class, Log.class, Tanh.class, Pow.class,
                Abs.class, Sign.class, Add.class, Multiply.class, Divide.class, Max.class, Select.class)) {
            k.add(kernel(c));
        }
        k.add(new OddKernel<>(Relu.class, (op, r) -> plan("relu", r, (a, b, c, d) -> a > 0 || a != a ? a : 0)));
        k.add(new OddKernel<>(ReluGradient.class, (op, r) -> plan("relu gradient", r, (a, b, c, d) -> a > 0 ? b : 0)));
        k.add(new OddKernel<>(Bias.class, ElementKernels::bias));
        return k;
    }

    private static <E extends Elementwise> Kernel<E> kernel(Class<E> type) {
        return new OddKernel<>(type, (op, r) -> plan(type.getSimpleName(), r, Scalars.of(op, r.type())));
    }

    private static Offer plan(String name, PlanRequest r, Scalars f) {
        int n = r.inputs().size();
        Layout layout = f.at(0, 0, 0, 0) == 0 ? common(r, n) : Layout.PLAIN;
        int count = (int) layout.elements(r.outputs().get(0));
        return new OddPlan(name, Collections.nCopies(n, layout), List.of(layout), b -> loop(b, n, count, f))
                .withInPlace(anyInput(n));
    }

    private static Runnable loop(Binding b, int n, int count, Scalars f) {
        Memory y = OddPlan.out(b, 0);
        Memory p = OddPlan.in(b, 0);
        Memory q = n > 1 ? OddPlan.in(b, 1) : null;
        if (n == 1) {
            return () -> {
                for (int i = 0; i < count; i++) {
                    y.set(i, f.at(p.get(i), 0, 0, 0));
                }
            };
        } else if (n == 2) {
            return () -> {
                for (int i = 0; i < count; i++) {
                    y.set(i, f.at(p.get(i), q.get(i), 0, 0));
                }
            };
        }
        Memory s = OddPlan.in(b, 2);
        Memory t = OddPlan.in(b, 3);
        return () -> {
            for (int i = 0; i < count; i++) {
                y.set(i, f.at(p.get(i), q.get(i), s.get(i), t.get(i)));
            }
        };
    }

    /** The first padded layout among the first n inputs, else plain. */
    static Layout common(PlanRequest r, int n) {
        return r.layouts().subList(0, n).stream().filter(Padded.class::isInstance).findFirst().orElse(Layout.PLAIN);
    }

    static Set<List<Integer>> anyInput(int n) {
        Set<List<Integer>> pairs = new HashSet<>();
        for (int i = 0; i < n; i++) {
            pairs.add(List.of(i, 0));
        }
        return pairs;
    }

    private static Offer bias(Bias op, PlanRequest r) {
        Shape s = r.outputs().get(0).shape();
        int axis = s.axis(op.axis());
        Layout layout = s.rank() == 4 && axis == 1 && r.layouts().get(0) instanceof Padded p ? p : Layout.PLAIN;
        int[] dims = {(int) s.product(0, axis), s.dim(axis), (int) s.product(axis + 1, s.rank())};
        boolean nhwc = layout instanceof Padded.Nhwc;
        if (layout instanceof Padded && !nhwc) {
            layout = Layout.PLAIN;
        }
        int lanes = nhwc ? Padded.IMAGES.lanes(dims[1]) : 0;
        return new OddPlan("bias", List.of(layout, Layout.PLAIN), List.of(layout), b -> {
            Memory x = OddPlan.in(b, 0);
            Memory v = OddPlan.in(b, 1);
            Memory y = OddPlan.out(b, 0);
            return nhwc ? () -> lanes(x, v, y, dims[0] * dims[2], dims[1], lanes) : () -> rows(x, v, y, dims);
        }).withInPlace(Set.of(List.of(0, 0)));
    }

    private static void lanes(Memory x, Memory v, Memory y, int places, int channels, int lanes) {
        for (int p = 0; p < places; p++) {
            for (int c = 0; c < lanes; c++) {
                y.set(p * lanes + c, c < channels ? x.get(p * lanes + c) + v.get(c) : 0);
            }
        }
    }

    private static void rows(Memory x, Memory v, Memory y, int[] d) {
        int i = 0;
        for (int outer = 0; outer < d[0]; outer++) {
            for (int c = 0; c < d[1]; c++) {
                for (int inner = 0; inner < d[2]; inner++, i++) {
                    y.set(i, x.get(i) + v.get(c));
                }
            }
        }
    }
}
