package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.runtime.DataInput;
import org.mocha4j.runtime.LayerRole;
import org.mocha4j.runtime.Node;

/** The graph of a net in one phase, as its layers write it, with everything that is more than ops. */
public final class NetGraph {
    /** Where parameters and data come from. */
    public interface Home {
        Storage storage(Node node, String name, Spec spec, Param param, Initializer init);

        /** A storage that the net has by now, by its name; null if there is none. */
        Storage known(String name);

        DataInput data(Node node, Source source);
    }

    /** A statistic and the batch sums it reads. */
    public record Stat(String layer, Statistic statistic, Val sums) {
    }

    /** A sink and the values it takes. */
    public record SinkUse(String layer, List<String> blobs, Sink sink, List<Val> values) {
    }

    /** A layer as built: for summaries. */
    public record Built(Node node, List<Spec> inputs, List<Spec> outputs, List<Storage> parameters) {
    }

    public final Ir ir;
    public final Phase phase;
    public final Map<String, Val> blobs = new LinkedHashMap<>();
    public final List<Stat> statistics = new ArrayList<>();
    public final List<SinkUse> sinks = new ArrayList<>();
    public final List<Built> layers = new ArrayList<>();
    public final Map<Node, LayerRole> roles = new HashMap<>();
    public final Set<Storage> storages = new LinkedHashSet<>();
    final Map<Val, Double> losses = new LinkedHashMap<>();
    private final Home home;
    private final Map<String, Val> fed = new HashMap<>();
    private final Set<Val> consumed = new HashSet<>();

    private NetGraph(DataType type, Phase phase, Home home) {
        this.ir = new Ir(type);
        this.phase = phase;
        this.home = home;
    }

    /**
     * @param fed      shapes of blobs that the caller provides instead of a data layer
     * @param wanted   blobs to which the graph is confined; null for the whole net
     * @param problems takes everything that is wrong; what can be built is built
     */
    public static NetGraph build(List<Node> nodes, Phase phase, DataType type, Map<String, Shape> fed, Set<String> wanted,
                                 Home home, List<Wiring.Problem> problems) {
        NetGraph g = new NetGraph(type, phase, home);
        List<Node> taking = nodes.stream().filter(n -> n.in(phase)).filter(n -> !replaced(n, fed.keySet())).toList();
        List<Wiring.Wired> order = Wiring.order(wanted == null ? taking : upstream(taking, wanted, fed.keySet()),
                fed.keySet(), problems);
        fed.forEach((name, shape) -> g.fed.put(name, g.ir.input(name, new Spec(type, shape))));
        g.blobs.putAll(g.fed);
        Map<Node, Map<String, Val>> tops = new HashMap<>();
        for (Wiring.Wired w : order) {
            g.layer(w, tops, problems);
        }
        return g;
    }

    private static boolean replaced(Node n, Set<String> fed) {
        return n.bottoms().isEmpty() && !n.tops().isEmpty() && n.tops().stream().anyMatch(fed::contains);
    }

