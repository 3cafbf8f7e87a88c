package org.mocha4j.cuda.internal;

import java.util.List;
import org.mocha4j.api.backend.Step;

/** The commands of a bound plan; they run as part of a compiled list only. */
public record CudaStep(String kernel, List<Command> commands) implements Step {
    @Override
    public void run() {
        throw new IllegalStateException("step " + kernel + " was not compiled; run what Device.compile returns");
    }
}
