package org.mocha4j.runtime.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Catalog;

@Timeout(60)
class SnapshotTest {
    @TempDir
    Path dir;
    private final Fakes.PlainFormat format = new Fakes.PlainFormat();
    private final Catalog catalog = Fakes.catalog(format);
    private final Fakes.Lines lines = new Fakes.Lines();
    private Fakes.Model model = new Fakes.Model();

    private Solver solver(int iterations, Snapshot snapshot, int every) {
        return Fakes.solver(model, new Fakes.Stream(10, 4), iterations, 1, dir, lines, catalog,
                BreakConfig.everyIterations(every, snapshot));
    }

    private void run(int iterations, Snapshot snapshot, int every) {
        model = new Fakes.Model();
        try (Solver s = solver(iterations, snapshot, every)) {
            s.solve();
        }
    }

    private Path file(int iteration) {
        return dir.resolve("s").resolve(String.format("snapshot-%06d.h5", iteration));
    }

    private List<String> files() throws IOException {
        try (var all = Files.list(dir.resolve("s"))) {
            return all.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private Array weight() {
        return model.parameters.read("ip___weight");
    }

    @Test
    void savesOnScheduleAndAtTheEnd() throws IOException {
        run(5, Snapshot.in("s"), 2);
        assertEquals(List.of("snapshot-000000.h5", "snapshot-000002.h5", "snapshot-000004.h5", "snapshot-000005.h5"),
                files());
        assertEquals("Saving snapshot to " + file(0), lines.lines.get(0));
        Map<String, String> a = format.read(file(5)).attributes();
        assertEquals("5 5 2 1 2 0 10", String.join(" ", a.get("iteration"), a.get("batches"), a.get("epoch"),
                a.get("seed"),
                a.get("position.data0"), a.get("size.data0")));
        assertEquals("Rule = test-bundle 9.9", a.get("types"));
        assertEquals(64, a.get("checksum").length());
        assertEquals(List.of("ip___weight", "solver/ip___weight___momentum"),
                List.copyOf(format.read(file(5)).tensors().keySet()));
    }

    @Test
    void anInterruptedRunGoesOnBitForBit() {
        run(40, Snapshot.in("other"), 100);
        Array expected = weight();
        Random random = new Random(3);
        for (int trial = 0; trial < 5; trial++) {
            int at = 1 + random.nextInt(38);
            Snapshot own = Snapshot.in("s" + trial).withAutoLoad();
            model = new Fakes.Model();
            CoffeeBreak stop = s -> () -> {
                if (s.iteration() == at) {
                    s.interrupt();
                }
            };
            try (Solver s = Fakes.solver(model, new Fakes.Stream(10, 4), 40, 1, dir, lines, catalog,
                    BreakConfig.everyIterations(100, own), BreakConfig.everyIterations(1, stop))) {
                s.solve();
                assertEquals(at, s.iteration());
            }
            run(40, own, 100);
            assertEquals(expected, weight(), "interrupted at " + at);
            assertEquals("a" + at + ".0", model.calls.get(0));
        }
    }

    /** A fault of Mocha: a run that resumed with its parameters alone went another way. */
    @Test
    void snapshotsWithoutMomentum() throws IOException {
        run(3, Snapshot.in("s"), 3);
        Array momentum = format.read(file(3)).tensors().get("solver/ip___weight___momentum");
        assertTrue(momentum.at(0) != 0);
        model = new Fakes.Model();
        try (Solver s = solver(3, Snapshot.in("s").withAutoLoad(), 3)) {
            s.begin();
            assertEquals(momentum, s.slots().read("ip___weight___momentum"));
        }
    }

    @Test
    void whatWasSavedIsNotSavedAgainAndNoBreakRunsBeforeTheFirstStep() throws IOException {
        run(4, Snapshot.in("s").withAutoLoad(), 2);
        FileTime time = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(file(4), time);
        lines.lines.clear();
        run(4, Snapshot.in("s").withAutoLoad(), 2);
        assertEquals(List.of("Resuming from " + file(4) + " at iteration 4"), lines.lines);
        assertEquals(time, Files.getLastModifiedTime(file(4)));
    }

    @Test
    void theLoungeIsSaved() {
        CoffeeBreak guest = s -> () -> s.lounge().record("test-accuracy", s.iteration(), s.iteration() / 8.0);
        for (int iterations : new int[] {2, 4}) {
            model = new Fakes.Model();
            try (Solver s = Fakes.solver(model, new Fakes.Stream(10, 4), iterations, 1, dir, lines, catalog,
                    BreakConfig.everyIterations(2, Snapshot.in("s").withAutoLoad()),
                    BreakConfig.everyIterations(1, guest))) {
                s.solve();
                assertEquals(iterations + 1, s.lounge().history("test-accuracy").size());
                assertEquals(0.125, s.lounge().history("test-accuracy").get(1L));
            }
        }
    }

    @Test
    void theObjectiveOfSummariesIsReadFromTheNewestSnapshot() {
        SnapshotFolder folder = new SnapshotFolder(dir.resolve("s"), catalog);
        assertTrue(folder.lounge(lines.lines::add).isEmpty());
        for (int iterations : new int[] {3, 5}) {                // uninterrupted and resumed record the same
            model = new Fakes.Model();
            try (Solver s = Fakes.solver(model, new Fakes.Stream(10, 4), iterations, 1, dir, lines, catalog,
                    BreakConfig.everyIterations(2, Snapshot.in("s").withAutoLoad()),
                    BreakConfig.everyIterations(1, new TrainingSummary()))) {
                s.solve();
                Lounge read = folder.lounge(lines.lines::add).orElseThrow();
                assertEquals(List.of("objective"), read.names());
                assertEquals(s.lounge().history("objective"), read.history("objective"));
                assertEquals(iterations, read.history("objective").size());
                assertEquals(s.objective(), read.history("objective").get((long) iterations));
                assertEquals(read.history("objective"), SnapshotFolder.lounge(file(iterations), catalog)
                        .history("objective"));
            }
        }
    }

    /** A fault of Mocha: the newest is the one of the highest iteration, not the youngest file. */
    @Test
    void newestSnapshotByFileTime() throws IOException {
        run(12, Snapshot.in("s"), 4);
        Files.setLastModifiedTime(file(4), FileTime.fromMillis(System.currentTimeMillis() + 100_000));
        Files.writeString(dir.resolve("s/snapshot-000099.h5.tmp"), "a run that was killed");
        Files.writeString(dir.resolve("s/notes.h5"), "mine");
        assertEquals(List.of(file(12), file(8), file(4), file(0)),
                new SnapshotFolder(dir.resolve("s"), catalog).newestFirst());
        Path million = new SnapshotFolder(dir, catalog).file(1234567);
        assertEquals("snapshot-1234567.h5", million.getFileName().toString());
        assertEquals(1234567, SnapshotFolder.iteration(million).orElseThrow());
    }

    @Test
    void aDamagedNewestIsReportedAndTheOneBeforeUsed() throws IOException {
        run(6, Snapshot.in("s"), 2);
        byte[] whole = Files.readAllBytes(file(6));
        Random random = new Random(1);
        for (int trial = 0; trial < 60; trial++) {               // one flipped bit anywhere, or cut off anywhere
            byte[] bad = trial % 2 == 0 ? whole.clone() : java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
            if (trial % 2 == 0) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file(6), bad);
            lines.lines.clear();
            model = new Fakes.Model();
            try (Solver s = solver(4, Snapshot.in("s").withAutoLoad(), 2)) {
                s.solve();
            }
            assertEquals(2, lines.lines.size(), () -> lines.lines.toString());
            assertTrue(lines.lines.get(0).startsWith("WARNING: snapshot " + file(6) + " is damaged and passed over: "),
                    lines.lines.get(0));
            assertEquals("Resuming from " + file(4) + " at iteration 4", lines.lines.get(1));
        }
    }

    @Test
    void allDamagedIsAnError() throws IOException {
        run(2, Snapshot.in("s"), 1);
        for (int i = 0; i <= 2; i++) {
            Files.write(file(i), new byte[0]);
        }
        assertEquals("all 3 snapshots in " + dir.resolve("s")
                + " are damaged; remove them to start anew, or name another"
                + " with loadFrom", assertThrows(DataException.class, () -> run(4, Snapshot.in("s").withAutoLoad(), 1))
                .getMessage());
        assertEquals(0, Files.size(file(2)));
    }

    /** A fault of Mocha: a save that fails must leave the old snapshot untouched. */
    @Test
    void snapshotTruncatedInPlace() throws IOException {
        run(2, Snapshot.in("s"), 1);
        byte[] before = Files.readAllBytes(file(0));
        for (int bytes : new int[] {0, 10, 100}) {
            format.failAfterBytes = bytes;
            String text = assertThrows(DataException.class, () -> run(2, Snapshot.in("s"), 1)).getMessage();
            assertEquals("cannot save snapshot " + file(0) + ": No space left on device; it needs about NNN bytes and "
                    + "N are"
                    + " free; earlier snapshots are untouched", text.replaceAll("\\d{3} bytes", "NNN bytes")
                    .replaceAll("\\d+ are free", "N are free"));
            format.failAfterBytes = -1;
            assertArrayEquals(before, Files.readAllBytes(file(0)));
            assertEquals(List.of("snapshot-000000.h5", "snapshot-000001.h5", "snapshot-000002.h5"), files());
        }
    }

    @Test
    void oneOfTheSameIterationIsReplacedAndAnEarlierRunIsMentioned() throws IOException {
        run(2, Snapshot.in("s"), 1);
        FileTime old = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(file(1), old);
        lines.lines.clear();
        run(1, Snapshot.in("s"), 1);
        assertFalse(Files.getLastModifiedTime(file(1)).equals(old));
        assertEquals("WARNING: the snapshots of an earlier run, up to " + file(2)
                + ", are not resumed; autoLoad: true would", lines.lines.get(0));
    }

    @Test
    void theLastOneOnScheduleIsKeptBesides() throws IOException {
        run(5, new Snapshot("s", null, null, null, 1), 3);
        assertEquals(List.of("snapshot-000003.h5", "snapshot-000005.h5"), files());
        assertEquals("snapshot-000003.h5", format.read(file(5)).attributes().get("scheduled"));
        assertEquals("snapshot-000003.h5", format.read(file(3)).attributes().get("scheduled"));
        run(6, new Snapshot("s", true, null, null, 1), 3);
        assertEquals(List.of("snapshot-000006.h5"), files());
    }

    @Test
    void onlyTheNewestAreKept() throws IOException {
        run(6, new Snapshot("s", null, null, null, 2), 1);
        assertEquals(List.of("snapshot-000005.h5", "snapshot-000006.h5"), files());
    }

    @Test
    void aDamagedNewestDoesNotPushOutTheGoodOnes() throws IOException {
        run(8, new Snapshot("s", true, null, null, 2), 2);
        Files.write(file(8), new byte[5]);
        run(7, new Snapshot("s", true, null, null, 2), 2);
        assertEquals("Resuming from " + file(6) + " at iteration 6", lines.lines.get(lines.lines.size() - 2));
        assertEquals(List.of("snapshot-000006.h5", "snapshot-000007.h5", "snapshot-000008.h5"), files());
        run(10, new Snapshot("s", true, null, null, 2), 2);
        assertEquals(List.of("snapshot-000008.h5", "snapshot-000010.h5"), files());
        assertEquals("8", format.read(file(8)).attributes().get("iteration"));
    }

    @Test
    void whatAKilledRunLeftIsRemovedAndNothingElse() throws IOException {
        Files.createDirectories(dir.resolve("s"));
        for (String name : List.of("snapshot-000099.h5.tmp", "snapshot-probe.h5.tmp", "mine.h5.tmp",
                "snapshot-9.h5.tmp")) {
            Files.writeString(dir.resolve("s").resolve(name), "x");
        }
        run(0, Snapshot.in("s"), 1);
        assertEquals(List.of("mine.h5.tmp", "snapshot-000000.h5", "snapshot-9.h5.tmp"), files());
    }

    @Test
    void whatIsNotReadBackAsItWasWrittenIsNoSnapshot() throws IOException {
        format.cutBytes = 3;                                     // as a full disk may shorten a write without an error
        assertTrue(assertThrows(DataException.class, () -> run(2, Snapshot.in("s"), 1)).getMessage()
                .startsWith("cannot save snapshot " + file(0) + ": "));
        assertEquals(List.of(), files());
    }

    @Test
    void aSnapshotOfAnotherNetIsRefused() {
        run(2, Snapshot.in("s"), 2);
        model = new Fakes.Model();
        model.parameters.map.clear();
        model.parameters.with("ip___weight", Array.of(Shape.of(1, 2), 5f, 6f))
                .with("conv___filter", Array.of(Shape.of(1), 1f));
        Map<String, Array> before = new LinkedHashMap<>(model.parameters.map);
        try (Solver s = Fakes.solver("LeNet", 2, model, new Fakes.Stream(11, 4), 4, 1, dir, lines, catalog,
                BreakConfig.everyIterations(1, Snapshot.in("s").withAutoLoad()))) {
            assertEquals(file(2) + """
                     is a snapshot of another net or run than LeNet:
                      ip___weight: float32[1, 2] here, float32[1, 1] in the snapshot
                      conv___filter: float32[1] here, none in the snapshot
                      seed: 2 here, 1 in the snapshot
                      samples of data layer data0: 11 here, 10 in the snapshot
                    Name another folder or snapshot, or take its parameters only with loadSolverState: false""",
                    assertThrows(ConfigurationException.class, s::solve).getMessage());
        }
        assertEquals(before, model.parameters.map);
    }

    @Test
    void parametersOnlyStartAtZero() {
        run(6, Snapshot.in("s"), 6);
        Array trained = weight();
        model = new Fakes.Model();
        try (Solver s = solver(0, new Snapshot("t", null, false, "s", null), 1)) {
            s.solve();
            assertEquals(0, s.iteration());
        }
        assertEquals(trained, weight());
        assertEquals(0, model.slots.read("ip___weight___momentum").at(0));
        assertEquals("Starting with the parameters of " + file(6), lines.lines.get(lines.lines.size() - 2));
    }

    @Test
    void loadFromTakesAFolderASnapshotOrAParameterFile() throws IOException {
        run(6, Snapshot.in("s"), 3);
        Array expected = weight();
        run(6, new Snapshot("t", null, null, "s/snapshot-000003.h5", null), 3);
        assertEquals(expected, weight());
        assertEquals("a3.0", model.calls.get(0));
        format.write(dir.resolve("weights"), new TensorFile(Map.of("ip___weight", Array.of(Shape.of(1), 7.0),
                "gone___weight", Array.of(Shape.of(1), 7.0)), Map.of()));
        run(0, new Snapshot("u", null, null, "weights", null), 1);
        assertEquals(Array.of(Shape.of(1, 1), 7f), weight());
        assertTrue(lines.lines.contains("WARNING: " + dir.resolve("weights")
                + " also has gone___weight, which the net has no use for"));
    }

    @Test
    void ownSnapshotsWinOverLoadFrom() {
        run(3, Snapshot.in("s"), 3);
        run(2, Snapshot.in("t"), 2);
        run(4, new Snapshot("t", true, null, "s", null), 4);
        assertEquals("a2.0", model.calls.get(0));
    }

    @Test
    void whatLoadFromNamesMustBeThere() throws IOException {
        Files.createDirectories(dir.resolve("empty"));
        assertEquals("Snapshot: loadFrom " + dir.resolve("nowhere")
                + " does not exist; expected: a folder of snapshots,"
                + " a snapshot or a parameter file", assertThrows(ConfigurationException.class,
                () -> run(1, new Snapshot("t", null, null, "nowhere", null), 1)).getMessage());
        assertEquals("Snapshot: loadFrom " + dir.resolve("empty") + " has no snapshots; expected: files such as"
                + " snapshot-000123.h5", assertThrows(ConfigurationException.class,
                () -> run(1, new Snapshot("t", null, null, "empty", null), 1)).getMessage());
        Files.writeString(dir.resolve("file"), "x");
        assertEquals("Snapshot: folder " + dir.resolve("file") + " is a file; name a folder", assertThrows(
                ConfigurationException.class, () -> run(1, Snapshot.in("file"), 1)).getMessage());
    }

    @Test
    void loadFromLetsMissingWeightsStartWithTheirInitializersOnlyIfAllowed() throws IOException {
        Path file = dir.resolve("weights");
        format.write(file, new TensorFile(Map.of("gone___weight", Array.of(Shape.of(1), 7.0)), Map.of()));
        assertEquals(file + """
                 does not have the parameters of the net:
                  layer [ip]: weight [1, 1] is missing
                It has: gone___weight
                What is missing can start with its initializer where that is allowed: by allowMissing of the \
                break Snapshot, or by --allow-missing of mocha import""", assertThrows(
                ConfigurationException.class, () -> run(0, new Snapshot("t", null, null, "weights", null), 1))
                .getMessage());
        run(0, new Snapshot("u", null, null, "weights", null, true), 1);
        assertEquals(Fakes.Store.INITIAL, weight().at(0));
        assertTrue(lines.lines.contains("WARNING: " + file + " has no ip___weight; the initializer's values are used"),
                lines.lines::toString);
    }

    @Test
    void configurationIsChecked() {
        assertEquals("folder is null; expected: the name of a folder", assertThrows(ConfigurationException.class,
                () -> new Snapshot(null, null, null, null, null)).getMessage());
        assertEquals("keep is 0; expected: at least 1", assertThrows(ConfigurationException.class,
                () -> new Snapshot("s", null, null, null, 0)).getMessage());
    }
}
