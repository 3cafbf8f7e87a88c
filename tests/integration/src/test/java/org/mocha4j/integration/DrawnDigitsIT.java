package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.integration.JavaRun.accuracy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Phase;
import org.mocha4j.hdf5.HDF5Data;
import org.mocha4j.integration.example.LeNetExample;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.DrawnDigits;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.runtime.train.Validation;
import org.mocha4j.solvers.Inv;
import org.mocha4j.solvers.SGD;

/** The digits that the program draws itself tell a net that sees shapes from one that weighs pixels. */
class DrawnDigitsIT {
    private static final int ITERATIONS = 500;
    @TempDir static Path data;

    @BeforeAll static void draw() throws Exception {
        DataWriter.write(DrawnDigits.train(1), DrawnDigits.test(1), data);
    }

    @Test void leNetGetsOver97Percent() throws Exception {
        String out = JavaRun.example(LeNetExample.class, data, data.toString(), Integer.toString(ITERATIONS));
        assertTrue(accuracy(out, 2000) > 97, out);
    }

    /** Not for want of training: three times as long. */
    @Test void logisticRegressionStaysUnder90Percent() {
        List<Node> logistic = List.of(
            Node.source("train-data", new HDF5Data("train.txt", 64), "data", "label").only(Phase.TRAIN),
            Node.source("test-data", new HDF5Data("test.txt", 100), "data", "label").only(Phase.TEST),
            Node.of("ip", new InnerProduct(10), "data"),
            Node.sink("loss", new SoftmaxLoss(), "ip", "label").only(Phase.TRAIN),
            Node.sink("accuracy", new Accuracy(), "ip", "label").only(Phase.TEST));
        SolverConfig how = SolverConfig.of(new SGD(0.9), 3 * ITERATIONS, new Inv(0.01, 0.0001, 0.75))
            .withRegularization(0.0005);
        Catalog catalog = Catalog.of(PluginLoader.load(DrawnDigitsIT.class.getClassLoader()));
        try (Session session = Session.open(catalog, SessionOptions.of("cpu").base(data));
             Net train = session.net("logistic-train", Phase.TRAIN, logistic);
             Net test = session.net("logistic-test", Phase.TEST, logistic);
             Solver solver = new Solver(train, how, List.of())) {
            solver.solve();
            double found = 100 * Validation.measure(test).get(0).measurement().value();
            assertTrue(found > 60 && found < 90, "accuracy " + found);
        }
    }
}
