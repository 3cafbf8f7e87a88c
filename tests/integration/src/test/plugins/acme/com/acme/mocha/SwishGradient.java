package com.acme.mocha;

import static org.mocha4j.api.Checks.shape;

import java.util.Optional;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.ops.Op2;

/** (x, dy) → dy · s · (1 + βx · (1 − s)) with s = 1 / (1 + e^−βx). */
public record SwishGradient(double beta) implements Op2 {
    @Override
    public Spec infer(Spec x, Spec dy) {
        shape(x.equals(dy), this + " takes inputs of one type and shape, found " + x + " and " + dy);
        return dy;
    }

    @Override
    public Optional<HostKernel> hostKernel() {
        return Optional.of((in, out) -> {
            HostTensor x = in.get(0);
            for (int i = 0; i < x.elements(); i++) {
                double s = 1 / (1 + Math.exp(-beta * x.get(i)));
                out.get(0).set(i, in.get(1).get(i) * s * (1 + beta * x.get(i) * (1 - s)));
            }
        });
    }
}
