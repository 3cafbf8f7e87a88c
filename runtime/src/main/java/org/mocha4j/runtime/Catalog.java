package org.mocha4j.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.runtime.internal.Suggestion;

/**
 * What the installed plug-ins offer. Immutable: a change of plug-ins makes another catalog, and nets keep theirs.
 *
 * <p>A plug-in that fails is listed with its cause and offers nothing. A name that two plug-ins offer is an error for
 * whoever uses that name; the rest of both stays usable.
 */
public final class Catalog {
    private static final int HEAD_BYTES = 8192;

    private final Map<Class<?>, Map<String, List<TypeEntry>>> types = new HashMap<>();
    private final Map<Class<?>, TypeEntry> byClass = new HashMap<>();
    private final Map<String, List<Offered<Backend>>> backends = new TreeMap<>();
    private final Map<String, List<Kernel<?>>> kernels = new HashMap<>();
    private final List<Format> formats = new ArrayList<>();
    private final List<PluginState> plugins = new ArrayList<>();

    private record Offered<T>(T thing, String origin) {
    }

    private Catalog() {
    }

    /** Asks each plug-in what it has. */
    public static Catalog of(List<LoadedPlugin> plugins) {
        Catalog catalog = new Catalog();
        plugins.forEach(catalog::add);
        return catalog;
    }

