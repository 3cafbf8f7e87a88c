package org.mocha4j.solvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Figures;
import org.mocha4j.api.Policy;

class PoliciesTest {
    @Test
    void formulas() {
        assertEquals(0.01, new Fixed(0.01).at(12345));
        Step step = new Step(0.1, 0.5, 10);
        assertEquals(0.1, step.at(9));
        assertEquals(0.05, step.at(10));
        assertEquals(0.025, step.at(29), 1e-17);
        assertEquals(0.1 * 0.81, new Exp(0.1, 0.9).at(2), 1e-17);
        assertEquals(0.1, new Exp(0.1, 0.9).at(0));
        // NumPy 1.24: 0.01 * (1 + 0.0001 * 10000) ** -0.75
        assertEquals(0.005946035575013605, new Inv(0.01, 0.0001, 0.75).at(10000), 1e-17);
        assertEquals(0.01, new Inv(0.01, 0.0001, 0.75).at(0));
    }

    @Test
    void momentumPoliciesHaveALimit() {
        Step step = new Step(0.5, 1.2, 100, 0.9);
        assertEquals(0.5, step.at(99));
        assertEquals(0.6, step.at(100), 1e-15);
        assertEquals(0.5 * 1.44, step.at(299), 1e-15);
        assertEquals(0.9, step.at(100_000));
        Linear linear = new Linear(0.5, 0.1, 10, 0.75);
        assertEquals(0.5, linear.at(9));
        assertEquals(0.7, linear.at(29), 1e-15);
        assertEquals(0.75, linear.at(30));
        assertEquals(100.5, new Linear(0.5, 1, 10, null).at(1000));
    }

    @Test
    void caffesOtherPolicies() {
        Multistep multistep = new Multistep(0.1, 0.5, List.of(10, 30));
        assertEquals(0.1, multistep.at(9));
        assertEquals(0.05, multistep.at(10));
        assertEquals(0.05, multistep.at(29));
        assertEquals(0.025, multistep.at(30));
        assertEquals(0.025, multistep.at(1_000_000));
        Poly poly = new Poly(0.01, 2, 10000);
        assertEquals(0.01, poly.at(0));
        assertEquals(0.005625, poly.at(2500), 1e-17);
        assertEquals(0, poly.at(10000));
        assertEquals(0, poly.at(20000));
        Sigmoid sigmoid = new Sigmoid(0.1, -0.01, 500);
        assertEquals(0.05, sigmoid.at(500));
        assertEquals(0.1 / (1 + Math.exp(2)), sigmoid.at(700), 1e-17);
    }

    @Test
    void cosineAfterAWarmUp() {
        Cosine cosine = new Cosine(0.1, 1000, 0.001, 100);
        assertEquals(0.1 / 101, cosine.at(0), 1e-17);
        assertEquals(0.1 * 100 / 101, cosine.at(99), 1e-17);
        assertEquals(0.1, cosine.at(100), 1e-17);
        // torch.optim.lr_scheduler.CosineAnnealingLR(T_max=900, eta_min=0.001) after 200 steps
        assertEquals(0.0884192, cosine.at(300), 1e-7);
        assertEquals(0.001, cosine.at(1000));
        assertEquals(0.001, cosine.at(5000));
        assertEquals(new Cosine(0.1, 10, 0.0, 0), new Cosine(0.1, 10, null, null));
    }

    @Test
    void stagesAccumulateAndTheInnerPoliciesSeeTheGlobalIteration() {
        Staged s = new Staged(List.of(new Staged.Stage(10, new Fixed(1)), new Staged.Stage(5, new Exp(1, 0.5)),
                new Staged.Stage(1, Policy.of(7))));
        assertEquals(1, s.at(9));
        assertEquals(Math.pow(0.5, 10), s.at(10));
        assertEquals(Math.pow(0.5, 14), s.at(14));
        assertEquals(7, s.at(15));
        assertEquals(7, s.at(1_000_000_000_000L));
    }

    @Test
    void adamCorrectionCountsFromOne() {
        assertEquals(1 / (1 - 0.9), new Adam.Correction(0.9).at(0));
        assertEquals(1 / (1 - 0.81), new Adam.Correction(0.9).at(1), 1e-14);
        assertEquals(new Adam.Correction(0.9), new Adam.Correction(0.9));
    }

    /** Scores of a validation every ten iterations. */
    private record Scores(double... values) implements Figures {
        @Override
        public int count(String name) {
            return name.equals("test-accuracy") ? values.length : 0;
        }

        @Override
        public long iteration(String name, int k) {
            return 10L * k;
        }

        @Override
        public double value(String name, int k) {
            return values[k];
        }
    }

    @Test
    void decayOnValidationMultipliesAtEachWorseScoreAndGoesBackOnce() {
        Policy higher = new DecayOnValidation(0.1, "test-accuracy", true, 0.5, null);
        assertEquals(0.1, higher.at(0, new Scores()));
        assertEquals(0.1, higher.at(20, new Scores(0.1, 0.7, 0.7)));
        assertEquals(0.05, higher.at(20, new Scores(0.1, 0.7, 0.6)));
        assertEquals(0.05, higher.at(30, new Scores(0.1, 0.7, 0.6, 0.65)), "compared with the score before it");
        assertEquals(0.025, higher.at(30, new Scores(0.1, 0.7, 0.6, 0.5)));
        assertEquals(0.05, higher.at(20, new Scores(0.1, 0.7, Double.NaN)));
        assertTrue(higher.goesBack(20, new Scores(0.1, 0.7, 0.6)));
        assertFalse(higher.goesBack(20, new Scores(0.1, 0.7, 0.7)), "equal is not worse");
        assertFalse(higher.goesBack(25, new Scores(0.1, 0.7, 0.6)), "nothing was recorded at 25");
        assertFalse(higher.goesBack(0, new Scores(0.1)));
        assertEquals(Set.of("test-accuracy"), higher.follows());
    }

