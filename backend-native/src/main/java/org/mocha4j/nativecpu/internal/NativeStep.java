package org.mocha4j.nativecpu.internal;

import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Step;

/** A command for the library; runs as part of a compiled list only. */
record NativeStep(NativePlan plan, Binding binding) implements Step {
    @Override
    public void run() {
        throw new IllegalStateException("step " + plan.kernel() + " was not compiled; run what Device.compile returns");
    }
}
