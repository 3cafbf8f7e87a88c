package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Slots;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.SgdUpdate;

/**
 * Stochastic gradient descent with momentum: h = momentum · h − rate · gradient, w = w + h. Rate is the policy's times
 * the parameter's own. Slot: {@code momentum} (h, 0 at first). As Mocha and Caffe; PyTorch keeps h / −rate, which
 * differs when the rate changes.
 *
 * @param momentum default 0; in [0, 1) to converge
 * @yaml {type: SGD, iterations: 10000, momentum: 0.9, rate: 0.01, regularization: 0.0005}
 * @java SolverConfig.of(new SGD(0.9), 10_000, 0.01).withRegularization(0.0005)
 * @caffe SGD: momentum
 * @mocha SGD: mom_policy is momentum; in the early documentation momentum
 */
public record SGD(Policy momentum) implements UpdateRule {
    public SGD {
        momentum = or(momentum, Policy.of(0));
    }

    /** With a constant momentum. */
    public SGD(double momentum) {
        this(Policy.of(momentum));
    }

    @Override
    public void update(Graph g, Value parameter, Value gradient, Slots state) {
        Value h = state.state("momentum");
        List<Value> next = g.ops(new SgdUpdate(), parameter, gradient, h, state.rate(), g.scalar("momentum", momentum));
        g.assign(parameter, next.get(0));
        g.assign(h, next.get(1));
    }
}
