package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Net.LayerInfo;

/**
 * What a net is fed while it is timed: the first batch of its data layers, and in place of those that shapes replace,
 * random numbers from −1 to 1. A blob that layers take only beside another, as a loss takes labels, gets 0, 1, 2 … in
 * turn, below every extent of that other, so that they are valid as classes.
 */
final class StandInData {
    final List<List<HostTensor>> batch = new ArrayList<>();
    final Map<String, HostTensor> blobs = new LinkedHashMap<>();

    StandInData(Net net, Map<String, Shape> fed, long seed) {
        net.data().forEach(d -> {
            List<HostTensor> tensors = d.specs().stream().map(HostTensor::allocate).toList();
            d.stream().next(tensors);
            batch.add(tensors);
        });
        SplittableRandom random = new SplittableRandom(seed);
        fed.forEach((blob, shape) -> {
            HostTensor t = HostTensor.allocate(new Spec(net.session().type(), shape));
            int classes = classes(net.layers(), blob);
            for (int i = 0; i < t.elements(); i++) {
                t.set(i, classes > 0 ? i % classes : random.nextDouble(-1, 1));
            }
            blobs.put(blob, t);
        });
    }

    /** How many classes a blob of labels may name; 0 for other data. */
    private static int classes(List<LayerInfo> layers, String blob) {
        int classes = Integer.MAX_VALUE;
        for (LayerInfo l : layers) {
            int at = l.node().bottoms().indexOf(blob);
            if (at == 0) {
                return 0;
            }
            if (at > 0) {
                int[] dims = l.inputs().get(0).shape().dims();
                classes = Math.min(classes, Arrays.stream(dims).skip(1).min().orElse(1));
            }
        }
        return classes == Integer.MAX_VALUE ? 0 : classes;
    }

    /** In words: {@code random numbers as data [64, 1, 28, 28], label [64]}. */
    String text() {
        List<String> names = new ArrayList<>();
        blobs.forEach((name, t) -> names.add(name + " " + t.shape()));
        String random = names.isEmpty() ? "" : "random numbers as " + String.join(", ", names);
        return batch.isEmpty() ? random.isEmpty() ? "none" : random
            : "the first batch of the net's data" + (random.isEmpty() ? "" : "; " + random);
    }
}
