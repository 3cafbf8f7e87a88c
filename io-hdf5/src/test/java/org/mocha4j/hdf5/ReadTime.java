package org.mocha4j.hdf5;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Source;

/**
 * Milliseconds per batch of reading data and label: wall time, and processor time of all threads. Arguments: files,
 * which are read in turn, in order and shuffled, two epochs each.
 */
final class ReadTime {
    private static final int BATCH = 64;

    private ReadTime() {
    }

    public static void main(String[] args) {
        for (int round = 0; round < 2; round++) {                // the first one warms up
            for (String file : args) {
                for (boolean shuffle : new boolean[] {false, true}) {
                    epochs(Path.of(file), shuffle, round);
                }
            }
        }
    }

    private static void epochs(Path file, boolean shuffle, int round) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (DataStream s = new HDF5Data(file.toString(), BATCH, null, shuffle, null)
                .open(new Source.Context("data", file.getParent(), DataType.FLOAT32, Phase.TRAIN, 1, 2))) {
            List<HostTensor> batch = s.specs().stream().map(HostTensor::allocate).toList();
            long batches = s.size().getAsLong() / BATCH;
            for (int epoch = 0; epoch < 2; epoch++) {
                long wall = System.nanoTime();
                long cpu = system.getProcessCpuTime();
                long longest = 0;
                for (long i = 0; i < batches; i++) {
                    long from = System.nanoTime();
                    s.next(batch);
                    longest = Math.max(longest, System.nanoTime() - from);
                }
                if (round == 1) {
                    System.out.printf("%s %s epoch %d: %.3f ms a batch, %.3f ms of processor time, longest %.1f ms%n",
                            file.getFileName(), shuffle ? "shuffled" : "in order", epoch,
                            (System.nanoTime() - wall) * 1e-6 / batches,
                            (system.getProcessCpuTime() - cpu) * 1e-6 / batches, longest * 1e-6);
                }
            }
        }
    }
}
