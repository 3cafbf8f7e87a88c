package org.mocha4j.suite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.odd.OddPlugin;
import org.mocha4j.testkit.BackendCheck;
import org.mocha4j.testkit.Reference;

/** Every core op on every backend in both types: values, decomposition, gradients. */
class OpsTest {
    private static Reference reference;

    @BeforeAll
    static void open() {
        reference = new Reference(Backends.catalog(), "reference");
    }

    @AfterAll
    static void close() {
        reference.close();
    }

    private static Stream<DynamicNode> tests(String backend, String options) {
        return Backends.backends().stream()
            .filter(s -> s.backend().equals(backend) && s.extra().toString().equals(options))
            .flatMap(s -> new BackendCheck(Backends.catalog(), reference).tests(s.options()));
    }

    @TestFactory
    Stream<DynamicNode> reference() {
        return tests("reference", "{}");
    }

    @TestFactory
    Stream<DynamicNode> cpu() {
        return tests("cpu", "{}");
    }

    @TestFactory
    Stream<DynamicNode> cpuWithoutVectors() {
        return tests("cpu", "{vector=off}");
    }

    @TestFactory
    Stream<DynamicNode> nativeCode() {
        requireNative();
        return tests("native", "{}");
    }

    @TestFactory
    Stream<DynamicNode> nativeCodeWithoutShortFilters() {
        requireNative();
        return tests("native", "{winograd=off}");
    }

    /** On a device, or with {@code -Dmocha.backends=cuda} on a simulated one. */
    @TestFactory
    Stream<DynamicNode> cuda() {
        assumeTrue(Backends.backends().stream().anyMatch(s -> s.backend().equals("cuda")),
                Backends.catalog().backend("cuda").probe().detail());
        return tests("cuda", "{}");
    }

    private static void requireNative() {
        Availability a = Backends.nativeLibrary();
        assumeTrue(a.usable(), a.detail());
    }

    /** As its author would say it. */
    @TestFactory
    Stream<DynamicNode> odd() {
        return BackendCheck.everything(OddPlugin.class, "odd");
    }
}
