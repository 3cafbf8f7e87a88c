package org.mocha4j.odd.internal;

import org.mocha4j.api.backend.Step;

/** A command of this device. It runs on a {@link Tape} only: native code has no way to run one step for Java. */
record OddStep(String kernel, Runnable code) implements Step {
    @Override
    public void run() {
        throw new IllegalStateException("odd: step " + kernel + " was not compiled; run what Device.compile returns");
    }
}
