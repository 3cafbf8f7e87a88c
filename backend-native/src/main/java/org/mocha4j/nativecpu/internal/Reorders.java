package org.mocha4j.nativecpu.internal;

import java.util.List;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;

/** Copies between layouts. */
final class Reorders {
    private Reorders() {
    }

    static NativePlan plan(NativeDevice device, Spec spec, Layout from, Layout to) {
        known(spec, from);
        known(spec, to);
        String name = "reorder " + from.name() + " to " + to.name();
        if (from.equals(to)) {
            Code copy = Code.of("copy", spec.type()).whole(from.elements(spec) * spec.type().bytes()).code();
            return new NativePlan(name, copy, List.of(from), List.of(to), NativePlan.Traits.NONE);
        }
        if (to instanceof Winograd.FilterLayout w && from.equals(Layout.PLAIN)) {
            return new NativePlan(name, w.transform(spec), List.of(from), List.of(to), NativePlan.Traits.NONE);
        }
        if (from instanceof OpaqueLayout || to instanceof OpaqueLayout) {
            Code code = Code.of("filter reorder", spec.type()).shape(spec.shape()).layout(from).layout(to).code();
            return new NativePlan(name, code, List.of(from), List.of(to), NativePlan.Traits.NONE)
                    .withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
        }
        Code code = Code.of("channels", spec.type()).shape(spec.shape()).flag(to.equals(Nhwc.NHWC)).code();
        return new NativePlan(name, code, List.of(from), List.of(to), NativePlan.Traits.NONE);
    }

    private static void known(Spec spec, Layout l) {
        boolean images = l.equals(Nhwc.NHWC) && spec.shape().rank() == 4;
        boolean filters = (l instanceof OpaqueLayout || l instanceof Winograd.FilterLayout) && spec.shape().rank() == 4;
        if (!l.equals(Layout.PLAIN) && !images && !filters) {
            throw new PlanException("native: layout " + l.name() + " of " + spec
                    + " is not known; expected: plain, nhwc or one that a convolution chose");
        }
    }
}
