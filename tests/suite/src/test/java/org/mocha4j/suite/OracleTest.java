package org.mocha4j.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.suite.oracle.OracleFile;
import org.mocha4j.suite.oracle.OracleFile.Case;
import org.mocha4j.testkit.Closeness;

/** Ops give the values and gradients that PyTorch gives, on every backend and in both types. */
class OracleTest {
    private interface Built extends BiFunction<Graph, List<Value>, List<Value>> {
    }

    private static Stream<DynamicNode> tests(String kind, BiFunction<Session, Case, Void> check) throws IOException {
        List<Session> open = new ArrayList<>();
        List<DynamicNode> tests = new ArrayList<>();
        List<Case> cases = OracleFile.read(kind);
        for (Setup b : Backends.all().toList()) {
            Session s = b.open();
            open.add(s);
            cases.forEach(c -> tests.add(DynamicTest.dynamicTest(b + " " + c, () -> check.apply(s, c))));
        }
        return tests.stream().onClose(() -> open.forEach(Session::close));
    }

    static Array array(OracleFile.Tensor t, DataType type) {
        return Array.of(Shape.of(t.shape()), t.data()).as(type);
    }

    private static Array in(Session s, Case c, String name) {
        return array(c.input(name), s.type());
    }

    private static void require(Session s, Case c, String name, Array found) {
        Array expected = array(c.expect(name), s.type());
        Closeness.require(s.backend() + " " + s.type() + " " + c + ": " + name, found.reshape(expected.shape()),
                expected, tolerance(s.type(), c.kind()));
    }

    /** In float32 rounding x alone moves x - mean by 1e-7, which is divided by the deviation of as few as 3 numbers. */
    private static double tolerance(DataType type, String kind) {
        return type == DataType.FLOAT64 ? 1e-11 : kind.equals("batch_norm") ? 2e-4 : 2e-5;
    }

    /** Values, and the gradients of Σ dy · (first value) with respect to the inputs. */
    private static void compare(Session s, Case c, List<String> inputs, List<String> outputs, Built f) {
        List<Array> in = inputs.stream().map(n -> in(s, c, n)).toList();
        List<Array> y = s.evaluate(in, f);
        for (int i = 0; i < outputs.size(); i++) {
            require(s, c, outputs.get(i), y.get(i));
        }
        List<Array> d = s.gradients(in, List.of(in(s, c, "dy").reshape(y.get(0).shape())),
                (g, x) -> f.apply(g, x).subList(0, 1));
        for (int i = 0; i < inputs.size(); i++) {
            if (c.expected().containsKey("d" + inputs.get(i))) {
                require(s, c, "d" + inputs.get(i), d.get(i));
            }
        }
    }

    private static Window window(Case c) {
        boolean dilated = c.config().containsKey("dilationW");
        return new Window(new Size(c.integer("kernelW"), c.integer("kernelH")),
                new Size(c.integer("strideW"), c.integer("strideH")), new Size(c.integer("padW"), c.integer("padH")),
                dilated ? new Size(c.integer("dilationW"), c.integer("dilationH")) : null);
    }

    @TestFactory
    Stream<DynamicNode> convolution() throws IOException {
        return tests("convolution", (s, c) -> {
            Convolution op = new Convolution(window(c), c.integer("groups"));
            compare(s, c, c.flag("bias") ? List.of("x", "w", "b") : List.of("x", "w"), List.of("y"), (g, x) -> {
                Value y = g.op(op, x.get(0), x.get(1));
                return List.of(x.size() == 3 ? g.op(new Bias(1), y, x.get(2)) : y);
            });
            return null;
        });
    }

    private static Void pooling(Session s, Case c, Pooling.Kind kind, Pooling.Divisor divisor) {
        Pooling.Rounding r = Pooling.Rounding.valueOf(c.text("rounding").toUpperCase(java.util.Locale.ROOT));
        Pooling op = new Pooling(kind, window(c), divisor, r);
        compare(s, c, List.of("x"), List.of("y"), (g, x) -> List.of(g.op(op, x.get(0))));
        return null;
    }

    @TestFactory
    Stream<DynamicNode> maxPooling() throws IOException {
        return tests("max_pooling", (s, c) -> pooling(s, c, Pooling.Kind.MAX, null));
    }

    @TestFactory
    Stream<DynamicNode> meanPooling() throws IOException {
        return tests("mean_pooling", (s, c) -> pooling(s, c, Pooling.Kind.MEAN,
                Pooling.Divisor.valueOf(c.text("divisor").toUpperCase(java.util.Locale.ROOT))));
    }

    @TestFactory
    Stream<DynamicNode> softmaxLoss() throws IOException {
        return tests("softmax_loss", (s, c) -> {
            compare(s, c, List.of("x", "label"), List.of("y", "softmax"), (g, x) -> List.of(
                    g.op(new SoftmaxLoss(1), x.get(0), x.get(1)), g.op(new Softmax(1), x.get(0))));
            return null;
        });
    }

    @TestFactory
    Stream<DynamicNode> innerProduct() throws IOException {
        return tests("inner_product", (s, c) -> {
            compare(s, c, c.flag("bias") ? List.of("x", "w", "b") : List.of("x", "w"), List.of("y"), (g, x) -> {
                Shape all = x.get(0).shape();
                Value rows = Ops.reshape(g, x.get(0), Shape.of(all.dim(0), (int) all.product(1, all.rank())));
                Value y = Ops.matMul(g, rows, false, x.get(1), true);
                return List.of(x.size() == 3 ? g.op(new Bias(-1), y, x.get(2)) : y);
            });
            return null;
        });
    }

    @TestFactory
    Stream<DynamicNode> batchNorm() throws IOException {
        return tests("batch_norm", (s, c) -> {
            compare(s, c, List.of("x", "scale", "shift"), List.of("y", "batchMean", "batchVar"),
                    (g, x) -> g.ops(new BatchNorm(c.real("eps")), x.get(0), x.get(1), x.get(2)));
            return null;
        });
    }

    @TestFactory
    Stream<DynamicNode> lrn() throws IOException {
        return tests("lrn", (s, c) -> {
            LRN op = new LRN(c.text("mode").equals("across") ? LRN.Mode.ACROSS_CHANNEL : LRN.Mode.WITHIN_CHANNEL,
                    c.integer("size"), c.real("scale"), c.real("shift"), c.real("power"));
            compare(s, c, List.of("x"), List.of("y"), (g, x) -> List.of(g.op(op, x.get(0))));
            return null;
        });
    }

    @TestFactory
    Stream<DynamicNode> dropout() throws IOException {
        return tests("dropout", (s, c) -> {
            compare(s, c, List.of("x", "u"), List.of("y"),
                    (g, x) -> List.of(g.op(new Dropout(c.real("ratio")), x.get(0), x.get(1))));
            return null;
        });
    }
}
