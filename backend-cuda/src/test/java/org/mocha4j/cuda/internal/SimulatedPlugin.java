package org.mocha4j.cuda.internal;

import java.nio.file.Path;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.cuda.internal.driver.Driver;

/** Registers the backend {@code cuda} on a simulated device. */
public final class SimulatedPlugin implements Plugin {
    private static final Path FOLDER = Path.of("target", "simulated").toAbsolutePath();
    private static final long CAPACITY = 4L << 30;

    /** Whether there is a compiler to simulate with. */
    public static boolean possible() {
        return SimulatedDriver.possible();
    }

    /** For a catalog of plug-ins. */
    public SimulatedPlugin() {
    }

    private static final class Simulated implements Drivers {
        @Override
        public Found find() {
            return new Found(true, "simulated");
        }

        @Override
        public Driver open(Options o) {
            return new SimulatedDriver(FOLDER, CAPACITY);
        }
    }

    @Override
    public PluginInfo info() {
        return new PluginInfo("", "0", "Simulated CUDA device");
    }

    @Override
    public void register(Registrar r) {
        r.backend(backend());
    }

    static CudaBackend backend() {
        return new CudaBackend(new Simulated(), CodeFolder.at(FOLDER.resolve("code")));
    }
}
