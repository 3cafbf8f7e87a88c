package org.mocha4j.odd.internal;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;

/** Watches over the rule that lanes which pad a tensor hold zero: checked on every input before every step. */
final class Padding {
    private Padding() {
    }

    /** The same plan, checking its inputs. */
    static OddPlan checked(OddPlan p, List<Spec> specs) {
        return new OddPlan(p.kernel(), p.inputs(), p.outputs(), p.traits(), b -> {
            List<Runnable> all = new ArrayList<>();
            for (int i = 0; i < specs.size(); i++) {
                if (p.reads(i) && p.inputs().get(i) instanceof Padded l) {
                    all.add(check(p.kernel(), b, i, l, specs.get(i).shape()));
                }
            }
            all.add(p.binder().apply(b));
            Runnable[] code = all.toArray(Runnable[]::new);
            return code.length == 1 ? code[0] : () -> {
                for (Runnable r : code) {
                    r.run();
                }
            };
        });
    }

    private static Runnable check(String kernel, Binding b, int input, Padded layout, Shape s) {
        Memory m = OddPlan.in(b, input);
        int[] at = layout.strides(s);
        int lanes = layout.lanes(s.dim(1));
        int places = s.dim(0) * s.dim(2) * s.dim(3);
        return () -> {
            for (int p = 0; p < places; p++) {
                int base = p / (s.dim(2) * s.dim(3)) * at[0] + p / s.dim(3) % s.dim(2) * at[2] + p % s.dim(3) * at[3];
                for (int c = s.dim(1); c < lanes; c++) {
                    double v = m.get(base + c * at[1]);
                    if (v != 0) {
                        throw new IllegalStateException("odd: input " + input + " of " + kernel + " " + s
                                + " in layout " + layout.name() + ": padding lane " + c + " of place " + p
                                + " holds " + v + "; expected: 0");
                    }
                }
            }
        };
    }
}
