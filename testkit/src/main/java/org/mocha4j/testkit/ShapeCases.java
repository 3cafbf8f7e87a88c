package org.mocha4j.testkit;

import static org.mocha4j.testkit.Values.distinct;
import static org.mocha4j.testkit.Values.whole;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;

/** Ops that move elements. */
final class ShapeCases {
    private ShapeCases() {
    }

    static List<OpCase> all() {
        List<OpCase> c = new ArrayList<>();
        broadcast(c);
        c.add(OpCase.of(new Reshape(Shape.of(6, 7)), distinct(1, 2, 3, 7)));
        c.add(OpCase.of(new Reshape(Shape.SCALAR), distinct(1, 1, 1)));
        c.add(OpCase.of(new Reshape(Shape.of(3, 1, 13)), distinct(1, 39)));
        c.add(OpCase.of(new Transpose(List.of()), distinct(1)));
        c.add(OpCase.of(new Transpose(List.of(1, 0)), distinct(1, 7, 13)));
        c.add(OpCase.of(new Transpose(List.of(2, 0, 1)), distinct(1, 3, 8, 5)));
        c.add(OpCase.of(new Transpose(List.of(0, 2, 3, 1)), distinct(1, 2, 5, 3, 4)));
        c.add(OpCase.of(new Slice(List.of(4), Shape.of(7)), distinct(1, 13)));
        c.add(OpCase.of(new Slice(List.of(1, 0), Shape.of(1, 8)), distinct(1, 3, 8)));
        c.add(OpCase.of(new Slice(List.of(0, 2, 1, 1), Shape.of(2, 3, 2, 1)), distinct(1, 2, 5, 3, 3)));
        c.add(OpCase.of(new Pad(List.of(2), List.of(0), 0), distinct(1, 7)));
        c.add(OpCase.of(new Pad(List.of(0, 3), List.of(1, 2), 1.5), distinct(1, 3, 8)));
        c.add(OpCase.of(new Pad(List.of(0, 1, 2, 0), List.of(0, 0, 1, 3), -2), distinct(1, 2, 3, 3, 5)));
        c.add(OpCase.of(new Pad(List.of(1), List.of(1), Double.NEGATIVE_INFINITY), distinct(1, 3)).rough());
        c.add(OpCase.of(new Concatenate(0), distinct(1, 3)));
        c.add(OpCase.of(new Concatenate(0), distinct(1, 3), distinct(2, 8)));
        c.add(OpCase.of(new Concatenate(1), distinct(1, 2, 3, 4), distinct(2, 2, 1, 4), distinct(3, 2, 7, 4)));
        c.add(OpCase.of(new Concatenate(1), distinct(1, 2, 3, 3, 2), distinct(2, 2, 5, 3, 2)));
        c.add(OpCase.of(new Concatenate(3), distinct(1, 2, 3, 1, 2), distinct(2, 2, 3, 1, 3)));
        c.add(OpCase.of(new Gather(), distinct(1, 5), whole(5, 1, 13)).smooth(0));
        c.add(OpCase.of(new Gather(), distinct(1, 5, 3), whole(5, 1, 2, 7)).smooth(0));
        c.add(OpCase.of(new Gather(), distinct(1, 8, 2, 3), whole(8, 1)).smooth(0));
        c.add(OpCase.of(new ScatterAdd(5), whole(5, 1, 13), distinct(1, 13)).smooth(1).terms(13));
        c.add(OpCase.of(new ScatterAdd(3), whole(3, 1, 2, 7), distinct(1, 2, 7, 3)).smooth(1).terms(14));
        c.add(OpCase.of(new ScatterAdd(9), whole(9, 1), distinct(1, 2, 3)).smooth(1));
        return c;
    }

    private static void broadcast(List<OpCase> c) {
        c.add(OpCase.of(new Broadcast(Shape.of(13)), distinct(1)));
        c.add(OpCase.of(new Broadcast(Shape.of(2, 3)), distinct(1, 3)));
        c.add(OpCase.of(new Broadcast(Shape.of(8, 3)), distinct(1, 1, 3)));
        c.add(OpCase.of(new Broadcast(Shape.of(7, 8)), distinct(1, 7, 1)));
        c.add(OpCase.of(new Broadcast(Shape.of(2, 5, 3, 3)), distinct(1, 5, 1, 1)));
        c.add(OpCase.of(new Broadcast(Shape.of(2, 5, 3, 3)), distinct(1, 2, 1, 3, 1)));
        c.add(OpCase.of(new Broadcast(Shape.of(1, 1, 1)), distinct(1, 1)));
    }
}
