package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.internal.NetGraph;
import org.mocha4j.runtime.internal.Storage;
import org.mocha4j.runtime.internal.Wiring;

/** A net of layers on a device in one phase: parameters, data, and the programs made of it. */
public final class Net implements AutoCloseable {
    private final Session session;
    private final String name;
    private final Phase phase;
    private final List<Node> nodes;
    private final NetOptions options;
    private final Map<Node, DataInput> data = new LinkedHashMap<>();
    private final Set<Storage> storages = new LinkedHashSet<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final NetGraph first;
    private boolean closed;

    Net(Session session, String name, Phase phase, List<Node> nodes, NetOptions options) {
        this.session = session;
        this.name = name;
        this.phase = phase;
        this.nodes = List.copyOf(nodes);
        this.options = options;
        try {
            this.first = graph();
        } catch (RuntimeException e) {
            closeData();
            session.release(this, storages);
            throw e;
        }
    }

    /** The whole graph as the layers write it, new each time. */
    NetGraph graph() {
        return graph(options.shapes(), null);
    }

    /** The graph as the layers write it, with blobs that the caller feeds, confined to some blobs. */
    NetGraph graph(Map<String, Shape> fed, Set<String> wanted) {
        List<Wiring.Problem> problems = new ArrayList<>();
        NetGraph g = NetGraph.build(nodes, phase, session.type(), fed, wanted, new NetHome(), problems);
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(p -> nodes.indexOf(p.node())));
            throw new ConfigurationException(problems.stream().map(this::text).collect(Collectors.joining("\n")));
        }
        return g;
    }

    private String text(Wiring.Problem p) {
        String where = options.where().apply(p.node());
        return (where == null ? "net [" + name + "]" : where) + ": " + p.text();
    }

    public String name() {
        return name;
    }

    public Phase phase() {
        return phase;
    }

    public Session session() {
        return session;
    }

    /** The nodes of this phase, as given. */
    public List<Node> nodes() {
        return nodes.stream().filter(n -> n.in(phase)).toList();
    }

    /** The data layers, in the order written; the first defines the epoch. */
    public List<DataInput> data() {
        return nodes.stream().filter(data::containsKey).map(data::get).toList();
    }

    /** The layers in the order in which they are computed, with shapes. */
    public List<LayerInfo> layers() {
        return first.layers.stream().map(b -> new LayerInfo(b.node(), b.inputs(), b.outputs(),
                b.parameters().stream().filter(Storage::trained).mapToLong(s -> s.spec().elements()).sum())).toList();
    }

    /** A built layer. @param parameters the number of trained numbers */
    public record LayerInfo(Node node, List<Spec> inputs, List<Spec> outputs, long parameters) {
    }

    /** What a layer of this net is for. */
    public LayerRole role(Node n) {
        return first.roles.getOrDefault(n, LayerRole.COMPUTATION);
    }

    /** Whether validation has something to measure: statistics. */
    public boolean hasStatistics() {
        return !first.statistics.isEmpty();
    }

    /** What validation measures, each as {@link Measured#key}: {@code accuracy-accuracy}. */
    public List<String> statistics() {
        return first.statistics.stream().flatMap(s -> s.statistic().finish(new double[(int) s.sums().spec().elements()])
                .stream().map(m -> new Measured(s.layer(), m).key())).toList();
    }

    /** The names of the layers that are sinks, in order. */
    public List<String> sinks() {
        return first.sinks.stream().map(NetGraph.SinkUse::layer).toList();
    }

    /** Parameters and states of this net. */
    public Tensors parameters() {
        return new StorageTensors(first.storages);
    }

    /** The names of trained parameters, without states such as running means. */
    public List<String> trained() {
        return first.trained().stream().map(Storage::name).toList();
    }

    /** Makes the programs that train this net. @throws ConfigurationException if it has no loss or is a TEST net */
    public Training training(TrainingOptions o) {
        if (phase != Phase.TRAIN) {
            throw new ConfigurationException("net [" + name + "] is built for phase " + phase + "; training needs TRAIN");
        }
        return keep(new Training(this, o));
    }

    /** The program over the whole net, with its statistics and sinks; reads the tops that no layer takes, and some more. */
    public Execution execution(String... blobs) {
        NetGraph g = graph();
        Set<String> wanted = new LinkedHashSet<>(g.ends());
        wanted.addAll(List.of(blobs));
        return keep(new Execution(this, g, wanted, true, true));
    }

    /** The same program, but what sinks take is computed and not written: to look at it, to time it, to validate. */
    public Execution rehearsal() {
        NetGraph g = graph();
        return keep(new Execution(this, g, new LinkedHashSet<>(g.ends()), true, false));
    }

    /** Whether the caller feeds a blob. */
    boolean feeds(String blob) {
        return options.shapes().containsKey(blob);
    }

    /**
     * A program that computes some blobs from others, which the caller sets. Layers that are not needed are left out.
     * Several threads may each have one at once; parameters are shared.
     */
    public Execution inference(Map<String, Shape> inputs, List<String> outputs) {
        NetGraph g = graph(inputs, Set.copyOf(outputs));
        for (String b : outputs) {
            if (!g.blobs.containsKey(b)) {
                throw new ConfigurationException("net [" + name + "] has no blob [" + b + "]; it has "
                        + first.blobs.keySet());
            }
        }
        return keep(new Execution(this, g, new LinkedHashSet<>(outputs), false, false));
    }

    /** Computes some blobs from others for any number of threads, as many at a time as the device has threads. */
    public Predictor predictor(List<String> outputs) {
        return predictor(outputs, Math.max(1, session.device().threads()));
    }

    /** The same. @param executions that work at a time; each has memory of its own */
    public Predictor predictor(List<String> outputs, int executions) {
        outputs.forEach(this::requireBlob);
        return keep(new Predictor(this, outputs, executions));
    }

    private void requireBlob(String blob) {
        if (!first.blobs.containsKey(blob)) {
            throw new ConfigurationException("net [" + name + "] has no blob [" + blob + "]; it has " + first.blobs.keySet());
        }
    }

    private <T extends AutoCloseable> T keep(T program) {
        synchronized (this) {
            if (!closed) {
                open.add(program);
                return program;
            }
        }
        try {
            program.close();
        } catch (Exception e) {
            throw new MochaException("could not close what net [" + name + "] was asked for last: " + e.getMessage(), e);
        }
        throw new MochaException("net [" + name + "] is closed");
    }

    synchronized void closed(AutoCloseable program) {
        open.remove(program);
    }

    /** Whether a storage is seen for the first time by this net. */
    boolean uses(Storage s) {
        return storages.add(s);
    }

    private void closeData() {
        data.values().forEach(d -> d.stream().close());
        data.clear();
    }

    /** Closes what is open of it, predictors when their work is done; parameters that no other net has are gone. */
    @Override
    public void close() {
        List<Predictor> predictors;
        synchronized (this) {
            predictors = open.stream().filter(Predictor.class::isInstance).map(Predictor.class::cast).toList();
        }
        predictors.forEach(Predictor::close);                    // without the lock, which those that work need
        closeRest();
    }

    private synchronized void closeRest() {
        if (!closed) {
            closed = true;
            MochaException failure = null;
            for (AutoCloseable a : List.copyOf(open)) {
                try {
                    a.close();
                } catch (Exception e) {
                    failure = new MochaException("could not close net [" + name + "]: " + e.getMessage(), e);
                }
            }
            closeData();
            session.release(this, storages);
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Where this net's graphs find parameters and data. */
    private final class NetHome implements NetGraph.Home {
        @Override
        public Storage storage(Node node, String param, Spec spec, Param p, Initializer init) {
            return session.storage(Net.this, node, param, spec, p, init);
        }

        @Override
        public Storage known(String storage) {
            return storages.stream().filter(s -> s.name().equals(storage)).findFirst().orElse(null);
        }

        @Override
        public DataInput data(Node node, Source source) {
            DataInput known = data.get(node);
            if (known == null) {
                DataStream stream = source.open(new Source.Context(node.name(), session.options().base(), session.type(),
                        phase, session.seed(), node.tops().size()));
                known = new DataInput(node.name(), stream, stream.specs());
                data.put(node, known);
            }
            return known;
        }
    }

    /** Storages under their names. */
    static final class StorageTensors implements Tensors {
        private final Map<String, Storage> byName = new LinkedHashMap<>();

        StorageTensors(Iterable<Storage> storages) {
            storages.forEach(s -> byName.put(s.name(), s));
        }

        private Storage get(String n) {
            Storage s = byName.get(n);
            if (s == null) {
                throw new ConfigurationException("there is no tensor [" + n + "]; there are " + byName.keySet());
            }
            return s;
        }

        @Override
        public List<String> names() {
            return List.copyOf(byName.keySet());
        }

        @Override
        public Spec spec(String n) {
            return get(n).spec();
        }

        @Override
        public Array read(String n) {
            return get(n).read();
        }

        @Override
        public void write(String n, Array value) {
            get(n).write(value);
        }

        @Override
        public void initialize(String n) {
            get(n).initialize();
        }
    }
}
