package org.mocha4j.layers;

import static org.mocha4j.api.Checks.require;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Value;

/**
 * Keeps what flows into it: per bottom one tensor for each batch, without samples that only fill up the last batch. Any
 * number of bottoms of any shape with samples along axis 0, no tops. What was kept is read from the {@link Recording}
 * that is this sink's writer. As in Mocha.
 *
 * @yaml {name: kept, type: MemoryOutput, bottoms: [ip2]}
 * @java Node.sink("kept", new MemoryOutput(), "ip2")
 * @shape ip2 [64, 10]
 * @caffe none
 * @mocha MemoryOutputLayer
 */
public record MemoryOutput() implements Layer, Sink {
    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        require(!inputs.isEmpty(), "bottoms", "empty", "at least one name");
        g.sink(this, inputs.toArray(Value[]::new));
        return List.of();
    }

    @Override
    public Recording open(Context c) {
        return new Recording(c.specs().size());
    }
}
