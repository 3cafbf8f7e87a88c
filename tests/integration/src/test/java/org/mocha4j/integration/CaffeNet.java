package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.train.Imported;
import org.mocha4j.runtime.train.ParameterFile;

/** A net of Caffe's as it is here: its blobs with imported parameters against Caffe's own. */
record CaffeNet(List<Node> nodes) {
    /** How far a blob may be from Caffe's, as a share of its largest value. */
    private static final double TOLERANCE = 1e-5;

    private static Catalog catalog() {
        return Catalog.of(PluginLoader.load(CaffeNet.class.getClassLoader()));
    }

    /** The names of the backends that can be used here. */
    static List<String> backends() {
        return catalog().backends().stream().filter(b -> b.probe().usable()).map(b -> b.name()).sorted().toList();
    }

    /** Imports the file and compares all of Caffe's blobs but the first. @return what the import says */
    Imported assertSame(String backend, Path parameters, Array data, Map<String, Array> caffe) {
        Map<String, Shape> fed = Map.of("data", data.shape());
        List<String> names = caffe.keySet().stream().filter(n -> !n.equals("data")).toList();
        var options = new SessionOptions(backend, new DeviceOptions(0, false, Map.of()), DataType.FLOAT32, 1,
            Path.of(""), true);
        try (Session session = Session.open(catalog(), options);
             Net net = session.net("imported", Phase.TEST, nodes, NetOptions.fed(fed))) {
            Imported done = ParameterFile.read(parameters, catalog(), w -> { }).into(net.parameters(), false);
            try (Execution e = net.inference(fed, names)) {
                e.set("data", data);
                e.run(0);
                List<String> shares = new ArrayList<>();
                names.forEach(n -> shares.add(n + " " + compare(backend + ": " + n, caffe.get(n),
                    Array.copyOf(e.read(n)))));
                System.out.println("distance from Caffe, as a share of the largest value, on " + backend + ": "
                    + String.join(", ", shares));
            }
            return done;
        }
    }

    private static String compare(String what, Array caffe, Array ours) {
        assertEquals(caffe.elements(), ours.elements(), what);
        double largest = 0;
        double distance = 0;
        for (int i = 0; i < caffe.elements(); i++) {
            largest = Math.max(largest, Math.abs(caffe.at(i)));
            distance = Math.max(distance, Math.abs(caffe.at(i) - ours.at(i)));
        }
        assertTrue(largest > 0, what + " is all zeros in Caffe");
        assertTrue(distance <= TOLERANCE * largest, what + ": " + distance + " from Caffe, whose largest value is "
            + largest);
        return String.format(java.util.Locale.ROOT, "%.1e", distance / largest);
    }
}
