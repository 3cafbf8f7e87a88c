package org.mocha4j.api;

/**
 * How a parameter starts and is trained. Null components mean: the layer's default.
 *
 * @param initializer first values
 * @param regularizer penalty, scaled by the solver's {@code regularization}
 * @param constraint  projection after each update
 * @param rate        local learning rate, a factor of the solver's
 */
public record Param(Initializer initializer, Regularizer regularizer, Constraint constraint, Double rate) {
    public Param {
        if (rate != null) {
            Checks.require(Double.isFinite(rate) && rate >= 0, "rate", rate, "a finite number of at least 0");
        }
    }

    public static final Param DEFAULT = new Param(null, null, null, null);

    /** This where set, else the default's component. */
    public static Param or(Param p, Param byDefault) {
        return p == null ? byDefault : new Param(Checks.or(p.initializer, byDefault.initializer),
                Checks.or(p.regularizer, byDefault.regularizer), Checks.or(p.constraint, byDefault.constraint),
                Checks.or(p.rate, byDefault.rate));
    }
}
