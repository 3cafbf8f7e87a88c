package org.mocha4j.runtime.internal;

import org.mocha4j.api.Array;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** A value of a graph: the output of a vertex, or a leaf. Leaves are shared by all rewrites of a graph. */
public final class Val implements Value {
    /** Where the value comes from. */
    public enum Kind { OP, STORAGE, INPUT, CONSTANT, SCALAR, COUNTERS }

    public final Kind kind;
    public final String name;
    final Spec spec;
    final Vertex producer;
    final int index;
    final Object leaf;

    private Val(Kind kind, String name, Spec spec, Vertex producer, int index, Object leaf) {
        this.kind = kind;
        this.name = name;
        this.spec = spec;
        this.producer = producer;
        this.index = index;
        this.leaf = leaf;
    }

    static Val output(Vertex v, int index, Spec spec) {
        return new Val(Kind.OP, null, spec, v, index, null);
    }

    static Val storage(Storage s) {
        return new Val(Kind.STORAGE, s.name(), s.spec(), null, 0, s);
    }

    static Val input(String name, Spec spec) {
        return new Val(Kind.INPUT, name, spec, null, 0, null);
    }

    static Val constant(Array a) {
        return new Val(Kind.CONSTANT, null, a.spec(), null, 0, a);
    }

    static Val scalar(String name, Spec spec, Policy policy) {
        return new Val(Kind.SCALAR, name, spec, null, 0, policy);
    }

    static Val counters(Spec spec) {
        return new Val(Kind.COUNTERS, "counters", spec, null, 0, null);
    }

    Storage storage() {
        return kind == Kind.STORAGE ? (Storage) leaf : null;
    }

    Array array() {
        return (Array) leaf;
    }

    Policy policy() {
        return (Policy) leaf;
    }

    boolean isLeaf() {
        return producer == null;
    }

    @Override
    public Spec spec() {
        return spec;
    }

    @Override
    public String toString() {
        return (name != null ? name : producer != null ? producer.op.toString() : kind.name()) + ":" + spec;
    }
}
