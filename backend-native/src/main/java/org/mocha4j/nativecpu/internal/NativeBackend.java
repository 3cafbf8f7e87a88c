package org.mocha4j.nativecpu.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.mocha4j.api.Checks;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;

/**
 * The backend {@code native}. Many threads may run executions of one net at once; they share one pool of threads.
 * Results have the same bits whatever the number of threads, so {@link DeviceOptions#deterministic()} changes nothing.
 */
public final class NativeBackend implements Backend {
    private static final int RANK = 20;
    private static final Map<String, String> OPTIONS = Map.of("winograd", "on or off", "tune", "a file",
            "plans", "a file");

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Availability probe() {
        try {
            return new Availability(true, RANK, Library.load().description());
        } catch (DeviceException e) {
            return new Availability(false, RANK, e.getMessage());
        }
    }

    @Override
    public Device open(DeviceOptions options) {
        Checks.require(options.threads() >= 0, "threads", options.threads(), "at least 1, or 0 for all processors");
        for (String o : new TreeSet<>(options.extra().keySet())) {
            if (!OPTIONS.containsKey(o)) {
                throw new ConfigurationException("backend native has no option [" + o + "]; it has "
                        + new TreeSet<>(OPTIONS.keySet()));
            }
        }
        String library = Library.load().description();
        int threads = options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
        boolean winograd = flag(options, "winograd");
        PlanFile plans = plans(options, new PlanFile.Machine(library, threads));
        return new NativeDevice("native, " + threads + (threads == 1 ? " thread, " : " threads, ")
                + library, new NativeDevice.Options(threads, winograd, plans, options.extra().containsKey("tune")));
    }

    private static PlanFile plans(DeviceOptions options, PlanFile.Machine machine) {
        String tune = options.extra().get("tune");
        String plans = options.extra().get("plans");
        if (tune != null && plans != null) {
            throw new ConfigurationException("backend native: both tune and plans are given; tune reads its file too, and times"
                    + " what is not in it, plans only reads");
        }
        return tune != null ? PlanFile.open(path("tune", tune), machine)
                : plans != null ? PlanFile.read(path("plans", plans), machine) : null;
    }

    private static Path path(String option, String text) {
        Checks.require(!text.isBlank(), option, "[" + text + "]", "a file");
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigurationException(option + " is [" + text + "]; expected: a file: " + e.getReason(), e);
        }
    }

    private static boolean flag(DeviceOptions options, String name) {
        String v = options.extra().getOrDefault(name, "on");
        Checks.require(v.equals("on") || v.equals("off"), name, v, OPTIONS.get(name));
        return v.equals("on");
    }
}
