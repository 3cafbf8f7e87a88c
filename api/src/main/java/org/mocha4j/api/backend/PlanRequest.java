package org.mocha4j.api.backend;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Spec;

/**
 * @param device  where the plan shall run
 * @param inputs  specs of the inputs
 * @param outputs specs of the outputs, as inferred
 * @param layouts in which the inputs lie, or {@link Layout#ANY} where the kernel may choose
 * @param forward for a gradient op: the plan of the op it belongs to, whose saved work space it may read
 * @param saves   whether a gradient op will follow that may read saved work space
 */
public record PlanRequest(Device device, List<Spec> inputs, List<Spec> outputs, List<Layout> layouts,
                          Optional<Plan> forward, boolean saves) {
    /** The type of the first output. */
    public DataType type() {
        return outputs.get(0).type();
    }
}
