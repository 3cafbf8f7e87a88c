package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Figures;

/** A recorded statistic that decides something, and which way it is better. NaN is never better. */
record Score(String statistic, boolean higherIsBetter) {
    Score {
        require(statistic != null && !statistic.isBlank(), "statistic", statistic,
                "the name of a recorded statistic, such as test-accuracy");
    }

    /** The index of the best figure, the first of equal ones; −1 if there is none but NaN. */
    int best(Figures recorded, double minImprovement) {
        int best = -1;
        for (int k = 0; k < recorded.count(statistic); k++) {
            double v = recorded.value(statistic, k);
            boolean better = best < 0 ? !Double.isNaN(v) : gain(v, recorded.value(statistic, best)) > minImprovement;
            best = better ? k : best;
        }
        return best;
    }

    private double gain(double now, double before) {
        return higherIsBetter ? now - before : before - now;
    }
}
