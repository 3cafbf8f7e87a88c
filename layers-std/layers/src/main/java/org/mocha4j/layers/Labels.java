package org.mocha4j.layers;

import static org.mocha4j.api.Checks.shape;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Ops;

/** Labels that name one class per sample and place. */
final class Labels {
    private Labels() {
    }

    /** @throws org.mocha4j.api.ShapeException unless there is one per prediction without the axis of the classes */
    static void expect(Shape x, int axis, Shape labels) {
        shape(x.with(axis, 1).elements() == labels.elements(), "labels " + labels + " do not fit predictions " + x
                + " with classes along axis " + axis + ": one label per sample and place is expected");
    }

    /** The labels with extent 1 along the axis of the classes; one that is no class stops the run. */
    static Value checked(Graph g, Value x, int axis, Value labels) {
        expect(x.shape(), axis, labels.shape());
        return Ops.reshape(g, g.op(new Check(Check.Kind.LABEL, x.shape().dim(axis)), labels), x.shape().with(axis, 1));
    }

    /** 1 at the label of each sample and place, else 0, in the shape of the predictions. */
    static Value oneHot(Graph g, Value x, int axis, Value labels) {
        return Ops.oneHot(g, checked(g, x, axis, labels), x.shape(), x.shape().axis(axis));
    }
}
