package org.mocha4j.layers;

import org.mocha4j.api.Param;
import org.mocha4j.initializers.Constant;
import org.mocha4j.initializers.Xavier;
import org.mocha4j.regularizers.L2;
import org.mocha4j.regularizers.No;

/** How parameters start and are trained unless a net says otherwise. Mocha's and Caffe's customs. */
final class Defaults {
    static final Param WEIGHT = new Param(new Xavier(), new L2(1.0), null, 1.0);
    static final Param BIAS = new Param(new Constant(0.0), new No(), null, 2.0);

    private Defaults() {
    }

    /** Starts at a number, without penalty, rate 1. */
    static Param startingAt(double value) {
        return new Param(new Constant(value), new No(), null, 1.0);
    }
}
