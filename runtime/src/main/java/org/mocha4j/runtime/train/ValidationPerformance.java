package org.mocha4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.Net;

/**
 * Measures on the validation net and reports all its statistics; the lounge keeps them as {@code LAYER-NAME}, for
 * example {@code test-accuracy-accuracy}. In files the validation net is the same file's TEST phase.
 *
 * @yaml {type: ValidationPerformance, everyIterations: 1000}
 * @java everyIterations(1000, new ValidationPerformance())
 * @caffe the solver's test_interval and test_iter, which counts batches instead of an epoch
 * @mocha ValidationPerformance: the validation net
 */
public record ValidationPerformance() implements CoffeeBreak {
    private static final String RULE = "-".repeat(57);

    /** @throws ConfigurationException if the solver has no validation net */
    @Override
    public Break open(Solver solver) {
        return open(solver, solver.validation().orElseThrow(() -> new ConfigurationException("ValidationPerformance needs"
                + " a net of phase TEST; add a data layer and a statistic such as Accuracy with phase: test")));
    }

    /** The same on a net of one's own, for Java. */
    public static CoffeeBreak on(Net net) {
        return solver -> open(solver, net);
    }

    private static Break open(Solver solver, Net net) {
        if (!net.hasStatistics()) {
            throw new ConfigurationException("ValidationPerformance: net [" + net.name() + "] has no statistic in phase"
                    + " TEST; add one, such as Accuracy");
        }
        Validation validation = new Validation(net, false);
        return new Break() {
            @Override
            public void run() {
                List<Measured> found = validation.run();
                solver.lounge().record(found, solver.iteration());
                lines(found).forEach(solver.listener()::line);
            }

            @Override
            public void close() {
                validation.close();
            }
        };
    }

    /** The block of lines that reports measurements, as the guide has it. */
    public static List<String> lines(List<Measured> found) {
        List<String> lines = new ArrayList<>(List.of("", "## Performance on Validation Set", RULE));
        found.forEach(m -> lines.add("  " + m.measurement().text()));
        lines.addAll(List.of(RULE, ""));
        return lines;
    }
}
