package org.mocha4j.solvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
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

    @Test
    void defaults() {
        assertEquals(new Adam(0.9, 0.999, 1e-8, false), new Adam());
        assertEquals(new SGD(0.0), new SGD(null));
    }

    @Test
    void wrongFieldsAreNamed() {
        assertMessage("stepSize is 0; expected: at least 1", () -> new Step(1, 1, 0));
        assertMessage("base is NaN; expected: a finite number", () -> new Fixed(Double.NaN));
        assertMessage("gamma is -1.0; expected: a finite number of at least 0", () -> new Inv(1, -1, 1));
        assertMessage("stages is []; expected: at least one stage", () -> new Staged(List.of()));
        assertMessage("length is 0; expected: at least 1", () -> new Staged.Stage(0, new Fixed(1)));
        assertMessage("beta2 is 1.0; expected: at least 0 and below 1", () -> new Adam(null, 1.0, null, null));
        assertMessage("norm is 0.0; expected: a finite number above 0", () -> new ClipByGlobalNorm(0));
    }

    private static void assertMessage(String text, org.junit.jupiter.api.function.Executable e) {
        assertEquals(text, assertThrows(ConfigurationException.class, e).getMessage());
    }
}
