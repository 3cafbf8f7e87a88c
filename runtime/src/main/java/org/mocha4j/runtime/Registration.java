package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Format;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Role;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Kernel;

/** What one plug-in registers; taken over as a whole or, if it fails, not at all. */
final class Registration implements Registrar {
    /** Kernels for a backend, in the order of registration. */
    record Kernels(String backend, Kernel<?> kernel) {
    }

    final Map<Class<?>, Map<String, TypeEntry>> types = new LinkedHashMap<>();
    final List<Backend> backends = new ArrayList<>();
    final List<Kernels> kernels = new ArrayList<>();
    final List<Format> formats = new ArrayList<>();
    private final PluginInfo info;
    private final String origin;
    private final String version;
    private boolean closed;

    Registration(PluginInfo info, String origin, String version) {
        this.info = info;
        this.origin = origin;
        this.version = version;
    }

    @Override
    public void types(Class<?>... records) {
        open();
        for (Class<?> given : records) {
            if (!given.isRecord()) {
                throw new ConfigurationException(origin + " registers " + given.getName()
                        + ", which is no record; expected: a record that implements an interface marked @Role");
            }
            Class<? extends Record> type = given.asSubclass(Record.class);
            Set<Class<?>> roles = roles(type);
            if (roles.isEmpty()) {
                throw new ConfigurationException(origin + " registers " + type.getName()
                        + ", which has no role; expected: a record that implements an interface marked @Role");
            }
            roles.forEach(role -> add(role, type));
        }
    }

    private void add(Class<?> role, Class<? extends Record> type) {
        String name = info.prefix().isEmpty() ? type.getSimpleName() : info.prefix() + "." + type.getSimpleName();
        TypeEntry entry = new TypeEntry(role, name, type, origin, version);
        TypeEntry other = types.computeIfAbsent(role, r -> new LinkedHashMap<>()).putIfAbsent(name, entry);
        if (other != null && other.type() != type) {
            throw new ConfigurationException(origin + " registers two records as " + word(role) + " [" + name + "]: "
                    + other.type().getName() + " and " + type.getName() + "; rename one");
        }
    }

    @Override
    public void backend(Backend backend) {
        open();
        Objects.requireNonNull(backend.name(), "a backend's name");
        backends.add(backend);
    }

    @Override
    public void kernels(String backend, Kernel<?>... offered) {
        open();
        Objects.requireNonNull(backend, "a backend's name");
        for (Kernel<?> kernel : offered) {
            Objects.requireNonNull(kernel.op(), () -> kernel.getClass().getName() + ".op()");
            kernels.add(new Kernels(backend, kernel));
        }
    }

    @Override
    public void format(Format format) {
        open();
        Objects.requireNonNull(format.name(), "a format's name");
        formats.add(format);
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException(origin + " registers something after its register() is over");
        }
    }

    void close() {
        closed = true;
    }

    List<String> provides() {
        List<String> all = new ArrayList<>();
        types.forEach((role, entries) -> entries.keySet().forEach(name -> all.add(word(role) + " " + name)));
        backends.forEach(b -> all.add("backend " + b.name()));
        kernels.forEach(k -> all.add("kernel for " + k.backend() + ": " + k.kernel().op().getSimpleName()));
        formats.forEach(f -> all.add("format " + f.name()));
        return all;
    }

    /** The word for a role in messages. */
    static String word(Class<?> role) {
        Role mark = role.getAnnotation(Role.class);
        return mark == null ? role.getSimpleName() : mark.value();
    }

    private static Set<Class<?>> roles(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> i : type.getInterfaces()) {
            if (i.isAnnotationPresent(Role.class)) {
                found.add(i);
            }
            found.addAll(roles(i));
        }
        return found;
    }
}
