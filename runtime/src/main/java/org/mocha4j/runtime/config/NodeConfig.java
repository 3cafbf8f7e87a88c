package org.mocha4j.runtime.config;

import java.util.List;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Node;

/**
 * A node as files write it: its {@code type} and the layer's own fields beside these.
 *
 * @param name     of the layer, which names its parameters in files; letters, digits, '_', '.', '-'
 * @param layer    what it computes
 * @param bottoms  names of the blobs that go in; null means none
 * @param tops     names of the blobs that come out; null: a layer with one output names it like itself
 * @param neuron   activation of each top; null for none
 * @param phase    the only phase that has the layer; null for both
 * @param paramKey nodes with one key share parameters; null: with nobody
 */
public record NodeConfig(String name, @Flat Layer layer, List<String> bottoms, List<String> tops, Neuron neuron,
                         Phase phase, String paramKey) {
    public NodeConfig {
        Checks.require(name != null, "name", null, "the name of the layer");
        node(name, layer, bottoms, tops, neuron, phase, paramKey);
    }

    /** The same node as a record, for writing. */
    public static NodeConfig of(Node n) {
        return new NodeConfig(n.name(), n.layer(), n.bottoms(), n.tops(), n.neuron(), n.phase(), n.paramKey());
    }

    /** A new node, with parameters of its own. */
    public Node node() {
        return node(name, layer, bottoms, tops, neuron, phase, paramKey);
    }

    private static Node node(String name, Layer layer, List<String> bottoms, List<String> tops, Neuron neuron,
                             Phase phase, String paramKey) {
        return new Node(name, layer, bottoms, tops, neuron, phase, paramKey);
    }
}
