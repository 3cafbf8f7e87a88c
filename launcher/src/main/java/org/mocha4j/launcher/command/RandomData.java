package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.Node;

/** Random numbers in place of a net's data: one batch, the same whenever the seed is. */
final class RandomData {
    /** Gives one tensor. */
    private record Fixed(Array value) implements Layer {
        @Override public List<Value> build(Graph g, List<Value> inputs) {
            return List.of(g.constant(value.as(g.type())));
        }
    }

    private RandomData() { }

    /**
     * The nodes with random data in place of the blobs given.
     *
     * @param layers of the net as built on those shapes
     */
    static List<Node> replace(List<Node> nodes, Map<String, Shape> blobs, List<LayerInfo> layers, long seed) {
        Map<String, Integer> classes = classes(blobs, layers);
        Random random = new Random(seed);
        List<Node> all = new ArrayList<>();
        new TreeMap<>(blobs).forEach((blob, shape) -> all.add(Node.source("random-" + blob,
            new Fixed(tensor(new Spec(DataType.FLOAT64, shape), classes.get(blob), random)), blob)));
        nodes.stream().filter(n -> !(n.bottoms().isEmpty() && n.tops().stream().anyMatch(blobs::containsKey)))
            .forEach(all::add);
        return all;
    }

    /** The blobs that hold labels, with the number of classes: one number where another bottom has one per class. */
    private static Map<String, Integer> classes(Map<String, Shape> blobs, List<LayerInfo> layers) {
        Map<String, Integer> classes = new HashMap<>();
        for (LayerInfo l : layers) {
            for (int i = 1; i < l.inputs().size(); i++) {
                Shape first = l.inputs().get(0).shape();
                String blob = l.node().bottoms().get(i);
                if (blobs.containsKey(blob) && first.rank() > 1 && first.dim(1) > 1
                        && l.inputs().get(i).elements() * first.dim(1) == first.elements()) {
                    classes.merge(blob, first.dim(1), Math::min);
                }
            }
        }
        return classes;
    }

    private static Array tensor(Spec spec, Integer classes, Random random) {
        HostTensor t = HostTensor.allocate(spec);
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, classes == null ? random.nextGaussian() : random.nextInt(classes));
        }
        return t.toArray();
    }
}
