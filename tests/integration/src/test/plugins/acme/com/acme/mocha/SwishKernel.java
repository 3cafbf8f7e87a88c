package com.acme.mocha;

import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlainPlan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Step;

/** {@link SwishOp} on the arrays of the backend {@code cpu}: the bits of the host kernel, without its copies. */
final class SwishKernel implements Kernel<SwishOp> {
    @Override
    public Class<SwishOp> op() {
        return SwishOp.class;
    }

    @Override
    public Offer plan(SwishOp op, PlanRequest r) {
        int n = Math.toIntExact(r.inputs().get(0).elements());
        return switch (r.type()) {
            case FLOAT32 -> PlainPlan.of("acme swish", r, b -> step(op, b.in(0).floats(), b.out(0).floats(), n))
                .withInPlace(0);
            case FLOAT64 -> PlainPlan.of("acme swish", r, b -> step(op, b.in(0).doubles(), b.out(0).doubles(), n))
                .withInPlace(0);
            default -> new Refusal("takes float32 or float64, found " + r.type());
        };
    }

    private static Step step(SwishOp op, float[] x, float[] y, int n) {
        return () -> {
            for (int i = 0; i < n; i++) {
                y[i] = (float) op.at(x[i]);
            }
        };
    }

    private static Step step(SwishOp op, double[] x, double[] y, int n) {
        return () -> {
            for (int i = 0; i < n; i++) {
                y[i] = op.at(x[i]);
            }
        };
    }
}
