package com.acme.mocha;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.Shape;
import org.mocha4j.testkit.LayerCheck;
import org.mocha4j.testkit.OpCase;
import org.mocha4j.testkit.OpCheck;
import org.mocha4j.testkit.Values;

/** Each of Acme's parts on every backend, in both types and phases, with gradients, odd sizes, saved and loaded. */
public class AcmeTest {
    @TestFactory
    public Stream<DynamicNode> gate() {
        return LayerCheck.everything(new Gate(null), Shape.of(2, 3, 4, 5));
    }

    @TestFactory
    public Stream<DynamicNode> swish() {
        return LayerCheck.everything(new Swish(null));
    }

    @TestFactory
    public Stream<DynamicNode> swishOp() {
        return OpCheck.everything(OpCase.of(new SwishOp(1.5), Values.distinct(1, 3, 7)),
            OpCase.of(new SwishOp(-1), Values.distinct(2, 65)));
    }
}
