package com.acme.mocha;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Op1;

/** y = x / (1 + e^−βx), element by element. Runs on the host where a backend has no kernel for it. */
public record SwishOp(double beta) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        return x;
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new SwishGradient(beta), in.get(0), dOut.get(0))));
    }

    @Override
    public Optional<HostKernel> hostKernel() {
        return Optional.of((in, out) -> {
            HostTensor x = in.get(0);
            for (int i = 0; i < x.elements(); i++) {
                out.get(0).set(i, at(x.get(i)));
            }
        });
    }

    double at(double x) {
        return x / (1 + Math.exp(-beta * x));
    }
}
