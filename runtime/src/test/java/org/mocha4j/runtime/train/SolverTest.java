package org.mocha4j.runtime.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Measurement;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.StatusReport;

@Timeout(60)
class SolverTest {
    private final Catalog catalog = Fakes.catalog(new Fakes.PlainFormat());
    private final Fakes.Model model = new Fakes.Model();
    private final Fakes.Lines lines = new Fakes.Lines();
    private final List<String> log = new ArrayList<>();

    private Solver solver(int iterations, int accumulate, BreakConfig... breaks) {
        return Fakes.solver(model, new Fakes.Stream(10, 4), iterations, accumulate, null, lines, catalog, breaks);
    }

    private CoffeeBreak note(String name, boolean saves) {
        return s -> new Break() {
            @Override
            public void begin() {
                log.add(name + " begins");
            }

            @Override
            public void run() {
                log.add(name + s.iteration());
            }

            @Override
            public void end() {
                log.add(name + " ends");
            }

            @Override
            public boolean saves() {
                return saves;
            }

            @Override
            public void close() {
                log.add(name + " closes");
            }
        };
    }

    @Test
    void breaksRunAtZeroOnScheduleAndSaversLast() {
        try (Solver s = solver(4, 1, BreakConfig.everyIterations(2, note("save", true)),
                BreakConfig.everyIterations(1, note("note", false)))) {
            s.solve();
            assertEquals(4, s.iteration());
        }
        assertEquals(List.of("save begins", "note begins", "note0", "save0", "note1", "note2", "save2", "note3",
                "note4",
                "save4", "save ends", "note ends", "save closes", "note closes"), log);
        assertTrue(model.closed);
    }

    @Test
    // 4 of 10 samples a step: epochs end in steps 3, 5, 8, 10
    void epochsAreThoseOfTheFirstDataLayer() {
        try (Solver s = solver(10, 1, BreakConfig.everyEpochs(1, note("e", false)),
                BreakConfig.everyEpochs(2, note("two", false)))) {
            s.solve();
            assertEquals(4, s.epoch());
        }
        assertEquals(List.of("e begins", "two begins", "e0", "two0", "e3", "e5", "two5", "e8", "e10", "two10", "e ends",
                "two ends", "e closes", "two closes"), log);
    }

    @Test
    void gradientsAreAccumulated() {
        try (Solver s = solver(2, 3)) {
            s.solve();
            assertEquals(24, s.samples());
        }
        assertEquals(List.of("a0.0", "a1.1", "a2.2", "u0", "a3.0", "a4.1", "a5.2", "u1"), model.calls);
    }

    @Test
    void interruptCompletesTheIterationAndEndsTheBreaks() {
        CoffeeBreak stop = s -> () -> {
            if (s.iteration() == 3) {
                s.interrupt();
            }
        };
        try (Solver s = solver(100, 1, BreakConfig.everyIterations(1, stop),
                BreakConfig.everyIterations(50, note("n", true)))) {
            s.solve();
            assertEquals(3, s.iteration());
            assertTrue(s.interrupted());
        }
        assertEquals(List.of("n begins", "n0", "n ends", "n closes"), log);
    }

    @Test
    void theObjectiveIsReadOnlyWhenAsked() {
        try (Solver s = solver(5, 1, BreakConfig.everyIterations(2, new TrainingSummary()))) {
            assertTrue(Double.isNaN(s.objective()));
            s.solve();
            assertEquals(2, model.objectiveReads);
            assertTrue(s.objective() > 0);
        }
        assertEquals(2, lines.lines.size());
        assertTrue(lines.lines.get(0).matches("000002 :: TRAIN obj-val = \\d+\\.\\d{8}"), lines.lines.get(0));
        assertEquals("001700 :: TRAIN obj-val = 0.43609169", TrainingSummary.text(1700, 0.436091689));
    }

    @Test
    void aFailureNamesBatchIterationAndDataAndEndsTheRun() {
        model.report = new StatusReport(1, 2, 0, 12);
        model.reportAt = 2;
        try (Solver s = solver(10, 1, BreakConfig.everyIterations(5, note("n", true)))) {
            assertEquals("layer loss: label 12.0; batch 2 starts with 6.0; batch 2 is data0 from sample 8"
                    + " of epoch 0 on",
                    assertThrows(DataException.class, s::solve).getMessage());
            assertEquals(2, s.iteration());
            assertFalse(log.contains("n ends"));
            assertThrows(IllegalStateException.class, s::step);
            assertThrows(IllegalStateException.class, s::positions);
        }
        assertFalse(model.calls.contains("u2"));
    }

    @Test
    void aFailureThatIsSeenOneStepLateIsExplainedWithItsOwnBatch() {
        model.report = new StatusReport(1, 2, 0, 12);
        model.reportAt = 3;
        try (Solver s = solver(10, 1)) {
            String text = assertThrows(DataException.class, s::solve).getMessage();
            assertTrue(text.startsWith("layer loss: label 12.0; batch 2 starts with 6.0; "), text);
            assertTrue(text.contains("batch 2 is data0 from sample 8 of epoch 0"), text);
        }
    }

