package org.mocha4j.runtime.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.runtime.train.BreakConfig.everyIterations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Figures;
import org.mocha4j.api.Policy;
import org.mocha4j.runtime.Catalog;

/**
 * What a run does because of what its breaks recorded: it stops, keeps the best snapshot, goes back to the last one.
 */
@Timeout(60)
class DecisionsTest {
    @TempDir
    Path dir;
    private final Catalog catalog = Fakes.catalog(new Fakes.PlainFormat());
    private final Fakes.Lines lines = new Fakes.Lines();
    private Fakes.Model model = new Fakes.Model();

    /** Records the i-th score at iteration i. */
    private static CoffeeBreak scores(double... values) {
        return s -> () -> {
            if (s.iteration() < values.length) {
                s.lounge().record("score", s.iteration(), values[(int) s.iteration()]);
            }
        };
    }

    /** Goes back when the score fell. */
    private record Careful() implements Policy {
        @Override
        public double at(long iteration) {
            return 0.01;
        }

        @Override
        public Set<String> follows() {
            return Set.of("score");
        }

        @Override
        public boolean goesBack(long iteration, Figures f) {
            int k = f.count("score") - 1;
            return k > 0 && f.iteration("score", k) == iteration && f.value("score", k) < f.value("score", k - 1);
        }
    }

    private Solver solver(int iterations, Policy rate, BreakConfig... breaks) {
        model = new Fakes.Model();
        return Fakes.solver("fake", 1, SolverConfig.of(new Fakes.Rule(), iterations, rate), model,
                new Fakes.Stream(10, 4), dir,
                lines, catalog, breaks);
    }

    private long run(int iterations, BreakConfig... breaks) {
        try (Solver s = solver(iterations, i -> 0.01, breaks)) {
            s.solve();
            return s.iteration();
        }
    }

