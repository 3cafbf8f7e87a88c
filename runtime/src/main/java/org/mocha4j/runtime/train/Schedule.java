package org.mocha4j.runtime.train;

import java.util.List;

/** The coffee breaks of one solver and which of them are due. Allocates nothing between the breaks. */
final class Schedule implements AutoCloseable {
    private final Break[] breaks;
    private final int[] everyIterations;
    private final int[] everyEpochs;
    private final long[] periods;
    private final boolean[] due;

    Schedule(Solver solver, List<BreakConfig> configs) {
        int n = configs.size();
        breaks = new Break[n];
        everyIterations = new int[n];
        everyEpochs = new int[n];
        periods = new long[n];
        due = new boolean[n];
        for (int i = 0; i < n; i++) {
            BreakConfig c = configs.get(i);
            everyIterations[i] = c.everyIterations() == null ? 0 : c.everyIterations();
            everyEpochs[i] = c.everyEpochs() == null ? 0 : c.everyEpochs();
            try {
                breaks[i] = c.coffeeBreak().open(solver);
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }
    }

    /** All breaks begin; then, at iteration 0, all are run, and where a run is resumed, those that decide. */
    void begin(Solver solver) {
        for (Break b : breaks) {
            b.begin();
        }
        boolean fresh = solver.iteration() == 0;
        for (int i = 0; i < breaks.length; i++) {
            periods[i] = everyEpochs[i] == 0 ? 0 : solver.epoch() / everyEpochs[i];
            due[i] = fresh || breaks[i].decides();
        }
        if (fresh) {
            runDue(solver);
            solver.checkRecorded(true);
        } else {
            solver.checkRecorded(false);
            runDue(true, false);
        }
    }

    /** Runs what is due after an iteration. */
    void run(Solver solver, long iteration, long epoch) {
        boolean any = false;
        for (int i = 0; i < breaks.length; i++) {
            if (everyEpochs[i] == 0) {
                due[i] = iteration % everyIterations[i] == 0;
            } else {
                long period = epoch / everyEpochs[i];
                due[i] = period > periods[i];
                periods[i] = period;
            }
            any |= due[i];
        }
        if (any) {
            solver.settle();
            runDue(solver);
        }
    }

    /** First the breaks that record, then what is decided by that, then the breaks that save. */
    private void runDue(Solver solver) {
        runDue(false, false);
        solver.goBackIfWorse();
        runDue(true, false);
        runDue(false, true);
    }

    private void runDue(boolean decides, boolean saves) {
        for (int i = 0; i < breaks.length; i++) {
            if (due[i] && breaks[i].saves() == saves && (saves || breaks[i].decides() == decides)) {
                breaks[i].run();
            }
        }
    }

    void end() {
        for (Break b : breaks) {
            b.end();
        }
    }

    @Override
    public void close() {
        for (Break b : breaks) {
            if (b != null) {
                b.close();
            }
        }
    }
}
