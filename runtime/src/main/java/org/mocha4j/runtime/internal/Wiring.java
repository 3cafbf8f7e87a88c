package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mocha4j.runtime.Node;

/**
 * The order in which the nodes of a net are built, from the names of their blobs. A top that equals a bottom of the same
 * node makes a new version of the blob, read by nodes written after it.
 */
public final class Wiring {
    /** A node and, per bottom, the node whose top it reads; null for a blob that the caller feeds. */
    public record Wired(Node node, List<Node> writers) {
    }

    private final List<Node> nodes;
    private final Set<String> fed;
    private final List<Problem> problems;
    private final Map<String, Node> origin = new LinkedHashMap<>();
    private final Map<String, List<Node>> versions = new HashMap<>();

    /** Something wrong with a node. */
    public record Problem(Node node, String text) {
    }

    private Wiring(List<Node> nodes, Set<String> fed, List<Problem> problems) {
        this.nodes = nodes;
        this.fed = fed;
        this.problems = problems;
    }

    /**
     * @param fed      blobs that the caller provides
     * @param problems takes unknown blobs, second writers, cycles, equal names
     * @return the nodes that can be ordered
     */
    public static List<Wired> order(List<Node> nodes, Set<String> fed, List<Problem> problems) {
        Map<String, Node> names = new HashMap<>();
        for (Node n : nodes) {
            if (names.putIfAbsent(n.name(), n) != null) {
                problems.add(new Problem(n, "there are two layers named [" + n.name() + "] in this phase; names are unique"));
            }
        }
        return new Wiring(nodes.stream().distinct().toList(), fed, problems).run();
    }

    private List<Wired> run() {
        nodes.forEach(this::write);
        for (Node n : nodes) {
            if (n.tops().isEmpty() && !fed.contains(n.name())) {
                origin.putIfAbsent(n.name(), n);
            }
        }
        Map<Node, List<Node>> reads = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node n = nodes.get(i);
            List<Node> writers = new ArrayList<>();
            for (String b : n.bottoms()) {
                writers.add(writer(b, n, i));
            }
            reads.put(n, writers);
        }
        return sort(reads);
    }

    private void write(Node n) {
        Set<String> own = new LinkedHashSet<>();
        for (String top : n.tops()) {
            if (!own.add(top)) {
                problems.add(new Problem(n, "layer [" + n.name() + "] names the top [" + top + "] twice"));
            } else if (n.bottoms().contains(top)) {
                versions.computeIfAbsent(top, k -> new ArrayList<>()).add(n);
            } else if (fed.contains(top)) {
                continue;
            } else if (origin.putIfAbsent(top, n) != null) {
                problems.add(new Problem(n, "layer [" + n.name() + "] writes blob [" + top + "], which layer ["
                        + origin.get(top).name() + "] writes already; only a layer that also reads it may"));
            }
        }
    }

    /** The node whose output the reader at a position sees under a name. */
    private Node writer(String blob, Node reader, int position) {
        Node last = origin.get(blob);
        for (Node v : versions.getOrDefault(blob, List.of())) {
            if (v != reader && nodes.indexOf(v) < position) {
                last = v;
            }
        }
        if (last == null && !fed.contains(blob)) {
            Set<String> there = new TreeSet<>(origin.keySet());
            there.addAll(fed);
            problems.add(new Problem(reader, "layer [" + reader.name() + "] reads blob [" + blob
                    + "], which no layer of this phase writes; there are " + there));
        }
        return last;
    }

    private List<Wired> sort(Map<Node, List<Node>> reads) {
        List<Wired> order = new ArrayList<>();
        Set<Node> waiting = new LinkedHashSet<>(nodes);
        while (!waiting.isEmpty()) {
            Optional<Node> ready = waiting.stream().filter(n -> reads.get(n).stream().noneMatch(waiting::contains)).findFirst();
            if (ready.isPresent()) {
                waiting.remove(ready.get());
                order.add(new Wired(ready.get(), reads.get(ready.get())));
            } else {
                List<Node> cycle = cycle(waiting, reads);
                problems.add(new Problem(cycle.get(0), "the layers "
                        + cycle.stream().map(n -> "[" + n.name() + "]").collect(Collectors.joining(", "))
                        + " form a cycle: each waits for a blob of another"));
                cycle.forEach(waiting::remove);
            }
        }
        return order;
    }

    /** The members of one cycle among nodes that wait. */
    private static List<Node> cycle(Set<Node> waiting, Map<Node, List<Node>> reads) {
        List<Node> path = new ArrayList<>();
        Node n = waiting.iterator().next();
        while (!path.contains(n)) {
            path.add(n);
            n = reads.get(n).stream().filter(waiting::contains).findFirst().orElseThrow();
        }
        return path.subList(path.indexOf(n), path.size());
    }
}