    private List<String> files(String folder) throws IOException {
        try (var all = Files.list(dir.resolve(folder))) {
            return all.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static BreakConfig every(CoffeeBreak b) {
        return everyIterations(1, b);
    }

    @Test
    void stopsWhenPatienceIsOverWhereverItStandsInTheList() {
        double[] scores = {0.1, 0.5, 0.5, 0.4, Double.NaN, 0.9, 0.8, 0.7, 0.6, 0.95};
        for (boolean first : new boolean[] {true, false}) {
            BreakConfig stop = every(new EarlyStopping("score", true, 3, null));
            BreakConfig record = every(scores(scores));
            assertEquals(4, first ? run(9, stop, record) : run(9, record, stop),
                    "1 was best; 2, 3 and 4 were not better");
        }
        assertTrue(lines.lines.contains("Stopping early at iteration 4: score was best at iteration 1, 0.5"),
                lines.lines::toString);
        assertEquals(8, run(9, every(new EarlyStopping("score", true, 4, null)),
                every(scores(0.1, 0.5, 0.5, 0.4, 0.6, 0, 0, 0, 0))));
    }

    @Test
    void theDirectionIsExplicitAndSmallImprovementsMayNotCount() {
        double[] losses = {3, 2, 1.95, 1.9, 1.85, 1.8};
        assertEquals(5, run(5, every(scores(losses)), every(new EarlyStopping("score", false, 2, null))));
        assertEquals(3, run(5, every(scores(losses)), every(new EarlyStopping("score", false, 2, 0.12))));
        assertEquals(2, run(5, every(scores(losses)), every(new EarlyStopping("score", true, 2, null))));
    }

    @Test
    void aRunThatStoppedEarlyIsCompleteAndStopsAgainWhenResumed() {
        BreakConfig[] breaks = {every(new EarlyStopping("score", true, 2, null)), every(scores(1, 0, 0, 0, 0, 0)),
                everyIterations(100, Snapshot.in("s").withAutoLoad())};
        try (Solver s = solver(5, i -> 0.01, breaks)) {
            s.solve();
            assertFalse(s.interrupted());
            assertTrue(s.stopped());
        }
        lines.lines.clear();
        assertEquals(2, run(5, breaks));
        assertEquals(List.of("Resuming from " + dir.resolve("s/snapshot-000002.h5") + " at iteration 2",
                "Stopping early at iteration 2: score was best at iteration 0, 1.0"), lines.lines);
        assertEquals(List.of(), model.calls);
    }

    @Test
    void theBestSnapshotIsKeptInAFolderOfItsOwn() throws IOException {
        BreakConfig[] breaks = {everyIterations(1, new BestSnapshot("best", "score", true)),
                every(scores(0.5, 0.5, 0.7, 0.6, 0.7)),
                everyIterations(2, Snapshot.in("s"))};
        run(4, breaks);
        assertEquals(List.of("snapshot-000002.h5"), files("best"));
        Array trained = new Fakes.PlainFormat().read(dir.resolve("best/snapshot-000002.h5")).tensors()
                .get("ip___weight");
        assertEquals(new Fakes.PlainFormat().read(dir.resolve("s/snapshot-000002.h5")).tensors().get("ip___weight"),
                trained);
        assertTrue(lines.lines.contains("Saving the best snapshot to " + dir.resolve("best/snapshot-000002.h5")));
        run(0, every(new Snapshot("t", null, false, "best", null)));
        assertEquals(trained, model.parameters.read("ip___weight"), "loadFrom takes the folder");
    }

    @Test
    void theBestOfALossIsTheLowest() throws IOException {
        run(4, every(new BestSnapshot("best", "score", false)), every(scores(0.5, Double.NaN, 0.7, 0.4, 0.6)));
        assertEquals(List.of("snapshot-000003.h5"), files("best"));
    }

    @Test
    void theBestSnapshotNeedsAFolderOfItsOwn() {
        assertEquals("BestSnapshot: folder " + dir.resolve("s") + " is that of another break; name one of its own",
                assertThrows(ConfigurationException.class, () -> run(1, every(Snapshot.in("s")),
                        every(new BestSnapshot("./s", "score", true)))).getMessage().replace("/./", "/"));
    }

    @Test
    void goesBackToTheLastSnapshotBeforeTheNextIsSaved() throws IOException {
        List<Array> seen = new ArrayList<>();
        CoffeeBreak look = s -> () -> seen.add(model.parameters.read("ip___weight"));
        try (Solver s = solver(4, new Careful(), every(look), every(scores(0, 1, 2, 1.5, 3)),
                everyIterations(2, Snapshot.in("s")))) {
            s.solve();
        }
        assertTrue(lines.lines.contains("Going back to the parameters of " + dir.resolve("s/snapshot-000002.h5")));
        Array at2 = seen.get(2);
        assertNotEquals(at2, seen.get(3));
        float w = (float) at2.at(0);                             // the fourth batch, from the state of iteration 2
        float gradient = 0;
        for (int i = 12; i < 16; i++) {
            gradient += (float) (w - Fakes.Stream.value(10, i / 10, i % 10)) / 4;
        }
        Array h2 = new Fakes.PlainFormat().read(dir.resolve("s/snapshot-000002.h5")).tensors()
                .get("solver/ip___weight___momentum");
        assertEquals(w + (float) (0.9f * h2.at(0) - 0.01f * gradient), seen.get(4).at(0), 1e-6);
        assertEquals(1, lines.lines.stream().filter(l -> l.startsWith("Going back")).count());
    }

    /** The run's own snapshot at an interruption is not the last one: an uninterrupted run would not have it. */
    @Test
    void anInterruptedRunGoesBackToTheSameSnapshot() {
        BreakConfig[] breaks = {every(scores(0, 1, 2, 3, 4, 5, 1, 2, 3)),
                everyIterations(4, new Snapshot("s", true, null, null, 1))};
        try (Solver s = solver(8, new Careful(), breaks)) {
            s.solve();
        }
        Array expected = model.parameters.read("ip___weight");
        for (int at = 1; at < 8; at++) {
            int stop = at;
            CoffeeBreak interrupt = s -> () -> {
                if (s.iteration() == stop) {
                    s.interrupt();
                }
            };
            String folder = "s" + at;
            BreakConfig snapshot = everyIterations(4, new Snapshot(folder, true, null, null, 1));
            try (Solver s = solver(8, new Careful(), every(interrupt), breaks[0], snapshot)) {
                s.solve();
            }
            try (Solver s = solver(8, new Careful(), breaks[0], snapshot)) {
                s.solve();
                assertEquals(stop, Integer.parseInt(model.calls.get(0).substring(1).replace(".0", "")));
            }
            assertEquals(expected, model.parameters.read("ip___weight"), "interrupted at " + at);
            assertTrue(lines.lines.contains("Going back to the parameters of "
                    + dir.resolve(folder + "/snapshot-000004.h5")));
        }
    }

    @Test
    void aSnapshotToGoBackToMustBeThere() throws IOException {
        CoffeeBreak remove = s -> () -> dir.resolve("s/snapshot-000000.h5").toFile().delete();
        try (Solver s = solver(3, new Careful(), every(scores(2, 1)), everyIterations(5, Snapshot.in("s")),
                everyIterations(1, remove))) {
            assertEquals("cannot go back to the last snapshot: " + dir.resolve("s/snapshot-000000.h5")
                    + " does not exist; the"
                    + " snapshots before it are untouched, resume from one of them",
                    assertThrows(DataException.class, s::solve).getMessage());
        }
        assertEquals("the rate Careful goes back to the last snapshot when [score] got worse; add a break Snapshot",
                assertThrows(ConfigurationException.class, () -> solver(1, new Careful(), every(scores(1))))
                .getMessage());
        assertTrue(model.closed);
    }

    @Test
    void whatIsFollowedMustBeRecorded() {
        assertEquals("EarlyStopping follows the statistic scroe, which no break records; recorded are [objective, "
                + "score]",
                assertThrows(ConfigurationException.class, () -> run(3, every(scores(1)), every(new TrainingSummary()),
                        every(new EarlyStopping("scroe", true, null, null)))).getMessage());
        assertEquals("BestSnapshot follows the statistic score, which no break records; recorded are []",
                assertThrows(ConfigurationException.class, () -> run(3, every(new BestSnapshot("b", "score", true))))
                .getMessage());
        try (Solver s = solver(1, new Careful(), every(Snapshot.in("s")))) {
            assertEquals("Careful follows the statistic score, which no break records; recorded are []",
                    assertThrows(ConfigurationException.class, s::solve).getMessage());
        }
        assertEquals(3, run(3, every(new TrainingSummary()), every(new EarlyStopping("objective", false, 9, null))));
    }

    @Test
    void configurationIsChecked() {
        assertEquals("patience is 0; expected: at least 1", assertThrows(ConfigurationException.class,
                () -> new EarlyStopping("s", true, 0, null)).getMessage());
        assertEquals("minImprovement is -1.0; expected: a finite number of at least 0",
                assertThrows(ConfigurationException.class,
                () -> new EarlyStopping("s", true, null, -1.0)).getMessage());
        assertEquals("statistic is null; expected: the name of a recorded statistic, such as test-accuracy",
                assertThrows(ConfigurationException.class, () -> new EarlyStopping(null, true, null, null))
                .getMessage());
        assertEquals("folder is  ; expected: the name of a folder", assertThrows(ConfigurationException.class,
                () -> new BestSnapshot(" ", "s", true)).getMessage());
        assertEquals(new EarlyStopping("s", true, 5, 0.0), new EarlyStopping("s", true, null, null));
    }
}
