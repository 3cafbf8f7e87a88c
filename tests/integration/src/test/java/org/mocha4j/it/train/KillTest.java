package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.Phase;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.it.train.Saving.Stage;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.SnapshotFolder;
import org.mocha4j.runtime.train.Solver;

/**
 * SIGKILL while a snapshot is being saved. Whatever the moment: the newest file under a snapshot's name is whole, it
 * holds the parameters and the solver's state of its iteration bit for bit, no saved one is lost, and the next run goes
 * on from it and removes the leftovers. The system property {@code mocha.kills} sets the number of random moments.
 */
class KillTest {
    private static final int KEEP = 2;
    @TempDir
    Path dir;

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> all = Files.list(dir.resolve("s"))) {
            return all.filter(f -> f.toString().endsWith(end)).sorted().toList();
        }
    }

    private long[] saved() throws IOException {
        return files(".h5").stream().mapToLong(f -> SnapshotFolder.iteration(f).orElseThrow()).toArray();
    }

    private Path file(long iteration) {
        return dir.resolve("s").resolve(String.format("snapshot-%06d.h5", iteration));
    }

    private Child child(int inputs, int outputs, int iterations, int at, Stage stage) throws IOException {
        return Child.start(dir, Child.command(dir, inputs, outputs, iterations, KEEP, at, stage));
    }

    /** The run that nobody kills, one iteration after the other. */
    private static final class Uninterrupted implements AutoCloseable {
        private final Session session = Session.open(Small.catalog(), Small.options("cpu"));
        private final Net net;
        private final Solver solver;

        Uninterrupted(int inputs, int outputs) {
            net = session.net("kills-train", Phase.TRAIN, Saving.nodes(inputs, outputs));
            solver = new Solver(net, Saving.solver(1_000_000), List.of());
        }

        /** Compares all parameters and the whole state of the solver. */
        void assertSame(Path file, long iteration) {
            while (solver.iteration() < iteration) {
                solver.step();
            }
            TensorFile content = new Hdf5Format().read(file);
            assertEquals(Long.toString(iteration), content.attributes().get("iteration"));
            Map<String, Array> expected = Small.all(solver.parameters());
            solver.slots().names().forEach(n -> expected.put("solver/" + n, solver.slots().read(n)));
            assertEquals(expected.keySet(), content.tensors().keySet());
            expected.forEach((name, a) -> assertTrue(a.equals(content.tensors().get(name)), file + ": " + name
                    + " differs from that of a run without kills"));
        }

        @Override
        public void close() {
            solver.close();
            net.close();
            session.close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
    void atAFaultPoint(Stage stage) throws Exception {
        try (Child c = child(60, 40, 100, 3, stage)) {
            c.expect("WAITING");
            c.kill();
        }
        assertEquals(List.of(dir.resolve("s/snapshot-000003.h5.tmp")), files(".tmp"));
        // none goes before the new one is there
        assertEquals(List.of(1L, 2L), LongStream.of(saved()).boxed().toList());
        resume(2);
    }

    /** As soon as the new name can be seen: before, in or after the removal of what is not kept. */
    @Test
    void afterTheRename() throws Exception {
        try (Child c = child(60, 40, 100, 0, Stage.NEVER)) {
            long end = System.nanoTime() + 60_000_000_000L;
            while (!Files.exists(file(3)) && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            c.kill();
        }
        long newest = LongStream.of(saved()).max().orElseThrow();
        assertTrue(newest >= 3 && saved().length >= KEEP, files("").toString());
        resume(newest);
    }

    private void resume(long newest) throws Exception {
        try (Uninterrupted run = new Uninterrupted(60, 40)) {
            run.assertSame(file(newest), newest);
            List<String> lines = new ArrayList<>();
            Saving.train(dir, 60, 40, (int) newest + 2, KEEP, Small.catalog(), lines::add);
            lines.removeIf(l -> l.startsWith("Backend"));
            assertEquals(List.of("Resuming from " + file(newest) + " at iteration " + newest, "LEFT 0",
                    "Saving snapshot to " + file(newest + 1), "SAVED " + (newest + 1),
                    "Saving snapshot to " + file(newest + 2), "SAVED " + (newest + 2)), lines);
            assertEquals(List.of(newest + 1, newest + 2), LongStream.of(saved()).boxed().toList());
            run.assertSame(file(newest + 2), newest + 2);
        }
        assertEquals(List.of(), files(".tmp"));
    }

    @Test
    void atRandomMomentsInsideTheSavingOfAHundredMegabytes() throws Exception {
        int inputs = 2500;
        int outputs = 5000;                                      // 12.5 million weights and as many momenta: 100 MB
        int kills = Integer.getInteger("mocha.kills", 3);
        Random random = new Random(Long.getLong("mocha.kills.seed", 1));
        long begun = System.nanoTime();
        long newest = -1;
        long window = 0;
        int inside = 0;
        int renamed = 0;
        try (Uninterrupted run = new Uninterrupted(inputs, outputs)) {
            for (int kill = 0; kill <= kills; kill++) {
                boolean last = kill == kills;
                try (Child c = child(inputs, outputs, last ? (int) newest + 1 : 1_000_000, 0, Stage.NEVER)) {
                    if (newest >= 0) {
                        assertEquals(" from " + file(newest) + " at iteration " + newest, c.expect("Resuming"));
                    }
                    if (last) {
                        assertEquals(" 0", c.expect("LEFT"));
                        assertEquals(0, c.end(), c.lines.toString());
                        run.assertSame(file(newest + 1), newest + 1);
                        break;
                    }
                    for (int whole = newest < 0 ? 1 : random.nextInt(2); whole > 0; whole--) {
                        c.expect("Saving");
                        long from = System.nanoTime();
                        newest = Long.parseLong(c.expect("SAVED").strip());
                        window = Math.max(window, System.nanoTime() - from);
                    }
                    c.expect("Saving");
                    long at = System.nanoTime() + (long) (random.nextDouble() * window);
                    while (System.nanoTime() < at) {
                        Thread.onSpinWait();
                    }
                    c.kill();
                    for (String line : c.lines) {
                        assertTrue(!line.startsWith("WARNING") && !line.startsWith("FAILED"), line);
                        assertTrue(!line.startsWith("LEFT") || line.equals("LEFT 0"), line);
                        newest = line.startsWith("SAVED ") ? Long.parseLong(line.substring(6)) : newest;
                    }
                }
                long[] there = saved();
                long found = LongStream.of(there).max().orElseThrow();
                assertTrue(found == newest || found == newest + 1, "newest " + found + ", saved " + newest);
                assertTrue(there.length >= Math.min(KEEP, found + 1) && there.length <= KEEP + 1, files("").toString());
                inside += files(".tmp").isEmpty() ? 0 : 1;
                renamed += found > newest ? 1 : 0;
                newest = found;
                run.assertSame(file(newest), newest);
            }
        }
        assertTrue(Files.size(file(newest)) > 100_000_000, "the snapshot has " + Files.size(file(newest)) + " bytes");
        assertEquals(List.of(), files(".tmp"));
        assertTrue(kills < 10 || inside > 0, "no kill hit the writing");
        System.out.println(kills + " kills in the saving of " + Files.size(file(newest)) + " bytes (up to "
                + window / 1_000_000 + " ms): " + inside + " left a temporary file, " + renamed + " came between the "
                + "renaming and its report; " + newest + " iterations, none lost, in "
                + (System.nanoTime() - begun) / 1_000_000_000 + " s");
    }
}
