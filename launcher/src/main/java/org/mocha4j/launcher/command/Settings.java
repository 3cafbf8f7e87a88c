package org.mocha4j.launcher.command;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.config.Experiment;

/**
 * How to compute, and who said so: an option on the command line, else the net's file, else {@code MOCHA_*}, else the
 * older names of the guide, else the default.
 */
record Settings(Setting<String> backend, Setting<Integer> threads, Setting<Integer> cudaDevice, Setting<Long> seed,
                Setting<DataType> type, boolean deterministic, Map<String, String> device) {
    static final String CUDA = "cuda";
    private static final String DEFAULT = "default";
    private static final Set<String> OFF = Set.of("", "0", "false", "no", "off");

    /** A value and where it comes from. */
    record Setting<T>(T value, String from) { }

    /** @param experiment null without a file */
    static Settings of(DeviceArguments a, Experiment experiment, Map<String, String> environment) {
        boolean seeded = experiment != null && experiment.seed() != null;
        return new Settings(
            a.backend != null ? new Setting<>(a.backend, "--backend") : backend(environment),
            a.threads != null ? new Setting<>(a.threads, "--threads") : threads(environment),
            cudaDevice(environment),
            a.seed != null ? new Setting<>(a.seed, "--seed")
                : seeded ? new Setting<>(experiment.seed(), "the file") : new Setting<>(1L, DEFAULT),
            a.type != null ? new Setting<>(a.type, "--type")
                : experiment != null ? new Setting<>(experiment.type(), "the file")
                : new Setting<>(DataType.FLOAT32, DEFAULT),
            a.deterministic, device(a));
    }

    private static Map<String, String> device(DeviceArguments a) {
        if (a.tune == null) {
            return a.device;
        }
        if (a.device.containsKey("tune")) {
            throw new ConfigurationException("--tune and --device tune=" + a.device.get("tune")
                + " are the same option; give one of them");
        }
        Map<String, String> all = new LinkedHashMap<>(a.device);
        all.put("tune", a.tune);
        return all;
    }

    private static Setting<String> backend(Map<String, String> environment) {
        String name = environment.getOrDefault("MOCHA_BACKEND", "");
        if (!name.isBlank()) {
            return new Setting<>(name.strip(), "MOCHA_BACKEND");
        }
        if (on(environment, "MOCHA_USE_CUDA")) {
            return new Setting<>(CUDA, "MOCHA_USE_CUDA");
        }
        return on(environment, "MOCHA_USE_NATIVE_EXT") ? new Setting<>("native", "MOCHA_USE_NATIVE_EXT")
            : new Setting<>("auto", DEFAULT);
    }

    private static boolean on(Map<String, String> environment, String name) {
        return !OFF.contains(environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT));
    }

    private static Setting<Integer> threads(Map<String, String> environment) {
        for (String name : new String[] {"MOCHA_THREADS", "OMP_NUM_THREADS"}) {
            String text = environment.getOrDefault(name, "").strip();
            if (!text.isEmpty()) {
                // OpenMP takes one per level
                String first = name.startsWith("OMP") ? text.split(",", 2)[0].strip() : text;
                return new Setting<>(number(name, text, first, 1), name);
            }
        }
        return new Setting<>(0, DEFAULT);
    }

    private static Setting<Integer> cudaDevice(Map<String, String> environment) {
        String text = environment.getOrDefault("MOCHA_CUDA_DEVICE", "").strip();
        return text.isEmpty() ? new Setting<>(0, DEFAULT)
            : new Setting<>(number("MOCHA_CUDA_DEVICE", text, text, 0), "MOCHA_CUDA_DEVICE");
    }

    private static int number(String name, String text, String digits, int least) {
        if (!digits.matches("\\d{1,9}") || Integer.parseInt(digits) < least) {
            throw new ConfigurationException("the environment variable " + name + " is [" + text
                + "]; expected: a whole number of at least " + least);
        }
        return Integer.parseInt(digits);
    }

    /** @throws MochaException if there is no such backend or it cannot be used, saying who asked for it */
    SessionOptions session(Catalog catalog, Path base) {
        String name = chosen(catalog);
        Map<String, String> extra = new LinkedHashMap<>(device);
        if (CUDA.equals(name) && !cudaDevice.from().equals(DEFAULT)) {
            extra.putIfAbsent("device", cudaDevice.value().toString());
        }
        return new SessionOptions(backend.value(), new DeviceOptions(threads.value(), deterministic, extra), type.value(),
            seed.value(), base, true);
    }

    /** The name of the backend that will be used; null if none is usable. */
    String chosen(Catalog catalog) {
        if (!backend.value().equals("auto")) {
            try {
                return catalog.usable(backend.value()).name();
            } catch (ConfigurationException e) {
                throw new ConfigurationException(backend.from() + ": " + e.getMessage(), e);
            } catch (DeviceException e) {
                throw new DeviceException(backend.from() + ": " + e.getMessage(), e);
            }
        }
        return catalog.backends().stream().filter(b -> b.probe().usable())
            .max(Comparator.comparingInt(b -> b.probe().rank())).map(Backend::name).orElse(null);
    }
}
