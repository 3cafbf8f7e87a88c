package org.mocha4j.testkit;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** The plug-ins and backends that a class under test sees. */
final class Installed {
    /** The backend whose plain loops define every op. */
    private static final String REFERENCE = "reference";
    static final List<DataType> TYPES = List.of(DataType.FLOAT32, DataType.FLOAT64);

    final Catalog catalog;

    private Installed(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What is on the class path or module path of a class. */
    static Installed with(Class<?> tested) {
        return new Installed(Catalog.of(PluginLoader.load(tested.getClassLoader() == null
                ? ClassLoader.getSystemClassLoader() : tested.getClassLoader())));
    }

    /** @throws IllegalStateException if there is none */
    List<String> backends() {
        List<String> usable = catalog.backends().stream().filter(b -> b.probe().usable()).map(b -> b.name()).toList();
        if (usable.isEmpty()) {
            throw new IllegalStateException("no backend can be used here; put one on the class path of the tests, such as"
                    + " mocha4j-cpu");
        }
        return usable;
    }

    /** The backend to compare with: the reference where it is there. */
    String trusted() {
        return backends().contains(REFERENCE) ? REFERENCE : backends().get(0);
    }

    Session open(String backend, DataType type, long seed) {
        return Session.open(catalog, SessionOptions.of(backend).type(type).seed(seed));
    }

    /** The backends that are there but cannot be used, each with the reason. */
    Stream<String> unusable() {
        return catalog.backends().stream().filter(b -> !b.probe().usable()).map(b -> b.name() + ": " + b.probe());
    }

    static String word(DataType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