    @Test
    void whetherHigherIsBetterIsExplicit() {
        Policy lower = new DecayOnValidation(0.1, "test-accuracy", false, 0.1, 0.005);
        assertEquals(0.1, lower.at(20, new Scores(2, 1, 0.5)));
        assertEquals(0.01, lower.at(20, new Scores(2, 1, 1.5)), 1e-17);
        assertEquals(0.005, lower.at(30, new Scores(2, 1, 1.5, 1.6)), "min");
        assertTrue(lower.goesBack(20, new Scores(2, 1, 1.5)));
    }

    @Test
    void decayOnValidationIsNoMomentum() {
        assertMessage("DecayOnValidation follows the statistic test-accuracy of a run, so it can be the solver's rate "
                + "only",
                () -> new DecayOnValidation(0.1, "test-accuracy", true, null, null).at(0));
    }

    @Test
    void aStageMayFollowAValidation() {
        Staged s = new Staged(List.of(new Staged.Stage(15, Policy.of(1)), new Staged.Stage(5,
                new DecayOnValidation(0.1, "test-accuracy", true, 0.5, null))));
        Scores scores = new Scores(0.5, 0.4, 0.3);
        assertEquals(1, s.at(14, scores));
        assertEquals(0.025, s.at(20, scores), "all scores of the run count");
        assertFalse(s.goesBack(10, new Scores(0.5, 0.4)));
        assertTrue(s.goesBack(20, scores));
        assertEquals(Set.of("test-accuracy"), s.follows());
    }

    @Test
    void defaults() {
        assertEquals(new AdaGrad(1e-8, false), new AdaGrad());
        assertEquals(new AdaDelta(0.95, 1e-6, false), new AdaDelta());
        assertEquals(new RMSProp(0.99, 1e-8, false), new RMSProp());
        assertEquals(new DecayOnValidation(1, "s", true, 0.5, 0.0), new DecayOnValidation(1, "s", true, null, null));
        assertEquals(new Adam(0.9, 0.999, 1e-8, false), new Adam());
        assertEquals(new SGD(0.0), new SGD(null));
        assertEquals(new Nesterov(0.0), new Nesterov(null));
    }

    @Test
    void wrongFieldsAreNamed() {
        assertMessage("stepSize is 0; expected: at least 1", () -> new Step(1, 1, 0));
        assertMessage("base is NaN; expected: a finite number", () -> new Fixed(Double.NaN));
        assertMessage("gamma is -1.0; expected: a finite number of at least 0", () -> new Inv(1, -1, 1));
        assertMessage("stages is []; expected: at least one stage", () -> new Staged(List.of()));
        assertMessage("length is 0; expected: at least 1", () -> new Staged.Stage(0, new Fixed(1)));
        assertMessage("beta2 is 1.0; expected: at least 0 and below 1", () -> new Adam(null, 1.0, null, null));
        assertMessage("max is NaN; expected: a finite number", () -> new Step(1, 1, 1, Double.NaN));
        assertMessage("stepSize is -1; expected: at least 1", () -> new Linear(1, 1, -1, null));
        assertMessage("max is Infinity; expected: a finite number",
                () -> new Linear(1, 1, 1, Double.POSITIVE_INFINITY));
        assertMessage("steps is [5, 5]; expected: iterations of at least 1 in rising order",
                () -> new Multistep(1, 1, List.of(5, 5)));
        assertMessage("steps is null; expected: iterations of at least 1 in rising order",
                () -> new Multistep(1, 1, null));
        assertMessage("power is -1.0; expected: a finite number of at least 0", () -> new Poly(1, -1, 5));
        assertMessage("iterations is 0; expected: at least 1", () -> new Poly(1, 1, 0));
        assertMessage("stepSize is -1; expected: at least 0", () -> new Sigmoid(1, 1, -1));
        assertMessage("warmUp is 5; expected: at least 0 and below iterations", () -> new Cosine(1, 5, null, 5));
        assertMessage("statistic is  ; expected: the name of a recorded statistic, such as test-accuracy",
                () -> new DecayOnValidation(1, " ", true, null, null));
        assertMessage("ratio is 1.0; expected: above 0 and below 1",
                () -> new DecayOnValidation(1, "s", true, 1.0, null));
        assertMessage("min is NaN; expected: a finite number",
                () -> new DecayOnValidation(1, "s", true, null, Double.NaN));
        assertMessage("epsilon is 0.0; expected: a finite number above 0", () -> new AdaGrad(0.0, null));
        assertMessage("rho is 1.0; expected: at least 0 and below 1", () -> new AdaDelta(1.0, null, null));
        assertMessage("epsilon is -1.0; expected: a finite number above 0", () -> new AdaDelta(null, -1.0, null));
        assertMessage("decay is -0.1; expected: at least 0 and below 1", () -> new RMSProp(-0.1, null, null));
        assertMessage("epsilon is NaN; expected: a finite number above 0", () -> new RMSProp(null, Double.NaN, null));
        assertMessage("norm is 0.0; expected: a finite number above 0", () -> new ClipByGlobalNorm(0));
    }

    private static void assertMessage(String text, org.junit.jupiter.api.function.Executable e) {
        assertEquals(text, assertThrows(ConfigurationException.class, e).getMessage());
    }
}
