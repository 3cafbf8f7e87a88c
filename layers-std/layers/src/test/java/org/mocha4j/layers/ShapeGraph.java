package org.mocha4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Op;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;

/** A graph that infers shapes and writes down what it is told; it computes nothing. */
final class ShapeGraph implements Graph {
    final Map<String, Shape> parameters = new LinkedHashMap<>();
    final Map<String, Param> params = new LinkedHashMap<>();
    final List<String> log = new ArrayList<>();
    private final Phase phase;
    private final int tops;

    ShapeGraph(Phase phase, int tops) {
        this.phase = phase;
        this.tops = tops;
    }

    static final class Node implements Value {
        private final Spec spec;

        Node(Spec spec) {
            this.spec = spec;
        }

        @Override
        public Spec spec() {
            return spec;
        }
    }

    Value input(int... dims) {
        return new Node(Spec.of(DataType.FLOAT32, dims));
    }

    @Override
    public Value op(Op op, Value... inputs) {
        return ops(op, inputs).get(0);
    }

    @Override
    public List<Value> ops(Op op, Value... inputs) {
        log.add(op.getClass().getSimpleName());
        return op.infer(java.util.Arrays.stream(inputs).map(Value::spec).toList()).stream()
                .map(s -> (Value) new Node(s)).toList();
    }

    @Override
    public Value parameter(String name, Shape shape, Param param) {
        parameters.put(name, shape);
        params.put(name, param);
        return new Node(new Spec(type(), shape));
    }

    @Override
    public Value parameterOf(String layer, String name) {
        Shape s = parameters.get(name);
        if (s == null) {
            throw new org.mocha4j.api.ConfigurationException("no " + layer + "___" + name);
        }
        return new Node(new Spec(type(), s));
    }

    @Override
    public Value state(String name, Spec spec, Initializer init) {
        log.add("state " + name + " " + init);
        return new Node(spec);
    }

    @Override
    public void assign(Value state, Value next) {
        log.add("assign");
    }

    @Override
    public Value constant(Array array) {
        return new Node(array.spec());
    }

    @Override
    public Value scalar(String name) {
        return new Node(new Spec(type(), Shape.SCALAR));
    }

    @Override
    public Value scalar(String name, Policy policy) {
        return scalar(name);
    }

    @Override
    public Value random(String name, Distribution d, Shape shape) {
        log.add("random " + name);
        return new Node(new Spec(type(), shape));
    }

    @Override
    public List<Value> source(Source s) {
        MemoryData m = (MemoryData) s;
        return m.data().stream()
                .map(a -> (Value) new Node(new Spec(type(), a.shape().with(0, m.batchSize())))).toList();
    }

    @Override
    public void loss(Value v, double weight) {
        log.add("loss " + weight);
    }

    @Override
    public void statistic(Statistic s, Value... inputs) {
        log.add("statistic " + s.sums(this, List.of(inputs), scalar("valid")).shape());
    }

    @Override
    public void sink(Sink s, Value... inputs) {
        log.add("sink " + inputs.length);
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public int tops() {
        return tops;
    }
}
