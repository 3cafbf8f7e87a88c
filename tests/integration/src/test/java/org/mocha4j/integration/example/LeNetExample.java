package org.mocha4j.integration.example;

import static org.mocha4j.runtime.train.BreakConfig.everyIterations;

import java.nio.file.Path;
import java.util.List;
import org.mocha4j.api.*;
import org.mocha4j.hdf5.HDF5Data;
import org.mocha4j.layers.*;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.*;
import org.mocha4j.runtime.train.*;
import org.mocha4j.solvers.*;

/** LeNet on MNIST. Arguments: the folder that has train.txt and test.txt, and the number of iterations. */
public class LeNetExample {
    public static void main(String[] args) {
        List<Node> lenet = List.of(
            Node.source("train-data", new HDF5Data("train.txt", 64), "data", "label").only(Phase.TRAIN),
            Node.source("test-data", new HDF5Data("test.txt", 100), "data", "label").only(Phase.TEST),
            Node.of("conv1", new Convolution(20, Window.of(5)), "data"),
            Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1"),
            Node.of("conv2", new Convolution(50, Window.of(5)), "pool1"),
            Node.of("pool2", new Pooling(Window.of(2, 2)), "conv2"),
            Node.of("ip1", new InnerProduct(500), "pool2").with(new ReLU()),
            Node.of("ip2", new InnerProduct(10), "ip1"),
            Node.sink("loss", new SoftmaxLoss(), "ip2", "label").only(Phase.TRAIN),
            Node.sink("accuracy", new Accuracy(), "ip2", "label").only(Phase.TEST));
        var how = SolverConfig.of(new SGD(0.9), Integer.parseInt(args[1]), new Inv(0.01, 0.0001, 0.75))
            .withRegularization(0.0005);
        var breaks = List.of(
            everyIterations(100, new TrainingSummary()),
            everyIterations(1000, new ValidationPerformance()),
            everyIterations(5000, Snapshot.in("snapshots").withAutoLoad()));
        var catalog = Catalog.of(PluginLoader.load(LeNetExample.class.getClassLoader()));
        try (var session = Session.open(catalog, SessionOptions.DEFAULT.base(Path.of(args[0])));
             var train = session.net("LeNet-train", Phase.TRAIN, lenet);
             var test = session.net("LeNet-test", Phase.TEST, lenet);         // the same nodes: the same parameters
             var solver = new Solver(train, how, breaks, test)) {
            solver.solve();
            Validation.measure(test).forEach(m -> System.out.println(m.measurement().text()));
        }
    }
}
