package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.StepInfo.Direction;

/**
 * A graph under construction: vertices in topological order, leaves, and roots (what must be computed). Equal ops on
 * equal inputs are one vertex.
 */
public final class Ir {
    /** A state or parameter and its next value. */
    record Assignment(Storage storage, Val next) {
    }

    private record Key(Op op, List<Val> in) {
    }

    private record Scalar(String name, Policy policy) {
    }

    final List<Vertex> vertices = new ArrayList<>();
    final Map<String, Val> reads = new LinkedHashMap<>();
    final List<Assignment> assignments = new ArrayList<>();
    private final Map<Key, Vertex> known = new HashMap<>();
    private final Map<Object, Val> leaves = new HashMap<>();
    private final DataType type;
    /** What the ops that are added from now on are part of. */
    Direction direction = Direction.FORWARD;

    public Ir(DataType type) {
        this.type = type;
    }

    /** An empty graph with the same leaves. */
    Ir sibling() {
        Ir g = new Ir(type);
        g.leaves.putAll(leaves);
        return g;
    }

    DataType type() {
        return type;
    }

    List<Val> add(Op op, List<Val> in, String layer, Vertex forward) {
        Key key = new Key(op, List.copyOf(in));
        Vertex v = known.get(key);
        if (v == null) {
            List<Spec> specs = op.infer(in.stream().map(Val::spec).toList());
            v = new Vertex(op, in, specs, layer, forward, direction);
            known.put(key, v);
            vertices.add(v);
        }
        return v.out;
    }

    Val constant(Array a) {
        return leaves.computeIfAbsent(a, k -> Val.constant(a));
    }

    Val storage(Storage s) {
        return leaves.computeIfAbsent(s, k -> Val.storage(s));
    }

    Val counters() {
        return leaves.computeIfAbsent("counters", k -> Val.counters(Spec.of(DataType.INT64, 2)));
    }

    Val input(String name, Spec spec) {
        return leaves.computeIfAbsent(List.of("input", name), k -> Val.input(name, spec));
    }

    /** @param policy null: the runtime knows the number by its name */
    Val scalar(String name, Policy policy) {
        Val v = leaves.computeIfAbsent(List.of("scalar", name),
                k -> Val.scalar(name, new Spec(type, Shape.SCALAR), policy));
        if (policy != null && v.policy() != null && !v.policy().equals(policy)) {
            throw new ConfigurationException("the scalar [" + name + "] follows two policies, " + v.policy() + " and "
                    + policy + "; give one of them another name");
        }
        return v;
    }

    /** A view of this graph for the code of a layer, op, rule or neuron. */
    OpGraph view(String layer, Vertex forward) {
        return new OpGraph(this, layer, forward);
    }

    /** Everything that must be computed. */
    List<Val> roots() {
        List<Val> roots = new ArrayList<>(reads.values());
        assignments.forEach(a -> roots.add(a.next()));
        return roots;
    }

    static Val[] vals(Value... values) {
        for (Value v : values) {
            if (!(v instanceof Val)) {
                throw new ShapeException("a value is missing or of another graph among " + Arrays.toString(values));
            }
        }
        return Arrays.copyOf(values, values.length, Val[].class);
    }
}
