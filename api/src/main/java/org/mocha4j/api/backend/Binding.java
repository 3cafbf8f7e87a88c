package org.mocha4j.api.backend;

import java.util.List;

/**
 * The buffers of one step.
 *
 * @param scratch null where the plan asks for none
 * @param saved   written by a forward step, read by its gradient step; null where there is none
 * @param status  the execution's status word, see {@link Status}
 */
public record Binding(List<Buffer> inputs, List<Buffer> outputs, Buffer scratch, Buffer saved, Buffer status) {
    public HostBuffer in(int i) {
        return (HostBuffer) inputs.get(i);
    }

    public HostBuffer out(int i) {
        return (HostBuffer) outputs.get(i);
    }
}
