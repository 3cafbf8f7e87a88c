package org.mocha4j.gputest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.gputest.Row.Verdict;

class SupervisorTest {
    @TempDir Path temp;

    private List<Row> run(Phase phase, int seconds, String backend) throws Exception {
        Setup s = new Setup(backend, false, true, null, temp, temp.toRealPath());
        return new Supervisor(s, seconds, List.of("--backend", backend, "--small", "--out", temp.toString()))
                .run(phase);
    }

    @Test
    void aPhaseThatThrowsIsAFailedRowWithItsMessage() throws Exception {
        List<Row> rows = run(Phase.TRAIN, 300, "nonsense");
        assertEquals(1, rows.size(), rows.toString());
        assertEquals(Verdict.FAIL, rows.get(0).verdict());
        assertTrue(rows.get(0).figure().contains("[nonsense]"), rows.toString());
    }

    @Test
    void aPhaseThatTakesTooLongIsEndedAndSaysHowFarItCame() throws Exception {
        List<Row> rows = run(Phase.SUITE, 7, "cpu");                  // the limit of all is what is left to it
        Row last = rows.get(rows.size() - 1);
        assertEquals(Verdict.FAIL, last.verdict(), rows.toString());
        assertTrue(last.figure().matches("not done after [67] s; see .*suite\\.log"), last.toString());
        assertTrue(rows.get(0).figure().matches(".*(then time ran out|no test was done when time ran out).*"),
                rows.toString());
        assertEquals(Verdict.FAIL, rows.get(0).verdict(), rows.toString());
    }

    @Test
    void withoutTimeAPhaseIsSkippedAndSaysSo() throws Exception {
        assertEquals(List.of(new Row("bench", Phase.BENCH.about, "no time is left", Verdict.SKIPPED)),
                run(Phase.BENCH, 1, "cpu"));
    }

    @Test
    void rowsSurviveTheirFileAndMakeATable() {
        Row a = new Row("suite", "every op", "1 of 2\tpass", Verdict.FAIL);
        assertEquals(a, Row.parse(a.text()));
        assertEquals(List.of("phase           claim     found", "suite  fail     every op  1 of 2 pass",
                "bench           LeNet     3 ms"), Row.table(List.of(a,
                new Row("bench", "LeNet", "3 ms", Verdict.FIGURE))));
    }
}
