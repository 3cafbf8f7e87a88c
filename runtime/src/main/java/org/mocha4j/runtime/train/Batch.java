package org.mocha4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.HostTensor;
import org.mocha4j.runtime.DataInput;

/** One batch of every data layer of a net, prepared by a {@link Feed}, and where it stands in the data. */
public final class Batch {
    static final int FREE = 0;
    static final int FULL = 1;
    static final int TAKEN = 2;

    final long[] epochBefore;
    final long[] sampleBefore;
    final long[] epochAfter;
    final long[] sampleAfter;
    int state = FREE;
    private final List<List<HostTensor>> tensors;

    Batch(List<DataInput> data) {
        List<List<HostTensor>> all = new ArrayList<>();
        data.forEach(d -> all.add(d.specs().stream().map(HostTensor::allocate).toList()));
        tensors = List.copyOf(all);
        epochBefore = new long[data.size()];
        sampleBefore = new long[data.size()];
        epochAfter = new long[data.size()];
        sampleAfter = new long[data.size()];
    }

    /** The tensors of each data layer, in order. */
    public List<List<HostTensor>> tensors() {
        return tensors;
    }

    /** The position of the batch's first sample in a data layer's stream. */
    public Position before(int input) {
        return new Position(epochBefore[input], sampleBefore[input]);
    }

    /** The position of the sample that follows the batch. */
    public Position after(int input) {
        return new Position(epochAfter[input], sampleAfter[input]);
    }
}
