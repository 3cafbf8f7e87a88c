package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import org.mocha4j.api.DataType;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Queue;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/**
 * An element-wise pass over n elements at given addresses. A program joins neighbours into one launch, see
 * {@link ElementGroup}.
 *
 * @param name   for people
 * @param at     of the inputs, then of the outputs
 * @param status of the status word, where it is predicated
 */
record Elements(String name, ElementCode code, DataType type, long n, List<Long> at, long status) implements Command {
    Elements {
        at = List.copyOf(at);
    }

    /** The launch of this pass alone. */
    Launch alone() {
        Arguments a = new Arguments().whole(n);
        if (code.predicated()) {
            a.address(status);
        }
        at.forEach(a::address);
        return Launch.each(Source.generated(name, code.kernel(), type), ElementCode.KERNEL, n, a);
    }

    /** Bytes from {@code at(i)} on that are read or written. */
    private long bytes(int i) {
        return code.repeated().contains(i) ? type.bytes() : n * type.bytes();
    }

    private boolean overlaps(int i, Elements other, int k) {
        return at.get(i) < other.at.get(k) + other.bytes(k) && other.at.get(k) < at.get(i) + bytes(i);
    }

    /** Whether one of the two writes what the other reads or writes. */
    boolean meets(Elements other) {
        for (int i = 0; i < at.size(); i++) {
            for (int k = 0; k < other.at.size(); k++) {
                if ((i >= code.inputs() || k >= other.code.inputs()) && overlaps(i, other, k)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void prepare(Queue q) {
        alone().prepare(q);
    }

    @Override
    public void issue(Queue q) {
        alone().issue(q);
    }
}