    /** The nodes that some blobs need, in the order written; what the caller feeds needs only what changes it in place. */
    private static List<Node> upstream(List<Node> nodes, Set<String> wanted, Set<String> fed) {
        Set<Node> needed = new LinkedHashSet<>();
        Set<String> blobs = new LinkedHashSet<>(wanted);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Node n : nodes) {
                boolean writes = n.tops().isEmpty() ? blobs.contains(n.name()) : n.tops().stream().anyMatch(t ->
                        blobs.contains(t) && (!fed.contains(t) || n.bottoms().contains(t)));
                if (writes && needed.add(n)) {
                    blobs.addAll(n.bottoms());
                    grown = true;
                }
            }
        }
        return nodes.stream().filter(needed::contains).toList();
    }

    private void layer(Wiring.Wired w, Map<Node, Map<String, Val>> tops, List<Wiring.Problem> problems) {
        Node n = w.node();
        List<Value> in = new ArrayList<>();
        for (int i = 0; i < n.bottoms().size(); i++) {
            String b = n.bottoms().get(i);
            Node writer = w.writers().get(i);
            Val v = writer == null ? fed.get(b) : tops.getOrDefault(writer, Map.of()).get(b);
            if (v == null) {
                if (tops.containsKey(writer)) {
                    problems.add(new Wiring.Problem(n, "layer [" + n.name() + "] reads blob [" + b + "], but layer ["
                            + writer.name() + "] gives no such output; it gives " + new TreeSet<>(tops.get(writer).keySet())));
                }
                return;
            }
            consumed.add(v);
            in.add(v);
        }
        LayerGraph g = new LayerGraph(n);
        try {
            List<Value> out = new ArrayList<>(n.layer().build(g, in));
            if (n.neuron() != null) {
                out.replaceAll(v -> n.neuron().apply(g, v));
            }
            tops.put(n, name(n, out));
            layers.add(new Built(n, in.stream().map(Value::spec).toList(), out.stream().map(Value::spec).toList(),
                    List.copyOf(g.parameters)));
        } catch (MochaException e) {
            problems.add(new Wiring.Problem(n, place(n, in) + ": " + e.getMessage()));
        } catch (RuntimeException e) {
            problems.add(new Wiring.Problem(n, place(n, in) + " failed: " + e));
        } catch (LinkageError e) {
            problems.add(new Wiring.Problem(n, place(n, in) + " failed: " + e
                    + "; its plug-in was made for another version of Mocha4J"));
        }
    }

    private static String place(Node n, List<Value> in) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            texts.add(n.bottoms().get(i) + ": " + in.get(i).spec());
        }
        String type = n.layer().getClass().getSimpleName();
        return "layer [" + n.name() + "]" + (type.isEmpty() ? "" : " (" + type + ")")
                + (texts.isEmpty() ? "" : ", inputs " + texts);
    }

    private Map<String, Val> name(Node n, List<Value> out) {
        List<String> names = n.tops().isEmpty() && out.size() == 1 ? List.of(n.name()) : n.tops();
        if (names.size() != out.size()) {
            throw new ConfigurationException("it names " + names.size() + " tops " + names + " but gives " + out.size());
        }
        Map<String, Val> named = new HashMap<>();
        for (int i = 0; i < out.size(); i++) {
            Val v = Ir.vals(out.get(i))[0];
            named.put(names.get(i), v);
            blobs.put(names.get(i), v);
        }
        return named;
    }

    /** Tops that no layer reads. */
    public Set<String> ends() {
        Set<String> ends = new LinkedHashSet<>(blobs.keySet());
        ends.removeIf(b -> consumed.contains(blobs.get(b)));
        return ends;
    }

    /** The weighted sum of the losses, rank 0; null if there are none. */
    public Val objective() {
        OpGraph g = ir.view("objective", null);
        Value sum = null;
        for (Map.Entry<Val, Double> l : losses.entrySet()) {
            Value part = Ops.affine(g, Ops.reshape(g, l.getKey(), Shape.SCALAR), l.getValue(), 0);
            sum = sum == null ? part : Ops.add(g, sum, part);
        }
        return (Val) sum;
    }

    /** The parameters and states of some layers. */
    Set<Storage> storagesOf(Set<String> names) {
        Set<Storage> all = new LinkedHashSet<>();
        layers.stream().filter(b -> names.contains(b.node().name())).forEach(b -> all.addAll(b.parameters()));
        return all;
    }

    /** The names of the layers that have parameters or states. */
    public Set<String> learning() {
        return layers.stream().filter(b -> !b.parameters().isEmpty()).map(b -> b.node().name())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    public List<Storage> trained() {
        return storages.stream().filter(Storage::trained).toList();
    }

    /** The graph as one layer sees it. */
    private final class LayerGraph extends OpGraph {
        private final Node node;
        private final Set<Storage> parameters = new LinkedHashSet<>();

        LayerGraph(Node node) {
            super(NetGraph.this.ir, node.name(), null);
            this.node = node;
        }

        @Override
        public Value parameter(String name, Shape shape, Param param) {
            return keep(home.storage(node, name, new Spec(type(), shape), param, param.initializer()));
        }

        @Override
        public Value parameterOf(String layer, String name) {
            Storage s = home.known(layer + "___" + name);
            if (s == null || !s.trained()) {
                throw new ConfigurationException("there is no parameter [" + layer + "___" + name + "] before it; there"
                        + " are " + trained().stream().map(Storage::name).toList() + ": name a layer, or the paramKey of"
                        + " one, that is computed before");
            }
            storages.add(s);
            return ir.storage(s);
        }

        @Override
        public Value state(String name, Spec spec, Initializer init) {
            return keep(home.storage(node, name, spec, null, init));
        }

        private Val keep(Storage s) {
            if (storages.add(s) && storages.stream().anyMatch(o -> o != s && o.name().equals(s.name()))) {
                throw new ConfigurationException("there is another parameter [" + s.name() + "] in this net: the paramKey of"
                        + " a layer is the name of another; choose another key, or set it on both to share");
            }
            parameters.add(s);
            return ir.storage(s);
        }

        @Override
        public void assign(Value state, Value next) {
            Val s = Ir.vals(state)[0];
            if (s.storage() == null || !s.spec().equals(next.spec())) {
                throw new ConfigurationException("assign takes a state or parameter and a value of its spec, found " + state
                        + " and " + next.spec());
            }
            if (phase == Phase.TRAIN) {
                ir.assignments.removeIf(a -> a.storage() == s.storage());
                ir.assignments.add(new Ir.Assignment(s.storage(), Ir.vals(next)[0]));
            }
        }

        @Override
        public List<Value> source(Source s) {
            roles.put(node, LayerRole.DATA);
            DataInput d = home.data(node, s);
            List<Value> values = new ArrayList<>();
            for (int i = 0; i < d.specs().size(); i++) {
                values.add(ir.input(d.inputName(i), d.specs().get(i)));
            }
            return values;
        }

        @Override
        public void loss(Value v, double weight) {
            if (v.spec().elements() != 1) {
                throw new ConfigurationException("a loss has one element, found " + v.spec());
            }
            roles.put(node, LayerRole.LOSS);
            losses.merge(Ir.vals(v)[0], weight, Double::sum);
        }

        @Override
        public void statistic(Statistic s, Value... inputs) {
            roles.putIfAbsent(node, LayerRole.STATISTIC);
            Val sums = Ir.vals(s.sums(this, List.of(inputs), scalar("valid")))[0];
            statistics.add(new Stat(node.name(), s, sums));
        }

        @Override
        public void sink(Sink s, Value... inputs) {
            roles.putIfAbsent(node, LayerRole.SINK);
            sinks.add(new SinkUse(node.name(), node.bottoms(), s, List.of(Ir.vals(inputs))));
        }

        @Override
        public Phase phase() {
            return phase;
        }

        @Override
        public int tops() {
            return node.tops().size();
        }
    }
}
