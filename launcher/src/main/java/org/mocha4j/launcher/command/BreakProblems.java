package org.mocha4j.launcher.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.config.Positions;
import org.mocha4j.runtime.train.BestSnapshot;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.CoffeeBreak;
import org.mocha4j.runtime.train.EarlyStopping;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.runtime.train.TrainingSummary;
import org.mocha4j.runtime.train.ValidationPerformance;

/**
 * What coffee breaks and the rate need of each other and of the test net, looked up before anything runs: statistics
 * that something follows, snapshots to go back to, folders of their own. A break of a plug-in may record whatever it
 * likes, so where there is one no statistic is said to be missing.
 *
 * @param test of phase TEST; empty if there is none or it cannot be built
 */
record BreakProblems(SolverConfig solver, List<BreakConfig> breaks, Optional<Net> test, boolean testWanted,
                     Positions positions) {
    /** Each with its place in the file. */
    List<String> all() {
        List<String> problems = new ArrayList<>();
        Set<String> followed = solver.rate().follows();
        String rate = solver.rate().getClass().getSimpleName();
        followed.forEach(s -> follows(place(solver.rate(), "statistic"), rate, s, problems));
        if (!followed.isEmpty() && !has(Snapshot.class)) {
            problems.add(place(solver.rate(), "type") + "the rate " + rate + " goes back to the last snapshot when "
                + followed + " got worse; add a break Snapshot");
        }
        for (BreakConfig b : breaks) {
            CoffeeBreak c = b.coffeeBreak();
            if (c instanceof EarlyStopping e) {
                follows(place(b, "statistic"), "EarlyStopping", e.statistic(), problems);
            } else if (c instanceof BestSnapshot s) {
                follows(place(b, "statistic"), "BestSnapshot", s.statistic(), problems);
                if (breaks.stream().anyMatch(o -> o != b && s.folder().equals(folder(o)))) {
                    problems.add(place(b, "folder") + "BestSnapshot: folder " + Path.of(s.folder())
                        + " is that of another break; name one of its own");
                }
            } else if (c instanceof ValidationPerformance && (!testWanted || test.isPresent()
                    && !test.get().hasStatistics())) {
                problems.add(positions.prefix(b) + "ValidationPerformance needs a net of phase TEST with a statistic "
                    + "such as Accuracy");
            }
        }
        return problems;
    }

    private String place(Object thing, String field) {
        return positions.of(thing, field).map(at -> at + ": ").orElse("");
    }

    private static String folder(BreakConfig b) {
        return b.coffeeBreak() instanceof Snapshot s ? s.folder()
            : b.coffeeBreak() instanceof BestSnapshot s ? s.folder() : null;
    }

    private boolean has(Class<? extends CoffeeBreak> type) {
        return breaks.stream().anyMatch(b -> type.isInstance(b.coffeeBreak()));
    }

    private void follows(String place, String who, String statistic, List<String> problems) {
        String own = TrainingSummary.class.getPackageName();
        boolean open = breaks.stream().anyMatch(b -> !b.coffeeBreak().getClass().getPackageName().equals(own))
            || testWanted && test.isEmpty();
        Set<String> recorded = new TreeSet<>();
        Set<String> measured = new TreeSet<>(test.map(Net::statistics).orElse(List.of()));
        if (has(TrainingSummary.class)) {
            recorded.add(TrainingSummary.OBJECTIVE);
        }
        if (has(ValidationPerformance.class)) {
            recorded.addAll(measured);
        }
        if (!open && !recorded.contains(statistic)) {
            problems.add(place + who + " follows the statistic " + statistic + ", which no break records; "
                + (measured.contains(statistic) ? "add a break ValidationPerformance"
                : statistic.equals(TrainingSummary.OBJECTIVE) ? "add a break TrainingSummary"
                : "recorded are " + recorded + (recorded.containsAll(measured) ? ""
                : ", a break ValidationPerformance would record " + measured)));
        }
    }
}
