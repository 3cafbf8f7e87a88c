package org.mocha4j.launcher.command;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.Array;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Tensors;

/** The parameters and states of a net in whichever of its phases has them. */
final class BothPhases implements Tensors {
    private final Map<String, Tensors> owners = new LinkedHashMap<>();
    private final Set<String> without = new LinkedHashSet<>();

    BothPhases(Inspection look) {
        for (Phase p : Phase.values()) {
            if (look.has(p)) {
                Net net = look.net(p);
                Tensors own = net.parameters();
                own.names().forEach(n -> owners.putIfAbsent(n, own));
                net.layers().forEach(l -> {
                    if (!learns(l.node())) {
                        without.add(l.node().name());
                    }
                });
            }
        }
    }

    private boolean learns(Node n) {
        String owner = n.paramKey() == null ? n.name() : n.paramKey();
        return owners.keySet().stream().anyMatch(t -> t.startsWith(owner + "___"));
    }

    /** The names of the layers that have none. */
    List<String> without() {
        return List.copyOf(without);
    }

    @Override public List<String> names() {
        return List.copyOf(owners.keySet());
    }

    @Override public Spec spec(String name) {
        return owners.get(name).spec(name);
    }

    @Override public Array read(String name) {
        return owners.get(name).read(name);
    }

    @Override public void write(String name, Array value) {
        owners.get(name).write(name, value);
    }

    @Override public void initialize(String name) {
        owners.get(name).initialize(name);
    }
}
