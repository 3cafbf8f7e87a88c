package org.mocha4j.image;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Source;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;

/**
 * The part of a net that images alone are enough for: without data layers, labels, losses.
 *
 * @param name   of the net
 * @param blob   that takes images
 * @param data   the data layer that gives it otherwise; null if none does
 * @param fed    the blob that the caller sets: pixels before the data layer's transformers, where they stay
 * @param nodes  in the order written
 */
record ImageNet(String name, String blob, Node data, String fed, List<Node> nodes) {
    /**
     * @param asked     the blob that takes images; null: the first top of the first data layer
     * @param transform whether the transformers of the data layer stay
     */
    static ImageNet of(String name, List<Node> all, String asked, boolean transform) {
        List<Node> phase = all.stream().filter(n -> n.in(Phase.TEST)).toList();
        List<Node> sources = phase.stream().filter(n -> n.bottoms().isEmpty() && !n.tops().isEmpty()).toList();
        String blob = asked != null ? asked : sources.isEmpty() ? unwritten(name, phase) : sources.get(0).tops().get(0);
        Node data = sources.stream().filter(n -> n.tops().contains(blob)).findFirst().orElse(null);
        List<Node> nodes = new ArrayList<>();
        boolean standIn = transform && data != null;
        String fed = standIn ? blob + ".pixels" : blob;
        if (standIn) {
            nodes.add(Node.of(data.name(), new DataStandIn(data.layer(), data.tops().indexOf(blob), data.tops().size()),
                fed, blob));
        }
        nodes.addAll(fromBlob(phase, blob));
        if (nodes.stream().noneMatch(n -> n.bottoms().contains(blob))) {
            throw new ConfigurationException("net [" + name + "] has no layer that takes blob [" + blob
                + "] alone in phase test; there are " + blobs(phase));
        }
        return new ImageNet(name, blob, data, fed, nodes);
    }

    private static Set<String> blobs(List<Node> nodes) {
        Set<String> blobs = new LinkedHashSet<>();
        nodes.forEach(n -> {
            blobs.addAll(n.bottoms());
            blobs.addAll(n.tops());
        });
        return blobs;
    }

    /** The blob that layers read and none writes, as nets without data layers have one. */
    private static String unwritten(String name, List<Node> phase) {
        Set<String> read = new LinkedHashSet<>();
        phase.forEach(n -> read.addAll(n.bottoms()));
        phase.forEach(n -> read.removeAll(n.tops().isEmpty() ? List.of(n.name()) : n.tops()));
        if (read.size() != 1) {
            throw new ConfigurationException("net [" + name + "] has no data layer in phase test; say which blob takes"
                + " images" + (read.isEmpty() ? "" : ": one of " + read));
        }
        return read.iterator().next();
    }

    /** The layers that need nothing but what comes from one blob. */
    private static List<Node> fromBlob(List<Node> phase, String blob) {
        Set<String> there = new LinkedHashSet<>(Set.of(blob));
        Set<Node> found = new LinkedHashSet<>();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Node n : phase) {
                if (!n.bottoms().isEmpty() && there.containsAll(n.bottoms()) && found.add(n)) {
                    there.addAll(n.tops().isEmpty() ? List.of(n.name()) : n.tops());
                    grown = true;
                }
            }
        }
        return phase.stream().filter(found::contains).toList();
    }

    /** The shape of one image, [C, H, W]. @param given null: as the data layer has it, which opens its files */
    Shape sample(Shape given, Session session) {
        if (given != null) {
            return rankThree(given);
        }
        if (data == null || !(data.layer() instanceof Source source)) {
            throw new ConfigurationException("net [" + name + "] has no data that say what images blob [" + blob
                + "] takes; give the shape of one, channels first");
        }
        Source.Context context = new Source.Context(data.name(), session.options().base(), session.type(), Phase.TEST,
            session.seed(), data.tops().size());
        try (DataStream stream = source.open(context)) {
            Shape s = stream.specs().get(data.tops().indexOf(blob)).shape();
            return rankThree(s.sub(1, s.rank()));
        }
    }

    private Shape rankThree(Shape sample) {
        if (sample.rank() != 3) {
            throw new ShapeException("blob [" + blob + "] of net [" + name + "] takes samples of " + sample
                + "; images need rank 3: [channels, height, width]");
        }
        return sample;
    }

    /** The blob with a score for each class: what no other layer takes. @param asked null where there is one only */
    String scores(String asked, List<LayerInfo> built) {
        Set<String> ends = new LinkedHashSet<>();
        Set<String> all = new LinkedHashSet<>();
        for (LayerInfo l : built) {
            List<String> tops = l.outputs().isEmpty() ? List.of()
                : l.node().tops().isEmpty() ? List.of(l.node().name()) : l.node().tops();
            if (!tops.isEmpty()) {
                ends.removeAll(l.node().bottoms());              // a layer without tops only looks on
            }
            ends.addAll(tops);
            all.addAll(tops);
        }
        if (asked != null && !all.contains(asked)) {
            throw new ConfigurationException("net [" + name + "] has no blob [" + asked + "] that follows from images"
                + " alone; there are " + all);
        }
        if (asked == null && ends.size() != 1) {
            throw new ConfigurationException("net [" + name + "] ends in " + (ends.isEmpty() ? "no blob" : ends)
                + "; say which has the scores" + (ends.isEmpty() ? ", of " + all : ""));
        }
        return asked != null ? asked : ends.iterator().next();
    }
}
