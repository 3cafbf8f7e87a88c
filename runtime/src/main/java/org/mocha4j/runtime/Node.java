package org.mocha4j.runtime;

import java.util.List;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Phase;

/**
 * A layer's place in a net. Parameters belong to the node object: a node used in a training and in a test net shares
 * them. A top that equals a bottom renames the blob from there on.
 */
public final class Node {
    private final String name;
    private final Layer layer;
    private final List<String> bottoms;
    private final List<String> tops;
    private final Neuron neuron;
    private final Phase phase;
    private final String paramKey;

    /**
     * @param bottoms  names of the blobs that go in; null means none
     * @param tops     names of the blobs that come out; null: those of the bottoms if the layer is in place, else a
     *                 layer with one output names it like itself
     * @param neuron   activation of each top; null for none
     * @param phase    the only phase that has this node; null for both
     * @param paramKey nodes with one key share parameters; null: with nobody
     */
    public Node(String name, Layer layer, List<String> bottoms, List<String> tops, Neuron neuron, Phase phase,
                String paramKey) {
        Checks.require(name != null && name.matches("[A-Za-z0-9_.\\-]+") && !name.contains("___"), "name", name,
                "letters, digits, '_', '.', '-', without '___'");
        Checks.require(layer != null, "layer", null, "a layer");
        this.name = name;
        this.layer = layer;
        this.bottoms = bottoms == null ? List.of() : List.copyOf(bottoms);
        this.tops = tops != null && !tops.isEmpty() ? List.copyOf(tops) : layer.inPlace() ? this.bottoms : List.of();
        this.neuron = neuron;
        this.phase = phase;
        this.paramKey = paramKey;
    }

    /** A node with one bottom and one top, which is called like the node. */
    public static Node of(String name, Layer layer, String bottom) {
        return of(name, layer, bottom, name);
    }

    /** A node with one bottom and one top. */
    public static Node of(String name, Layer layer, String bottom, String top) {
        return new Node(name, layer, List.of(bottom), List.of(top), null, null, null);
    }

    /** A node without tops, such as a loss. */
    public static Node sink(String name, Layer layer, String... bottoms) {
        return new Node(name, layer, List.of(bottoms), null, null, null, null);
    }

    /** A node without bottoms, such as a data layer. */
    public static Node source(String name, Layer layer, String... tops) {
        return new Node(name, layer, null, List.of(tops), null, null, null);
    }

    /** A new node like this with an activation. */
    public Node with(Neuron activation) {
        return new Node(name, layer, bottoms, tops, activation, phase, paramKey);
    }

    /** A new node like this for one phase only. */
    public Node only(Phase p) {
        return new Node(name, layer, bottoms, tops, neuron, p, paramKey);
    }

    public String name() {
        return name;
    }

    public Layer layer() {
        return layer;
    }

    public List<String> bottoms() {
        return bottoms;
    }

    public List<String> tops() {
        return tops;
    }

    public Neuron neuron() {
        return neuron;
    }

    public Phase phase() {
        return phase;
    }

    public String paramKey() {
        return paramKey;
    }

    /** Whether the node takes part in a phase. */
    public boolean in(Phase p) {
        return phase == null || phase == p;
    }

    @Override
    public String toString() {
        return name;
    }
}
