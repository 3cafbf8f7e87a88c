package org.mocha4j.cpu.internal;

import java.util.Map;
import java.util.TreeSet;
import org.mocha4j.api.Checks;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.cpu.internal.fast.FastKernels;
import org.mocha4j.cpu.internal.fast.VectorSupport;
import org.mocha4j.cpu.internal.reference.ReferenceKernels;

/** The two backends of this bundle. */
public record CpuBackend(String name, int rank, boolean fast) implements Backend {
    private static final Map<String, String> OPTIONS = Map.of("vector", "auto, on or off");

    public static CpuBackend plain() {
        return new CpuBackend("reference", 0, false);
    }

    public static CpuBackend cpu() {
        return new CpuBackend("cpu", 10, true);
    }

    @Override
    public Availability probe() {
        String detail = fast ? VectorSupport.find("auto").description() : "plain loops, one thread";
        return new Availability(true, rank, "Java " + Runtime.version().feature() + ", " + detail);
    }

    @Override
    public Device open(DeviceOptions options) {
        Checks.require(options.threads() >= 0, "threads", options.threads(), "at least 1, or 0 for all processors");
        Map<String, String> known = fast ? OPTIONS : Map.of();
        for (String o : new TreeSet<>(options.extra().keySet())) {
            if (!known.containsKey(o)) {
                throw new ConfigurationException("backend " + name + " has no option [" + o + "]; it has "
                        + new TreeSet<>(known.keySet()));
            }
        }
        if (!fast) {
            return new CpuDevice("reference, 1 thread", new Pool(1), p -> ReferenceKernels.all());
        }
        VectorSupport vector = VectorSupport.find(options.extra().getOrDefault("vector", "auto"));
        int threads = options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
        String description = "cpu, " + threads + (threads == 1 ? " thread, " : " threads, ") + vector.description();
        return new CpuDevice(description, new Pool(threads), p -> FastKernels.all(p, vector));
    }
}
