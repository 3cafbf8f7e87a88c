package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.solvers.SGD;

/** Snapshots in HDF5 with bits flipped and ends cut off: the one before is used, or nothing that counts was hit. */
class DamagedSnapshotTest {
    @TempDir
    Path dir;

    @Test
    void aDamagedNewestNeverGivesOtherParameters() throws Exception {
        Catalog catalog = Small.catalog();
        List<Node> nodes = Small.nodes(Small.memory(20, 4, true), Small.memory(20, 4, true));
        try (Session session = Session.open(catalog, Small.options("reference"))) {
            Map<String, Array> third;
            Map<String, Array> second;
            try (Net net = session.net("train", Phase.TRAIN, nodes);
                 Solver s = solver(net, 2)) {
                s.solve();
                second = Small.all(s.parameters());
            }
            try (Net net = session.net("train", Phase.TRAIN, nodes);
                 Solver s = solver(net, 3)) {
                s.solve();
                third = Small.all(s.parameters());
            }
            Path newest = dir.resolve("s/snapshot-000003.h5");
            byte[] whole = Files.readAllBytes(newest);
            Random random = new Random(4);
            int passedOver = 0;
            for (int trial = 0; trial < 100; trial++) {
                byte[] bad = trial % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                if (trial % 4 != 0) {
                    bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(newest, bad);
                Small.Lines lines = new Small.Lines();
                try (Net net = session.net("train", Phase.TRAIN, nodes);
                     Solver s = new Solver(net, Small.solver(new SGD(0.9), 2, 1), List.of(BreakConfig.everyIterations(1,
                             Snapshot.in("s").withAutoLoad())), null, dir, lines)) {
                    s.solve();
                    boolean older = lines.lines.get(0).startsWith("WARNING: snapshot " + newest
                            + " is damaged and passed over: ");
                    passedOver += older ? 1 : 0;
                    assertEquals(older ? 2 : 3, s.iteration());
                    assertEquals(older ? second : third, Small.all(s.parameters()));
                }
            }
            assertTrue(passedOver > 50, passedOver + " of 100 found damaged");
        }
    }

    private Solver solver(Net net, int iterations) {
        return new Solver(net, Small.solver(new SGD(0.9), iterations, 1), List.of(BreakConfig.everyIterations(1,
                Snapshot.in("s").withAutoLoad())), null, dir, new Small.Lines());
    }
}
