package org.mocha4j.launcher.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginState;
import org.mocha4j.runtime.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mocha doctor}: what this machine has, what will be used and who decided that; exit code 1 if nothing can. */
@Command(name = "doctor", sortOptions = false,
    description = "Shows what this machine has, which backend would be used and why.")
final class DoctorCommand implements Callable<Integer> {
    private static final List<String> VARIABLES = List.of("MOCHA_BACKEND", "MOCHA_THREADS", "MOCHA_CUDA_DEVICE",
        "MOCHA_USE_CUDA", "MOCHA_USE_NATIVE_EXT", "OMP_NUM_THREADS", "MOCHA_PLUGINS", "MOCHA_OPTS", "JAVA_HOME");

    private final Host host;
    @Mixin private Help help;
    @Mixin private DeviceArguments device;
    @Option(names = "--json", description = "One JSON document on standard output.") private boolean json;

    DoctorCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("system", system());
        report.put("backends", backends(catalog));
        report.put("environment", environment());
        Map<String, Object> effective = effective(catalog);
        report.put("effective", effective);
        report.put("plugins", plugins(catalog));
        boolean usable = effective.get("problem") == null;
        report.put("usable", usable);
        if (json) {
            host.out().println(Json.text(report));
        } else {
            report.forEach(this::print);
        }
        host.out().flush();
        return usable ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static Map<String, Object> system() {
        Runtime r = Runtime.getRuntime();
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return Json.map("mocha", Mocha.version(), "java", System.getProperty("java.version") + ", "
                + System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor") + ", in "
                + System.getProperty("java.home"),
            "system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"),
            "cores", r.availableProcessors(), "heap", "at most " + Text.bytes(r.maxMemory())
                + "; MOCHA_OPTS=-Xmx… changes it",
            "vectorApi", vectors ? "there" : "not there: this Java has no module jdk.incubator.vector, or it is not "
                + "added (--add-modules jdk.incubator.vector); plain loops are used");
    }

    private static Map<String, Object> backends(Catalog catalog) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Backend b : catalog.backends()) {
            Availability a = b.probe();
            all.put(b.name(), (a.usable() ? "usable: " : "not usable: ") + a.detail());
        }
        return all;
    }

    private Map<String, Object> environment() {
        Map<String, Object> all = new LinkedHashMap<>();
        VARIABLES.forEach(v -> all.put(v, host.environment().get(v)));
        return all;
    }

    /** What a command with these options would use; the problem if it could not. */
    private Map<String, Object> effective(Catalog catalog) {
        try {
            Settings s = Settings.of(device, null, host.environment());
            try (Session session = Session.open(catalog, s.session(catalog, java.nio.file.Path.of("")))) {
                return Json.map("backend", session.backend() + from(s.backend().from(), s.backend().value()),
                    "threads", session.device().threads() + from(s.threads().from(), "the backend decides"),
                    "cudaDevice", s.cudaDevice().value() + " (" + s.cudaDevice().from() + ")",
                    "device", session.device().description());
            }
        } catch (MochaException e) {
            return Json.map("problem", e.getMessage());
        }
    }

    private static String from(String from, String meaning) {
        return " (" + from + (from.equals("default") ? ": " + meaning : "") + ")";
    }

    private Map<String, Object> plugins(Catalog catalog) {
        List<String> broken = catalog.plugins().stream().filter(PluginState::broken).map(PluginState::toString).toList();
        String home = System.getProperty("mocha.home");
        return Json.map("folder", home == null ? "none" : java.nio.file.Path.of(home, "plugins").normalize().toString(),
            "loaded", catalog.plugins().stream().filter(p -> !p.broken()).count(), "broken", broken);
    }

    private void print(String title, Object part) {
        if (part instanceof Map<?, ?> map) {
            host.out().println(Character.toUpperCase(title.charAt(0)) + title.substring(1));
            map.forEach((key, value) -> {
                if (value instanceof List<?> list) {
                    host.out().printf("  %-22s %s%n", key, list.isEmpty() ? "none" : "");
                    list.forEach(item -> host.out().println("    " + item));
                } else {
                    host.out().printf("  %-22s %s%n", key, value == null ? "not set" : value);
                }
            });
        }
    }
}
