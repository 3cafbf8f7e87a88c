package org.mocha4j.cuda.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.cuda.internal.driver.Driver;
import org.mocha4j.initializers.InitializersPlugin;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.regularizers.RegularizersPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.testkit.Values;

/** A net of three inner products in training on a driver that records and computes nothing. */
final class StepRig implements AutoCloseable {
    static final int SAMPLES = 64;
    private static final int WIDTH = 300;
    final RecordingDriver driver = new RecordingDriver(1L << 30);
    /** What the driver was opened for. */
    final List<Options> opened = new ArrayList<>();
    final Session session;
    final Net net;
    final Training training;
    private final HostTensor images = HostTensor.allocate(Spec.of(DataType.FLOAT32, SAMPLES, WIDTH));
    private final HostTensor labels = HostTensor.allocate(Spec.of(DataType.FLOAT32, SAMPLES));
    private long step;

    StepRig(TrainingOptions how) {
        this(how, Map.of());
    }

    StepRig(TrainingOptions how, Map<String, String> options) {
        List<Plugin> plugins = List.of(new Recording(driver, opened), new InitializersPlugin(),
                new RegularizersPlugin());
        Catalog c = Catalog.of(plugins.stream()
                .map(p -> LoadedPlugin.of(p, p.getClass().getSimpleName(), "0")).toList());
        session = Session.open(c, new SessionOptions("cuda", new DeviceOptions(0, false, options), DataType.FLOAT32, 1,
                Path.of(""), true));
        net = session.net("net", Phase.TRAIN, nodes());
        training = net.training(how);
        driver.calls.clear();
    }

    static List<Node> nodes() {
        Array x = Values.distinct(1, SAMPLES, WIDTH);
        return List.of(Node.source("data", new MemoryData(SAMPLES, x, Values.whole(3, 1, SAMPLES)), "data", "label"),
                Node.of("ip1", new InnerProduct(8), "data", "ip1"), Node.of("drop", new Dropout(0.5), "ip1", "drop"),
                Node.of("ip2", new InnerProduct(7), "drop", "ip2"),
                Node.of("ip3", new InnerProduct(3), "ip2", "ip3"),
                new Node("loss", new SoftmaxLoss(), List.of("ip3", "label"), null, null, Phase.TRAIN, null));
    }

    void accumulate() {
        training.accumulate(List.of(List.of(images, labels)), step, (int) (step % training.options().accumulate()));
        step++;
        training.known();
    }

    void iteration() {
        for (int i = 0; i < training.options().accumulate(); i++) {
            accumulate();
        }
        training.apply(step / training.options().accumulate() - 1);
    }

    @Override
    public void close() {
        training.close();
        net.close();
        session.close();
    }

    /** The backend on one driver. */
    record Recording(Driver driver, List<Options> opened) implements Plugin {
        @Override
        public PluginInfo info() {
            return new PluginInfo("", "0", "Recording");
        }

        @Override
        public void register(Registrar r) {
            r.backend(new CudaBackend(new Drivers() {
                @Override
                public Found find() {
                    return new Found(true, "a stand-in");
                }

                @Override
                public Driver open(Options o) {
                    opened.add(o);
                    return driver;
                }
            }, CodeFolder.none()));
        }
    }
}
