package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.Layer;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.hdf5.HDF5Data;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.CoffeeBreak;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.ValidationPerformance;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.SGD;

/** An interrupted run goes on bit for bit, with shuffling and prefetch, whatever the solver and the source. */
class ResumeTest {
    private static final int ITERATIONS = 40;
    @TempDir
    Path dir;
    private final Catalog catalog = Small.catalog();
    private final Random random = new Random(11);
    private String backend = "reference";

    private TensorFile train(List<Node> nodes, UpdateRule rule, int accumulate, String folder, int stopAt) throws Exception {
        CoffeeBreak stop = s -> () -> {
            if (s.iteration() == stopAt) {
                s.interrupt();
            }
        };
        var result = Small.run(backend, catalog, nodes, Small.solver(rule, ITERATIONS, accumulate), dir, new Small.Lines(),
                BreakConfig.everyIterations(1, stop), BreakConfig.everyIterations(7, new ValidationPerformance()),
                BreakConfig.everyIterations(1000, Snapshot.in(folder).withAutoLoad())).train();
        assertEquals(stopAt < ITERATIONS, result.interrupted());
        assertEquals(Math.min(stopAt, ITERATIONS), result.iterations());
        return new Hdf5Format().read(dir.resolve(folder).resolve(
                String.format("snapshot-%06d.h5", Math.min(stopAt, ITERATIONS))));
    }

    private void check(String name, Layer data, UpdateRule rule, int accumulate) throws Exception {
        List<Node> nodes = Small.nodes(data, Small.memory(20, 8, false));
        TensorFile whole = train(nodes, rule, accumulate, name + "-whole", 1000);
        assertTrue(whole.tensors().keySet().containsAll(List.of("conv___filter", "lounge/test-accuracy")),
                () -> whole.tensors().keySet().toString());
        int first = 1 + random.nextInt(ITERATIONS / 2);
        int second = first + 1 + random.nextInt(ITERATIONS - first - 2);
        train(nodes, rule, accumulate, name, first);
        train(nodes, rule, accumulate, name, second);
        TensorFile resumed = train(nodes, rule, accumulate, name, 1000);
        for (Map.Entry<String, Array> e : whole.tensors().entrySet()) {
            assertEquals(e.getValue(), resumed.tensors().get(e.getKey()),
                    name + ": " + e.getKey() + " after stops at " + first + " and " + second);
        }
        assertEquals(whole.tensors().keySet(), resumed.tensors().keySet());
        for (String a : List.of("iteration", "batches", "epoch", "seed", "position.train-data", "net", "types")) {
            assertEquals(whole.attributes().get(a), resumed.attributes().get(a), a);
        }
    }

    @Test
    void sgdFromMemory() throws Exception {
        check("sgd", Small.memory(Small.SAMPLES, Small.BATCH, true), new SGD(0.9), 1);
    }

    @Test
    void sgdOnTheFastKernels() throws Exception {
        backend = "cpu";
        check("cpu", Small.memory(Small.SAMPLES, Small.BATCH, true), new SGD(0.9), 1);
    }

    @Test
    void adamWithAccumulation() throws Exception {
        check("adam", Small.memory(Small.SAMPLES, Small.BATCH, true), new Adam(), 2);
    }

    @Test
    void sgdFromHdf5FilesWithShuffling() throws Exception {
        for (int f = 0; f < 2; f++) {
            int n = f == 0 ? 30 : 23;
            new Hdf5Format().write(dir.resolve("part" + f + ".h5"), new TensorFile(
                    Map.of("data", Small.images(n), "label", Small.labels(n)), Map.of()));
        }
        Files.writeString(dir.resolve("list.txt"), "part0.h5\npart1.h5\n");
        check("hdf5", new HDF5Data(dir.resolve("list.txt").toString(), Small.BATCH, null, true, null), new SGD(0.9), 1);
    }
}
