package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.Set;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Figures;
import org.mocha4j.api.Policy;

/**
 * max(base · ratio^k, min), k the number of times that a validation score got worse than the one before it; each time
 * the run also takes back the parameters and solver state of its last snapshot. Equal scores are not worse; NaN is.
 * As Mocha's policy of this name, which takes higher for better without asking. A learning rate only, not a momentum.
 *
 * <p>It needs a {@code ValidationPerformance} break that records the statistic and a {@code Snapshot} break, which
 * should save no more often than is validated: the last snapshot would else be one of the worse parameters.
 *
 * @param base           at first
 * @param statistic      the score's name, {@code LAYER-STATISTIC}, such as {@code test-accuracy}
 * @param higherIsBetter whether the score is worse when it is lower
 * @param ratio          above 0 and below 1, default 0.5
 * @param min            default 0
 * @yaml {type: DecayOnValidation, base: 0.01, statistic: test-accuracy, higherIsBetter: true}
 * @java new DecayOnValidation(0.01, "test-accuracy", true, null, null)
 * @caffe none
 * @mocha LRPolicy.DecayOnValidation(base_lr, key, ratio)
 */
public record DecayOnValidation(double base, String statistic, boolean higherIsBetter, Double ratio, Double min)
        implements Policy {
    public DecayOnValidation {
        ratio = or(ratio, 0.5);
        min = or(min, 0.0);
        finite("base", base);
        require(statistic != null && !statistic.isBlank(), "statistic", statistic,
                "the name of a recorded statistic, such as test-accuracy");
        require(ratio > 0 && ratio < 1, "ratio", ratio, "above 0 and below 1");
        finite("min", min);
    }

    @Override
    public double at(long iteration) {
        throw new ConfigurationException("DecayOnValidation follows the statistic " + statistic
                + " of a run, so it can be the solver's rate only");
    }

    @Override
    public double at(long iteration, Figures recorded) {
        double rate = base;
        for (int k = 1; k < recorded.count(statistic); k++) {
            rate = worse(recorded, k) ? rate * ratio : rate;
        }
        return Math.max(rate, min);
    }

    @Override
    public Set<String> follows() {
        return Set.of(statistic);
    }

    @Override
    public boolean goesBack(long iteration, Figures recorded) {
        int last = recorded.count(statistic) - 1;
        return last > 0 && recorded.iteration(statistic, last) == iteration && worse(recorded, last);
    }

    private boolean worse(Figures recorded, int k) {
        double before = recorded.value(statistic, k - 1);
        double now = recorded.value(statistic, k);
        return Double.isNaN(now) || (higherIsBetter ? now < before : now > before);
    }
}
