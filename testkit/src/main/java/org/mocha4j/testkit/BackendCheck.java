package org.mocha4j.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Assertions;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Plugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/**
 * All that a backend must fulfil, as JUnit tests: every core op in both types, its values, decomposition and gradients,
 * and that no memory is left over. For a test factory: {@code new BackendCheck(catalog, reference).tests(options)}.
 */
public final class BackendCheck {
    private final Catalog catalog;
    private final Reference reference;
    private final List<OpCase> cases;

    public BackendCheck(Catalog catalog, Reference reference) {
        this(catalog, reference, OpCases.all());
    }

    /** @param cases other ops, or fewer */
    public BackendCheck(Catalog catalog, Reference reference, List<OpCase> cases) {
        this.catalog = catalog;
        this.reference = reference;
        this.cases = List.copyOf(cases);
    }

    /** All tests of a backend of the class path, in one line of a test factory: every core op against the reference. */
    public static Stream<DynamicNode> everything(Class<? extends Plugin> plugin, String backend) {
        Installed installed = Installed.with(plugin);
        Reference reference = new Reference(installed.catalog, installed.trusted());
        return new BackendCheck(installed.catalog, reference).tests(SessionOptions.of(backend)).onClose(reference::close);
    }

    /** The tests of one backend with its options, one container per type and op. */
    public Stream<DynamicNode> tests(SessionOptions options) {
        List<DynamicNode> all = new ArrayList<>();
        for (DataType t : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            Session s = Session.open(catalog, options.type(t));
            OpCheck check = new OpCheck(s, reference);
            Map<String, List<DynamicNode>> byOp = new LinkedHashMap<>();
            cases.forEach(c -> byOp.computeIfAbsent(c.op().getClass().getSimpleName(), k -> new ArrayList<>())
                    .add(DynamicTest.dynamicTest(c.name(), () -> {
                        check.values(c);
                        check.decomposition(c);
                        check.gradient(c);
                    })));
            byOp.forEach((op, tests) -> all.add(DynamicContainer.dynamicContainer(name(options, t, op), tests)));
            all.add(DynamicTest.dynamicTest(name(options, t, "memory is freed"), () -> {
                s.close();
                Assertions.assertEquals(0, s.liveBytes(), "bytes in use after close");
            }));
        }
        return all.stream();
    }

    private static String name(SessionOptions o, DataType t, String what) {
        return o.backend() + " " + t.name().toLowerCase(java.util.Locale.ROOT) + " " + what;
    }
}
