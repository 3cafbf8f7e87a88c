package org.mocha4j.layers;

import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * Combines two blobs of one shape element by element: a + b, a − b, a · b or a / b; one top of the same shape. The
 * gradient goes to both. A division by 0 is infinite, or NaN for 0 / 0. As Mocha.
 *
 * @param operation {@code ADD}, {@code SUBTRACT}, {@code MULTIPLY} or {@code DIVIDE}
 * @yaml {name: difference, type: ElementWise, operation: subtract, bottoms: [left, right], tops: [difference]}
 * @java new Node("difference", new ElementWise(ElementWise.Operation.SUBTRACT), List.of("left", "right"),
 *        List.of("difference"), null, null, null)
 * @shape left [64, 10], right [64, 10]
 * @caffe Eltwise: PROD is multiply, SUM add, and with coeff: -1 subtract
 * @mocha ElementWiseLayer: operation
 */
public record ElementWise(Operation operation) implements Layer {
    /** What is computed of the two bottoms, in their order. */
    public enum Operation { ADD, SUBTRACT, MULTIPLY, DIVIDE }

    public ElementWise {
        require(operation != null, "operation", null, "one of [add, subtract, multiply, divide]");
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("ElementWise", inputs, "a", "b");
        Value a = inputs.get(0);
        Value b = inputs.get(1);
        shape(a.shape().equals(b.shape()), "ElementWise expects two bottoms of one shape, found " + a.shape() + " and "
                + b.shape());
        return List.of(switch (operation) {
            case ADD -> Ops.add(g, a, b);
            case SUBTRACT -> Ops.subtract(g, a, b);
            case MULTIPLY -> Ops.multiply(g, a, b);
            case DIVIDE -> Ops.divide(g, a, b);
        });
    }
}
