package org.mocha4j.suite;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
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

    private static Stream<DynamicNode> tests(int backend) {
        return new BackendCheck(Backends.catalog(), reference).tests(Backends.backends().get(backend).options());
    }

    @TestFactory
    Stream<DynamicNode> reference() {
        return tests(0);
    }

    @TestFactory
    Stream<DynamicNode> cpu() {
        return tests(1);
    }

    @TestFactory
    Stream<DynamicNode> cpuWithoutVectors() {
        return tests(2);
    }

    /** As its author would say it. */
    @TestFactory
    Stream<DynamicNode> odd() {
        return BackendCheck.everything(OddPlugin.class, "odd");
    }
}
