package org.mocha4j.gputest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.Plugin;
import org.mocha4j.cuda.CudaPlugin;
import org.mocha4j.cuda.internal.SimulatedPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginLoader;

/**
 * What is tested.
 *
 * @param simulated whether the device of backend cuda is simulated
 * @param small     whether to do little of everything, for machines where this takes long
 * @param only      the test classes of the suite, a regular expression; null for all
 * @param home      the packed folder
 * @param out       where results go
 */
record Setup(String backend, boolean simulated, boolean small, String only, Path home, Path out) {
    /** Whether there is a device to measure. */
    boolean device() {
        return backend.equals("cuda") && !simulated;
    }

    /** The plug-ins of the class path, the simulated one in its place. */
    List<LoadedPlugin> plugins() {
        Stream<LoadedPlugin> found = PluginLoader.load(Setup.class.getClassLoader()).stream();
        if (!simulated) {
            return found.toList();
        }
        Plugin simulation = new SimulatedPlugin();
        return Stream.concat(found.filter(p -> !(p.plugin() instanceof CudaPlugin)),
                Stream.of(LoadedPlugin.of(simulation, "simulated", "0"))).toList();
    }

    Catalog catalog() {
        return Catalog.of(plugins());
    }

    /** The backend that stands in where the command is a process of its own, which has no simulated device. */
    String commandBackend() {
        return simulated ? "cpu" : backend;
    }

    int of(int full, int little) {
        return small ? little : full;
    }

    Path mocha() {
        return home.resolve("mocha/bin/mocha");
    }

    Path benchmarks() {
        return home.resolve("benchmarks");
    }
}