    @Test
    void aDeviceThatIsReadLateIsWaitedForBeforeABreakAndAtTheEnd() {
        model.report = new StatusReport(1, 2, 0, 12);
        model.reportAt = 2;
        model.late = true;
        String words = "layer loss: label 12.0; batch 2 starts with 6.0; batch 2 is data0 from sample 8 of epoch 0 on";
        try (Solver s = solver(10, 1, BreakConfig.everyIterations(3, note("n", false)))) {
            assertEquals(words, assertThrows(DataException.class, s::solve).getMessage());
            assertEquals(List.of("n begins", "n0"), log);
            assertThrows(IllegalStateException.class, s::step);
        }
        log.clear();
        try (Solver s = solver(3, 1)) {
            assertEquals(words, assertThrows(DataException.class, s::solve).getMessage());
        }
        try (Solver s = solver(10, 1)) {
            for (int i = 0; i < 3; i++) {
                s.step();
            }
            assertEquals(words, assertThrows(DataException.class, s::step).getMessage());
        }
    }

    @Test
    void callersMayGoStepByStep() {
        try (Solver s = solver(10, 1, BreakConfig.everyIterations(1, note("n", false)))) {
            s.step();
            s.step();
            assertEquals(2, s.iteration());
        }
        assertEquals(List.of("a0.0", "u0", "a1.0", "u1"), model.calls);
        assertEquals(List.of("n closes"), log);
    }

    @Test
    void callersMayDriveTheRunWithItsBreaks() {
        try (Solver s = solver(3, 1, BreakConfig.everyIterations(2, note("n", false)))) {
            s.begin();
            while (s.advance()) {
                log.add("between " + s.iteration());
                s.set("blob", null);
            }
            s.end();
            assertFalse(s.advance());
        }
        assertEquals(List.of("n begins", "n0", "between 1", "n2", "between 2", "between 3", "n ends", "n closes"), log);
        assertEquals(List.of("a0.0", "u0", "blob", "a1.0", "u1", "blob", "a2.0", "u2", "blob"), model.calls);
    }

    @Test
    void breaksThatDecideComeAfterThoseThatRecordAndBeforeThoseThatSave() {
        CoffeeBreak decide = s -> new Break() {
            @Override
            public void run() {
                log.add("decide" + s.iteration());
            }

            @Override
            public boolean decides() {
                return true;
            }
        };
        try (Solver s = solver(1, 1, BreakConfig.everyIterations(1, note("save", true)),
                BreakConfig.everyIterations(1, decide),
                BreakConfig.everyIterations(1, note("note", false)))) {
            s.solve();
        }
        assertEquals(List.of("note0", "decide0", "save0", "note1", "decide1", "save1"),
                log.stream().filter(l -> l.matches("\\w+\\d")).toList());
    }

    @Test
    void freezingTakesEffectWithTheNextIteration() {
        CoffeeBreak freeze = s -> () -> {
            if (s.iteration() == 1) {
                s.freeze("ip");
                s.unfreeze("ip");
                s.freeze("ip");
            } else if (s.iteration() == 3) {
                s.unfreeze("ip");
            }
        };
        try (Solver s = solver(4, 1, BreakConfig.everyIterations(1, freeze))) {
            s.solve();
            assertEquals(Set.of(), s.frozen());
            assertEquals("there is no layer [conv] with parameters to freeze in net [fake]; there are [ip]",
                    assertThrows(ConfigurationException.class, () -> s.freeze("conv")).getMessage());
        }
        assertEquals(List.of("a0.0", "u0", "freeze [ip]", "a1.0", "u1", "a2.0", "u2", "freeze []", "a3.0", "u3"),
                model.calls);
    }

    @Test
    void aBreakThatCannotBeOpenedClosesTheOthers() {
        CoffeeBreak broken = s -> {
            throw new ConfigurationException("no validation net");
        };
        assertEquals("no validation net", assertThrows(ConfigurationException.class, () -> solver(1, 1,
                BreakConfig.everyIterations(1, note("n", false)), BreakConfig.everyIterations(1, broken)))
                .getMessage());
        assertEquals(List.of("n closes"), log);
        assertTrue(model.closed);
    }

    @Test
    void validationNeedsANet() {
        assertEquals("ValidationPerformance needs a net of phase TEST; add a data layer and a statistic such as "
                + "Accuracy"
                + " with phase: test", assertThrows(ConfigurationException.class, () -> solver(1, 1,
                BreakConfig.everyIterations(1, new ValidationPerformance()))).getMessage());
    }

    @Test
    void theValidationBlockLooksLikeTheGuide() {
        assertEquals("""

                ## Performance on Validation Set
                ---------------------------------------------------------
                  Accuracy (avg over 10000) = 96.0500%
                ---------------------------------------------------------
                """, String.join("\n", ValidationPerformance.lines(List.of(new Measured("test",
                new Measurement("accuracy", 0.9605, "Accuracy (avg over 10000) = 96.0500%"))))));
    }

    @Test
    void configurationIsChecked() {
        assertEquals("everyIterations, everyEpochs is null, null; expected: exactly one of the two", assertThrows(
                ConfigurationException.class, () -> new BreakConfig(new TrainingSummary(), null, null)).getMessage());
        assertEquals("everyIterations, everyEpochs is 1, 1; expected: exactly one of the two", assertThrows(
                ConfigurationException.class, () -> new BreakConfig(new TrainingSummary(), 1, 1)).getMessage());
        assertEquals("everyEpochs is 0; expected: at least 1", assertThrows(
                ConfigurationException.class, () -> new BreakConfig(new TrainingSummary(), null, 0)).getMessage());
        assertEquals("iterations is -1; expected: at least 0", assertThrows(
                ConfigurationException.class, () -> SolverConfig.of(new Fakes.Rule(), -1, 0.1)).getMessage());
        assertEquals("rate is null; expected: a number or a policy such as {type: Fixed, …}", assertThrows(
                ConfigurationException.class, () -> new SolverConfig(new Fakes.Rule(), 1, null, null, null, null))
                .getMessage());
    }
}
