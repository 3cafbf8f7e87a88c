package org.mocha4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** What ops must give: computed once on a backend that is trusted, in both types, and differentiated numerically. */
public final class Reference implements AutoCloseable {
    private record Key(OpCase c, DataType type) {
    }

    /** Of central differences: truncation falls with its square, rounding grows with its inverse. */
    private static final double STEP = 1e-5;

    private final Session single;
    private final Session twofold;
    private final Map<Key, List<Array>> values = new ConcurrentHashMap<>();
    private final Map<Key, List<Array>> gradients = new ConcurrentHashMap<>();
    private final Map<OpCase, List<Array>> numeric = new ConcurrentHashMap<>();

    /** @param backend the name of the trusted backend */
    public Reference(Catalog catalog, String backend) {
        single = Session.open(catalog, SessionOptions.of(backend).type(DataType.FLOAT32).fuse(false));
        twofold = Session.open(catalog, SessionOptions.of(backend).type(DataType.FLOAT64).fuse(false));
    }

    private Session session(DataType type) {
        return type == DataType.FLOAT32 ? single : twofold;
    }

    /** The outputs of an op. */
    public List<Array> forward(OpCase c, DataType type) {
        return values.computeIfAbsent(new Key(c, type), k -> OpCheck.evaluate(session(type), c));
    }

    /** The gradients with respect to {@link OpCase#smooth()}, derived as on any backend. */
    public List<Array> gradient(OpCase c, DataType type) {
        return gradients.computeIfAbsent(new Key(c, type), k -> OpCheck.gradients(session(type), c));
    }

    /** The gradients of Σ weight · output with respect to {@link OpCase#smooth()}, by central differences, float64. */
    public List<Array> numeric(OpCase c) {
        return numeric.computeIfAbsent(c, this::differences);
    }

    private List<Array> differences(OpCase c) {
        List<Array> weights = OpCheck.weights(c, DataType.FLOAT64);
        List<Array> result = new ArrayList<>();
        for (int input : c.smooth()) {
            Array x = c.inputs().get(input);
            HostTensor d = HostTensor.allocate(x.spec());
            for (int i = 0; i < x.elements(); i++) {
                double up = objective(c, weights, input, i, STEP);
                double down = objective(c, weights, input, i, -STEP);
                d.set(i, (up - down) / (2 * STEP));
            }
            result.add(d.toArray());
        }
        return result;
    }

    private double objective(OpCase c, List<Array> weights, int input, int index, double step) {
        List<Array> moved = new ArrayList<>(c.inputs());
        HostTensor t = HostTensor.allocate(new Spec(DataType.FLOAT64, moved.get(input).shape()));
        moved.get(input).copyTo(t);
        t.set(index, t.get(index) + step);
        moved.set(input, t.toArray());
        List<Array> y = OpCheck.evaluate(twofold, new OpCase(c.op(), moved, c.smooth(), c.terms()));
        double sum = 0;
        for (int o = 0; o < y.size(); o++) {
            for (int i = 0; i < y.get(o).elements(); i++) {
                sum += weights.get(o).at(i) * y.get(o).at(i);
            }
        }
        return sum;
    }

    @Override
    public void close() {
        single.close();
        twofold.close();
    }
}
