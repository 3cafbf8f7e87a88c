package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.Plugin;
import org.mocha4j.cpu.CpuPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.testkit.BackendCheck;
import org.mocha4j.testkit.OpCase;
import org.mocha4j.testkit.OpCases;
import org.mocha4j.testkit.Reference;

/** The shared suite on the kernels of this backend, which run on the processor: without a device, with g++. */
class SimulatedSuiteTest {
    private static Catalog catalog() {
        return Catalog.of(Stream.<Plugin>of(new CpuPlugin(), new SimulatedPlugin())
                .map(p -> LoadedPlugin.of(p, p.getClass().getSimpleName(), "0")).toList());
    }

    /** The system property {@code mocha.ops} lists ops by name, for whoever works on a few of them. */
    @TestFactory
    Stream<DynamicNode> everyOp() {
        assumeTrue(SimulatedDriver.possible(), "no " + SimulatedDriver.COMPILER + ", so nothing is simulated");
        String ops = System.getProperty("mocha.ops", "");
        List<OpCase> cases = OpCases.all().stream()
                .filter(c -> ops.isEmpty() || List.of(ops.split(",")).contains(c.op().getClass().getSimpleName())).toList();
        Reference reference = new Reference(catalog(), "reference");
        return new BackendCheck(catalog(), reference, cases).tests(SessionOptions.of("cuda")).onClose(reference::close);
    }
}
