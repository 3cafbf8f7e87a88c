package org.mocha4j.runtime.train;

import java.util.Locale;

/**
 * Reports the objective of the last batch: {@code 001700 :: TRAIN obj-val = 0.43609169}, and records it in the lounge
 * as {@code objective}. Says nothing before the first iteration of a run, also of a resumed one, because there is no
 * batch yet.
 *
 * @yaml {type: TrainingSummary, everyIterations: 100}
 * @java everyIterations(100, new TrainingSummary())
 * @caffe the solver's display
 * @mocha TrainingSummary
 */
public record TrainingSummary() implements CoffeeBreak {
    /** The lounge's name for what is reported. */
    public static final String OBJECTIVE = "objective";

    @Override
    public Break open(Solver solver) {
        return () -> {
            double objective = solver.objective();
            if (!Double.isNaN(objective)) {
                solver.lounge().record(OBJECTIVE, solver.iteration(), objective);
                solver.listener().line(text(solver.iteration(), objective));
            }
        };
    }

    static String text(long iteration, double objective) {
        return String.format(Locale.ROOT, "%06d :: TRAIN obj-val = %.8f", iteration, objective);
    }
}
