package org.mocha4j.runtime.internal;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Op;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Random;

/** The graph as ops see it: they may add ops, constants and scalars; what belongs to layers is an error. */
class OpGraph implements Graph {
    final Ir ir;
    final String layer;
    private final Vertex forward;

    OpGraph(Ir ir, String layer, Vertex forward) {
        this.ir = ir;
        this.layer = layer;
        this.forward = forward;
    }

    @Override
    public Value op(Op op, Value... inputs) {
        List<Value> out = ops(op, inputs);
        if (out.size() != 1) {
            throw new ShapeException(op + " has " + out.size() + " outputs; use Graph.ops");
        }
        return out.get(0);
    }

    @Override
    public List<Value> ops(Op op, Value... inputs) {
        return List.copyOf(ir.add(op, List.of(Ir.vals(inputs)), layer, forward));
    }

    @Override
    public Value constant(Array array) {
        return ir.constant(array);
    }

    @Override
    public Value scalar(String name) {
        if (!name.equals("valid")) {
            throw new ConfigurationException("the runtime writes no scalar [" + name
                    + "]; it writes [valid]; give a policy for others");
        }
        return ir.scalar(name, null);
    }

    @Override
    public Value scalar(String name, Policy policy) {
        return ir.scalar(name, policy);
    }

    @Override
    public Value random(String name, Distribution d, Shape shape) {
        return op(new Random(d, Philox.key(layer + "/" + name), new Spec(type(), shape)), ir.counters());
    }

    @Override
    public Value parameter(String name, Shape shape, Param param) {
        throw notHere("a parameter");
    }

    @Override
    public Value parameterOf(String layer, String name) {
        throw notHere("a parameter");
    }

    @Override
    public Value state(String name, Spec spec, Initializer init) {
        throw notHere("a state");
    }

    @Override
    public void assign(Value state, Value next) {
        throw notHere("an assignment");
    }

    @Override
    public List<Value> source(Source s) {
        throw notHere("a source");
    }

    @Override
    public void loss(Value v, double weight) {
        throw notHere("a loss");
    }

    @Override
    public void statistic(Statistic s, Value... inputs) {
        throw notHere("a statistic");
    }

    @Override
    public void sink(Sink s, Value... inputs) {
        throw notHere("a sink");
    }

    private static ConfigurationException notHere(String what) {
        return new ConfigurationException("only a layer may add " + what + " to a graph, not an op or a rule");
    }

    /** Ops do not depend on the phase. */
    @Override
    public Phase phase() {
        return Phase.TEST;
    }

    @Override
    public DataType type() {
        return ir.type();
    }

    @Override
    public int tops() {
        return 0;
    }
}
