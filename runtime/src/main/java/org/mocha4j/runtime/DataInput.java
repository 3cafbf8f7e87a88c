package org.mocha4j.runtime;

import java.util.List;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.Spec;

/** A data layer of a net with its open stream. Opened by the net, closed with it. */
public record DataInput(String layer, DataStream stream, List<Spec> specs) {
    /** The name under which programs know one of the streams. */
    public String inputName(int i) {
        return layer + "/" + i;
    }

    /** The number of samples of a batch. */
    public int batchSize() {
        return specs.get(0).shape().dim(0);
    }
}
