package org.mocha4j.runtime.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.runtime.train.BreakConfig.everyIterations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.runtime.Catalog;

/** The coffee lounge: what is recorded, who is told, and how it gets into a file. */
@Timeout(60)
class LoungeTest {
    @TempDir
    Path dir;
    private final Catalog catalog = Fakes.catalog(new Fakes.PlainFormat());
    private final Fakes.Lines lines = new Fakes.Lines();

    private Solver solver(int iterations, BreakConfig... breaks) {
        return Fakes.solver(new Fakes.Model(), new Fakes.Stream(10, 4), iterations, 1, dir, lines, catalog, breaks);
    }

    @Test
    void figuresAreInTheOrderOfIterationsAndReplaced() {
        Lounge l = new Lounge();
        for (int i = 40; i > 0; i--) {
            l.record("a", 10 * i, i);
        }
        l.record("a", 200, 7);
        l.record("a", 205, Double.NaN);
        assertEquals(41, l.count("a"));
        assertEquals(10, l.iteration("a", 0));
        assertEquals(7, l.value("a", 19));
        assertTrue(Double.isNaN(l.value("a", 20)));
        assertEquals(400, l.iteration("a", 40));
        assertEquals(0, l.count("b"));
        assertEquals(Map.of(), l.history("b"));
        assertEquals(41, l.history("a").size());
        Lounge again = new Lounge();
        again.restore("a", l.table("a"));
        assertEquals(l.history("a"), again.history("a"));
    }

    @Test
    void listenersAreToldWhatIsRecordedAndNotWhatIsRestored() {
        List<String> heard = new ArrayList<>();
        CoffeeBreak listening = s -> {
            s.lounge().listen((name, iteration, value) -> heard.add(name + " " + iteration));
            return () -> s.lounge().record("mine", s.iteration(), 1);
        };
        BreakConfig[] breaks = {everyIterations(2, listening), everyIterations(1, new TrainingSummary()),
                everyIterations(9, Snapshot.in("s").withAutoLoad())};
        try (Solver s = solver(3, breaks)) {
            s.solve();
        }
        assertEquals(List.of("mine 0", "objective 1", "mine 2", "objective 2", "objective 3"), heard);
        heard.clear();
        try (Solver s = solver(4, breaks)) {
            s.solve();
        }
        assertEquals(List.of("mine 4", "objective 4"), heard);
    }

    @Test
    void theFileHoldsTheWholeRunAlsoAfterItWasResumed() throws IOException {
        CoffeeBreak name = s -> () -> s.lounge().record("odd,name", s.iteration(), s.iteration() / 4.0);
        BreakConfig[] breaks = {everyIterations(2, new CoffeeLounge("out/figures.csv")), everyIterations(1, name),
                everyIterations(9, Snapshot.in("s").withAutoLoad())};
        Path file = dir.resolve("out/figures.csv");
        try (Solver s = solver(2, breaks)) {
            s.solve();
        }
        assertEquals(List.of("iteration,statistic,value", "0,odd,name,0.0", "1,odd,name,0.25", "2,odd,name,0.5"),
                Files.readAllLines(file));
        try (Solver s = solver(3, breaks)) {
            s.solve();
        }
        assertEquals("3,odd,name,0.75", Files.readAllLines(file).get(4), "and once more at the end");
        assertTrue(CoffeeLounge.isLounge(file));
        assertFalse(CoffeeLounge.isLounge(dir.resolve("s/snapshot-000002.h5")));
        assertEquals(new TreeMap<>(Map.of(0L, 0.0, 1L, 0.25, 2L, 0.5, 3L, 0.75)),
                CoffeeLounge.read(file).history("odd,name"));
        assertEquals(List.of("figures.csv"), Files.list(dir.resolve("out")).map(f -> f.getFileName().toString())
                .toList());
    }

    @Test
    void notFinite() throws IOException {
        CoffeeBreak odd = s -> () -> {
            s.lounge().record("a", s.iteration(), Double.NaN);
            s.lounge().record("b", s.iteration(), Double.NEGATIVE_INFINITY);
        };
        try (Solver s = solver(0, everyIterations(1, odd), everyIterations(1, new CoffeeLounge("f")))) {
            s.solve();
        }
        assertEquals(Map.of(0L, Double.NEGATIVE_INFINITY), CoffeeLounge.read(dir.resolve("f")).history("b"));
        assertEquals(Map.of(0L, Double.NaN), CoffeeLounge.read(dir.resolve("f")).history("a"));
    }

    @Test
    void whatCannotBeReadOrWrittenIsNamed() throws IOException {
        Path bad = dir.resolve("bad.csv");
        Files.writeString(bad, "iteration,statistic,value\n1,a,2\nx\n");
        assertEquals(bad + ":3: found [x]; expected: iteration,statistic,value",
                assertThrows(DataException.class, () -> CoffeeLounge.read(bad)).getMessage());
        assertEquals("file is ; expected: the name of a file",
                assertThrows(ConfigurationException.class, () -> new CoffeeLounge("")).getMessage());
        assertEquals("CoffeeLounge: file " + dir + " is a folder; name a file",
                assertThrows(ConfigurationException.class,
                () -> solver(1, everyIterations(1, new CoffeeLounge(dir.toString())))).getMessage());
        try (Solver s = solver(1, everyIterations(1, new CoffeeLounge("bad.csv/f")))) {
            assertTrue(assertThrows(DataException.class, s::solve).getMessage()
                    .startsWith("cannot save statistics to " + dir.resolve("bad.csv/f") + ": "));
        }
    }
}
