package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

/**
 * Ends the run after the iteration in progress when a recorded statistic has not become better for a while: when its
 * newest {@code patience} figures are none of them better than the best before. The run is complete then, not
 * interrupted; a resumed one ends again at once. Runs after the breaks that record, wherever it stands in the list.
 *
 * <p>Figures: s₀, s₁, …; the best is the first that exceeds the best before by more than {@code minImprovement}. NaN is
 * never better.
 *
 * @param statistic      recorded by another break, such as {@code test-accuracy} or {@code objective}
 * @param higherIsBetter required: whether more of it is better
 * @param patience       figures to wait, at least 1, default 5
 * @param minImprovement at least 0, default 0
 * @yaml {type: EarlyStopping, statistic: test-accuracy, higherIsBetter: true, patience: 10, everyIterations: 1000}
 * @java everyIterations(1000, new EarlyStopping("test-accuracy", true, 10, null))
 * @caffe none
 * @mocha none
 */
public record EarlyStopping(String statistic, boolean higherIsBetter, Integer patience, Double minImprovement)
        implements CoffeeBreak {
    public EarlyStopping {
        patience = or(patience, 5);
        minImprovement = or(minImprovement, 0.0);
        positive("patience", patience);
        require(Double.isFinite(minImprovement) && minImprovement >= 0, "minImprovement", minImprovement,
                "a finite number of at least 0");
        new Score(statistic, higherIsBetter);
    }

    @Override
    public Break open(Solver solver) {
        Score score = new Score(statistic, higherIsBetter);
        solver.expect("EarlyStopping", statistic);
        return new Break() {
            @Override
            public void run() {
                Lounge l = solver.lounge();
                int best = score.best(l, minImprovement);
                if (best >= 0 && l.count(statistic) - 1 - best >= patience) {
                    solver.listener().line("Stopping early at iteration " + solver.iteration() + ": " + statistic
                            + " was best at iteration " + l.iteration(statistic, best) + ", "
                            + l.value(statistic, best));
                    solver.stop();
                }
            }

            @Override
            public boolean decides() {
                return true;
            }
        };
    }
}
