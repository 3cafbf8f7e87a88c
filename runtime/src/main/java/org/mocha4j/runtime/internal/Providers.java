package org.mocha4j.runtime.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Plugin;
import org.mocha4j.runtime.LoadedPlugin;

/** Which plug-ins a jar or bundle provides, by its service file and its module descriptor; and how they are made. */
public final class Providers {
    /** Opens an entry of the jar; null if it has none of that name. */
    @FunctionalInterface
    public interface Entries {
        InputStream open(String name) throws IOException;
    }

    private Providers() { }

    /**
     * Class names in the order of declaration, without repetition.
     *
     * @throws IOException if an entry cannot be read or the descriptor is malformed
     */
    public static List<String> names(Entries entries) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (InputStream in = entries.open("META-INF/services/" + Plugin.class.getName())) {
            if (in != null) {
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines()
                    .map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty())
                    .forEach(names::add);
            }
        }
        try (InputStream in = entries.open("module-info.class")) {
            if (in != null) {
                ModuleDescriptor.read(in).provides().stream().filter(p -> p.service().equals(Plugin.class.getName()))
                    .forEach(p -> names.addAll(p.providers()));
            }
        } catch (InvalidModuleDescriptorException e) {
            throw new IOException("module-info.class: " + e.getMessage(), e);
        }
        return List.copyOf(names);
    }

    /**
     * Makes the named plug-in.
     *
     * @param version of the origin; null to ask the class
     */
    public static LoadedPlugin instantiate(ClassLoader loader, String className, String origin, String version) {
        try {
            Class<?> type;
            try {
                type = Class.forName(className, true, loader);
            } catch (ClassNotFoundException e) {
                return LoadedPlugin.failed(origin, version == null ? "" : version, new ConfigurationException(origin
                    + " declares the plug-in " + className + ", but has no such class"));
            }
            String known = version == null ? version(type) : version;
            if (!Plugin.class.isAssignableFrom(type)) {
                return LoadedPlugin.failed(origin, known, new ConfigurationException(className + " in " + origin
                    + " is not a " + Plugin.class.getName() + " of this runtime"
                    + "; implement it, and do not pack a copy of the API into the jar"));
            }
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return LoadedPlugin.of((Plugin) constructor.newInstance(), origin, known);
        } catch (InvocationTargetException e) {
            return LoadedPlugin.failed(origin, version == null ? "" : version, e.getCause());
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return LoadedPlugin.failed(origin, version == null ? "" : version, e);
        }
    }

    /** The module, or the file name of the jar. */
    public static String origin(Class<?> type) {
        if (type.getModule().isNamed()) {
            return type.getModule().getName();
        }
        var source = type.getProtectionDomain().getCodeSource();
        return source == null ? type.getName() : Path.of(URI.create(source.getLocation().toString()))
            .getFileName().toString();
    }

    /** Of the module or jar; empty if it does not say. */
    public static String version(Class<?> type) {
        String version = type.getModule().isNamed()
            ? type.getModule().getDescriptor().rawVersion().orElse("")
            : type.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }
}