    private void add(LoadedPlugin loaded) {
        PluginInfo info = null;
        Throwable failure = loaded.failure();
        if (failure == null) {
            try {
                info = loaded.plugin().info();
                if (info == null) {
                    throw new ConfigurationException("info() returns null");
                }
                Registration r = new Registration(info, loaded.origin(), version(loaded, info));
                loaded.plugin().register(r);
                r.close();
                PluginState state = new PluginState(loaded.origin(), version(loaded, info), info, null, r.provides());
                take(r, state.toString());
                plugins.add(state);
                return;
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {                              // whatever foreign code throws, the others go on
                failure = e;
            }
        }
        plugins.add(new PluginState(loaded.origin(), version(loaded, info), info, failure, List.of()));
    }

    private static String version(LoadedPlugin loaded, PluginInfo info) {
        boolean own = !loaded.version().isEmpty() || info == null || info.version() == null;
        return own ? loaded.version() : info.version().equals("unknown") ? "" : info.version();
    }

    private void take(Registration r, String place) {
        r.types.forEach((role, entries) -> entries.forEach((name, entry) -> {
            List<TypeEntry> same = types.computeIfAbsent(role, k -> new TreeMap<>())
                    .computeIfAbsent(name, k -> new ArrayList<>());
            if (same.stream().noneMatch(e -> e.type() == entry.type())) {
                same.add(entry);
            }
            byClass.putIfAbsent(entry.type(), entry);
        }));
        r.backends.forEach(b -> backends.computeIfAbsent(b.name(), k -> new ArrayList<>())
                .add(new Offered<>(b, place)));
        r.kernels.forEach(k -> kernels.computeIfAbsent(k.backend(), n -> new ArrayList<>()).add(k.kernel()));
        formats.addAll(r.formats);
    }

    /**
     * The record that has a name under a role.
     *
     * @throws ConfigurationException if there is none or more than one, saying what is there and what is
     *                                broken
     */
    public <R> TypeEntry type(Class<R> role, String name) {
        Map<String, List<TypeEntry>> known = types.getOrDefault(role, Map.of());
        List<TypeEntry> found = known.get(name);
        if (found == null) {
            throw unknown(Registration.word(role), name, known.keySet());
        }
        if (found.size() > 1) {
            throw twice(Registration.word(role), name, found.stream().map(TypeEntry::place).toList());
        }
        return found.get(0);
    }

    /** The names under a role, sorted. */
    public List<String> names(Class<?> role) {
        return List.copyOf(types.getOrDefault(role, Map.of()).keySet());
    }

    /** Where a record comes from; empty for one that no plug-in registered. */
    public Optional<TypeEntry> origin(Class<?> type) {
        return Optional.ofNullable(byClass.get(type));
    }

    /**
     * The name of a record in files.
     *
     * @throws ConfigurationException if no plug-in registered it
     */
    public String nameOf(Class<?> type) {
        return origin(type).map(TypeEntry::name).orElseThrow(() -> new ConfigurationException(type.getName()
                + " is not in the catalog; expected: a record that an installed plug-in registers"));
    }

    /** All backends whose name is unambiguous, sorted by name. */
    public List<Backend> backends() {
        return backends.values().stream().filter(b -> b.size() == 1).map(b -> b.get(0).thing()).toList();
    }

    /** @throws ConfigurationException if there is none or more than one of that name */
    public Backend backend(String name) {
        List<Offered<Backend>> found = backends.get(name);
        if (found == null) {
            throw unknown("backend", name, backends.keySet());
        }
        if (found.size() > 1) {
            throw twice("backend", name, found.stream().map(Offered::origin).toList());
        }
        return found.get(0).thing();
    }

    /**
     * The backend of a name, which can be used here.
     *
     * @throws ConfigurationException if there is none, or more than one
     * @throws DeviceException        if it cannot be used, with what it says is missing
     */
    public Backend usable(String name) {
        Backend b = backend(name);
        Availability a = b.probe();
        if (!a.usable()) {
            throw new DeviceException("backend [" + b.name() + "] cannot be used: " + a.detail());
        }
        return b;
    }

    /** The kernels that plug-ins add to a backend, in the order of the plug-ins. */
    public List<Kernel<?>> kernels(String backend) {
        return List.copyOf(kernels.getOrDefault(backend, List.of()));
    }

    public List<Format> formats() {
        return List.copyOf(formats);
    }

    /**
     * The format of a file, by its content.
     *
     * @throws ConfigurationException if there is no such file
     * @throws DataException if it cannot be read or no format recognises it
     */
    public Format formatOf(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(file + (Files.exists(file) ? " is not a file" : " does not exist"));
        }
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
        return formats.stream().filter(f -> f.recognises(head)).findFirst().orElseThrow(() -> new DataException(file
                + " has no known format: it has " + (head.length == 0 ? "no content" : "the first bytes "
                + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(8, head.length))) + "; there are: "
                + list(formats.stream().map(Format::name).toList()) + broken()));
    }

    /** All plug-ins in the order they were handed over, broken ones too. */
    public List<PluginState> plugins() {
        return List.copyOf(plugins);
    }

    private ConfigurationException unknown(String what, String name, Collection<String> known) {
        String prefix = name.substring(0, Math.max(0, name.indexOf('.')));
        Optional<PluginState> culprit = prefix.isEmpty() ? Optional.empty() : plugins.stream()
                .filter(p -> p.broken() && p.info() != null && p.info().prefix().equals(prefix)).findFirst();
        if (culprit.isPresent()) {
            return new ConfigurationException("unknown " + what + " [" + name + "]: the plug-in with the prefix ["
                    + prefix + "] is broken: " + culprit.get(), culprit.get().failure());
        }
        if (!prefix.isEmpty() && plugins.stream().noneMatch(p -> !p.broken() && p.info().prefix().equals(prefix))) {
            return new ConfigurationException("unknown " + what + " [" + name + "]: no plug-in with the prefix ["
                    + prefix + "] is there; install the one that has it. Plug-ins: "
                    + list(plugins.stream().filter(p -> !p.broken()).map(PluginState::toString).toList()) + broken());
        }
        String meant = Suggestion.text(name, known);
        return new ConfigurationException("unknown " + what + " [" + name + "]" + meant
                + (meant.isEmpty() ? "; there are: " : " There are: ") + list(known) + broken());
    }

    private static ConfigurationException twice(String what, String name, List<String> origins) {
        return new ConfigurationException(what + " [" + name + "] is ambiguous: it is in "
                + String.join(" and in ", origins) + "; remove one of them");
    }

    private String broken() {
        List<String> broken = plugins.stream().filter(PluginState::broken).map(PluginState::toString).toList();
        return broken.isEmpty() ? "" : ". Broken plug-ins: " + String.join(", ", broken);
    }

    private static String list(Collection<String> names) {
        return names.isEmpty() ? "none" : names.stream().collect(Collectors.joining(", "));
    }

    /** The deepest cause in one line. */
    static String cause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getName() : root.getClass().getName() + ": " + message;
    }
}
