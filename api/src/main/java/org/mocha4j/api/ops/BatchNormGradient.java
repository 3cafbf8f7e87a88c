package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * (x, scale, mean, variance, dy) → (dx, dscale, dshift) of a {@link BatchNorm}: with x̂ = (x − mean)/√(variance + ε),
 * dshift = Σ dy, dscale = Σ dy·x̂, dx = scale/√(variance + ε) · (dy − (dshift + x̂·dscale)/m).
 */
public record BatchNormGradient(double epsilon) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 5 || !in.get(0).equals(in.get(4)) || in.get(0).shape().rank() < 2) {
            throw new ShapeException(this + " takes x, scale, mean, variance and dy, found " + in);
        }
        return List.of(in.get(0), in.get(1), in.get(1));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        Value dy = in.get(4);
        Shape s = x.shape();
        double m = (double) s.elements() / s.dim(1);
        Value inverse = pow(g, affine(g, in.get(3), 1, epsilon), -0.5);
        Value hat = multiply(g, subtract(g, x, broadcastAxis(g, in.get(2), s, 1)), broadcastAxis(g, inverse, s, 1));
        Value dShift = sumToAxis(g, dy, 1);
        Value dScale = sumToAxis(g, multiply(g, dy, hat), 1);
        Value common = add(g, broadcastAxis(g, dShift, s, 1), multiply(g, hat, broadcastAxis(g, dScale, s, 1)));
        Value dx = multiply(g, broadcastAxis(g, multiply(g, in.get(1), inverse), s, 1),
                subtract(g, dy, affine(g, common, 1 / m, 0)));
        return Optional.of(List.of(dx, dScale, dShift));
    }
}
