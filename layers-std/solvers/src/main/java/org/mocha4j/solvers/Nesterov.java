package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.broadcast;
import static org.mocha4j.api.ops.Ops.multiply;
import static org.mocha4j.api.ops.Ops.subtract;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Slots;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;

/**
 * Nesterov's accelerated gradient: h' = momentum · h − rate · gradient, w = w + momentum · h' − rate · gradient, with
 * this iteration's momentum in both. Rate is the policy's times the parameter's own. Slot: {@code momentum} (h, 0 at
 * first). Nesterov 1983 in the form of Bengio et al., Advances in optimizing recurrent networks, 2013, whose weights
 * are those that the gradient was taken at; as Caffe, and as PyTorch where the rate is constant. Mocha's could not be
 * constructed.
 *
 * @param momentum default 0, which is plain gradient descent; in [0, 1) to converge
 * @yaml {type: Nesterov, iterations: 10000, momentum: 0.9, rate: 0.01}
 * @java SolverConfig.of(new Nesterov(0.9), 10_000, 0.01)
 * @caffe Nesterov: momentum
 * @mocha Nesterov: mom_policy is momentum
 */
public record Nesterov(Policy momentum) implements UpdateRule {
    public Nesterov {
        momentum = or(momentum, Policy.of(0));
    }

    /** With a constant momentum. */
    public Nesterov(double momentum) {
        this(Policy.of(momentum));
    }

    @Override
    public void update(Graph g, Value parameter, Value gradient, Slots state) {
        Value h = state.state("momentum");
        Value mu = broadcast(g, g.scalar("momentum", momentum), parameter.shape());
        Value step = multiply(g, broadcast(g, state.rate(), parameter.shape()), gradient);
        Value next = subtract(g, multiply(g, mu, h), step);
        g.assign(parameter, subtract(g, add(g, parameter, multiply(g, mu, next)), step));
        g.assign(h, next);
    }
}
