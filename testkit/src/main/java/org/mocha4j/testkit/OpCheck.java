package org.mocha4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/**
 * Checks an op in one session: its values against a trusted backend and against its own decomposition, its gradients
 * against central differences. A failure is an {@link AssertionError} that names op, result, index and both values.
 */
public final class OpCheck {
    /** |analytic − numeric| ≤ this · max(1, |analytic|, |numeric|). */
    public static final double GRADIENT_TOLERANCE = 1e-6;

    private final Session session;
    private final Reference reference;

    public OpCheck(Session session, Reference reference) {
        this.session = session;
        this.reference = reference;
    }

    /**
     * All tests of an op, in one line of a test factory: on every backend that its class path has, in both types, its
     * values, its decomposition and its gradients, and that no memory is left over.
     */
    public static Stream<DynamicNode> everything(OpCase first, OpCase... more) {
        List<OpCase> cases = new ArrayList<>(List.of(first));
        cases.addAll(List.of(more));
        Installed installed = Installed.with(first.op().getClass());
        Reference reference = new Reference(installed.catalog, installed.trusted());
        BackendCheck check = new BackendCheck(installed.catalog, reference, cases);
        return installed.backends().stream().map(SessionOptions::of).flatMap(check::tests).onClose(reference::close);
    }

    private String what(OpCase c, String kind) {
        return session.backend() + " " + session.type() + ": " + kind + c.name();
    }

    /** The outputs equal the trusted backend's, within rounding. */
    public void values(OpCase c) {
        Closeness.require(what(c, ""), evaluate(session, c), reference.forward(c, session.type()),
                Closeness.tolerance(session.type(), c.terms()));
    }

    /** The outputs of the op's decomposition, run on this backend, equal them too. @return false if there is none */
    public boolean decomposition(OpCase c) {
        boolean[] there = new boolean[1];
        List<Array> parts = session.evaluate(inputs(c, session.type()), (g, in) -> {
            there[0] = c.op().decompose(g, in).isPresent();
            return there[0] ? c.op().decompose(g, in).get() : g.ops(c.op(), in.toArray(org.mocha4j.api.Value[]::new));
        });
        if (there[0]) {
            Closeness.require(what(c, "decomposition of "), parts, reference.forward(c, session.type()),
                    Closeness.tolerance(session.type(), c.terms()));
        }
        return there[0];
    }

    /** In float64 the gradients equal central differences, in float32 the trusted backend's gradients. */
    public void gradient(OpCase c) {
        if (c.smooth().isEmpty()) {
            return;
        }
        boolean exact = session.type() == DataType.FLOAT64;
        List<Array> expected = exact ? reference.numeric(c) : reference.gradient(c, session.type());
        double tolerance = exact ? GRADIENT_TOLERANCE : 4 * Closeness.tolerance(session.type(), c.terms());
        List<Array> found = gradients(session, c);
        for (int i = 0; i < found.size(); i++) {
            Closeness.require(what(c, "gradient with respect to input " + c.smooth().get(i) + " of "), found.get(i),
                    expected.get(i), tolerance);
        }
    }

    private static List<Array> inputs(OpCase c, DataType type) {
        return c.inputs().stream().map(a -> a.as(type)).toList();
    }

    static List<Array> evaluate(Session s, OpCase c) {
        return s.evaluate(inputs(c, s.type()), (g, in) -> g.ops(c.op(), in.toArray(org.mocha4j.api.Value[]::new)));
    }

    /** Zeros where an output does not depend on an input. */
    static List<Array> gradients(Session s, OpCase c) {
        List<Array> all = s.gradients(inputs(c, s.type()), weights(c, s.type()),
                (g, in) -> g.ops(c.op(), in.toArray(org.mocha4j.api.Value[]::new)));
        List<Array> wanted = new ArrayList<>();
        for (int i : c.smooth()) {
            Array d = all.get(i);
            wanted.add(d == null ? Array.filled(new Spec(s.type(), c.inputs().get(i).shape()), 0) : d);
        }
        return wanted;
    }

    /** The weights that make one number of an op's outputs. */
    static List<Array> weights(OpCase c, DataType type) {
        List<Spec> specs = c.op().infer(c.inputs().stream().map(Array::spec).toList());
        List<Array> weights = new ArrayList<>();
        for (int o = 0; o < specs.size(); o++) {
            HostTensor t = HostTensor.allocate(new Spec(type, specs.get(o).shape()));
            Values.between(-1, 1, 100 + o, specs.get(o).shape().dims()).copyTo(t);
            weights.add(t.toArray());
        }
        return weights;
    }
}
