package org.mocha4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.mocha4j.api.ConfigurationException;

/** Statistics that something in a run follows, and so must be recorded by something else. */
final class Expectations {
    private record Expected(String who, String statistic) {
    }

    private final List<Expected> all = new ArrayList<>();

    void add(String who, String statistic) {
        all.add(new Expected(who, statistic));
    }

    /**
     * @param mustBeThere whether all breaks have run, so that what is not recorded now is a mistake; else a warning
     * @throws ConfigurationException naming who follows what, and what there is
     */
    void check(Solver solver, boolean mustBeThere) {
        Set<String> known = new TreeSet<>(solver.lounge().names());
        if (solver.breaks().stream().anyMatch(b -> b.coffeeBreak() instanceof TrainingSummary)) {
            known.add(TrainingSummary.OBJECTIVE);                // silent before the first iteration
        }
        for (Expected e : all) {
            if (!known.contains(e.statistic())) {
                String text = e.who() + " follows the statistic " + e.statistic() + ", which no break records; recorded are "
                        + known;
                if (mustBeThere) {
                    throw new ConfigurationException(text);
                }
                solver.listener().warning(text);
            }
        }
    }
}
