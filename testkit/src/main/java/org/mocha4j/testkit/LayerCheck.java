package org.mocha4j.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Shape;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.Slots;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Tensors;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;

/**
 * Checks a layer in a net of one session: its tops against a trusted backend, and the gradients with respect to
 * parameters and bottoms against central differences. A failure is an {@link AssertionError} that names layer, tensor,
 * index and both values. Random numbers are those of step 0 throughout.
 *
 * <p>{@link #everything(Layer, Shape...)} is all of it in one line of a test factory.
 */
public final class LayerCheck {
    private static final double STEP = 1e-5;
    private final Session session;

    public LayerCheck(Session session) {
        this.session = session;
    }

    /**
     * All tests of a layer that has one top per case: on every backend that the layer's class path has, in both types
     * and both phases, equal to the reference; gradients; bottoms of these shapes, of batches of 1, 3 and 13, and of
     * other widths and heights; bottoms of each rank taken or refused with a message; parameters and configuration
     * saved and loaded; no memory left over. The gradients with respect to all bottoms are checked.
     *
     * @param bottoms shapes of the layer's bottoms, samples along axis 0
     */
    public static Stream<DynamicNode> everything(Layer layer, Shape... bottoms) {
        return new LayerTests(Installed.with(layer.getClass()), LayerTests.sizes(layer, List.of(bottoms))).all();
    }

    /** The same for a layer that needs bottoms of a kind, such as labels, or has other tops than one. */
    public static Stream<DynamicNode> everything(LayerCase first, LayerCase... more) {
        List<LayerCase> cases = new ArrayList<>(List.of(first));
        cases.addAll(List.of(more));
        return new LayerTests(Installed.with(first.layer().getClass()), cases).all();
    }

    /** The same for a neuron, as a layer of its own. */
    public static Stream<DynamicNode> everything(Neuron neuron) {
        Layer alone = new Activated(neuron);
        List<LayerCase> cases = LayerTests.sizes(alone, List.of(Shape.of(2, 5, 3, 4)));
        return new LayerTests(Installed.with(neuron.getClass()), cases).all();
    }

    /** A neuron as a layer. */
    record Activated(Neuron neuron) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return inputs.stream().map(x -> neuron.apply(g, x)).toList();
        }
    }

    /** Tops, then the objective if there is one, equal those of a session of the same type and seed. */
    public void values(LayerCase c, Phase phase, Session trusted) {
        Closeness.require(what(c) + " in phase " + phase, run(session, c, phase), run(trusted, c, phase),
                Closeness.tolerance(session.type(), c.terms()));
    }

    /** The tops of a layer, then the objective if there is one. */
    public static List<Array> run(Session s, LayerCase c, Phase phase) {
        return run(s, nodes(c, false), c.tops(), phase, p -> { });
    }

    /** The same for nodes of {@link #nodes}, after something was done with the parameters. */
    static List<Array> run(Session s, List<Node> nodes, int tops, Phase phase, Consumer<Tensors> before) {
        try (Net net = s.net("check", phase, nodes); Execution e = net.execution(tops(tops).toArray(String[]::new))) {
            before.accept(net.parameters());
            e.run(0);
            List<Array> result = new ArrayList<>();
            tops(tops).forEach(t -> result.add(e.read(t).toArray()));
            e.objective().ifPresent(v -> result.add(Array.scalar(s.type(), v)));
            return result;
        }
    }

    /** Gradients by central differences; for a session in float64. */
    public void gradients(LayerCase c) {
        if (session.type() != DataType.FLOAT64) {
            throw new IllegalArgumentException("numeric gradients need a session in float64, found " + session.type());
        }
        try (Net net = session.net("check", Phase.TRAIN, nodes(c, true)); Training t = net.training(
                TrainingOptions.of(new Nothing(), 0))) {
            t.accumulate(List.of(), 0, 0);
            Map<String, Array> found = new LinkedHashMap<>();
            net.trained().forEach(n -> found.put(n, gradient(net, t.gradients(), n)));
            found.forEach((name, d) -> Closeness.require(what(c) + ": gradient of " + name, d,
                    numeric(net.parameters(), name, t), OpCheck.GRADIENT_TOLERANCE));
        }
    }

    /** Zeros where the objective does not depend on a parameter. */
    private static Array gradient(Net net, Tensors gradients, String parameter) {
        String name = parameter + "___gradient";
        return gradients.names().contains(name) ? gradients.read(name)
                : Array.filled(net.parameters().spec(parameter), 0);
    }

    private static Array numeric(Tensors parameters, String name, Training t) {
        Array at = parameters.read(name);
        HostTensor d = HostTensor.allocate(at.spec());
        for (int i = 0; i < at.elements(); i++) {
            double up = objective(parameters, name, at, i, STEP, t);
            double down = objective(parameters, name, at, i, -STEP, t);
            d.set(i, (up - down) / (2 * STEP));
        }
        parameters.write(name, at);
        return d.toArray();
    }

    private static double objective(Tensors p, String name, Array at, int i, double step, Training t) {
        HostTensor moved = HostTensor.allocate(at.spec());
        at.copyTo(moved);
        moved.set(i, at.at(i) + step);
        p.write(name, moved.toArray());
        t.accumulate(List.of(), 0, 0);
        return t.objective();
    }

    private String what(LayerCase c) {
        return session.backend() + " " + session.type() + ": " + c;
    }

    private static List<String> tops(int n) {
        return IntStream.range(0, n).mapToObj(i -> "top" + i).toList();
    }

    static List<Node> nodes(LayerCase c, boolean weighed) {
        List<Node> nodes = new ArrayList<>();
        List<String> bottoms = new ArrayList<>();
        for (int i = 0; i < c.bottoms().size(); i++) {
            bottoms.add("bottom" + i);
            nodes.add(Node.source("bottom" + i, new Inlet(c.bottoms().get(i), c.smooth().contains(i)), "bottom" + i));
        }
        nodes.add(new Node("layer", c.layer(), bottoms, tops(c.tops()), null, null, null));
        if (weighed && c.tops() > 0) {
            nodes.add(Node.sink("weighing", new Weighing(), tops(c.tops()).toArray(String[]::new)));
        }
        return nodes;
    }

    /** A bottom: a parameter where its gradient is wanted, else a constant. */
    record Inlet(Array value, boolean trained) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return List.of(trained ? g.parameter("value", value.shape(), new Param(new Given(value), null, null, 1.0))
                    : g.constant(value.as(g.type())));
        }
    }

    record Given(Array value) implements Initializer {
        @Override
        public void fill(HostTensor t, RandomStream random) {
            value.copyTo(t);
        }
    }

    /** The objective Σ weight · bottom with fixed weights. */
    record Weighing() implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            for (int i = 0; i < inputs.size(); i++) {
                Value w = g.constant(Values.between(-1, 1, 200 + i, inputs.get(i).shape().dims()).as(g.type()));
                g.loss(Ops.sumAll(g, Ops.multiply(g, inputs.get(i), w)), 1);
            }
            return List.of();
        }
    }

    /** Leaves every parameter as it is. */
    record Nothing() implements UpdateRule {
        @Override
        public void update(Graph g, Value parameter, Value gradient, Slots state) {
        }
    }
}
