package org.mocha4j.launcher.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.train.Lounge;
import org.mocha4j.runtime.train.SolverConfig;

/** The nets and programs of a file, open to be looked at: one phase after the other, on shapes or on data. */
final class Inspection implements AutoCloseable {
    private final NetFile file;
    private final Session session;
    private final List<Node> nodes;
    private final Map<String, Shape> shapes;

    Inspection(Catalog catalog, NetFile file, Settings settings, Map<String, Shape> shapes) {
        this.file = file;
        this.shapes = shapes;
        this.nodes = file.nodes();
        this.session = Session.open(catalog, settings.session(catalog, file.base()));
    }

    Session session() {
        return session;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Whether the phase has layers that the other one has not, or there is no other. */
    boolean has(Phase phase) {
        return phase == Phase.TRAIN ? solver().isPresent() || nodes.stream().anyMatch(n -> n.phase() == Phase.TRAIN)
            : solver().isEmpty() || nodes.stream().anyMatch(n -> n.phase() == Phase.TEST);
    }

    /** Empty if the file has none or it could not be understood. */
    Optional<SolverConfig> solver() {
        return Optional.ofNullable(file.bound().value().solver());
    }

    Net net(Phase phase) {
        String name = file.bound().value().name().isEmpty() ? file.shown() : file.bound().value().name();
        return session.net(name, phase, nodes, file.options(phase, nodes, shapes));
    }

    /** The blobs that take shapes in place of data, in the order written. */
    Map<String, Shape> fed(Phase phase) {
        Map<String, Shape> shapes = file.options(phase, nodes, this.shapes).shapes();
        Map<String, Shape> ordered = new LinkedHashMap<>();
        nodes.stream().filter(n -> n.in(phase)).flatMap(n -> Stream.concat(n.tops().stream(), n.bottoms().stream()))
            .filter(shapes::containsKey).forEach(b -> ordered.put(b, shapes.get(b)));
        return ordered;
    }

    /** The number of samples in a batch of a net: of its first data layer, else of the first blob in its place. */
    int samples(Net net) {
        return !net.data().isEmpty() ? net.data().get(0).batchSize()
            : fed(net.phase()).values().stream().findFirst().filter(s -> s.rank() > 0).map(s -> s.dim(0)).orElse(1);
    }

    /** The data layers in whose place a phase takes shapes, with these. */
    Map<Node, List<Spec>> replaced(Phase phase) {
        Map<String, Shape> fed = fed(phase);
        Map<Node, List<Spec>> replaced = new LinkedHashMap<>();
        nodes.stream().filter(n -> n.in(phase) && n.bottoms().isEmpty() && !n.tops().isEmpty())
            .filter(n -> fed.keySet().containsAll(n.tops()))
            .forEach(n -> replaced.put(n, n.tops().stream().map(t -> new Spec(session.type(), fed.get(t))).toList()));
        return replaced;
    }

    static Training training(Net net, SolverConfig c) {
        return net.training(c.options(new Lounge()));                   // nothing is recorded yet
    }

    static Execution execution(Net net) {
        return net.execution();
    }

    @Override public void close() {
        session.close();
    }
}
