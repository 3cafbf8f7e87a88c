package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.AdaDelta;
import org.mocha4j.solvers.AdaGrad;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.Nesterov;
import org.mocha4j.solvers.RMSProp;
import org.mocha4j.solvers.SGD;

/** What a whole training step asks of the driver. */
class StepTest {
    static Stream<UpdateRule> rules() {
        return Stream.of(new SGD(0.9), new Nesterov(0.9), new Adam(), new AdaGrad(), new AdaDelta(), new RMSProp());
    }

    static TrainingOptions options(UpdateRule rule, int accumulate) {
        return new TrainingOptions(rule, 0.01, Policy.of(0.1), List.of(), accumulate);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleUpdatesAllParametersInOneLaunch(UpdateRule rule) {
        try (StepRig r = new StepRig(options(rule, 1))) {
            r.accumulate();
            r.driver.calls.clear();
            r.training.apply(0);
            assertEquals(1, r.driver.take("launch", "multiply", "copy").size());
        }
    }
}
