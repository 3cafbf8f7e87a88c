package org.mocha4j.it.train;

import java.nio.file.Path;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Spec;
import org.mocha4j.hdf5.HDF5Output;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.Validation;

/**
 * A net in a process of its own that writes its data to HDF5, batches of 16 rows of 256 numbers: 16 KB each. Arguments:
 * the folder of {@code out.h5} and the number of rows.
 */
final class Writing {
    static final int WIDTH = 256;
    static final int BATCH = 16;

    private Writing() {
    }

    /** Number k of row i is i + k / 256. */
    static Array rows(int n) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, WIDTH));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, i / WIDTH + i % WIDTH / (double) WIDTH);
        }
        return t.toArray();
    }

    public static void main(String[] args) {
        Node data = new Node("data", new MemoryData(BATCH, List.of(rows(Integer.parseInt(args[1]))), null, null, null),
                null, List.of("x"), null, null, null);
        try (Session session = Session.open(Small.catalog(), Small.options("reference").base(Path.of(args[0])));
             Net net = session.net("writing", Phase.TEST, List.of(data,
                     Node.sink("out", new HDF5Output("out.h5"), "x")))) {
            Validation.measure(net);
            System.out.println("DONE");
        } catch (MochaException e) {
            System.out.println("FAILED " + e.getMessage());
            for (Throwable t : e.getSuppressed()) {
                System.out.println("THEN " + t.getMessage());
            }
            System.out.println("END");
            System.exit(1);
        }
    }
}
