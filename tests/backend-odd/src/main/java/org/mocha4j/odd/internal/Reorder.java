package org.mocha4j.odd.internal;

import java.util.List;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;

/** Copies between layouts; what pads the target is set to zero. */
public final class Reorder {
    private Reorder() {
    }

    public static Plan plan(Spec spec, Layout from, Layout to) {
        known(spec, from);
        known(spec, to);
        Strided copy = from instanceof Padded || to instanceof Padded ? rank4(spec.shape(), from, to)
                : Strided.flat((int) spec.elements());
        String name = "reorder " + from.name() + " to " + to.name();
        return Padding.checked(new OddPlan(name, List.of(from), List.of(to), b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            return () -> {
                if (to instanceof Padded) {
                    y.clear();
                }
                copy.run(x, y);
            };
        }), List.of(spec));
    }

    private static Strided rank4(Shape s, Layout from, Layout to) {
        return new Strided(s.dims(), Padded.strides(from, s), 0, Padded.strides(to, s), 0);
    }

    private static void known(Spec spec, Layout l) {
        if (!l.equals(Layout.PLAIN) && !(l instanceof Padded && spec.shape().rank() == 4)) {
            throw new DeviceException("odd: layout " + l.name() + " of " + spec + " is not known; expected: plain, "
                    + Padded.IMAGES.name() + " or " + Padded.FILTERS.name());
        }
    }
}
