package org.mocha4j.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.cpu.CpuPlugin;
import org.mocha4j.cuda.CudaPlugin;
import org.mocha4j.cuda.internal.SimulatedPlugin;
import org.mocha4j.initializers.InitializersPlugin;
import org.mocha4j.layers.LayersPlugin;
import org.mocha4j.neurons.NeuronsPlugin;
import org.mocha4j.nativecpu.NativePlugin;
import org.mocha4j.odd.OddPlugin;
import org.mocha4j.regularizers.RegularizersPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.solvers.SolversPlugin;
import org.mocha4j.transformers.TransformersPlugin;

/** The backends that the suite runs on: each with each type. */
final class Backends {
    /** One of them; its text names the test. */
    record Setup(String backend, Map<String, String> extra, int threads, DataType type, boolean fuse) {
        SessionOptions options() {
            return new SessionOptions(backend, new DeviceOptions(threads, false, extra), type, 1, Path.of(""), fuse);
        }

        Session open() {
            return Session.open(catalog(), options());
        }

        Setup with(DataType t) {
            return new Setup(backend, extra, threads, t, fuse);
        }

        Setup fuse(boolean f) {
            return new Setup(backend, extra, threads, type, f);
        }

        @Override
        public String toString() {
            return backend + (extra.isEmpty() ? "" : " " + extra) + " " + type + (fuse ? "" : " unfused");
        }
    }

    /** Whether there is a device. */
    private static final Availability CUDA = Catalog.of(List.of(LoadedPlugin.of(new CudaPlugin(), "cuda", "0")))
            .backend("cuda").probe();

    private Backends() {
    }

    static Catalog catalog() {
        List<Plugin> plugins = List.of(new CpuPlugin(), new NativePlugin(), cuda(), new OddPlugin(), new LayersPlugin(), new NeuronsPlugin(),
                new InitializersPlugin(), new RegularizersPlugin(), new TransformersPlugin(), new SolversPlugin());
        return Catalog.of(plugins.stream().map(p -> LoadedPlugin.of(p, p.getClass().getSimpleName(), "0")).toList());
    }

    /**
     * The backend on a device, or where there is none, and it was asked for, on a simulated one: the same kernels, compiled
     * for the processor.
     */
    private static Plugin cuda() {
        boolean simulate = wanted().contains("cuda") && !CUDA.usable() && SimulatedPlugin.possible();
        return simulate ? new SimulatedPlugin() : new CudaPlugin();
    }

    private static List<String> wanted() {
        return List.of(System.getProperty("mocha.backends", "reference,cpu,native,odd" + (CUDA.usable() ? ",cuda" : ""))
                .split(","));
    }

    private static List<Setup> every() {
        return List.of(new Setup("reference", Map.of(), 0, DataType.FLOAT32, true),
                new Setup("cpu", Map.of(), 0, DataType.FLOAT32, true),
                new Setup("cpu", Map.of("vector", "off"), 3, DataType.FLOAT32, true),
                new Setup("native", Map.of(), 0, DataType.FLOAT32, true),
                new Setup("native", Map.of("winograd", "off"), 1, DataType.FLOAT32, true),
                new Setup("cuda", Map.of(), 0, DataType.FLOAT32, true),
                new Setup("odd", Map.of(), 0, DataType.FLOAT32, true));
    }

    /** In float32: those that can be used here, and of these the ones that the system property mocha.backends lists. */
    static List<Setup> backends() {
        List<String> wanted = wanted();
        return every().stream().filter(s -> wanted.contains(s.backend())
                && catalog().backend(s.backend()).probe().usable()).toList();
    }

    /** Whether the native backend can be used, and why not. */
    static Availability nativeLibrary() {
        return catalog().backend("native").probe();
    }

    /** The usual setup of a backend, in float32. */
    static Setup named(String backend) {
        return every().stream().filter(s -> s.backend().equals(backend)).findFirst().orElseThrow();
    }

    static Stream<Setup> single() {
        return backends().stream();
    }

    static Stream<Setup> twofold() {
        return backends().stream().map(s -> s.with(DataType.FLOAT64));
    }

    /** Backends and types. */
    static Stream<Setup> all() {
        List<Setup> all = new ArrayList<>(backends());
        twofold().forEach(all::add);
        return all.stream();
    }
}
