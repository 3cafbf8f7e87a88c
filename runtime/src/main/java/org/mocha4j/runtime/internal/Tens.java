package org.mocha4j.runtime.internal;

import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Workspace;

/** A tensor of a program as it lies in memory: a value in one layout, a work space, or a leaf's memory. */
final class Tens {
    static final int FOREVER = Integer.MAX_VALUE;
    final Spec spec;
    final Layout layout;
    /** The tensor whose memory this one shares; null if it has its own. */
    private final Tens alias;
    /** The leaf whose memory this is; null for memory that is planned. */
    final Val leaf;
    /** The storage into which the program writes this tensor. */
    Storage bound;
    final org.mocha4j.api.DataType type;
    final long elements;
    int first = -1;
    int last = -1;
    /** Index of the planned memory; −1 for leaves and bound tensors. */
    int slot = -1;

    private Tens(Spec spec, Layout layout, Tens alias, Val leaf, org.mocha4j.api.DataType type, long elements) {
        this.spec = spec;
        this.layout = layout;
        this.alias = alias;
        this.leaf = leaf;
        this.type = type;
        this.elements = elements;
    }

    static Tens planned(Spec spec, Layout layout) {
        return new Tens(spec, layout, null, null, spec.type(), layout.elements(spec));
    }

    static Tens view(Tens of, Spec spec) {
        return new Tens(spec, Layout.PLAIN, of, null, spec.type(), spec.elements());
    }

    static Tens leaf(Val leaf, Layout layout) {
        return new Tens(leaf.spec(), layout, null, leaf, leaf.type(), layout.elements(leaf.spec()));
    }

    static Tens work(Workspace w) {
        return new Tens(null, null, null, null, w.type(), w.elements());
    }

    /** The tensor that owns the memory. */
    Tens root() {
        Tens t = this;
        while (t.alias != null) {
            t = t.alias;
        }
        return t;
    }

    Storage storage() {
        return bound != null ? bound : leaf == null ? null : leaf.storage();
    }
}
